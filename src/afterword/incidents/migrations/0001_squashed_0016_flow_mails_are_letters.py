from typing import Any

import afterword.lib.clock
import afterword.lib.ids
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


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


def leave_room(apps: Any, schema_editor: Any) -> None:
    """On PostgreSQL an update that finds room in its page touches no index; each alert makes one."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE incidents_incident SET (fillfactor = 50)")


class Migration(migrations.Migration):
    """The tables of 0001 to 0016, each made once, and the flow that every organisation begins with.

    A database that has them already is left as it is."""

    replaces = [
        ('incidents', '0001_initial'),
        ('incidents', '0002_full_alerts'),
        ('incidents', '0003_entities_of_incidents'),
        ('incidents', '0004_promises_and_handovers'),
        ('incidents', '0005_fewer_indexes'),
        ('incidents', '0006_post_incident_flow'),
        ('incidents', '0007_first_flow'),
        ('incidents', '0008_timeline'),
        ('incidents', '0009_entry_kind_page'),
        ('incidents', '0010_room_for_updates'),
        ('incidents', '0011_merging_and_privacy'),
        ('incidents', '0012_facts'),
        ('incidents', '0013_graph_snapshots'),
        ('incidents', '0014_checked_by_the_batch'),
        ('incidents', '0015_one_index_less'),
        ('incidents', '0016_flow_mails_are_letters'),
    ]

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('catalog', '0007_services_start_private'),
        ('letters', '0001_letters'),
    ]

    operations = [
        migrations.CreateModel(
            name='Change',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unique_id', models.CharField(default=afterword.lib.ids.new_short_id, editable=False, max_length=22, unique=True)),
                ('trace_id', models.UUIDField(unique=True)),
                ('kind', models.CharField(choices=[('deploy', 'Deploy'), ('configuration', 'Configuration'), ('other', 'Other')], default='deploy', max_length=16)),
                ('title', models.CharField(max_length=300)),
                ('summary', models.TextField(blank=True, max_length=20000)),
                ('version', models.CharField(blank=True, max_length=200)),
                ('author', models.CharField(blank=True, max_length=200)),
                ('environment', models.CharField(blank=True, max_length=200)),
                ('state', models.CharField(blank=True, max_length=200)),
                ('links', models.JSONField(default=list)),
                ('source_id', models.CharField(blank=True, max_length=255)),
                ('details', models.JSONField(null=True)),
                ('at', models.DateTimeField()),
                ('received_at', models.DateTimeField()),
                ('integration', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='catalog.integration')),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='catalog.service')),
            ],
            options={
                'ordering': ['-at', '-id'],
                'indexes': [models.Index(fields=['service', '-at'], name='change_of_service')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('source_id', ''), _negated=True), fields=('integration', 'source_id'), name='change_of_source_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['deploy', 'configuration', 'other'])), name='change_kind_is_known')],
            },
        ),
        migrations.CreateModel(
            name='Flow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unique_id', models.UUIDField(default=afterword.lib.ids.new_uuid, editable=False, unique=True)),
                ('name', models.CharField(max_length=100)),
                ('rank', models.PositiveSmallIntegerField(default=0)),
                ('is_enabled', models.BooleanField(default=True)),
                ('conditions', models.JSONField(default=dict)),
                ('weekdays', models.CharField(default='12345', max_length=7)),
                ('closes_itself', models.BooleanField(default=True)),
                ('created_at', models.DateTimeField(default=afterword.lib.clock.now)),
            ],
            options={
                'ordering': ['rank', 'id'],
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('name'), name='flow_name_is_unique')],
            },
        ),
        migrations.CreateModel(
            name='Incident',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unique_id', models.CharField(default=afterword.lib.ids.new_short_id, editable=False, max_length=22, unique=True)),
                ('number', models.PositiveBigIntegerField(unique=True)),
                ('entity_id', models.CharField(max_length=255)),
                ('title', models.CharField(max_length=300)),
                ('summary', models.TextField(blank=True, max_length=20000)),
                ('status', models.CharField(choices=[('triggered', 'Triggered'), ('acknowledged', 'Acknowledged'), ('resolved', 'Resolved'), ('merged', 'Merged')], default='triggered', max_length=16)),
                ('created_at', models.DateTimeField(default=afterword.lib.clock.now)),
                ('impact_started_at', models.DateTimeField(null=True)),
                ('detected_at', models.DateTimeField(null=True)),
                ('reported_at', models.DateTimeField(null=True)),
                ('acknowledged_at', models.DateTimeField(null=True)),
                ('identified_at', models.DateTimeField(null=True)),
                ('fixed_at', models.DateTimeField(null=True)),
                ('resolved_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('integration', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='incidents', to='catalog.integration')),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='incidents', to='catalog.service')),
                ('acknowledge_breached_at', models.DateTimeField(null=True)),
                ('acknowledge_due_at', models.DateTimeField(null=True)),
                ('escalation_policy', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='incidents', to='catalog.escalationpolicy')),
                ('group_key', models.CharField(blank=True, max_length=255)),
                ('last_alert_at', models.DateTimeField(null=True)),
                ('priority', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='incidents', to='catalog.priority')),
                ('resolve_breached_at', models.DateTimeField(null=True)),
                ('resolve_due_at', models.DateTimeField(null=True)),
                ('sla', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='incidents', to='catalog.sla')),
                ('tags', models.ManyToManyField(related_name='incidents', to='catalog.tag')),
                ('version', models.PositiveBigIntegerField(db_default=0, default=0)),
                ('is_private', models.BooleanField(db_default=False, default=False)),
                ('merged_into', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='incidents.incident')),
                ('merges', models.PositiveIntegerField(db_default=0, default=0)),
                ('incident_type', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='incidents', to='catalog.incidenttype')),
                ('severity', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='incidents', to='catalog.severity')),
            ],
            options={
                'ordering': ['-number'],
                'indexes': [models.Index(fields=['status', '-number'], name='incident_by_status'), models.Index(fields=['service', '-number'], name='incident_by_service'), models.Index(condition=models.Q(('resolved_at__isnull', True)), fields=['-number'], name='incident_open'), models.Index(condition=models.Q(('resolved_at__isnull', True)), fields=['service', '-created_at'], name='incident_open_of_service'), models.Index(condition=models.Q(('acknowledge_breached_at__isnull', True), ('acknowledge_due_at__isnull', False), models.Q(('acknowledged_at__isnull', True), ('acknowledged_at__gt', models.F('acknowledge_due_at')), _connector='OR'), models.Q(('resolved_at__isnull', True), ('resolved_at__gt', models.F('acknowledge_due_at')), _connector='OR')), fields=['acknowledge_due_at'], name='incident_to_acknowledge'), models.Index(condition=models.Q(('resolve_breached_at__isnull', True), ('resolve_due_at__isnull', False), models.Q(('resolved_at__isnull', True), ('resolved_at__gt', models.F('resolve_due_at')), _connector='OR')), fields=['resolve_due_at'], name='incident_to_resolve'), models.Index(condition=models.Q(('is_private', True)), fields=['id'], name='incident_private'), models.Index(condition=models.Q(('merged_into__isnull', False)), fields=['merged_into'], name='incident_merged'), models.Index(condition=models.Q(('severity__isnull', False)), fields=['severity', '-number'], name='incident_by_severity'), models.Index(condition=models.Q(('incident_type__isnull', False)), fields=['incident_type', '-number'], name='incident_by_type')],
                'constraints': [models.CheckConstraint(condition=models.Q(('resolved_at__isnull', True), ('resolved_at__gte', django.db.models.functions.comparison.Coalesce(models.F('impact_started_at'), models.F('created_at'))), _connector='OR'), name='incident_resolved_after_started'), models.CheckConstraint(condition=models.Q(('status__in', ['triggered', 'acknowledged', 'resolved', 'merged'])), name='incident_status_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('resolved_at__isnull', False), ('status__in', ('resolved', 'merged'))), models.Q(models.Q(('status__in', ('resolved', 'merged')), _negated=True), ('resolved_at__isnull', True)), _connector='OR'), name='incident_resolved_has_its_time'), models.CheckConstraint(condition=models.Q(models.Q(('merged_into__isnull', False), ('status', 'merged')), models.Q(models.Q(('status', 'merged'), _negated=True), ('merged_into__isnull', True)), _connector='OR'), name='incident_merged_has_its_target')],
            },
        ),
        migrations.CreateModel(
            name='IncidentField',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unique_id', models.UUIDField(default=afterword.lib.ids.new_uuid, editable=False, unique=True)),
                ('name', models.CharField(max_length=100)),
                ('kind', models.CharField(choices=[('text', 'Text'), ('long_text', 'Long text'), ('number', 'Number'), ('choice', 'One of a list'), ('multi_choice', 'Some of a list'), ('date', 'Date'), ('person', 'Person'), ('link', 'Link'), ('yes_no', 'Yes or no')], max_length=16)),
                ('help', models.TextField(blank=True, max_length=1000)),
                ('options', models.JSONField(default=list)),
                ('rank', models.PositiveIntegerField(default=0)),
                ('created_at', models.DateTimeField(default=afterword.lib.clock.now)),
                ('archived_at', models.DateTimeField(null=True)),
                ('is_required', models.BooleanField(default=False)),
                ('team', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.team')),
            ],
            options={
                'ordering': ['rank', 'id'],
                'abstract': False,
                'constraints': [models.UniqueConstraint(models.F('team'), django.db.models.functions.text.Lower('name'), condition=models.Q(('archived_at__isnull', True), ('team__isnull', False)), name='incidentfield_name_is_unique_in_team'), models.UniqueConstraint(django.db.models.functions.text.Lower('name'), condition=models.Q(('archived_at__isnull', True), ('team__isnull', True)), name='incidentfield_name_is_unique'), models.CheckConstraint(condition=models.Q(('kind__in', ['text', 'long_text', 'number', 'choice', 'multi_choice', 'date', 'person', 'link', 'yes_no'])), name='incidentfield_kind_is_known')],
            },
        ),
        migrations.CreateModel(
            name='AffectedService',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('added_at', models.DateTimeField(default=afterword.lib.clock.now)),
                ('incident', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='affected_services', to='incidents.incident')),
                ('service', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.service')),
            ],
            options={
                'verbose_name': 'incident that affects it',
                'verbose_name_plural': 'incidents that affect it',
                'ordering': ['service__name', 'id'],
                'indexes': [models.Index(fields=['service', 'incident'], name='affected_by_service')],
                'constraints': [models.UniqueConstraint(fields=('incident', 'service'), name='affected_service_once')],
            },
        ),
        migrations.CreateModel(
            name='Alert',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unique_id', models.CharField(default=afterword.lib.ids.new_short_id, editable=False, max_length=22)),
                ('trace_id', models.UUIDField(unique=True)),
                ('alert_type', models.CharField(choices=[('critical', 'Critical'), ('error', 'Error'), ('warning', 'Warning'), ('info', 'Info'), ('acknowledged', 'Acknowledged'), ('resolved', 'Resolved')], max_length=16)),
                ('entity_id', models.CharField(max_length=255)),
                ('message', models.TextField()),
                ('summary', models.TextField(blank=True)),
                ('payload', models.JSONField(null=True)),
                ('urls', models.JSONField(default=list)),
                ('suppressed', models.BooleanField(default=False)),
                ('opened_incident', models.BooleanField(default=False)),
                ('received_at', models.DateTimeField()),
                ('integration', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='alerts', to='catalog.integration')),
                ('incident', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='alerts', to='incidents.incident')),
                ('images', models.JSONField(default=list)),
                ('remarks', models.JSONField(default=list)),
            ],
            options={
                'ordering': ['-received_at', '-id'],
                'indexes': [models.Index(fields=['incident', 'received_at', 'id'], name='alert_of_incident'), models.Index(fields=['integration', '-id'], name='alert_of_integration')],
                'constraints': [models.CheckConstraint(condition=models.Q(('alert_type__in', ['critical', 'error', 'warning', 'info', 'acknowledged', 'resolved'])), name='alert_type_is_known'), models.UniqueConstraint(fields=('unique_id',), name='alert_unique_id')],
            },
        ),
        migrations.CreateModel(
            name='FlowRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('flow_name', models.CharField(blank=True, max_length=100)),
                ('weekdays', models.CharField(default='12345', max_length=7)),
                ('closes_itself', models.BooleanField(default=True)),
                ('started_at', models.DateTimeField()),
                ('resolved_on', models.DateField()),
                ('paused_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('flow', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='runs', to='incidents.flow')),
                ('incident', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='flow_run', to='incidents.incident')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('closed_at__isnull', True), ('paused_at__isnull', True)), fields=['incident'], name='flow_run_going_on')],
            },
        ),
        migrations.CreateModel(
            name='FlowStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unique_id', models.UUIDField(default=afterword.lib.ids.new_uuid, editable=False, unique=True)),
                ('rank', models.PositiveSmallIntegerField(default=0)),
                ('kind', models.CharField(choices=[('key_fields', 'Set the key fields'), ('timeline', 'Review the timeline'), ('draft', 'Draft the post-mortem'), ('debrief', 'Hold a debrief'), ('export', 'Export the post-mortem'), ('share', 'Share what was learned'), ('follow_ups', 'Review the follow-ups'), ('free', 'Something else')], max_length=16)),
                ('title', models.CharField(max_length=300)),
                ('help_text', models.TextField(blank=True, max_length=2000)),
                ('owner_rule', models.CharField(choices=[('nobody', 'Nobody yet'), ('role', 'Who has a role in the incident'), ('reporter', 'Who reported it by hand'), ('manager', "A manager of the service's team"), ('person', 'Always the same person')], default='nobody', max_length=16)),
                ('due_days', models.PositiveSmallIntegerField(null=True)),
                ('is_required', models.BooleanField(default=True)),
                ('remind_before_days', models.PositiveSmallIntegerField(null=True)),
                ('remind_every_days', models.PositiveSmallIntegerField(null=True)),
                ('flow', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='incidents.flow')),
                ('owner_person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner_role', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.incidentrole')),
            ],
            options={
                'ordering': ['rank', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['key_fields', 'timeline', 'draft', 'debrief', 'export', 'share', 'follow_ups', 'free'])), name='flow_step_kind_is_known'), models.CheckConstraint(condition=models.Q(('owner_rule__in', ['nobody', 'role', 'reporter', 'manager', 'person'])), name='flow_step_owner_rule_is_known'), models.CheckConstraint(condition=models.Q(('remind_every_days__isnull', True), ('remind_every_days__gte', 1), _connector='OR'), name='flow_step_reminds_days_apart')],
            },
        ),
        migrations.CreateModel(
            name='IncidentEntity',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('entity_id', models.CharField(max_length=255)),
                ('joined_at', models.DateTimeField()),
                ('resolved_at', models.DateTimeField(null=True)),
                ('incident', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='entities', to='incidents.incident')),
                ('integration', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.integration')),
                ('origin', models.PositiveBigIntegerField(db_default=0, default=0)),
            ],
            options={
                'verbose_name_plural': 'incident entities',
                'indexes': [models.Index(fields=['integration', 'entity_id', '-resolved_at'], name='incident_entity_latest')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('resolved_at__isnull', True)), fields=('integration', 'entity_id'), name='incident_entity_open_once'), models.UniqueConstraint(fields=('incident', 'integration', 'entity_id', 'origin'), name='incident_entity_joins_once')],
            },
        ),
        migrations.CreateModel(
            name='IncidentFieldItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('text', models.TextField()),
                ('key', models.CharField(max_length=200)),
                ('field', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='items', to='incidents.incidentfield')),
                ('owner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='field_items', to='incidents.incident')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'value in an incident',
                'verbose_name_plural': 'values in incidents',
                'ordering': ['position'],
                'abstract': False,
                'indexes': [models.Index(fields=['field', 'key', 'owner'], name='field_item_by_key')],
                'constraints': [models.UniqueConstraint(fields=('owner', 'field', 'position'), name='field_item_once')],
            },
        ),
        migrations.CreateModel(
            name='IncidentMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('added_at', models.DateTimeField(default=afterword.lib.clock.now)),
                ('added_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('incident', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='members', to='incidents.incident')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['person__name', 'id'],
                'constraints': [models.UniqueConstraint(fields=('incident', 'person'), name='incident_member_once')],
            },
        ),
        migrations.CreateModel(
            name='IncidentMerge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unique_id', models.UUIDField(default=afterword.lib.ids.new_uuid, editable=False, unique=True)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('source_status', models.CharField(max_length=16)),
                ('source_resolved_at', models.DateTimeField(null=True)),
                ('merged_at', models.DateTimeField(default=afterword.lib.clock.now)),
                ('unmerged_at', models.DateTimeField(null=True)),
                ('merged_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='merges_from', to='incidents.incident')),
                ('target', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='merges_into', to='incidents.incident')),
                ('unmerged_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-merged_at', '-id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('unmerged_at__isnull', True)), fields=('source',), name='incident_merged_into_one'), models.CheckConstraint(condition=models.Q(('source', models.F('target')), _negated=True), name='incident_not_merged_into_itself')],
            },
        ),
        migrations.CreateModel(
            name='IncidentRelation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unique_id', models.UUIDField(default=afterword.lib.ids.new_uuid, editable=False, unique=True)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('made_at', models.DateTimeField(default=afterword.lib.clock.now)),
                ('first', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='incidents.incident')),
                ('made_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('second', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='incidents.incident')),
            ],
            options={
                'ordering': ['made_at', 'id'],
                'constraints': [models.UniqueConstraint(fields=('first', 'second'), name='incident_relation_once'), models.CheckConstraint(condition=models.Q(('first__lt', models.F('second'))), name='incident_relation_in_order')],
            },
        ),
        migrations.CreateModel(
            name='RoleAssignment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('assigned_at', models.DateTimeField(default=afterword.lib.clock.now)),
                ('incident', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='role_assignments', to='incidents.incident')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('role', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.incidentrole')),
            ],
            options={
                'ordering': ['role__rank', 'role__name', 'id'],
                'constraints': [models.UniqueConstraint(fields=('incident', 'role', 'person'), name='role_assignment_once')],
            },
        ),
        migrations.CreateModel(
            name='SummaryVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('text', models.TextField(blank=True, max_length=20000)),
                ('written_by_name', models.CharField(blank=True, max_length=200)),
                ('written_at', models.DateTimeField()),
                ('restored_from', models.PositiveIntegerField(null=True)),
                ('incident', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='summary_versions', to='incidents.incident')),
                ('written_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-number'],
                'constraints': [models.UniqueConstraint(fields=('incident', 'number'), name='summary_version_once')],
            },
        ),
        migrations.CreateModel(
            name='UsefulLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unique_id', models.UUIDField(default=afterword.lib.ids.new_uuid, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('ticket', 'Ticket'), ('chat', 'Chat channel'), ('dashboard', 'Dashboard'), ('other', 'Other')], default='other', max_length=16)),
                ('title', models.CharField(max_length=200)),
                ('url', models.CharField(max_length=2000)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('added_at', models.DateTimeField(default=afterword.lib.clock.now)),
                ('incident', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='useful_links', to='incidents.incident')),
            ],
            options={
                'ordering': ['position', 'id'],
                'indexes': [models.Index(fields=['incident', 'position', 'id'], name='useful_link_of_incident')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['ticket', 'chat', 'dashboard', 'other'])), name='useful_link_kind_is_known')],
            },
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unique_id', models.UUIDField(default=afterword.lib.ids.new_uuid, editable=False, unique=True)),
                ('at', models.DateTimeField()),
                ('kind', models.CharField(choices=[('alert', 'Alert'), ('status', 'Status'), ('note', 'Note'), ('edit', 'Edit'), ('assignment', 'Assignment'), ('message', 'Message'), ('sla', 'SLA'), ('page', 'Page')], max_length=16)),
                ('text', models.TextField(max_length=20000)),
                ('source', models.CharField(blank=True, max_length=100)),
                ('created_at', models.DateTimeField(default=afterword.lib.clock.now)),
                ('alert', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='incidents.alert')),
                ('person', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('incident', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='entries', to='incidents.incident')),
                ('edition', models.PositiveIntegerField(db_default=1, default=1)),
                ('hidden_at', models.DateTimeField(null=True)),
                ('hidden_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('mark', models.CharField(blank=True, choices=[('detection', 'Detection'), ('diagnosis', 'Diagnosis'), ('mitigation', 'Mitigation'), ('decision', 'Key decision'), ('impact', 'Impact change')], db_default=models.Value(''), default='', max_length=16)),
                ('starred_at', models.DateTimeField(null=True)),
                ('starred_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['at', 'id'],
                'indexes': [models.Index(fields=['incident', 'at', 'id'], name='entry_of_incident'), models.Index(condition=models.Q(('person__isnull', False)), fields=['person'], name='entry_of_person')],
                'constraints': [models.CheckConstraint(condition=models.Q(('mark__in', ['', 'detection', 'diagnosis', 'mitigation', 'decision', 'impact'])), name='entry_mark_is_known'), models.CheckConstraint(condition=models.Q(('kind__in', ['alert', 'status', 'note', 'edit', 'assignment', 'message', 'sla', 'page'])), name='entry_kind_is_known')],
            },
        ),
        migrations.CreateModel(
            name='FlowTask',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unique_id', models.UUIDField(default=afterword.lib.ids.new_uuid, editable=False, unique=True)),
                ('rank', models.PositiveSmallIntegerField(default=0)),
                ('kind', models.CharField(choices=[('key_fields', 'Set the key fields'), ('timeline', 'Review the timeline'), ('draft', 'Draft the post-mortem'), ('debrief', 'Hold a debrief'), ('export', 'Export the post-mortem'), ('share', 'Share what was learned'), ('follow_ups', 'Review the follow-ups'), ('free', 'Something else')], default='free', max_length=16)),
                ('title', models.CharField(max_length=300)),
                ('help_text', models.TextField(blank=True, max_length=2000)),
                ('is_required', models.BooleanField(default=True)),
                ('due_days', models.PositiveSmallIntegerField(null=True)),
                ('due_on', models.DateField(null=True)),
                ('state', models.CharField(choices=[('open', 'To do'), ('done', 'Done'), ('skipped', 'Not doing')], default='open', max_length=8)),
                ('settled_at', models.DateTimeField(null=True)),
                ('settled_name', models.CharField(blank=True, max_length=200)),
                ('reason', models.CharField(blank=True, max_length=1000)),
                ('is_held', models.BooleanField(default=False)),
                ('remind_before_days', models.PositiveSmallIntegerField(null=True)),
                ('remind_every_days', models.PositiveSmallIntegerField(null=True)),
                ('next_reminder_at', models.DateTimeField(null=True)),
                ('reminders', models.PositiveSmallIntegerField(default=0)),
                ('created_at', models.DateTimeField(default=afterword.lib.clock.now)),
                ('owner', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='flow_tasks', to=settings.AUTH_USER_MODEL)),
                ('run', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='tasks', to='incidents.flowrun')),
                ('settled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('step', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='incidents.flowstep')),
                ('waits_for_role', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='catalog.incidentrole')),
            ],
            options={
                'ordering': ['rank', 'id'],
                'indexes': [models.Index(fields=['run', 'rank', 'id'], name='flow_task_of_run'), models.Index(condition=models.Q(('owner__isnull', False), ('state', 'open')), fields=['owner', 'due_on'], name='flow_task_mine'), models.Index(condition=models.Q(('next_reminder_at__isnull', False), ('state', 'open')), fields=['next_reminder_at'], name='flow_task_to_remind')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('step__isnull', False)), fields=('run', 'step'), name='flow_task_once_per_step'), models.CheckConstraint(condition=models.Q(('kind__in', ['key_fields', 'timeline', 'draft', 'debrief', 'export', 'share', 'follow_ups', 'free'])), name='flow_task_kind_is_known'), models.CheckConstraint(condition=models.Q(('state__in', ['open', 'done', 'skipped'])), name='flow_task_state_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('settled_at__isnull', True), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('settled_at__isnull', False)), _connector='OR'), name='flow_task_settled_has_its_time'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'skipped'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='flow_task_skipped_has_a_reason')],
            },
        ),
        migrations.CreateModel(
            name='StakeholderMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unique_id', models.UUIDField(default=afterword.lib.ids.new_uuid, editable=False, unique=True)),
                ('subject', models.CharField(max_length=300)),
                ('body', models.TextField(max_length=20000)),
                ('time_zone', models.CharField(default='UTC', max_length=64)),
                ('created_at', models.DateTimeField(default=afterword.lib.clock.now)),
                ('alert', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='incidents.alert')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('incident', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='stakeholder_messages', to='incidents.incident')),
            ],
            options={
                'ordering': ['created_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Debrief',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unique_id', models.UUIDField(default=afterword.lib.ids.new_uuid, editable=False, unique=True)),
                ('starts_at', models.DateTimeField()),
                ('minutes', models.PositiveSmallIntegerField(default=60)),
                ('place', models.CharField(blank=True, max_length=500)),
                ('sequence', models.PositiveIntegerField(default=0)),
                ('cancelled_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField(default=afterword.lib.clock.now)),
                ('facilitator', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organiser', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('people', models.ManyToManyField(related_name='+', to=settings.AUTH_USER_MODEL)),
                ('task', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='debrief', to='incidents.flowtask')),
            ],
            options={
                'ordering': ['starts_at', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('minutes__gte', 1)), name='debrief_takes_time')],
            },
        ),
        migrations.CreateModel(
            name='EntryRevision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('edition', models.PositiveIntegerField()),
                ('text', models.TextField()),
                ('at', models.DateTimeField()),
                ('corrected_by_name', models.CharField(max_length=100)),
                ('corrected_at', models.DateTimeField(default=afterword.lib.clock.now)),
                ('corrected_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('entry', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='revisions', to='incidents.entry')),
            ],
            options={
                'ordering': ['entry', 'edition'],
                'constraints': [models.UniqueConstraint(fields=('entry', 'edition'), name='entry_revision_once')],
            },
        ),
        migrations.CreateModel(
            name='Evidence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unique_id', models.UUIDField(default=afterword.lib.ids.new_uuid, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('link', 'Link'), ('image', 'Image'), ('file', 'File'), ('snapshot', 'Graph snapshot')], max_length=8)),
                ('title', models.CharField(blank=True, max_length=300)),
                ('url', models.CharField(blank=True, max_length=2000)),
                ('file_name', models.CharField(blank=True, max_length=200)),
                ('media_type', models.CharField(blank=True, max_length=100)),
                ('byte_count', models.PositiveBigIntegerField(default=0)),
                ('digest', models.CharField(blank=True, max_length=64)),
                ('width', models.PositiveIntegerField(null=True)),
                ('height', models.PositiveIntegerField(null=True)),
                ('added_at', models.DateTimeField(default=afterword.lib.clock.now)),
                ('removed_at', models.DateTimeField(null=True)),
                ('added_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='evidence', to='incidents.entry')),
                ('removed_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name_plural': 'evidence',
                'ordering': ['added_at', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['link', 'image', 'file', 'snapshot'])), name='evidence_kind_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'link'), models.Q(('url', ''), _negated=True), ('digest', '')), models.Q(('kind', 'snapshot'), models.Q(('url', ''), _negated=True), models.Q(('digest', ''), _negated=True)), models.Q(('kind__in', ['image', 'file']), ('url', ''), models.Q(('digest', ''), _negated=True)), _connector='OR'), name='evidence_is_a_link_or_a_file')],
            },
        ),
        migrations.CreateModel(
            name='StakeholderDelivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(max_length=254)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('sent', 'Sent'), ('failed', 'Failed')], default='waiting', max_length=16)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('next_attempt_at', models.DateTimeField(default=afterword.lib.clock.now)),
                ('sent_at', models.DateTimeField(null=True)),
                ('error', models.TextField(blank=True)),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='incidents.stakeholdermessage')),
                ('handed_over_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name_plural': 'stakeholder deliveries',
                'ordering': ['message', 'id'],
                'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['next_attempt_at'], name='delivery_waiting')],
                'constraints': [models.UniqueConstraint(fields=('message', 'email'), name='delivery_once_per_address'), models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'sent', 'failed'])), name='delivery_state_is_known')],
            },
        ),
        migrations.RunPython(leave_room, migrations.RunPython.noop),
        migrations.RunPython(make_flow, migrations.RunPython.noop),
    ]
