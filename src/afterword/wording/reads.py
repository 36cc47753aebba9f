"""Everything that is read about words: settings, what may be known, findings and mutes."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Exists, Q, QuerySet

from afterword.accounts.models import Membership, Person, Team
from afterword.accounts.reads import visible_people, visible_teams
from afterword.catalog.models import Service, Tag
from afterword.fields.kinds import FieldKind
from afterword.incidents.chat.messages import is_like_a_persons
from afterword.incidents.chat.models import ChatMessage
from afterword.incidents.facts.models import IncidentFieldItem
from afterword.incidents.models import Entry, EntryKind, Incident, RoleAssignment
from afterword.language import CATEGORIES, Category, Finding, Kind, Options, Severity
from afterword.lib.errors import NotFound
from afterword.postmortems import reads as postmortem_reads
from afterword.postmortems.fields.models import PostmortemFieldItem
from afterword.postmortems.models import SECTION_TEXT_BYTES_MAX, Postmortem
from afterword.postmortems.prose import Prose, ProsePlace, prose_of
from afterword.wording import checking, rules
from afterword.wording.models import Mute, WordingSettings

ROSTER_PEOPLE_MAX = 5_000
"""Members."""
CHAT_AUTHORS_MAX = 2_000
"""Who wrote in the chat of an incident, beside the members."""
MUTES_READ_MAX = 1_000
HINTS_MAX = 20
NAMES_READ_MAX = 5_000
"""Of teams, services and tags together, for the abbreviations in them."""
NOTES_READ_MAX = 300
"""The last ones of an incident, for the numbers in them."""
TONES = {Severity.ERROR: "red", Severity.WARNING: "amber", Severity.INFO: "blue"}


# Settings ----------------------------------------------------------------------------------------------


def wording_settings() -> WordingSettings:
    """What the organisation asks of its words. For the program itself; only writes keep it."""
    return WordingSettings.objects.first() or WordingSettings(id=1)


def options_for(postmortem: Postmortem, settings: WordingSettings | None = None) -> Options:
    """What the check is told about a post-mortem: the same for each of its readers, so that all speak of the
    same findings. Its roster is of people whom each of them may know: see `people_around`."""
    names = names_around(teams_around(postmortem))
    return _options(
        settings or wording_settings(),
        people_around(postmortem, names),
        acronyms=rules.acronyms_in(names),
        quantities_known=knows_quantities(postmortem),
    )


def options_of(actor: Person) -> Options:
    """What the check is told about a text of the actor's own: the people whom they may see."""
    people = visible_people(actor).order_by("pk").values_list("name", "email").distinct()
    names = names_around(visible_teams(actor))
    return _options(wording_settings(), list(people[:ROSTER_PEOPLE_MAX]), acronyms=rules.acronyms_in(names))


def people_around(postmortem: Postmortem, things: Sequence[str] = ()) -> list[tuple[str, str]]:
    """Names and addresses of the members of its team, its author and owner, and who took part in its
    incidents: they stand in the document or work with everyone who reads it. And what people are called who
    wrote in its chat, members or not, unless all of it is hidden; those have no address. However many wrote,
    no member is left out. Whoever writes as one of the words of `things`, such as a service, is nobody."""
    ours = {word.casefold() for name in things for word in name.split()}
    incidents = Incident.objects.filter(links__postmortem=postmortem).values("pk")
    entries = Entry.objects.filter(incident__in=incidents, person__isnull=False).order_by()
    around = (
        Q(pk__in=Membership.objects.filter(team=postmortem.team_id).values("person"))
        | Q(pk__in=[pk for pk in (postmortem.author_id, postmortem.owner_id) if pk])
        | Q(pk__in=entries.values("person"))
        | Q(pk__in=RoleAssignment.objects.filter(incident__in=incidents).order_by().values("person"))
    )
    people = Person.objects.filter(around).order_by("name", "email").values_list("name", "email")
    in_chat = ChatMessage.objects.filter(incident__in=incidents, entry__hidden_at__isnull=True)
    wrote = in_chat.order_by("author").values_list("author", flat=True).distinct()
    return [
        *people[:ROSTER_PEOPLE_MAX],
        *((name, "") for name in wrote[:CHAT_AUTHORS_MAX] if is_like_a_persons(name, ours)),
    ]


def teams_around(postmortem: Postmortem) -> QuerySet[Team]:
    """The post-mortem's own team and those whose services its incidents are about."""
    of_incidents = Incident.objects.filter(links__postmortem=postmortem).order_by().values("service__team")
    return Team.objects.filter(Q(pk=postmortem.team_id) | Q(pk__in=of_incidents))


