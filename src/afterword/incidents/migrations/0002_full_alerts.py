import afterword.lib.clock
import afterword.lib.ids
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0002_response_and_maintenance'),
        ('incidents', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
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
            ],
            options={
                'ordering': ['-at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='IncidentEntity',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('entity_id', models.CharField(max_length=255)),
                ('joined_at', models.DateTimeField()),
                ('resolved_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name_plural': 'incident entities',
            },
        ),
        migrations.CreateModel(
            name='RoleAssignment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('assigned_at', models.DateTimeField(default=afterword.lib.clock.now)),
            ],
            options={
                'ordering': ['role__rank', 'role__name', 'id'],
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
            ],
            options={
                'verbose_name_plural': 'stakeholder deliveries',
                'ordering': ['message', 'id'],
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
            ],
            options={
                'ordering': ['created_at', 'id'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='entry',
            name='entry_kind_is_known',
        ),
        migrations.RemoveConstraint(
            model_name='incident',
            name='incident_open_once_per_entity',
        ),
        migrations.AddField(
            model_name='alert',
            name='images',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='alert',
            name='remarks',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='incident',
            name='acknowledge_breached_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='incident',
            name='acknowledge_due_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='incident',
            name='escalation_policy',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='incidents', to='catalog.escalationpolicy'),
        ),
        migrations.AddField(
            model_name='incident',
            name='group_key',
            field=models.CharField(blank=True, max_length=255),
        ),
        migrations.AddField(
            model_name='incident',
            name='last_alert_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='incident',
            name='priority',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='incidents', to='catalog.priority'),
        ),
        migrations.AddField(
            model_name='incident',
            name='resolve_breached_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='incident',
            name='resolve_due_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='incident',
            name='sla',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='incidents', to='catalog.sla'),
        ),
        migrations.AddField(
            model_name='incident',
            name='tags',
            field=models.ManyToManyField(related_name='incidents', to='catalog.tag'),
        ),
        migrations.AlterField(
            model_name='entry',
            name='kind',
            field=models.CharField(choices=[('alert', 'Alert'), ('status', 'Status'), ('note', 'Note'), ('edit', 'Edit'), ('assignment', 'Assignment'), ('message', 'Message'), ('sla', 'SLA')], max_length=16),
        ),
        migrations.AddIndex(
            model_name='incident',
            index=models.Index(condition=models.Q(('resolved_at__isnull', True)), fields=['service', '-created_at'], name='incident_open_of_service'),
        ),
        migrations.AddIndex(
            model_name='incident',
            index=models.Index(condition=models.Q(('acknowledge_breached_at__isnull', True), ('acknowledge_due_at__isnull', False), ('acknowledged_at__isnull', True), ('resolved_at__isnull', True)), fields=['acknowledge_due_at'], name='incident_to_acknowledge'),
        ),
        migrations.AddIndex(
            model_name='incident',
            index=models.Index(condition=models.Q(('resolve_breached_at__isnull', True), ('resolve_due_at__isnull', False), ('resolved_at__isnull', True)), fields=['resolve_due_at'], name='incident_to_resolve'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['alert', 'status', 'note', 'edit', 'assignment', 'message', 'sla'])), name='entry_kind_is_known'),
        ),
        migrations.AddField(
            model_name='change',
            name='integration',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='catalog.integration'),
        ),
        migrations.AddField(
            model_name='change',
            name='service',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='catalog.service'),
        ),
        migrations.AddField(
            model_name='incidententity',
            name='incident',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='entities', to='incidents.incident'),
        ),
        migrations.AddField(
            model_name='incidententity',
            name='integration',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.integration'),
        ),
        migrations.AddField(
            model_name='roleassignment',
            name='incident',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='role_assignments', to='incidents.incident'),
        ),
        migrations.AddField(
            model_name='roleassignment',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='roleassignment',
            name='role',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.incidentrole'),
        ),
        migrations.AddField(
            model_name='stakeholderdelivery',
            name='person',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='stakeholdermessage',
            name='alert',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='incidents.alert'),
        ),
        migrations.AddField(
            model_name='stakeholdermessage',
            name='created_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='stakeholdermessage',
            name='incident',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='stakeholder_messages', to='incidents.incident'),
        ),
        migrations.AddField(
            model_name='stakeholderdelivery',
            name='message',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='incidents.stakeholdermessage'),
        ),
        migrations.AddIndex(
            model_name='change',
            index=models.Index(fields=['service', '-at'], name='change_of_service'),
        ),
        migrations.AddConstraint(
            model_name='change',
            constraint=models.UniqueConstraint(condition=models.Q(('source_id', ''), _negated=True), fields=('integration', 'source_id'), name='change_of_source_once'),
        ),
        migrations.AddConstraint(
            model_name='change',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['deploy', 'configuration', 'other'])), name='change_kind_is_known'),
        ),
        migrations.AddIndex(
            model_name='incidententity',
            index=models.Index(fields=['integration', 'entity_id', '-resolved_at'], name='incident_entity_latest'),
        ),
        migrations.AddConstraint(
            model_name='incidententity',
            constraint=models.UniqueConstraint(condition=models.Q(('resolved_at__isnull', True)), fields=('integration', 'entity_id'), name='incident_entity_open_once'),
        ),
        migrations.AddConstraint(
            model_name='incidententity',
            constraint=models.UniqueConstraint(fields=('incident', 'integration', 'entity_id'), name='incident_entity_joins_once'),
        ),
        migrations.AddConstraint(
            model_name='roleassignment',
            constraint=models.UniqueConstraint(fields=('incident', 'role', 'person'), name='role_assignment_once'),
        ),
        migrations.AddIndex(
            model_name='stakeholderdelivery',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['next_attempt_at'], name='delivery_waiting'),
        ),
        migrations.AddConstraint(
            model_name='stakeholderdelivery',
            constraint=models.UniqueConstraint(fields=('message', 'email'), name='delivery_once_per_address'),
        ),
        migrations.AddConstraint(
            model_name='stakeholderdelivery',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'sent', 'failed'])), name='delivery_state_is_known'),
        ),
    ]
