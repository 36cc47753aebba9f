"""The document as PDF: the tree becomes JSON, and a fixed Typst template reads it.

Nothing that a person wrote is ever Typst code. Typst runs in a process of its own (`pool.py`), in a
fresh folder that holds the template, the JSON and the pictures, and with limits on time and memory.
"""

import json
import logging
import math
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from afterword.documents import limits
from afterword.documents.errors import FontsMissing, PdfTookTooLong
from afterword.documents.glyphs import FONT_FOLDER, Drawable, font_files
from afterword.documents.pictures import Picture, inspect_picture
from afterword.documents.pool import POOL, Job, NotCompiled, Process, ProcessDied
from afterword.documents.printing import pictures_used, printable
from afterword.documents.tree import Document

_LOG = logging.getLogger(__name__)

TEMPLATES = Path(__file__).parent / "typst"
TEMPLATE = "document.typ"
TRIAL = "picture.typ"
DATA = "document.json"


def render_pdf(
    document: Document,
    *,
    font_folders: Sequence[Path] = (),
    timeout_seconds: float = limits.PDF_TIMEOUT_SECONDS,
    memory_bytes: int = limits.PDF_MEMORY_BYTES,
) -> bytes:
    """The document as a tagged A4 PDF; the same document and fonts give the same bytes.

    It is PDF/UA-1 wherever Typst agrees that it is, and a tagged PDF 1.7 otherwise. Pictures that are
    missing, broken or too large are a visible note. A character that no font has is shown as U+FFFD and
    listed at the end; `font_folders` adds fonts (TTF, OTF, TTC) to the ones that ship, for example for
    Chinese, Japanese and Korean.

    `timeout_seconds` is for everything, waiting for a free process included; `memory_bytes` is address
    space. Raises DocumentTooLarge, FontsMissing, PdfBusy, PdfTookTooLong or PdfFailed.
    """
    deadline = time.monotonic() + timeout_seconds
    assert document.generated_at.tzinfo is not None, "a document's time is aware"
    fonts = (FONT_FOLDER, *font_folders)
    if not font_files([FONT_FOLDER]):
        raise FontsMissing
    with tempfile.TemporaryDirectory(prefix="afterword-pdf-") as folder:
        root = Path(folder)
        for template in (TEMPLATE, TRIAL):
            (root / template).write_bytes((TEMPLATES / template).read_bytes())
        press = _Press(root, fonts, int(document.generated_at.timestamp()), deadline, memory_bytes)
        pictures = _usable_pictures(press, document)
        data = printable(document, pictures, Drawable(fonts))
        (root / DATA).write_text(json.dumps(data, ensure_ascii=False), "utf-8")
        try:
            return press.compile(TEMPLATE, standards=("ua-1",))
        except NotCompiled as refusal:
            # PDF/UA refuses what other PDFs may hold; better a tagged PDF than none.
            _LOG.warning("not PDF/UA: %s", refusal.diagnostic)
        try:
            return press.compile(TEMPLATE)
        except NotCompiled as refusal:
            _LOG.error("no PDF: %s", refusal.diagnostic)
            raise


@dataclass(frozen=True, slots=True)
class _Press:
    """What every compilation of one document has in common."""

    root: Path
    fonts: tuple[Path, ...]
    timestamp: int
    deadline: float
    memory_bytes: int

    def compile(
        self,
        template: str,
        *,
        standards: Sequence[str] = (),
        inputs: Mapping[str, str] | None = None,
        seconds: float = math.inf,
    ) -> bytes:
        """The template as PDF, within the deadline of the document and within `seconds` of its own."""
        deadline = min(self.deadline, time.monotonic() + seconds)
        job = Job(self.root, template, self.timestamp, standards, inputs or {}, self.memory_bytes)
        process: Process | None = None
        try:
            with POOL.process(self.fonts, deadline) as process:
                return process.compile(job, deadline)
        except ProcessDied:
            if process is None or process.renders == 1:
                raise
        # A warm process may have died of what it had kept of earlier documents: a fresh one decides.
        with POOL.process(self.fonts, deadline, fresh=True) as process:
            return process.compile(job, deadline)


def _usable_pictures(press: _Press, document: Document) -> dict[str, str]:
    """The file of each picture that Typst can draw on its own, by the name it has in the document.

    A header can be right and the rest broken, and a small SVG can ask for endless work: so each one is
    tried alone, and only it is left out when that fails.
    """
    files: dict[str, str] = {}
    for name in pictures_used(document)[: limits.IMAGES_MAX]:
        resource = document.images.get(name)
        picture = inspect_picture(resource.data) if resource else None
        if not isinstance(picture, Picture):
            continue
        file = f"picture-{len(files)}.{picture.kind}"
        (press.root / file).write_bytes(picture.data)
        try:
            press.compile(TRIAL, inputs={"picture": file}, seconds=limits.IMAGE_TRIAL_SECONDS)
        except (NotCompiled, ProcessDied):
            continue
        except PdfTookTooLong:
            if time.monotonic() >= press.deadline:
                raise
            continue
        files[name] = file
    return files
