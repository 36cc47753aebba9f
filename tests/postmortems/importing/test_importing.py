from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from afterword.accounts.models import Person, Team
from afterword.audit.models import AuditEvent
from afterword.config.importing import import_postmortems
from afterword.incidents.models import Incident
from afterword.lib.errors import NotAllowed, NotFound
from afterword.postmortems.importing.outcomes import Report, SourceFile
from afterword.postmortems.importing.writes import import_files
from afterword.postmortems.models import Postmortem
from afterword.postmortems.review.writes import ask_for_review

SignIn = Callable[[Person], Client]
Headers = Callable[..., dict[str, str]]
OLD = (
    b"# ADFS Outage\n\n## Summary\n\nIt expired.\n\n## Timeline\n\n| Time | Event |\n| --- | --- |\n"
    b"| 2021-03-31 12:06 | It expires |\n\n## Attendees\n\n- RF\n"
)


def run(actor: Person, team: Team, *files: tuple[str, bytes], is_trial: bool = False) -> Report:
    return import_files(
        actor=actor, team=team, files=[SourceFile(*file) for file in files], is_trial=is_trial
    )


def test_a_file_becomes_a_draft_of_its_own_day_about_no_incident(bob: Person, team: Team) -> None:
    (outcome,) = run(bob, team, ("old/adfs.md", OLD)).outcomes
    made = Postmortem.objects.get(number=outcome.number)
    assert (made.title, made.status, made.author, made.team) == ("ADFS Outage", "draft", bob, team)
    assert f"{made.created_at:%Y-%m-%d}" == "2021-03-31"
    sections = [(one.title, one.is_internal, bool(one.help_text)) for one in made.sections.all()]
    assert sections == [("Summary", False, True), ("Timeline", False, True), ("Attendees", True, True)]
    assert made.revisions.get().note == "Imported from old/adfs.md"
    assert not made.incidents.exists()
    assert AuditEvent.objects.filter(action="postmortem.imported").count() == 1


def test_the_same_file_does_nothing_and_a_changed_one_is_pointed_out(bob: Person, team: Team) -> None:
    run(bob, team, ("adfs.md", OLD))
    again = run(bob, team, ("adfs.md", OLD), ("copy.md", OLD), ("adfs.md", OLD + b"\nMore."))
    assert [outcome.result for outcome in again.outcomes] == ["unchanged", "unchanged", "changed"]
    assert again.outcomes[1].reason == "The same text was imported from adfs.md."
    assert "stays as it is" in again.outcomes[2].reason
    assert Postmortem.objects.count() == 1


def test_a_trial_keeps_nothing_and_a_bad_file_holds_nobody_up(bob: Person, team: Team) -> None:
    files = (("a.md", OLD), ("b.md", b"\x00"), ("c.md", b"# Other\n\nText."))
    trial = run(bob, team, *files, is_trial=True)
    assert not Postmortem.objects.exists()
    assert trial.sentence() == "2 would be imported, 1 failed."
    report = run(bob, team, *files)
    assert [outcome.result for outcome in report.outcomes] == ["imported", "failed", "imported"]
    assert report.outcomes[1].reason == "It is not text."


def test_the_front_matter_is_respected(
    alice: Person, bob: Person, other_team: Team, team: Team, resolved_incident: Incident
) -> None:
    front = (
        f"---\ntitle: Ours\nauthor: Bob <bob@example.com>\nteam: payments\nstatus: Complete\nseverity: high\n"
        f"incident: '#{resolved_incident.number}'\n---\n## Impact\n\nNone.\n"
    )
    (outcome,) = run(alice, other_team, ("x.md", front.encode())).outcomes
    made = Postmortem.objects.get(number=outcome.number)
    assert (made.title, made.author, made.team, made.status_text) == ("Ours", bob, team, "Complete")
    assert (made.status, list(made.incidents.all())) == ("draft", [resolved_incident])
    assert "severity: high" in made.sections.last().text  # type: ignore[union-attr]


