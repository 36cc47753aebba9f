"""How integrations fare, for pages of any package: `{% load signals %}`.

Pages below this package name the library and import nothing of it.

    {% signal_figures integration %}                 rates, lag and what waits
    {% failing_services services as failing %}       the keys of those whose signals fail
    {% failing_integrations_callout %}               a warning with links, or nothing
    {% sparkline figures.minutes %}                  the last hour as a small picture
    {{ signal.took_milliseconds|lag }}               "12 ms", "1.4 s", "3 min"
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from django import template
from django.http import HttpRequest
from django.template import Context
from django.utils.safestring import SafeString

from afterword.accounts.models import Person
from afterword.catalog.models import Integration, Service
from afterword.ingest.fates import reads
from afterword.ingest.fates.rules import Minute
from afterword.ingest.fates.sparkline import draw
from afterword.lib import clock

INTEGRATIONS_NAMED_MAX = 5
SECONDS_SHOWN_WITH_TENTHS = 60

register = template.Library()


@register.inclusion_tag("ingest/_figures.html", takes_context=True)
def signal_figures(context: Context, integration: Integration) -> dict[str, Any]:
    found = reads.figures_of(_reader(context), [integration], now=clock.now())
    return {"figures": found.get(integration.pk)}


@register.simple_tag(takes_context=True)
def failing_services(context: Context, services: Iterable[Service]) -> set[int]:
    return reads.failing_services(_reader(context), services, now=clock.now())


@register.inclusion_tag("ingest/_failing.html", takes_context=True)
def failing_integrations_callout(context: Context) -> dict[str, Any]:
    found = reads.failing_integrations(
        _reader(context), now=clock.now(), integrations_max=INTEGRATIONS_NAMED_MAX + 1
    )
    return {
        "integrations": found[:INTEGRATIONS_NAMED_MAX],
        "more": len(found) > INTEGRATIONS_NAMED_MAX,
        "is_admin": _reader(context).is_admin,
    }


@register.simple_tag
def sparkline(minutes: Sequence[Minute]) -> SafeString:
    return draw(minutes)


@register.filter
def lag(milliseconds: float | None) -> str:
    """A length of time that is mostly short; nothing is a dash."""
    if milliseconds is None:
        return "–"
    if milliseconds < 1000:
        return f"{milliseconds:.0f} ms"
    if milliseconds < SECONDS_SHOWN_WITH_TENTHS * 1000:
        return f"{milliseconds / 1000:.1f} s"
    return clock.describe_duration(timedelta(milliseconds=milliseconds))


def _reader(context: Context) -> Person:
    request: HttpRequest = context["request"]
    assert isinstance(request.user, Person), "this page needs a sign-in"
    return request.user
