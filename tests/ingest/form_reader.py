"""What a browser without script sends of a form: its fields with their values."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any


def read_fields(page: str, action: str = "") -> dict[str, Any]:
    """The fields of the form with that action, else of class `built`; those with several values as lists."""
    reader = _Reader(action)
    reader.feed(page)
    return {name: values[0] if len(values) == 1 else values for name, values in reader.fields.items()}


class _Reader(HTMLParser):
    def __init__(self, action: str) -> None:
        super().__init__()
        self._action = action
        self.fields: dict[str, list[str]] = {}
        self._in_form = False
        self._select: str | None = None
        self._options: list[tuple[str | None, bool]] = []
        self._textarea: str | None = None
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            action = given.get("action", "").partition("#")[0]
            self._in_form = action == self._action if self._action else given.get("class") == "built"
        if not self._in_form:
            return
        name = given.get("name", "")
        if tag == "input" and name and name != "csrfmiddlewaretoken":
            if given.get("type") not in ("checkbox", "radio"):
                self._add(name, given.get("value", ""))
            elif "checked" in given:
                self._add(name, given.get("value", "on"))
        elif tag == "select":
            self._select, self._options = name, []
        elif tag == "option" and self._select is not None:
            self._options.append((given.get("value"), "selected" in given))
            self._text = ""
        elif tag == "textarea":
            self._textarea, self._text = name, ""

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._in_form = False
        elif tag == "option" and self._options and self._options[-1][0] is None:
            # Without a value it is worth its text.
            self._options[-1] = (" ".join(self._text.split()), self._options[-1][1])
        elif tag == "select" and self._select:
            chosen = [value for value, selected in self._options if selected]
            if self._options:
                self._add(self._select, (chosen[0] if chosen else self._options[0][0]) or "")
            self._select = None
        elif tag == "textarea" and self._textarea:
            self._add(self._textarea, self._text.removeprefix("\n"))
            self._textarea = None

    def _add(self, name: str, value: str) -> None:
        self.fields.setdefault(name, []).append(value)
