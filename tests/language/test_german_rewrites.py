"""A German suggestion takes the place of the finding's words, reads right, and is no finding of its own."""

from __future__ import annotations

import pytest

from afterword.language import Kind, Options, check

pytestmark = pytest.mark.pure

GERMAN = Options(language="de")

REWRITTEN = {
    "Lena hätte den Rollout abbrechen sollen.": "Lena hat den Rollout nicht abgebrochen.",
    "Die Administratorin hätte früher zurückrollen sollen.": (
        "Die Administratorin hat nicht früher zurückgerollt."
    ),
    "Lena hätte die Tabelle nicht löschen sollen.": "Lena hat die Tabelle gelöscht.",
    "Lena hätte nicht deployen sollen.": "Lena hat deployt.",
    "Wir hätten den alten Rollout abbrechen müssen.": "Wir haben den alten Rollout nicht abgebrochen.",
    "Ich hätte den Rollout abbrechen sollen.": "Ich habe den Rollout nicht abgebrochen.",
    "Lena hat versehentlich die Tabelle gelöscht.": "Lena hat die Tabelle gelöscht.",
    "Lena löschte versehentlich die Tabelle.": "Lena löschte die Tabelle.",
    "Die Hauptursache des Ausfalls war ein Tippfehler.": (
        "Ein beitragender Umstand des Ausfalls war ein Tippfehler."
    ),
    "Die eigentliche Ursache war ein Tippfehler.": "Ein beitragender Umstand war ein Tippfehler.",
    "Es ging wieder nicht!!!": "Es ging wieder nicht.",
}


@pytest.mark.parametrize(("text", "expected"), REWRITTEN.items())
def test_german_rewrites_are_applied_in_place(text: str, expected: str) -> None:
    [finding] = check(text, GERMAN)
    assert [text[: finding.start] + words + text[finding.end :] for words in finding.suggestions] == [
        expected
    ]
    assert check(expected, GERMAN) == []


@pytest.mark.parametrize(
    "text",
    [
        "Lena hätte die Metriken prüfen sollen.",
        "Lena hätte einen Alarm einrichten sollen.",
        "Lena hätte den Rollout abbrechen können.",
        "Lena hätte den Rollout abbrechen und das Team anrufen sollen.",
        "Lena hätte den Rollout abbrechen sollen, bevor er alle traf.",
        "Lena hätte den Rollout keinesfalls abbrechen sollen.",
        "Dann hätte Lena den Rollout abbrechen sollen.",
        "Weil es brannte, hätte Lena den Rollout abbrechen sollen.",
        "Lena hätte **den** Rollout abbrechen sollen.",
        "Lena hat die falsche Tabelle gelöscht.",
        "Lena hat die Tabelle zu leichtfertig gelöscht.",
        "Lena hat versehentlich oder aus Eile die Tabelle gelöscht.",
        "Lena hat versehentlich die falsche Tabelle gelöscht.",
        "Um 10:02 Uhr hat Lena versehentlich die Tabelle gelöscht.",
        "Die Hauptursache, die wir fanden, war ein Tippfehler.",
        "Die Hauptursache kennen wir nicht.",
        "Wir fanden, die Hauptursache war ein Tippfehler.",
    ],
)
def test_where_no_german_rewrite_reads_right_there_is_a_question(text: str) -> None:
    found = check(text, GERMAN)
    assert found
    assert [finding.suggestions for finding in found] == [()] * len(found)
    assert all(finding.question.endswith("?") for finding in found)


@pytest.mark.parametrize(
    "text",
    [
        "Der Pod wurde beendet.",
        "Die Verbindungen zur Datenbank wurden nach 30 Sekunden getrennt.",
        "Um 10:02 wurden alle Verbindungen getrennt.",
        "Die Nachrichten sind verworfen worden.",
        "Das Log zeigt, dass die Sitzungen gelöscht wurden.",
    ],
)
def test_what_was_done_to_a_part_of_the_system_wants_to_know_by_which(text: str) -> None:
    [finding] = check(text, GERMAN)
    assert (finding.category, finding.kind) == ("agentless_passive", Kind.CLARITY)


@pytest.mark.parametrize(
    "text",
    [
        "Die Verbindungen wurden vom Proxy getrennt.",
        "Die Tabelle wurde durch den Job gelöscht.",
        "Lena hat den Pod beendet.",
        "Der Pod wurde manuell beendet.",
        "Der Dienst wurde nicht beendet.",
        "Die Verbindungen wurden getrennt, weil der Speicher voll war.",
        "Wegen des Updates wurden die Verbindungen getrennt.",
        "Der Server wurde 2019 gekauft.",
        "Die Sitzung wurde um eine Stunde verlängert.",
        "Das Ticket wurde gelöscht.",
    ],
)
def test_where_it_says_so_or_nothing_was_done_it_is_fine(text: str) -> None:
    assert [one for one in check(text, GERMAN) if one.category == "agentless_passive"] == []
