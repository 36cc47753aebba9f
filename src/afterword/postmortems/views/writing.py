"""The page that is written: every section in one form, so that saving one loses nothing of another."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_http_methods, require_POST

from afterword.accounts.models import Person
from afterword.accounts.reads import require_write
from afterword.documents import (
    Block,
    DifferenceLine,
    Gap,
    compare_texts,
    fold_unchanged,
    parse_markdown,
    render_html,
)
from afterword.lib.errors import Conflict, InvalidInput, NotAllowed
from afterword.lib.forms import refusals_on
from afterword.postmortems import composition, reads, rules, writes
from afterword.postmortems.errors import SectionChanged
from afterword.postmortems.fields.boxes import Box, Boxes
from afterword.postmortems.forms import CoverForm
from afterword.postmortems.live import editors_of
from afterword.postmortems.merging import MINE, THEIRS, holds_marks
from afterword.postmortems.models import SECTION_TEXT_BYTES_MAX, Postmortem, Revision, Section
from afterword.postmortems.panels import panel_of
from afterword.postmortems.remarks import draw_section_remarks
from afterword.postmortems.templates import PLACE_NAMES
from afterword.postmortems.views.reading import reader_of
from afterword.postmortems.views.summaries import SummaryBox, summary_boxes

HEADING_OFFSET = 2
"""Headings in a section stand below the section's own."""

MERGED = " Somebody else saved meanwhile; both changes stand there now."

FRAGMENT_REFUSED = 422
"""The status with which the script puts a form that was refused back into its place."""


@dataclass
class Draft:
    """One section on the page: as it is saved, and as somebody has it in the box."""

    section: Section
    text: str
    version: int
    base: str
    """The digest of the text that the writer started from."""
    live_html: SafeString | None = None
    help_html: SafeString | None = None
    preview_html: SafeString | None = None
    error: str = ""
    theirs: str | None = None
    their_revision: Revision | None = None
    their_changes: Sequence[DifferenceLine | Gap] = ()
    """What they changed in the text that the writer started from; where that is not known any more, how the
    saved text differs from the writer's."""
    saved: bool = False
    merged: bool = False
    """Whether it was saved together with what somebody else saved meanwhile."""
    boxes: list[Box] = field(default_factory=list)
    """The custom fields that stand here."""
    summaries: list[SummaryBox] = field(default_factory=list)
    """The summaries of the incidents, where they stand here."""
    panel: Any = None
    """What the panel of the record behind it shows: see `panels`."""
    panel_template: str = ""
    editors: Sequence[tuple[str, str]] = ()
    """Addresses and words of the pages on which the record behind it is changed."""
    remarks: Sequence[SafeString] = ()
    """What packages above say about the words in the box."""

    @classmethod
    def of(cls, section: Section) -> Draft:
        return cls(section, section.text, section.version, rules.text_digest(section.text))

    @property
    def key(self) -> str:
        return str(self.section.unique_id)

    @property
    def was_edited(self) -> bool:
        """Whether the writer changed what they were given."""
        return rules.text_digest(self.text) != self.base

    @property
    def wants_attention(self) -> bool:
        """Whether something in it could not be saved."""
        unsaved: list[Box | SummaryBox] = [*self.boxes, *self.summaries]
        return bool(self.error) or self.theirs is not None or any(box.wants_attention for box in unsaved)

    @property
    def is_unsaved(self) -> bool:
        """Whether something in it would be lost by leaving the page."""
        edited = self.was_edited or any(box.was_edited for box in self.summaries)
        return edited or self.wants_attention or self.preview_html is not None

    def meet(self, conflict: SectionChanged, revision: Revision) -> None:
        """Somebody else saved in between: put both texts into the box; the next save goes over theirs."""
        present = conflict.section
        before = self.text if conflict.base is None else conflict.base
        self.section, self.version, self.base = present, present.version, rules.text_digest(present.text)
        self.theirs, self.their_revision = present.text, revision
        self.their_changes = fold_unchanged(compare_texts(rules.kept_text(before), present.text))
        self.text = conflict.merged