def test_front_matter_reaches_nothing_that_the_importer_does_not_see(
    charlie: Person, alice: Person, other_team: Team, resolved_incident: Incident
) -> None:
    front = (
        f"---\nteam: Payments\nauthor: alice@example.com\nincident: {resolved_incident.number}\n---\n# T\n\nx"
    )
    (outcome,) = run(charlie, other_team, ("x.md", front.encode())).outcomes
    made = Postmortem.objects.get(number=outcome.number)
    assert (made.team, made.author in (alice, charlie)) == (other_team, True)
    assert not made.incidents.exists()
    assert resolved_incident.title not in " ".join(outcome.notes)


def test_only_writers_of_the_team_import(charlie: Person, vera: Person, team: Team) -> None:
    with pytest.raises(NotFound):
        run(charlie, team, ("a.md", OLD))
    with pytest.raises(NotAllowed):
        run(vera, team, ("a.md", OLD))
    assert not Postmortem.objects.exists()


@pytest.mark.once
def test_every_page_shows_a_post_mortem_about_no_incident(
    sign_in: SignIn, bob: Person, alice: Person, team: Team, api_headers: Headers
) -> None:
    (outcome,) = run(bob, team, ("adfs.md", OLD)).outcomes
    client, base = sign_in(bob), f"/postmortems/{outcome.number}"
    pages = ("", "/write", "/review", "/comments", "/history", "/publish", "/export/markdown", "/export/pdf")
    for page in pages:
        assert client.get(base + page).status_code == 200, page
    assert client.get("/postmortems").status_code == 200
    assert "31 Mar 2021" in client.get(base).content.decode()
    made = Postmortem.objects.get(number=outcome.number)
    assert ask_for_review(actor=bob, postmortem=made, reviewers=[alice]).status == "in_review"
    answer = client.get(f"/api/v1/postmortems/{outcome.number}", headers=api_headers(bob))
    assert answer.json()["incidents"] == []
    assert client.post(f"{base}/edition/derivation").status_code == 302


def test_the_page_takes_several_files_and_an_archive_and_reports(
    sign_in: SignIn, bob: Person, team: Team
) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        made.writestr("folder/third.md", "# Third\n\n## Impact\n\nNone.")
        made.writestr("photo.png", b"x")
    files = [
        SimpleUploadedFile("one.md", OLD),
        SimpleUploadedFile("two.md", b"# Two <b>bold</b>\n\nx"),
        SimpleUploadedFile("more.zip", buffer.getvalue()),
    ]
    client = sign_in(bob)
    answer = client.post("/postmortems/import", {"team": str(team.unique_id), "uploads": files})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "3 imported, 1 left out." in page
    assert "<b>bold" not in page
    assert "folder/third.md" in page
    assert {one.title for one in Postmortem.objects.all()} >= {"ADFS Outage", "Third"}


def test_the_page_names_what_cannot_be_used_and_is_for_writers(
    sign_in: SignIn, bob: Person, vera: Person, charlie: Person, team: Team, client: Client
) -> None:
    assert "Import" in sign_in(bob).get("/postmortems").content.decode()
    empty = sign_in(bob).post("/postmortems/import", {"team": str(team.unique_id)})
    assert (empty.status_code, "Please choose a file." in empty.content.decode()) == (400, True)
    broken = {"team": str(team.unique_id), "uploads": [SimpleUploadedFile("x.zip", b"PK\x03\x04 nothing")]}
    answer = sign_in(bob).post("/postmortems/import", broken)
    assert "This archive cannot be read." in answer.content.decode()
    elsewhere = sign_in(charlie).post(
        "/postmortems/import", {**broken, "uploads": [SimpleUploadedFile("a.md", OLD)]}
    )
    assert elsewhere.status_code == 400
    assert "Payments" not in elsewhere.content.decode()
    assert sign_in(vera).get("/postmortems/import").status_code == 403
    assert client.get("/postmortems/import").status_code == 302
    assert not Postmortem.objects.exists()


