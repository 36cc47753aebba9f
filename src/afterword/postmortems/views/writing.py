"""The page that is written: every section in one form, so that saving one loses nothing of another."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
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
from afterword.documents import (
    Block,
    DifferenceLine,
    Gap,
    compare_texts,
    fold_unchanged,
    parse_markdown,
    render_html,
)
from afterword.lib.errors import AfterwordError, InvalidInput, NotAllowed, NotFound
from afterword.lib.remembering import remembering
from afterword.postmortems import composition, reads, rules, writes
from afterword.postmortems.errors import SectionChanged
from afterword.postmortems.fields.boxes import Box, Boxes
from afterword.postmortems.live import editors_of
from afterword.postmortems.merging import MINE, THEIRS, holds_marks
from afterword.postmortems.models import SECTION_TEXT_BYTES_MAX, Postmortem, Revision, Section
from afterword.postmortems.panels import panel_of
from afterword.postmortems.prose import (
    WRITTEN_KINDS,
    Prose,
    field_prose,
    prose_behind,
    section_prose,
    summary_prose,
    title_of,
)
from afterword.postmortems.remarks import (
    draw_document_remarks,
    draw_prose_remarks,
    draw_section_offers,
    draw_section_remarks,
)
from afterword.postmortems.templates import PLACE_NAMES
from afterword.postmortems.views.cover import Cover
from afterword.postmortems.views.reading import reader_of
from afterword.postmortems.views.strays import (
    DROP,
    FRAGMENT_REFUSED,
    Stray,
    find_strays,
    keeps_words,
    settle_stray,
)
from afterword.postmortems.views.summaries import SummaryBox, summary_boxes

CARD = "postmortems/_section.html"
HEADING_OFFSET = 2
"""Headings in a section stand below the section's own."""

