from __future__ import annotations

from django.db import models
from django.db.models import Q

from afterword.accounts.models import Person, Team
from afterword.drafting.claims import CLAIM_CHARACTERS_MAX
from afterword.followups.models import FollowUp
from afterword.incidents.models import Incident
from afterword.lib import clock, ids
from afterword.postmortems.models import SECTION_TITLE_LENGTH_MAX, Postmortem

KEY_LENGTH_MAX = 20
WRITER_LENGTH_MAX = 200
REASON_LENGTH_MAX = 300
CONTEXT_LENGTH_MAX = 64
RECORD = "record"
"""Who wrote what no model wrote."""


class DraftState(models.TextChoices):
    WAITING = "waiting", "Waiting"
    WORKING = "working", "Being written"
    DONE = "done", "Written"
    FAILED = "failed", "Not written"


class DraftReason(models.TextChoices):
    """Why a draft is made."""

    RESOLVED = "resolved", "The incident was resolved"
    ASKED = "asked", "Somebody asked for it"


class ClaimState(models.TextChoices):
    WAITING = "waiting", "Waiting"
    ACCEPTED = "accepted", "Accepted"
    EDITED = "edited", "Accepted with other words"
    REJECTED = "rejected", "Rejected"
    REPLACED = "replaced", "Replaced by a newer one"


class DocumentDraft(models.Model):
    """A draft of a post-mortem or of a part of it: asked for, being written, written.

    While it waits it is the row of a queue; `next_attempt_at` is then when it is due, and while a worker
    writes it, until when that worker has it for itself.
    """

    unique_id = models.UUIDField(default=ids.new_uuid, unique=True, editable=False)
    postmortem = models.ForeignKey(Postmortem, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=8, choices=DraftState.choices, default=DraftState.WAITING)
    reason = models.CharField(max_length=8, choices=DraftReason.choices)
    asked_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    """Nobody where the incident's resolution asked."""
    wants_model = models.BooleanField(default=False)
    """Whether a model shall write it, where one is set up and allowed when it is written."""
    keys = models.JSONField(default=list)
    """The parts of the draft to write anew, by their keys; none for all of it."""
    claim = models.ForeignKey("SuggestedClaim", on_delete=models.CASCADE, null=True, related_name="+")
    """The one claim to write anew."""
    asked_at = models.DateTimeField(default=clock.now)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    next_attempt_at = models.DateTimeField(default=clock.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    steps_done = models.PositiveSmallIntegerField(default=0)
    steps = models.PositiveSmallIntegerField(default=0)
    """How many steps there are; 0 until that is known."""
    written_by = models.CharField(max_length=WRITER_LENGTH_MAX, blank=True)
    """`record`, or the name of a model that wrote some of it."""
    notes = models.JSONField(default=dict)
    """Why the record's text stands where a model should have written, by the key of the part."""
    failure = models.CharField(max_length=REASON_LENGTH_MAX, blank=True)
    evidence_count = models.PositiveIntegerField(default=0)
    left_out = models.JSONField(default=dict)
    """How many of each kind of evidence there were beyond what was read."""
    claims_new = models.PositiveIntegerField(default=0)
    """How many suggestions it brought that were not there before."""

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=DraftState.values), name="draft_state_is_known"),
        ]
        indexes = [
            models.Index(fields=["postmortem", "-asked_at", "-id"], name="draft_of_document"),
            models.Index(
                fields=["next_attempt_at", "id"],
                condition=Q(state__in=[DraftState.WAITING, DraftState.WORKING]),
                name="draft_due",
            ),
        ]

    def __str__(self) -> str:
        return f"Draft of {self.postmortem_id}"

    @property
    def is_open(self) -> bool:
        """Whether it is still to be written."""
        return self.state in (DraftState.WAITING, DraftState.WORKING)


class Decision(models.Model):
    """What a person made of one or more suggestions at once; the last one can be undone."""

    unique_id = models.UUIDField(default=ids.new_uuid, unique=True, editable=False)
    postmortem = models.ForeignKey(Postmortem, on_delete=models.CASCADE, related_name="+")
    verdict = models.CharField(max_length=8, choices=ClaimState.choices)
    section = models.UUIDField(null=True)
    """The unique id of the section that got the words."""
    section_title = models.CharField(max_length=SECTION_TITLE_LENGTH_MAX, blank=True)
    words = models.TextField(blank=True)
    """What was appended to the section, with the white space before it."""
    revision = models.PositiveIntegerField(null=True)
    """The number of the revision that has it."""
    made_at = models.DateTimeField(default=clock.now)
    made_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-made_at", "-id"]
        indexes = [models.Index(fields=["postmortem", "-made_at", "-id"], name="decision_of_document")]

    def __str__(self) -> str:
        return f"{self.get_verdict_display()} in {self.section_title or self.postmortem_id}"


