"""German: what its tables find and what they leave alone, in invented sentences of all shapes."""

from __future__ import annotations

import pytest

from afterword.language import CATEGORIES, Kind, Options, check

pytestmark = pytest.mark.pure

GERMAN = Options(language="de", kinds=frozenset({Kind.BLAME}))

# Each sentence has a finding of its category; where words follow the bar, it lies within them.
FLAGGED: dict[str, list[str]] = {
    "counterfactual_person": [
        "Lena hätte die Konfiguration prüfen müssen. | Lena hätte die Konfiguration prüfen müssen",
        "Der Bereitschaftshabende hätte den Alarm früher bestätigen sollen.",
        "Er hätte das Backup testen können.",
        "Hätte der Entwickler die Logs gelesen, wäre nichts passiert. | Hätte der Entwickler die Logs gelesen",
        "Wenn Jonas den Alarm beachtet hätte, wäre nichts passiert. | Jonas den Alarm beachtet hätte",
        "Vor dem Rollout hätte Lena die Migration testen müssen.",
        "Wir sehen, dass Jonas die Änderung hätte ankündigen müssen.",
        "Es ist klar, dass die Administratorin das Zertifikat früher hätte erneuern sollen.",
        "Der Operator hätte den Befehl nie in der Produktion ausführen dürfen.",
        "Jonas hätte besser vorher nachgefragt.",
        "Der Techniker, der Dienst hatte, hätte eskalieren müssen.",
        "Es wäre Lenas Aufgabe gewesen, die Migration zu testen.",
        "Es wäre die Aufgabe des Reviewers gewesen, das zu bemerken.",
        "Der Admin hätte nur einmal ins Runbook schauen müssen.",
        "Eigentlich sollte der Kollege die Konfiguration vorher prüfen.",
        "Dazu hätte der Datenbankadministrator das Limit kennen müssen.",
        "Frau Yildiz hätte den Failover manuell auslösen sollen.",
        "Hier hätten die Entwickler:innen einen Test schreiben müssen.",
    ],
    "counterfactual_team": [
        "Das Plattform-Team hätte die Änderung ankündigen müssen.",
        "Wir hätten früher eskalieren sollen.",
        "Das SRE-Team hätte den Alarm ernst nehmen müssen.",
    ],
    "omission": [
        "Jonas hat vergessen, das Zertifikat zu erneuern.",
        "Der Entwickler vergaß, die Migration auszuführen.",
        "Die Kollegin versäumte es, den Alarm zu bestätigen.",
        "Der Techniker hat den Alarm übersehen.",
        "Der Reviewer hat den Fehler nicht bemerkt.",
        "Sie hat die Logs nicht geprüft.",
        "Er prüfte die Konfiguration nicht.",
        "Das lag daran, dass der Operator vergessen hatte, den Cache zu leeren.",
        "Der Ausfall dauerte länger, weil Jonas das Backup nicht getestet hatte.",
        "Leider hat Lena versäumt, das Team zu informieren.",
        "Der Kollege dachte nicht daran, den Proxy neu zu laden.",
        "Der Mitarbeiter unterließ es, die Änderung zu dokumentieren.",
        "Der Alarm wurde vom Bereitschaftstechniker übersehen.",
        "Die Prüfung wurde von Lena vergessen.",
        "Jonas ignorierte die Warnung.",
        "Der Entwickler änderte das Schema, ohne die Replikation zu prüfen.",
        "Die Ingenieurin hat die Warnung ignoriert und weitergemacht.",
        "Danach vergaß Jonas, den Schalter zurückzusetzen.",
        "Niemand im Team hat Lena gesagt, dass sie es vergessen hat.",
        "Der Administrator hat es verpasst, die Platte rechtzeitig zu erweitern.",
        "Durch ein Versäumnis des Administrators lief das Zertifikat ab.",
    ],
    "individual_cause": [
        "Der Ausfall wurde von Jonas verursacht.",
        "Jonas hat den Ausfall verursacht.",
        "Die Ursache war der Administrator.",
        "Der Techniker hat die Produktion lahmgelegt.",
        "Lenas Änderung hat die Anmeldung kaputt gemacht.",
        "Auslöser der Störung war eine Änderung von Jonas.",
        "Wegen eines Entwicklers fiel die Kasse aus.",
        "Der Kollege hat mit seinem Deployment den Ausfall ausgelöst.",
        "Die Störung geht auf Jonas zurück.",
        "Jonas hat die Datenbank versehentlich gelöscht.",
        "Der Ausfall entstand durch einen Mitarbeiter, der das falsche Kabel zog.",
    ],
    "human_error": [
        "Ursache war menschliches Versagen.",
        "Grund für den Ausfall: ein menschlicher Fehler.",
        "Es handelte sich um einen Bedienfehler.",
        "Die Löschung war ein Anwenderfehler.",
        "Der Vorfall beruht auf einem Fehler des Administrators.",
        "Der Ausfall geht auf einen Fehler von Jonas zurück.",
        "Jonas hat einen Fehler gemacht.",
        "Dem Operator ist ein Fehler unterlaufen.",
        "Das war eine klassische Fehlbedienung.",
        "Am Ende war es ein Flüchtigkeitsfehler.",
        "Schwachstelle war wieder einmal der Faktor Mensch.",
    ],
    "character": [
        "Jonas war unvorsichtig.",
        "Der Administrator hat fahrlässig gehandelt.",
        "Der Alarm ging aus Unachtsamkeit verloren.",
        "Die Ursache war Nachlässigkeit.",
        "Der Entwickler arbeitete schlampig.",
        "Das Team war zu faul, die Tests zu schreiben.",
        "Es fehlte dem Techniker an der nötigen Sorgfalt.",
        "Durch mangelnde Sorgfalt wurde die Platte gelöscht.",
        "Der unerfahrene Kollege hatte den Dienst übernommen.",
        "Lena ist für diese Aufgabe nicht kompetent genug.",
        "Sein leichtsinniges Verhalten führte zum Ausfall.",
    ],
    "hindsight": [
        "Es war offensichtlich, dass die Platte voll laufen würde.",
        "Im Nachhinein war klar, dass der Rollout scheitern musste.",
        "Der Ausfall war vorhersehbar.",
        "Das hätte jeder sehen können.",
        "Man hätte wissen müssen, dass das Limit nicht reicht.",
        "Rückblickend hätte das sofort auffallen müssen.",
        "Der Vorfall wäre leicht vermeidbar gewesen.",
        "Jedem hätte klar sein müssen, dass das nicht gut geht.",
    ],
    "second_guess": [
        "Es ist unverständlich, warum Jonas den Alarm stummgeschaltet hat.",
        "Warum hat der Operator nicht einfach zurückgerollt?",
        "Das war eine schlechte Entscheidung von Lena.",
        "Der Entwickler traf die falsche Entscheidung.",
        "Wieso der Administrator nicht gefragt hat, ist nicht nachvollziehbar.",
        "Der Techniker hat die Lage falsch eingeschätzt.",
        "Wie konnte Jonas nur auf die Idee kommen, das am Freitag auszurollen?",
        "Der Kollege hat überstürzt gehandelt.",
        "Das war eine klare Fehlentscheidung.",
    ],
    "intent": [
        "Jonas hat die Warnung absichtlich ignoriert.",
        "Der Entwickler hat die Prüfung bewusst umgangen.",
        "Die Administratorin hat vorsätzlich gehandelt.",
        "Er wusste genau, dass das verboten war.",
        "Der Kollege hat den Vorfall verschwiegen.",
        "Dem Operator war die Produktion egal.",
        "Wider besseres Wissen startete Jonas die Migration.",
    ],
    "rule_breach": [
        "Jonas hat gegen die Richtlinie verstoßen.",
        "Der Entwickler hielt sich nicht an den Prozess.",
        "Der Operator hat das Runbook nicht befolgt.",
        "Die Kollegin hat das Vier-Augen-Prinzip missachtet.",
        "Der Techniker hat ohne Freigabe deployt.",
        "Lena hat die Checkliste übersprungen.",
        "Der Administrator handelte eigenmächtig.",
        "Entgegen der Anweisung startete der Mitarbeiter den Server neu.",
        "Der Ausfall entstand, weil sich der Entwickler nicht an das Verfahren gehalten hat.",
    ],
    "fault_punish": [
        "Schuld daran ist Jonas.",
        "Der Administrator ist schuld am Ausfall.",
        "Lena trägt die Schuld.",
        "Der Ausfall ist auf das Verschulden des Technikers zurückzuführen.",
        "Der Mitarbeiter wurde abgemahnt.",
        "Der Verantwortliche wird zur Rechenschaft gezogen.",
        "Wir prüfen personelle Konsequenzen.",
        "Der Entwickler erhält eine Abmahnung.",
        "Das wird disziplinarische Maßnahmen nach sich ziehen.",
        "Der Schuldige wurde ermittelt.",
        "Das war seine Schuld.",
    ],
    "careful_fix": [
        "Wir müssen künftig besser aufpassen.",
        "In Zukunft sollen die Entwickler sorgfältiger arbeiten.",
        "Alle Kollegen sollen vorsichtiger sein.",
        "Der Techniker wird nachgeschult.",
        "Wir erinnern alle Mitarbeiter daran, das Runbook zu lesen.",
        "Das Team für das Thema sensibilisieren.",
        "Mehr Sorgfalt bei Deployments.",
        "Künftig genauer hinschauen.",
        "Jonas muss beim nächsten Mal besser aufpassen.",
        "Die Administratoren erneut schulen.",
    ],
}

