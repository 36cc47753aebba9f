"""Everything that is read about words: settings, what may be known, findings and mutes."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from afterword.accounts.models import Membership, Person
from afterword.accounts.reads import visible_people
from afterword.fields.kinds import FieldKind
from afterword.incidents.facts.models import IncidentFieldItem
from afterword.incidents.models import Entry, Incident, RoleAssignment
from afterword.language import CATEGORIES, Category, Finding, Kind, Options, Severity
from afterword.lib.errors import NotFound
from afterword.postmortems import reads as postmortem_reads
from afterword.postmortems.fields.models import PostmortemFieldItem
from afterword.postmortems.models import SECTION_TEXT_BYTES_MAX, Postmortem, Section
from afterword.wording import checking, rules
from afterword.wording.models import Mute, WordingSettings

ROSTER_PEOPLE_MAX = 5_000
MUTES_READ_MAX = 1_000
TONES = {Severity.ERROR: "red", Severity.WARNING: "amber", Severity.INFO: "blue"}


# Settings ----------------------------------------------------------------------------------------------


def wording_settings() -> WordingSettings:
    """What the organisation asks of its words. For the program itself; only writes keep it."""
    return WordingSettings.objects.first() or WordingSettings(id=1)


def options_for(postmortem: Postmortem, settings: WordingSettings | None = None) -> Options:
    """What the check is told about a post-mortem: the same for each of its readers, so that all speak of the
    same findings. Its roster is of people whom each of them may know: see `people_around`."""
    return _options(
        settings or wording_settings(),
        people_around(postmortem),
        quantities_known=knows_quantities(postmortem),
    )


def options_of(actor: Person) -> Options:
    """What the check is told about a text of the actor's own: the people whom they may see."""
    people = visible_people(actor).order_by("pk").values_list("name", "email").distinct()
    return _options(wording_settings(), list(people[:ROSTER_PEOPLE_MAX]))


def people_around(postmortem: Postmortem) -> list[tuple[str, str]]:
    """Names and addresses of the members of its team, its author and owner, and who took part in its
    incidents: they stand in the document or work with everyone who reads it."""
    incidents = Incident.objects.filter(links__postmortem=postmortem).values("pk")
    entries = Entry.objects.filter(incident__in=incidents, person__isnull=False).order_by()
    around = (
        Q(pk__in=Membership.objects.filter(team=postmortem.team_id).values("person"))
        | Q(pk__in=[pk for pk in (postmortem.author_id, postmortem.owner_id) if pk])
        | Q(pk__in=entries.values("person"))
        | Q(pk__in=RoleAssignment.objects.filter(incident__in=incidents).order_by().values("person"))
    )
    people = Person.objects.filter(around).order_by("pk").values_list("name", "email")
    return list(people[:ROSTER_PEOPLE_MAX])


def knows_quantities(postmortem: Postmortem) -> bool:
    """Whether the record has a number: a custom field of the post-mortem or of its incidents."""
    numbers = PostmortemFieldItem.objects.filter(owner=postmortem, field__kind=FieldKind.NUMBER)
    if numbers.exists():
        return True
    incidents = Incident.objects.filter(links__postmortem=postmortem).values("pk")
    return IncidentFieldItem.objects.filter(owner__in=incidents, field__kind=FieldKind.NUMBER).exists()


def _options(
    settings: WordingSettings, people: Sequence[tuple[str, str]], *, quantities_known: bool = False
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
    """What is found in the text of one section, by where it starts."""

    section: Section
    remarks: list[Remark] = field(default_factory=list)

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
    """What people wrote in a post-mortem that was read before, checked section by section.

    What live sections draw from the record is nobody's prose, and is not looked at.
    """
    sections = postmortem_reads.sections_of(postmortem)
    texts = [(section, section.text) for section in sections]
    options = options_for(postmortem, settings)
    return _judge(postmortem, texts, options, {str(section.unique_id) for section in sections})


def findings_in(postmortem: Postmortem, texts: Sequence[tuple[Section, str]]) -> list[SectionFindings]:
    """What is found in texts as somebody has them in the boxes of these sections, saved or not."""
    known = postmortem_reads.sections_of(postmortem) if len(texts) == 1 else [one for one, _ in texts]
    options = options_for(postmortem)
    return _judge(postmortem, texts, options, {str(section.unique_id) for section in known}).sections


def _judge(
    postmortem: Postmortem, texts: Sequence[tuple[Section, str]], options: Options, known: set[str]
) -> DocumentFindings:
    found: list[tuple[int, Finding]] = []
    places: list[rules.Place] = []
    units: list[Mapping[int, int]] = []
    for index, (section, given) in enumerate(texts):
        text = rules.with_plain_lines(given)
        # What is too long to be saved is not looked at: checking a megabyte would hold a process for long.
        is_short = len(text) <= SECTION_TEXT_BYTES_MAX
        findings = checking.find(text, options) if is_short and text.strip() else []
        units.append(
            rules.in_units(text, (at for finding in findings for at in (finding.start, finding.end)))
        )
        for finding in findings:
            found.append((index, finding))
            places.append(rules.place_of(str(section.unique_id), text, finding))
    mutes = list(mutes_of(postmortem)[:MUTES_READ_MAX]) if found or len(texts) > 1 else []
    wanted = [
        rules.Place(str(mute.section), mute.category, mute.quote, mute.before, mute.after) for mute in mutes
    ]
    taken = rules.assign(wanted, places, known)
    muted = {place: mutes[index] for index, place in taken.items()}
    sections = [SectionFindings(section) for section, _ in texts]
    for number, (index, finding) in enumerate(found):
        at = units[index]
        sections[index].remarks.append(
            Remark(finding, places[number], at[finding.start], at[finding.end], muted.get(number))
        )
    return DocumentFindings(sections, [mute for index, mute in enumerate(mutes) if index not in taken])


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
