"""The API: its documentation at /api/docs, one handler for failures, the routers of every package."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError, ValidationErrorContext
from ninja.openapi.docs import Swagger
from ninja.openapi.schema import OpenAPISchema

from afterword import __version__
from afterword.accounts.api import router as accounts
from afterword.accounts.keys import KeyAuth
from afterword.calls.bodies import NO_OBJECT, ObjectParser, why_unknown
from afterword.calls.openapi import Description
from afterword.calls.queries import known_queries_only
from afterword.catalog.api import router as catalog
from afterword.catalog.zenduty import router as zenduty_account
from afterword.drafting.interviews.api import of_postmortems as questions
from afterword.drafting.interviews.api import router as own_questions
from afterword.drafting.model.api import router as model_calls
from afterword.drafting.record.api import router as record_check
from afterword.drafting.similar.api import of_incidents as similar_to_incidents
from afterword.drafting.similar.api import router as similar
from afterword.drafting.suggestions.api import router as drafts
from afterword.drafting.suggestions.api import settings as drafting_settings
from afterword.followups.api import router as follow_ups
from afterword.followups.zenduty import router as zenduty_tasks
from afterword.incidents import zenduty
from afterword.incidents.api import changes
from afterword.incidents.api import router as incidents
from afterword.incidents.chat.api import router as chat
from afterword.incidents.facts import api as facts
from afterword.incidents.flow import api as flow
from afterword.incidents.merging.api import router as merging
from afterword.incidents.privacy.api import router as privacy
from afterword.incidents.timeline import api as timeline
from afterword.ingest.api import router as ingest
from afterword.ingest.fates.api import router as signals
from afterword.lib.errors import AfterwordError
from afterword.notify.api import router as messages
from afterword.notify.contact.api import router as contact_methods
from afterword.notify.paging.api import router as paging
from afterword.postmortems.api import router as postmortems
from afterword.postmortems.api import templates
from afterword.postmortems.choosing.api import router as template_rules
from afterword.postmortems.comments.api import router as comments
from afterword.postmortems.fields import api as postmortem_fields
from afterword.postmortems.foreign.incident_io import router as incident_io_documents
from afterword.postmortems.foreign.zenduty import router as zenduty_postmortems
from afterword.postmortems.history.api import router as histories
from afterword.postmortems.importing.api import router as postmortem_imports
from afterword.postmortems.outline.api import router as outlines
from afterword.postmortems.publishing.api import published
from afterword.postmortems.publishing.api import router as publications
from afterword.postmortems.review.api import router as reviews
from afterword.webhooks.api import router as webhooks
from afterword.wording.api import of_postmortems as findings
from afterword.wording.api import router as wording


class Documentation(Swagger):
    """With our title, and a way back to the pages."""

    template = "web/api_docs.html"


ERRORS_TOLD_MAX = 100
"""Of one body: 4 MB may have some hundred thousand, and an answer that names each would have 80 MB."""


class Api(NinjaAPI):
    """Whose description says what holds for every operation, and whose errors name what could be meant."""

    def validation_error_from_error_contexts(
        self, error_contexts: list[ValidationErrorContext[Any]]
    ) -> ValidationError:
        error = super().validation_error_from_error_contexts(error_contexts)
        del error.errors[ERRORS_TOLD_MAX:]
        bodies = [one.model for one in error_contexts if one.model.__ninja_param_source__ == "body"]
        for detail in error.errors:
            if detail["type"] == "extra_forbidden":
                detail["msg"] = why_unknown(bodies, detail["loc"][1:])
        return error

    def get_openapi_schema(self, **wishes: Any) -> OpenAPISchema:
        prefix = wishes.get("path_prefix")
        if prefix is None:
            prefix = self.get_root_path(wishes.get("path_params") or {})
        return _describe(self, prefix)


@lru_cache(maxsize=4)
def _describe(api: Api, prefix: str) -> Description:
    """It takes most of a second, anybody may ask for it, and while the program runs it stays the same."""
    return Description(api, prefix)


api = Api(
    title="Afterword",
    version=__version__,
    description="Alerts in, post-mortems out. Every call carries `Authorization: Token KEY`.",
    docs=Documentation(),
    docs_url="docs",
    openapi_url="openapi.json",
    auth=KeyAuth(),
    parser=ObjectParser(),
    urls_namespace="api",
)
api.add_decorator(known_queries_only)


@api.exception_handler(AfterwordError)
def answer_expected_failure(request: HttpRequest, error: AfterwordError) -> HttpResponse:
    body: dict[str, Any] = {**error.details, "detail": error.message}
    if error.fields:
        body["fields"] = error.fields
    response = api.create_response(request, body, status=error.status)
    if error.status == 401:
        response["WWW-Authenticate"] = "Token"
    return response


@api.exception_handler(HttpError)
def answer_unreadable_body(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Ninja says of whatever went wrong with a body that it cannot be parsed; ours has a reason."""
    if isinstance(error.__cause__, AfterwordError):
        return answer_expected_failure(request, error.__cause__)
    return api.create_response(request, {"detail": str(error)}, status=error.status_code)


