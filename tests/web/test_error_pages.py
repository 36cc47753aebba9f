"""Each failure is answered with a page that says what to do next."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.test import Client, RequestFactory

from afterword.accounts.models import Person
from afterword.lib.errors import Conflict, NotFound
from afterword.web import views
from afterword.web.middleware import ErrorPagesMiddleware


@pytest.mark.parametrize(
    ("handler", "error", "status", "words"),
    [
        (views.bad_request, ValueError(), 400, "That could not be understood"),
        (views.permission_denied, PermissionDenied(), 403, "This is not yours to do"),
        (views.page_not_found, Http404(), 404, "There is nothing here"),
    ],
)
@pytest.mark.pure
def test_a_failure_has_a_page_of_its_own(
    handler: Callable[..., HttpResponse], error: Exception, status: int, words: str
) -> None:
    answer = handler(RequestFactory().get("/somewhere"), error)
    assert answer.status_code == status
    assert words in answer.content.decode()


@pytest.mark.pure
def test_the_page_of_an_unexpected_failure_needs_no_bundle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("afterword.web.assets.MANIFEST", None)
    answer = views.server_error(RequestFactory().get("/somewhere"))
    assert answer.status_code == 500
    assert "Something broke on our side" in answer.content.decode()
    assert "built/" not in answer.content.decode()


@pytest.mark.pure
@pytest.mark.parametrize(
    ("error", "status"), [(NotFound("No such incident."), 404), (Conflict("Too late <b>."), 409)]
)
def test_an_expected_failure_shows_its_message(error: Exception, status: int) -> None:
    middleware = ErrorPagesMiddleware(lambda request: pytest.fail("not asked"))
    answer = middleware.process_exception(RequestFactory().get("/incidents/7"), error)
    assert answer is not None
    assert answer.status_code == status
    assert str(error).replace("<b>", "&lt;b&gt;") in answer.content.decode()


def test_an_address_that_leads_nowhere_is_a_page(alice: Person, sign_in: Callable[[Person], Client]) -> None:
    client = sign_in(alice)
    unknown, gone = (client.get(address) for address in ("/no/such/page", "/incidents/9999"))
    assert unknown.status_code == gone.status_code == 404
    assert "There is nothing here" in unknown.content.decode()
    # Whether there is one, of another team, or none, it is the same page.
    main = [" ".join(answer.content.decode().partition("<h1>")[2].split()) for answer in (unknown, gone)]
    assert main[0] == main[1]
    assert "<p>The address may have a typing error" in main[0]
    assert 'href="/">Go to the home page' in main[0]


def test_a_form_from_an_old_page_is_answered_kindly(organisation: object) -> None:
    answer = Client(enforce_csrf_checks=True).post("/theme", {"theme": "dark"})
    assert answer.status_code == 403
    assert "The page was open for too long" in answer.content.decode()


def test_someone_who_is_signed_in_keeps_the_navigation(
    alice: Person, vera: Person, sign_in: Callable[[Person], Client]
) -> None:
    for answer in (sign_in(alice).get("/no/such/page"), sign_in(vera).get("/incidents/new")):
        page = answer.content.decode()
        assert answer.status_code in (403, 404)
        assert '<nav class="nav"' in page
        assert page.count("<h1>") == page.count('id="main"') == 1


def test_someone_who_is_not_signed_in_is_led_home(organisation: object) -> None:
    page = Client().get("/no/such/page").content.decode()
    assert '<nav class="nav"' not in page
    assert "Go to the home page" in page


@pytest.mark.parametrize("path", ["/api/nothing", "/api/v1/teams/no-id", "/api/v1/postmortems/no-number"])
def test_a_program_is_told_in_json_that_there_is_nothing(
    client: Client, alice: Person, api_headers: Callable[..., dict[str, str]], path: str
) -> None:
    answer = client.get(path, headers=api_headers(alice))
    assert (answer.status_code, answer.json()) == (404, {"detail": "Not found."})


@pytest.mark.pure
def test_a_program_is_told_in_json_that_something_broke() -> None:
    answer = views.server_error(RequestFactory().get("/api/v1/me"))
    assert (answer.status_code, answer["Content-Type"]) == (500, "application/json")


def test_a_program_is_told_in_json_that_it_sends_too_much(
    client: Client, alice: Person, api_headers: Callable[..., dict[str, str]]
) -> None:
    body = b'{"name": "' + b"x" * 4 * 1024 * 1024 + b'"}'
    answer = client.post("/api/v1/teams", body, "application/json", headers=api_headers(alice))
    assert (answer.status_code, answer.json()) == (413, {"detail": "A body may have at most 4 MB."})