@dataclass
class Desk:
    """The page of one writer: the drafts, and what is common to them."""

    actor: Person
    postmortem: Postmortem
    boxes: Boxes
    drafts: list[Draft] = field(default_factory=list)
    title: str = ""
    title_error: str = ""
    cover: CoverForm = field(init=False)
    summaries: list[SummaryBox] = field(default_factory=list)
    states: dict[str, Any] = field(default_factory=dict)
    """What a deed left behind in the panel of a live section, by the section's live name."""
    refusals: list[tuple[Section, str]] = field(default_factory=list)
    """What could not be done in a panel."""

    def __post_init__(self) -> None:
        self.cover = CoverForm(None, actor=self.actor, postmortem=self.postmortem)
        if any(draft.section.live_name == "summary" for draft in self.drafts):
            self.summaries = summary_boxes(self.actor, self.postmortem)

    @classmethod
    def of(cls, request: HttpRequest, number: int) -> Desk:
        """Raises NotFound to an outsider, NotAllowed to someone who may only read."""
        actor = reader_of(request)
        postmortem = reads.get_postmortem(actor, number)
        require_write(actor, postmortem.team)
        sections = reads.sections_of(postmortem)
        boxes = Boxes(actor, postmortem, sections)
        return cls(actor, postmortem, boxes, [Draft.of(section) for section in sections], postmortem.title)

    def take(self, data: Any) -> None:
        """Put what was sent into the boxes. A section that was not sent stays as it is."""
        self.title = data.get("title", self.title)
        self.boxes.take(data)
        if "owner" in data:
            self.cover = CoverForm(data, actor=self.actor, postmortem=self.postmortem)
        for summary in self.summaries:
            summary.take(data)
        for draft in self.drafts:
            key = draft.section.unique_id
            text = data.get(f"text-{key}")
            if text is None:
                continue
            draft.text = text
            sent = data.get(f"version-{key}", "")
            draft.version = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else 0
            draft.base = data.get(f"base-{key}", "")

    def save(self, draft: Draft) -> bool:
        """Save one box; False when it was refused, and the draft says why."""
        if holds_marks(draft.text):
            draft.error = (
                f"Both versions still stand here, between the lines “{MINE}” and “{THEIRS}”. "
                "Keep what belongs together and take these lines out."
            )
            return False
        try:
            section = writes.save_section(
                actor=self.actor,
                section=draft.section,
                text=draft.text,
                version=draft.version,
                merges=True,
            )
        except SectionChanged as conflict:
            draft.meet(conflict, reads.latest_revision(self.postmortem))
            return False
        except InvalidInput as refusal:
            draft.error = refusal.fields.get("text", refusal.message)
            return False
        fresh = Draft.of(section)
        fresh.saved, fresh.merged = True, section.text != rules.kept_text(draft.text)
        self.drafts[self.drafts.index(draft)] = fresh
        return True

    def find(self, unique_id: uuid.UUID | str) -> Draft | None:
        return next((draft for draft in self.drafts if str(draft.section.unique_id) == str(unique_id)), None)

    def summaries_of(self, draft: Draft) -> list[SummaryBox]:
        """They stand in the first section that draws them."""
        first = next((one for one in self.drafts if one.section.live_name == "summary"), None)
        return self.summaries if first is not None and first.section == draft.section else []

    def save_summaries(self) -> list[str]:
        """Save what was changed of the incidents' summaries; what was saved, in words."""
        edited = [box for box in self.summaries if box.was_edited]
        return [f"the summary of incident #{box.incident.number}" for box in edited if box.save()]

    def has_panel(self, draft: Draft) -> bool:
        """It stands in the first section that draws its part of the record."""
        name = draft.section.live_name
        first = next((one for one in self.drafts if one.section.live_name == name), None)
        return panel_of(name) is not None and first is not None and first.section == draft.section

    def do(self, draft: Draft, deed: str, data: Any) -> list[str]:
        """What a button in the panel of a section says, or what was typed there; what was done, in words.

        Raises NotFound for what the actor does not see here.
        """
        panel = panel_of(draft.section.live_name) if self.has_panel(draft) else None
        if panel is None:
            if deed:
                raise InvalidInput("Nothing of the record is changed in this section.")
            return []
        try:
            done, state = panel.change(actor=self.actor, postmortem=self.postmortem, deed=deed, data=data)
        except (Conflict, NotAllowed) as refusal:
            self.refusals.append((draft.section, refusal.message))
            return []
        self.states[draft.section.live_name] = state
        if done.refused:
            self.refusals.append((draft.section, done.words))
            return []
        return [done.words] if done.words else []

    def save_cover(self, data: Any) -> list[str]:
        """Save the owner and the status text, if the writer changed them."""
        given = (data.get("owner", ""), data.get("status_text", ""))
        if "owner" not in data or given == (data.get("owner_before", ""), data.get("status_text_before", "")):
            return []
        if not self.cover.is_valid():
            return []
        with refusals_on(self.cover):
            self.postmortem = writes.change_cover(
                actor=self.actor, postmortem=self.postmortem, **self.cover.chosen()
            )
        return ["the cover"] if self.cover.is_valid() else []

    def draw(self, draft: Draft) -> Draft:
        """Fill in what is shown around the box."""
        draft.boxes = self.boxes.of_section(draft.section)
        draft.summaries = self.summaries_of(draft)
        draft.editors = editors_of(draft.section.live_name, self.postmortem)
        panel = panel_of(draft.section.live_name) if self.has_panel(draft) else None
        if panel is not None:
            state = self.states.get(draft.section.live_name)
            draft.panel = panel.show(actor=self.actor, postmortem=self.postmortem, state=state)
            draft.panel_template = panel.template
            if draft.panel is not None and draft.panel["is_whole"]:
                return self._draw_help(draft)
        zone, key = timezone.get_current_timezone(), draft.section.unique_id.hex[:8]
        live = composition.live_blocks(
            draft.section, reader=self.actor, postmortem=self.postmortem, zone=zone
        )
        if draft.section.live_name:
            draft.live_html = _html(live, f"live-{key}")
        return self._draw_help(draft)

    def _draw_help(self, draft: Draft) -> Draft:
        key = draft.section.unique_id.hex[:8]
        if draft.section.help_text:
            draft.help_html = _html(parse_markdown(draft.section.help_text), f"help-{key}")
        return draft

    def draw_remarks(self, drafts: Sequence[Draft]) -> None:
        """Fill in what is said about the words in the boxes: of many at once, for it asks the record."""
        texts = [(draft.section, draft.text) for draft in drafts]
        drawn = draw_section_remarks(actor=self.actor, postmortem=self.postmortem, texts=texts)
        for draft in drafts:
            draft.remarks = drawn[draft.section.unique_id]


