"""The forms of accounts. They check shape; the writes decide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from allauth.account import forms as allauth_forms
from django import forms
from django.contrib.auth.password_validation import password_validators_help_text_html

from afterword.accounts.models import (
    EMAIL_LENGTH_MAX,
    NAME_LENGTH_MAX,
    PASSWORD_CHARACTERS_MAX,
    KeyScope,
    OrganisationRole,
    TeamRole,
)
from afterword.lib.forms import EditForm
from afterword.lib.zones import zone_names

ZONE_REGIONS = (
    *("Africa", "America", "Antarctica", "Arctic", "Asia"),
    *("Atlantic", "Australia", "Europe", "Indian", "Pacific"),
)
SEARCH_CHARACTERS_MAX = 100


def time_zone_choices() -> list[tuple[str, Any]]:
    """UTC, then the zones of the world by region. Old names, as `GB` or `US/Eastern`, are left out."""
    regions: dict[str, list[tuple[str, str]]] = {region: [] for region in ZONE_REGIONS}
    for zone in sorted(zone_names()):
        region, slash, place = zone.partition("/")
        if slash and region in regions:
            regions[region].append((zone, place.replace("_", " ").replace("/", ", ")))
    return [("UTC", "UTC"), *((region, zones) for region, zones in regions.items() if zones)]


class TimeZoneField(forms.ChoiceField):
    """One of the zones, and the one that is set already, whatever its name."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=time_zone_choices, **kwargs)

    def keep(self, zone: str) -> None:
        """Offer `zone` too when it is not among the choices."""
        choices: list[Any] = time_zone_choices()
        if not self.valid_value(zone):
            self.choices = [(zone, zone), *choices]


class SetUpForm(forms.Form):
    name = forms.CharField(
        label="Organisation",
        max_length=NAME_LENGTH_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    owner_name = forms.CharField(
        label="Your name", max_length=NAME_LENGTH_MAX, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        label="Your email address",
        max_length=EMAIL_LENGTH_MAX,
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    password = forms.CharField(
        label="Password",
        max_length=PASSWORD_CHARACTERS_MAX,
        strip=False,
        help_text=password_validators_help_text_html,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    time_zone = TimeZoneField(
        label="Time zone", initial="UTC", help_text="Yours, and the one that new people begin with."
    )


class ProfileForm(forms.Form):
    name = forms.CharField(
        label="Name", max_length=NAME_LENGTH_MAX, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    time_zone = TimeZoneField(label="Time zone", help_text="All times are shown to you in this zone.")

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _keep_zone(self, zone)


class OrganisationForm(EditForm):
    name = forms.CharField(
        label="Name",
        max_length=NAME_LENGTH_MAX,
        help_text="Webhook addresses stay as they are when it changes.",
    )
    time_zone = TimeZoneField(label="Time zone", help_text="The one that new people begin with.")
    admins_see_private = forms.BooleanField(
        label="Owners and administrators see private incidents",
        required=False,
        help_text="Otherwise only an incident's own members do. The audit log keeps who changed this.",
    )

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _keep_zone(self, zone)


class PersonForm(forms.Form):
    name = forms.CharField(label="Name", max_length=NAME_LENGTH_MAX)
    email = forms.EmailField(
        label="Email address",
        max_length=EMAIL_LENGTH_MAX,
        help_text="They get a mail with a link to choose their password.",
    )
    role = forms.ChoiceField(label="Role", widget=forms.RadioSelect, initial=OrganisationRole.RESPONDER)

    def __init__(self, *args: Any, roles: Sequence[OrganisationRole], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_roles(self, roles)


class RoleForm(forms.Form):
    role = forms.ChoiceField(label="Role in the organisation", widget=forms.RadioSelect)

    def __init__(self, *args: Any, roles: Sequence[OrganisationRole], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_roles(self, roles)


class PeopleFilterForm(forms.Form):
    text = forms.CharField(
        label="Name or address",
        max_length=SEARCH_CHARACTERS_MAX,
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    role = forms.ChoiceField(label="Role", choices=[("", "Any"), *OrganisationRole.choices], required=False)
    active = forms.ChoiceField(
        label="State", choices=[("", "Any"), ("yes", "Active"), ("no", "Deactivated")], required=False
    )


class TeamForm(EditForm):
    name = forms.CharField(label="Name", max_length=NAME_LENGTH_MAX)


class MemberForm(forms.Form):
    email = forms.EmailField(
        label="Email address",
        max_length=EMAIL_LENGTH_MAX,
        help_text="Of someone who is in the organisation already.",
        widget=forms.EmailInput(attrs={"list": "people", "autocomplete": "off"}),
    )
    role = forms.ChoiceField(label="Role in the team", choices=TeamRole.choices, initial=TeamRole.MEMBER)


class MemberRoleForm(forms.Form):
    role = forms.ChoiceField(choices=TeamRole.choices)


class ApiKeyForm(forms.Form):
    name = forms.CharField(
        label="What is it for?",
        max_length=NAME_LENGTH_MAX,
        help_text="As in “Nightly report” or “Terraform”.",
    )
    scope = forms.ChoiceField(
        label="What may it do?", choices=KeyScope.choices, initial=KeyScope.READ, widget=forms.RadioSelect
    )


class SignInForm(allauth_forms.LoginForm):  # type: ignore[misc]
    """allauth's, in our words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _in_our_words(self, login="Email address", password="Password")  # noqa: S106
        # Its link stands in the page behind the button: before the box it would come first on the way by Tab.
        self.fields["password"].help_text = ""


class ForgottenPasswordForm(allauth_forms.ResetPasswordForm):  # type: ignore[misc]
    """allauth's, in our words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _in_our_words(self, email="Email address")


class NewPasswordForm(allauth_forms.ResetPasswordKeyForm):  # type: ignore[misc]
    """allauth's, in our words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _in_our_words(self, password1="New password", password2="The same again")


class PasswordChangeForm(allauth_forms.ChangePasswordForm):  # type: ignore[misc]
    """allauth's, in our words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _in_our_words(
            self, oldpassword="Current password", password1="New password", password2="The same again"
        )


def _keep_zone(form: forms.Form, zone: str) -> None:
    field = form.fields["time_zone"]
    assert isinstance(field, TimeZoneField)
    field.keep(zone)


def _offer_roles(form: forms.Form, roles: Sequence[OrganisationRole]) -> None:
    field = form.fields["role"]
    assert isinstance(field, forms.ChoiceField)
    field.choices = [(role.value, ROLES_IN_WORDS[role]) for role in roles]


ROLES_IN_WORDS = {
    OrganisationRole.OWNER: "Owner: everything, and decides who else is an owner",
    OrganisationRole.ADMIN: "Administrator: sees all teams, changes the organisation and its people",
    OrganisationRole.RESPONDER: "Responder: works on the incidents and post-mortems of their teams",
    OrganisationRole.VIEWER: "Viewer: reads what their teams have",
}


def _in_our_words(form: forms.Form, **labels: str) -> None:
    """Our labels; no placeholders, which say the label again; and an end to what may be typed."""
    for name, label in labels.items():
        field = form.fields[name]
        field.label = label
        field.widget.attrs.pop("placeholder", None)
        field.widget.attrs["maxlength"] = PASSWORD_CHARACTERS_MAX
        assert isinstance(field, forms.CharField)
        field.max_length = PASSWORD_CHARACTERS_MAX
        field.validators.append(forms.CharField(max_length=PASSWORD_CHARACTERS_MAX).validators[0])
