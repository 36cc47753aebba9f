from __future__ import annotations

from django.urls import URLPattern, path

from afterword.postmortems import views
from afterword.postmortems.choosing import views as choosing
from afterword.postmortems.comments import views as comments
from afterword.postmortems.designing import views as designing
from afterword.postmortems.fields import views as fields
from afterword.postmortems.history import views as history
from afterword.postmortems.importing import views as importing
from afterword.postmortems.outline import views as outline
from afterword.postmortems.publishing import public_views as public
from afterword.postmortems.publishing import views as publishing
from afterword.postmortems.review import views as review
from afterword.postmortems.searching import views as searching
from afterword.postmortems.views import deletion, in_place, record, template_pages, writing

app_name = "postmortems"

urlpatterns: list[URLPattern] = [
    path("postmortems", searching.show_list, name="list"),
    path("postmortems/export", searching.export, name="export"),
    path("postmortems/views/new", searching.new_view, name="new_view"),
    path("postmortems/views/<uuid:unique_id>", searching.edit_view, name="edit_view"),
    path("postmortems/views/<uuid:unique_id>/deletion", searching.delete_view, name="delete_view"),
    path("search", searching.search, name="search"),
    path("postmortems/new", views.begin, name="new"),
    path("postmortems/import", importing.show, name="import"),
    path("postmortems/<int:number>", views.read, name="read"),
    path("postmortems/<int:number>/deletion", deletion.delete, name="delete"),
    path("postmortems/<int:number>/write", views.write, name="write"),
    path("postmortems/<int:number>/sections/<uuid:unique_id>", views.save_section, name="save_section"),
    path(
        "postmortems/<int:number>/sections/<uuid:unique_id>/edit",
        in_place.edit_in_place,
        name="edit_in_place",
    ),
    path("postmortems/<int:number>/fields", views.save_fields, name="save_fields"),
    path("postmortems/<int:number>/record", writing.change_record, name="change_record"),
    path("postmortems/<int:number>/preview", views.preview, name="preview"),
    path("postmortems/<int:number>/export/markdown", views.download_markdown, name="markdown"),
    path("postmortems/<int:number>/export/pdf", views.download_pdf, name="pdf"),
    path("postmortems/<int:number>/review", review.show, name="review"),
    path("postmortems/<int:number>/review/ask", review.ask, name="ask_for_review"),
    path("postmortems/<int:number>/review/verdict", review.judge, name="judge"),
    path("postmortems/<int:number>/review/taken-back", review.take_back, name="take_back"),
    path(
        "postmortems/<int:number>/review/reviewers/<uuid:person>/removal",
        review.remove_reviewer,
        name="remove_reviewer",
    ),
    path("postmortems/<int:number>/review/reviewers/<uuid:person>/again", review.ask_again, name="ask_again"),
    path("postmortems/<int:number>/comments", comments.show, name="comments"),
    path("postmortems/<int:number>/comments/<uuid:unique_id>", comments.edit, name="comment"),
    path("postmortems/<int:number>/threads/<uuid:unique_id>", comments.answer, name="answer_comment"),
    path(
        "postmortems/<int:number>/threads/<uuid:unique_id>/resolution",
        comments.resolve,
        name="resolve_comments",
    ),
    path("postmortems/<int:number>/incidents", record.change_incidents, name="incidents"),
    path("postmortems/<int:number>/timeline", record.change_timeline, name="timeline"),
    path("postmortems/<int:number>/outline", outline.show, name="outline"),
    path(
        "postmortems/<int:number>/outline/sections/<uuid:unique_id>",
        outline.change_section,
        name="change_section",
    ),
    path("postmortems/<int:number>/template", outline.preview_template, name="preview_template"),
    path("postmortems/<int:number>/template/application", outline.apply_template, name="apply_template"),
    path("postmortems/<int:number>/history", history.show, name="history"),
    path("postmortems/<int:number>/history/writers", history.show_writers, name="writers"),
    path("postmortems/<int:number>/history/comparison", history.compare, name="compare"),
    path("postmortems/<int:number>/history/restoration", history.restore, name="restore"),
    path("postmortems/<int:number>/publish", publishing.publish, name="publish"),
    path(
        "postmortems/<int:number>/publications/<uuid:unique_id>/withdrawal",
        publishing.withdraw,
        name="withdraw",
    ),
    path("postmortems/<int:number>/edition", publishing.edit_edition, name="edition"),
    path("postmortems/<int:number>/edition/derivation", publishing.derive, name="derive_edition"),
    path("publications", publishing.show_publications, name="publications"),
    path("publications/<uuid:unique_id>", publishing.read_publication, name="publication"),
    path("publications/<uuid:unique_id>/pdf", publishing.download_publication, name="publication_pdf"),
    path("public", public.show_list, name="public_list"),
    path("public/feed.atom", public.atom, name="public_atom"),
    path("public/feed.json", public.json_feed, name="public_json"),
    path("public/<slug:slug>", public.show, name="public"),
    path("public/<slug:slug>/pdf", public.download, name="public_pdf"),
    path("settings/public-pages", publishing.edit_site, name="public_site"),
    path("settings/reviews", review.show_policies, name="review_policies"),
    path("settings/reviews/teams/<uuid:unique_id>", review.edit_team_policy, name="team_review_policy"),
    path(
        "settings/reviews/services/<uuid:unique_id>",
        review.edit_service_policy,
        name="service_review_policy",
    ),
    path("settings/postmortem-fields", fields.show_fields, name="fields"),
    path("settings/postmortem-fields/new", fields.new_field, name="new_field"),
    path("settings/postmortem-fields/teams/<uuid:unique_id>", fields.choose, name="team_fields"),
    path("settings/postmortem-fields/<uuid:unique_id>", fields.show_field, name="field"),
    path("settings/postmortem-fields/<uuid:unique_id>/place", fields.place, name="place_field"),
    path("settings/postmortem-fields/<uuid:unique_id>/archival", fields.archival, name="archive_field"),
    path("settings/postmortem-fields/<uuid:unique_id>/deletion", fields.deletion, name="delete_field"),
    path("incidents/<int:number>/postmortems", views.show_of_incident, name="of_incident"),
    path("settings/template-rules", choosing.show_rules, name="template_rules"),
    path("settings/template-rules/<uuid:unique_id>/removal", choosing.drop_rule, name="drop_template_rule"),
    path("settings/templates", template_pages.show_list, name="templates"),
    path("settings/templates/new/sections", designing.design_new, name="design_new_template"),
    path("settings/templates/<slug:key>/sections", designing.design, name="design_template"),
    path("settings/templates/new", template_pages.add, name="new_template"),
    path("settings/templates/<slug:key>", template_pages.show, name="template"),
    path("settings/templates/<slug:key>/edit", template_pages.edit, name="edit_template"),
    path("settings/templates/<slug:key>/copies", template_pages.duplicate, name="duplicate_template"),
    path("settings/templates/<slug:key>/file", template_pages.download, name="template_file"),
    path("settings/templates/<slug:key>/deletion", template_pages.delete, name="delete_template"),
]
