"""What is read about files that were imported."""

from __future__ import annotations

from django.db.models import QuerySet

from afterword.accounts.models import OrganisationRole, Person, Team
from afterword.accounts.reads import require_write, writable_teams
from afterword.incidents.models import Incident
from afterword.incidents.reads import visible_incidents
from afterword.postmortems.importing.models import ImportedFile
from afterword.postmortems.models import Postmortem
from afterword.postmortems.reads import visible_postmortems


def importable_teams(actor: Person) -> QuerySet[Team]:
    """The teams into which the actor may import, by name."""
    return writable_teams(actor).distinct().order_by("name", "id")


def find_team(actor: Person, name: str) -> Team | None:
    """The team of this name, whatever the case, if the actor may write in it."""
    return writable_teams(actor).filter(name__iexact=name.replace("\0", "")).first()


def find_imported(actor: Person, team: Team, *, name: str, digest: str) -> ImportedFile | None:
    """What was imported into the team from a file of this name, else from one with these bytes.

    Raises NotFound, NotAllowed.
    """
    require_write(actor, team)
    files = ImportedFile.objects.filter(team=team).select_related("postmortem")
    return files.filter(source_name=name).first() or files.filter(digest=digest).first()


def imported_file_of(postmortem: Postmortem) -> ImportedFile | None:
    """The file that a post-mortem that was read before was made from, if any."""
    return ImportedFile.objects.select_related("imported_by").filter(postmortem=postmortem).first()


def sees(actor: Person, postmortem: Postmortem) -> bool:
    return visible_postmortems(actor).filter(pk=postmortem.pk).exists()


def incidents_numbered(actor: Person, numbers: list[int]) -> list[Incident]:
    """Those of the incidents with these numbers that the actor sees and may write about, in this order."""
    seen = visible_incidents(actor).filter(number__in=numbers, service__team__in=writable_teams(actor))
    found = {incident.number: incident for incident in seen}
    return [found[number] for number in numbers if number in found]


def first_owner() -> Person | None:
    """Who has owned the organisation for longest. For the console."""
    return Person.objects.filter(role=OrganisationRole.OWNER, is_active=True).order_by("pk").first()


def find_author(team: Team, address: str) -> Person | None:
    """Who has this address and may write in the team."""
    person = Person.objects.filter(email=address.strip().lower(), is_active=True).first()
    if person is None or not writable_teams(person).filter(pk=team.pk).exists():
        return None
    return person
