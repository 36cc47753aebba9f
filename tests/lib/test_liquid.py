from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from afterword.lib import liquid
from afterword.lib.liquid import TemplateError, TemplateLimitError, TemplateSyntaxError
from tests.pace import within

pytestmark = pytest.mark.pure

VARIABLES: dict[str, object] = {
    "incident": {
        "title": "Checkout answers slowly",
        "services": ["Checkout", "Cart"],
        "started_at": datetime(2026, 3, 2, 14, 5, tzinfo=UTC),
        "resolved_at": None,
        "duration": timedelta(hours=1, minutes=5),
    },
    "incidents": [{"number": 2, "open": True}, {"number": 1, "open": False}],
}


def fill_in(source: str, zone: str = "UTC") -> str:
    return liquid.render(source, VARIABLES, zone=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{ incident.title }}", "Checkout answers slowly"),
        ('{{ incident.services | join: ", " }}', "Checkout, Cart"),
        ('{{ incident.started_at | date: "%-d %B %Y, %H:%M" }}', "2 March 2026, 14:05"),
        ("{{ incident.started_at }}", "2 March 2026, 14:05 UTC"),
        ("{{ incident.duration }}", "1 h 5 min"),
        ("{{ 4500 | duration }}", "1 h 15 min"),
        ('{{ incidents | map: "number" | sort | join: "+" }}', "1+2"),
        ('{{ incidents | where: "open" | size }}', "1"),
        ('{{ incident.resolved_at | default: "later" }}', "later"),
        ("{% for i in incidents %}{{ forloop.index }}:{{ i.number }} {% endfor %}", "1:2 2:1 "),
        ("{% if incident.resolved_at %}over{% else %}open{% endif %}", "open"),
        ("{% raw %}{{ kept }}{% endraw %}{% comment %}{{ gone }}{% endcomment %}", "{{ kept }}"),
        ("{{ 7 | divided_by: 2 }} {{ 7.0 | divided_by: 2 }} {{ 1.26 | round: 1 }}", "3 3.5 1.3"),
        ("{% for n in (1..3) %}{{ n }}{% endfor %}", "123"),
    ],
)
def test_a_template_is_filled_in(source: str, expected: str) -> None:
    assert fill_in(source) == expected


def test_moments_are_written_in_the_zone_that_was_asked_for() -> None:
    assert fill_in("{{ incident.started_at | date }}", zone="Europe/Paris") == "2 March 2026, 15:05 CET"


def test_what_is_not_known_yet_says_so_instead_of_leaving_a_hole() -> None:
    assert fill_in("until {{ incident.resolved_at | date }}") == "until [not known yet]"
    assert fill_in("{{ incident.started_at | duration: incident.resolved_at }}") == "[not known yet]"


def test_a_variable_that_does_not_exist_is_named_in_the_text() -> None:
    assert fill_in("{{ incident.titel | date }}") == "[no such variable: incident.titel]"


@pytest.mark.parametrize("name", ["now", "today"])
def test_no_wall_clock_makes_the_same_record_give_another_text(name: str) -> None:
    assert fill_in(f"{{{{ {name} }}}}") == f"[no such variable: {name}]"


@pytest.mark.parametrize("path", ["__class__", "title.__len__", "services.append", "title.upper"])
def test_a_template_sees_values_and_nothing_behind_them(path: str) -> None:
    assert "no such variable" in fill_in("{{ incident." + path + " }}")


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("one\n\n{{ a | shout }}", 3),
        ("one\n{% if a %}\n{{ b }}\n", 2),
        ("{{ a }}\n{{ b", 2),
        ("\n{{ }}", 2),
        ("\n{{ a | }}", 2),
        ("\n\n{% if a %}{% for b in c %}{% endif %}", 3),
        ("\n{% else %}", 2),
        ("\n{% break %}", 2),
        ("\n{% assign x %}", 2),
        ("\n{% raw %}", 2),
        ("\n{% for n in (1..incident.number) %}{% endfor %}", 2),
    ],
)
def test_a_mistake_is_refused_with_its_line(source: str, line: int) -> None:
    with pytest.raises(TemplateSyntaxError) as refusal:
        liquid.check(source)
    assert refusal.value.line == line
    assert refusal.value.message.startswith(f"Line {line}: ")


@pytest.mark.parametrize(
    "tag", ["include 'x'", "render 'x'", "tablerow a in b", "cycle 'a'", "doc", "liquid", "layout"]
)
def test_there_are_no_tags_that_reach_outside(tag: str) -> None:
    with pytest.raises(TemplateSyntaxError, match="there is no tag"):
        liquid.check(f"{{% {tag} %}}")


def test_a_mistake_that_shows_only_in_the_values_has_its_line_too() -> None:
    with pytest.raises(TemplateError, match="Line 2: this needs a number"):
        fill_in("\n{{ incident.title | plus: 1 }}")


GROW = '{% assign x = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" %}'


@pytest.mark.parametrize(
    "source",
    [
        "{% for a in (1..1000) %}{% for b in (1..1000) %}x{% endfor %}{% endfor %}",
        "{% for a in (1..1000) %}x{% endfor %}" * 6,
        "{% for a in (1..999999999) reversed %}x{% endfor %}",
        "{% if (1..999999999) contains 'x' %}{% endif %}",
        GROW + "{% assign x = x | append: x %}" * 40,
        GROW + '{% assign x = x | replace: "a", x %}' * 10,
        GROW + "{% assign x = x | split: '' | join: x %}" * 10,
        "{% assign x = 99999 %}" + "{% assign x = x | times: x %}" * 40,
        "{% capture x %}" + "x" * 40_000 + "{% endcapture %}{{ x }}{{ x }}",
        "{% for a in (1..999) %}" + "{% if true %}{% endif %}" * 2_500 + "{% endfor %}",
        "".join(f"{{% assign x{n} = 1 %}}" for n in range(200)),
        "{% if true %}" * 11 + "{% endif %}" * 11,
        "x" * (liquid.SOURCE_BYTES_MAX + 1),
    ],
)
def test_a_bomb_ends_soon(source: str) -> None:
    with within(liquid.RENDER_SECONDS_MAX + 2), pytest.raises(TemplateLimitError):
        fill_in(source)


@pytest.mark.parametrize(
    "source",
    [
        "{{" * 30_000,
        "{%" * 30_000,
        "{{" + " " * 60_000,
        "{% raw %}" * 7_000,
        "{% comment %}" + "{% raw %}" * 6_000,
        "{% comment %}" + "{% doc %}" * 6_000,
        ("{{" + " " * 495 + "}}") * 130,
        "{{ x" + "[x" * 200 + "]" * 200 + " }}",
    ],
)
def test_marks_that_are_never_closed_take_no_time(source: str) -> None:
    with within(2), pytest.raises(TemplateError):
        fill_in(source)


def test_widths_in_a_date_format_do_not_fill_the_memory() -> None:
    assert fill_in('{{ incident.started_at | date: "%999999999d" }}') == "%999999999d"


def test_a_list_that_is_walked_is_not_walked_too_often() -> None:
    many: dict[str, object] = {"rows": list(range(liquid.LOOP_ITERATIONS_MAX + 1))}
    with pytest.raises(TemplateLimitError, match="turns"):
        liquid.render("{% for row in rows %}.{% endfor %}", many)
