"""The components of every page: `{% load components %}`.

Each tag escapes what it is given and needs neither script nor inline style. `/design` shows them all,
with the lines that make them; this is the list.

    {% built_asset "main.css" %}                    address of a file that the front-end build made
    {% icon "plus" %} {% icon "plus" "Add" %}       decoration; or a sign with a name of its own
    {% badge incident.status %}                     word, sign and tone of a state (badges.py)
    {{ html|with_signs }}                           the same signs in the badges of a document
    {% time value %} {% time value style="date" %}  in the reader's zone, UTC on hover
    {% elapsed start at %}                          "+7 min"
    {% relative value %}                            "7 minutes ago"
    {{ length|duration }}                           "1 h 05 min" of a timedelta or of seconds
    {% field form.title %}                          label, help, widget, errors
    {% form_errors form %}                          what is wrong, each linked to its field
    {% copy_block text label="Webhook" %}           text with a button to copy it
    {% copy_line thing.unique_id %}                 the same within a line, for ids
    {% empty "Title" "Sentence." url "Action" %}    nothing here, and what to do about it
    {% pagination page %}                           pages of a list, keeping the filters
    {% toasts %}                                    Django's messages; base.html has it already
    {% tabs "Label" %}{% tab url "Text" count %}{% endtabs %}
    {% callout "Title" tone="amber" %}...{% endcallout %}
    {% dialog "id" "Title" %}...{% enddialog %}     opened by <a href="#id">
    {% entry kind="critical" at=... start=... who=... source=... %}...{% endentry %}
    {% entry_sign "critical" %}                     the sign of a line that a page lays out itself
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.contrib.messages import get_messages
from django.core.paginator import Page
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, Form, RadioSelect
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template import Context
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from afterword.documents import read_line
from afterword.lib import clock
from afterword.web import badges, moments, navigation
from afterword.web.assets import built_asset_url
from afterword.web.icons import render_icon

register = template.Library()

TIME_STYLES = {"full": "j M Y, H:i", "seconds": "j M Y, H:i:s", "date": "j M Y", "time": "H:i"}
TIMES_KEPT_MAX = 5_000
"""How many times a process keeps as HTML. An open page asks for the same ones with each change."""
BADGES_KEPT_MAX = 500
_DOCUMENT_BADGE = re.compile(r'<span class="badge (badge-[a-z]+)">([^<]*)</span>')
THEMES = (("auto", "system", "As the system"), ("light", "sun", "Light"), ("dark", "moon", "Dark"))
THEME_COOKIE = "theme"
TONES_OF_MESSAGES = {
    "success": ("green", "tick-circle"),
    "warning": ("amber", "alert"),
    "error": ("red", "alert"),
    "info": ("blue", "info"),
    "debug": ("grey", "info"),
}
ICONS_OF_TONES = {"blue": "info", "green": "tick-circle", "amber": "alert", "red": "alert", "grey": "info"}
SEARCHED_FROM = 12
"""Of more things to tick than these a box, where there is script, leaves those with the typed words."""
ENTRY_ICONS = {"alert": "bell", "status": "flag", "note": "note", "change": "refresh", "edit": "edit"}
IRREGULAR_SINGULARS = {
    "people": "person",
    "entries": "entry",
    "priorities": "priority",
    "escalation policies": "escalation policy",
}
PAGES_AROUND = 1
PAGES_AT_ENDS = 1


@register.simple_tag
def built_asset(name: str) -> str:
    """The address of `main.css` or `main.ts` as the build named it. Raises AssetMissingError."""
    return built_asset_url(name)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """`{% icon "plus" %}`: an inline SVG the size of the text; give a label where it stands alone."""
    return render_icon(name, label)


@register.simple_tag
def badge(value: object, label: object = "", tone: str = "", sign: str | None = None) -> SafeString:
    """`{% badge incident.status %}`. `label` says it in other words; `tone` and `sign` change the look."""
    look = badges.look_of(value)
    return _badge(label or look.text, tone or look.tone, look.icon if sign is None else sign)


@register.simple_tag
def time(value: datetime | date | None, zone: str | tzinfo | None = None, style: str = "full") -> SafeString:
    """`{% time incident.started_at %}`: a <time> in the reader's zone, with UTC as its title.

    The zone is the active one (Django's current time zone) unless given. `style` is full, seconds, date
    or time. Nothing known is shown as a dash.
    """
    if value is None:
        return format_html('<span class="soft">{}</span>', "–")
    if not isinstance(value, datetime):
        return format_html('<time datetime="{}">{}</time>', value.isoformat(), date_format(value, "j M Y"))
    wanted = ZoneInfo(zone) if isinstance(zone, str) else zone or timezone.get_current_timezone()
    return _time(value, wanted, style)


@register.simple_tag
def elapsed(start: datetime | None, at: datetime | None) -> str:
    """`{% elapsed incident.started_at entry.at %}`: "+7 min" after the start, "−3 min" before it."""
    return clock.describe_elapsed(start, at) if start and at else ""


@register.simple_tag
def relative(value: datetime | None, now: datetime | None = None) -> SafeString:
    """`{% relative key.used_at %}`: a <time> that reads "7 minutes ago", with UTC as its title."""
    if value is None:
        return format_html('<span class="soft">{}</span>', "never")
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        value.isoformat(timespec="seconds"),
        moments.utc_in_words(value),
        moments.relative_in_words(value, now or timezone.now()),
    )


@register.filter
def as_read(text: str) -> str:
    """`{{ question.text|as_read }}`: the beginning of a Markdown text on one line, without its marks."""
    return read_line(text)


@register.filter
def with_signs(html: SafeString) -> SafeString:
    """`{{ html|with_signs }}`: a rendered document, each state in it with the sign that it has elsewhere.

    What people write is no badge there: the renderer escapes it.
    """
    return mark_safe(_DOCUMENT_BADGE.sub(_signed, html))  # noqa: S308 - cleaned by the renderer


@register.filter
def duration(length: timedelta | float | None) -> str:
    """`{{ incident.duration|duration }}`: "1 h 05 min"; a number is seconds; nothing is a dash."""
    if length is None:
        return "–"
    return clock.describe_duration(length if isinstance(length, timedelta) else timedelta(seconds=length))


@register.inclusion_tag("web/components/field.html")
def field(
    bound: BoundField, label: str = "", help: str = "", kind: str = "", optional: bool = True
) -> dict[str, Any]:
    """`{% field form.title %}`: one field of a form with its label, help and errors, tied for readers.

    `label` and `help` replace the field's own; `kind` adds a class (`field--search`, `mono` is set on the
    widget); `optional=False` leaves out the word "optional", as in a line of filters. A hidden field is
    only its input.
    """
    widget = bound.field.widget
    return {
        "field": bound,
        "label": label or bound.label,
        "help": help or bound.help_text,
        "kind": kind,
        "describes": _describing_ids(bound, help),
        "control": _control(bound, help),
        "is_check": isinstance(widget, CheckboxInput),
        "is_choices": isinstance(widget, RadioSelect | CheckboxSelectMultiple),
        "narrows": isinstance(widget, CheckboxSelectMultiple) and len(list(widget.choices)) > SEARCHED_FROM,
        "is_optional": optional and not bound.field.required and not isinstance(widget, CheckboxInput),
    }


@register.inclusion_tag("web/components/form_errors.html")
def form_errors(form: Form) -> dict[str, Any]:
    """`{% form_errors form %}`: what is wrong with the whole form, each error a link to its field."""
    return {
        "form": form,
        "fields": [bound for bound in form.visible_fields() if bound.errors],
        "general": [
            *form.non_field_errors(),
            *(error for bound in form.hidden_fields() for error in bound.errors),
        ],
        "count": sum(len(errors) for errors in form.errors.values()),
    }


@register.inclusion_tag("web/components/copy_block.html")
def copy_block(text: object, label: str = "", wrap: bool = False) -> dict[str, Any]:
    """`{% copy_block curl_line label="Try it" %}`: text to copy; `wrap=True` breaks long lines."""
    return {"text": str(text), "label": label, "wrap": wrap}


@register.inclusion_tag("web/components/copy_line.html")
def copy_line(text: object) -> dict[str, Any]:
    """`{% copy_line tag.unique_id %}`: an id within a line or a table, with a small button to copy it."""
    return {"text": str(text)}


@register.inclusion_tag("web/components/empty.html")
def empty(
    title: str, text: str = "", url: str = "", action: str = "", icon: str = "book", small: bool = False
) -> dict[str, Any]:
    """`{% empty "No incidents yet" "Why, and what next." url "Add one" icon="zap" %}`."""
    return {"title": title, "text": text, "url": url, "action": action, "icon": icon, "small": small}


@register.inclusion_tag("web/components/pagination.html", takes_context=True)
def pagination(
    context: Context, page: Page[Any], noun: str = "", parameter: str = "page", path: str = ""
) -> dict[str, Any]:
    """`{% pagination page "incidents" %}`: links to the pages of a Paginator.

    The filters stay in the address. With a single page it only counts: "3 incidents", "1 incident". `path` is
    where the list is read, where the page may be the answer to what was sent elsewhere.
    """
    request: HttpRequest | None = context.get("request")
    query = request.GET.copy() if request else None

    def address(number: int) -> str:
        if query is None:
            return f"{path}?{parameter}={number}"
        query[parameter] = str(number)
        return f"{path}?{query.urlencode()}"

    numbers: Iterable[int | str] = page.paginator.get_elided_page_range(
        page.number, on_each_side=PAGES_AROUND, on_ends=PAGES_AT_ENDS
    )
    return {
        "page": page,
        "noun": _singular(noun) if page.paginator.count == 1 else noun,
        "several": page.paginator.num_pages > 1,
        "pages": [(number, address(number) if isinstance(number, int) else "") for number in numbers],
        "previous": address(page.previous_page_number()) if page.has_previous() else "",
        "next": address(page.next_page_number()) if page.has_next() else "",
    }


@register.inclusion_tag("web/components/toasts.html", takes_context=True)
def toasts(context: Context, swap: bool = False) -> dict[str, Any]:
    """`{% toasts %}`: Django's messages.

    In a fragment for htmx `swap=True` puts them into their place on the page.
    """
    request: HttpRequest | None = context.get("request")
    shown = []
    for message in get_messages(request) if request else []:
        tone, name = TONES_OF_MESSAGES.get(message.level_tag, ("grey", "info"))
        shown.append({"text": message.message, "tone": tone, "icon": name, "urgent": tone == "red"})
    return {"toasts": shown, "swap": swap}


@register.simple_block_tag
def tabs(content: SafeString, label: str) -> SafeString:
    """`{% tabs "Incident 7" %}{% tab ... %}{% endtabs %}`: the pages of one thing."""
    return format_html('<nav class="tabs" aria-label="{}">{}</nav>', label, content)


@register.simple_tag(takes_context=True)
def tab(
    context: Context, url: str, text: str, count: int | None = None, current: bool | None = None
) -> SafeString:
    """`{% tab url "Alerts" 12 %}`: current when the page read now is at `url`, unless you say."""
    request: HttpRequest | None = context.get("request")
    is_current = bool(request and request.path == url) if current is None else current
    return format_html(
        '<a href="{}"{}>{}{}</a>',
        url,
        SafeString(' aria-current="page"') if is_current else "",
        text,
        "" if count is None else format_html(' <span class="count">{}</span>', count),
    )


@register.simple_block_tag
def callout(content: SafeString, title: str = "", tone: str = "blue", icon: str = "") -> SafeString:
    """`{% callout "Title" tone="amber" %}...{% endcallout %}`: help, or a warning, beside the work."""
    return render_to_string(
        "web/components/callout.html",
        {"content": content, "title": title, "tone": tone, "icon": icon or ICONS_OF_TONES.get(tone, "info")},
    )


@register.simple_block_tag
def dialog(content: SafeString, id: str, title: str) -> SafeString:
    """`{% dialog "add-note" "Add a note" %}...{% enddialog %}`, opened by `<a href="#add-note">`.

    Without script the link shows it by :target.
    """
    return render_to_string("web/components/dialog.html", {"content": content, "id": id, "title": title})


@register.simple_block_tag
def entry(
    content: SafeString,
    kind: object = "note",
    at: datetime | None = None,
    start: datetime | None = None,
    who: object = "",
    source: object = "",
    id: str = "",
) -> SafeString:
    """One line of `<ol class="timeline">`: what (the content), when, since the start, who, from where.

    `kind` is an entry's kind (alert, status, note, change) or a state that badges.py knows.
    """
    look = badges.look_of(kind)
    return render_to_string(
        "web/components/entry.html",
        {
            "content": content,
            "tone": look.tone,
            "icon": ENTRY_ICONS.get(str(kind)) or look.icon or "dot",
            "at": at,
            "start": start,
            "who": who,
            "source": source,
            "id": id,
        },
    )


@register.simple_tag
def entry_sign(kind: object) -> SafeString:
    """`{% entry_sign entry.kind %}`: the sign before a line of a timeline, in its tone."""
    look = badges.look_of(kind)
    return _entry_sign(look.tone, ENTRY_ICONS.get(str(kind)) or look.icon or "dot")


@register.simple_tag(takes_context=True)
def theme(context: Context) -> str:
    """The reader's choice of light, dark or auto, from the cookie; for `<html data-theme>`."""
    request: HttpRequest | None = context.get("request")
    chosen = request.COOKIES.get(THEME_COOKIE, "") if request else ""
    return chosen if chosen in {name for name, _, _ in THEMES} else "auto"


