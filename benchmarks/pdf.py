"""How long a PDF takes: Afterword (Typst, warm) beside WeasyPrint on the same document, in one run.

    python -m benchmarks.pdf [--rounds N] [--weasyprint-python PATH]

The documents are a post-mortem of about six pages (prose, code, a drawing, a timeline of 120 rows,
follow-ups) and one of about twenty with the same in it several times. Every round has another title and
another first line, so that no renderer can answer from memory. WeasyPrint gets the HTML of the same tree,
with a plain style sheet and the fonts that ship with Afterword. It runs in this interpreter, or in the one
that --weasyprint-python names (a separate environment with `pip install weasyprint`), as one warm process,
its HTML prepared before the clock starts. Where it is in neither, its column is left out and a note says so.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "src"))

from afterword.documents import (
    Badge,
    Document,
    DocumentSection,
    ImageResource,
    Table,
    definitions,
    inlines,
    parse_markdown,
    render_document_html,
    render_pdf,
    table,
)
from afterword.documents.glyphs import FONT_FOLDER

DRAWING = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 120">'
    b'<rect width="400" height="120" fill="#f3f1ec"/>'
    b'<polyline points="0,100 60,90 120,95 180,20 240,30 300,80 400,100"'
    b' fill="none" stroke="#2a4cb0" stroke-width="3"/></svg>'
)
PROSE = """Round {round}. An **asynchronous event** caused an error that took one server down. The event was
*retried*, so another server worked on the same message before it crashed too, until none was left[^1].

### What failed

1. The worker unwrapped an error that held nothing.
2. The queue delivered the message again, see https://example.com/dashboards/queue?from=15:39&to=16:23.
   - to the next worker
   - and to the one after it

> We made every consumer recover from what it cannot handle.

```go
func (c *Consumer) Handle(ctx context.Context, e *Event) error {{
	if err := c.inner.Handle(ctx, e); err != nil {{
		return fmt.Errorf("handle: %w", errors.Unwrap(err))
	}}
	return nil
}}
```

![Errors per minute](attachment:errors.svg "Errors per minute")

- [x] Roll back
- [ ] Add a queue for messages that failed three times

| Metric | Before | During | Note |
|:--|--:|--:|---|
| p99 latency | 120 ms | 4,200 ms | The proxy held requests until its timeout and clients sent them again |
| Error rate | 0.02 % | 61 % | All regions |

