"""Keeping the index of words, in the transaction of the change; and what people saved to look for again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from afterword.accounts.models import Person, Team
from afterword.accounts.reads import managed_teams, require_write
from afterword.audit.writes import record
from afterword.lib.errors import InvalidInput, NotAllowed
from afterword.lib.text import one_line
from afterword.postmortems.fields.models import PostmortemFieldItem
from afterword.postmortems.models import Postmortem, Section
from afterword.postmortems.searching.models import VIEW_NAME_LENGTH_MAX, SavedView
from afterword.postmortems.searching.rules import IndexedText, indexed_text

INDEX_BATCH_ROWS = 100
VIEWS_OF_ONE_MAX = 100
"""So many may one person have, and one team."""
FILTER_NAMES_MAX = 60
FILTER_NAME_CHARACTERS_MAX = 120
FILTER_VALUE_CHARACTERS_MAX = 300


def index_postmortem(postmortem: Postmortem, sections: Sequence[Section]) -> None:
    """Put what the document says now into the index, in the caller's transaction."""
    items = PostmortemFieldItem.objects.filter(owner=postmortem).order_by("field_id", "position")
    texts = [*_texts(sections), *items.values_list("text", flat=True)]
    store_words(connection, [(postmortem.pk, indexed_text(postmortem.title, texts))])


def index_postmortems(postmortems: Sequence[Postmortem]) -> None:
    """The same of many, in a few queries for `INDEX_BATCH_ROWS` of them."""
    for first in range(0, len(postmortems), INDEX_BATCH_ROWS):
        batch = postmortems[first : first + INDEX_BATCH_ROWS]
        sections: dict[int, list[Section]] = {postmortem.pk: [] for postmortem in batch}
        for section in Section.objects.filter(postmortem__in=list(sections)).order_by("position", "id"):
            sections[section.postmortem_id].append(section)
        values: dict[int, list[str]] = {postmortem.pk: [] for postmortem in batch}
        items = PostmortemFieldItem.objects.filter(owner__in=list(sections)).order_by("field_id", "position")
        for owner, text in items.values_list("owner_id", "text"):
            values[owner].append(text)
        with transaction.atomic():
            store_words(
                connection,
                [
                    (one.pk, indexed_text(one.title, [*_texts(sections[one.pk]), *values[one.pk]]))
                    for one in batch
                ],
            )


def reindex(note: Callable[[int, int], None]) -> int:
    """Make the index of words anew; how many documents it has. `note(done, all)` is told of each batch.

    Each batch is a transaction: who searches meanwhile finds the old words or the new ones.
    """
    count = Postmortem.objects.count()
    done, last = 0, 0
    while True:
        with transaction.atomic():
            # Locked, so that nobody's save in between is put back to what was read before it.
            found = Postmortem.objects.select_for_update().filter(pk__gt=last).order_by("pk")
            batch = list(found[:INDEX_BATCH_ROWS])
            index_postmortems(batch)
        if not batch:
            return done
        done, last = done + len(batch), batch[-1].pk
        note(done, max(count, done))


def store_words(database: BaseDatabaseWrapper, rows: Iterable[tuple[int, IndexedText]]) -> None:
    """Write the rows of the index, by the keys of the documents, whether they are there already or not.

    Also the migration's way, so it asks for no model.
    """
    rows = list(rows)
    with database.cursor() as cursor:
        if database.vendor == "postgresql":
            cursor.executemany(
                "INSERT INTO postmortems_searchtext (postmortem_id, title, words, title_words)"
                " VALUES (%s, %s, %s::tsvector, %s::tsvector) ON CONFLICT (postmortem_id) DO UPDATE"
                " SET title = EXCLUDED.title, words = EXCLUDED.words, title_words = EXCLUDED.title_words",
                [(key, text.sort_title(), text.vector(), text.title_vector()) for key, text in rows],
            )
            return
        cursor.executemany(
            "INSERT OR REPLACE INTO postmortems_searchtext (postmortem_id, title) VALUES (%s, %s)",
            [(key, text.sort_title()) for key, text in rows],
        )
        cursor.executemany(
            "INSERT OR REPLACE INTO postmortems_words (rowid, title, body) VALUES (%s, %s, %s)",
            [(key, " ".join(text.title), " ".join(text.body)) for key, text in rows],
        )


