"""Panels: where the record behind a live section is changed in the page that is written.

A package above registers its own in its AppConfig.ready(): `register_panel("follow-ups", FollowUpPanel())`.

What stands in a panel is part of the page's one form, so that nothing that is typed elsewhere gets lost by
its buttons: they are called `record`, and what they say is a deed. Names of inputs begin with the live
section's name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

from afterword.accounts.models import Person
from afterword.postmortems.models import Postmortem
from afterword.postmortems.templates import LIVE_NAMES


class Done(NamedTuple):
    """What a deed came to."""

    words: str = ""
    """What was done, as in “a follow-up added”; empty where nothing was changed."""
    refused: str = ""
    """Why something could not be done, whatever else was; what was sent then stands in the panel."""


class Panel(Protocol):
    """What can be changed of the record in one live section."""

    template: str

    def take(self, *, actor: Person, postmortem: Postmortem, data: Mapping[str, Any]) -> Any:
        """What was typed in the panel, as `show` takes it for its `state`; None where nothing was."""
        ...

    def change(
        self, *, actor: Person, postmortem: Postmortem, deed: str, data: Mapping[str, Any]
    ) -> tuple[Done, Any]:
        """Do what a button said; an empty deed saves what was typed into the panel, if anything was.

        Also gives what `show` takes as `state`. Raises NotFound for what the actor does not see here.
        """
        ...

    def show(self, *, actor: Person, postmortem: Postmortem, state: Any = None) -> dict[str, Any] | None:
        """What the template shows; None where the actor can change nothing here.

        `is_whole` says whether it shows all that the section draws, and so stands in its place.
        """
        ...


_panels: dict[str, Panel] = {}


def register_panel(name: str, panel: Panel) -> None:
    """Have the record behind the live section `name` changed by `panel`. The last one registered is it."""
    assert name in LIVE_NAMES, f"templates do not know a live section {name!r}"
    _panels[name] = panel


def panel_of(name: str) -> Panel | None:
    """The panel of a live section, if it has one."""
    return _panels.get(name)
