"""What people fill in when they open a cycle and take it further."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from upturn.commitments.commands import draw_code
from upturn.graph import queries as graph
from upturn.partners.commands import cycles
from upturn.partners.commands.watches import WEEKS
from upturn.partners.engine import CycleMove
from upturn.people import queries as people

if TYPE_CHECKING:
    from upturn.people.models import Person


def _area(label: Any, *, required: bool = True, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=cycles.WORDS_MAX,
        required=required,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=help_text,
    )


def _named(parties: Iterable[int]) -> list[tuple[int, str]]:
    party = graph.snapshot().party
    found = ((each, graph.full_name(party[each])) for each in parties if each in party)
    return sorted(found, key=lambda pair: pair[1])


class CycleForm(forms.Form):
    noticed = _area(
        _("What you noticed"),
        help_text=_("What happened, to whom, and how often. Everybody who signs in can read it."),
    )
    code = forms.CharField(max_length=23, widget=forms.HiddenInput)
    ask = forms.CharField(max_length=16, required=False, widget=forms.HiddenInput)
    barrier = forms.CharField(max_length=16, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, viewer: "Person", ask: str, barrier: str, **how: Any) -> None:
        how["initial"] = {"code": draw_code(), "ask": ask, "barrier": barrier}
        super().__init__(*args, **how)
        if not ask:
            self.fields["team"] = forms.TypedChoiceField(
                label=_("For which of your teams"),
                choices=_named(people.parties_of(viewer)),
                coerce=int,
                help_text=_("Only this team can close it, kept or stopped."),
            )

    def draft(self) -> cycles.CycleDraft:
        given = self.cleaned_data
        return cycles.CycleDraft(
            noticed=given["noticed"],
            code=given["code"],
            team_id=given.get("team"),
            ask_ref=given["ask"],
            barrier_ref=given["barrier"],
        )


class CycleMoveForm(forms.Form):
    """Only the fields that one move needs."""

    turn = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        leads: Iterable[int] = (),
        watches: Iterable[tuple[str, str]] = (),
        **how: Any,
    ) -> None:
        super().__init__(*args, **how)
        if "party_id" in self.fields:
            self.fields["party_id"].choices = _named(leads)  # type: ignore[attr-defined]
        if "watch" in self.fields:
            self.fields["watch"].choices = [("", _("nothing")), *watches]  # type: ignore[attr-defined]

    def content(self) -> cycles.CycleContent:
        given = {name: value for name, value in self.cleaned_data.items() if value}
        return cycles.CycleContent(**{**given, "turn": self.cleaned_data["turn"]})


class JoinForm(CycleMoveForm):
    party_id = forms.TypedChoiceField(label=_("For which team"), coerce=int)
    who = forms.CharField(
        label=_("Who owns it with them"), max_length=80, help_text=_("A name or a role.")
    )
    words = _area(_("What you can give to it (optional)"), required=False)


class TryForm(CycleMoveForm):
    trying = forms.CharField(label=_("What you try"), max_length=400)
    front = forms.CharField(
        label=_("What those at the front do in it"),
        max_length=400,
        help_text=_("Who of them, and what. Without their part it is no cycle."),
    )
    until = forms.DateField(label=_("Until when"), widget=forms.DateInput(attrs={"type": "date"}))


class MeasureForm(CycleMoveForm):
    sign = forms.CharField(
        label=_("What you look at"),
        max_length=400,
        help_text=_("Something that those at the front can count or see themselves."),
    )
    watch = forms.ChoiceField(
        label=_("A weekly figure beside it (optional)"),
        required=False,
    )
    watch_weeks = forms.IntegerField(
        label=_("For how many weeks"),
        min_value=WEEKS[0],
        max_value=WEEKS[1],
        initial=8,
        required=False,
    )


class AgainForm(CycleMoveForm):
    words = _area(_("What you change this time"))


class KeepCycleForm(CycleMoveForm):
    words = _area(_("What you keep, and by what you noticed"))


class StopForm(CycleMoveForm):
    words = _area(
        _("What was learned"), help_text=_("So that nobody has to try the same once more.")
    )


CYCLE_FORMS: dict[CycleMove, type[CycleMoveForm]] = {
    CycleMove.JOIN: JoinForm,
    CycleMove.TRY: TryForm,
    CycleMove.MEASURE: MeasureForm,
    CycleMove.TRY_AGAIN: AgainForm,
    CycleMove.KEEP: KeepCycleForm,
    CycleMove.STOP: StopForm,
    CycleMove.STEP_BACK: CycleMoveForm,
    CycleMove.OPEN_AGAIN: CycleMoveForm,
}
