"""Every change to custom fields of post-mortems: the fields, what teams choose, what documents hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction

from afterword.accounts.models import Person, Team
from afterword.accounts.reads import require_admin, require_manager, require_write
from afterword.audit.writes import record
from afterword.fields import writes
from afterword.fields.kinds import FieldKind
from afterword.fields.reads import digest_items, people_to_choose
from afterword.fields.writes import put_items, read_changes
from afterword.lib import clock
from afterword.lib.errors import InvalidInput
from afterword.postmortems import reads as postmortem_reads
from afterword.postmortems.fields import reads, rules
from afterword.postmortems.fields.errors import ChoiceChanged, ValuesChanged
from afterword.postmortems.fields.models import (
    SLUG_LENGTH_MAX,
    PostmortemField,
    PostmortemFieldItem,
    TeamField,
)
from afterword.postmortems.models import Postmortem
from afterword.postmortems.writes import keep_revision

NOUN = "postmortem_field"


# The fields themselves ---------------------------------------------------------------------------------


@transaction.atomic
def create_field(
    *,
    actor: Person,
    name: str,
    kind: str,
    slug: str = "",
    help: str = "",
    options: Sequence[str] = (),
    teams: Iterable[Team] = (),
) -> PostmortemField:
    """Make a field, and have the post-mortems of `teams` have it.

    `slug` is how templates name it, `root-cause`; made from the name unless given. Raises InvalidInput,
    NotAllowed, and NotFound for a team that the actor does not see.
    """
    require_admin(actor)
    made = writes.create_field(
        actor=actor,
        model=PostmortemField,
        noun=NOUN,
        team=None,
        name=name,
        kind=kind,
        help=help,
        options=options,
        more={"slug": _free_slug(slug.strip(), name)},
    )
    for team in teams:
        chosen = {one.field.unique_id: one.is_required for one in reads.chosen_by(team)}
        choose_fields(actor=actor, team=team, chosen={**chosen, made.unique_id: False})
    return made


def change_field(
    *, actor: Person, field: PostmortemField, name: str, help: str, options: Sequence[str] = ()
) -> None:
    """What it holds and how templates name it stays. Raises what `fields.writes.change_field` raises."""
    writes.change_field(actor=actor, field=field, noun=NOUN, name=name, help=help, options=options)


def move_field(*, actor: Person, field: PostmortemField, steps: int) -> None:
    """Some places down among the others; negative: up."""
    writes.move_field(actor=actor, field=field, noun=NOUN, steps=steps)


def archive_field(*, actor: Person, field: PostmortemField) -> None:
    """Ask it no longer; documents keep what they have in it."""
    writes.archive_field(actor=actor, field=field, noun=NOUN)


def restore_field(*, actor: Person, field: PostmortemField) -> None:
    """Ask it again, in the teams that had it. Raises InvalidInput when its name was given to another."""
    writes.restore_field(actor=actor, field=field, noun=NOUN)


def delete_field(*, actor: Person, field: PostmortemField) -> bool:
    """Remove it for good, or archive it where a post-mortem has a value in it. True when it is gone."""
    try:
        writes.delete_field(actor=actor, field=field, noun=NOUN)
    except writes.FieldInUse:
        writes.archive_field(actor=actor, field=field, noun=NOUN)
        return False
    return True


# Teams -------------------------------------------------------------------------------------------------


@transaction.atomic
def choose_fields(
    *, actor: Person, team: Team, chosen: Mapping[Any, bool], started_from: str | None = None
) -> None:
    """Have the post-mortems of a team have exactly these fields, and of those that are true a value.

    `chosen` maps the unique ids of fields. `started_from` is the `digest_choice` of what the actor saw:
    raises ChoiceChanged when somebody else chose since. Raises InvalidInput, NotAllowed, NotFound.
    """
    require_manager(actor, team)
    Team.objects.select_for_update().get(pk=team.pk)
    before = reads.chosen_by(team)
    known = {field.unique_id: field for field in PostmortemField.objects.filter(unique_id__in=list(chosen))}
    had = {one.field.unique_id: one for one in before}
    if any(key not in known or (known[key].archived_at and key not in had) for key in chosen):
        raise InvalidInput(fields={"fields": "Please choose among the fields that there are."})
    added = [key for key in chosen if key not in had]
    removed = [key for key in had if key not in chosen]
    changed = [key for key in chosen if key in had and had[key].is_required != chosen[key]]
    if not (added or removed or changed):
        return
    if started_from is not None and started_from != reads.digest_choice(before):
        raise ChoiceChanged
    TeamField.objects.filter(pk__in=[had[key].pk for key in removed]).delete()
    for key in changed:
        had[key].is_required = chosen[key]
    TeamField.objects.bulk_update([had[key] for key in changed], ["is_required"])
    for key in added:
        # One that was archived and is there again may still be the team's.
        TeamField.objects.update_or_create(team=team, field=known[key], defaults={"is_required": chosen[key]})
    record(
        actor=actor,
        action="team.postmortem_fields_changed",
        subject=team,
        team_id=team.pk,
        data={
            "fields": sorted(known[key].slug for key in chosen),
            "required": sorted(known[key].slug for key, is_required in chosen.items() if is_required),
        },
    )


# Documents ---------------------------------------------------------------------------------------------


@transaction.atomic
def change_values(
    *,
    actor: Person,
    postmortem: Postmortem,
    values: Mapping[str, Any],
    started_from: Mapping[str, str] | None = None,
) -> Postmortem:
    """Fill in fields, by their slugs, with what `fields.kinds.parse_value` takes; None clears one.

    What is left out stays. `started_from` has the `digest_items` of what the writer saw in some of them:
    raises ValuesChanged, with what stands there now, where somebody else wrote another value since; then
    nothing is saved. Raises InvalidInput with the reason at each slug, NotAllowed, NotFound.
    """
    require_write(actor, postmortem.team)
    postmortem = postmortem_reads.lock_postmortem(actor, postmortem)
    known = {one.slug: one.value for one in reads.fields_of(postmortem).every}
    changes = read_changes(
        values, known, people=people_to_choose(actor), unknown="This post-mortem has no such field."
    )
    started = started_from or {}
    behind = {
        change.definition.slug: known[change.definition.slug]
        for change in changes
        if started.get(change.definition.slug, digest_items(change.before)) != digest_items(change.before)
    }
    if behind:
        raise ValuesChanged(behind)
    if not changes:
        return postmortem
    for change in changes:
        put_items(
            PostmortemFieldItem,
            owner=postmortem,
            field=change.definition,
            items=change.after,
            person=change.person,
        )
    now = clock.now()
    postmortem.updated_at = now
    postmortem.save(update_fields=["updated_at"])
    revision = keep_revision(postmortem, actor, now)
    record(
        actor=actor,
        action="postmortem.fields_changed",
        subject=postmortem,
        at=now,
        team_id=postmortem.team_id,
        data={
            "fields": {change.definition.slug: change.audited for change in changes},
            "revision": revision.number,
        },
    )
    return postmortem


def put_back(*, postmortem: Postmortem, kept: Mapping[str, Any]) -> None:
    """Have a post-mortem hold what a revision kept, in the caller's transaction, who locked it.

    What was in a field that is deleted since stays in the revision alone.
    """
    present = reads.kept_values(postmortem)
    wanted = {slug: one for slug, one in kept.items() if isinstance(one, Mapping)}
    others = [
        slug
        for slug in present.keys() | wanted.keys()
        if present.get(slug, {}).get("items") != wanted.get(slug, {}).get("items")
    ]
    for field in PostmortemField.objects.filter(slug__in=others):
        items = tuple(wanted[field.slug]["items"]) if field.slug in wanted else ()
        person = None
        if field.kind == FieldKind.PERSON and items:
            person = Person.objects.filter(unique_id=items[0]).first()
        put_items(PostmortemFieldItem, owner=postmortem, field=field, items=items, person=person)


def _free_slug(given: str, name: str) -> str:
    if given:
        if len(given) > SLUG_LENGTH_MAX or not rules.is_slug(given):
            raise InvalidInput(
                fields={"slug": "Please use small letters, digits and single hyphens, as in root-cause."}
            )
        if PostmortemField.objects.filter(slug=given).exists():
            raise InvalidInput(
                fields={"slug": "Another field, perhaps an archived one, is called so already."}
            )
        return given
    base = rules.slug_of(name, characters_max=SLUG_LENGTH_MAX - 4)
    if not base:
        if not name.strip():
            return ""
        raise InvalidInput(fields={"slug": "Please say in letters of a to z how templates shall name it."})
    taken = set(PostmortemField.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    names = (base, *(f"{base}-{count}" for count in range(2, len(taken) + 3)))
    return next(slug for slug in names if slug not in taken)
