"""The component tags: escaped, labelled, usable without script."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone

from afterword.documents import Badge, Paragraph, render_html

pytestmark = pytest.mark.pure

HOSTILE = '<script>alert("x")</script>'
ESCAPED = "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;"
AT = datetime(2026, 3, 2, 9, 14, 7, tzinfo=UTC)


def show(source: str, path: str = "/", **context: object) -> str:
    request = RequestFactory().get(path)
    return Template("{% load components %}" + source).render(Context({"request": request, **context}))


class Note(forms.Form):
    text = forms.CharField(label="Text", help_text="Markdown", min_length=3)
    mood = forms.ChoiceField(
        label="Mood", choices=[("good", "Good")], widget=forms.RadioSelect, required=False
    )
    tell = forms.BooleanField(label="Tell the team", required=False)
    token = forms.CharField(widget=forms.HiddenInput, required=False)


@pytest.mark.parametrize(
    "source",
    [
        "{% badge x %}",
        '{% badge "open" label=x %}',
        '{% icon "plus" x %}',
        "{% copy_block x label=x %}",
        "{% empty x x x x %}",
        "{% callout x %}{{ x }}{% endcallout %}",
        '{% dialog "d" x %}{{ x }}{% enddialog %}',
        "{% tabs x %}{% tab x x 1 %}{% endtabs %}",
        "{% entry who=x source=x %}{{ x }}{% endentry %}",
    ],
)
def test_what_people_write_is_text_in_every_component(source: str) -> None:
    page = show(source, x=HOSTILE)
    assert "<script" not in page
    assert "alert(" in page


def test_a_badge_says_its_state_in_words_and_not_only_in_colour() -> None:
    page = show('{% badge "triggered" %}')
    assert "Triggered" in page
    assert 'data-tone="red"' in page
    assert 'aria-hidden="true"' in page


def test_a_state_in_a_document_has_the_sign_that_it_has_elsewhere() -> None:
    blocks = [Paragraph((Badge("Resolved", "good"), Badge("<b>", "bad")))]
    resolved, other = show("{{ x|with_signs }}", x=render_html(blocks)).split("</span>", 1)
    assert (
        resolved.partition("<svg")[2]
        == show('{% badge "resolved" %}').partition("<svg")[2][: -len("</span>")]
    )
    assert ("<svg" in other, "&lt;b&gt;" in other) == (False, True)


def test_an_unknown_state_is_grey_and_keeps_its_name() -> None:
    page = show('{% badge "waiting_for_vendor" %}')
    assert "Waiting for vendor" in page
    assert 'data-tone="grey"' in page


def test_a_field_ties_its_label_its_help_and_its_errors_to_the_input() -> None:
    form = Note({"text": "x"})
    page = show("{% field form.text %}", form=form)
    assert '<label class="field__label" for="id_text">Text</label>' in page
    assert 'aria-describedby="id_text_helptext id_text_error"' in page
    assert 'id="id_text_helptext">Markdown' in page
    assert 'id="id_text_error"' in page
    assert 'aria-invalid="true"' in page


def test_a_field_without_help_or_errors_describes_nothing() -> None:
    assert "aria-describedby" not in show("{% field form.tell %}", form=Note())


def test_a_group_of_choices_is_a_fieldset_with_a_legend() -> None:
    page = show("{% field form.mood %}", form=Note())
    assert "<fieldset" in page
    assert "<legend" in page
    assert "(optional)" in page


def test_a_hidden_field_is_only_its_input() -> None:
    page = show("{% field form.token %}", form=Note())
    assert "<label" not in page
    assert 'type="hidden"' in page


def test_the_summary_of_errors_links_to_each_field() -> None:
    page = show("{% form_errors form %}", form=Note({"text": ""}))
    assert 'role="alert"' in page
    assert '<a href="#id_text">Text</a>: This field is required.' in page
    assert "One thing needs another look" in page


def test_a_form_without_errors_has_no_summary() -> None:
    assert show("{% form_errors form %}", form=Note()).strip() == ""


def test_a_time_is_shown_in_the_zone_of_the_reader_with_utc_beside_it() -> None:
    with timezone.override("Asia/Tokyo"):
        page = show("{% time at %}", at=AT)
    assert 'datetime="2026-03-02T18:14:07+09:00"' in page
    assert 'title="2026-03-02 09:14:07 UTC"' in page
    assert ">2 Mar 2026, 18:14<" in page


def test_a_zone_can_be_named() -> None:
    assert ">2 Mar 2026, 10:14:07<" in show('{% time at "Europe/Berlin" style="seconds" %}', at=AT)


def test_a_day_has_no_zone() -> None:
    assert show("{% time at %}", at=date(2026, 3, 2)) == '<time datetime="2026-03-02">2 Mar 2026</time>'


def test_a_time_at_the_edge_of_the_calendar_is_shown_in_utc() -> None:
    page = show('{% time at "America/New_York" %}', at=datetime(1, 1, 1, 0, 30, tzinfo=UTC))
    assert 'datetime="0001-01-01T00:30:00+00:00"' in page


def test_an_unknown_time_is_a_dash() -> None:
    assert "–" in show("{% time at %}", at=None)


@pytest.mark.parametrize(
    ("after", "words"),
    [
        (timedelta(0), "+0 s"),
        (timedelta(seconds=42), "+42 s"),
        (timedelta(minutes=7, seconds=59), "+7 min"),
        (timedelta(hours=1, minutes=5), "+1 h 5 min"),
        (timedelta(hours=3), "+3 h"),
        (timedelta(days=2, hours=3), "+2 d 3 h"),
        (timedelta(minutes=-3), "−3 min"),
    ],
)
def test_the_time_since_the_start_reads_as_people_say_it(after: timedelta, words: str) -> None:
    assert show("{% elapsed start at %}", start=AT, at=AT + after) == words


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(hours=5), "5 hours ago"),
        (timedelta(days=15), "2 weeks ago"),
        (timedelta(days=-2), "in 2 days"),
    ],
)
def test_a_relative_time_has_one_unit(ago: timedelta, words: str) -> None:
    assert f">{words}<" in show("{% relative at now %}", at=AT - ago, now=AT)


def test_the_pages_of_a_list_keep_the_filters() -> None:
    page = Paginator(range(100), 10).get_page(2)
    shown = show('{% pagination page "incidents" %}', "/incidents?status=resolved&page=2", page=page)
    assert 'href="?status=resolved&amp;page=3"' in shown
    assert 'aria-current="page" aria-label="Page 2"' in shown
    assert "11 to 20 of 100 incidents" in shown


def test_a_single_page_is_counted_and_not_linked() -> None:
    shown = show('{% pagination page "services" %}', page=Paginator(range(3), 10).get_page(1))
    assert "<p>3 services</p>" in shown
    assert "<nav" not in shown


@pytest.mark.parametrize(
    ("noun", "words"), [("follow-ups", "1 follow-up"), ("people", "1 person"), ("entries", "1 entry")]
)
def test_one_row_is_counted_in_the_singular(noun: str, words: str) -> None:
    page = Paginator(range(1), 10).get_page(1)
    assert f"<p>{words}</p>" in show(f'{{% pagination page "{noun}" %}}', page=page)


def test_no_rows_are_said_in_words() -> None:
    assert "No teams" in show('{% pagination page "teams" %}', page=Paginator([], 10).get_page(1))


def test_the_tab_of_the_page_that_is_read_is_current() -> None:
    shown = show('{% tabs "Incident" %}{% tab "/a" "A" %}{% tab "/b" "B" 0 %}{% endtabs %}', "/b")
    assert '<a href="/a">A</a>' in shown
    assert '<a href="/b" aria-current="page">B <span class="count">0</span></a>' in shown


def test_text_to_copy_is_there_without_script() -> None:
    shown = show("{% copy_block text %}", text="curl 'x' & y")
    assert "<code data-copy-text>curl &#x27;x&#x27; &amp; y</code>" in shown
    assert "data-copy-button hidden" in shown


def test_a_dialog_has_a_name() -> None:
    shown = show('{% dialog "rotate" "Rotate the key?" %}Sure{% enddialog %}')
    assert 'aria-labelledby="rotate-title"' in shown
    assert 'id="rotate-title">Rotate the key?' in shown
