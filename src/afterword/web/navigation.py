"""The way around: what stands in the navigation, and which of it the reader is in."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse


@dataclass(frozen=True)
class Place:
    """A name of a URL, and the key that leads there after `g`."""

    url_name: str
    text: str
    icon: str
    key: str


PLACES = (
    Place("home", "Home", "home", "h"),
    Place("incidents:list", "Incidents", "zap", "i"),
    Place("catalog:who_is_on_call", "On-call", "bell", "o"),
    Place("postmortems:list", "Post-mortems", "book", "p"),
    Place("followups:list", "Follow-ups", "tick-circle", "f"),
    Place("postmortems:search", "Search", "search", "q"),
    Place("settings", "Settings", "settings", "s"),
)


@dataclass(frozen=True)
class Link:
    """A place with its address; `is_current` when the page read now is inside it."""

    place: Place
    url: str
    is_current: bool


def links(path: str) -> list[Link]:
    """The places that this install has, with the one marked that holds the page at `path`."""
    return [Link(place, url, _holds(url, path)) for place, url in _known_places()]


def _known_places() -> list[tuple[Place, str]]:
    known = []
    for place in PLACES:
        try:
            known.append((place, reverse(place.url_name)))
        except NoReverseMatch:  # a later part of the product
            continue
    return known


def _holds(url: str, path: str) -> bool:
    if url == "/":
        return path == "/"
    return path == url or path.startswith(url.rstrip("/") + "/")
