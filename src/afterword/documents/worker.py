"""The process that makes PDFs: started by `pool.py` as a script of its own, never imported.

It reads one line of JSON on standard input for each document and answers with one line of JSON and the
PDF's bytes. It ends when its standard input closes, so it cannot outlive the process that started it,
however that one died. It knows nothing but `typst`, has no environment, and cannot write a file.
"""

import json
import os
import resource
import select
import signal
import sys
from pathlib import Path
from typing import Any


def main() -> None:
    packages, fonts, idle_seconds = sys.argv[1], json.loads(sys.argv[2]), float(sys.argv[3])
    sys.path.append(packages)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    # Ctrl-C in a terminal reaches the whole group; the parent decides when this process ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))

    import typst

    book = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=fonts)
    compiler = typst.Compiler(font_paths=book)
    answer(answers, {"ok": True, "families": sorted(set(book.families()))})
    while select.select([0], [], [], idle_seconds)[0]:
        line = sys.stdin.buffer.readline()
        if not line:
            return
        request = json.loads(line)
        bound(request["seconds"], request["memory_bytes"])
        try:
            pdf = compiler.compile(
                input=Path(request["root"]) / request["input"],
                root=request["root"],
                format="pdf",
                sys_inputs=request["inputs"],
                pdf_standards=request["standards"],
                timestamp=request["timestamp"],
            )
        except typst.TypstError as problem:
            answer(answers, {"ok": False, "error": problem.diagnostic[:4000]})
        except MemoryError:
            answer(answers, {"ok": False, "error": "out of memory"})
            return
        else:
            assert isinstance(pdf, bytes)
            answer(answers, {"ok": True}, pdf)


def bound(seconds: float, memory_bytes: int) -> None:
    """Limit what the next document may use: processor time on top of what is used, and address space."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    processors = os.cpu_count() or 1
    until = int(used.ru_utime + used.ru_stime + seconds * processors) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (until, resource.RLIM_INFINITY))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, resource.RLIM_INFINITY))


def answer(answers: Any, header: dict[str, Any], body: bytes = b"") -> None:
    header = {**header, "bytes": len(body), "resident_bytes": resident_bytes()}
    answers.write(json.dumps(header).encode() + b"\n" + body)
    answers.flush()


def resident_bytes() -> int:
    """The memory this process holds now where /proc says so, the most it ever held elsewhere."""
    try:
        pages = int(Path("/proc/self/statm").read_bytes().split()[1])
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return pages * resource.getpagesize()


if __name__ == "__main__":
    main()