def names_around(teams: QuerySet[Team]) -> list[str]:
    """What these teams, their services and their tags are called. One query."""
    keys = teams.order_by().values("pk")
    names = (
        teams.order_by()
        .values_list("name")
        .union(
            Service.objects.filter(team__in=keys).order_by().values_list("name"),
            Tag.objects.filter(team__in=keys).order_by().values_list("name"),
        )
    )
    return [name for (name,) in names[:NAMES_READ_MAX]]


def knows_quantities(postmortem: Postmortem) -> bool:
    """Whether the record says how many of what: in a custom field that is a number, of the post-mortem or of
    its incidents, in a summary, or in one of the last notes."""
    numbers = PostmortemFieldItem.objects.filter(owner=postmortem, field__kind=FieldKind.NUMBER)
    incidents = Incident.objects.filter(links__postmortem=postmortem)
    keys = incidents.order_by().values("pk")
    of_incidents = IncidentFieldItem.objects.filter(owner__in=keys, field__kind=FieldKind.NUMBER)
    told = incidents.filter(summary__iregex=rules.QUANTITY_PATTERN)
    notes = Entry.objects.filter(incident__in=keys, kind=EntryKind.NOTE).order_by("-id").values("pk")
    noted = Entry.objects.filter(pk__in=notes[:NOTES_READ_MAX], text__iregex=rules.QUANTITY_PATTERN)
    says = Exists(numbers) | Exists(of_incidents) | Exists(told) | Exists(noted.order_by())
    return Postmortem.objects.filter(says, pk=postmortem.pk).exists()


def _options(
    settings: WordingSettings,
    people: Sequence[tuple[str, str]],
    *,
    acronyms: frozenset[str] = frozenset(),
    quantities_known: bool = False,
) -> Options:
    return Options(
        language=settings.language,
        kinds=frozenset(kind for kind in Kind if kind.value not in settings.kinds_off),
        roster=rules.roster_of(people, settings.names),
        flagged=dict(settings.flagged),
        allowed=frozenset(settings.allowed),
        severities={
            name: Severity(value) for name, value in settings.severities.items() if name in CATEGORIES
        },
        off=frozenset(name for name in settings.off if name in CATEGORIES),
        quantities_known=quantities_known,
        acronyms=acronyms | frozenset(settings.acronyms),
    )


# Findings ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Remark:
    """A finding in a section, and the reason why it may stand, if somebody gave one."""

    finding: Finding
    place: rules.Place
    start: int
    """Where the words begin in the text, as scripts count."""
    end: int
    mute: Mute | None
    before: str = ""
    """What is shown before the words, in whole words."""
    after: str = ""

    @property
    def category(self) -> Category:
        return CATEGORIES[self.finding.category]

    @property
    def key(self) -> str:
        """The id of its line on a page."""
        return f"{self.place.section[:8]}-{self.start}-{self.finding.category}"

    @property
    def tone(self) -> str:
        return TONES[self.finding.severity]


@dataclass(frozen=True)
class SectionFindings:
    """What is found in the text of one section, or in what else people write, by where it starts."""

    section: Prose
    remarks: list[Remark] = field(default_factory=list)

    @property
    def anchor(self) -> str:
        """Where it is on the page that is written: the id of an element."""
        if self.section.place == ProsePlace.SECTION:
            return f"section-{self.section.unique_id}"
        return self.section.input_id or f"wording-{self.section.unique_id}"

    @property
    def open(self) -> list[Remark]:
        """Those for which nobody gave a reason."""
        return [remark for remark in self.remarks if remark.mute is None]

    @property
    def muted(self) -> list[Remark]:
        return [remark for remark in self.remarks if remark.mute is not None]


@dataclass(frozen=True)
class DocumentFindings:
    """What is found in a whole post-mortem."""

    sections: list[SectionFindings]
    idle: list[Mute]
    """Mutes whose words do not stand there any more, or are no finding now."""

    @property
    def every(self) -> list[Remark]:
        return [remark for part in self.sections for remark in part.remarks]

    @property
    def open_blame(self) -> list[Remark]:
        """Findings of blame for which nobody gave a reason."""
        return [remark for remark in self.every if remark.mute is None and remark.finding.kind == Kind.BLAME]


def findings_of(postmortem: Postmortem, settings: WordingSettings | None = None) -> DocumentFindings:
    """What people wrote in a post-mortem that was read before: its title, sections, fields, summaries and
    follow-ups, each checked by itself.

    What else live sections draw from the record is nobody's prose, and is not looked at.
    """
    texts = prose_of(postmortem)
    options = options_for(postmortem, settings)
    return _judge(postmortem, texts, [_find(one, options) for one in texts])


@dataclass(frozen=True)
class Hint:
    """A finding in what somebody is about to say, for themselves alone."""

    finding: Finding
    start: int
    """Where the words begin in the text, as scripts count."""
    end: int

    @property
    def category(self) -> Category:
        return CATEGORIES[self.finding.category]


