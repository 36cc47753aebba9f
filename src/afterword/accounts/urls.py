from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.generic import RedirectView

from afterword.accounts import sign_in, views

# The names that allauth looks for. What is not here, as signing up, does not exist.
_sign_in = [
    path("sign-in", sign_in.SignInView.as_view(), name="account_login"),
    path("sign-in/inactive", sign_in.InactiveView.as_view(), name="account_inactive"),
    path("sign-out", sign_in.SignOutView.as_view(), name="account_logout"),
    path("password/change", sign_in.PasswordChangeView.as_view(), name="account_change_password"),
    path(
        "password/set",
        RedirectView.as_view(pattern_name="account_reset_password"),
        name="account_set_password",
    ),
    path("password/reset", sign_in.ForgottenPasswordView.as_view(), name="account_reset_password"),
    path("password/reset/sent", sign_in.ResetSentView.as_view(), name="account_reset_password_done"),
    re_path(
        r"^password/reset/(?P<uidb36>[0-9A-Za-z]{1,20})-(?P<key>[0-9A-Za-z-]{1,200})$",
        sign_in.NewPasswordView.as_view(),
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/done",
        sign_in.NewPasswordSetView.as_view(),
        name="account_reset_password_from_key_done",
    ),
]

_named = [
    path("settings/organisation", views.organisation, name="organisation"),
    path("settings/people", views.people, name="people"),
    path("settings/people/new", views.new_person, name="new_person"),
    path("settings/people/<uuid:unique_id>", views.person, name="person"),
    path("settings/people/<uuid:unique_id>/invitation", views.invite, name="invite"),
    path("settings/people/<uuid:unique_id>/deactivation", views.deactivate, name="deactivate"),
    path("settings/people/<uuid:unique_id>/reactivation", views.reactivate, name="reactivate"),
    path("settings/teams", views.teams, name="teams"),
    path("settings/teams/new", views.new_team, name="new_team"),
    path("settings/teams/<uuid:unique_id>", views.team, name="team"),
    path("settings/teams/<uuid:unique_id>/name", views.rename_team, name="rename_team"),
    path("settings/memberships/<uuid:unique_id>", views.membership, name="membership"),
    path("settings/memberships/<uuid:unique_id>/removal", views.remove_member, name="remove_member"),
    path("settings/api-keys", views.api_keys, name="api_keys"),
    path("settings/api-keys/<int:pk>/revocation", views.revoke_api_key, name="revoke_api_key"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("setup", views.set_up, name="setup"),
    path("profile", views.profile, name="profile"),
    path("settings", views.settings_index, name="settings"),
    *_sign_in,
    path("", include((_named, "accounts"))),
]
