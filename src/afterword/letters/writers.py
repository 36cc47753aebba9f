"""Who writes the letters of a kind. A package registers its writers in its AppConfig.ready()."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from afterword.letters.models import Letter


@dataclass(frozen=True)
class Attachment:
    """A file that goes with a letter."""

    name: str
    content: str
    media_type: str


@dataclass(frozen=True)
class LetterText:
    """What a letter says. `template` is the path of its templates without `.txt` and `.html`."""

    subject: str
    template: str
    context: dict[str, object] = field(default_factory=dict)
    reply_to: str = ""
    attachment: Attachment | None = None


Writer = Callable[[Letter], LetterText | None]
"""Writes a letter as it is true now; None when nothing is left of it, or its reader may not see it."""

_writers: dict[str, Writer] = {}
_for_weekdays: set[str] = set()


def register_writer(kind: str, writer: Writer, *, for_weekdays: bool = False) -> None:
    """Have `writer` write the letters of this kind.

    One that is `for_weekdays` reaches nobody on a weekend of theirs, whatever held it up until then.
    """
    _writers[kind] = writer
    if for_weekdays:
        _for_weekdays.add(kind)


def is_for_weekdays(kind: str) -> bool:
    """Whether letters of this kind wait for the end of a weekend."""
    return kind in _for_weekdays


def write_letter(letter: Letter) -> LetterText | None:
    """The letter as it is true now; None when it is not needed any more, or nobody writes its kind."""
    writer = _writers.get(letter.kind)
    return writer(letter) if writer is not None and letter.person.is_active else None
