"""Where the files of evidence are kept: in the data folder, each under the hash of its content.

The same file attached twice is kept once, and what is kept never changes.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from django.conf import settings

from afterword.lib.errors import NotFound


def uploads_folder() -> Path:
    """The folder of everything that people attached."""
    folder: Path = settings.DATA_FOLDER / "uploads"
    return folder


def keep_file(data: bytes) -> str:
    """Keep these bytes on the disk; the digest (SHA-256) by which they are found. Never half of them."""
    digest = hashlib.sha256(data).hexdigest()
    path = _path(digest)
    if path.exists():
        return digest
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(prefix=".new-", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).replace(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
    return digest


def read_file(digest: str) -> bytes:
    """What was kept. Raises NotFound where the file is gone, as after a restore without uploads."""
    try:
        return _path(digest).read_bytes()
    except FileNotFoundError:
        raise NotFound("The file is not in the uploads folder of this install any more.") from None


def _path(digest: str) -> Path:
    assert len(digest) == 64, "a digest is 64 hexadecimal digits"
    return uploads_folder() / digest[:2] / digest
