import afterword.lib.clock
import afterword.lib.ids
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
        ('catalog', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='EscalationLevel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('delay_minutes', models.PositiveIntegerField(default=0)),
            ],
            options={
                'ordering': ['policy', 'position'],
            },
        ),
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
            ],
            options={
                'verbose_name_plural': 'escalation policies',
                'ordering': ['name', 'id'],
            },
        ),
        migrations.CreateModel(
            name='EscalationTarget',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
            options={
                'ordering': ['level', 'id'],
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
            ],
            options={
                'ordering': ['rank', 'name', 'id'],
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
            ],
            options={
                'ordering': ['starts_at', 'id'],
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
            ],
            options={
                'ordering': ['rank', 'name', 'id'],
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
            ],
            options={
                'verbose_name': 'SLA',
                'ordering': ['name', 'id'],
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
            ],
            options={
                'ordering': ['name', 'id'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='integration',
            name='integration_kind_is_known',
        ),
        migrations.AddField(
            model_name='integration',
            name='revision',
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddField(
            model_name='integration',
            name='secret',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name='integration',
            name='signals_per_minute_max',
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='service',
            name='auto_resolve_minutes',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='service',
            name='collation_minutes',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='service',
            name='reopen_minutes',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name='integration',
            name='kind',
            field=models.CharField(choices=[('generic', 'Generic'), ('alertmanager', 'Prometheus Alertmanager'), ('grafana', 'Grafana'), ('pagerduty', 'PagerDuty Events v2'), ('opsgenie', 'Opsgenie'), ('incident-io', 'incident.io alert source'), ('email', 'Email'), ('changes', 'Changes'), ('github', 'GitHub deployments')], default='generic', max_length=32),
        ),
        migrations.AddConstraint(
            model_name='integration',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['generic', 'alertmanager', 'grafana', 'pagerduty', 'opsgenie', 'incident-io', 'email', 'changes', 'github'])), name='integration_kind_is_known'),
        ),
        migrations.AddField(
            model_name='escalationpolicy',
            name='team',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='escalation_policies', to='accounts.team'),
        ),
        migrations.AddField(
            model_name='escalationlevel',
            name='policy',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='levels', to='catalog.escalationpolicy'),
        ),
        migrations.AddField(
            model_name='service',
            name='escalation_policy',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.escalationpolicy'),
        ),
        migrations.AddField(
            model_name='escalationtarget',
            name='level',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='targets', to='catalog.escalationlevel'),
        ),
        migrations.AddField(
            model_name='escalationtarget',
            name='person',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='escalationtarget',
            name='team',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.team'),
        ),
        migrations.AddConstraint(
            model_name='incidentrole',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower('name'), condition=models.Q(('archived_at__isnull', True)), name='incident_role_name_is_unique'),
        ),
        migrations.AddField(
            model_name='maintenancewindow',
            name='services',
            field=models.ManyToManyField(related_name='maintenance_windows', to='catalog.service'),
        ),
        migrations.AddField(
            model_name='maintenancewindow',
            name='team',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='maintenance_windows', to='accounts.team'),
        ),
        migrations.AddField(
            model_name='priority',
            name='team',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='priorities', to='accounts.team'),
        ),
        migrations.AddField(
            model_name='service',
            name='priority',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.priority'),
        ),
        migrations.AddField(
            model_name='sla',
            name='team',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='slas', to='accounts.team'),
        ),
        migrations.AddField(
            model_name='service',
            name='sla',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.sla'),
        ),
        migrations.AddField(
            model_name='tag',
            name='team',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tags', to='accounts.team'),
        ),
        migrations.AddConstraint(
            model_name='escalationpolicy',
            constraint=models.UniqueConstraint(models.F('team'), django.db.models.functions.text.Lower('name'), condition=models.Q(('archived_at__isnull', True)), name='escalation_policy_name_is_unique_in_team'),
        ),
        migrations.AddConstraint(
            model_name='escalationlevel',
            constraint=models.UniqueConstraint(fields=('policy', 'position'), name='escalation_level_has_its_place'),
        ),
        migrations.AddConstraint(
            model_name='escalationtarget',
            constraint=models.UniqueConstraint(fields=('level', 'person'), name='escalation_target_person_once'),
        ),
        migrations.AddConstraint(
            model_name='escalationtarget',
            constraint=models.UniqueConstraint(fields=('level', 'team'), name='escalation_target_team_once'),
        ),
        migrations.AddConstraint(
            model_name='escalationtarget',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('person__isnull', False), ('team__isnull', True)), models.Q(('person__isnull', True), ('team__isnull', False)), _connector='OR'), name='escalation_target_is_a_person_or_a_team'),
        ),
        migrations.AddConstraint(
            model_name='maintenancewindow',
            constraint=models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='maintenance_ends_after_start'),
        ),
        migrations.AddConstraint(
            model_name='maintenancewindow',
            constraint=models.CheckConstraint(condition=models.Q(('repeats__in', ['once', 'daily', 'weekly', 'monthly'])), name='maintenance_repeats_as_is_known'),
        ),
        migrations.AddConstraint(
            model_name='priority',
            constraint=models.UniqueConstraint(models.F('team'), django.db.models.functions.text.Lower('name'), condition=models.Q(('archived_at__isnull', True)), name='priority_name_is_unique_in_team'),
        ),
        migrations.AddConstraint(
            model_name='sla',
            constraint=models.UniqueConstraint(models.F('team'), django.db.models.functions.text.Lower('name'), condition=models.Q(('archived_at__isnull', True)), name='sla_name_is_unique_in_team'),
        ),
        migrations.AddConstraint(
            model_name='sla',
            constraint=models.CheckConstraint(condition=models.Q(('acknowledge_minutes__isnull', False), ('resolve_minutes__isnull', False), _connector='OR'), name='sla_promises_something'),
        ),
        migrations.AddConstraint(
            model_name='tag',
            constraint=models.UniqueConstraint(models.F('team'), django.db.models.functions.text.Lower('name'), condition=models.Q(('archived_at__isnull', True)), name='tag_name_is_unique_in_team'),
        ),
    ]
