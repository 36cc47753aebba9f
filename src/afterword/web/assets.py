"""The files that the front-end build made, by the names of their sources."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.templatetags.static import static

MANIFEST = Path(__file__).resolve().parent / "static" / "built" / "manifest.json"


class AssetMissingError(RuntimeError):
    """The front end has not been built; run `python hatch_build.py` in the project."""


def built_asset_url(name: str, *, manifest: Path = MANIFEST) -> str:
    """The address of a built file: `main.ts` or `styles/main.css` as Vite's manifest lists them.

    The manifest is read again only when it has changed. Raises AssetMissingError for an unknown name.
    """
    try:
        changed_at = manifest.stat().st_mtime_ns
    except FileNotFoundError as error:
        raise AssetMissingError("The front end is not built: run `python hatch_build.py`.") from error
    entries = _read(manifest, changed_at)
    entry = entries.get(name) or entries.get(f"styles/{name}")
    if entry is None:
        raise AssetMissingError(f"The front end has no file {name}: run `python hatch_build.py`.")
    return static(f"built/{entry['file']}")


@lru_cache(maxsize=8)
def _read(manifest: Path, changed_at: int) -> dict[str, Any]:
    entries: dict[str, Any] = json.loads(manifest.read_bytes())
    return entries
