"""What comes with a list of lines, and with a line that goes into action."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from upturn.commitments.commands import draw_code
from upturn.graph import queries as graph
from upturn.plan.commands.acting import Act
from upturn.plan.forms.plans import named
from upturn.plan.forms.selects import PLAIN_INPUTS, LongSelect
from upturn.plan.models import Column, LineState
from upturn.plan.queries.lines import LineFilter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from upturn.graph.queries import PartyRow
    from upturn.people.models import Person
    from upturn.plan.queries.lines import LineHere


class FilterForm(forms.Form):
    """A list cut down; what cannot be read is passed over."""

    column = forms.ChoiceField(required=False, choices=[("", _("all")), *Column.choices])
    state = forms.ChoiceField(required=False, choices=[("", _("all")), *LineState.choices])
    party = forms.TypedChoiceField(required=False, coerce=int, empty_value=None)
    moment = forms.SlugField(required=False, max_length=16)
    gap = forms.BooleanField(required=False)
    orphan = forms.BooleanField(required=False)
    page = forms.IntegerField(required=False, min_value=1, max_value=10_000)

    def __init__(self, *args: Any, parties: "Sequence[PartyRow]" = (), **how: Any) -> None:
        super().__init__(*args, **how)
        choices = [("", _("all")), *((row.id, graph.full_name(row)) for row in parties)]
        self.fields["party"].choices = choices  # type: ignore[attr-defined]


def read_filter(given: "dict[str, Any]") -> LineFilter:
    """What a list is cut down to."""
    return LineFilter(**{name: value for name, value in given.items() if value and name != "page"})


class ActForm(forms.Form):
    """By when, and who answers for it on two levels."""

    default_renderer = PLAIN_INPUTS
    due_on = forms.DateField(
        label=_("By when"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Within months: what takes longer is cut smaller."),
    )
    first_party = forms.TypedChoiceField(label=_("Who owns it"), coerce=int, widget=LongSelect)
    first_who = forms.CharField(label=_("in the name of"), max_length=80)
    second_party = forms.TypedChoiceField(
        label=_("and who on another level"),
        coerce=int,
        widget=LongSelect,
        help_text=_("Nearer to the customer, or one of those who serve them."),
    )
    second_who = forms.CharField(label=_("in the name of"), max_length=80)
    override = forms.CharField(
        label=_("Why one more line than three (only if it is needed)"),
        max_length=300,
        required=False,
        help_text=_("Those who carry it can read this."),
    )
    anyway = forms.CharField(
        label=_("Why touch what works well enough (only if it does)"),
        max_length=300,
        required=False,
    )
    turn = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
    code = forms.CharField(max_length=23, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        viewer: "Person",
        line: "LineHere",
        full: bool,
        kept: bool = False,
        **how: Any,
    ) -> None:
        initial = {"turn": line.turn, "code": draw_code(), "first_party": line.party.id}
        if line.provider:
            initial["second_party"] = line.provider.id
        how["initial"] = initial
        super().__init__(*args, **how)
        near = near_parties(viewer, line)
        for name in ("first_party", "second_party"):
            self.fields[name].choices = near  # type: ignore[attr-defined]
        if not full:
            del self.fields["override"]
        if not (line.well_enough or kept):
            del self.fields["anyway"]

    def act(self) -> Act:
        given = self.cleaned_data
        owners = (
            (given["first_party"], given["first_who"]),
            (given["second_party"], given["second_who"]),
        )
        return Act(
            turn=given["turn"],
            code=given["code"],
            due_on=given["due_on"],
            owners=owners,
            override=given.get("override", ""),
            anyway=given.get("anyway", ""),
        )


def near_parties(viewer: "Person", line: "LineHere") -> list[tuple[int, str]]:
    """The line's party, its provider, and whom and by whom the two are served."""
    now, seen = graph.snapshot(), graph.visible_parties(viewer)
    start = {line.party.id} | ({line.provider.id} if line.provider else set())
    edges = [edge for party in start for edge in now.edges_of(party)]
    near = start | {e.server_id for e in edges} | {e.served_id for e in edges}
    return named((near & seen) - now.customers)
