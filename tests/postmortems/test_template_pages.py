from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from afterword.accounts.models import Person
from afterword.audit.models import AuditEvent
from afterword.incidents.models import Incident
from afterword.postmortems.models import Postmortem, Section, Template
from afterword.postmortems.writes import change_template, create_template

pytestmark = pytest.mark.once

SignIn = Callable[[Person], Client]
SOURCE = "---\nname: Ours\n---\n## Summary\n> help: Keep it short.\n\nOn {{ incident.started_at | date }}\n"


@pytest.fixture
def ours(alice: Person) -> Template:
    return create_template(actor=alice, source=SOURCE)


def test_everyone_sees_the_templates_and_administrators_the_tools(
    sign_in: SignIn, alice: Person, bob: Person, ours: Template
) -> None:
    page = sign_in(bob).get("/settings/templates").content.decode()
    assert "Standard" in page
    assert "Ours" in page
    assert "/settings/templates/new" not in page
    assert "/settings/templates/new" in sign_in(alice).get("/settings/templates").content.decode()


def test_a_template_is_shown_with_its_text_filled_in(sign_in: SignIn, bob: Person, ours: Template) -> None:
    page = sign_in(bob).get(f"/settings/templates/{ours.unique_id}").content.decode()
    assert "Keep it short." in page
    assert "On 2 March 2026, 14:05 UTC" in page
    assert "{{ incident.started_at | date }}" in page


def test_a_template_is_added_by_pasting_it(sign_in: SignIn, alice: Person) -> None:
    answer = sign_in(alice).post("/settings/templates/new", {"source": SOURCE.replace("\n", "\r\n")})
    template = Template.objects.get()
    assert answer.headers["Location"] == f"/settings/templates/{template.unique_id}"
    assert (template.name, template.source) == ("Ours", SOURCE)
    assert AuditEvent.objects.filter(action="template.created").exists()


def test_a_template_is_added_from_a_file(sign_in: SignIn, alice: Person) -> None:
    file = SimpleUploadedFile("ours.md", b"\xef\xbb\xbf" + SOURCE.encode())
    assert sign_in(alice).post("/settings/templates/new", {"source": "", "file": file}).status_code == 302
    assert Template.objects.get().name == "Ours"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\xff\xfe\x00", "not text in UTF-8"),
        (b"x" * 70_000, "at most 64 KB"),
        (b"---\nname: a\n---\n## b\n{{ c | shout }}\n", "Line 5: there is no filter “shout”."),
    ],
)
def test_a_file_that_is_no_template_is_refused(
    sign_in: SignIn, alice: Person, data: bytes, message: str
) -> None:
    file = SimpleUploadedFile("x.md", data)
    answer = sign_in(alice).post("/settings/templates/new", {"source": "", "file": file})
    assert answer.status_code == 400
    assert message in answer.content.decode()
    assert not Template.objects.exists()


def test_a_mistake_keeps_what_was_typed_and_names_the_line(sign_in: SignIn, alice: Person) -> None:
    source = "---\nname: Ours\n---\n## Summary\n::: weather\n"
    answer = sign_in(alice).post("/settings/templates/new", {"source": source})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "Line 5: “::: weather” is not known" in page
    assert "::: weather\n</textarea>" in page
    assert not Template.objects.exists()


def test_two_templates_never_have_the_same_name(sign_in: SignIn, alice: Person, ours: Template) -> None:
    for name in ("OURS", "Standard"):
        answer = sign_in(alice).post("/settings/templates/new", {"source": SOURCE.replace("Ours", name)})
        assert answer.status_code == 400
        assert f"There is a template called “{name}” already" in answer.content.decode()


def test_a_template_is_edited_and_documents_stay_as_they_are(
    sign_in: SignIn, alice: Person, ours: Template, make_postmortem: Callable[..., Postmortem]
) -> None:
    make_postmortem(template=str(ours.unique_id))
    text = Section.objects.get().text
    given = {
        "source": SOURCE.replace("## Summary", "## What happened"),
        "started_from": ours.updated_at.isoformat(),
    }
    assert sign_in(alice).post(f"/settings/templates/{ours.unique_id}/edit", given).status_code == 302
    ours.refresh_from_db()
    assert "## What happened" in ours.source
    assert (Section.objects.get().title, Section.objects.get().text) == ("Summary", text)


def test_two_people_who_edit_a_template_lose_no_word(sign_in: SignIn, alice: Person, ours: Template) -> None:
    given = {"source": SOURCE + "Mine.\n", "started_from": ours.updated_at.isoformat()}
    change_template(actor=alice, template=ours, source=SOURCE + "Theirs.\n")
    client = sign_in(alice)
    answer = client.post(f"/settings/templates/{ours.unique_id}/edit", given)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Mine.\n</textarea>" in page
    assert "Theirs.\n</textarea>" in page
    ours.refresh_from_db()
    assert f'value="{ours.updated_at.isoformat()}"' in page
    assert "Theirs." in ours.source


