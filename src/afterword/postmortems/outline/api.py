"""The sections of a post-mortem and another template for them, for programs."""

from __future__ import annotations

import uuid

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from afterword.accounts.keys import caller_of
from afterword.accounts.reads import require_write
from afterword.lib.bodies import Body
from afterword.postmortems import reads
from afterword.postmortems.models import Postmortem, Section
from afterword.postmortems.outline import writes
from afterword.postmortems.outline.reads import plan_for
from afterword.postmortems.outline.rules import Step
from afterword.postmortems.schemas import PostmortemOut, SectionOut

router = Router(tags=["Post-mortems"])


class SectionNewIn(Body):
    title: str = Field(description="No other section of the post-mortem has it.")
    is_internal: bool = Field(False, description="Whether no public edition has it.")


class StepOut(Schema):
    """What becomes of one section when the template is applied."""

    title: str
    fate: str = Field(description="stays, comes, kept (at the end, with its text) or goes (nothing is in it)")
    section: uuid.UUID | None = Field(description="The one that is there already; null for one that comes.")
    was_called: str | None = Field(description="Where the template calls it something else.")

    @staticmethod
    def resolve_section(step: Step) -> str | None:
        return step.present.key if step.present else None

    @staticmethod
    def resolve_was_called(step: Step) -> str | None:
        return step.present.title if step.present and step.is_renamed else None


class PlanOut(Schema):
    """What another template would make of a post-mortem, in the order of the new document."""

    template: str = Field(description="Its key.")
    revision: int = Field(description="The newest revision. Send it back as `newest` to apply the template.")
    sections: list[StepOut]


class ApplyTemplateIn(Body):
    template: str = Field(description="The key of a template.")
    newest: int = Field(description="The revision that you saw as the newest: 409 when somebody saved since.")


@router.post("/{int:number}/sections", response={201: SectionOut}, summary="Add a section")
def add_section(request: HttpRequest, number: int, given: SectionNewIn) -> Status[Section]:
    """At the end, to be written. A post-mortem has at most 100."""
    section = writes.add_section(
        actor=caller_of(request).person,
        postmortem=_postmortem(request, number),
        title=given.title,
        internal=given.is_internal,
    )
    return Status(201, section)


@router.get(
    "/{int:number}/template/{template}", response=PlanOut, summary="See what another template changes"
)
def plan_template(request: HttpRequest, number: int, template: str) -> dict[str, object]:
    """Nothing is changed. For those who may write in it."""
    actor, postmortem = caller_of(request).person, _postmortem(request, number)
    require_write(actor, postmortem.team)
    choice = reads.get_template(actor, template)
    return {
        "template": choice.key,
        "revision": reads.latest_revision(postmortem).number,
        "sections": plan_for(reads.sections_of(postmortem), choice),
    }


@router.post("/{int:number}/template", response=PostmortemOut, summary="Apply another template")
def apply_template(request: HttpRequest, number: int, given: ApplyTemplateIn) -> Postmortem:
    """No text is lost. Restoring the revision before undoes it."""
    actor, postmortem = caller_of(request).person, _postmortem(request, number)
    writes.apply_template(actor=actor, postmortem=postmortem, template=given.template, newest=given.newest)
    return reads.get_postmortem(actor, number)


def _postmortem(request: HttpRequest, number: int) -> Postmortem:
    return reads.get_postmortem(caller_of(request).person, number)
