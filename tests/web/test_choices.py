from __future__ import annotations

import re

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import mark_safe

from afterword.lib.zones import zone_names
from afterword.web.form_renderer import FormRenderer

pytestmark = pytest.mark.pure

HOSTILE = '"><script>alert(1)</script>&'


class Choosing(forms.Form):
    team = forms.ChoiceField(
        choices=[
            ("", "None"),
            ("Near", [(1, HOSTILE), (HOSTILE, mark_safe("<b>safe</b>"))]),
            (HOSTILE, [(1234567, 1234567)]),
        ],
        required=False,
    )
    people = forms.MultipleChoiceField(choices=[("a", "Ä"), ("b", "B"), ("c", "C")])
    is_open = forms.NullBooleanField(
        widget=forms.NullBooleanSelect(attrs={"data-x": HOSTILE, "hidden": False})
    )
    zone = forms.ChoiceField(choices=[(zone, zone) for zone in sorted(zone_names())[:20]], disabled=True)


@pytest.mark.parametrize(
    "data", [None, {"team": HOSTILE, "people": ["a", "c"], "is_open": "true"}, {"team": "1"}]
)
def test_a_choice_is_drawn_as_django_draws_it(data: dict[str, object] | None):
    ours = Choosing(data, renderer=FormRenderer())
    django_s = Choosing(data, renderer=DjangoTemplates())
    for drawn, known in zip(ours, django_s, strict=True):
        attributes = {"aria-describedby": HOSTILE}
        assert _closed_up(drawn.as_widget(attrs=attributes)) == _closed_up(known.as_widget(attrs=attributes))
    assert "<script" not in str(ours["team"])


def _closed_up(html: str) -> str:
    """Without the space between tags, which shows nowhere."""
    return re.sub(r">\s+<", "><", html)


def test_hundreds_of_choices_are_drawn_without_a_template(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(DjangoTemplates, "get_template", lambda *_: pytest.fail("a template is drawn"))
    assert str(Choosing(renderer=FormRenderer())["people"]).count("<option") == 3