@register.inclusion_tag("web/components/theme_switch.html", takes_context=True)
def theme_switch(context: Context) -> dict[str, Any]:
    """Three buttons: as the system, light, dark. A form, so it works without script."""
    request: HttpRequest | None = context.get("request")
    return {
        "themes": THEMES,
        "chosen": theme(context),
        "csrf_token": get_token(request) if request else "",
        "next": request.get_full_path() if request else "/",
    }


@register.simple_tag(takes_context=True)
def navigation_links(context: Context) -> list[navigation.Link]:
    """The places of the navigation, the current one marked by the address of the page."""
    request: HttpRequest | None = context.get("request")
    return navigation.links(request.path if request else "")


def _signed(found: re.Match[str]) -> str:
    tone, word = found.groups()
    if sign := badges.sign_of(word):
        return f'<span class="badge {tone}">{render_icon(sign)}{word}</span>'
    return f'<span class="badge badge--plain {tone}">{word}</span>'


@lru_cache(BADGES_KEPT_MAX, typed=True)
def _badge(label: object, tone: str, sign: str) -> SafeString:
    return format_html(
        '<span class="badge{}" data-tone="{}">{}{}</span>',
        "" if sign else " badge--plain",
        tone,
        render_icon(sign) if sign else "",
        label,
    )


