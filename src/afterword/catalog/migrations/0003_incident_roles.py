from typing import Any

from django.db import migrations

ROLES = (
    ("Incident lead", "Leads the response and decides."),
    ("Reporter", "Noticed it first."),
    ("Participant", "Works on it."),
    ("Observer", "Follows it."),
)


def make_roles(apps: Any, schema_editor: Any) -> None:
    """The roles that every organisation begins with; it may change them."""
    role = apps.get_model("catalog", "IncidentRole")
    for rank, (name, description) in enumerate(ROLES, start=1):
        role.objects.create(name=name, description=description, rank=rank)


class Migration(migrations.Migration):
    dependencies = [("catalog", "0002_response_and_maintenance")]

    operations = [migrations.RunPython(make_roles, migrations.RunPython.noop)]
