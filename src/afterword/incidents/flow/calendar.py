"""The iCalendar file of a debrief (RFC 5545), and its invitation for mails (iTIP, RFC 5546). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    # It takes a tenth of a second to import, and most processes never write a calendar.
    from icalendar import vCalAddress

PRODUCT = "-//Afterword//Debriefs//EN"
Method = Literal["PUBLISH", "REQUEST", "CANCEL"]


@dataclass(frozen=True)
class Guest:
    """Somebody who is asked to come."""

    name: str
    email: str


@dataclass(frozen=True)
class Meeting:
    """A debrief as a calendar knows it. `uid` stays, `sequence` grows with every change."""

    uid: str
    sequence: int
    title: str
    text: str
    place: str
    url: str
    starts_at: datetime
    minutes: int
    organiser: Guest | None
    guests: Sequence[Guest]


def write_calendar(meeting: Meeting, *, method: Method, at: datetime) -> str:
    """The file, with lines that end as the format asks. `at` is when it was written.

    PUBLISH is for a file to download, REQUEST invites and CANCEL takes it back; the last two need an
    organiser, else they become PUBLISH.
    """
    if meeting.organiser is None and method == "REQUEST":
        method = "PUBLISH"
    from icalendar import Calendar, Event, vText

    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    event = Event()
    event.add("uid", meeting.uid)
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", at.astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", meeting.starts_at.astimezone(UTC))
    event.add("dtend", meeting.starts_at.astimezone(UTC) + timedelta(minutes=meeting.minutes))
    event.add("summary", meeting.title)
    event.add("description", meeting.text)
    if meeting.place:
        event.add("location", meeting.place)
    event.add("url", meeting.url)
    event.add("status", "CANCELLED" if method == "CANCEL" else "CONFIRMED")
    if meeting.organiser is not None:
        event.add("organizer", _address(meeting.organiser))
    if method != "PUBLISH":
        for guest in meeting.guests:
            address = _address(guest)
            address.params["ROLE"] = vText("REQ-PARTICIPANT")
            address.params["PARTSTAT"] = vText("NEEDS-ACTION")
            address.params["RSVP"] = vText("TRUE")
            event.add("attendee", address, encode=False)
    calendar.add_component(event)
    return str(calendar.to_ical(), "utf-8")


def _address(guest: Guest) -> vCalAddress:
    from icalendar import vCalAddress, vText

    address = vCalAddress(f"mailto:{guest.email}")
    # A parameter may hold neither quotes nor line ends (RFC 5545, 3.2).
    name = " ".join(guest.name.replace('"', "'").split())
    if name:
        address.params["CN"] = vText(name)
    return address
