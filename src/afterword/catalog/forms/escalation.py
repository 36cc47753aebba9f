"""The form of an escalation policy: levels, and whom each calls, added and taken away one at a time.

It works without script: the buttons send the whole form, and `Draft.after` says what it looks like then.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django import forms
from django.forms import BoundField

from afterword.accounts.models import Person, Team
from afterword.catalog.forms.fields import MinutesField
from afterword.catalog.forms.owned import name_field, text_field
from afterword.catalog.minutes import describe_minutes
from afterword.catalog.models import EscalationPolicy, OnCallSchedule
from afterword.catalog.writes.escalation import (
    DELAY_MINUTES_MAX,
    LEVELS_MAX,
    REPEATS_MAX,
    TARGETS_PER_LEVEL_MAX,
    Level,
)
from afterword.lib.errors import InvalidInput
from afterword.lib.forms import SEEN, EditForm

_NAME = re.compile(r"level-(\d{1,3})-(?:delay|(turns)|target-(\d{1,3}))")
_ACTION = re.compile(
    r"(add-level|remove-level|raise-level|add-target|remove-target)(?:-(\d{1,3}))?(?:-(\d{1,3}))?"
)


@dataclass(frozen=True)
class LevelDraft:
    """A level as it stands in the form: what was typed and chosen, right or wrong."""

    delay: str = ""
    targets: tuple[str, ...] = ("",)
    takes_turns: bool = False


@dataclass(frozen=True)
class Draft:
    """The levels as they stand in the form. `fresh` is the place, level and target, that was just added."""

    levels: tuple[LevelDraft, ...] = field(default=(LevelDraft(),))
    fresh: tuple[int, int] | None = None

    @classmethod
    def read(cls, data: Mapping[str, str]) -> Draft:
        """The levels that a form sent; more than there may be are left out."""
        delays: dict[int, str] = {}
        targets: dict[int, dict[int, str]] = {}
        turns: set[int] = set()
        for name, value in data.items():
            found = _NAME.fullmatch(name)
            if found is None:
                continue
            level, target = int(found[1]), found[3]
            if found[2] is not None:
                turns.add(level)
            elif target is None:
                delays[level] = value
            else:
                targets.setdefault(level, {})[int(target)] = value
        levels = [
            LevelDraft(
                delays.get(level, ""),
                tuple(value for _, value in sorted(targets.get(level, {0: ""}).items()))[
                    :TARGETS_PER_LEVEL_MAX
                ],
                level in turns,
            )
            for level in sorted({*delays, *targets})[:LEVELS_MAX]
        ]
        return cls(tuple(levels) or (LevelDraft(),))

    @classmethod
    def of(cls, policy: EscalationPolicy) -> Draft:
        """The levels of a policy as they are kept."""
        levels = [
            LevelDraft(
                describe_minutes(level.delay_minutes) if level.delay_minutes else "",
                tuple(_key(one.person or one.team or one.schedule) for one in level.targets.all()) or ("",),
                level.takes_turns,
            )
            for level in policy.levels.all()
        ]
        return cls(tuple(levels) or (LevelDraft(),))

    def after(self, action: str) -> Draft:
        """What the form looks like after one of its buttons; as before for a button that it does not have."""
        found = _ACTION.fullmatch(action)
        if found is None:
            return self
        levels, level, target = list(self.levels), int(found[2] or 0), int(found[3] or 0)
        if found[1] == "add-level":
            levels = [*levels, LevelDraft()][:LEVELS_MAX]
            return Draft(tuple(levels), fresh=(len(levels) - 1, 0))
        if level >= len(levels):
            return self
        if found[1] == "remove-level":
            del levels[level]
            return Draft(tuple(levels) or (LevelDraft(),))
        if found[1] == "raise-level":
            levels.insert(max(level - 1, 0), levels.pop(level))
            return Draft(tuple(levels))
        targets = list(levels[level].targets)
        fresh = None
        if found[1] == "add-target":
            targets = [*targets, ""][:TARGETS_PER_LEVEL_MAX]
            fresh = (level, len(targets) - 1)
        else:
            targets = [one for place, one in enumerate(targets) if place != target] or [""]
        levels[level] = replace(levels[level], targets=tuple(targets))
        return Draft(tuple(levels), fresh=fresh)

    def data(self) -> dict[str, str]:
        """The names and values of the form's fields."""
        data: dict[str, str] = {}
        for number, level in enumerate(self.levels):
            data[f"level-{number}-delay"] = level.delay
            if level.takes_turns:
                data[f"level-{number}-turns"] = "on"
            for place, target in enumerate(level.targets):
                data[f"level-{number}-target-{place}"] = target
        return data


@dataclass(frozen=True)
class LevelFields:
    """One level for the page to draw. Numbers are from 0, `name` is for people."""

    number: int
    delay: BoundField
    targets: list[BoundField]
    takes_turns: BoundField

    @property
    def name(self) -> str:
        return f"Level {self.number + 1}"


