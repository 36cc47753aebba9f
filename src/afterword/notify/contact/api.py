"""`/api/v1/contact-methods`: how the key's person is paged. Addresses are never given back."""

from __future__ import annotations

import uuid
from datetime import datetime, time
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from afterword.accounts.keys import caller_of
from afterword.lib.bodies import Body
from afterword.lib.cursors import LIMIT_DEFAULT, CursorParameter, LimitParameter, Listing, paginate
from afterword.notify.contact import reads, writes
from afterword.notify.contact.models import ContactMethod

router = Router(tags=["Contact methods"])
ONE = "/contact-methods/{uuid:unique_id}"


class ContactMethodIn(Body):
    kind: Literal["apprise", "webhook"]
    address: str = Field(description="An Apprise URL, or an address that begins with https://.")
    label: str = ""


class ContactMethodChangeIn(Body):
    """What is left out stays as it is; null takes quiet hours away."""

    label: str | None = None
    delay_minutes: int | None = Field(None, description="After the page began.")
    quiet_from: time | None = Field(None, description="In the person's time zone; the same for the end.")
    quiet_until: time | None = None
    breaks_quiet: bool | None = Field(None, description="Whether critical pages come through.")


class CodeIn(Body):
    code: str = Field(description="What was sent to the contact method.")


class ContactMethodOut(Schema):
    unique_id: uuid.UUID
    kind: str = Field(description="email, apprise or webhook")
    label: str
    address: str = Field(description="Masked: its kind and its last characters.")
    position: int
    delay_minutes: int
    quiet_from: time | None
    quiet_until: time | None
    breaks_quiet: bool
    verified_at: datetime | None = Field(description="Null: it is not used yet.")


class NewContactMethodOut(ContactMethodOut):
    secret: str = Field(description="What requests to a webhook are signed with. It is told this once.")
    problem: str = Field(description="Why the code did not go out, if it did not.")


@router.get("/contact-methods", response=Listing[ContactMethodOut], summary="How you are paged")
def list_contact_methods(
    request: HttpRequest, cursor: CursorParameter = None, limit: LimitParameter = LIMIT_DEFAULT
) -> Listing[ContactMethodOut]:
    page = paginate(reads.own_methods(caller_of(request).person), cursor=cursor, limit=limit, key="position")
    return Listing(items=[_describe(method) for method in page.items], next=page.next)


@router.post("/contact-methods", response={201: NewContactMethodOut}, summary="Add a contact method")
def add_contact_method(request: HttpRequest, body: ContactMethodIn) -> Status[NewContactMethodOut]:
    """A code is sent to it; it is used once that was given back."""
    made = writes.add_method(actor=caller_of(request).person, **body.model_dump())
    shown = _describe(made.method).model_dump()
    return Status(201, NewContactMethodOut(**shown, secret=made.secret, problem=made.problem))


@router.patch(ONE, response=ContactMethodOut, summary="Say when a contact method is used")
def change_contact_method(
    request: HttpRequest, unique_id: uuid.UUID, body: ContactMethodChangeIn
) -> ContactMethodOut:
    method = _own(request, unique_id)
    said = body.model_dump(exclude_unset=True)
    nullable = ("quiet_from", "quiet_until")
    values: dict[str, Any] = {
        name: said[name] if name in said and (said[name] is not None or name in nullable) else current
        for name, current in (
            ("label", method.label),
            ("delay_minutes", method.delay_minutes),
            ("quiet_from", method.quiet_from),
            ("quiet_until", method.quiet_until),
            ("breaks_quiet", method.breaks_quiet),
        )
    }
    return _describe(writes.change_method(actor=method.person, method=method, **values))


@router.delete(ONE, response={204: None}, summary="Remove a contact method")
def remove_contact_method(request: HttpRequest, unique_id: uuid.UUID) -> Status[None]:
    """409 for the mail address, which stays."""
    method = _own(request, unique_id)
    writes.remove_method(actor=method.person, method=method)
    return Status(204, None)


@router.put(f"{ONE}/verification", response=ContactMethodOut, summary="Give a code back")
def verify_contact_method(request: HttpRequest, unique_id: uuid.UUID, body: CodeIn) -> ContactMethodOut:
    method = _own(request, unique_id)
    return _describe(writes.try_code(actor=method.person, method=method, code=body.code))


@router.post(f"{ONE}/code", response={204: None}, summary="Send another code")
def send_code(request: HttpRequest, unique_id: uuid.UUID) -> Status[None]:
    method = _own(request, unique_id)
    writes.send_code(actor=method.person, method=method)
    return Status(204, None)


@router.post(f"{ONE}/test", response={204: None}, summary="Send a test")
def send_test(request: HttpRequest, unique_id: uuid.UUID) -> Status[None]:
    """409 with the reason when it did not go out."""
    method = _own(request, unique_id)
    writes.send_test(actor=method.person, method=method)
    return Status(204, None)


def _own(request: HttpRequest, unique_id: uuid.UUID) -> ContactMethod:
    return reads.get_own_method(caller_of(request).person, unique_id)


def _describe(method: ContactMethod) -> ContactMethodOut:
    return ContactMethodOut(
        unique_id=method.unique_id,
        kind=method.kind,
        label=method.label,
        address=method.masked,
        position=method.position,
        delay_minutes=method.delay_minutes,
        quiet_from=method.quiet_from,
        quiet_until=method.quiet_until,
        breaks_quiet=method.breaks_quiet,
        verified_at=method.verified_at,
    )
