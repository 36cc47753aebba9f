"""What the audit log keeps from those who do not see a private incident.

An event names its subject, and many subjects belong to an incident: its lines, pages, messages, tasks,
post-mortems. Which models those are is read from their fields, so that a new one is concealed as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from django.apps import apps
from django.db.models import CharField, ForeignKey, ManyToManyField, Model, Q
from django.db.models.functions import Cast

from afterword.accounts.models import Person
from afterword.incidents.models import Incident
from afterword.incidents.privacy.reads import hidden_incidents

STEPS_MAX = 4
"""From a model to the incident that it belongs to."""


def conceal_private(actor: Person) -> Q | None:
    """The audit events about incidents that the actor does not see; None when there are no such incidents."""
    hidden = hidden_incidents(actor)
    if not hidden.exists():
        return None
    found = Q(pk__in=[])
    for kind, paths in paths_to_incidents().items():
        belongs = Q()
        for path in paths:
            belongs |= Q(**{f"{path}__in": hidden})
        rows = apps.get_model(kind)._default_manager.filter(belongs).order_by()
        keys = rows.annotate(as_text=Cast("pk", CharField())).values("as_text")
        found |= Q(subject_kind=kind.rpartition(".")[2], subject_id__in=keys)
    return found


@cache
def paths_to_incidents() -> dict[str, tuple[str, ...]]:
    """Each model that belongs to incidents, as `app.model` in small letters, with its shortest ways there."""
    found: dict[type[Model], tuple[str, ...]] = {Incident: ("pk",)}
    for _ in range(STEPS_MAX):
        nearer = dict(found)
        for model in apps.get_models():
            ways = tuple(_ways(model, nearer)) if model not in nearer else ()
            if ways:
                found[model] = ways
    return {model._meta.label_lower: ways for model, ways in found.items()}


def _ways(model: type[Model], nearer: dict[type[Model], tuple[str, ...]]) -> Iterator[str]:
    for field in (*model._meta.fields, *model._meta.many_to_many):
        if not isinstance(field, ForeignKey | ManyToManyField) or not isinstance(field.related_model, type):
            continue
        for way in nearer.get(field.related_model, ()):
            yield field.name if way == "pk" else f"{field.name}__{way}"
