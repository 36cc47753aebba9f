"""What other teams call the sections of their post-mortems, in English and in German. Pure."""

from __future__ import annotations

import re
import unicodedata

SYNONYMS: dict[str, str] = {
    "Summary": (
        "summary | overview | abstract | tldr | tl dr | executive summary | incident summary | "
        "what happened | brief summary | synopsis | description | incident description | in short | "
        "zusammenfassung | kurzfassung | kurzbeschreibung | beschreibung | überblick | übersicht | "
        "in kürze | vorfall | vorfallbeschreibung | vorfallsbeschreibung | beschreibung des vorfalls | "
        "zusammenfassung des vorfalls | was ist passiert | was passiert ist | was ist geschehen | "
        "was geschah | management summary"
    ),
    "Key information": (
        "key information | key facts | stats | metadata | statistics | facts | details | "
        "eckdaten | kennzahlen | fakten | daten und fakten | metadaten | stammdaten | "
        "allgemeine informationen | allgemeines"
    ),
    "Timeline": (
        "timeline | timelines | key events | chronology | sequence of events | incident timeline | "
        "timeline of events | event timeline | key timestamps | events | detailed timeline | "
        "zeitleiste | zeitlinie | zeitstrahl | zeitverlauf | zeitablauf | zeitlicher verlauf | "
        "zeitlicher ablauf | chronologie | chronologischer ablauf | ablauf | ablauf der ereignisse | "
        "verlauf | hergang | ereignisse | wichtige ereignisse"
    ),
    "Impact": (
        "impact | customer impact | user impact | business impact | impact assessment | scope | "
        "severity and impact | users affected | affected users | affected services | scope of impact | "
        "auswirkung | auswirkungen | auswirkung auf kunden | auswirkungen auf kunden | kundenauswirkung | "
        "kundenauswirkungen | folgen | beeinträchtigung | beeinträchtigungen | umfang | ausmass | schaden | "
        "schäden | betroffene kunden | betroffene nutzer | betroffene dienste | betroffene systeme"
    ),
    "Contributors": (
        "contributors | contributing factors | contributing factor | contributing causes | factors | "
        "root cause | root causes | root cause analysis | causes | cause | rca | root cause(s) | "
        "root causes and trigger | why did it happen | five whys | 5 whys | analysis | why | "
        "causal analysis | findings | what caused it | cause of the incident | "
        "ursache | ursachen | ursache n | grundursache | grundursachen | hauptursache | hauptursachen | "
        "fehlerursache | fehlerursachen | ursachenanalyse | analyse | faktoren | einflussfaktoren | "
        "beitragende faktoren | begünstigende faktoren | mitwirkende faktoren | gründe | warum | "
        "warum ist es passiert | wie kam es dazu"
    ),
    "Trigger": ("trigger | triggers | what triggered it | auslöser | was hat es ausgelöst"),
    "Detection": (
        "detection | identified | how we found out | how was it detected | discovery | time to detect | "
        "monitoring | alerting | "
        "erkennung | entdeckung | feststellung | überwachung | alarmierung | wie wurde es bemerkt | "
        "wie wurde es entdeckt | wie wir es bemerkt haben | wie haben wir es bemerkt"
    ),
    "Resolution": (
        "resolution | mitigation | recovery | resolution and recovery | mitigation and resolution | "
        "response | fix | how it was fixed | how was it resolved | remediation | workaround | "
        "incident response | mitigations | context and resolution | containment | "
        "lösung | behebung | fehlerbehebung | störungsbehebung | entstörung | problemlösung | "
        "wiederherstellung | eindämmung | abhilfe | reaktion | sofortmassnahme | sofortmassnahmen | "
        "gegenmassnahme | gegenmassnahmen | wie wurde es behoben"
    ),
    "Mitigators": (
        "mitigators | what went well | what worked well | where we got lucky | what worked | good | "
        "things that went well | what helped | went well | "
        "was gut lief | was lief gut | was gut gelaufen ist | was ist gut gelaufen | "
        "was gut funktioniert hat | was geholfen hat | gut gelaufen | positives | wo wir glück hatten | "
        "glück gehabt"
    ),
    "Learnings and risks": (
        "learnings and risks | lessons learned | lessons learnt | lessons | learnings | what we learned | "
        "what went wrong | what went badly | what went poorly | what could be improved | reflections | "
        "things that went poorly | what did not go well | what didnt go well | went wrong | retrospective | "
        "what could have gone better | what can be improved | risks | key learnings | takeaways | "
        "lehren | lehre | gelerntes | lektionen | erkenntnis | erkenntnisse | gewonnene erkenntnisse | "
        "lerneffekte | lehren aus dem vorfall | was wir gelernt haben | was haben wir gelernt | "
        "was schlecht lief | was lief schlecht | was schief lief | was lief schief | "
        "was ist schief gelaufen | was nicht gut lief | was lief nicht gut | was besser laufen könnte | "
        "was hätte besser laufen können | verbesserungspotenzial | verbesserungspotential | risiken | "
        "rückblick | retrospektive"
    ),
    "Follow-up actions": (
        "follow up actions | follow ups | followups | action items | actions | review actions | next steps | "
        "future actions | todo | to do | corrective actions | preventive measures | "
        "corrective and preventative measures | corrective and preventive measures | action plan | "
        "preventative measures | prevention | tasks | remediation items | follow up | what we will do | "
        "preventive actions | preventative actions | corrective and preventive actions | "
        "massnahme | massnahmen | folgemassnahmen | korrekturmassnahmen | verbesserungsmassnahmen | "
        "präventionsmassnahmen | vorbeugende massnahmen | präventive massnahmen | massnahmenplan | "
        "aufgaben | folgeaufgaben | offene aufgaben | offene punkte | nacharbeiten | nächste schritte | "
        "weitere schritte | weiteres vorgehen | vorbeugung | prävention | vermeidung | was wir tun werden | "
        "was zu tun ist"
    ),
    "Meeting notes": (
        "meeting notes | notes | attendees | atendees | participants | discussion | people | "
        "supporting information | people involved | references | appendix | links | "
        "notizen | protokoll | besprechung | besprechungsnotizen | teilnehmer | teilnehmende | "
        "teilnehmerinnen | teilnehmer innen | teilnehmerinnen und teilnehmer | beteiligte | "
        "beteiligte personen | anwesende | anhang | verweise | weiterführende links"
    ),
}
"""Of each section of ours the names that others have for it: in small letters, between bars."""

_MEANINGS = {synonym: title for title, names in SYNONYMS.items() for synonym in names.split(" | ")}
_NUMBERING = re.compile(r"^\s*(?:\d+(?:\.\d+)*[.)]?|[ivx]+[.)]|[a-z][.)])\s+", re.IGNORECASE)


def meaning_of(title: str) -> str:
    """The title that our templates have for such a section; nothing where there is none.

    Numbering, punctuation, case and what stands in brackets do not matter.
    """
    folded = unicodedata.normalize("NFC", title).casefold()
    plain = _NUMBERING.sub("", re.sub(r"\([^)]*\)", " ", folded))
    words = " ".join(
        re.sub(r"[^\w\s]", " ", plain.replace("'", "").replace("’", "").replace("_", " ")).split()
    )
    if words in _MEANINGS:
        return _MEANINGS[words]
    # `Context/Resolution/Review actions` and `Impact and severity` have their name in front.
    parts = re.split(r"\s*(?:/|&|,| and | und )\s*", plain.strip(" :*"))
    known = (_MEANINGS.get(" ".join(re.sub(r"[^\w\s]", " ", part).split())) for part in parts)
    return next((meaning for meaning in known if meaning), "")
