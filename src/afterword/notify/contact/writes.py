"""Every change to a person's contact methods. Only they themselves make any.

What goes to another system, a code or a test, is sent before and outside the transaction.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import time, timedelta
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Max

from afterword.accounts.models import Person
from afterword.audit.writes import record
from afterword.lib import clock, ids, outgoing
from afterword.lib.errors import Conflict, InvalidInput
from afterword.lib.sealing import seal
from afterword.lib.text import one_line
from afterword.notify.contact import rules
from afterword.notify.contact.models import LABEL_LENGTH_MAX, ContactKind, ContactMethod
from afterword.notify.contact.reads import own_methods
from afterword.notify.paging.channels import Undelivered, ask_apprise, notify_by_apprise, post_signed
from afterword.notify.paging.letters import PageText
from afterword.notify.rules import read_failure
from afterword.notify.smtp import Post

METHODS_MAX = 10
"""Of one person."""
DELAY_MINUTES_MAX = 24 * 60
URL_CHARACTERS_MAX = outgoing.URL_CHARACTERS_MAX
SENDS_EVERY_SECONDS = 10
"""Between two codes or tests by one method."""


class NotDelivered(Conflict):
    """The message did not go out."""


class EmailStays(Conflict):
    """The mail address with which you sign in stays a contact method. You can delay it instead."""


@dataclass(frozen=True)
class NewMethod:
    """A method that was added, and the secret of a webhook: it is shown this once."""

    method: ContactMethod
    secret: str
    problem: str = ""
    """Why the code did not go out, if it did not."""


def add_method(*, actor: Person, kind: str, address: str, label: str = "") -> NewMethod:
    """Add a webhook or an Apprise URL, and send a code to it. It is used once the code was given back.

    Raises InvalidInput.
    """
    address = address.strip()
    if kind == ContactKind.WEBHOOK:
        scheme = _check_webhook(address)
    elif kind == ContactKind.APPRISE:
        scheme = _check_apprise(address)
    else:
        raise InvalidInput(fields={"kind": "Please choose webhook or apprise."})
    default = ContactKind(kind).label if kind == ContactKind.WEBHOOK else scheme
    label = one_line("label", label, characters_max=LABEL_LENGTH_MAX, required=False) or default
    secret = ids.new_token("whs") if kind == ContactKind.WEBHOOK else ""
    with transaction.atomic():
        Person.objects.select_for_update(of=("self",), no_key=True).get(pk=actor.pk)
        mine = own_methods(actor)
        if mine.count() >= METHODS_MAX:
            raise InvalidInput(fields={"address": f"You can have at most {METHODS_MAX} contact methods."})
        last = mine.aggregate(last=Max("position"))["last"] or 0
        method = ContactMethod.objects.create(
            person=actor,
            kind=kind,
            label=label,
            sealed_address=seal(address),
            sealed_secret=seal(secret) if secret else "",
            tail=rules.tail_of(address),
            scheme=scheme[:40],
            position=last + 1,
        )
        _record(actor, "contact_method.added", method)
    try:
        send_code(actor=actor, method=method)
    except (NotDelivered, InvalidInput) as error:
        return NewMethod(method, secret, error.message)
    return NewMethod(method, secret)


def send_code(*, actor: Person, method: ContactMethod) -> None:
    """Send a new code to a method that is not verified yet. Raises NotDelivered, InvalidInput."""
    _require_own(actor, method)
    if method.verified_at is not None:
        raise InvalidInput("This contact method is verified already.")
    _wait_between(method)
    code = rules.new_code()
    with transaction.atomic():
        method.code_hash = rules.seal_code(code, str(method.unique_id))
        method.code_sent_at = clock.now()
        method.code_tries = 0
        method.save(update_fields=["code_hash", "code_sent_at", "code_tries"])
    text = PageText(
        "Your code for Afterword",
        f"{code} is your code. Enter it where you added this contact method, within "
        f"{rules.CODE_MINUTES_MAX} minutes.\n",
    )
    _send(method, text, {"event": "verification", "code": code})


@transaction.atomic
def verify_method(*, actor: Person, method: ContactMethod, code: str) -> ContactMethod:
    """Use the method from now on. Raises InvalidInput for a code that is wrong or too old."""
    _require_own(actor, method)
    method = ContactMethod.objects.select_for_update(of=("self",)).select_related("person").get(pk=method.pk)
    if method.verified_at is not None:
        return method
    now = clock.now()
    lasts = timedelta(minutes=rules.CODE_MINUTES_MAX)
    if method.code_sent_at is None or method.code_sent_at + lasts < now:
        raise InvalidInput(fields={"code": "This code is too old. Please have another one sent."})
    if method.code_tries >= rules.CODE_TRIES_MAX:
        raise InvalidInput(fields={"code": "There were too many tries. Please have another one sent."})
    given = rules.seal_code(code, str(method.unique_id))
    if not secrets.compare_digest(given, method.code_hash):
        raise WrongCode(method)
    method.verified_at, method.code_hash = now, ""
    method.save(update_fields=["verified_at", "code_hash"])
    _record(actor, "contact_method.verified", method)
    return method


class WrongCode(InvalidInput):
    """This is not the code that was sent."""

    def __init__(self, method: ContactMethod) -> None:
        self.method = method
        super().__init__(fields={"code": "This is not the code that was sent."})


def try_code(*, actor: Person, method: ContactMethod, code: str) -> ContactMethod:
    """`verify_method`, and a wrong code counts as a try. Raises InvalidInput."""
    try:
        return verify_method(actor=actor, method=method, code=code)
    except WrongCode as wrong:
        with transaction.atomic():
            locked = ContactMethod.objects.select_for_update(of=("self",)).get(pk=wrong.method.pk)
            locked.code_tries = min(locked.code_tries + 1, rules.CODE_TRIES_MAX)
            locked.save(update_fields=["code_tries"])
        raise


def send_test(*, actor: Person, method: ContactMethod) -> None:
    """Send a message that says that it is a test. Raises NotDelivered, InvalidInput."""
    _require_own(actor, method)
    if method.verified_at is None:
        raise InvalidInput("Please verify this contact method first.")
    _wait_between(method)
    text = PageText("A test from Afterword", f"This is how you are paged by “{method.label}”. All is well.\n")
    _send(method, text, {"event": "test"})


@transaction.atomic
def change_method(
    *,
    actor: Person,
    method: ContactMethod,
    label: str,
    delay_minutes: int,
    quiet_from: time | None,
    quiet_until: time | None,
    breaks_quiet: bool,
) -> ContactMethod:
    """Say when it is used. Quiet hours are in the person's time zone. Raises InvalidInput."""
    _require_own(actor, method)
    method = ContactMethod.objects.select_for_update(of=("self",)).select_related("person").get(pk=method.pk)
    if (quiet_from is None) != (quiet_until is None):
        missing = "quiet_from" if quiet_from is None else "quiet_until"
        raise InvalidInput(fields={missing: "Please give both ends of the quiet hours, or none."})
    if not 0 <= delay_minutes <= DELAY_MINUTES_MAX:
        raise InvalidInput(fields={"delay_minutes": f"Please give 0 to {DELAY_MINUTES_MAX} minutes."})
    wanted = {
        "label": one_line("label", label, characters_max=LABEL_LENGTH_MAX),
        "delay_minutes": delay_minutes,
        "quiet_from": quiet_from and quiet_from.replace(second=0, microsecond=0, tzinfo=None),
        "quiet_until": quiet_until and quiet_until.replace(second=0, microsecond=0, tzinfo=None),
        "breaks_quiet": breaks_quiet,
    }
    changed = [name for name, value in wanted.items() if getattr(method, name) != value]
    if changed:
        for name in changed:
            setattr(method, name, wanted[name])
        method.save(update_fields=changed)
        _record(actor, "contact_method.changed", method, changed=changed)
    return method


