"""A person's own contact methods. Nobody reads another's."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from afterword.accounts.models import Person
from afterword.lib.errors import NotFound
from afterword.lib.zones import after_weekend, zone_names
from afterword.notify.contact.models import ContactKind, ContactMethod
from afterword.notify.paging.rules import after_quiet

EMAIL_LABEL = "Email"


def own_methods(actor: Person) -> QuerySet[ContactMethod]:
    """In the order of their use. Everyone has one by email; it is made here when it is not there yet."""
    ensure_email([actor])
    return ContactMethod.objects.filter(person=actor).select_related("person")


def get_own_method(actor: Person, unique_id: uuid.UUID) -> ContactMethod:
    """Raises NotFound for one that is not there or somebody else's."""
    found = own_methods(actor).filter(unique_id=unique_id).first()
    if found is None:
        raise NotFound
    return found


def usable_methods(people: Collection[Person]) -> dict[int, list[ContactMethod]]:
    """The verified methods of each person, in order, for paging. Asks for no rights."""
    ensure_email(people)
    found: dict[int, list[ContactMethod]] = {person.pk: [] for person in people}
    for method in ContactMethod.objects.filter(person__in=people, verified_at__isnull=False):
        found[method.person_id].append(method)
    return found


def mail_allowed_at(person: Person, at: datetime, *, on_weekends: bool = True) -> datetime:
    """`at`, or the end of the quiet hours that the person has chosen for mails, if it is in them; without
    `on_weekends` the first such moment that is on no weekend of theirs.

    For what is not urgent. Asks for no rights.
    """
    method = ContactMethod.objects.filter(person=person, kind=ContactKind.EMAIL).first()
    quiet = (method.quiet_from, method.quiet_until) if method is not None else (None, None)
    zone = ZoneInfo(person.time_zone if person.time_zone in zone_names() else "UTC")
    allowed = after_quiet(at, zone, *quiet)
    if not on_weekends:
        # What comes after the weekend may be quiet again, until later on the same day or on the next.
        while (later := after_quiet(after_weekend(allowed, zone), zone, *quiet)) != allowed:
            allowed = later
    return allowed


def ensure_email(people: Collection[Person]) -> None:
    """Give everyone their method by email: the address is the one that they sign in with."""
    have = set(
        ContactMethod.objects.filter(person__in=people, kind=ContactKind.EMAIL).values_list(
            "person", flat=True
        )
    )
    missing = [person for person in people if person.pk not in have]
    if missing:
        ContactMethod.objects.bulk_create(
            [
                ContactMethod(
                    person=person,
                    kind=ContactKind.EMAIL,
                    label=EMAIL_LABEL,
                    verified_at=person.created_at,
                )
                for person in missing
            ],
            ignore_conflicts=True,
        )
