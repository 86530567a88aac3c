"""What people fill in to come in, to invite, and to say who belongs where."""

from html import escape
from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms.utils import flatatt
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from upturn.people.commands import (
    DAYS_MAX,
    USES_MAX,
    Refused,
    check_password,
    check_username,
    plain_username,
)
from upturn.people.models import Membership, Person, Role, Scope
from upturn.people.queries import grants, places_to_fill
from upturn.record import journal
from upturn.record.kept import keep


def remember_language(response: HttpResponse, language: str) -> None:
    """Put the language where Django's own middleware looks for it."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 86400,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


class ByInvitationOnly(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody opens an account alone: whoever comes in was invited (``people:join``)."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 (allauth's name)
        return False

    def post_login(self, request: HttpRequest, user: Person, **kwargs: Any) -> HttpResponse:
        """Go on in the language of whoever signed in."""
        response = cast("HttpResponse", super().post_login(request, user, **kwargs))
        if user.language:
            remember_language(response, user.language)
        return response


class PartySelect(forms.Select):
    """Parties to choose from, written once until somebody changes them; ``own`` says which."""

    def __init__(
        self, parties: QuerySet[Any], *, own: frozenset[int] | None, empty: Any = ""
    ) -> None:
        super().__init__()
        self.parties = parties
        self.own = own
        self.empty = empty

    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: Any = None,  # noqa: ARG002 (Django's name)
    ) -> SafeString:
        written = keep(
            ("party options", self.own, str(self.empty), get_language()),
            as_of=journal.heads(),
            read=self._written,
        ).replace(f'<option value="{value}">', f'<option value="{value}" selected>', 1)
        attributes = flatatt({**(attrs or {}), "name": name})
        return SafeString(f"<select{attributes}>{written}</select>")

    def _written(self) -> str:
        rows = self.parties.order_by("name", "place").values_list("pk", "name", "place")
        at_a_place = gettext("%(name)s at %(place)s")
        options = [("", str(self.empty))] if self.empty else []
        options += [
            (pk, at_a_place % {"name": party, "place": place} if place else party)
            for pk, party, place in rows
        ]
        # All labels are escaped in one go; no text that is stored holds the null character.
        labels = escape("\0".join(label for _pk, label in options)).split("\0")
        return "".join(
            f'<option value="{pk}">{label}</option>'
            for (pk, _label), label in zip(options, labels, strict=True)
        )


def _party_field(viewer: Person, *, label: Any, none: Any = "") -> "forms.ModelChoiceField[Any]":
    """Parties the viewer may fill; nobody who signs in is a customer.

    With ``none`` those who may fill all parties can also choose no party, under that name.
    """
    made = forms.models.fields_for_model(Membership, ["party"])["party"]
    field = cast("forms.ModelChoiceField[Any]", made)
    parties = cast("QuerySet[Any]", field.queryset).exclude(kind="customers")
    own = places_to_fill(viewer)
    if own is not None:
        none, parties = "", parties.filter(pk__in=own)
    field.label, field.required = label, not none
    field.widget, field.queryset = PartySelect(parties, own=own, empty=none), parties
    return field


class InviteForm(forms.Form):
    role = forms.ChoiceField(label=_("Somebody who"))
    uses = forms.IntegerField(
        label=_("For how many people"),
        min_value=1,
        max_value=USES_MAX,
        initial=1,
        help_text=_("A code on the notice board may let in a whole team; a link lets in one."),
    )
    days = forms.IntegerField(
        label=_("For how many days"), min_value=1, max_value=DAYS_MAX, initial=7
    )
    field_order = ("party", "role", "uses", "days")

    def __init__(self, viewer: Person, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role = cast("forms.ChoiceField", self.fields["role"])
        role.choices = [(choice.value, choice.label) for choice in grants(viewer)]
        self.fields["party"] = _party_field(viewer, label=_("Into"), none=_("no team"))
        self.order_fields(self.field_order)

    def welcome(self) -> dict[str, Any]:
        """What ``commands.invite`` wants to know."""
        given = dict(self.cleaned_data)
        party = given.pop("party")
        return given | {"role": Role(given["role"]), "party_id": party.pk if party else None}


class PasswordForm(forms.Form):
    """A new password for a person who is known."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 10 characters. Three or four words are easy to keep."),
    )

    def __init__(self, *args: Any, person: Person | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean(self) -> dict[str, Any]:
        """Compare the password with the names last, when they are there."""
        given: dict[str, Any] = super().clean() or {}
        if "password" in given:
            try:
                check_password(given["password"], person=self.person or self.named(given))
            except Refused as error:
                self.add_error("password", str(error))
        return given

    def named(self, given: dict[str, Any]) -> Person:
        names = {part: given.get(part, "") for part in ("username", "display_name")}
        return Person(**names)


class JoinForm(PasswordForm):
    display_name = forms.CharField(
        label=_("Your name"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("As your colleagues know you. They see this name."),
    )
    username = forms.CharField(
        label=_("A user name to sign in with"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
        help_text=_("Letters, numbers and . - _ @ +"),
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    field_order = ("display_name", "username", "password", "language")

    def clean_username(self) -> str:
        username = plain_username(self.cleaned_data["username"])
        try:
            check_username(username)
        except Refused as error:
            raise ValidationError(str(error)) from error
        return username


class PlaceForm(forms.Form):
    """One more party for somebody."""

    leads = forms.BooleanField(label=_("leads it"), required=False)
    field_order = ("party", "leads")

    def __init__(self, viewer: Person, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        belongs = pgettext_lazy("of a person", "Belongs to")
        self.fields["party"] = _party_field(viewer, label=belongs)
        self.order_fields(self.field_order)


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Somebody who"), choices=Role.choices)


class LanguageForm(forms.Form):
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)


class TokenForm(forms.Form):
    name = forms.CharField(
        label=_("What is it for"),
        max_length=80,
        help_text=_("The name of the program that will use it."),
    )
    scopes = forms.MultipleChoiceField(
        label=_("It may"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple
    )
    ends_on = forms.DateField(
        label=_("Until (optional)"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Without a date it works until somebody ends it here."),
    )

    def clean_ends_on(self) -> Any:
        ends_on = self.cleaned_data["ends_on"]
        if ends_on and ends_on < timezone.localdate():
            raise ValidationError(_("This day has passed. Choose today or later."))
        return ends_on