@api.exception_handler(ValidationError)
def answer_bad_input(request: HttpRequest, error: ValidationError) -> HttpResponse:
    fields = {}
    for detail in error.errors:
        place, *inside = detail["loc"]
        if place == "body" and len(inside) == 1:
            # There is none: what stands there is our own name for it.
            fields["body"] = NO_OBJECT
        else:
            fields[".".join(map(str, inside[1:] or inside))] = detail["msg"]
    return api.create_response(
        request, {"detail": "Some of what was sent cannot be used.", "fields": fields}, status=400
    )


@api.exception_handler(RequestDataTooBig)
def answer_large_body(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    megabytes = (settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0) // (1024 * 1024)
    return api.create_response(request, {"detail": f"A body may have at most {megabytes} MB."}, status=413)


api.add_router("/v1", accounts)
api.add_router("/v1", catalog)
api.add_router("/v1", signals)
api.add_router("/v1/follow-ups", follow_ups)
api.add_router("/v1/changes", changes)
api.add_router("/v1/incidents", incidents)
api.add_router("/v1/incidents", timeline.router)
api.add_router("/v1/incidents", chat)
api.add_router("/v1/evidence", timeline.evidence)
api.add_router("/v1/incidents", facts.router)
api.add_router("/v1/incident-fields", facts.fields)
api.add_router("/v1/incidents", merging)
api.add_router("/v1/incidents", privacy)
api.add_router("/v1/incidents", flow.tasks)
api.add_router("/v1/flows", flow.flows)
api.add_router("/v1", similar)
api.add_router("/v1", model_calls)
api.add_router("/v1/postmortems", record_check)
api.add_router("/v1/postmortems", drafts)
api.add_router("/v1", drafting_settings)
api.add_router("/v1/postmortems", questions)
api.add_router("/v1", own_questions)
api.add_router("/v1/incidents", similar_to_incidents)
api.add_router("/v1/incidents", messages)
api.add_router("/v1/incidents", paging)
api.add_router("/v1", contact_methods)
api.add_router("/v1", ingest)
api.add_router("/v1/postmortems", postmortems)
api.add_router("/v1/postmortems", postmortem_imports)
api.add_router("/v1/postmortems", outlines)
api.add_router("/v1/postmortems", histories)
api.add_router("/v1/postmortems", reviews)
api.add_router("/v1/postmortems", comments)
api.add_router("/v1/postmortems", publications)
api.add_router("/v1/publications", published)
api.add_router("/v1/postmortems", postmortem_fields.values)
api.add_router("/v1/postmortem-fields", postmortem_fields.fields)
api.add_router("/v1/postmortem_documents", incident_io_documents)
api.add_router("/v1/templates", templates)
api.add_router("/v1/template-rules", template_rules)
api.add_router("/v1/webhooks", webhooks)
api.add_router("/v1/wording", wording)
api.add_router("/v1/postmortems", findings)
api.add_router("/incidents", zenduty.router)
api.add_router("/account", zenduty_account)
api.add_router("/account", zenduty.integration_alerts)
api.add_router("/account/teams", zenduty_postmortems)
api.add_router("/account/teams", zenduty_tasks)