class EscalationForm(EditForm):
    """`levels()` gives the chosen ones, `level_fields()` the fields to draw."""

    name = name_field("Whose turn it is: Payments on call.")
    summary = text_field("When is it used?")
    repeats = forms.IntegerField(
        label="Begin again",
        min_value=0,
        max_value=REPEATS_MAX,
        required=False,
        help_text=f"How many times more after the last level, if nobody answers: 0 to {REPEATS_MAX}.",
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        draft: Draft,
        people: Sequence[Person],
        teams: Sequence[Team],
        schedules: Sequence[OnCallSchedule] = (),
        initial: Mapping[str, Any] | None = None,
        kept: Mapping[str, Any] | None = None,
        opened: str = "",
    ) -> None:
        """`kept`: the fields of the policy as it is now, in the form's names. `opened`: what `seen` said when
        its page was opened, for a form that one of its buttons has changed since."""
        typed = draft.data()
        super().__init__(
            None
            if data is None
            else {
                **{name: data.get(name, "") for name in self.base_fields},
                **({SEEN: data[SEEN]} if SEEN in data else {}),
                **typed,
            },
            initial={**(initial or {}), **typed},
        )
        self._is_kept_as, self._opened = dict(kept or {}), opened
        self._draft = draft
        self._people = {_key(person): person for person in people}
        self._teams = {_key(team): team for team in teams}
        self._schedules = {_key(one): one for one in schedules}
        for number, level in enumerate(draft.levels):
            self.fields[f"level-{number}-turns"] = forms.BooleanField(
                label="One at a time, in turn",
                required=False,
                help_text="Each incident calls the next of its people, instead of all of them.",
            )
            for name in (
                f"level-{number}-delay",
                *(f"level-{number}-target-{place}" for place in range(len(level.targets))),
            ):
                self.fields[name] = self._delay(name) if name.endswith("delay") else self._target(name)

    def level_fields(self) -> list[LevelFields]:
        return [
            LevelFields(
                number,
                self[f"level-{number}-delay"],
                [self[f"level-{number}-target-{place}"] for place in range(len(level.targets))],
                self[f"level-{number}-turns"],
            )
            for number, level in enumerate(self._draft.levels)
        ]

    @property
    def may_add_level(self) -> bool:
        return len(self._draft.levels) < LEVELS_MAX

    def levels(self) -> list[Level]:
        """What was chosen; a box that was left empty is nothing."""
        found = []
        for number, level in enumerate(self._draft.levels):
            chosen = [
                self.cleaned_data[f"level-{number}-target-{place}"] for place in range(len(level.targets))
            ]
            found.append(
                Level(
                    self.cleaned_data[f"level-{number}-delay"],
                    people=tuple(self._people[key] for key in chosen if key in self._people),
                    teams=tuple(self._teams[key] for key in chosen if key in self._teams),
                    schedules=tuple(self._schedules[key] for key in chosen if key in self._schedules),
                    takes_turns=self.cleaned_data[f"level-{number}-turns"],
                )
            )
        return found

    def _kept(self) -> dict[str, Any]:
        return self._is_kept_as

    def _version(self) -> str:
        return self._opened if self._opened and not self.is_bound else super()._version()

    def _replaces_anything(self) -> bool:
        typed = {name: self.data.get(name, "") for name in {*self._is_kept_as, *self.fields}}
        return any(str(self._is_kept_as.get(name, "")) != str(value) for name, value in typed.items())

    def at_its_fields(self, refusal: InvalidInput) -> InvalidInput:
        """The same refusal with the names that this form has for the write's fields."""
        names = {"levels": "level-0-target-0"}
        for number in range(len(self._draft.levels)):
            names[f"levels.{number}.delay_minutes"] = f"level-{number}-delay"
            names[f"levels.{number}.targets"] = f"level-{number}-target-0"
        return InvalidInput(fields={names.get(name, name): why for name, why in refusal.fields.items()})

    def clean_repeats(self) -> int:
        return self.cleaned_data["repeats"] or 0

    def _delay(self, name: str) -> MinutesField:
        number = int(name.split("-")[1])
        return MinutesField(
            label="Wait" if number else "Wait after the incident began",
            minutes_max=DELAY_MINUTES_MAX,
            empty=0,
            required=False,
            help_text="As in 5 min. Empty: call at once."
            if not number
            else "Since the level before, as in 15 min.",
        )

    def _target(self, name: str) -> forms.ChoiceField:
        _, number, _, place = name.split("-")
        target = forms.ChoiceField(
            label=f"Whom to call at level {int(number) + 1}, {int(place) + 1}",
            required=False,
            choices=[
                ("", "Choose a schedule, a person or a team"),
                *(
                    [("On call", [(key, f"On call: {one}") for key, one in self._schedules.items()])]
                    if self._schedules
                    else []
                ),
                ("People", [(key, _called(person)) for key, person in self._people.items()]),
                ("Teams", [(key, f"Everyone in {team}") for key, team in self._teams.items()]),
            ],
        )
        if self._draft.fresh == (int(number), int(place)):
            target.widget.attrs["autofocus"] = True
        return target


def _called(person: Person) -> str:
    return f"{person} ({person.email})" if person.is_active else f"{person} (deactivated)"


def _key(one: Person | Team | OnCallSchedule | None) -> str:
    if one is None:
        return ""
    kind = {Team: "team", OnCallSchedule: "schedule"}.get(type(one), "person")
    return f"{kind}:{one.unique_id}"
