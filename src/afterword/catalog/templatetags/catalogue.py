"""How the things of the catalogue look on a page: `{% load catalogue %}`.

{% coloured incident.priority %}     a priority, a severity or a tag, in its colour
{{ sla.resolve_minutes|minutes }}    "1 d 12 h"; a dash for nothing
{{ tag.colour|tone }}                the name of its colour, for data-tone
{{ window|in_words }}                "Every Tuesday 02:00–04:00 Europe/Berlin"
"""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from afterword.catalog.colours import name_of
from afterword.catalog.maintenance import Window
from afterword.catalog.minutes import describe_minutes
from afterword.catalog.models import Priority, Severity, Tag
from afterword.catalog.wording import describe_window
from afterword.lib import clock

register = template.Library()


@register.simple_tag
def coloured(thing: Priority | Severity | Tag) -> SafeString:
    return format_html(
        '<span class="badge badge--plain badge--named" data-tone="{}">{}</span>', name_of(thing.colour), thing
    )


@register.filter
def tone(colour: str) -> str:
    return name_of(colour)


@register.filter
def minutes(count: int | None) -> str:
    return "–" if count is None else describe_minutes(count)


@register.filter
def in_words(window: Window) -> str:
    return describe_window(window, clock.now())
