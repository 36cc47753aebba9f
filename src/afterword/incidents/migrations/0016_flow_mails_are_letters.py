from django.db import migrations


def hand_over(apps, schema_editor):
    """What is still on its way goes on as a letter. What was cut off in the middle is not sent again."""
    FlowMail = apps.get_model("incidents", "FlowMail")
    Letter = apps.get_model("letters", "Letter")
    waiting = FlowMail.objects.filter(state="waiting", handed_over_at=None).prefetch_related("tasks")
    for mail in waiting.order_by("pk").iterator(chunk_size=500):
        about = {"tasks": [task.pk for task in mail.tasks.all()]}
        if mail.calendar:
            about["calendar"] = mail.calendar
        Letter.objects.create(
            unique_id=mail.unique_id,
            kind=f"flow.{mail.kind}",
            person_id=mail.person_id,
            about=about,
            attempts=mail.attempts,
            next_attempt_at=mail.next_attempt_at,
            error=mail.error,
            created_at=mail.created_at,
        )


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0015_one_index_less"),
        ("letters", "0001_letters"),
    ]

    operations = [
        migrations.RunPython(hand_over, migrations.RunPython.noop, elidable=True),
        migrations.DeleteModel(name="FlowMail"),
    ]
