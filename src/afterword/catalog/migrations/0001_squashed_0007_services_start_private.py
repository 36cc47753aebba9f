from typing import Any

import afterword.lib.clock
import afterword.lib.ids
import datetime
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models
from django.db.models.functions import Lower


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
    """The tables of 0001 to 0007, each made once, and what every organisation begins with.

    A database that has them already is left as it is."""

    replaces = [
        ('catalog', '0001_initial'),
        ('catalog', '0002_response_and_maintenance'),
        ('catalog', '0003_incident_roles'),
        ('catalog', '0004_on_call'),
        ('catalog', '0005_severities_and_types'),
        ('catalog', '0006_first_severities_and_types'),
        ('catalog', '0007_services_start_private'),
    ]

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='EscalationPolicy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unique_id', models.UUIDField(default=afterword.lib.ids.new_uuid, editable=False, unique=True)),
                ('name', models.CharField(max_length=100)),
                ('summary', models.TextField(blank=True, max_length=2000)),
                ('repeats', models.PositiveSmallIntegerField(default=0)),
                ('created_at', models.DateTimeField(default=afterword.lib.clock.now)),
                ('archived_at', models.DateTimeField(null=True)),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='escalation_policies', to='accounts.team')),
            ],
            options={
                'verbose_name_plural': 'escalation policies',
                'ordering': ['name', 'id'],
                'constraints': [models.UniqueConstraint(models.F('team'), django.db.models.functions.text.Lower('name'), condition=models.Q(('archived_at__isnull', True)), name='escalation_policy_name_is_unique_in_team')],
            },
        ),
        migrations.CreateModel(
            name='IncidentRole',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unique_id', models.UUIDField(default=afterword.lib.ids.new_uuid, editable=False, unique=True)),
                ('name', models.CharField(max_length=100)),
                ('description', models.TextField(blank=True, max_length=2000)),
                ('rank', models.PositiveSmallIntegerField(default=0)),
                ('created_at', models.DateTimeField(default=afterword.lib.clock.now)),
                ('archived_at', models.DateTimeField(null=True)),
                ('is_single', models.BooleanField(db_default=False, default=False)),
                ('meaning', models.CharField(blank=True, choices=[('lead', 'Lead'), ('reporter', 'Reporter'), ('participant', 'Active participant'), ('observer', 'Observer')], db_default='', default='', max_length=16)),
            ],
            options={
                'ordering': ['rank', 'name', 'id'],
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('name'), condition=models.Q(('archived_at__isnull', True)), name='incident_role_name_is_unique'), models.UniqueConstraint(condition=models.Q(('meaning', ''), _negated=True), fields=('meaning',), name='incident_role_means_it_alone'), models.CheckConstraint(condition=models.Q(('meaning__in', ['', 'lead', 'reporter', 'participant', 'observer'])), name='incident_role_meaning_is_known')],
            },
        ),
        migrations.CreateModel(
            name='IncidentType',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unique_id', models.UUIDField(default=afterword.lib.ids.new_uuid, editable=False, unique=True)),
                ('name', models.CharField(max_length=100)),
                ('description', models.TextField(blank=True, max_length=2000)),
                ('rank', models.PositiveSmallIntegerField(default=0)),
                ('created_at', models.DateTimeField(default=afterword.lib.clock.now)),
                ('archived_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['rank', 'name', 'id'],
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('name'), condition=models.Q(('archived_at__isnull', True)), name='incident_type_name_is_unique')],
            },
        ),
        migrations.CreateModel(
            name='OnCallSchedule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unique_id', models.UUIDField(default=afterword.lib.ids.new_uuid, editable=False, unique=True)),
                ('name', models.CharField(max_length=100)),
                ('summary', models.TextField(blank=True, max_length=2000)),
                ('time_zone', models.CharField(default='UTC', max_length=64)),
                ('starts_on', models.DateField()),
                ('handover_weekday', models.PositiveSmallIntegerField(default=0)),
                ('handover_time', models.TimeField(default=datetime.time(9, 0))),
                ('created_at', models.DateTimeField(default=afterword.lib.clock.now)),
                ('archived_at', models.DateTimeField(null=True)),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='on_call_schedules', to='accounts.team')),
            ],
            options={
                'verbose_name': 'on-call schedule',
                'ordering': ['name', 'id'],
                'constraints': [models.UniqueConstraint(models.F('team'), django.db.models.functions.text.Lower('name'), condition=models.Q(('archived_at__isnull', True)), name='on_call_schedule_name_is_unique_in_team'), models.CheckConstraint(condition=models.Q(('handover_weekday__lte', 6)), name='on_call_schedule_weekday_is_one')],
            },
        ),
        migrations.CreateModel(
            name='Priority',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unique_id', models.UUIDField(default=afterword.lib.ids.new_uuid, editable=False, unique=True)),
                ('name', models.CharField(max_length=100)),
                ('description', models.TextField(blank=True, max_length=2000)),
                ('colour', models.CharField(default='#6b7280', max_length=7, validators=[django.core.validators.RegexValidator('\\A#[0-9a-f]{6}\\Z', 'Please give a colour as in #1f2937.')])),
                ('rank', models.PositiveSmallIntegerField(default=0)),
                ('created_at', models.DateTimeField(default=afterword.lib.clock.now)),
                ('archived_at', models.DateTimeField(null=True)),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='priorities', to='accounts.team')),
            ],
            options={
                'ordering': ['rank', 'name', 'id'],
                'constraints': [models.UniqueConstraint(models.F('team'), django.db.models.functions.text.Lower('name'), condition=models.Q(('archived_at__isnull', True)), name='priority_name_is_unique_in_team')],
            },
        ),
        migrations.CreateModel(
            name='Severity',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unique_id', models.UUIDField(default=afterword.lib.ids.new_uuid, editable=False, unique=True)),
                ('name', models.CharField(max_length=100)),
                ('description', models.TextField(blank=True, max_length=2000)),
                ('colour', models.CharField(default='#6b7280', max_length=7, validators=[django.core.validators.RegexValidator('\\A#[0-9a-f]{6}\\Z', 'Please give a colour as in #1f2937.')])),
                ('rank', models.PositiveSmallIntegerField(default=0)),
                ('created_at', models.DateTimeField(default=afterword.lib.clock.now)),
                ('archived_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name_plural': 'severities',
                'ordering': ['rank', 'name', 'id'],
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('name'), condition=models.Q(('archived_at__isnull', True)), name='severity_name_is_unique')],
            },
        ),
        migrations.CreateModel(
            name='Sla',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unique_id', models.UUIDField(default=afterword.lib.ids.new_uuid, editable=False, unique=True)),
                ('name', models.CharField(max_length=100)),
                ('description', models.TextField(blank=True, max_length=2000)),
                ('is_active', models.BooleanField(default=True)),
                ('acknowledge_minutes', models.PositiveIntegerField(null=True)),
                ('resolve_minutes', models.PositiveIntegerField(null=True)),
                ('created_at', models.DateTimeField(default=afterword.lib.clock.now)),
                ('archived_at', models.DateTimeField(null=True)),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='slas', to='accounts.team')),
            ],
            options={
                'verbose_name': 'SLA',
                'ordering': ['name', 'id'],
                'constraints': [models.UniqueConstraint(models.F('team'), django.db.models.functions.text.Lower('name'), condition=models.Q(('archived_at__isnull', True)), name='sla_name_is_unique_in_team'), models.CheckConstraint(condition=models.Q(('acknowledge_minutes__isnull', False), ('resolve_minutes__isnull', False), _connector='OR'), name='sla_promises_something')],
            },
        ),
        migrations.CreateModel(
            name='Tag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unique_id', models.UUIDField(default=afterword.lib.ids.new_uuid, editable=False, unique=True)),
                ('name', models.CharField(max_length=100)),
                ('colour', models.CharField(default='#6b7280', max_length=7, validators=[django.core.validators.RegexValidator('\\A#[0-9a-f]{6}\\Z', 'Please give a colour as in #1f2937.')])),
                ('created_at', models.DateTimeField(default=afterword.lib.clock.now)),
                ('archived_at', models.DateTimeField(null=True)),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tags', to='accounts.team')),
            ],
            options={
                'ordering': ['name', 'id'],
                'constraints': [models.UniqueConstraint(models.F('team'), django.db.models.functions.text.Lower('name'), condition=models.Q(('archived_at__isnull', True)), name='tag_name_is_unique_in_team')],
            },
        ),
        migrations.CreateModel(
            name='EscalationLevel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('delay_minutes', models.PositiveIntegerField(default=0)),
                ('policy', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='levels', to='catalog.escalationpolicy')),
                ('takes_turns', models.BooleanField(db_default=False, default=False)),
            ],
            options={
                'ordering': ['policy', 'position'],
                'constraints': [models.UniqueConstraint(fields=('policy', 'position'), name='escalation_level_has_its_place')],
            },
        ),
        migrations.CreateModel(
            name='OnCallOverride',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unique_id', models.UUIDField(default=afterword.lib.ids.new_uuid, editable=False, unique=True)),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('created_at', models.DateTimeField(default=afterword.lib.clock.now)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('schedule', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='overrides', to='catalog.oncallschedule')),
            ],
            options={
                'verbose_name': 'on-call override',
                'ordering': ['starts_at', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='on_call_override_ends_after_it_starts')],
            },
        ),
        migrations.CreateModel(
            name='OnCallTurn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('schedule', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='turns', to='catalog.oncallschedule')),
            ],
            options={
                'ordering': ['schedule', 'position'],
                'constraints': [models.UniqueConstraint(fields=('schedule', 'person'), name='on_call_turn_once_per_person'), models.UniqueConstraint(fields=('schedule', 'position'), name='on_call_turn_has_its_place')],
            },
        ),
        migrations.CreateModel(
            name='Service',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unique_id', models.UUIDField(default=afterword.lib.ids.new_uuid, editable=False, unique=True)),
                ('name', models.CharField(max_length=100)),
                ('summary', models.TextField(blank=True, max_length=2000)),
                ('created_at', models.DateTimeField(default=afterword.lib.clock.now)),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='services', to='accounts.team')),
                ('auto_resolve_minutes', models.PositiveIntegerField(default=0)),
                ('collation_minutes', models.PositiveIntegerField(default=0)),
                ('reopen_minutes', models.PositiveIntegerField(default=0)),
                ('escalation_policy', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.escalationpolicy')),
                ('priority', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.priority')),
                ('sla', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.sla')),
                ('starts_private', models.BooleanField(db_default=False, default=False)),
            ],
            options={
                'ordering': ['name', 'id'],
                'constraints': [models.UniqueConstraint(models.F('team'), django.db.models.functions.text.Lower('name'), name='service_name_is_unique_in_team')],
            },
        ),
        migrations.CreateModel(
            name='EscalationTarget',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='targets', to='catalog.escalationlevel')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('team', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.team')),
                ('schedule', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.oncallschedule')),
            ],
            options={
                'ordering': ['level', 'id'],
                'constraints': [models.UniqueConstraint(fields=('level', 'person'), name='escalation_target_person_once'), models.UniqueConstraint(fields=('level', 'team'), name='escalation_target_team_once'), models.UniqueConstraint(fields=('level', 'schedule'), name='escalation_target_schedule_once'), models.CheckConstraint(condition=models.Q(models.Q(('person__isnull', False), ('schedule__isnull', True), ('team__isnull', True)), models.Q(('person__isnull', True), ('schedule__isnull', True), ('team__isnull', False)), models.Q(('person__isnull', True), ('schedule__isnull', False), ('team__isnull', True)), _connector='OR'), name='escalation_target_is_one_of_three')],
            },
        ),
        migrations.CreateModel(
            name='Integration',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unique_id', models.UUIDField(default=afterword.lib.ids.new_uuid, editable=False, unique=True)),
                ('name', models.CharField(max_length=100)),
                ('kind', models.CharField(choices=[('generic', 'Generic'), ('alertmanager', 'Prometheus Alertmanager'), ('grafana', 'Grafana'), ('pagerduty', 'PagerDuty Events v2'), ('opsgenie', 'Opsgenie'), ('incident-io', 'incident.io alert source'), ('email', 'Email'), ('changes', 'Changes'), ('github', 'GitHub deployments')], default='generic', max_length=32)),
                ('key', models.UUIDField(default=afterword.lib.ids.new_uuid, editable=False, unique=True)),
                ('is_enabled', models.BooleanField(default=True)),
                ('created_at', models.DateTimeField(default=afterword.lib.clock.now)),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='integrations', to='catalog.service')),
                ('revision', models.PositiveIntegerField(default=1)),
                ('secret', models.CharField(blank=True, max_length=200)),
                ('signals_per_minute_max', models.PositiveIntegerField(null=True)),
            ],
            options={
                'ordering': ['name', 'id'],
                'constraints': [models.UniqueConstraint(models.F('service'), django.db.models.functions.text.Lower('name'), name='integration_name_is_unique_in_service'), models.CheckConstraint(condition=models.Q(('kind__in', ['generic', 'alertmanager', 'grafana', 'pagerduty', 'opsgenie', 'incident-io', 'email', 'changes', 'github'])), name='integration_kind_is_known')],
            },
        ),
        migrations.CreateModel(
            name='MaintenanceWindow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unique_id', models.UUIDField(default=afterword.lib.ids.new_uuid, editable=False, unique=True)),
                ('name', models.CharField(max_length=100)),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('time_zone', models.CharField(default='UTC', max_length=64)),
                ('repeats', models.CharField(choices=[('once', 'Once'), ('daily', 'Every day'), ('weekly', 'Every week'), ('monthly', 'Every month')], default='once', max_length=16)),
                ('repeat_until', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField(default=afterword.lib.clock.now)),
                ('services', models.ManyToManyField(related_name='maintenance_windows', to='catalog.service')),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='maintenance_windows', to='accounts.team')),
            ],
            options={
                'ordering': ['starts_at', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='maintenance_ends_after_start'), models.CheckConstraint(condition=models.Q(('repeats__in', ['once', 'daily', 'weekly', 'monthly'])), name='maintenance_repeats_as_is_known')],
            },
        ),
        migrations.RunPython(make_roles, migrations.RunPython.noop),
        migrations.RunPython(make_them, migrations.RunPython.noop),
    ]
