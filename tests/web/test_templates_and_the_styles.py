"""Templates and styles know each other: a class that nothing styles is a typing error."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.pure

PROJECT = Path(__file__).parents[2]
PACKAGE = PROJECT / "src/afterword"
TEMPLATES = sorted(PACKAGE.rglob("templates/**/*.html"))
FRONTEND = PROJECT / "frontend"


@pytest.fixture(scope="module")
def styled() -> set[str]:
    styles = "\n".join(path.read_text() for path in FRONTEND.glob("styles/*.css"))
    return set(re.findall(r"\.(-?[a-zA-Z_][\w-]*)", styles))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_each_class_of_a_template_is_styled(template: Path, styled: set[str]) -> None:
    lists = re.findall(r'\bclass="([^"]*)"', template.read_text())
    used = {name for names in lists for name in re.sub(r"{%.*?%}|{{.*?}}", " ", names).split()}
    assert used - styled == set()


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_each_island_of_a_template_exists(template: Path) -> None:
    lists = re.findall(r'\bdata-island="([^"{]*)"', template.read_text())
    used = {name for names in lists for name in names.split()}
    assert {name for name in used if not (FRONTEND / "islands" / name / "index.ts").is_file()} == set()
