"""The useful links of an incident."""

from __future__ import annotations

from django.db import transaction

from afterword.accounts.models import Person
from afterword.fields.kinds import usable_link
from afterword.incidents.facts.models import (
    LINK_TITLE_LENGTH_MAX,
    LINK_URL_LENGTH_MAX,
    LinkKind,
    UsefulLink,
)
from afterword.incidents.facts.reads import links_of
from afterword.incidents.facts.writes.telling import tell
from afterword.incidents.models import Incident
from afterword.incidents.reads import lock_incident
from afterword.lib.errors import InvalidInput, NotFound
from afterword.lib.text import one_line

LINKS_OF_INCIDENT_MAX = 50


@transaction.atomic
def add_link(
    *, actor: Person, incident: Incident, url: str, title: str = "", kind: str = LinkKind.OTHER
) -> UsefulLink:
    """Add a link as the last; without a title its address is the title. The same again is the one there is.

    Raises InvalidInput for what is not http or https, NotAllowed, NotFound.
    """
    wanted = _usable(kind, title, url)
    incident = lock_incident(actor, incident)
    links = list(links_of(incident))
    twin = next((link for link in links if all(getattr(link, k) == v for k, v in wanted.items())), None)
    if twin is not None:
        return twin
    if len(links) >= LINKS_OF_INCIDENT_MAX:
        raise InvalidInput(fields={"url": f"An incident has at most {LINKS_OF_INCIDENT_MAX} links."})
    position = max((link.position for link in links), default=0) + 1
    link = UsefulLink.objects.create(incident=incident, position=position, **wanted)
    _tell(actor, link, f"Added the {_noun(link)} “{link.title}”.", "added")
    return link


@transaction.atomic
def change_link(*, actor: Person, link: UsefulLink, url: str, title: str, kind: str) -> UsefulLink:
    """Have it lead elsewhere or be called otherwise. The same changes nothing. Raises as `add_link`."""
    wanted = _usable(kind, title, url)
    link = _lock(actor, link)
    changed = [name for name, value in wanted.items() if getattr(link, name) != value]
    if not changed:
        return link
    for name in changed:
        setattr(link, name, wanted[name])
    link.save(update_fields=changed)
    _tell(actor, link, f"Changed the {_noun(link)} “{link.title}”.", "changed")
    return link


@transaction.atomic
def move_link(*, actor: Person, link: UsefulLink, steps: int) -> None:
    """Some places down, or up. An order is no event: the timeline says nothing of it."""
    link = _lock(actor, link)
    rows = list(links_of(link.incident))
    place = next(at for at, row in enumerate(rows) if row.pk == link.pk)
    rows.insert(min(max(place + steps, 0), len(rows) - 1), rows.pop(place))
    moved = [row for position, row in enumerate(rows, start=1) if row.position != position]
    for position, row in enumerate(rows, start=1):
        row.position = position
    UsefulLink.objects.bulk_update(moved, ["position"])


@transaction.atomic
def remove_link(*, actor: Person, link: UsefulLink) -> None:
    """Take a link away; the timeline keeps that it was there. Raises NotAllowed, NotFound."""
    link = _lock(actor, link)
    _tell(actor, link, f"Removed the {_noun(link)} “{link.title}”.", "removed")
    link.delete()


def _usable(kind: str, title: str, url: str) -> dict[str, str]:
    if kind not in LinkKind.values:
        raise InvalidInput(fields={"kind": f"Please use one of: {', '.join(LinkKind.values)}."})
    url = usable_link(url, characters_max=LINK_URL_LENGTH_MAX)
    title = one_line("title", title, characters_max=LINK_TITLE_LENGTH_MAX, required=False)
    return {"kind": kind, "title": title or url[:LINK_TITLE_LENGTH_MAX], "url": url}


def _lock(actor: Person, link: UsefulLink) -> UsefulLink:
    incident = lock_incident(actor, link.incident)
    found = links_of(incident).filter(pk=link.pk).first()
    if found is None:
        raise NotFound
    found.incident = incident
    return found


def _noun(link: UsefulLink) -> str:
    return {LinkKind.TICKET: "ticket", LinkKind.CHAT: "chat channel", LinkKind.DASHBOARD: "dashboard"}.get(
        LinkKind(link.kind), "link"
    )


def _tell(actor: Person, link: UsefulLink, text: str, done: str) -> None:
    action = f"incident.link_{done}"
    tell(actor, link.incident, text, action, title=link.title, url=link.url, kind=str(link.kind))