[^1]: Only the application's own code was inside the recovery boundary.
"""
SHORT_PARTS, LONG_PARTS = 1, 5
MESSAGES = (
    ("Alert opened: more than 5 % of requests to checkout fail", "Monitoring"),
    ("Deploy of checkout 2026.11.18-3 finished in all regions", "Deploy bot"),
    ("Rolled back to the previous release, the error rate falls", "Demo Owner"),
    ("The queue still holds the message; the workers crash again", "Demo Responder"),
)
STYLES = """
@page {{ size: A4; margin: 25mm 24mm 24mm; @bottom-right {{ content: counter(page) " / " counter(pages) }} }}
@font-face {{ font-family: Serif; src: url({fonts}/SourceSerif4_400Regular.ttf) }}
@font-face {{ font-family: Serif; font-weight: 600; src: url({fonts}/SourceSerif4_600SemiBold.ttf) }}
@font-face {{ font-family: Sans; src: url({fonts}/Inter_400Regular.ttf) }}
@font-face {{ font-family: Mono; src: url({fonts}/JetBrainsMono_400Regular.ttf) }}
body {{ font: 10.4pt/1.5 Serif }} table {{ font: 8.6pt/1.4 Sans; border-collapse: collapse; width: 100% }}
td, th {{ border-bottom: 0.5pt solid #ccc; padding: 4pt; text-align: left }}
pre, code {{ font-family: Mono }}
img {{ max-width: 100% }}
"""
# Reads one JSON line {"html": ...} a round, answers the seconds and the bytes it took.
WEASYPRINT = """
import json, sys, time
import weasyprint
print(weasyprint.__version__, flush=True)
for line in sys.stdin:
    html = json.loads(line)["html"]
    begun = time.perf_counter()
    pdf = weasyprint.HTML(string=html).write_pdf(pdf_tags=True)
    print(json.dumps([time.perf_counter() - begun, len(pdf)]), flush=True)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--weasyprint-python", default=sys.executable, metavar="PATH")
    arguments = parser.parse_args()

    print(f"machine: {machine()}")
    begun = time.perf_counter()
    render_pdf(document(0, parts=1))
    print(f"first document of the process, cold: {(time.perf_counter() - begun) * 1000:.0f} ms")
    peer = Peer.start(arguments.weasyprint_python)
    if peer is None:
        print("weasyprint: not installed; --weasyprint-python names an interpreter that has it")
    for parts in (SHORT_PARTS, LONG_PARTS):
        compare(peer, parts, arguments.rounds)
    if peer is not None:
        peer.stop()


def compare(peer: "Peer | None", parts: int, rounds: int) -> None:
    """Both on the same document, warm."""
    first = render_pdf(document(0, parts))
    ours = measure(rounds, lambda number: timed(lambda: render_pdf(document(number, parts))))
    print(f"document: {pages(first)} pages, {len(first):,} bytes; median of {rounds} warm rounds")
    print(f"  afterword (typst {version('typst')}): {describe(ours)}")
    if peer is None:
        return
    peer.render(0, parts)
    theirs = measure(min(rounds, 5), lambda number: peer.render(number, parts))
    print(f"  weasyprint {peer.version}: {describe(theirs)}")
    print(f"  ratio: {statistics.median(theirs) / statistics.median(ours):.1f} times as fast")


def document(number: int, parts: int) -> Document:
    """The post-mortem of one round; `parts` is how often it has what a short one has once."""
    rows = [
        (f"15:{minute % 60:02}", f"+{minute} min", *MESSAGES[minute % len(MESSAGES)])
        for minute in range(120 * parts)
    ]
    follow_ups = Table(
        head=tuple(inlines(word) for word in ("Follow-up", "Owner", "Due", "Status")),
        rows=tuple(
            (inlines(title), inlines("Demo Owner"), inlines("2026-12-01"), (Badge("Open", "warning"),))
            for title in ("Cover every consumer", "Queue for failed messages", "Alert on restarts") * 3
        ),
    )
    return Document(
        title=f"Checkout was unavailable for 44 minutes, round {number}",
        subtitle="Incident #42",
        status="In review",
        status_tone="warning",
        facts=[("Severity", "Major"), ("Services", "Checkout, Cart"), ("Incident lead", "Demo Owner")],
        authors=["Demo Owner"],
        generated_at=datetime(2026, 11, 18, 16, 23, tzinfo=UTC),
        sections=[
            DocumentSection("Key information", [definitions([("Detected", "15:41"), ("Fixed", "16:23")])]),
            DocumentSection("Summary", parse_markdown(PROSE.format(round=number))),
            DocumentSection(
                "Timeline", [table(("Time", "Elapsed", "What happened", "Who"), rows, (0, 0, 1, 0))]
            ),
            *(
                DocumentSection(
                    f"Contributors {part}", parse_markdown(PROSE.format(round=f"{number}, {part}"))
                )
                for part in range(parts)
            ),
            DocumentSection("Follow-ups", [follow_ups]),
        ],
        images={"errors.svg": ImageResource(DRAWING)},
    )


def measure(rounds: int, render: Callable[[int], float]) -> list[float]:
    return [render(number) for number in range(1, rounds + 1)]


def timed(render: Callable[[], bytes]) -> float:
    begun = time.perf_counter()
    render()
    return time.perf_counter() - begun


class Peer:
    """WeasyPrint, warm, in a process of its own."""

    def __init__(self, process: "subprocess.Popen[str]", peer_version: str) -> None:
        self.process = process
        self.version = peer_version

    @classmethod
    def start(cls, python: str) -> "Peer | None":
        process = subprocess.Popen(
            [python, "-c", WEASYPRINT],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert process.stdout is not None
        peer_version = process.stdout.readline().strip()
        if peer_version:
            return cls(process, peer_version)
        process.wait()
        return None

    def render(self, number: int, parts: int) -> float:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        styles = STYLES.format(fonts=FONT_FOLDER.as_uri())
        html = f"<!doctype html><html lang=en><style>{styles}</style>"
        html += render_document_html(document(number, parts))
        self.process.stdin.write(json.dumps({"html": html}) + "\n")
        self.process.stdin.flush()
        seconds, _size = json.loads(self.process.stdout.readline())
        return float(seconds)

    def stop(self) -> None:
        self.process.communicate()


def describe(seconds: list[float]) -> str:
    middle, best, worst = statistics.median(seconds), min(seconds), max(seconds)
    return f"{middle * 1000:.1f} ms (fastest {best * 1000:.1f}, slowest {worst * 1000:.1f})"


def pages(pdf: bytes) -> int:
    try:
        from io import BytesIO

        from pypdf import PdfReader
    except ImportError:
        return 0
    return len(PdfReader(BytesIO(pdf)).pages)


def version(package: str) -> str:
    from importlib.metadata import version as installed

    return installed(package)


def machine() -> str:
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        lines = [line for line in cpuinfo.read_text().splitlines() if line.startswith("model name")]
        model = lines[0].split(":", 1)[1].strip() if lines else model
    system = f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
    return f"{os.cpu_count()} x {model}, {system}"


if __name__ == "__main__":
    main()
