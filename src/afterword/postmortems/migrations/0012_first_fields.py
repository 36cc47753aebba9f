"""What an impact is told by beside its duration and services: fields that the shipped templates place."""

from typing import Any

from django.db import migrations
from django.db.models import Max

FIELDS = [
    ("customers-affected", "Customers affected", "text", "How many, or what share of them: 1,200, or 4 %."),
    ("support-cases", "Support cases", "number", "How many people asked for help because of it."),
    ("revenue-affected", "Revenue affected", "text", "An amount with its currency, if any was lost or delayed."),
]


def make_fields(apps: Any, schema_editor: Any) -> None:
    """Those whose names are free; an organisation that has its own keeps them as they are."""
    field_model = apps.get_model("postmortems", "PostmortemField")
    names = {name.casefold() for name in field_model.objects.values_list("name", flat=True)}
    slugs = set(field_model.objects.values_list("slug", flat=True))
    last = field_model.objects.aggregate(last=Max("rank"))["last"]
    rank = 0 if last is None else last + 1
    for slug, name, kind, help_text in FIELDS:
        if slug not in slugs and name.casefold() not in names:
            field_model.objects.create(slug=slug, name=name, kind=kind, help=help_text, rank=rank)
            rank += 1


class Migration(migrations.Migration):
    dependencies = [("postmortems", "0011_asked_again")]

    operations = [migrations.RunPython(make_fields, migrations.RunPython.noop)]
