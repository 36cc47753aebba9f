from typing import Any

from django.db import migrations
from django.db.models.functions import Lower

SEVERITIES = (
    (
        "SEV1",
        "Critical: most people cannot use it, or data is lost. Everyone needed is called at once.",
        "#dc2626",
    ),
    ("SEV2", "Major: an important part does not work for many, and there is no easy way around.", "#ea580c"),
    ("SEV3", "Minor: something is slow or broken for some, and there is a way around.", "#d97706"),
    ("SEV4", "Low: hardly anybody notices. It can wait for working hours.", "#6b7280"),
)
TYPES = (
    ("Platform", "Our software or what it runs on."),
    ("Third party", "Somebody else's service that we need."),
    ("Security", "Somebody got, or could have got, where they should not."),
    ("Data", "Data was wrong, late or lost."),
    ("Process", "A way of working, as a change that went out by mistake."),
)
MEANINGS = (
    ("incident lead", "lead", True),
    ("reporter", "reporter", False),
    ("participant", "participant", False),
    ("observer", "observer", False),
)
PARTICIPANT, ACTIVE_PARTICIPANT = "Participant", "Active participant"


def make_them(apps: Any, schema_editor: Any) -> None:
    """What every organisation begins with, and may change. The roles that it has already get a meaning."""
    severity, type_ = apps.get_model("catalog", "Severity"), apps.get_model("catalog", "IncidentType")
    for rank, (name, description, colour) in enumerate(SEVERITIES, start=1):
        severity.objects.create(name=name, description=description, colour=colour, rank=rank)
    for rank, (name, description) in enumerate(TYPES, start=1):
        type_.objects.create(name=name, description=description, rank=rank)
    roles = apps.get_model("catalog", "IncidentRole").objects
    named = roles.annotate(lower=Lower("name")).filter(archived_at__isnull=True)
    for name, meaning, is_single in MEANINGS:
        role = named.filter(lower=name).first()
        if role is not None:
            role.meaning, role.is_single = meaning, is_single
            if role.name == PARTICIPANT and not named.filter(lower=ACTIVE_PARTICIPANT.lower()).exists():
                role.name = ACTIVE_PARTICIPANT
            role.save()


class Migration(migrations.Migration):
    dependencies = [("catalog", "0005_severities_and_types")]

    operations = [migrations.RunPython(make_them, migrations.RunPython.noop)]
