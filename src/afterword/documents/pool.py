"""A few warm processes that make PDFs, and their end."""

import atexit
import contextlib
import importlib.util
import json
import os
import selectors
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from afterword.documents import limits
from afterword.documents.errors import PdfBusy, PdfFailed, PdfTookTooLong

WORKER = Path(__file__).parent / "worker.py"
_READ_BYTES = 65_536
_HEADER_BYTES_MAX = 65_536


class NotCompiled(PdfFailed):
    """The PDF could not be made. The log says why."""

    def __init__(self, diagnostic: str) -> None:
        """`diagnostic` is what Typst says, for the log: it names files of this machine."""
        super().__init__()
        self.diagnostic = diagnostic


class ProcessDied(PdfFailed):
    """The PDF could not be made: it needed more memory or time than it may use."""

    status = 422


class PdfTooLarge(PdfFailed):
    """The file would be larger than a PDF may be."""

    status = 422


@dataclass(frozen=True, slots=True)
class Job:
    """One compilation: the folder that Typst may read, the file in it to begin with, and the limits."""

    root: Path
    input: str
    timestamp: int
    standards: Sequence[str] = ()
    inputs: Mapping[str, str] = field(default_factory=dict)
    memory_bytes: int = limits.PDF_MEMORY_BYTES


class Process:
    """One child process that makes one PDF after another. Not for two threads at once."""

    def __init__(self, fonts: Sequence[Path], deadline: float) -> None:
        self.fonts = tuple(fonts)
        self.renders = 0
        self.resident_bytes = 0
        folders = json.dumps([str(folder) for folder in fonts])
        arguments = [_packages_folder(), folders, str(limits.PDF_PROCESS_IDLE_SECONDS)]
        self.child = subprocess.Popen(
            [sys.executable, "-I", "-S", str(WORKER), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"LC_ALL": "C.UTF-8"},
            cwd="/",
        )
        try:
            self.families: list[str] = self._read_answer(deadline)[0]["families"]
        except ProcessDied as problem:
            # Before it had seen any document: this is the machine's fault.
            self.end()
            raise PdfFailed from problem
        except BaseException:
            self.end()
            raise

    def compile(self, job: Job, deadline: float) -> bytes:
        """The PDF. Raises NotCompiled, or PdfTookTooLong or ProcessDied, after which the process is over."""
        self.renders += 1
        request = {
            "root": str(job.root),
            "input": job.input,
            "timestamp": job.timestamp,
            "standards": list(job.standards),
            "inputs": dict(job.inputs),
            "seconds": max(0.0, deadline - time.monotonic()),
            "memory_bytes": job.memory_bytes,
        }
        assert self.child.stdin is not None
        try:
            self.child.stdin.write(json.dumps(request).encode() + b"\n")
            self.child.stdin.flush()
            header, pdf = self._read_answer(deadline)
        except OSError as problem:
            self.end()
            raise ProcessDied from problem
        except PdfFailed:
            self.end()
            raise
        self.resident_bytes = header["resident_bytes"]
        if not header["ok"]:
            raise NotCompiled(str(header["error"]))
        return pdf

    @property
    def usable(self) -> bool:
        return (
            self.child.poll() is None
            and self.renders < limits.PDF_PROCESS_RENDERS_MAX
            and self.resident_bytes < limits.PDF_PROCESS_RESIDENT_BYTES_MAX
        )

    def end(self) -> None:
        """Kill the process and collect it. Harmless when repeated."""
        self.child.kill()
        self.child.wait()
        self.let_go()

    def let_go(self) -> None:
        """Close our ends of the pipes, and nothing more."""
        for pipe in (self.child.stdin, self.child.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    def _read_answer(self, deadline: float) -> tuple[dict[str, Any], bytes]:
        received = bytearray()
        while b"\n" not in received:
            received += self._read_some(deadline)
            if len(received) > _HEADER_BYTES_MAX and b"\n" not in received:
                raise ProcessDied
        line, _, rest = bytes(received).partition(b"\n")
        header: dict[str, Any] = json.loads(line)
        size: int = header["bytes"]
        if size > limits.PDF_BYTES_MAX:
            raise PdfTooLarge(f"The PDF would be larger than {limits.PDF_BYTES_MAX // 1_048_576} MB.")
        body = bytearray(rest)
        while len(body) < size:
            body += self._read_some(deadline)
        return header, bytes(body)

    def _read_some(self, deadline: float) -> bytes:
        assert self.child.stdout is not None
        with selectors.DefaultSelector() as selector:
            selector.register(self.child.stdout, selectors.EVENT_READ)
            if not selector.select(max(0.0, deadline - time.monotonic())):
                raise PdfTookTooLong
        received = os.read(self.child.stdout.fileno(), _READ_BYTES)
        if not received:
            raise ProcessDied
        return received


class Pool:
    """At most `processes_max` processes at work; the ones that are free are kept warm."""

    def __init__(self, processes_max: int = limits.PDF_PROCESSES_MAX) -> None:
        self.processes_max = processes_max
        self._reset()

    def _reset(self) -> None:
        self._places = threading.BoundedSemaphore(self.processes_max)
        self._lock = threading.Lock()
        self._free: list[Process] = []

    @contextlib.contextmanager
    def process(self, fonts: Sequence[Path], deadline: float, *, fresh: bool = False) -> Iterator[Process]:
        """A process for one document, warm where one is free. Raises PdfBusy if none is by the deadline."""
        if not self._places.acquire(timeout=max(0.0, deadline - time.monotonic())):
            raise PdfBusy
        try:
            warm = None if fresh else self._take(tuple(fonts))
            process = warm or Process(fonts, deadline)
            try:
                yield process
            except NotCompiled:
                self._give_back(process)
                raise
            except BaseException:
                process.end()
                raise
            else:
                self._give_back(process)
        finally:
            self._places.release()

    def close(self) -> None:
        """End the processes that are free."""
        with self._lock:
            free, self._free = self._free, []
        for process in free:
            process.end()

    def forget(self) -> None:
        """After a fork: the processes are the parent's, so drop our copies of their pipes and begin anew."""
        free = self._free
        self._reset()
        for process in free:
            process.let_go()
            process.child.returncode = 0  # not ours to wait for

    def _take(self, fonts: tuple[Path, ...]) -> Process | None:
        """The process that was free last, with these fonts. The others leave when they are over."""
        with self._lock:
            over = [process for process in self._free if not process.usable or process.fonts != fonts]
            self._free = [process for process in self._free if process not in over]
            process = self._free.pop() if self._free else None
        for old in over:
            old.end()
        return process

    def _give_back(self, process: Process) -> None:
        with self._lock:
            kept = process.usable and len(self._free) < self.processes_max
            if kept:
                self._free.append(process)
        if not kept:
            process.end()


def _packages_folder() -> str:
    """The folder that `typst` is imported from. It is only found here: loading it would cost memory."""
    spec = importlib.util.find_spec("typst")
    assert spec is not None
    assert spec.origin is not None
    return str(Path(spec.origin).parent.parent)


POOL = Pool()
atexit.register(POOL.close)
os.register_at_fork(after_in_child=POOL.forget)