@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, number: int) -> HttpResponse:
    """POST saves the title, and every section and field that was changed; what cannot be saved stays."""
    desk = Desk.of(request, number)
    if request.method == "GET":
        return _show(request, desk)
    desk.take(request.POST)
    edited = [draft for draft in desk.drafts if draft.was_edited]
    done = [draft.section.title for draft in edited if desk.save(draft)]
    done += desk.boxes.save(desk.boxes.every)
    done += desk.save_summaries()
    done += desk.save_cover(request.POST)
    for one in desk.drafts:
        done += desk.do(one, "", request.POST)
    _save_title(desk, request.POST.get("title_before", ""))
    if done:
        more = MERGED if any(draft.merged for draft in desk.drafts) else ""
        messages.success(request, f"Saved: {', '.join(done)}.{more}")
    every: list[Draft | SummaryBox] = [*desk.drafts, *desk.summaries]
    conflict = any(box.theirs is not None for box in every)
    conflict = conflict or bool(desk.boxes.conflicts)
    refused = any(box.error for box in every) or bool(desk.cover.errors) or bool(desk.refusals)
    if conflict or desk.title_error or desk.boxes.errors or refused:
        return _show(request, desk, status=409 if conflict else 400)
    if not done and desk.title == request.POST.get("title_before"):
        messages.info(request, "Nothing was changed, so nothing was saved.")
    anchor = request.POST.get("save", "")
    draft = desk.find(anchor)
    page = reverse("postmortems:write", args=[number])
    return redirect(f"{page}#section-{draft.section.unique_id}" if draft else page)


@require_POST
def save_section(request: HttpRequest, number: int, unique_id: uuid.UUID) -> HttpResponse:
    """Save one section and the fields in it. With script its card comes back, without it the page."""
    desk = Desk.of(request, number)
    reads.get_section(desk.postmortem, unique_id)
    desk.take(request.POST)
    draft = desk.find(unique_id)
    assert draft is not None
    is_done = desk.save(draft)
    draft = desk.find(unique_id) or draft
    desk.boxes.save(desk.boxes.of_section(draft.section))
    if desk.summaries_of(draft):
        desk.save_summaries()
    desk.do(draft, "", request.POST)
    boxes: list[Box | SummaryBox] = [*desk.boxes.of_section(draft.section), *desk.summaries_of(draft)]
    is_done = is_done and not desk.refusals and not any(box.wants_attention for box in boxes)
    if not request.headers.get("HX-Request"):
        if is_done:
            saved = desk.find(unique_id)
            more = MERGED if saved is not None and saved.merged else ""
            messages.success(request, f"Saved: {draft.section.title}.{more}")
            return redirect(f"{reverse('postmortems:write', args=[number])}#section-{unique_id}")
        conflict = draft.theirs is not None or any(box.theirs is not None for box in boxes)
        return _show(request, desk, status=409 if conflict else 400)
    draft = desk.find(unique_id)
    assert draft is not None
    return _show_card(request, desk, desk.draw(draft), status=200 if is_done else FRAGMENT_REFUSED)


