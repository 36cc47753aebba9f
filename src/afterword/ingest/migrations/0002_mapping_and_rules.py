import afterword.lib.clock
import afterword.lib.ids
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0002_response_and_maintenance'),
        ('ingest', '0001_initial'),
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
            ],
            options={
                'ordering': ['integration', 'position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Mapping',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_enabled', models.BooleanField(default=False)),
                ('definition', models.JSONField(default=dict)),
                ('changed_at', models.DateTimeField(default=afterword.lib.clock.now)),
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
            ],
        ),
        migrations.CreateModel(
            name='RecentBody',
            fields=[
                ('trace_id', models.UUIDField(primary_key=True, serialize=False)),
                ('body', models.TextField()),
                ('received_at', models.DateTimeField()),
            ],
            options={
                'verbose_name_plural': 'recent bodies',
                'ordering': ['-received_at'],
            },
        ),
        migrations.AddField(
            model_name='signal',
            name='change_unique_id',
            field=models.CharField(blank=True, max_length=22),
        ),
        migrations.AddField(
            model_name='signal',
            name='entity_id',
            field=models.CharField(blank=True, max_length=255),
        ),
        migrations.AddField(
            model_name='signal',
            name='failure',
            field=models.CharField(blank=True, choices=[('refused', 'Could not be read'), ('maintenance', 'Held back by maintenance'), ('fault', 'Failed')], max_length=16),
        ),
        migrations.AddField(
            model_name='signal',
            name='retried_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name='signal',
            index=models.Index(condition=models.Q(('error', ''), _negated=True), fields=['integration_id', '-received_at'], name='signal_failed'),
        ),
        migrations.AddField(
            model_name='alertrule',
            name='integration',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='alert_rules', to='catalog.integration'),
        ),
        migrations.AddField(
            model_name='mapping',
            name='integration',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='mapping', to='catalog.integration'),
        ),
        migrations.AddField(
            model_name='minutecount',
            name='integration',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalog.integration'),
        ),
        migrations.AddField(
            model_name='recentbody',
            name='integration',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalog.integration'),
        ),
        migrations.AddConstraint(
            model_name='minutecount',
            constraint=models.UniqueConstraint(fields=('integration', 'minute'), name='minute_count_once'),
        ),
        migrations.AddIndex(
            model_name='recentbody',
            index=models.Index(fields=['integration', '-received_at'], name='recent_body'),
        ),
    ]
