import afterword.lib.clock
import afterword.lib.ids
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """The tables of 0001 to 0004, each made once.

    A database that has them already is left as it is."""

    replaces = [
        ('followups', '0001_initial'),
        ('followups', '0002_of_a_team_alone'),
        ('followups', '0003_in_documents'),
        ('followups', '0004_in_order'),
    ]

    initial = True

    dependencies = [
        ('accounts', '0002_admins_see_private'),
        ('incidents', '0013_graph_snapshots'),
        ('postmortems', '0007_choosing'),
    ]

    operations = [
        migrations.CreateModel(
            name='FollowUp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unique_id', models.UUIDField(default=afterword.lib.ids.new_uuid, editable=False, unique=True)),
                ('title', models.CharField(max_length=300)),
                ('description', models.TextField(blank=True, max_length=20000)),
                ('due_on', models.DateField(null=True)),
                ('priority', models.CharField(choices=[('P1', 'P1: this week'), ('P2', 'P2: this month'), ('P3', 'P3: next month'), ('P4', 'P4: this quarter')], default='P3', max_length=2)),
                ('status', models.CharField(choices=[('open', 'Open'), ('in_progress', 'In progress'), ('completed', 'Completed')], default='open', max_length=16)),
                ('created_at', models.DateTimeField(default=afterword.lib.clock.now)),
                ('completed_at', models.DateTimeField(null=True)),
                ('incident', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='follow_ups', to='incidents.incident')),
                ('owner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='follow_ups', to=settings.AUTH_USER_MODEL)),
                ('of_team', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.team')),
            ],
            options={
                'ordering': ['priority', models.OrderBy(models.F('due_on'), nulls_last=True), 'id'],
                'indexes': [models.Index(condition=models.Q(('status', 'completed'), _negated=True), fields=['owner', 'priority'], name='follow_up_open_of_owner'), models.Index(fields=['priority', 'due_on', 'id'], name='follow_up_in_order')],
                'constraints': [models.CheckConstraint(condition=models.Q(('priority__in', ['P1', 'P2', 'P3', 'P4'])), name='follow_up_priority_is_known'), models.CheckConstraint(condition=models.Q(('status__in', ['open', 'in_progress', 'completed'])), name='follow_up_status_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('completed_at__isnull', False), ('status', 'completed')), models.Q(models.Q(('status', 'completed'), _negated=True), ('completed_at__isnull', True)), _connector='OR'), name='follow_up_completed_has_its_time'), models.CheckConstraint(condition=models.Q(models.Q(('incident__isnull', False), ('of_team__isnull', True)), models.Q(('incident__isnull', True), ('of_team__isnull', False)), _connector='OR'), name='follow_up_is_of_an_incident_or_a_team')],
            },
        ),
        migrations.CreateModel(
            name='DocumentFollowUp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_shown', models.BooleanField()),
                ('follow_up', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='in_documents', to='followups.followup')),
                ('postmortem', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='postmortems.postmortem')),
            ],
            options={
                'verbose_name': 'follow-up in a post-mortem',
                'constraints': [models.UniqueConstraint(fields=('postmortem', 'follow_up'), name='document_follow_up_once')],
            },
        ),
    ]