def hints_in(actor: Person, text: str, *, is_action: bool = False) -> list[Hint]:
    """What a comment, a note or an action says of people: blame and heat, and of an action whether it has an
    end; at most `HINTS_MAX`. What else is unclear in the middle of an incident is nobody's worry yet."""
    asked = {"heat", "vague_action"} if is_action else {"heat"}
    unasked = {name for name, one in CATEGORIES.items() if one.kind == Kind.CLARITY} - asked
    options = options_of(actor)
    options = options._replace(off=options.off | unasked)
    text = rules.with_plain_lines(text)
    found = checking.find_action(text, options) if is_action else checking.find(text, options)
    found = found[:HINTS_MAX]
    at = rules.in_units(text, (place for one in found for place in (one.start, one.end)))
    return [Hint(one, at[one.start], at[one.end]) for one in found]


def findings_in(postmortem: Postmortem, texts: Sequence[Prose]) -> list[SectionFindings]:
    """What is found in texts as somebody has them in their boxes, saved or not."""
    options = options_for(postmortem)
    return with_reasons(postmortem, texts, [_find(one, options) for one in texts])


def find_ahead(postmortem: Postmortem, prose: Prose) -> list[Finding]:
    """What the check says of a text of the post-mortem, for `with_reasons`: the part that takes long."""
    return _find(prose, options_for(postmortem))


def with_reasons(
    postmortem: Postmortem, texts: Sequence[Prose], found: Sequence[Sequence[Finding]]
) -> list[SectionFindings]:
    """What was found in each of these texts, with the reasons that stand now."""
    return _judge(postmortem, texts, found).sections


def _judge(
    postmortem: Postmortem, texts: Sequence[Prose], found_in: Sequence[Sequence[Finding]]
) -> DocumentFindings:
    found: list[tuple[int, Finding]] = []
    places: list[rules.Place] = []
    units: list[Mapping[int, int]] = []
    around: list[tuple[str, str]] = []
    for index, prose in enumerate(texts):
        text = rules.with_plain_lines(prose.text)
        findings = found_in[index]
        units.append(
            rules.in_units(text, (at for finding in findings for at in (finding.start, finding.end)))
        )
        for finding in findings:
            found.append((index, finding))
            places.append(rules.place_of(str(prose.unique_id), text, finding))
            around.append(rules.surroundings(text, finding))
    mutes = list(mutes_of(postmortem)[:MUTES_READ_MAX]) if found or len(texts) > 1 else []
    wanted = [
        rules.Place(str(mute.section), mute.category, mute.quote, mute.before, mute.after) for mute in mutes
    ]
    taken = rules.assign(wanted, places, _places_known(postmortem, texts, mutes) if mutes else ())
    muted = {place: mutes[index] for index, place in taken.items()}
    sections = [SectionFindings(prose) for prose in texts]
    for number, (index, finding) in enumerate(found):
        at = units[index]
        sections[index].remarks.append(
            Remark(
                finding,
                places[number],
                at[finding.start],
                at[finding.end],
                muted.get(number),
                *around[number],
            )
        )
    return DocumentFindings(sections, [mute for index, mute in enumerate(mutes) if index not in taken])


def _places_known(postmortem: Postmortem, texts: Sequence[Prose], mutes: Sequence[Mute]) -> set[str]:
    """Places where the words of a mute stand or stood: from other ones they may have wandered here."""
    known = {str(one.unique_id) for one in texts}
    if not any(one.place == ProsePlace.TITLE for one in texts):
        # These are not all of the document.
        known |= {str(section.unique_id) for section in postmortem_reads.sections_of(postmortem)}
    # Only the words of a section wander with it: a title, a field or a follow-up is where it is.
    return known | {str(mute.section) for mute in mutes if mute.place != ProsePlace.SECTION}


def _find(prose: Prose, options: Options) -> list[Finding]:
    text = rules.with_plain_lines(prose.text)
    # What is too long to be saved is not looked at: checking a megabyte would hold a process for long.
    if len(text) > SECTION_TEXT_BYTES_MAX or not text.strip():
        return []
    found = checking.find_action(text, options) if prose.is_action else checking.find(text, options)
    # A line by itself has no room to explain a word.
    return [one for one in found if not prose.is_short or one.category != "jargon"]


# Mutes -------------------------------------------------------------------------------------------------


def mutes_of(postmortem: Postmortem) -> QuerySet[Mute]:
    """The mutes that stand, of a post-mortem that was read before, oldest first, with who gave them."""
    standing = Mute.objects.filter(postmortem=postmortem, taken_back_at__isnull=True)
    return standing.select_related("made_by").order_by("made_at", "id")


def get_mute(postmortem: Postmortem, unique_id: uuid.UUID) -> Mute:
    """Raises NotFound for one of another post-mortem, and for one that was taken back."""
    mute = mutes_of(postmortem).filter(unique_id=unique_id).first()
    if mute is None:
        raise NotFound
    return mute