# Saved views ---------------------------------------------------------------------------------------------


@transaction.atomic
def save_view(*, actor: Person, name: str, filters: Mapping[str, str], team: Team | None = None) -> SavedView:
    """Keep what the list is narrowed to, for the actor or for a team that they write in.

    Raises InvalidInput, NotAllowed, NotFound.
    """
    _require_team(actor, team)
    mine = SavedView.objects.filter(team=team) if team else SavedView.objects.filter(person=actor, team=None)
    if mine.count() >= VIEWS_OF_ONE_MAX:
        raise InvalidInput(fields={"name": f"There can be {VIEWS_OF_ONE_MAX} views. Delete one first."})
    view = SavedView.objects.create(
        person=actor, team=team, name=_usable_name(name), filters=_usable_filters(filters)
    )
    _record(actor, "saved_view.created", view)
    return view


@transaction.atomic
def change_view(
    *,
    actor: Person,
    view: SavedView,
    name: str,
    team: Team | None,
    filters: Mapping[str, str] | None = None,
) -> SavedView:
    """Call it something else, share it with a team or with nobody, let it narrow to something else.

    Raises InvalidInput, NotAllowed, NotFound.
    """
    require_view_change(actor, view)
    if team is None or team.pk != view.team_id:
        _require_team(actor, team)
    if team is None and view.person_id != actor.pk:
        raise InvalidInput(fields={"team": "Only who made a view can keep it for themselves."})
    view.name, view.team = _usable_name(name), team
    if filters is not None:
        view.filters = _usable_filters(filters)
    view.save(update_fields=["name", "team", "filters"])
    _record(actor, "saved_view.changed", view)
    return view


@transaction.atomic
def delete_view(*, actor: Person, view: SavedView) -> None:
    """Take a view away, for everyone who saw it. Raises NotAllowed."""
    require_view_change(actor, view)
    _record(actor, "saved_view.deleted", view)
    view.delete()


def may_change_view(actor: Person, view: SavedView) -> bool:
    """Who made it may, and who manages its team."""
    return view.person_id == actor.pk or (
        view.team_id is not None and managed_teams(actor).filter(pk=view.team_id).exists()
    )


def require_view_change(actor: Person, view: SavedView) -> None:
    """Raises NotAllowed."""
    if not may_change_view(actor, view):
        raise NotAllowed("Only who made this view and the team's managers can change it.")


def _texts(sections: Iterable[Section]) -> list[str]:
    return [f"{section.title}\n{section.text}" for section in sections]


def _require_team(actor: Person, team: Team | None) -> None:
    if team is not None:
        require_write(actor, team)


def _usable_name(name: str) -> str:
    return one_line("name", name, characters_max=VIEW_NAME_LENGTH_MAX)


def _usable_filters(filters: Mapping[str, str]) -> dict[str, str]:
    kept = {
        name.replace("\0", ""): value.replace("\0", "") for name, value in filters.items() if value.strip()
    }
    if len(kept) > FILTER_NAMES_MAX:
        raise InvalidInput(fields={"filters": f"A view has at most {FILTER_NAMES_MAX} filters."})
    if any(
        len(value) > FILTER_VALUE_CHARACTERS_MAX or len(name) > FILTER_NAME_CHARACTERS_MAX
        for name, value in kept.items()
    ):
        raise InvalidInput(fields={"filters": "A filter of this view is too long."})
    return kept


def _record(actor: Person, action: str, view: SavedView) -> None:
    record(actor=actor, action=action, subject=view, team_id=view.team_id, data={"filters": view.filters})
