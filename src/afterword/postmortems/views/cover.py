"""The cover on the page that is written: title, owner and status text, each saved where it was changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from afterword.accounts.models import Person
from afterword.lib.errors import InvalidInput
from afterword.lib.forms import refusals_on
from afterword.postmortems import writes
from afterword.postmortems.errors import CoverChanged
from afterword.postmortems.forms import CoverForm
from afterword.postmortems.models import Postmortem

TITLE, OWNER, STATUS_TEXT = "title", "owner", "status_text"
BEFORE = "_before"
"""With which the names of the inputs end that say what the writer started from."""


class Cover:
    """As it is saved, and as somebody has it in the boxes."""

    def __init__(self, actor: Person, postmortem: Postmortem) -> None:
        self._actor, self.postmortem = actor, postmortem
        self.before = _saved(postmortem)
        """What the writer started from, by name; the owner by unique id."""
        self.typed = dict(self.before)
        self.theirs: dict[str, str] = {}
        """What somebody else saved meanwhile, in words, where the writer changed the same."""
        self.title_error = ""
        self.form = CoverForm(None, actor=actor, postmortem=postmortem)

    def take(self, data: Mapping[str, Any]) -> None:
        """Put what was sent into the boxes. What was not sent, or not changed, is as it is saved."""
        for name in self.before:
            typed, before = data.get(name), data.get(name + BEFORE)
            if typed is None or typed == before:
                continue
            self.typed[name] = typed
            # Without a word of what was there the writer is taken to have seen it.
            self.before[name] = self.before[name] if before is None else before
        self._draw()

    @property
    def title(self) -> str:
        return self.typed[TITLE]

    @property
    def edited(self) -> list[str]:
        """The names of what the writer changed."""
        return [name for name, typed in self.typed.items() if typed != self.before[name]]

    @property
    def conflicts(self) -> list[tuple[str, str, str]]:
        """Name and id of each box in which the writer's change met somebody else's, and what they saved."""
        boxes = {TITLE: ("Title", TITLE)} | {
            name: (str(self.form[name].label), self.form[name].id_for_label) for name in (OWNER, STATUS_TEXT)
        }
        return [(*boxes[name], words) for name, words in self.theirs.items()]

    @property
    def wants_attention(self) -> bool:
        """Whether something of it could not be saved."""
        return bool(self.theirs or self.title_error or self.form.errors)

    def save(self) -> list[str]:
        """Save what was changed; what was saved, in words. What is refused stays in its box."""
        edited = self.edited
        done = ["the title"] if TITLE in edited and self._is_title_saved() else []
        names = [name for name in (OWNER, STATUS_TEXT) if name in edited]
        return [*done, "the cover"] if names and self._is_rest_saved(names) else done

    def _is_title_saved(self) -> bool:
        try:
            self.postmortem = writes.change_title(
                actor=self._actor,
                postmortem=self.postmortem,
                title=self.title,
                started_from=self.before[TITLE],
            )
        except CoverChanged as conflict:
            self._meet(conflict)
        except InvalidInput as refusal:
            self.title_error = refusal.fields.get(TITLE, refusal.message)
        else:
            self._start_again([TITLE])
            return True
        return False

    def _is_rest_saved(self, names: Collection[str]) -> bool:
        if not self.form.is_valid():
            return False
        given = {name: value for name, value in self.form.chosen().items() if name in names}
        seen = {name: self.before[name] for name in names}
        with refusals_on(self.form):
            try:
                self.postmortem = writes.change_cover(
                    actor=self._actor, postmortem=self.postmortem, started_from=seen, **given
                )
            except CoverChanged as conflict:
                self._meet(conflict)
                left = [name for name in names if name not in conflict.names]
                return bool(left) and self._is_rest_saved(left)
        is_saved = self.form.is_valid()
        if is_saved:
            self._start_again(names)
        return is_saved

    def _meet(self, conflict: CoverChanged) -> None:
        """Keep what was typed and show theirs; the next save goes over it knowingly."""
        self.postmortem, saved = conflict.postmortem, _saved(conflict.postmortem)
        for name in conflict.names:
            owner = str(conflict.postmortem.shown_owner)
            self.theirs[name] = owner if name == OWNER else saved[name]
            self.before[name] = saved[name]
        self._draw()

    def _start_again(self, names: Collection[str]) -> None:
        saved = _saved(self.postmortem)
        for name in names:
            self.before[name] = self.typed[name] = saved[name]
        self._draw()

    def _draw(self) -> None:
        """The form with what is in the boxes. What nobody changed is not checked: it may stay."""
        self.form = CoverForm(self.typed, actor=self._actor, postmortem=self.postmortem)


def _saved(postmortem: Postmortem) -> dict[str, str]:
    return {
        TITLE: postmortem.title,
        OWNER: str(postmortem.shown_owner.unique_id),
        STATUS_TEXT: postmortem.status_text,
    }