NOT_THERE = "That was not done: what it was about is not here any more. Everything that you typed still is."
MERGED = " Somebody else saved meanwhile; both changes stand there now."


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
    offers: Sequence[SafeString] = ()
    """What packages above offer to be written in it."""
    prose_behind: Sequence[Prose] = ()
    """What people wrote in the part of the record that its panel changes."""
    said_behind: Sequence[SafeString] = ()
    """What packages above say about that."""

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
    cover: Cover = field(init=False)
    summaries: list[SummaryBox] = field(default_factory=list)
    states: dict[str, Any] = field(default_factory=dict)
    """What a deed left behind in the panel of a live section, by the section's live name."""
    refusals: list[tuple[Section, str]] = field(default_factory=list)
    """What could not be done in a panel."""
    typed: Mapping[str, Any] = field(default_factory=dict)
    """Everything that was sent, for what stands on the page and is not the page's own."""
    strays: list[Stray] = field(default_factory=list)
    """What was typed into boxes that are not there any more."""
    said: dict[uuid.UUID, list[SafeString]] = field(default_factory=dict)
    """What packages above say about each text on the page, by its unique id."""

    @property
    def title_remarks(self) -> list[SafeString]:
        """What they say about the title."""
        return self.said.get(self.postmortem.unique_id, [])

    def __post_init__(self) -> None:
        self.cover = Cover(self.actor, self.postmortem)
        if any(draft.section.live_name == "summary" for draft in self.drafts):
            self.summaries = summary_boxes(self.actor, self.postmortem)

    @classmethod
    def of(cls, request: HttpRequest, number: int) -> Desk:
        """Raises NotFound to an outsider, NotAllowed to someone who may only read."""
        actor = reader_of(request)
        postmortem = reads.get_writable_postmortem(actor, number)
        sections = reads.sections_of(postmortem)
        boxes = Boxes(actor, postmortem, sections)
        return cls(actor, postmortem, boxes, [Draft.of(section) for section in sections])

    def take(self, data: Any) -> None:
        """Put what was sent into the boxes. A section that was not sent stays as it is."""
        self.typed = data
        self.cover.take(data)
        self.boxes.take(data)
        self._take_panels(data)
        self.strays = find_strays(
            data, self.postmortem, known=self._names(), has_follow_ups=self._has_section("follow-ups")
        )
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

    def _names(self) -> set[str]:
        """What the inputs are called that texts are typed into."""
        return {
            *(f"text-{draft.key}" for draft in self.drafts),
            *(f"summary-{box.incident.number}" for box in self.summaries),
            *(box.form.add_prefix("value") for box in self.boxes.every),
        }

    def _has_section(self, live_name: str) -> bool:
        return any(draft.section.live_name == live_name for draft in self.drafts)

    def _take_panels(self, data: Any) -> None:
        for draft in self.drafts:
            panel = panel_of(draft.section.live_name) if self.has_panel(draft) else None
            if panel is not None:
                state = panel.take(actor=self.actor, postmortem=self.postmortem, data=data)
                self.states[draft.section.live_name] = state

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
        except (NotAllowed, NotFound):
            draft.error = (
                "Your text was not saved: this section was taken out, or you may no longer write here. "
                "It is still below."
            )
            return False
        fresh = Draft.of(section)
        fresh.saved, fresh.merged = True, section.text != rules.kept_text(draft.text)
        self.drafts[self.drafts.index(draft)] = fresh
        return True

    def save_card(self, draft: Draft, data: Any) -> tuple[Draft, bool]:
        """Save everything that stands in the card of one section; the draft as it is then, and whether all of
        it was saved."""
        is_done = self.save(draft)
        draft = self.find(draft.section.unique_id) or draft
        self.boxes.save(self.boxes.of_section(draft.section))
        if self.summaries_of(draft):
            self.save_summaries()
        self.do(draft, "", data)
        boxes: list[Box | SummaryBox] = [*self.boxes.of_section(draft.section), *self.summaries_of(draft)]
        return draft, is_done and not self.refusals and not any(box.wants_attention for box in boxes)

    def add_new_sections(self) -> None:
        """Put the sections at the end that came since the page was read."""
        known = {draft.section.pk for draft in self.drafts}
        sections = reads.sections_of(self.postmortem)
        self.drafts += [Draft.of(section) for section in sections if section.pk not in known]

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

        What could not be done is among the refusals, and everything that was typed stays in its place.
        """
        panel = panel_of(draft.section.live_name) if self.has_panel(draft) else None
        if panel is None:
            if deed:
                self.refusals.append((draft.section, "Nothing of the record is changed in this section."))
            return []
        try:
            done, state = panel.change(actor=self.actor, postmortem=self.postmortem, deed=deed, data=data)
        except NotFound:
            self.refusals.append((draft.section, NOT_THERE))
            return []
        except AfterwordError as refusal:
            self.refusals.append((draft.section, " ".join(refusal.fields.values()) or refusal.message))
            return []
        self.states[draft.section.live_name] = state
        if done.refused:
            self.refusals.append((draft.section, done.refused))
        return [done.words] if done.words else []

    def save_cover(self) -> list[str]:
        """Save what the writer changed of the title, the owner and the status text; what was, in words."""
        done = self.cover.save()
        self.postmortem = self.cover.postmortem
        return done

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
        prose = [one for draft in drafts for one in self._prose_in(draft)]
        if len(drafts) == len(self.drafts):
            prose = [*self._prose_around(), *prose]
        self._draw_said(prose)
        sections = [draft.section for draft in drafts]
        offers = draw_section_offers(
            actor=self.actor, postmortem=self.postmortem, sections=sections, typed=self.typed
        )
        for draft in drafts:
            said = self.said.get(draft.section.unique_id, [])
            draft.remarks = [*said, *drawn[draft.section.unique_id]]
            draft.offers = offers[draft.section.unique_id]
            draft.said_behind = [
                html for one in draft.prose_behind for html in self.said.get(one.unique_id, [])
            ]

    def draw_fields_remarks(self) -> None:
        """The same about the fields that no section shows, alone."""
        self._draw_said(self._prose_in_boxes(self.boxes.unplaced))

    def _draw_said(self, texts: Sequence[Prose]) -> None:
        self.said |= draw_prose_remarks(actor=self.actor, postmortem=self.postmortem, texts=texts)
        for box in self.boxes.every:
            box.remarks = self.said.get(box.field.value.definition.unique_id, ())
        for summary in self.summaries:
            summary.remarks = self.said.get(self._prose_of_summary(summary).unique_id, ())

    def _prose_around(self) -> list[Prose]:
        """What stands on the page and in no section's card."""
        return [title_of(self.postmortem, self.cover.title), *self._prose_in_boxes(self.boxes.unplaced)]

    def _prose_in(self, draft: Draft) -> list[Prose]:
        """What stands in the card of a section, as somebody has it there."""
        if self.has_panel(draft):
            draft.prose_behind = prose_behind(draft.section.live_name, self.postmortem)
        return [
            section_prose(draft.section, draft.text),
            *self._prose_in_boxes(self.boxes.of_section(draft.section)),
            *(self._prose_of_summary(box) for box in self.summaries_of(draft)),
            *draft.prose_behind,
        ]

    def _prose_in_boxes(self, boxes: Sequence[Box]) -> list[Prose]:
        definitions = [(box.field.value.definition, box) for box in boxes]
        return [field_prose(one, box.text) for one, box in definitions if one.kind in WRITTEN_KINDS]

    def _prose_of_summary(self, box: SummaryBox) -> Prose:
        return summary_prose(self.postmortem, box.incident, box.text)


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_words
def write(request: HttpRequest, number: int) -> HttpResponse:
    """POST saves the title, and every section and field that was changed; what cannot be saved stays."""
    if request.method != "POST":
        with remembering():
            return _show(request, Desk.of(request, number))
    desk = Desk.of(request, number)
    desk.take(request.POST)
    edited = [draft for draft in desk.drafts if draft.was_edited]
    done = [draft.section.title for draft in edited if desk.save(draft)]
    done += desk.boxes.save(desk.boxes.every)
    done += desk.save_summaries()
    done += desk.save_cover()
    for one in desk.drafts:
        done += desk.do(one, "", request.POST)
    came_back = settle_stray(
        actor=desk.actor,
        postmortem=desk.postmortem,
        strays=desk.strays,
        said=request.POST.get("save", ""),
    )
    if came_back:
        done.append(came_back)
        desk.add_new_sections()
    if done:
        more = MERGED if any(draft.merged for draft in desk.drafts) else ""
        messages.success(request, f"Saved: {', '.join(done)}.{more}")
    every: list[Draft | SummaryBox] = [*desk.drafts, *desk.summaries]
    conflict = any(box.theirs is not None for box in every)
    conflict = conflict or bool(desk.boxes.conflicts or desk.cover.conflicts)
    refused = any(box.error for box in every) or desk.cover.wants_attention or bool(desk.refusals)
    refused = refused or bool(desk.strays)
    if conflict or desk.boxes.errors or refused:
        return _show(request, desk, status=409 if conflict else 400)
    forgot = request.POST.get("save", "").startswith(DROP)
    if not done and not forgot:
        messages.info(request, "Nothing was changed, so nothing was saved.")
    anchor = request.POST.get("save", "")
    draft = desk.find(anchor)
    page = reverse("postmortems:write", args=[number])
    return redirect(f"{page}#section-{draft.section.unique_id}" if draft else page)


