from django.db import migrations


class Migration(migrations.Migration):
    """Write down what the alerts of the incidents so far were about, as 0002 wants it."""

    dependencies = [("incidents", "0002_full_alerts")]

    operations = [
        migrations.RunSQL(
            "INSERT INTO incidents_incidententity (incident_id, integration_id, entity_id, joined_at, resolved_at)"
            " SELECT id, integration_id, entity_id, created_at, resolved_at FROM incidents_incident"
            " WHERE integration_id IS NOT NULL",
            migrations.RunSQL.noop,
        ),
    ]
