from django.db import migrations, models


class Migration(migrations.Migration):
    """Find at once which failed signals were not run again."""

    dependencies = [("ingest", "0005_fewer_indexes")]

    operations = [
        migrations.AddIndex(
            model_name="signal",
            index=models.Index(
                condition=models.Q(("error", ""), _negated=True) & models.Q(("retried_at__isnull", True)),
                fields=["integration_id", "received_at", "failure"],
                name="signal_to_run_again",
            ),
        ),
    ]
