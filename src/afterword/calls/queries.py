"""What may stand behind the `?` of a call to our own API: what it reads, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from typing import Any

from django.http import HttpRequest
from ninja.signature import ViewSignature

from afterword.lib.bodies import unknown_name
from afterword.lib.errors import InvalidInput

OWN = "/api/v1/"
VENDORS = ("/api/v1/postmortem_documents",)
"""What clients of other vendors may add, as to keep an answer out of caches, is theirs."""


def known_queries_only(view: Callable[..., Any]) -> Callable[..., Any]:
    """Refuses names that `view` does not read, with the nearest that it does.

    Otherwise `?stauts=open` would list everything, as if nothing had been asked. It is looked at when it is
    known who is calling, and before anything is done. A class of parameters that reads names of its own has
    the beginning of these as `OPEN_PREFIX`.
    """

    @wraps(view)
    def ask(request: HttpRequest, *args: Any, **values: Any) -> Any:
        if request.GET and request.path_info.startswith(OWN) and not request.path_info.startswith(VENDORS):
            _refuse_unknown(request, view)
        return view(request, *args, **values)

    return ask


def _refuse_unknown(request: HttpRequest, view: Callable[..., Any]) -> None:
    match = request.resolver_match
    names, prefixes = _read_by(view, tuple(match.kwargs) if match else ())
    unknown = [name for name in request.GET if name not in names and not name.startswith(prefixes)]
    if unknown:
        raise InvalidInput(fields={name: unknown_name(name, names, "parameter") for name in unknown})


@cache
def _read_by(view: Callable[..., Any], in_path: tuple[str, ...]) -> tuple[frozenset[str], tuple[str, ...]]:
    """The names that it reads, and how others begin. On the first use: for all it takes half a second."""
    signature = ViewSignature("".join(f"/{{{name}}}" for name in in_path), view)
    names = {
        name
        for params in signature.models
        if params.__ninja_param_source__ == "query"
        for name in params.__ninja_flatten_map__
    }
    kinds = [parameter.annotation for parameter in signature.signature.parameters.values()]
    prefixes = tuple(kind.OPEN_PREFIX for kind in kinds if hasattr(kind, "OPEN_PREFIX"))
    return frozenset(names), prefixes