class SuggestedClaim(models.Model):
    """One thing that a draft says, and what became of it."""

    unique_id = models.UUIDField(default=ids.new_uuid, unique=True, editable=False)
    postmortem = models.ForeignKey(Postmortem, on_delete=models.CASCADE, related_name="+")
    draft = models.ForeignKey(DocumentDraft, on_delete=models.CASCADE, related_name="claims")
    """The one that brought it."""
    key = models.CharField(max_length=KEY_LENGTH_MAX)
    """The part of the draft that it is of."""
    position = models.PositiveIntegerField()
    section = models.UUIDField(null=True)
    """The unique id of the section of the document for which it is suggested; null where none fits."""
    kind = models.CharField(max_length=8)
    text = models.TextField(max_length=CLAIM_CHARACTERS_MAX)
    support = models.CharField(max_length=6)
    confidence = models.TextField(blank=True)
    at = models.DateTimeField(null=True)
    asked = models.JSONField(default=list)
    action = models.CharField(max_length=12, blank=True)
    evidence = models.JSONField(default=list)
    """Ids of evidence."""
    snapshot = models.JSONField(default=list)
    """What some of these pieces said then: {id, kind, at, source, text, url}."""
    written_by = models.CharField(max_length=WRITER_LENGTH_MAX, default=RECORD)
    state = models.CharField(max_length=8, choices=ClaimState.choices, default=ClaimState.WAITING)
    decision = models.ForeignKey(Decision, on_delete=models.SET_NULL, null=True, related_name="claims")
    follow_up = models.ForeignKey(FollowUp, on_delete=models.SET_NULL, null=True, related_name="+")
    """What a proposal became."""
    outdated_at = models.DateTimeField(null=True)
    """Of what was decided on: since when no draft says it any more in these words. When the decision is
    undone, it does not wait again."""

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ClaimState.values), name="claim_state_is_known"),
        ]
        indexes = [models.Index(fields=["postmortem", "state", "position"], name="claim_of_document")]

    def __str__(self) -> str:
        return self.text[:80]


class Citation(models.Model):
    """The words of a section that an accepted claim put there, and so the evidence for them."""

    unique_id = models.UUIDField(default=ids.new_uuid, unique=True, editable=False)
    postmortem = models.ForeignKey(Postmortem, on_delete=models.CASCADE, related_name="+")
    claim = models.ForeignKey(SuggestedClaim, on_delete=models.CASCADE, related_name="citations")
    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="citations")
    section = models.UUIDField()
    """The unique id of the section, which may be taken out and come back with a restored revision."""
    section_title = models.CharField(max_length=SECTION_TITLE_LENGTH_MAX)
    quote = models.TextField()
    """The words as they are read, white space squeezed."""
    before = models.CharField(max_length=CONTEXT_LENGTH_MAX, blank=True)
    after = models.CharField(max_length=CONTEXT_LENGTH_MAX, blank=True)
    """What stood around them, by which they are told from the same words elsewhere in the section."""
    made_at = models.DateTimeField(default=clock.now)
    dropped_at = models.DateTimeField(null=True)
    """When the decision behind it was undone, or somebody took the citation away."""

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["postmortem", "id"], condition=Q(dropped_at__isnull=True), name="citation_of_document"
            )
        ]

    def __str__(self) -> str:
        return f"“{self.quote[:80]}” in {self.section_title}"


class BlankDocument(models.Model):
    """That a post-mortem began blank: nothing is drafted for it by itself."""

    postmortem = models.OneToOneField(Postmortem, on_delete=models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return f"Blank: {self.postmortem_id}"


class DocumentToBegin(models.Model):
    """That a post-mortem is to be begun by itself, or was: an incident has one row, so that it gets one
    document, however often it is resolved.

    Until then it is the row of a queue. Where nothing is to be begun after all the row goes, and the next
    resolution may bring another.
    """

    incident = models.OneToOneField(Incident, on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    next_attempt_at = models.DateTimeField(default=clock.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    begun_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["next_attempt_at", "id"],
                condition=Q(begun_at__isnull=True),
                name="document_to_begin_due",
            )
        ]

    def __str__(self) -> str:
        return f"Post-mortem to begin about {self.incident_id}"


class DraftingChoice(models.Model):
    """What is drafted: null says nothing of its own."""

    automatic = models.BooleanField(null=True)
    """Whether documents are drafted by themselves when their incident is resolved."""
    model = models.BooleanField(null=True)
    """Whether a model may write, where one is set up."""
    model_private = models.BooleanField(null=True)
    """Whether it may write about private incidents."""
    begins = models.BooleanField(null=True)
    """Whether a post-mortem is begun by itself when an incident is resolved."""
    updated_at = models.DateTimeField(default=clock.now)

    class Meta:
        abstract = True


class OrganisationDrafting(DraftingChoice):
    """What the organisation chose. Without a row everything is as it comes."""

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="drafting_settings_are_only_one")]

    def __str__(self) -> str:
        return "Drafting"


class TeamDrafting(DraftingChoice):
    """What a team chose."""

    team = models.OneToOneField(Team, on_delete=models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return f"Drafting of {self.team_id}"


class IncidentDrafting(DraftingChoice):
    """What was chosen for one incident."""

    incident = models.OneToOneField(Incident, on_delete=models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return f"Drafting of {self.incident_id}"