def test_the_command_tells_of_each_file(tmp_path: Path, alice: Person, team: Team) -> None:
    (tmp_path / "adfs.md").write_bytes(OLD)
    (tmp_path / "bad.md").write_bytes(b"\xff")
    said: list[str] = []
    report = import_postmortems(str(tmp_path), team="", by="", is_trial=False, say=said.append)
    assert said[0] == "Imported as #1: adfs.md"
    assert "    recognised: Summary, Timeline, Attendees (as Meeting notes)" in said
    assert said[-1] == "1 imported, 1 failed."
    assert report["failed"]
    assert report["files"][0]["sections"][2] == {"title": "Attendees", "recognised_as": "Meeting notes"}


def test_a_program_imports_and_gets_the_same_report(
    client: Client, bob: Person, charlie: Person, vera: Person, team: Team, api_headers: Headers
) -> None:
    def send(person: Person, **given: object) -> tuple[int, dict[str, Any]]:
        body = {
            "team": str(team.unique_id),
            "files": [{"name": "../old/adfs.md", "text": OLD.decode()}],
            **given,
        }
        answer = client.post(
            "/api/v1/postmortems/imports", body, headers=api_headers(person), content_type="application/json"
        )
        return answer.status_code, answer.json()

    assert send(bob, is_trial=True)[1]["counts"] == {"imported": 1}
    assert not Postmortem.objects.exists()
    assert send(charlie)[1]["fields"] == {"team": f"There is no team {team.unique_id}."}
    assert send(vera)[0] == 403
    assert send(bob, files=[])[1]["fields"] == {"files": "Please send 1 to 100 files at once."}
    assert not Postmortem.objects.exists()

    others = [{"name": "empty.md", "text": ""}, {"name": "LICENSE", "text": "MIT"}]
    status, report = send(bob, files=[{"name": "../old/adfs.md", "text": OLD.decode()}, *others])
    assert (status, report["failed"]) == (200, True)
    assert report["counts"] == {"imported": 1, "skipped": 1, "failed": 1}
    imported, failed, _ = report["files"]
    assert (imported["file"], imported["title"], imported["date"][:10]) == (
        *("old/adfs.md", "ADFS Outage"),
        "2021-03-31",
    )
    assert failed["reason"]
    assert send(bob)[1]["files"][0]["result"] == "unchanged"


def test_a_hundred_files_take_no_more_statements_each(
    bob: Person, team: Team, django_assert_max_num_queries: Callable[..., object]
) -> None:
    with django_assert_max_num_queries(60):
        run(bob, team, ("a.md", b"# T\n\n" + b"".join(b"## S%d\n\nx\n\n" % n for n in range(50))))


@pytest.mark.parametrize(
    ("name", "text", "day", "note"),
    [
        ("a.md", "Date: 2099-01-01", "", "2099-01-01, lies in the future: today is its day."),
        ("2021-03-04-a.md", "Datum: 1. Mai 2099", "2021-03-04", "in the future: 2021-03-04 is its day."),
        ("PM2020-003_-_a.md", "20202-01-16", "", "only the year 2020 in its file name: today is its day."),
        ("PM2099-003.md", "x", "", "It names no day: today is its day."),
        (
            "a.md",
            "Date: 03/04/2021",
            "",
            "Which day 03/04/2021 is cannot be told for sure: today is its day.",
        ),
        (
            "2021-03-04.md",
            "Date: 1.2.3\n\nDate: 3/4/21",
            "2021-03-04",
            "1.2.3 is cannot be told for sure: 2021-03-04 is its day.",
        ),
    ],
)
def test_a_day_that_cannot_be_used_is_told(
    bob: Person, team: Team, name: str, text: str, day: str, note: str
) -> None:
    (outcome,) = run(bob, team, (name, f"# T\n\n{text}".encode())).outcomes
    made = Postmortem.objects.get(number=outcome.number)
    assert outcome.notes[0].endswith(note)
    if day:
        assert f"{made.created_at:%Y-%m-%d}" == f"{outcome.written_on:%Y-%m-%d}" == day
    else:
        assert outcome.written_on is None
        assert made.updated_at - made.created_at < timedelta(minutes=1)