def test_a_copy_has_a_free_name_and_can_be_changed(sign_in: SignIn, alice: Person) -> None:
    client = sign_in(alice)
    for _ in range(2):
        client.post("/settings/templates/standard/copies")
    assert list(Template.objects.values_list("name", flat=True)) == ["Standard (copy 2)", "Standard (copy)"]
    answer = client.post("/settings/templates/standard/copies")
    assert answer.headers["Location"].endswith("/sections")


def test_a_template_is_downloaded_as_the_file_that_it_is(
    sign_in: SignIn, bob: Person, ours: Template
) -> None:
    answer = sign_in(bob).get(f"/settings/templates/{ours.unique_id}/file")
    assert answer.content.decode() == SOURCE
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="template-ours.md"')


def test_a_template_of_ones_own_is_deleted_and_documents_stay(
    sign_in: SignIn, alice: Person, bob: Person, ours: Template, make_postmortem: Callable[..., Postmortem]
) -> None:
    postmortem = make_postmortem(template=str(ours.unique_id))
    assert sign_in(alice).post(f"/settings/templates/{ours.unique_id}/deletion").status_code == 302
    assert not Template.objects.exists()
    assert sign_in(bob).get(f"/postmortems/{postmortem.number}").status_code == 200


def test_what_ships_is_not_changed_and_not_deleted(sign_in: SignIn, alice: Person) -> None:
    client = sign_in(alice)
    assert client.get("/settings/templates/standard/edit").status_code == 403
    assert client.post("/settings/templates/standard/edit", {"source": SOURCE}).status_code == 403
    assert client.post("/settings/templates/standard/deletion").status_code == 403


def test_only_administrators_change_templates(
    sign_in: SignIn, bob: Person, charlie: Person, vera: Person, ours: Template
) -> None:
    base = f"/settings/templates/{ours.unique_id}"
    for person in (bob, charlie, vera):
        client = sign_in(person)
        assert client.get("/settings/templates/new").status_code == 403
        assert client.post("/settings/templates/new", {"source": SOURCE}).status_code == 403
        assert client.get(f"{base}/edit").status_code == 403
        for part in ("edit", "copies", "deletion"):
            assert client.post(f"{base}/{part}", {"source": SOURCE}).status_code == 403
        assert client.get(base).status_code == 200
    assert Template.objects.get().source == SOURCE


@pytest.mark.parametrize("key", ["nonsense", "6a1ab0d9-4a0c-4c0e-9d9a-4c3f2b1a0d9e"])
def test_a_template_that_is_not_there_is_not_found(sign_in: SignIn, alice: Person, key: str) -> None:
    client = sign_in(alice)
    for part in ("", "/edit", "/file"):
        assert client.get(f"/settings/templates/{key}{part}").status_code == 404


def test_a_template_is_shown_with_a_real_incident_and_all_variables_with_their_values(
    sign_in: SignIn, alice: Person, bob: Person, make_incident: Callable[..., Incident]
) -> None:
    incident = make_incident(title="The *gateway* fell over")
    page = sign_in(bob).get(f"/settings/templates/default?incident={incident.number}").content.decode()
    assert "Filled in with <bdi>The *gateway* fell over</bdi>" in page
    assert "{{ incident.title }}" in page
    assert "On 2 March 2026" in page
    client = sign_in(alice)
    typed = "---\nname: Ours\n---\n## A\nAbout {{ incident.number }} and {{ incident.resolved_at }}.\n"
    sent = {"source": typed, "incident": str(incident.number), "look": "1"}
    preview = client.post("/settings/templates/new", sent)
    html = preview.content.decode()
    assert (preview.status_code, f"About {incident.number} and ." in html) == (200, True)
    assert "{{ incident.duration }}" in html
    assert not Template.objects.exists()
    wrong = client.post("/settings/templates/new", sent | {"source": "no front matter"})
    assert wrong.status_code == 400
    assert "begins with front matter" in wrong.content.decode()


def test_no_template_tells_of_an_incident_that_its_reader_may_not_see(
    sign_in: SignIn, charlie: Person, make_incident: Callable[..., Incident]
) -> None:
    incident = make_incident(title="Nothing for Charlie")
    client = sign_in(charlie)
    for number in (str(incident.number), "99999", "x" * 50):
        answer = client.get(f"/settings/templates/default?incident={number}")
        assert answer.status_code == 404
        assert "There is no incident #" in answer.content.decode()
        assert "Nothing for Charlie" not in answer.content.decode()
