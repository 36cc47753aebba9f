"""Conversations about a post-mortem: begun, answered, corrected, settled, and told of by mail."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client

from afterword.accounts.models import Person
from afterword.notify.letter_sending import deliver_letters
from afterword.postmortems.comments.models import Comment, CommentThread
from afterword.postmortems.models import Section
from afterword.postmortems.writes import save_section

SignIn = Callable[[Person], Client]


@pytest.fixture
def written(alice: Person, contributors: Section) -> Section:
    return save_section(actor=alice, section=contributors, text="The **pool** ran dry.", version=1)


def page(section: Section) -> str:
    return f"/postmortems/{section.postmortem.number}/comments"


def say(client: Client, section: Section, text: str, quote: str = "") -> CommentThread:
    given = {"section": str(section.unique_id), "text": text, "quote": quote}
    answer = client.post(page(section), given)
    assert answer.status_code == 302, answer.content.decode()
    return CommentThread.objects.latest("pk")


def test_a_comment_is_about_words_as_they_are_read(
    sign_in: SignIn, bob: Person, alice: Person, written: Section
) -> None:
    say(sign_in(bob), written, "How **many** places?", "The pool ran")

    shown = sign_in(alice).get(page(written)).content.decode()
    assert '<blockquote class="comments__quote">The pool ran</blockquote>' in shown
    assert "How <strong>many</strong> places?" in shown
    read = sign_in(alice).get(f"/postmortems/{written.postmortem.number}").content.decode()
    assert "1 open comment<" in read


def test_it_stays_with_its_words_and_says_when_they_are_gone(
    sign_in: SignIn, bob: Person, alice: Person, written: Section
) -> None:
    say(sign_in(bob), written, "How many places?", "pool ran")
    save_section(actor=alice, section=written, text="At noon the pool ran dry, twice.", version=2)
    assert "have been changed since" not in sign_in(bob).get(page(written)).content.decode()

    written.refresh_from_db()
    save_section(actor=alice, section=written, text="All places were taken.", version=3)
    assert "have been changed since" in sign_in(bob).get(page(written)).content.decode()
    written.delete()
    assert "This section is gone." in sign_in(bob).get(page(written)).content.decode()


def test_those_concerned_and_those_who_are_called_get_a_mail(
    sign_in: SignIn, alice: Person, bob: Person, vera: Person, charlie: Person, written: Section
) -> None:
    say(sign_in(bob), written, "@vera and @charlie, was it so?")
    deliver_letters()

    assert {(one.to[0], "mentions you" in one.subject) for one in mail.outbox} == {
        ("alice@example.com", False),
        ("vera@example.com", True),
    }, "the author, and who is called and may see it"
    assert "was it so?" in mail.outbox[0].body


def test_an_answer_opens_what_was_settled(
    sign_in: SignIn, alice: Person, bob: Person, written: Section
) -> None:
    thread = say(sign_in(bob), written, "How many places?")
    base = f"/postmortems/{written.postmortem.number}/threads/{thread.unique_id}"

    sign_in(alice).post(f"{base}/resolution")
    assert "How many places?" not in sign_in(bob).get(page(written)).content.decode()
    assert "Settled" in sign_in(bob).get(page(written), {"show": "resolved"}).content.decode()
    assert sign_in(bob).post(base, {"text": "Still open for me."}).status_code == 302
    assert "Still open for me." in sign_in(alice).get(page(written)).content.decode()


def test_one_corrects_and_takes_back_what_one_said_oneself(
    sign_in: SignIn, alice: Person, bob: Person, vera: Person, written: Section
) -> None:
    say(sign_in(bob), written, "How many places?")
    comment = Comment.objects.get()
    address = f"{page(written)}/{comment.unique_id}"

    assert sign_in(alice).post(address, {"text": "Mine"}).status_code == 403
    assert sign_in(bob).post(address, {"text": "How many places were there?"}).status_code == 302
    assert "corrected" in sign_in(bob).get(page(written)).content.decode()
    assert sign_in(vera).post(address, {"delete": "1"}).status_code == 403
    assert sign_in(bob).post(address, {"delete": "1"}).status_code == 302
    shown = sign_in(alice).get(page(written)).content.decode()
    assert "This was taken back." in shown
    assert "How many places" not in shown


def test_what_was_typed_stays_when_the_words_are_not_there(
    sign_in: SignIn, bob: Person, written: Section
) -> None:
    given = {"section": str(written.unique_id), "text": "My remark", "quote": "not in it"}

    answer = sign_in(bob).post(page(written), given)

    assert answer.status_code == 400
    assert "These words do not stand in the section" in answer.content.decode()
    assert "My remark" in answer.content.decode()
    assert "not in it" in answer.content.decode()


@pytest.mark.once
@pytest.mark.parametrize("text", ["", "x" * 8_001, "<script>alert(1)</script>"])
def test_bad_texts_are_refused_or_harmless(sign_in: SignIn, bob: Person, written: Section, text: str) -> None:
    given = {"section": str(written.unique_id), "text": text}
    client = sign_in(bob)

    assert client.post(page(written), given).status_code == (302 if text.startswith("<") else 400)
    assert "<script>alert" not in client.get(page(written)).content.decode()


def test_an_outsider_finds_no_conversation_and_a_viewer_takes_part(
    sign_in: SignIn, bob: Person, charlie: Person, vera: Person, written: Section
) -> None:
    thread = say(sign_in(bob), written, "How many places?")
    base = f"/postmortems/{written.postmortem.number}"
    outside = sign_in(charlie)

    assert outside.get(page(written)).status_code == 404
    assert outside.post(page(written), {"section": str(written.unique_id), "text": "x"}).status_code == 404
    assert outside.post(f"{base}/threads/{thread.unique_id}", {"text": "x"}).status_code == 404
    assert outside.post(f"{base}/threads/{thread.unique_id}/resolution").status_code == 404
    assert outside.get(f"{page(written)}/{Comment.objects.get().unique_id}").status_code == 404
    assert sign_in(vera).post(f"{base}/threads/{thread.unique_id}", {"text": "Twenty."}).status_code == 302
    assert sign_in(vera).post(f"{base}/threads/{thread.unique_id}/resolution").status_code == 302


def test_who_can_be_called_is_listed_and_who_cannot_is_said(
    sign_in: SignIn, alice: Person, bob: Person, charlie: Person, written: Section
) -> None:
    client = sign_in(bob)
    shown = client.get(page(written)).content.decode()
    assert '<li data-account="alice"><code>@alice</code> <bdi>Alice</bdi></li>' in shown
    # Neither oneself, nor who cannot read it.
    assert 'data-account="bob"' not in shown
    assert 'data-account="charlie"' not in shown

    thread = say(client, written, "@alice, see `@cached` and what @charlie and @nobody wrote.")
    assert [person.name for person in Comment.objects.get().mentioned.all()] == ["Alice"]
    said = client.get(page(written)).content.decode()
    assert "Nobody who can read this post-mortem is called @charlie, @nobody, so nobody got a mail" in said
    own = f"{page(written)}/{thread.comments.get().unique_id}"
    assert 'data-account="alice"' in client.get(own).content.decode()
    client.post(own, {"text": "@alice, see what they wrote."})
    assert "so nobody got a mail" not in client.get(page(written)).content.decode()
