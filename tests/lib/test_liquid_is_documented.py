from __future__ import annotations

from pathlib import Path

import pytest

from afterword.lib.liquid import FILTER_NAMES
from afterword.postmortems.reads import SHIPPED
from afterword.postmortems.templates import LIVE_NAMES, PLACES
from afterword.postmortems.variables import example_variables

pytestmark = pytest.mark.pure

REFERENCE = (Path(__file__).parents[2] / "docs/reference/template-language.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [*FILTER_NAMES, *LIVE_NAMES, *PLACES, *SHIPPED])
def test_the_reference_names_it(name: str) -> None:
    assert f"`{name}`" in REFERENCE


def test_the_reference_names_every_variable() -> None:
    incident = example_variables()["incident"]
    assert isinstance(incident, dict)
    for name in incident:
        assert f"`{name}`" in REFERENCE
