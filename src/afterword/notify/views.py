"""The pages of messages to stakeholders: a tab of the incident."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages as toasts
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_http_methods, require_POST

from afterword.accounts.reads import require_write
from afterword.incidents.frame import frame_incident, reader_of, render_words
from afterword.incidents.models import DeliveryState, Incident, StakeholderDelivery, StakeholderMessage
from afterword.incidents.reads import get_incident
from afterword.lib.forms import refusals_on
from afterword.notify import reads, writes
from afterword.notify.errors import NotFailed
from afterword.notify.forms import MessageForm
from afterword.notify.mail import Letter, write_letter

MESSAGES_PER_PAGE = 10
DELIVERIES_SHOWN_MAX = 100
"""Of one message: those that failed first."""
STATES_IN_ORDER = (DeliveryState.FAILED, DeliveryState.WAITING, DeliveryState.SENT)


@require_http_methods(["GET", "HEAD", "POST"])
def show_messages(request: HttpRequest, number: int) -> HttpResponse:
    """What was written; what is posted is a new message, or one to look at before it is sent."""
    actor = reader_of(request)
    incident = get_incident(actor, number)
    if request.method != "POST":
        return _show(request, incident)
    require_write(actor, incident.service.team)
    form = MessageForm(request.POST, actor=actor)
    letter = None
    if form.is_valid():
        given = form.cleaned_data
        with refusals_on(form):
            if "preview" in request.POST:
                recipients = writes.find_recipients(
                    actor, people=form.chosen_people(), teams=form.chosen_teams(), emails=form.given_emails()
                )
                letter = _preview(request, incident, given)
                return _show(request, incident, form=form, letter=letter, recipients=list(recipients))
            message = writes.write_message(
                actor=actor,
                incident=incident,
                subject=given["subject"],
                body=given["body"],
                time_zone=given["time_zone"],
                people=form.chosen_people(),
                teams=form.chosen_teams(),
                emails=form.given_emails(),
                once=True,
            )
            count = message.deliveries.count()
            noun = "address" if count == 1 else "addresses"
            toasts.success(request, f"Your message goes to {count} {noun}.")
            return redirect("notify:messages", number)
    return _show(request, incident, form=form)


@require_POST
def retry(request: HttpRequest, number: int, delivery: int) -> HttpResponse:
    actor = reader_of(request)
    incident = get_incident(actor, number)
    try:
        tried = writes.retry_delivery(actor=actor, delivery=reads.get_delivery(actor, incident, delivery))
    except NotFailed as error:
        toasts.info(request, error.message)
    else:
        toasts.success(request, f"The mail to {tried.email} is tried again.")
    return redirect("notify:messages", number)


@dataclass(frozen=True)
class ShownMessage:
    """A message with how far it has come."""

    message: StakeholderMessage
    html: SafeString
    deliveries: list[StakeholderDelivery]
    counts: list[tuple[DeliveryState, int]]
    left_out: int

    @classmethod
    def of(cls, message: StakeholderMessage) -> ShownMessage:
        order = {state: place for place, state in enumerate(STATES_IN_ORDER)}
        found = sorted(message.deliveries.all(), key=lambda one: (order[DeliveryState(one.state)], one.pk))
        counts = [(state, sum(one.state == state for one in found)) for state in STATES_IN_ORDER]
        html = mark_safe(render_words(message.body, f"message-{message.pk}"))  # noqa: S308 - cleaned there
        shown = found[:DELIVERIES_SHOWN_MAX]
        return cls(message, html, shown, [one for one in counts if one[1]], len(found) - len(shown))


def _preview(request: HttpRequest, incident: Incident, given: dict[str, Any]) -> Letter:
    return write_letter(
        StakeholderMessage(
            incident=incident,
            subject=given["subject"],
            body=given["body"],
            time_zone=given["time_zone"],
            created_by=reader_of(request),
        )
    )


def _show(
    request: HttpRequest,
    incident: Incident,
    *,
    form: MessageForm | None = None,
    letter: Letter | None = None,
    recipients: list[str] | None = None,
) -> HttpResponse:
    actor = reader_of(request)
    pages = Paginator(reads.messages_of(actor, incident), MESSAGES_PER_PAGE)
    page = pages.get_page(request.GET.get("page"))
    context = frame_incident(
        actor,
        incident,
        page=page,
        shown_messages=[ShownMessage.of(message) for message in page],
        form=form or MessageForm(actor=actor),
        letter=letter,
        recipients=recipients,
        mails_are_printed=settings.MAIL_CONSOLE,
        body_html=mark_safe(render_words(form.cleaned_data["body"], "preview"))  # noqa: S308 - cleaned there
        if form and letter
        else "",
    )
    failed = form is not None and bool(form.errors)
    return render(request, "notify/messages.html", context, status=400 if failed else 200)
