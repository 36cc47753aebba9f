"""The files of this project, as they lie on disk, without what is made from them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MADE = {"node_modules", "__pycache__", "built", "fonts", "data", "dist", "build"}
"""Folders that git ignores because something else makes them."""


def project_files(*suffixes: str, under: str = ".") -> Iterator[Path]:
    """Every file of the project below a folder, with one of the suffixes when some are given."""
    for folder, folders, names in os.walk(ROOT / under):
        folders[:] = [name for name in folders if name not in MADE and (name == ".ci" or name[0] != ".")]
        for name in names:
            path = Path(folder) / name
            if not suffixes or path.suffix in suffixes:
                yield path


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