@lru_cache(TIMES_KEPT_MAX)
def _time(value: datetime, zone: tzinfo, style: str) -> SafeString:
    try:
        local = timezone.localtime(value, zone)
    except OverflowError:
        # A moment at the edge of the calendar is beyond it in some zones; in UTC it can always be written.
        local = timezone.localtime(value, UTC)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        local.isoformat(timespec="seconds"),
        moments.utc_in_words(value),
        date_format(local, TIME_STYLES[style]),
    )


@lru_cache(BADGES_KEPT_MAX)
def _entry_sign(tone: str, sign: str) -> SafeString:
    return format_html('<span class="timeline__sign" data-tone="{}">{}</span>', tone, render_icon(sign))


def _singular(noun: str) -> str:
    return IRREGULAR_SINGULARS.get(noun, noun.removesuffix("s"))


def _describing_ids(bound: BoundField, help: str) -> str:
    ids = []
    if bound.auto_id and (help or bound.help_text):
        ids.append(f"{bound.auto_id}_helptext")
    if bound.auto_id and bound.errors:
        ids.append(f"{bound.auto_id}_error")
    return " ".join(ids)


def _control(bound: BoundField, help: str) -> SafeString:
    describes = _describing_ids(bound, help)
    attributes: dict[str, str | bool] = (
        {"aria-describedby": describes} if describes and not bound.use_fieldset else {}
    )
    return bound.as_widget(attrs=attributes)
