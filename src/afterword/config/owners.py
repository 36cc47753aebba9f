"""The owner from the console: the first, with the organisation, or a further one."""

from __future__ import annotations

from django.conf import settings

from afterword.accounts import reads, writes
from afterword.accounts.models import OrganisationRole
from afterword.audit.writes import SystemActor
from afterword.config.refusals import CANNOT_AS_CONFIGURED, Refusal

CONSOLE = SystemActor("The console")


def is_set_up() -> bool:
    """Whether there is an organisation."""
    return reads.organisation() is not None


def create_owner(
    *, organisation: str, name: str, email: str, password: str, time_zone: str
) -> dict[str, str]:
    """Make an owner, and the organisation where there is none; who and where.

    Raises Refusal, InvalidInput.
    """
    existing = reads.organisation()
    if existing is None:
        person = writes.set_up_organisation(
            name=organisation, owner_name=name, email=email, password=password, time_zone=time_zone
        )
    elif organisation and organisation != existing.name:
        raise Refusal(
            f"This install belongs to {existing.name}: leave out --organisation to add an owner to it.",
            CANNOT_AS_CONFIGURED,
        )
    else:
        person = writes.create_person(
            actor=CONSOLE,
            email=email,
            name=name,
            password=password,
            role=OrganisationRole.OWNER,
            time_zone=time_zone,
        )
    found = reads.organisation()
    assert found is not None
    return {"organisation": found.name, "email": person.email, "url": str(settings.PUBLIC_URL)}
