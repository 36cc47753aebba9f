"""The shapes are those of GitHub's documentation, "Webhook events and payloads"."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs

from afterword.incidents.models import CHANGE_TITLE_LENGTH_MAX, CHANGE_WORD_LENGTH_MAX, ChangeKind
from afterword.ingest.formats.answers import ZendutyAnswers
from afterword.ingest.formats.bodies import read_object, read_row
from afterword.ingest.formats.fields import (
    entity_of,
    joined,
    link,
    object_in,
    objects_in,
    text_in,
    time_of,
    write_json,
)
from afterword.ingest.formats.signal import (
    BadSignal,
    ChangeContent,
    CheckedSignal,
    SignalRequest,
)

KIND = "github"
UNAUTHENTICATED, FORBIDDEN = 401, 403
SIGNATURE_HEADER, EVENT_HEADER = b"x-hub-signature-256", b"x-github-event"
FORM_TYPE = b"application/x-www-form-urlencoded"
FORM_FIELDS_MAX = 10
COMMITS_MAX = 30
COMMIT_CHARACTERS_MAX = 200
DESCRIPTION_CHARACTERS_MAX = 5_000
VERSION_CHARACTERS = 12
BRANCH = "refs/heads/"
SUPERSEDED = "inactive"
"""The state of a deployment once a later one has taken its place: no news about itself."""

Reading = Callable[[Mapping[str, Any]], ChangeContent | None]


class GitHubFormat(ZendutyAnswers):
    """`POST /integration/{org}/github/{key}/`, signed with the integration's secret.

    Events that tell of no change (ping, a push to another branch, a release that is only drafted) are
    accepted, and nothing is stored.
    """

    def check(self, request: SignalRequest) -> Sequence[CheckedSignal]:
        _check_signature(request)
        reading = READINGS.get(request.headers.get(EVENT_HEADER, b"").decode("latin-1"))
        content = reading(read_object(_json_of(request))) if reading else None
        if content is None:
            return ()
        return (CheckedSignal(write_json(_as_row(content)), content.source_id),)

    def read(self, text: str) -> ChangeContent:
        row = read_row(text)
        return ChangeContent(
            kind=text_in(row, "kind"),
            title=text_in(row, "title"),
            at=time_of(row.get("at")),
            links=[
                found
                for given in objects_in(row, "links", count_max=COMMITS_MAX)
                for found in link(given.get("link_url"), text_in(given, "link_text"))
            ],
            details=object_in(row, "details"),
            **{name: text_in(row, name) for name in ROW_TEXTS},
        )


FORMAT = GitHubFormat()
ROW_TEXTS = ("summary", "version", "author", "environment", "state", "source_id", "service")


def _check_signature(request: SignalRequest) -> None:
    secret = request.integration.secret
    if not secret:
        raise BadSignal(
            {"secret": "The integration has no secret yet: make one on its page."}, status=FORBIDDEN
        )
    given = request.headers.get(SIGNATURE_HEADER, b"")
    if not given:
        reason = "The header X-Hub-Signature-256 is missing: set the secret in the webhook's settings."
        raise BadSignal({"signature": reason}, status=UNAUTHENTICATED)
    expected = b"sha256=" + hmac.new(secret.encode(), request.body, hashlib.sha256).hexdigest().encode()
    if not hmac.compare_digest(expected, given):
        raise BadSignal({"signature": "The signature does not fit the secret."}, status=FORBIDDEN)


def _json_of(request: SignalRequest) -> bytes:
    """The JSON, which GitHub also sends in a field of a form where the webhook is set to that."""
    if not request.headers.get(b"content-type", b"").startswith(FORM_TYPE):
        return request.body
    try:
        fields = parse_qs(request.body.decode(), max_num_fields=FORM_FIELDS_MAX, errors="strict")
    except ValueError as error:
        raise BadSignal({"body": "The form cannot be read."}) from error
    return fields.get("payload", [""])[0].encode()


def _as_row(content: ChangeContent) -> dict[str, Any]:
    return {
        "kind": content.kind,
        "title": content.title,
        "at": content.at.isoformat() if content.at else None,
        "links": content.links,
        "details": content.details,
        **{name: getattr(content, name) for name in ROW_TEXTS},
    }


def _deployment(body: Mapping[str, Any]) -> ChangeContent | None:
    return _of_deployment(body, state="created", at=object_in(body, "deployment").get("created_at"), links=[])


def _deployment_status(body: Mapping[str, Any]) -> ChangeContent | None:
    status = object_in(body, "deployment_status")
    state = text_in(status, "state")
    if not state or state == SUPERSEDED:
        return None
    links = [
        *link(status.get("log_url") or status.get("target_url"), "Log"),
        *link(status.get("environment_url"), "Environment"),
    ]
    return _of_deployment(body, state=state, at=status.get("created_at"), links=links)


def _of_deployment(
    body: Mapping[str, Any], *, state: str, at: Any, links: list[dict[str, str]]
) -> ChangeContent | None:
    deployment = object_in(body, "deployment")
    number, repository = text_in(deployment, "id"), _repository(body)
    if not number:
        return None
    environment = text_in(deployment, "environment")
    ref, commit = text_in(deployment, "ref"), text_in(deployment, "sha")
    to = f" to {environment}" if environment else ""
    return ChangeContent(
        kind=ChangeKind.DEPLOY.value,
        title=_title(f"Deploy {repository} {ref}{to}"),
        at=time_of(at),
        summary=text_in(deployment, "description")[:DESCRIPTION_CHARACTERS_MAX],
        version=_word(commit[:VERSION_CHARACTERS] or ref),
        author=_word(text_in(object_in(deployment, "creator"), "login")),
        environment=_word(environment),
        state=_word(state),
        links=links + _commit_link(body, commit),
        source_id=entity_of(f"deployment:{number}"),
        details={"repository": repository, "ref": ref, "sha": commit, "task": text_in(deployment, "task")},
    )


def _push(body: Mapping[str, Any]) -> ChangeContent | None:
    repository = object_in(body, "repository")
    branch, default = text_in(body, "ref"), text_in(repository, "default_branch")
    if not default or branch != BRANCH + default or body.get("deleted") is True:
        return None
    commits = objects_in(body, "commits", count_max=COMMITS_MAX)
    head = object_in(body, "head_commit")
    commit = text_in(body, "after")
    pusher = text_in(object_in(body, "sender"), "login") or text_in(object_in(body, "pusher"), "name")
    return ChangeContent(
        kind=ChangeKind.OTHER.value,
        title=_title(f"Push to {_repository(body)} {default}: {_first_line(head)}"),
        at=time_of(head.get("timestamp")),
        summary="\n".join(f"- {_first_line(each)}" for each in commits),
        version=_word(commit[:VERSION_CHARACTERS]),
        author=_word(pusher),
        links=link(body.get("compare"), "Compare") + link(head.get("url"), "Commit"),
        source_id=entity_of(f"push:{_repository(body)}:{commit}"),
        details={"repository": _repository(body), "ref": branch, "sha": commit, "commits": len(commits)},
    )


def _release(body: Mapping[str, Any]) -> ChangeContent | None:
    release = object_in(body, "release")
    number = text_in(release, "id")
    if text_in(body, "action") != "published" or not number:
        return None
    tag = text_in(release, "tag_name")
    return ChangeContent(
        kind=ChangeKind.DEPLOY.value,
        title=_title(joined([f"Release {_repository(body)} {tag}", text_in(release, "name")], ": ")),
        at=time_of(release.get("published_at")),
        summary=text_in(release, "body")[:DESCRIPTION_CHARACTERS_MAX],
        version=_word(tag),
        author=_word(text_in(object_in(release, "author"), "login")),
        state="prerelease" if release.get("prerelease") is True else "published",
        links=link(release.get("html_url"), "Release"),
        source_id=entity_of(f"release:{number}"),
        details={"repository": _repository(body), "tag": tag},
    )


READINGS: dict[str, Reading] = {
    "deployment": _deployment,
    "deployment_status": _deployment_status,
    "push": _push,
    "release": _release,
}
"""By the name of the event. What is not here is accepted and not stored."""


def _repository(body: Mapping[str, Any]) -> str:
    return text_in(object_in(body, "repository"), "full_name", "name")[:CHANGE_WORD_LENGTH_MAX]


def _commit_link(body: Mapping[str, Any], commit: str) -> list[dict[str, str]]:
    address = text_in(object_in(body, "repository"), "html_url")
    return link(f"{address}/commit/{commit}", "Commit") if address and commit else []


def _first_line(commit: Mapping[str, Any]) -> str:
    lines = text_in(commit, "message").splitlines()
    return lines[0][:COMMIT_CHARACTERS_MAX] if lines else "no message"


def _title(text: str) -> str:
    return " ".join(text.split())[:CHANGE_TITLE_LENGTH_MAX]


def _word(text: str) -> str:
    return text[:CHANGE_WORD_LENGTH_MAX]
