"""Everything that is read about publications: by people of the organisation, and by anybody."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Sequence

from django.db.models import Exists, OuterRef, Q, QuerySet

from afterword.accounts.models import Person
from afterword.accounts.reads import visible_teams
from afterword.incidents.chat.models import ChatMessage
from afterword.incidents.models import Alert, Entry, Incident, RoleAssignment
from afterword.incidents.reads import family_of
from afterword.lib.errors import NotFound
from afterword.postmortems import reads as postmortem_reads
from afterword.postmortems.models import Postmortem, PostmortemIncident, Revision
from afterword.postmortems.publishing.errors import TooManyNames
from afterword.postmortems.publishing.models import Audience, Edition, Publication, PublicSite
from afterword.postmortems.review.models import Review, ReviewRequest

FEED_ENTRIES_MAX = 50
CHAT_NAMES_MAX = 5_000
"""Names of people in chats that the public edition of a post-mortem keeps out."""
ALERTS_READ_FOR_HOSTS_MAX = 50
HOST_DEPTH_MAX, HOST_ITEMS_MAX = 4, 100
HOST_KEYS = frozenset({"host", "hostname", "host_name", "instance", "machine", "node", "pod", "server"})
_BARE_HOST = re.compile(r"(?=[a-z-]*\d|[a-z0-9]*-)[a-z0-9](?:[a-z0-9-]{1,61}[a-z0-9])")
"""One label of RFC 1123 with a digit or a hyphen in it."""


def publications_of(postmortem: Postmortem) -> QuerySet[Publication]:
    """Every publication of a post-mortem that was read before, newest first, without the texts."""
    return (
        Publication.objects.filter(postmortem=postmortem)
        .select_related("revision", "published_by", "withdrawn_by", "postmortem__public_address")
        .defer("content", "pdf")
    )


def readable_publications(actor: Person) -> QuerySet[Publication]:
    """What stands published and is for the actor: their teams', the organisation's, everybody's.

    What is about a private incident is read by those who see the post-mortem, and by nobody else.
    """
    if not actor.is_active:
        return Publication.objects.none()
    mine = Q(audience=Audience.TEAM, postmortem__team__in=visible_teams(actor).values("pk"))
    everybodys = Q(audience__in=[Audience.ORGANISATION, Audience.PUBLIC])
    seen = postmortem_reads.visible_postmortems(actor).order_by().values("pk")
    return (
        _standing()
        .filter(mine | everybodys)
        .filter(~_is_private() | Q(postmortem__in=seen))
        .select_related("postmortem__team", "revision", "published_by")
        .defer("content", "pdf")
    )


def get_readable(actor: Person, unique_id: uuid.UUID) -> Publication:
    """One that the actor may read, with its texts; also one that was replaced, for who may see the
    post-mortem. Raises NotFound."""
    found = readable_publications(actor).defer(None).filter(unique_id=unique_id).first()
    if found is None:
        seen = postmortem_reads.visible_postmortems(actor).order_by().values("pk")
        found = (
            Publication.objects.filter(unique_id=unique_id, postmortem__in=seen)
            .select_related("postmortem__team", "revision", "published_by")
            .first()
        )
    if found is None:
        raise NotFound
    return found


def was_public(postmortem: Postmortem) -> bool:
    """Whether the public could ever read of it."""
    return Publication.objects.filter(postmortem=postmortem, audience=Audience.PUBLIC).exists()


def is_public(postmortem: Postmortem) -> bool:
    """Whether a public version of it stands."""
    return _standing().filter(postmortem=postmortem, audience=Audience.PUBLIC).exists()


def edition_of(postmortem: Postmortem) -> Edition | None:
    """The public edition in preparation, of a post-mortem that was read before."""
    return (
        Edition.objects.filter(postmortem=postmortem)
        .select_related("revision", "prepared_by", "approved_by", "postmortem__team")
        .first()
    )


def is_about_private_incident(postmortem: Postmortem) -> bool:
    """Whether an incident that it is about is seen by its members alone."""
    return PostmortemIncident.objects.filter(postmortem=postmortem, incident__is_private=True).exists()


def names_of_people() -> list[tuple[int, str, str]]:
    """Primary key, name and address of everybody, those who have left too. For the rules themselves."""
    return list(Person.objects.order_by("pk").values_list("pk", "name", "email"))


def chat_names_in(incidents: Sequence[Incident]) -> list[tuple[str, int | None]]:
    """What people are called who wrote in a chat of these incidents and of those that were merged into them,
    and the primary key of the member, if it is one; and whom they mentioned.

    Where there are more than `CHAT_NAMES_MAX` it is those of messages that a document shows: starred or
    marked, and not folded away. Raises TooManyNames where these are more as well.
    """
    every = [key for incident in incidents for key in family_of(incident)]
    said = ChatMessage.objects.filter(incident__in=every).order_by()
    shown = said.filter(
        Q(entry__starred_at__isnull=False) | ~Q(entry__mark=""), entry__hidden_at__isnull=True
    )
    for messages in (said, shown):
        names = _names_in(messages)
        if len(names) <= CHAT_NAMES_MAX:
            return names
    raise TooManyNames


def _names_in(messages: QuerySet[ChatMessage]) -> list[tuple[str, int | None]]:
    """One more than `CHAT_NAMES_MAX` at least where there are more."""
    authors = messages.values_list("author", "entry__person").distinct()[: CHAT_NAMES_MAX + 1]
    names: dict[tuple[str, int | None], None] = dict.fromkeys(authors)
    if len(names) > CHAT_NAMES_MAX:
        return list(names)
    telling = messages.exclude(mentioned=[]).values_list("mentioned", flat=True)
    for mentioned in telling.iterator(chunk_size=500):
        names.update(dict.fromkeys((str(name), None) for name in mentioned))
        if len(names) > CHAT_NAMES_MAX:
            break
    return sorted(names, key=lambda one: (one[0], one[1] or 0))


def roles_held_in(incidents: Sequence[Incident]) -> list[tuple[int, str]]:
    """Who had which role, the first that was given first."""
    held = RoleAssignment.objects.filter(incident__in=incidents).order_by("pk")
    return list(held.values_list("person", "role__name"))


def writers_in(incidents: Sequence[Incident]) -> list[int]:
    """The primary keys of those who did or wrote something."""
    wrote = Entry.objects.filter(incident__in=incidents, person__isnull=False)
    return list(wrote.order_by().values_list("person", flat=True).distinct())


def colleagues_around(postmortem: Postmortem, incidents: Sequence[Incident]) -> list[int]:
    """The primary keys of those whom a text may call by one name: who wrote or reviewed it, the teams."""
    teams = {postmortem.team_id, *(incident.service.team_id for incident in incidents)}
    about = Q(memberships__team__in=teams)
    about |= Q(pk__in=Revision.objects.filter(postmortem=postmortem).order_by().values("person"))
    about |= Q(pk__in=ReviewRequest.objects.filter(postmortem=postmortem).order_by().values("person"))
    about |= Q(pk__in=Review.objects.filter(postmortem=postmortem).order_by().values("person"))
    return list(Person.objects.filter(about).order_by().values_list("pk", flat=True).distinct())


def hosts_in(incidents: Sequence[Incident]) -> frozenset[str]:
    """Machines by the names without a dot that the first alerts of these incidents give them.

    Such as `db-1`: a name that is only a word, like `checkout`, would take that word out of the text.
    """
    alerts = Alert.objects.filter(incident__in=incidents).order_by("received_at", "pk")
    payloads = alerts.values_list("payload", flat=True)[:ALERTS_READ_FOR_HOSTS_MAX]
    named = {host for payload in payloads for host in _hosts_of(payload, HOST_DEPTH_MAX)}
    return frozenset(host for host in named if _BARE_HOST.fullmatch(host))


def _hosts_of(value: object, depth: int) -> Iterator[str]:
    if depth == 0:
        return
    if isinstance(value, dict):
        for key, inner in list(value.items())[:HOST_ITEMS_MAX]:
            if isinstance(inner, str) and key.lower() in HOST_KEYS:
                yield inner.strip().lower().partition(":")[0]
            else:
                yield from _hosts_of(inner, depth - 1)
    elif isinstance(value, list):
        for inner in value[:HOST_ITEMS_MAX]:
            yield from _hosts_of(inner, depth - 1)


# For anybody -------------------------------------------------------------------------------------------


def public_site() -> PublicSite | None:
    """The public pages as they are set up, when they are switched on."""
    return PublicSite.objects.filter(is_on=True).first()


def public_publications() -> QuerySet[Publication]:
    """What everybody may read, newest first; nothing while the public pages are switched off.

    What is about a private incident is there only where somebody decided so.
    """
    if public_site() is None:
        return Publication.objects.none()
    return (
        _standing()
        .filter(audience=Audience.PUBLIC)
        .filter(~_is_private() | Q(is_private_decided=True))
        .select_related("postmortem__public_address")
        .defer("content", "pdf")
    )


def get_public(slug: str) -> Publication:
    """The standing public edition at this address, with its texts. Raises NotFound."""
    found = public_publications().defer(None).filter(postmortem__public_address__slug=slug).first()
    if found is None:
        raise NotFound
    return found


def first_versions_of(publications: Sequence[Publication]) -> dict[int, Publication]:
    """By the primary key of the post-mortem, the first public version of each, without the texts.

    A feed knows a post-mortem by its unique id, whatever version is the newest.
    """
    firsts = Publication.objects.filter(
        postmortem__in=[one.postmortem_id for one in publications], audience=Audience.PUBLIC, number=1
    )
    return {one.postmortem_id: one for one in firsts.defer("content", "pdf")}


def versions_of(publication: Publication) -> list[Publication]:
    """The public versions of the same post-mortem up to this one, newest first, without the texts."""
    return list(
        Publication.objects.filter(
            postmortem=publication.postmortem_id,
            audience=Audience.PUBLIC,
            number__lte=publication.number,
            withdrawn_at__isnull=True,
        )
        .defer("content", "pdf")
        .order_by("-number")
    )


def site_settings() -> PublicSite:
    """The public pages as they are set up; as they would be at first where nobody has."""
    return PublicSite.objects.first() or PublicSite(pk=1)


def _standing() -> QuerySet[Publication]:
    return Publication.objects.filter(replaced_at__isnull=True, withdrawn_at__isnull=True)


def _is_private() -> Exists:
    private = PostmortemIncident.objects.filter(postmortem=OuterRef("postmortem"), incident__is_private=True)
    return Exists(private.order_by())
