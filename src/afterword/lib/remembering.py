"""What a page asks of the database again and again, asked once while it is drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

_memory: ContextVar[dict[Any, Any] | None] = ContextVar("memory", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """Within it, a function that is `remembered` answers the same question without asking again.

    For drawing a page, and never around a change: what is remembered is as it was.
    """
    if _memory.get() is not None:
        yield
        return
    token = _memory.set({})
    try:
        yield
    finally:
        _memory.reset(token)


def remembered(read: Callable[P, R]) -> Callable[P, R]:
    """Have a read remember its answers within `remembering`. Its arguments are hashable.

    A list is given out as a copy, whose members are the same objects; whoever changes those reads them
    anew. Outside, nothing is remembered.
    """

    @wraps(read)
    def ask(*args: P.args, **kwargs: P.kwargs) -> R:
        memory = _memory.get()
        if memory is None:
            return read(*args, **kwargs)
        key = (read, args, tuple(sorted(kwargs.items())))
        if key not in memory:
            memory[key] = read(*args, **kwargs)
        answer = memory[key]
        return answer.copy() if isinstance(answer, list | set | dict) else answer  # type: ignore[return-value]

    return ask