@require_POST
@keeps_words
def save_section(request: HttpRequest, number: int, unique_id: uuid.UUID) -> HttpResponse:
    """Save one section and the fields in it. With script its card comes back, without it the page."""
    desk = Desk.of(request, number)
    desk.take(request.POST)
    draft = desk.find(unique_id)
    if draft is None:
        return show_gone(request, desk)
    draft, is_done = desk.save_card(draft, request.POST)
    if not request.headers.get("HX-Request"):
        if is_done:
            saved = desk.find(unique_id)
            more = MERGED if saved is not None and saved.merged else ""
            messages.success(request, f"Saved: {draft.section.title}.{more}")
            return redirect(f"{reverse('postmortems:write', args=[number])}#section-{unique_id}")
        boxes: list[Box | SummaryBox] = [*desk.boxes.of_section(draft.section), *desk.summaries_of(draft)]
        conflict = draft.theirs is not None or any(box.theirs is not None for box in boxes)
        return _show(request, desk, status=409 if conflict else 400)
    return _show_card(request, desk, draft, status=200 if is_done else FRAGMENT_REFUSED)


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_words
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
        return show_gone(request, desk)
    done = desk.do(draft, request.POST.get("record", ""), request.POST)
    is_fragment = bool(request.headers.get("HX-Request"))
    status = (FRAGMENT_REFUSED if is_fragment else 400) if desk.refusals else 200
    if is_fragment:
        return _show_card(request, desk, draft, status=status)
    if done:
        messages.success(request, f"Done: {', '.join(done)}.")
    return _show(request, desk, status=status)


