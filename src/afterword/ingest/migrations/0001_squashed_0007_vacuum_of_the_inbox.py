from typing import Any

import afterword.lib.clock
import afterword.lib.ids
import django.db.models.deletion
from django.db import migrations, models


def vacuum_by_number(apps: Any, schema_editor: Any) -> None:
    """On PostgreSQL: the inbox is small or large from one minute to the next, and always full of dead rows."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "ALTER TABLE ingest_inbox SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000,"
            " autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 50000)"
        )


class Migration(migrations.Migration):
    """The tables of 0001 to 0007, each made once.

    A database that has them already is left as it is."""

    replaces = [
        ('ingest', '0001_initial'),
        ('ingest', '0002_mapping_and_rules'),
        ('ingest', '0003_failures_of_signals'),
        ('ingest', '0004_entities_of_recent_bodies'),
        ('ingest', '0005_fewer_indexes'),
        ('ingest', '0006_signals_to_run_again'),
        ('ingest', '0007_vacuum_of_the_inbox'),
    ]

    initial = True

    dependencies = [
        ('catalog', '0003_incident_roles'),
    ]

    operations = [
        migrations.CreateModel(
            name='AlertRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unique_id', models.UUIDField(default=afterword.lib.ids.new_uuid, editable=False, unique=True)),
                ('position', models.PositiveIntegerField()),
                ('name', models.CharField(max_length=100)),
                ('is_enabled', models.BooleanField(default=False)),
                ('conditions', models.JSONField(default=dict)),
                ('actions', models.JSONField(default=list)),
                ('stops', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField(default=afterword.lib.clock.now)),
                ('integration', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='alert_rules', to='catalog.integration')),
            ],
            options={
                'ordering': ['integration', 'position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Heartbeat',
            fields=[
                ('part', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='InboxRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('trace_id', models.UUIDField(unique=True)),
                ('integration_id', models.BigIntegerField()),
                ('partition', models.SmallIntegerField()),
                ('entity_id', models.CharField(max_length=255)),
                ('body', models.TextField()),
                ('received_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'ingest_inbox',
                'indexes': [models.Index(fields=['partition', 'id'], name='inbox_by_partition')],
            },
        ),
        migrations.CreateModel(
            name='Mapping',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_enabled', models.BooleanField(default=False)),
                ('definition', models.JSONField(default=dict)),
                ('changed_at', models.DateTimeField(default=afterword.lib.clock.now)),
                ('integration', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='mapping', to='catalog.integration')),
            ],
        ),
        migrations.CreateModel(
            name='MinuteCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('minute', models.DateTimeField()),
                ('folded', models.PositiveIntegerField(default=0)),
                ('suppressed', models.PositiveIntegerField(default=0)),
                ('failed', models.PositiveIntegerField(default=0)),
                ('lag_milliseconds', models.PositiveBigIntegerField(default=0)),
                ('lag_milliseconds_max', models.PositiveIntegerField(default=0)),
                ('integration', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalog.integration')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('integration', 'minute'), name='minute_count_once')],
            },
        ),
        migrations.CreateModel(
            name='RecentBody',
            fields=[
                ('trace_id', models.UUIDField(primary_key=True, serialize=False)),
                ('body', models.TextField()),
                ('received_at', models.DateTimeField()),
                ('integration', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalog.integration')),
                ('entity_id', models.CharField(blank=True, db_default='', default='', max_length=255)),
            ],
            options={
                'verbose_name_plural': 'recent bodies',
                'ordering': ['-received_at'],
                'indexes': [models.Index(fields=['integration', '-received_at'], name='recent_body')],
            },
        ),
        migrations.CreateModel(
            name='Signal',
            fields=[
                ('trace_id', models.UUIDField(primary_key=True, serialize=False)),
                ('integration_id', models.BigIntegerField()),
                ('received_at', models.DateTimeField()),
                ('folded_at', models.DateTimeField()),
                ('error', models.TextField(blank=True)),
                ('alert_unique_id', models.CharField(blank=True, max_length=22)),
                ('incident_unique_id', models.CharField(blank=True, max_length=22)),
                ('incident_number', models.PositiveBigIntegerField(null=True)),
                ('is_incident_created', models.BooleanField(default=False)),
                ('suppressed', models.BooleanField(default=False)),
                ('body', models.TextField(blank=True)),
                ('change_unique_id', models.CharField(blank=True, max_length=22)),
                ('entity_id', models.CharField(blank=True, max_length=255)),
                ('failure', models.CharField(blank=True, choices=[('refused', 'Could not be read'), ('maintenance', 'Held back by maintenance'), ('fault', 'Failed')], max_length=16)),
                ('retried_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['received_at'], name='signal_by_time'), models.Index(fields=['integration_id', '-received_at'], name='signal_of_integration'), models.Index(condition=models.Q(('error', ''), _negated=True), fields=['integration_id', '-received_at'], name='signal_failed'), models.Index(condition=models.Q(models.Q(('error', ''), _negated=True), ('retried_at__isnull', True)), fields=['integration_id', 'received_at', 'failure'], name='signal_to_run_again')],
                'constraints': [models.CheckConstraint(condition=models.Q(('error', ''), ('alert_unique_id', ''), _connector='OR'), name='signal_failed_has_no_alert')],
            },
        ),
        migrations.RunPython(vacuum_by_number, migrations.RunPython.noop),
    ]
