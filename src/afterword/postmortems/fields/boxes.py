"""The custom fields on the page that is written: what is saved, and what somebody has in the boxes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from afterword.accounts.models import Person
from afterword.fields.kinds import FieldKind
from afterword.fields.reads import Value, people_to_choose
from afterword.lib.errors import InvalidInput
from afterword.postmortems.fields import reads, writes
from afterword.postmortems.fields.errors import ValuesChanged
from afterword.postmortems.fields.forms import PEOPLE_OFFERED_MAX, ValueForm
from afterword.postmortems.fields.models import PostmortemField
from afterword.postmortems.fields.reads import DocumentField
from afterword.postmortems.models import Postmortem, Section


@dataclass
class Box:
    """One field: as it is saved, and as somebody has it."""

    field: DocumentField
    form: ValueForm
    theirs: Value[PostmortemField] | None = None
    """What somebody else saved meanwhile."""
    remarks: Sequence[SafeString] = ()
    """What packages above say about the words in it."""

    @property
    def name(self) -> str:
        return self.field.value.definition.name

    @property
    def text(self) -> str:
        """What is in the box, of a field that people write in as they like."""
        return str(self.form["value"].value() or "")

    @property
    def error(self) -> str:
        return str(next(iter(self.form.errors.get("value", [])), ""))

    @property
    def wants_attention(self) -> bool:
        return bool(self.error) or self.theirs is not None

    def meet(self, theirs: Value[PostmortemField]) -> None:
        """Somebody else saved in between: keep what was typed, show theirs; the next save goes over it."""
        self.theirs = theirs
        self.form.start_again_from(theirs)


class Boxes:
    """All fields of one post-mortem, on one writer's page."""

    def __init__(self, actor: Person, postmortem: Postmortem, sections: Sequence[Section]) -> None:
        self._actor, self._postmortem, self._sections = actor, postmortem, sections
        self._people: list[Person] | None = None
        self.every = self._read()

    def take(self, data: Any) -> None:
        """Put what was sent into the boxes. A field that was not sent stays as it is."""
        for box in self.every:
            box.form = self._form(box.field, data)

    def of_section(self, section: Section) -> list[Box]:
        """Those that stand in a section, in the order in which its template names them."""
        place = {slug: place for place, slug in enumerate(section.field_names)}
        boxes = [box for box in self.every if box.field.section == section.pk]
        return sorted(boxes, key=lambda box: place.get(box.field.slug, 0))

    @property
    def unplaced(self) -> list[Box]:
        """Those that no section shows."""
        return [box for box in self.every if box.field.section is None]

    @property
    def conflicts(self) -> list[Box]:
        return [box for box in self.every if box.theirs is not None]

    @property
    def errors(self) -> list[Box]:
        return [box for box in self.every if box.error]

    def save(self, boxes: Iterable[Box]) -> list[str]:
        """Save what was edited in these, together; the names of what was saved.

        What is refused keeps what was typed, and says why; the others are saved all the same.
        """
        wanted = [box for box in boxes if box.form.is_valid() and box.form.was_edited]
        while wanted and not self._is_saved(wanted):
            wanted = [box for box in wanted if not box.wants_attention]
        if wanted:
            fresh = {box.field.slug: box for box in self._read()}
            for box in wanted:
                # A field that is archived is gone once it is empty.
                if box.field.slug in fresh:
                    self.every[self.every.index(box)] = fresh[box.field.slug]
                else:
                    self.every.remove(box)
        return [box.name for box in wanted]

    def _is_saved(self, boxes: Sequence[Box]) -> bool:
        try:
            writes.change_values(
                actor=self._actor,
                postmortem=self._postmortem,
                values={box.field.slug: box.form.wanted() for box in boxes},
                started_from={box.field.slug: box.form.cleaned_data["was"] for box in boxes},
            )
        except ValuesChanged as conflict:
            for box in boxes:
                if box.field.slug in conflict.values:
                    box.meet(conflict.values[box.field.slug])
            return False
        except InvalidInput as refusal:
            for box in boxes:
                if box.field.slug in refusal.fields:
                    box.form.add_error("value", refusal.fields[box.field.slug])
            if not any(box.error for box in boxes):
                raise
            return False
        return True

    def _read(self) -> list[Box]:
        fields = reads.fields_of(self._postmortem, self._sections).every
        return [Box(field, self._form(field, None)) for field in fields]

    def _form(self, field: DocumentField, data: Any) -> ValueForm:
        people: Sequence[Person] = ()
        if field.value.definition.kind == FieldKind.PERSON:
            if self._people is None:
                self._people = list(people_to_choose(self._actor)[:PEOPLE_OFFERED_MAX])
            people = self._people
        return ValueForm(data, field=field, people=people)
