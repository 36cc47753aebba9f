"""The server that `documents.py` measures: it fills a database and serves. Not to be called alone."""

from __future__ import annotations

import json
import socket
import sys
import threading
from typing import Any

from _pages import analyse
from _searching import Library

REVISIONS = 60
FLOORS = {"read": "floor, as many bytes as the page that is read", "list": "floor, as many as the list"}


def main(port: int, many: int) -> None:
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client

    call_command("migrate", verbosity=0)
    settings.ALLOWED_HOSTS = ["testserver", "127.0.0.1"]
    library = Library()
    library.fill(0, many)
    long = library.add_long()
    write_again(library, long)
    analyse()
    client = Client()
    client.force_login(library.member)
    pages = {"read, 60 KB": f"/postmortems/{long}", "list of 10,000": "/postmortems"}
    bodies = {name: client.get(path).content for name, path in pages.items()}
    floor_paths = add_floors(dict(zip(FLOORS, bodies.values(), strict=True)))
    told = {
        "cookie": "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items()),
        "pages": {
            **{FLOORS[key]: path for key, path in floor_paths.items()},
            **pages,
            "list, by title": "/postmortems?sort=title",
            "list, page 100": "/postmortems?page=100",
            "list, a word": "/postmortems?text=pool",
            "write, 60 KB": f"/postmortems/{long}/write",
            "who wrote what, 60 revisions": f"/postmortems/{long}/history/writers",
        },
    }
    lists = {name: FLOORS["list"] for name in told["pages"] if name.startswith("list")}
    others = {name: FLOORS["read"] for name in told["pages"] if not name.startswith(("list", "floor"))}
    print(json.dumps({**told, "floors": lists | others}), flush=True)
    serve(port)


def add_floors(bodies: dict[str, bytes]) -> dict[str, str]:
    """Views that answer with these bytes and do nothing else; where they are."""
    from django.contrib.auth.decorators import login_not_required
    from django.http import HttpRequest, HttpResponse
    from django.urls import path

    from afterword.config import urls

    def view_of(body: bytes) -> Any:
        @login_not_required
        def bare(request: HttpRequest) -> HttpResponse:
            return HttpResponse(body)

        return bare

    for name, body in bodies.items():
        urls.urlpatterns.insert(0, path(f"floor/{name}", view_of(body)))
    # What was asked before has resolved addresses already.
    from django.urls import clear_url_caches

    clear_url_caches()
    return {name: f"/floor/{name}" for name in bodies}


def write_again(library: Library, number: int) -> None:
    """Revisions of the long document, in each of which one section was written on, by two people in turn."""
    from afterword.accounts.models import Membership, OrganisationRole, Person
    from afterword.postmortems.models import Postmortem
    from afterword.postmortems.writes import save_section

    other = Person.objects.create(name="Vera", email="vera@example.com", role=OrganisationRole.RESPONDER)
    Membership.objects.create(team=library.team, person=other)
    sections = list(Postmortem.objects.get(number=number).sections.all())
    for turn in range(REVISIONS):
        section = sections[turn % len(sections)]
        sections[turn % len(sections)] = save_section(
            actor=other if turn % 2 else library.member,
            section=section,
            text=section.text.replace("\n\n", f"\n\nAnd then, {turn} more. ", 1),
            version=section.version,
        )


def serve(port: int) -> None:
    from afterword.config.server import run_web
    from afterword.config.sockets import BACKLOG

    listener = socket.create_server(("127.0.0.1", port), backlog=BACKLOG)
    run_web(listener, threading.Event())


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
