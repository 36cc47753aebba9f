from typing import Any

from django.db import migrations

STEPS = (
    {
        "kind": "key_fields",
        "title": "Set the key fields",
        "help_text": "A summary that somebody understands who was not there, and when the impact began and "
        "was fixed. It ticks itself when they are there.",
        "due_days": 1,
        "is_required": True,
    },
    {
        "kind": "timeline",
        "title": "Review the timeline",
        "help_text": "Add what is missing while everybody remembers: what was seen, tried and decided.",
        "due_days": 1,
        "is_required": False,
    },
    {
        "kind": "draft",
        "title": "Draft the post-mortem",
        "help_text": "It ticks itself when the post-mortem is in review.",
        "due_days": 3,
        "is_required": True,
    },
    {
        "kind": "debrief",
        "title": "Hold a debrief",
        "help_text": "Half an hour together, led by somebody who was not involved. Where the document says "
        "it all, say so and leave it out.",
        "due_days": 5,
        "is_required": False,
    },
    {
        "kind": "follow_ups",
        "title": "Review the follow-ups",
        "help_text": "It ticks itself when every follow-up has an owner and a due date.",
        "due_days": 5,
        "is_required": True,
    },
    {
        "kind": "share",
        "title": "Share what was learned",
        "help_text": "With everyone who could run into the same thing.",
        "due_days": 7,
        "is_required": False,
    },
)


def make_flow(apps: Any, schema_editor: Any) -> None:
    """The flow that every organisation begins with; it may change it."""
    role = apps.get_model("catalog", "IncidentRole")
    flow = apps.get_model("incidents", "Flow")
    step = apps.get_model("incidents", "FlowStep")
    lead = role.objects.filter(archived_at__isnull=True).order_by("rank", "id").first()
    # What resolved itself before anybody looked is no story to learn from.
    made = flow.objects.create(name="Learning from incidents", rank=1, conditions={"people": ["some"]})
    for rank, fields in enumerate(STEPS, start=1):
        step.objects.create(
            flow=made,
            rank=rank,
            owner_rule="role" if lead else "manager",
            owner_role=lead,
            remind_before_days=1 if fields["is_required"] else None,
            remind_every_days=2 if fields["is_required"] else None,
            **fields,
        )


class Migration(migrations.Migration):
    dependencies = [("incidents", "0006_post_incident_flow"), ("catalog", "0003_incident_roles")]

    operations = [migrations.RunPython(make_flow, migrations.RunPython.noop)]
