"""The reference pages say what the program does."""

from __future__ import annotations

import json
import re
import tomllib
from typing import Any, Literal, get_args, get_origin

import pytest
import typer
from pydantic import SecretStr

from afterword.config.cli import app
from afterword.config.env import PREFIX, Env
from afterword.linter.command import make_parser
from tests.architecture.sources import ROOT

pytestmark = pytest.mark.pure

REFERENCE = ROOT / "docs/reference"


def _rows(page: str, title: str | None = None) -> dict[str, list[str]]:
    """The rows of a page's tables by their first cell, all of them or those below one title."""
    text = (REFERENCE / page).read_text(encoding="utf-8")
    if title is not None:
        text = re.split(r"^## ", text, flags=re.M)[_titles(text).index(title) + 1]
    rows = re.findall(r"^\| (.+) \|$", text, flags=re.M)
    return {cells[0].strip("`"): cells[1:] for cells in (row.split(" | ") for row in rows)}


def _titles(text: str) -> list[str]:
    return re.findall(r"^## (.+)$", text, flags=re.M)


def test_every_setting_is_listed_with_its_default_and_its_meaning():
    listed = _rows("settings.md")
    for name, field in Env.model_fields.items():
        default = field.default
        if isinstance(default, SecretStr):
            default = default.get_secret_value()
        if isinstance(default, bool):
            default = str(default).lower()
        shown = f"`{default}`" if str(default) else "empty"
        assert listed.get(f"{PREFIX}{name.upper()}") == [shown, field.description], name


def test_no_setting_is_listed_that_is_not_there():
    listed = {name for name in _rows("settings.md") if name.startswith(PREFIX)}
    assert listed == {PREFIX + name.upper() for name in Env.model_fields}


def test_a_setting_with_a_few_values_names_them():
    for name, field in Env.model_fields.items():
        if get_origin(field.annotation) is Literal:
            for value in get_args(field.annotation):
                assert f"`{value}`" in (field.description or ""), name


def _commands() -> dict[str, Any]:
    return dict(typer.main.get_command(app).commands)  # type: ignore[attr-defined]


def _listed_options(command: str) -> set[str]:
    return {
        option.split(" ")[0]
        for cell in _rows("command-line.md", f"`afterword {command}`")
        for option in cell.replace("`", "").split(", ")
        if option.startswith("--")
    }


def test_every_command_is_described_with_all_its_options():
    for name, command in _commands().items():
        if name == "lint":
            continue
        options = {
            option
            for parameter in command.params
            if parameter.param_type_name == "option" and not parameter.hidden
            for option in [*parameter.opts, *parameter.secondary_opts]
        }
        assert _listed_options(name) == options - {"--help", "-h"}, name


def test_the_language_check_which_reads_its_arguments_itself_is_described_with_all_its_options():
    actions = make_parser()._actions
    options = {option for action in actions for option in action.option_strings}
    assert _listed_options("lint") == options - {"--help", "-h"}
    assert all(action.help for action in actions)


def test_no_command_is_described_that_is_not_there():
    titles = _titles((REFERENCE / "command-line.md").read_text(encoding="utf-8"))
    described = {title.strip("`").removeprefix("afterword ") for title in titles if title.startswith("`")}
    assert described == set(_commands())


def test_every_command_and_option_has_help():
    for name, command in _commands().items():
        assert command.help, name
        for parameter in command.params:
            assert getattr(parameter, "help", None), (name, parameter.name)


def test_every_dependency_has_a_line_that_says_why():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked_for = [
        *project["project"]["dependencies"],
        *(name for extra in project["project"]["optional-dependencies"].values() for name in extra),
        *(name for group in project["dependency-groups"].values() for name in group),
    ]
    names = {re.match(r"[\w.-]+", requirement)[0] for requirement in asked_for}  # type: ignore[index]
    listed = {name for name in _rows("dependencies.md") if name != "package" and not set(name) <= {"-"}}
    of_the_front_end = set(_front_end_packages())
    assert names <= listed
    assert {name for name in listed if not name.startswith("@")} <= names | of_the_front_end
    for package in of_the_front_end:
        assert package in listed or f"{package.rpartition('/')[0]}/*" in listed


def _front_end_packages() -> list[str]:
    package = json.loads((ROOT / "frontend/package.json").read_text(encoding="utf-8"))
    return [*package["dependencies"], *package["devDependencies"]]
