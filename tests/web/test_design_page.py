"""The page of components: for administrators, complete, without anything inline."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.test import Client

from afterword.accounts.models import Person
from afterword.web import badges, examples, icons

SignIn = Callable[[Person], Client]


def test_an_administrator_sees_every_component(alice: Person, sign_in: SignIn) -> None:
    answer = sign_in(alice).get("/design")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert all(f"<code>{name}</code>" in page for name in icons.PATHS)
    assert all(look.text in page for look in badges.LOOKS.values())
    assert page.count("data-copy-text") == len(examples.SNIPPETS) + 2


def test_to_others_there_is_no_such_page(bob: Person, sign_in: SignIn) -> None:
    assert sign_in(bob).get("/design").status_code == 404


def test_the_page_holds_nothing_inline(alice: Person, sign_in: SignIn) -> None:
    answer = sign_in(alice).get("/design")
    markup = re.sub(r"<code.*?</code>", "", answer.content.decode(), flags=re.DOTALL)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]* src=)", markup)
    assert "'unsafe-inline'" not in answer.headers["Content-Security-Policy"]


def test_each_id_is_given_once(alice: Person, sign_in: SignIn) -> None:
    ids = re.findall(r'\sid="([^"]+)"', sign_in(alice).get("/design").content.decode())
    assert sorted(ids) == sorted(set(ids))


def test_every_link_within_the_page_leads_somewhere(alice: Person, sign_in: SignIn) -> None:
    page = sign_in(alice).get("/design").content.decode()
    page = re.sub(r"<code data-copy-text>.*?</code>", "", page, flags=re.DOTALL)
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(re.findall(r'\sid="([^"]+)"', page))


def test_the_navigation_marks_the_place(alice: Person, sign_in: SignIn) -> None:
    page = sign_in(alice).get("/incidents").content.decode()
    assert re.findall(r'class="nav__link" href="([^"]+)" aria-current="page"', page) == ["/incidents"]