@transaction.atomic
def move_method(*, actor: Person, method: ContactMethod, step: int) -> None:
    """Move a method up (-1) or down (1) in the order of their use."""
    _require_own(actor, method)
    methods = list(own_methods(actor).select_for_update(of=("self",)))
    place = [one.pk for one in methods].index(method.pk)
    target = min(max(place + step, 0), len(methods) - 1)
    if target == place:
        return
    methods.insert(target, methods.pop(place))
    for position, one in enumerate(methods, start=1):
        one.position = position
    ContactMethod.objects.bulk_update(methods, ["position"])
    _record(actor, "contact_method.moved", method)


@transaction.atomic
def remove_method(*, actor: Person, method: ContactMethod) -> None:
    """Use it no more. Pages that were on their way by it fail. Raises EmailStays."""
    _require_own(actor, method)
    if method.kind == ContactKind.EMAIL:
        raise EmailStays
    _record(actor, "contact_method.removed", method)
    method.delete()


def _require_own(actor: Person, method: ContactMethod) -> None:
    assert method.person_id == actor.pk, "nobody changes how another is reached"


def _check_webhook(address: str) -> str:
    allowed = bool(settings.ALLOW_PRIVATE_ADDRESSES)
    try:
        outgoing.check_web_address(address, allow_plain=allowed)
    except outgoing.BadAddress as error:
        raise InvalidInput(
            fields={"address": "Please give a web address that begins with https://."}
        ) from error
    return address.partition(":")[0]


def _check_apprise(address: str) -> str:
    refusal = InvalidInput(fields={"address": "This is no Apprise URL that can be used, as in ntfy://topic."})
    if not address.isprintable() or not 0 < len(address) <= URL_CHARACTERS_MAX or "://" not in address:
        raise refusal
    try:
        answer = ask_apprise({"url": address, "allow_private": bool(settings.ALLOW_PRIVATE_ADDRESSES)})
    except Undelivered as error:
        raise InvalidInput(fields={"address": error.refusal.reason}) from error
    if not answer.get("known"):
        raise refusal
    return str(answer.get("scheme", ""))


def _wait_between(method: ContactMethod) -> None:
    if not cache.add(f"contact-method-{method.pk}", 1, SENDS_EVERY_SECONDS):
        raise InvalidInput(f"Please wait {SENDS_EVERY_SECONDS} seconds, then try again.")


def _send(method: ContactMethod, text: PageText, data: dict[str, Any]) -> None:
    try:
        if method.kind == ContactKind.WEBHOOK:
            post_signed(
                method, {**data, "text": text.body.strip()}, delivery_id=f"{data['event']}.{ids.new_uuid()}"
            )
        elif method.kind == ContactKind.APPRISE:
            notify_by_apprise(method, text)
        else:
            _mail(method, text)
    except Undelivered as error:
        raise NotDelivered(error.refusal.reason) from error


def _mail(method: ContactMethod, text: PageText) -> None:
    post = Post()
    try:
        post.open()
        post.send(EmailMessage(text.title, text.body, to=[method.person.email]))
    except (OSError, SMTPException) as error:
        raise Undelivered(read_failure(error).reason) from error
    finally:
        post.close()


def _record(actor: Person, action: str, method: ContactMethod, **data: Any) -> None:
    # Not the label: its owner may have put a number into it, and administrators read the log.
    record(actor=actor, action=action, subject=method, data={"kind": method.kind, **data})
