from django.db import migrations


class Migration(migrations.Migration):
    """Say of the signals that have failed so far what kind of failure it was."""

    dependencies = [("ingest", "0002_mapping_and_rules")]

    operations = [
        migrations.RunSQL(
            "UPDATE ingest_signal SET failure = 'refused' WHERE error <> ''", migrations.RunSQL.noop
        ),
    ]