@require_http_methods(["GET", "HEAD", "POST"])
def change_record(request: HttpRequest, number: int) -> HttpResponse:
    """Do what a button in the panel of a section says: `record` of the section `?section=`.

    What is typed elsewhere is not saved and stays where it is. With script the section's card comes back,
    without it the page, whose address leads back to writing.
    """
    if request.method != "POST":
        return redirect("postmortems:write", number)
    desk = Desk.of(request, number)
    desk.take(request.POST)
    draft = desk.find(request.GET.get("section", ""))
    if draft is None:
        raise InvalidInput("There is no such section in this post-mortem.")
    done = desk.do(draft, request.POST.get("record", ""), request.POST)
    is_fragment = bool(request.headers.get("HX-Request"))
    status = (FRAGMENT_REFUSED if is_fragment else 400) if desk.refusals else 200
    if is_fragment:
        return _show_card(request, desk, desk.draw(draft), status=status)
    if done:
        messages.success(request, f"Done: {', '.join(done)}.")
    return _show(request, desk, status=status)


@require_POST
def save_fields(request: HttpRequest, number: int) -> HttpResponse:
    """Save the fields that no section shows. With script their card comes back, without it the page."""
    desk = Desk.of(request, number)
    desk.take(request.POST)
    saved = desk.boxes.save(desk.boxes.unplaced)
    boxes = desk.boxes.unplaced
    is_done = not any(box.wants_attention for box in boxes)
    if request.headers.get("HX-Request"):
        context = {"postmortem": desk.postmortem, "boxes": boxes, "is_saved": is_done}
        status = 200 if is_done else FRAGMENT_REFUSED
        return render(request, "postmortems/fields/_unplaced.html", context, status=status)
    if is_done:
        if saved:
            messages.success(request, f"Saved: {', '.join(saved)}.")
        return redirect(f"{reverse('postmortems:write', args=[number])}#section-fields")
    return _show(request, desk, status=409 if any(box.theirs is not None for box in boxes) else 400)


@require_POST
def preview(request: HttpRequest, number: int) -> HttpResponse:
    """Show how a section will read, and save nothing. `?section=` names it."""
    desk = Desk.of(request, number)
    desk.take(request.POST)
    draft = desk.find(request.GET.get("section", ""))
    if draft is None:
        raise InvalidInput("There is no such section in this post-mortem.")
    is_fragment = bool(request.headers.get("HX-Request"))
    if len(draft.text.encode(errors="replace")) > SECTION_TEXT_BYTES_MAX:
        draft.error = f"A section holds {SECTION_TEXT_BYTES_MAX // 1024} KB, and this text is longer."
    else:
        key = draft.section.unique_id.hex[:8]
        draft.preview_html = _html(rules.prose_blocks(draft.text), f"preview-{key}")
    if is_fragment:
        return _show_card(request, desk, desk.draw(draft), status=FRAGMENT_REFUSED if draft.error else 200)
    return _show(request, desk, status=400 if draft.error else 200)


def _save_title(desk: Desk, before: str) -> None:
    if desk.title == before or desk.title == desk.postmortem.title:
        return
    try:
        desk.postmortem = writes.change_title(actor=desk.actor, postmortem=desk.postmortem, title=desk.title)
    except InvalidInput as refusal:
        desk.title_error = refusal.fields.get("title", refusal.message)


def _show(request: HttpRequest, desk: Desk, status: int = 200) -> HttpResponse:
    for draft in desk.drafts:
        desk.draw(draft)
    desk.draw_remarks(desk.drafts)
    context = {
        "postmortem": desk.postmortem,
        "desk": desk,
        "conflicts": [draft for draft in desk.drafts if draft.theirs is not None],
        "errors": [draft for draft in desk.drafts if draft.error],
        "boxes": desk.boxes.unplaced,
        "wrong_summaries": [box for box in desk.summaries if box.wants_attention],
        "refusals": desk.refusals,
        "incidents": reads.incidents_of(desk.postmortem),
        "place": PLACE_NAMES.get(desk.postmortem.written_in, ""),
        "revision": reads.latest_revision(desk.postmortem),
        "bytes_max": SECTION_TEXT_BYTES_MAX,
    }
    return render(request, "postmortems/write.html", context, status=status)


def _show_card(request: HttpRequest, desk: Desk, draft: Draft, status: int) -> HttpResponse:
    desk.draw_remarks([draft])
    context = {
        "postmortem": desk.postmortem,
        "draft": draft,
        "refusals": desk.refusals,
        "bytes_max": SECTION_TEXT_BYTES_MAX,
    }
    return render(request, "postmortems/_section.html", context, status=status)


def _html(blocks: list[Block], prefix: str) -> SafeString:
    html = render_html(blocks, heading_offset=HEADING_OFFSET, id_prefix=prefix)
    return mark_safe(html)  # noqa: S308 - cleaned by the renderer