# None of these has a finding.
FINE = [
    "Der Alarm hätte auslösen müssen.",
    "Der Pod hätte automatisch neu starten sollen.",
    "Die Datenbank hätte den Failover durchführen müssen.",
    "Das Zertifikat hätte vor drei Tagen erneuert werden sollen.",
    "Der Alarm hätte den Bereitschaftstechniker wecken müssen.",
    "Hätte der Failover funktioniert, wäre der Ausfall kürzer gewesen.",
    "Wenn der Alarm ausgelöst hätte, wäre der Ausfall kürzer gewesen.",
    "Lena hätte gern einen Zugang zum Dashboard.",
    "Wir hätten gern mehr Metriken.",
    "Jonas rollte das Deployment um 14:10 Uhr zurück.",
    "Lena hat die Warteschlange geleert und den Dienst neu gestartet.",
    "Der Administrator hat die Konfiguration geprüft.",
    "Der Bereitschaftstechniker bestätigte den Alarm nach drei Minuten.",
    "Der Dienst hat die Verbindung nicht geprüft.",
    "Das Skript prüfte die Version nicht.",
    "Die Konfiguration wurde nicht validiert.",
    "Der Server vergaß die Sitzungen nach dem Neustart.",
    "Das System hat den Fehler nicht erkannt.",
    "Der Speicherfehler trat um drei Uhr auf.",
    "Der Fehler wurde von Lena gefunden und behoben.",
    "Der Client meldet einen Benutzerfehler mit dem Code 400.",
    "Menschliches Versagen ist nie die Ursache, sondern ein Symptom.",
    "Wir sprechen nicht von menschlichem Versagen.",
    "Die Änderung hat den Ausfall verursacht.",
    "Die Abfrage ist schuld an der hohen Last.",
    "Schuld war ein defektes Netzteil.",
    "Niemand ist schuld am Ausfall.",
    "Wir bauen technische Schulden ab.",
    "Der Vertrag mit dem Anbieter wurde gekündigt.",
    "Das Team ist für den Dienst verantwortlich.",
    "Die Folgen für Kunden waren gering.",
    "Im Nachhinein haben wir zwei Metriken ergänzt.",
    "Die Instanz ist absichtlich klein.",
    "Der Dienst wurde bewusst abgeschaltet.",
    "Wir haben uns bewusst für PostgreSQL entschieden.",
    "Das Skript verstößt gegen die Richtlinie des Clusters.",
    "Der Prüfer vergleicht künftig beide Werte.",
    "Der Lastverteiler soll vorsichtiger skalieren.",
    "Jonas sagte: „Ich hätte das prüfen müssen.“",
    "> Lena hätte das prüfen müssen.",
    "Die Frage war, warum der Alarm nicht auslöste.",
    "Lena fragte, warum der Alarm nicht ausgelöst hatte.",
    "Die Bereitschaft wurde um 03:12 Uhr alarmiert.",
    "Der Index war faul und wurde neu aufgebaut.",
    "Nach dem Rollback von Jonas erholte sich die Seite.",
    "Durch Lenas Änderung sank die Last wieder.",
    "Der Lasttest zeigte, dass die Datenbank das Limit erreicht.",
    "Lena konnte den Knoten nicht neu starten, weil der Zugang fehlte.",
    "Das Team entschied, den Rollout zu stoppen.",
    "Kubernetes hat den Pod gelöscht.",
    "Max. 200 Verbindungen waren erlaubt.",
    "Die Entwickler sollten bis Freitag die neuen Dashboards nutzen.",
    "Wir ergänzen einen Alarm auf die Länge der Warteschlange.",
    "Ein Test prüft künftig, ob das Zertifikat bald abläuft.",
]


@pytest.mark.parametrize("category", FLAGGED)
def test_a_category_is_found_in_the_shapes_of_german(category: str):
    missed, elsewhere = [], []
    for row in FLAGGED[category]:
        sentence, _, within = row.partition(" | ")
        found = [finding for finding in check(sentence, GERMAN) if finding.category == category]
        if not found:
            missed.append((sentence, [finding.category for finding in check(sentence, GERMAN)]))
        elif within and not any(finding.text in within for finding in found):
            elsewhere.append((sentence, [finding.text for finding in found]))
    assert (missed, elsewhere) == ([], [])


def test_what_blames_nobody_is_left_alone():
    flagged = [
        (sentence, found[0].category, found[0].text)
        for sentence in FINE
        if (found := check(sentence, GERMAN))
    ]
    assert flagged == []


def test_every_category_of_blame_has_sentences():
    assert set(FLAGGED) == {name for name, category in CATEGORIES.items() if category.kind == Kind.BLAME}


def test_messages_and_questions_are_german():
    (found,) = check("Jonas hat vergessen, das Zertifikat zu erneuern.", GERMAN)
    assert found.message != check("Jonas forgot to renew the certificate.")[0].message
    assert found.question.endswith("?")