@require_POST
@keeps_words
def save_fields(request: HttpRequest, number: int) -> HttpResponse:
    """Save the fields that no section shows. With script their card comes back, without it the page."""
    desk = Desk.of(request, number)
    desk.take(request.POST)
    saved = desk.boxes.save(desk.boxes.unplaced)
    boxes = desk.boxes.unplaced
    is_done = not any(box.wants_attention for box in boxes)
    if request.headers.get("HX-Request"):
        desk.draw_fields_remarks()
        context = {"postmortem": desk.postmortem, "boxes": desk.boxes.unplaced, "is_saved": is_done}
        status = 200 if is_done else FRAGMENT_REFUSED
        return render(request, "postmortems/fields/_unplaced.html", context, status=status)
    if is_done:
        if saved:
            messages.success(request, f"Saved: {', '.join(saved)}.")
        return redirect(f"{reverse('postmortems:write', args=[number])}#section-fields")
    return _show(request, desk, status=409 if any(box.theirs is not None for box in boxes) else 400)


@require_POST
@keeps_words
def preview(request: HttpRequest, number: int) -> HttpResponse:
    """Show how a section will read, and save nothing. `?section=` names it."""
    desk = Desk.of(request, number)
    desk.take(request.POST)
    draft = desk.find(request.GET.get("section", ""))
    if draft is None:
        return show_gone(request, desk)
    is_fragment = bool(request.headers.get("HX-Request"))
    if len(draft.text.encode(errors="replace")) > SECTION_TEXT_BYTES_MAX:
        draft.error = f"A section holds {SECTION_TEXT_BYTES_MAX // 1024} KB, and this text is longer."
    else:
        key = draft.section.unique_id.hex[:8]
        draft.preview_html = _html(rules.prose_blocks(draft.text), f"preview-{key}")
    if is_fragment:
        return _show_card(request, desk, draft, status=FRAGMENT_REFUSED if draft.error else 200)
    return _show(request, desk, status=400 if draft.error else 200)


def _show(request: HttpRequest, desk: Desk, status: int = 200) -> HttpResponse:
    with remembering():
        return _draw(request, desk, status)


def _draw(request: HttpRequest, desk: Desk, status: int) -> HttpResponse:
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
        "strays": desk.strays,
        "remarks": draw_document_remarks(actor=desk.actor, postmortem=desk.postmortem, typed=desk.typed),
        "incidents": reads.incidents_of(desk.postmortem),
        "place": PLACE_NAMES.get(desk.postmortem.written_in, ""),
        "revision": reads.latest_revision(desk.postmortem),
        "bytes_max": SECTION_TEXT_BYTES_MAX,
    }
    return render(request, "postmortems/write.html", context, status=status)


def show_gone(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The section was taken out meanwhile: what was typed into it comes back. Raises NotFound without any."""
    if not desk.strays:
        raise NotFound
    if request.headers.get("HX-Request"):
        context = {"postmortem": desk.postmortem, "strays": desk.strays}
        return render(request, "postmortems/_strays.html", context, status=FRAGMENT_REFUSED)
    return _show(request, desk, status=409)


@remembering()
def _show_card(request: HttpRequest, desk: Desk, draft: Draft, status: int, name: str = CARD) -> HttpResponse:
    desk.draw(draft)
    desk.draw_remarks([draft])
    context = {
        "postmortem": desk.postmortem,
        "draft": draft,
        "refusals": desk.refusals,
        "bytes_max": SECTION_TEXT_BYTES_MAX,
    }
    return render(request, name, context, status=status)


def show_desk(request: HttpRequest, desk: Desk, *, status: int = 200) -> HttpResponse:
    """The whole page, with everything that was typed; for the rooms above that put something on it."""
    return _show(request, desk, status)


def show_card(
    request: HttpRequest, desk: Desk, draft: Draft, *, status: int = 200, name: str = CARD
) -> HttpResponse:
    """The card of one section, as the script puts it into its place; `name` is the template around it."""
    return _show_card(request, desk, draft, status, name)


def _html(blocks: list[Block], prefix: str) -> SafeString:
    html = render_html(blocks, heading_offset=HEADING_OFFSET, id_prefix=prefix)
    return mark_safe(html)  # noqa: S308 - cleaned by the renderer
