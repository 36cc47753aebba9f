from typing import Any

import afterword.lib.clock
import afterword.lib.ids
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models
from django.db.models import Max


def make_tables(apps: Any, schema_editor: Any) -> None:
    """The index itself: a virtual table on SQLite, two vectors with an inverted index on PostgreSQL."""
    if schema_editor.connection.vendor == "postgresql":
        for statement in (
            "ALTER TABLE postmortems_searchtext ADD COLUMN words tsvector NOT NULL DEFAULT ''",
            "ALTER TABLE postmortems_searchtext ADD COLUMN title_words tsvector NOT NULL DEFAULT ''",
            "CREATE INDEX postmortems_words ON postmortems_searchtext USING gin (words)",
        ):
            schema_editor.execute(statement)
        return
    # The words are cut and folded before they come here: letters of all scripts, with spaces between them.
    schema_editor.execute(
        "CREATE VIRTUAL TABLE postmortems_words USING fts5 (title, body, tokenize = 'ascii', prefix = '2 3')"
    )


def drop_tables(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TABLE IF EXISTS postmortems_words")


FIELDS = [
    ("customers-affected", "Customers affected", "text", "How many, or what share of them: 1,200, or 4 %."),
    ("support-cases", "Support cases", "number", "How many people asked for help because of it."),
    ("revenue-affected", "Revenue affected", "text", "An amount with its currency, if any was lost or delayed."),
]


def make_fields(apps: Any, schema_editor: Any) -> None:
    """Those whose names are free; an organisation that has its own keeps them as they are."""
    field_model = apps.get_model("postmortems", "PostmortemField")
    names = {name.casefold() for name in field_model.objects.values_list("name", flat=True)}
    slugs = set(field_model.objects.values_list("slug", flat=True))
    last = field_model.objects.aggregate(last=Max("rank"))["last"]
    rank = 0 if last is None else last + 1
    for slug, name, kind, help_text in FIELDS:
        if slug not in slugs and name.casefold() not in names:
            field_model.objects.create(slug=slug, name=name, kind=kind, help=help_text, rank=rank)
            rank += 1


class Migration(migrations.Migration):
    """The tables of 0001 to 0012, each made once, and the fields that every organisation begins with.

    A database that has them already is left as it is."""

    replaces = [
        ('postmortems', '0001_initial'),
        ('postmortems', '0002_review'),
        ('postmortems', '0003_publishing'),
        ('postmortems', '0004_public_domains'),
        ('postmortems', '0005_comments'),
        ('postmortems', '0006_fields'),
        ('postmortems', '0007_choosing'),
        ('postmortems', '0008_imported_files'),
        ('postmortems', '0009_searching'),
        ('postmortems', '0010_templates_of_revisions'),
        ('postmortems', '0011_asked_again'),
        ('postmortems', '0012_first_fields'),
    ]

    initial = True

    dependencies = [
        ('accounts', '0002_admins_see_private'),
        ('catalog', '0007_services_start_private'),
        ('incidents', '0010_room_for_updates'),
    ]

    operations = [
        migrations.CreateModel(
            name='PostmortemField',
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
                ('slug', models.CharField(max_length=100, unique=True)),
                ('team', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.team')),
            ],
            options={
                'ordering': ['rank', 'id'],
                'abstract': False,
                'constraints': [models.UniqueConstraint(models.F('team'), django.db.models.functions.text.Lower('name'), condition=models.Q(('archived_at__isnull', True), ('team__isnull', False)), name='postmortemfield_name_is_unique_in_team'), models.UniqueConstraint(django.db.models.functions.text.Lower('name'), condition=models.Q(('archived_at__isnull', True), ('team__isnull', True)), name='postmortemfield_name_is_unique'), models.CheckConstraint(condition=models.Q(('kind__in', ['text', 'long_text', 'number', 'choice', 'multi_choice', 'date', 'person', 'link', 'yes_no'])), name='postmortemfield_kind_is_known'), models.CheckConstraint(condition=models.Q(('team__isnull', True)), name='postmortem_field_is_everybodys')],
            },
        ),
        migrations.CreateModel(
            name='PublicSite',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_on', models.BooleanField(default=False)),
                ('title', models.CharField(blank=True, max_length=200)),
                ('introduction', models.TextField(blank=True, max_length=2000)),
                ('internal_domains', models.TextField(blank=True, max_length=2000)),
                ('updated_at', models.DateTimeField(default=afterword.lib.clock.now)),
                ('public_domains', models.TextField(blank=True, max_length=2000)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='public_site_is_only_one')],
            },
        ),
        migrations.CreateModel(
            name='ReviewPolicy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unique_id', models.UUIDField(default=afterword.lib.ids.new_uuid, editable=False, unique=True)),
                ('approvals_min', models.PositiveSmallIntegerField(default=1)),
                ('may_approve_own', models.BooleanField(default=False)),
                ('remind_every_days', models.PositiveSmallIntegerField(default=2, null=True)),
                ('updated_at', models.DateTimeField(default=afterword.lib.clock.now)),
                ('approvers', models.ManyToManyField(related_name='+', to=settings.AUTH_USER_MODEL)),
                ('service', models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='review_policy', to='catalog.service')),
                ('team', models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='review_policy', to='accounts.team')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('service__isnull', True), ('team__isnull', False)), models.Q(('service__isnull', False), ('team__isnull', True)), _connector='OR'), name='review_policy_of_a_team_or_a_service'), models.CheckConstraint(condition=models.Q(('approvals_min__lte', 9)), name='review_policy_asks_for_few')],
            },
        ),
        migrations.CreateModel(
            name='SavedView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unique_id', models.UUIDField(default=afterword.lib.ids.new_uuid, editable=False, unique=True)),
                ('name', models.CharField(max_length=100)),
                ('filters', models.JSONField(default=dict)),
                ('created_at', models.DateTimeField(default=afterword.lib.clock.now)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('team', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.team')),
            ],
            options={
                'ordering': ['name', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Template',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unique_id', models.UUIDField(default=afterword.lib.ids.new_uuid, editable=False, unique=True)),
                ('name', models.CharField(max_length=100)),
                ('source', models.TextField()),
                ('created_at', models.DateTimeField(default=afterword.lib.clock.now)),
                ('updated_at', models.DateTimeField(default=afterword.lib.clock.now)),
            ],
            options={
                'ordering': ['name', 'id'],
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('name'), name='template_name_is_unique')],
            },
        ),
        migrations.CreateModel(
            name='TemplateRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unique_id', models.UUIDField(default=afterword.lib.ids.new_uuid, editable=False, unique=True)),
                ('template_key', models.CharField(max_length=64)),
                ('created_at', models.DateTimeField(default=afterword.lib.clock.now)),
                ('incident_type', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalog.incidenttype')),
                ('severity', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalog.severity')),
                ('team', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.team')),
            ],
            options={
                'constraints': [models.UniqueConstraint(django.db.models.functions.comparison.Coalesce('team', models.Value(0)), django.db.models.functions.comparison.Coalesce('severity', models.Value(0)), django.db.models.functions.comparison.Coalesce('incident_type', models.Value(0)), name='template_rule_is_given_once')],
            },
        ),
        migrations.CreateModel(
            name='TeamField',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_required', models.BooleanField(default=False)),
                ('field', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='of_teams', to='postmortems.postmortemfield')),
                ('team', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.team')),
            ],
            options={
                'verbose_name': 'field of a team',
                'constraints': [models.UniqueConstraint(fields=('team', 'field'), name='team_field_once')],
            },
        ),
        migrations.CreateModel(
            name='Postmortem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unique_id', models.UUIDField(default=afterword.lib.ids.new_uuid, editable=False, unique=True)),
                ('number', models.PositiveBigIntegerField(unique=True)),
                ('title', models.CharField(max_length=300)),
                ('status', models.CharField(choices=[('draft', 'In progress'), ('in_review', 'In review'), ('approved', 'Approved'), ('published', 'Published')], default='draft', max_length=16)),
                ('template_name', models.CharField(max_length=100)),
                ('created_at', models.DateTimeField(default=afterword.lib.clock.now)),
                ('updated_at', models.DateTimeField(default=afterword.lib.clock.now)),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='authored_postmortems', to=settings.AUTH_USER_MODEL)),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='postmortems', to='accounts.team')),
                ('owner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('status_text', models.CharField(blank=True, db_default='', max_length=100)),
                ('required_fields', models.JSONField(db_default=models.Value([], models.JSONField()), default=list)),
                ('written_in', models.CharField(db_default='here', default='here', max_length=16)),
            ],
            options={
                'ordering': ['-number'],
                'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ['draft', 'in_review', 'approved', 'published'])), name='postmortem_status_is_known')],
            },
        ),
        migrations.CreateModel(
            name='CommentThread',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unique_id', models.UUIDField(default=afterword.lib.ids.new_uuid, editable=False, unique=True)),
                ('section', models.UUIDField()),
                ('section_title', models.CharField(max_length=200)),
                ('quote', models.CharField(blank=True, max_length=1000)),
                ('before', models.CharField(blank=True, max_length=64)),
                ('after', models.CharField(blank=True, max_length=64)),
                ('created_at', models.DateTimeField(default=afterword.lib.clock.now)),
                ('resolved_at', models.DateTimeField(null=True)),
                ('postmortem', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='comment_threads', to='postmortems.postmortem')),
                ('resolved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['created_at', 'id'],
                'indexes': [models.Index(fields=['postmortem', 'created_at', 'id'], name='comment_thread_of_document')],
            },
        ),
        migrations.CreateModel(
            name='ImportedFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source_name', models.CharField(max_length=400)),
                ('digest', models.CharField(max_length=64)),
                ('imported_at', models.DateTimeField(default=afterword.lib.clock.now)),
                ('imported_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('postmortem', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='imported_file', to='postmortems.postmortem')),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.team')),
            ],
            options={
                'ordering': ['-imported_at', '-id'],
                'indexes': [models.Index(fields=['team', 'digest'], name='imported_file_by_digest')],
                'constraints': [models.UniqueConstraint(fields=('team', 'source_name'), name='imported_file_name_is_unique')],
            },
        ),
        migrations.CreateModel(
            name='PostmortemFieldItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('text', models.TextField()),
                ('key', models.CharField(max_length=200)),
                ('field', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='items', to='postmortems.postmortemfield')),
                ('owner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='field_items', to='postmortems.postmortem')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'value in a post-mortem',
                'verbose_name_plural': 'values in post-mortems',
                'ordering': ['position'],
                'abstract': False,
                'indexes': [models.Index(fields=['field', 'key', 'owner'], name='postmortem_item_by_key')],
                'constraints': [models.UniqueConstraint(fields=('owner', 'field', 'position'), name='postmortem_item_once')],
            },
        ),
        migrations.CreateModel(
            name='PostmortemIncident',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unique_id', models.UUIDField(default=afterword.lib.ids.new_uuid, editable=False, unique=True)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('incident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='links', to='incidents.incident')),
                ('postmortem', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links', to='postmortems.postmortem')),
            ],
            options={
                'ordering': ['position', 'id'],
                'constraints': [models.UniqueConstraint(fields=('postmortem', 'incident'), name='postmortem_incident_is_linked_once')],
            },
        ),
        migrations.CreateModel(
            name='PublicAddress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.CharField(max_length=100, unique=True)),
                ('created_at', models.DateTimeField(default=afterword.lib.clock.now)),
                ('postmortem', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='public_address', to='postmortems.postmortem')),
            ],
        ),
        migrations.CreateModel(
            name='ReviewRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unique_id', models.UUIDField(default=afterword.lib.ids.new_uuid, editable=False, unique=True)),
                ('asked_at', models.DateTimeField(default=afterword.lib.clock.now)),
                ('next_reminder_at', models.DateTimeField(null=True)),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='review_requests', to=settings.AUTH_USER_MODEL)),
                ('postmortem', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='review_requests', to='postmortems.postmortem')),
                ('again_since', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['asked_at', 'id'],
                'indexes': [models.Index(condition=models.Q(('next_reminder_at__isnull', False)), fields=['next_reminder_at'], name='review_to_remind_of')],
                'constraints': [models.UniqueConstraint(fields=('postmortem', 'person'), name='reviewer_is_asked_once')],
            },
        ),
        migrations.CreateModel(
            name='Revision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('at', models.DateTimeField(default=afterword.lib.clock.now)),
                ('title', models.CharField(max_length=300)),
                ('sections', models.JSONField()),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('postmortem', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='revisions', to='postmortems.postmortem')),
                ('fields', models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict)),
                ('note', models.CharField(blank=True, db_default='', max_length=200)),
                ('template', models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict)),
            ],
            options={
                'ordering': ['-number'],
                'constraints': [models.UniqueConstraint(fields=('postmortem', 'number'), name='revision_number_is_unique')],
            },
        ),
        migrations.CreateModel(
            name='SearchText',
            fields=[
                ('postmortem', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='search_text', serialize=False, to='postmortems.postmortem')),
                ('title', models.TextField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name='Section',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unique_id', models.UUIDField(default=afterword.lib.ids.new_uuid, editable=False, unique=True)),
                ('position', models.PositiveSmallIntegerField()),
                ('title', models.CharField(max_length=200)),
                ('kind', models.CharField(choices=[('prose', 'Written'), ('live', 'Live')], max_length=8)),
                ('live_name', models.CharField(blank=True, max_length=40)),
                ('help_text', models.TextField(blank=True)),
                ('field_names', models.JSONField(default=list)),
                ('text', models.TextField(blank=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('postmortem', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sections', to='postmortems.postmortem')),
                ('is_internal', models.BooleanField(db_default=False, default=False)),
            ],
            options={
                'ordering': ['position', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['prose', 'live'])), name='section_kind_is_known'), models.CheckConstraint(condition=models.Q(('kind', 'live'), ('live_name', ''), _connector='OR'), name='section_prose_is_not_live')],
            },
        ),
        migrations.CreateModel(
            name='Comment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unique_id', models.UUIDField(default=afterword.lib.ids.new_uuid, editable=False, unique=True)),
                ('text', models.TextField(max_length=8000)),
                ('at', models.DateTimeField(default=afterword.lib.clock.now)),
                ('edited_at', models.DateTimeField(null=True)),
                ('deleted_at', models.DateTimeField(null=True)),
                ('mentioned', models.ManyToManyField(related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('thread', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='comments', to='postmortems.commentthread')),
            ],
            options={
                'ordering': ['at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Edition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unique_id', models.UUIDField(default=afterword.lib.ids.new_uuid, editable=False, unique=True)),
                ('title', models.CharField(max_length=300)),
                ('sections', models.JSONField()),
                ('replacements', models.JSONField(default=list)),
                ('allowed', models.JSONField(default=list)),
                ('private_reason', models.TextField(blank=True, max_length=1000)),
                ('version', models.PositiveIntegerField(default=1)),
                ('prepared_at', models.DateTimeField(default=afterword.lib.clock.now)),
                ('approved_at', models.DateTimeField(null=True)),
                ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('postmortem', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='edition', to='postmortems.postmortem')),
                ('prepared_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('revision', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='postmortems.revision')),
            ],
        ),
        migrations.CreateModel(
            name='Publication',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unique_id', models.UUIDField(default=afterword.lib.ids.new_uuid, editable=False, unique=True)),
                ('audience', models.CharField(choices=[('team', 'The team'), ('organisation', 'The organisation'), ('public', 'Everybody')], max_length=16)),
                ('number', models.PositiveIntegerField()),
                ('title', models.CharField(max_length=300)),
                ('summary', models.CharField(blank=True, max_length=300)),
                ('content', models.JSONField()),
                ('pdf', models.BinaryField(null=True)),
                ('correction', models.TextField(blank=True, max_length=2000)),
                ('is_private_decided', models.BooleanField(default=False)),
                ('published_at', models.DateTimeField(default=afterword.lib.clock.now)),
                ('replaced_at', models.DateTimeField(null=True)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('postmortem', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='publications', to='postmortems.postmortem')),
                ('published_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('revision', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='postmortems.revision')),
                ('withdrawn_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-published_at', '-id'],
                'indexes': [models.Index(condition=models.Q(('replaced_at__isnull', True), ('withdrawn_at__isnull', True)), fields=['audience', '-published_at', '-id'], name='publication_standing')],
                'constraints': [models.CheckConstraint(condition=models.Q(('audience__in', ['team', 'organisation', 'public'])), name='publication_audience_is_known'), models.UniqueConstraint(fields=('postmortem', 'audience', 'number'), name='publication_number_is_unique'), models.UniqueConstraint(condition=models.Q(('replaced_at__isnull', True), ('withdrawn_at__isnull', True)), fields=('postmortem', 'audience'), name='publication_stands_once_per_audience')],
            },
        ),
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unique_id', models.UUIDField(default=afterword.lib.ids.new_uuid, editable=False, unique=True)),
                ('verdict', models.CharField(choices=[('approved', 'Approved'), ('changes_requested', 'Changes requested')], max_length=20)),
                ('note', models.TextField(blank=True, max_length=4000)),
                ('at', models.DateTimeField(default=afterword.lib.clock.now)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('postmortem', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reviews', to='postmortems.postmortem')),
                ('revision', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='postmortems.revision')),
            ],
            options={
                'ordering': ['-at', '-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('verdict__in', ['approved', 'changes_requested'])), name='review_verdict_is_known'), models.UniqueConstraint(condition=models.Q(('withdrawn_at__isnull', True)), fields=('postmortem', 'person'), name='review_stands_once_per_person')],
            },
        ),
        migrations.AddField(
            model_name='Postmortem',
            name='incidents',
            field=models.ManyToManyField(related_name='postmortems', through='postmortems.PostmortemIncident', to='incidents.incident'),
        ),
        migrations.RunPython(make_tables, drop_tables),
        migrations.RunPython(make_fields, migrations.RunPython.noop),
    ]
