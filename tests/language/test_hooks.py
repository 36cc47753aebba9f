"""What other people's repositories name: the hooks of pre-commit and the GitHub Action."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.architecture.sources import ROOT

pytestmark = pytest.mark.pure

SUFFIXES = {"markdown": (".md", ".markdown"), "plain-text": (".txt",)}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with texts and a source, committed with git."""
    folder = tmp_path / "repository"
    for name, text in {
        "docs/with blank.md": "The outage was due to human error.\n",
        "docs/fine.md": "The pod failed to start.\n",
        "notes.txt": "A disk was full.\n",
        "source.py": "# human error\n",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    git = ["git", "-C", str(folder), "-c", "user.name=Test", "-c", "user.email=test@example.com"]
    subprocess.run([*git, "init", "--quiet"], check=True)
    subprocess.run([*git, "add", "."], check=True)
    subprocess.run([*git, "commit", "--quiet", "--message", "Begin."], check=True)
    return folder


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """An environment in which the command `afterword` is this one, on PATH and where the Action puts it."""
    program = tmp_path / "runner/afterword/bin/afterword"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m afterword.config.entry "$@"\n')
    program.chmod(0o755)
    path = os.pathsep.join([str(program.parent), os.environ["PATH"]])
    runner = str(program.parent.parent.parent)
    return {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT / "src"), "RUNNER_TEMP": runner}


def _hooks() -> list[dict[str, Any]]:
    return list(yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text()))


@pytest.mark.parametrize("hook", _hooks(), ids=lambda hook: hook["id"])
def test_a_hook_checks_the_texts_of_a_commit(
    hook: dict[str, Any], repository: Path, environment: dict[str, str]
):
    # As pre-commit does: the entry, split as a shell would, and the names of the files of those types.
    assert hook["language"] in ("python", "system")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=repository, capture_output=True, text=True)
    suffixes = tuple(suffix for kind in hook["types_or"] for suffix in SUFFIXES[kind])
    names = [name for name in listed.stdout.split("\0") if name.endswith(suffixes)]
    assert names == ["docs/fine.md", "docs/with blank.md", "notes.txt"]

    def run(names: list[str]) -> subprocess.CompletedProcess[str]:
        command = [*shlex.split(hook["entry"]), *names]
        return subprocess.run(command, cwd=repository, env=environment, capture_output=True, text=True)

    failed = run(names)
    assert failed.returncode == 1
    assert failed.stdout.startswith("docs/with blank.md:1:")
    assert run(["docs/fine.md", "notes.txt"]).returncode == 0


def _action() -> dict[str, Any]:
    return dict(yaml.safe_load((ROOT / "action.yml").read_text()))


def _run_action(
    repository: Path, environment: dict[str, str], **given: str
) -> subprocess.CompletedProcess[str]:
    """Run the step that checks as a runner does: bash -e -o pipefail, the inputs put into its environment."""
    action = _action()
    inputs = {name: described["default"] for name, described in action["inputs"].items()} | given
    step = action["runs"]["steps"][-1]
    variables = {
        name: inputs[value.removeprefix("${{ inputs.").removesuffix(" }}")]
        for name, value in step["env"].items()
    }
    script = repository.parent / "step.sh"
    script.write_text(step["run"])
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
        cwd=repository,
        env=environment | variables,
        capture_output=True,
        text=True,
    )


def test_the_action_annotates_the_lines_and_fails(repository: Path, environment: dict[str, str]):
    answer = _run_action(repository, environment)
    assert answer.returncode == 1
    (line,) = answer.stdout.splitlines()
    assert line.startswith("::error file=docs/with blank.md,line=1,")
    fine = _run_action(repository, environment, files="docs/fine.md\nnotes.txt\n")
    assert (fine.returncode, fine.stdout, fine.stderr) == (0, "", "")


def test_the_action_passes_its_inputs_on(repository: Path, environment: dict[str, str]):
    (repository / "own.toml").write_text('[language.severity]\nhuman_error = "warning"\n')
    (repository / "names.txt").write_text("Ada\n")
    given = {
        "config": "own.toml",
        "roster": "names.txt",
        "language": "en",
        "kind": "blame",
        "sarif": "out.sarif",
    }
    answer = _run_action(repository, environment, **given, **{"fail-on": "error"})
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.startswith("::warning ")
    (run,) = json.loads((repository / "out.sarif").read_text())["runs"]
    assert [result["level"] for result in run["results"]] == ["warning"]


def test_every_input_of_the_action_is_used_and_described():
    action = _action()
    used = {
        value.removeprefix("${{ inputs.").removesuffix(" }}")
        for value in action["runs"]["steps"][-1]["env"].values()
    }
    assert used == set(action["inputs"])
    assert all(described["description"] for described in action["inputs"].values())
