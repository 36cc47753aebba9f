from django.db import migrations


def vacuum_by_number(apps, schema_editor):
    """On PostgreSQL: the inbox is small or large from one minute to the next, and always full of dead rows."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "ALTER TABLE ingest_inbox SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000,"
            " autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 50000)"
        )


class Migration(migrations.Migration):

    dependencies = [("ingest", "0006_signals_to_run_again")]

    operations = [migrations.RunPython(vacuum_by_number, migrations.RunPython.noop)]
