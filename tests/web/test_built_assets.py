"""Pages name their files through the manifest of the front-end build."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from afterword.web.assets import AssetMissingError, built_asset_url

pytestmark = pytest.mark.pure


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    path = tmp_path / "manifest.json"
    write_manifest(path, "assets/main-one.css")
    return path


def test_a_file_is_found_by_the_name_of_its_source(manifest: Path) -> None:
    assert built_asset_url("main.css", manifest=manifest) == "/static/built/assets/main-one.css"
    assert built_asset_url("styles/main.css", manifest=manifest) == "/static/built/assets/main-one.css"


def test_an_unknown_file_is_refused_by_its_name(manifest: Path) -> None:
    with pytest.raises(AssetMissingError, match=r"no file other\.css"):
        built_asset_url("other.css", manifest=manifest)


def test_a_front_end_that_is_not_built_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(AssetMissingError, match=r"run `python hatch_build\.py`"):
        built_asset_url("main.css", manifest=tmp_path / "manifest.json")


def test_the_manifest_is_read_once(manifest: Path) -> None:
    built_asset_url("main.css", manifest=manifest)
    before = manifest.stat()
    write_manifest(manifest, "assets/main-two.css")
    os.utime(manifest, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert built_asset_url("main.css", manifest=manifest).endswith("main-one.css")


def test_a_new_build_is_found_without_a_restart(manifest: Path) -> None:
    built_asset_url("main.css", manifest=manifest)
    before = manifest.stat()
    write_manifest(manifest, "assets/main-two.css")
    os.utime(manifest, ns=(before.st_atime_ns, before.st_mtime_ns + 1))
    assert built_asset_url("main.css", manifest=manifest).endswith("main-two.css")


def write_manifest(path: Path, file: str) -> None:
    path.write_text(json.dumps({"styles/main.css": {"file": file}}))
