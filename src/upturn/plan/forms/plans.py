"""What people fill in when they open a plan, answer the question at its head, and fill seats."""

from datetime import time
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from upturn.commitments.commands import draw_code
from upturn.graph import queries as graph
from upturn.plan.commands.allowed import ANSWER_MAX
from upturn.plan.commands.editing import PlanWords
from upturn.plan.commands.edits import Edit
from upturn.plan.commands.opening import PlanDraft
from upturn.plan.forms.selects import LongSelect

if TYPE_CHECKING:
    from collections.abc import Iterable

    from upturn.plan.models import Plan

DAY = 1_440


def named(parties: "Iterable[int]") -> list[tuple[int, str]]:
    """Parties to choose from, by name."""
    party = graph.snapshot().party
    found = ((each, graph.full_name(party[each])) for each in parties if each in party)
    return sorted(found, key=lambda pair: pair[1])


def _time(label: Any) -> forms.TimeField:
    return forms.TimeField(
        label=label, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )


class DayFrame(forms.Form):
    """From when until when a day is; one that ends before it begins ends after midnight."""

    begins = _time(_("The day begins at"))
    ends = _time(_("and ends at"))
    next_day = forms.BooleanField(label=_("of the next day"), required=False)

    def minutes(self) -> tuple[int, int]:
        """Beginning and end in minutes after midnight."""
        given = self.cleaned_data
        begins, ends = (given[name].hour * 60 + given[name].minute for name in ("begins", "ends"))
        after_midnight = given["next_day"] or ends <= begins
        return begins, ends + DAY * after_midnight


def frame_of(day_from: int, day_until: int) -> dict[str, Any]:
    """What a form shows of a day's beginning and end."""
    begins, ends = (time(each // 60 % 24, each % 60) for each in (day_from, day_until))
    return {"begins": begins, "ends": ends, "next_day": day_until >= DAY}


class OpenForm(DayFrame):
    """Few answers open a plan; most are filled in already."""

    name = forms.CharField(
        label=_("What you call it"),
        max_length=80,
        help_text=_("The day and the place are enough: “A Friday evening at Mill”."),
    )
    customers_id = forms.TypedChoiceField(
        label=_("Whose day it is about"), coerce=int, widget=LongSelect
    )
    place = forms.CharField(label=_("Where (optional)"), max_length=80, required=False)
    code = forms.CharField(max_length=23, widget=forms.HiddenInput)
    field_order = ("name", "customers_id", "place", "begins", "ends", "next_day")

    def __init__(self, *args: Any, **how: Any) -> None:
        how["initial"] = {"code": draw_code()} | frame_of(7 * 60, 23 * 60)
        super().__init__(*args, **how)
        self.fields["customers_id"].choices = named(graph.snapshot().customers)  # type: ignore[attr-defined]

    def draft(self) -> PlanDraft:
        given = self.cleaned_data
        day_from, day_until = self.minutes()
        return PlanDraft(
            name=given["name"],
            customers_id=given["customers_id"],
            place=given["place"],
            code=given["code"],
            day_from=day_from,
            day_until=day_until,
        )


class QuestionForm(DayFrame):
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
    turn = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
    key = forms.CharField(max_length=40, widget=forms.HiddenInput)
    field_order = ("serve_first", "name", "place", "begins", "ends", "next_day")

    def __init__(self, *args: Any, plan: "Plan", **how: Any) -> None:
        initial = {name: getattr(plan, name) for name in ("serve_first", "name", "place", "turn")}
        frame = frame_of(plan.day_from, plan.day_until)
        how["initial"] = initial | frame | {"key": draw_code()}
        super().__init__(*args, **how)

    def words(self) -> PlanWords:
        given = self.cleaned_data
        day_from, day_until = self.minutes()
        return PlanWords(
            name=given["name"],
            place=given["place"],
            serve_first=given["serve_first"],
            day_from=day_from,
            day_until=day_until,
        )

    def edit(self) -> Edit:
        return Edit(key=self.cleaned_data["key"], turn=self.cleaned_data["turn"])


class SeatForm(forms.Form):
    """Somebody, and the function he or she is there for."""

    username = forms.CharField(max_length=60)
    party_id = forms.IntegerField(min_value=1, max_value=2**63 - 1)
