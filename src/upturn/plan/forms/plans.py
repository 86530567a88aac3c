"""What people fill in when they open a plan, answer the question at its head, and fill seats."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from upturn.commitments.commands import draw_code
from upturn.graph import queries as graph
from upturn.plan.commands.editing import ANSWER_MAX, PlanWords
from upturn.plan.commands.edits import Edit
from upturn.plan.commands.opening import PlanDraft

if TYPE_CHECKING:
    from collections.abc import Iterable

    from upturn.plan.models import Plan

HALF_HOURS = range(0, 2_881, 30)


def clock(minutes: int) -> str:
    """Time of day of minutes after midnight; after 24:00 it is the next day's."""
    shown = f"{minutes // 60 % 24:02}:{minutes % 60:02}"
    return str(_("%(time)s of the next day") % {"time": shown}) if minutes >= 1_440 else shown


def named(parties: "Iterable[int]") -> list[tuple[int, str]]:
    """Parties to choose from, by name."""
    party = graph.snapshot().party
    found = ((each, graph.full_name(party[each])) for each in parties if each in party)
    return sorted(found, key=lambda pair: pair[1])


class OpenForm(forms.Form):
    """Four answers are enough to open a plan; two of them are filled in already."""

    name = forms.CharField(
        label=_("What you call it"),
        max_length=80,
        help_text=_("The day and the place are enough: “A Friday evening at Mill”."),
    )
    customers_id = forms.TypedChoiceField(label=_("Whose day it is about"), coerce=int)
    place = forms.CharField(label=_("Where (optional)"), max_length=80, required=False)
    day_from = forms.TypedChoiceField(label=_("The day begins at"), coerce=int, initial=420)
    day_until = forms.TypedChoiceField(label=_("and ends at"), coerce=int, initial=1380)
    code = forms.CharField(max_length=23, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **how: Any) -> None:
        how["initial"] = {"code": draw_code()}
        super().__init__(*args, **how)
        self.fields["customers_id"].choices = named(graph.snapshot().customers)  # type: ignore[attr-defined]
        for name in ("day_from", "day_until"):
            self.fields[name].choices = [(each, clock(each)) for each in HALF_HOURS]  # type: ignore[attr-defined]

    def draft(self) -> PlanDraft:
        return PlanDraft(**self.cleaned_data)


class QuestionForm(forms.Form):
    """The question at the head of a plan, and the frame of its day."""

    serve_first = forms.CharField(
        label=_("Whom do we serve first, and how, so that they can serve?"),
        max_length=ANSWER_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Those who serve the customer. What do they need from us before we ask more?"),
    )
    name = forms.CharField(label=_("What you call the plan"), max_length=80)
    place = forms.CharField(label=_("Where (optional)"), max_length=80, required=False)
    day_from = forms.TypedChoiceField(label=_("The day begins at"), coerce=int)
    day_until = forms.TypedChoiceField(label=_("and ends at"), coerce=int)
    turn = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
    key = forms.CharField(max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, plan: "Plan", **how: Any) -> None:
        initial = {name: getattr(plan, name) for name in QUESTION_FIELDS} | {"key": draw_code()}
        how["initial"] = initial
        super().__init__(*args, **how)
        for name in ("day_from", "day_until"):
            times = sorted({*HALF_HOURS, getattr(plan, name)})
            self.fields[name].choices = [(each, clock(each)) for each in times]  # type: ignore[attr-defined]

    def words(self) -> PlanWords:
        given = self.cleaned_data
        return PlanWords(**{name: given[name] for name in QUESTION_FIELDS if name != "turn"})

    def edit(self) -> Edit:
        return Edit(key=self.cleaned_data["key"], turn=self.cleaned_data["turn"])


QUESTION_FIELDS = ("serve_first", "name", "place", "day_from", "day_until", "turn")


class SeatForm(forms.Form):
    """Somebody, and the function he or she is there for."""

    username = forms.CharField(max_length=60)
    party_id = forms.IntegerField(min_value=1, max_value=2**63 - 1)
