"""What was posted, as a tree: `when.0.path=x` stands under `when`, `0`, `path`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

FIELDS_MAX = 2_000
LEVELS_MAX = 30


class Posted:
    """One branch of what was posted: its own values, and the branches below it by their names."""

    def __init__(self) -> None:
        self.values: list[str] = []
        self.below: dict[str, Posted] = {}

    def text(self, name: str) -> str:
        """The value under this name, without blanks around it; empty when it is not there."""
        branch = self.below.get(name)
        return branch.values[-1].strip().replace("\r\n", "\n") if branch and branch.values else ""

    def texts(self, name: str) -> list[str]:
        branch = self.below.get(name)
        return [value.strip() for value in branch.values] if branch else []

    def branch(self, name: str) -> Posted:
        """What stands below this name; an empty one when there is nothing."""
        return self.below.get(name) or Posted()

    def numbered(self) -> Iterator[Posted]:
        """The branches whose names are numbers, in their order."""
        numbers = [int(name) for name in self.below if name.isascii() and name.isdigit() and len(name) < 6]
        for number in sorted(numbers):
            found = self.below.get(str(number))
            if found is not None:
                yield found


def read_posted(fields: Iterable[tuple[str, list[str]]]) -> Posted:
    """All fields of a form, by the dots in their names."""
    root = Posted()
    for count, (name, values) in enumerate(fields):
        steps = name.split(".")
        if count >= FIELDS_MAX or len(steps) > LEVELS_MAX:
            continue
        branch = root
        for step in steps:
            branch = branch.below.setdefault(step, Posted())
        branch.values = values
    return root
