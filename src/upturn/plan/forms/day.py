"""What people fill in when they write the customer's day down."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from upturn.graph import queries as graph
from upturn.plan.queries.day import parties_for, points_for
from upturn.plan.queries.first_days import clock, minutes_of_day

if TYPE_CHECKING:
    from upturn.people.models import Person
    from upturn.plan.models import Plan

NAME_MAX, WORDS_MAX = 80, 300


class AddForm(forms.Form):
    """A moment in two fields; a name that is a touchpoint's links it with its scores and words."""

    at = forms.CharField(
        label=_("Time"), max_length=5, widget=forms.TimeInput(attrs={"type": "time"})
    )
    name = forms.CharField(
        label=_("What happens"),
        max_length=NAME_MAX,
        widget=forms.TextInput(attrs={"list": "touchpoints", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, viewer: "Person", plan: "Plan", **how: Any) -> None:
        super().__init__(*args, **how)
        self.plan, self.points = plan, points_for(viewer, plan)

    def clean_at(self) -> int:
        at = clock(self.cleaned_data["at"])
        if at is None:
            raise ValidationError(_("A time of the day looks like this: 19:50."))
        return minutes_of_day(at, self.plan)

    def point(self) -> graph.PointRow | None:
        """The touchpoint that is called like this."""
        name = self.cleaned_data["name"].strip().casefold()
        return next((each for each in self.points if each.name.casefold() == name), None)


class MomentForm(AddForm):
    """Everything that can be said of a moment, beside who meets the customer there."""

    wants = forms.CharField(
        label=_("What the customer wants here (optional)"), max_length=WORDS_MAX, required=False
    )
    touchpoint = forms.TypedChoiceField(
        label=_("Touchpoint (optional)"),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("With one, its score and its words stand beside the moment."),
    )

    def __init__(self, *args: Any, **how: Any) -> None:
        super().__init__(*args, **how)
        self.fields["touchpoint"].choices = self.touchpoints  # type: ignore[attr-defined]

    def touchpoints(self) -> list[tuple[int | str, str | Promise]]:
        """What may be chosen; asked for only where it is written down or looked at."""
        named = ((point.id, _named(point, self.plan)) for point in self.points)
        return [("", _("none")), *named]


def _named(point: graph.PointRow, plan: "Plan") -> str:
    return point.name if point.place == plan.place else graph.full_name(point)


class KeepForm(forms.Form):
    """Why a moment is to stay as it is; empty lets it be changed again."""

    well_enough = forms.CharField(
        label=_("Why it is to stay"),
        max_length=WORDS_MAX,
        required=False,
        help_text=_("Whoever writes or takes something out here reads it, and is asked why."),
    )


class PartiesForm(forms.Form):
    """Who meets the customer: in sight, out of sight, or not at all."""

    WAYS = (("", _("not here")), ("direct", _("in sight")), ("indirect", _("out of sight")))

    def __init__(self, *args: Any, viewer: "Person", plan: "Plan", **how: Any) -> None:
        super().__init__(*args, **how)
        self.parties = parties_for(viewer, plan)
        for party in self.parties:
            self.fields[f"party-{party.id}"] = forms.ChoiceField(
                label=graph.full_name(party), choices=self.WAYS, required=False
            )

    def chosen(self) -> dict[int, bool]:
        """Party to whether in the customer's sight."""
        given = {party.id: self.cleaned_data[f"party-{party.id}"] for party in self.parties}
        return {party: way == "direct" for party, way in given.items() if way}
