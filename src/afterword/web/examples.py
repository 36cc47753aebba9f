"""What /design shows: example rows, forms and the lines that make each component."""

# ruff: noqa: E501 - the lines to copy are shown as they are
from __future__ import annotations

from dataclasses import dataclass

from django import forms


class ExampleForm(forms.Form):
    """One field of each kind."""

    title = forms.CharField(max_length=200, help_text="What a colleague would look for in a year.")
    service = forms.ChoiceField(choices=[("api", "Checkout API"), ("web", "Web shop")])
    started_at = forms.DateTimeField(
        label="Started", required=False, widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    summary = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 4}), min_length=20, help_text="Markdown; two paragraphs do."
    )
    impact = forms.ChoiceField(
        label="Who noticed",
        widget=forms.RadioSelect,
        choices=[("none", "Nobody"), ("some", "Some customers"), ("all", "Everybody")],
    )
    tell = forms.BooleanField(label="Tell the team", required=False, help_text="One mail to each member.")


class ExampleFilters(forms.Form):
    """The line of filters above a list."""

    q = forms.CharField(label="Search", required=False, widget=forms.TextInput(attrs={"type": "search"}))
    status = forms.ChoiceField(required=False, choices=[("", "Any"), ("triggered", "Triggered")])
    team = forms.ChoiceField(required=False, choices=[("", "Any"), ("payments", "Payments")])


@dataclass(frozen=True)
class ExampleRow:
    number: int
    status: str
    priority: str
    title: str
    service: str
    alerts: int


ROWS = [
    ExampleRow(
        1042, "triggered", "p1", "Card payments are refused in the whole of Europe", "Checkout API", 7
    ),
    ExampleRow(
        1041,
        "acknowledged",
        "p2",
        "A title that goes on: replication lag of the orders database passes ten minutes while the export "
        "runs, and reads_from_the_replica_return_rows_that_are_older_than_the_cache_says_they_may_be",
        "Orders database",
        31,
    ),
    ExampleRow(1040, "resolved", "p3", "Search answers in more than two seconds", "Search", 64),
    ExampleRow(1039, "resolved", "p4", "Certificate of the status page runs out soon", "Status page", 1503),
    ExampleRow(1038, "resolved", "p2", "Mails of password resets arrive twice", "Mail", 2),
    ExampleRow(1037, "resolved", "p5", "Disk of the build machine is 91 % full", "Builds", 1),
]

CURL = """curl --request POST 'https://afterword.example/integration/demo/generic/4f9c0b7e21d8/' \\
  --header 'Content-Type: application/json' \\
  --data '{"message": "Disk is 91 % full", "alert_type": "warning", "entity_id": "db-1:disk"}'"""

SNIPPETS = {
    "page": """{% extends "web/base.html" %}{% load components %}
{% block title %}{{ incident.title }}{% endblock %}
{% block breadcrumbs %}<li><a href="{% url "incidents:list" %}">Incidents</a></li>{% endblock %}
{% block heading %}{{ incident.title }}{% endblock %}
{% block lead %}{% badge incident.status %}{% endblock %}
{% block actions %}<button class="button button--primary">Resolve</button>{% endblock %}
{% block tabs %}{% tabs "Incident" %}{% tab overview_url "Overview" %}{% tab alerts_url "Alerts" 12 %}{% endtabs %}{% endblock %}
{% block content %}...{% endblock %}""",
    "buttons": """<button class="button button--primary">Resolve</button>
<a class="button" href="...">{% icon "download" %}Download</a>
<button class="button button--quiet">Cancel</button>
<button class="button button--danger" disabled>Delete</button>
<button class="button button--small" aria-busy="true">Busy</button>
<button class="button button--icon">{% icon "refresh" "Refresh" %}</button>
<form method="post" data-island="confirm" data-confirm="Delete it for good?">...</form>""",
    "badges": """{% badge incident.status %} {% badge "open" label="3 open" tone="amber" %}
<span class="tag">a tag</span>""",
    "tables": """<form class="filters" method="get">
  {% field filters.q kind="field--search" optional=False %}
  <button class="button">{% icon "filter" %}Filter</button>
</form>
<div class="table-box" tabindex="0" role="region" aria-label="Incidents">
  <table class="table table--stack" data-keyboard-rows>
    <thead><tr><th scope="col">Incident</th><th scope="col" class="number">Alerts</th></tr></thead>
    <tbody><tr>
      <td class="table__title"><a href="...">Title</a></td>
      <td>{% badge incident.status %}</td>                   <- no label: beside the next on 360 px
      <td data-label="Alerts" class="number">7</td>
    </tr></tbody>
  </table>
</div>
{% pagination page "incidents" %}""",
    "forms": """<form class="form" method="post">{% csrf_token %}
  {% form_errors form %}
  {% field form.title %}
  <div class="form__pair">{% field form.service %}{% field form.started_at %}</div>
  <div class="form__end">
    <button class="button button--primary">Create</button>
    <a class="button button--quiet" href="...">Cancel</a>
  </div>
</form>""",
    "timeline": """<ol class="timeline">
  {% entry kind="critical" at=entry.at start=incident.started_at who=entry.person source=entry.source %}
    {{ entry.text }}
  {% endentry %}
</ol>""",
    "messages": """messages.success(request, "The incident is resolved.")   # base.html shows it
{% callout "This key is shown once" tone="amber" %}<p>Copy it now.</p>{% endcallout %}""",
    "empty": """{% empty "No incidents yet" "They open when an alert arrives." url "Connect a service" icon="zap" %}
{% empty "No notes" "What you see and try belongs here." small=True %}""",
    "dialog": """<a class="button" href="#rotate">Rotate the key</a>
{% dialog "rotate" "Rotate the key?" %}
  <p>What sends alerts with the old key is refused from now on.</p>
  <a class="button button--quiet" href="#main" data-closes-dialog>Cancel</a>
{% enddialog %}""",
    "copy": """{% copy_block curl_line label="Try it" %}
{% copy_block key %}""",
    "times": """{% time incident.started_at %} {% time at style="seconds" %}
{% elapsed incident.started_at entry.at %} {% relative key.used_at %} {{ length|duration }}
<dl class="facts"><div><dt>Service</dt><dd>Checkout API</dd></div></dl>""",
    "document": """<div class="split">
  <div class="document">{{ html }}</div>
  <aside class="contents contents--sticky stack" aria-label="About this document">
    <div class="card"><h2 class="card__title">Key information</h2>...</div>
  </aside>
</div>""",
}
