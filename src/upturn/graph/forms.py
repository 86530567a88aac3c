"""What somebody fills in who draws the organisation. Parties are written by name."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from upturn.graph import queries
from upturn.graph.engine import UnknownParty
from upturn.graph.models import Kind, Party

if TYPE_CHECKING:
    from upturn.people.models import Person

NAMES = {"list": "parties", "autocomplete": "off"}


def party_called(viewer: "Person", name: str) -> Party:
    """Find the party behind a written name, or refuse with the nearest names."""
    try:
        row = queries.party_called(viewer, name)
    except UnknownParty as error:
        message = gettext("No party alone is called “%(name)s”.") % {"name": name.strip()}
        if error.nearest:
            message += " " + gettext("Nearest: %(names)s.") % {"names": ", ".join(error.nearest)}
        raise ValidationError(message) from error
    return queries.party(viewer, row.key)


class PartyForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80)
    kind = forms.ChoiceField(label=_("What it is"), choices=Kind.choices, initial=Kind.TEAM)
    place = forms.CharField(
        label=_("Place (optional)"),
        max_length=80,
        required=False,
        help_text=_("A house, a site or a branch. Empty for what serves them all."),
        widget=forms.TextInput(attrs={"list": "places"}),
    )


class _ByName(forms.Form):
    """A form in which the viewer writes names of parties."""

    def __init__(self, viewer: "Person", *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.viewer = viewer

    def _party(self, field: str) -> Party:
        return party_called(self.viewer, self.cleaned_data[field])


class ServesForm(_ByName):
    server = forms.CharField(
        label=_("Who serves"), max_length=200, widget=forms.TextInput(attrs=NAMES)
    )
    served = forms.CharField(
        label=_("Whom"),
        max_length=200,
        widget=forms.TextInput(attrs=NAMES),
        help_text=_("Who would notice first if this work were not done."),
    )
    what = forms.CharField(
        label=_("With what (optional)"),
        max_length=200,
        required=False,
        help_text=_("In plain words: clean plates, the Tuesday order, a rota that holds."),
    )

    def clean_server(self) -> Party:
        return self._party("server")

    def clean_served(self) -> Party:
        served = self._party("served")
        if served == self.cleaned_data.get("server"):
            raise ValidationError(gettext("Nobody serves itself. Name the party that is served."))
        return served


class TouchpointForm(_ByName):
    name = forms.CharField(
        label=_("The moment"),
        max_length=80,
        help_text=_("As a customer would say it: waiting for the bill."),
    )
    moment = forms.CharField(
        label=_("When in the day (optional)"), max_length=20, required=False, empty_value=""
    )
    place = forms.CharField(
        label=_("Place (optional)"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"list": "places"}),
    )
    description = forms.CharField(
        label=_("In one sentence (optional)"),
        max_length=300,
        required=False,
        help_text=_("By it, and by the name, words about this moment are found."),
    )
    customers = forms.CharField(
        label=_("Which customers"), max_length=200, widget=forms.TextInput(attrs=NAMES)
    )
    in_sight = forms.CharField(
        label=_("Who serves in their sight"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One party a line."),
    )
    behind = forms.CharField(
        label=_("Who serves behind it (optional)"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One party a line."),
    )

    def clean_customers(self) -> Party:
        customers = self._party("customers")
        if customers.kind != Kind.CUSTOMERS:
            raise ValidationError(
                gettext("%(party)s are no customers. Name those who meet this moment.")
                % {"party": queries.full_name(customers)}
            )
        return customers

    def clean_in_sight(self) -> list[Party]:
        return self._parties("in_sight")

    def clean_behind(self) -> list[Party]:
        return self._parties("behind")

    def _parties(self, field: str) -> list[Party]:
        lines = self.cleaned_data[field].splitlines()
        return [party_called(self.viewer, line) for line in lines if line.strip()]

    def servers(self) -> list[tuple[Party, bool]]:
        """Everybody named, once; whoever is in sight is not also behind."""
        sides = ((self.cleaned_data["behind"], False), (self.cleaned_data["in_sight"], True))
        return list({party: direct for parties, direct in sides for party in parties}.items())
