"""What people fill in about outcomes, targets, the roll-out, and what else changed."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from upturn.commitments.commands import draw_code
from upturn.graph import queries as graph
from upturn.plan.commands.edits import Edit
from upturn.plan.commands.rolling_out import STEPS_MOST, WEEKS_APART_MOST, Steps
from upturn.plan.commands.targets import PAIRS_MOST, OutcomeWords, Wish
from upturn.plan.forms.selects import PLAIN_INPUTS, LongSelect
from upturn.plan.models import Side, Source
from upturn.plan.queries.reckoning import WEEKS_APART

DAY = forms.DateInput(attrs={"type": "date"})
TURN_MOST = 2**31 - 1
FIGURE_MOST = 1e9  # beyond it no page can show one beside the weeks it is measured by


class KeyForm(forms.Form):
    """A change that is made once however often it is sent."""

    default_renderer = PLAIN_INPUTS
    key = forms.CharField(max_length=40, widget=forms.HiddenInput)
    turn = forms.IntegerField(
        min_value=0, max_value=TURN_MOST, widget=forms.HiddenInput, required=False
    )

    def __init__(self, *args: Any, **how: Any) -> None:
        how["initial"] = {"key": draw_code(), "turn": 0} | how.get("initial", {})
        super().__init__(*args, **how)

    def edit(self) -> Edit:
        return Edit(key=self.cleaned_data["key"], turn=self.cleaned_data.get("turn") or 0)


class OutcomeForm(KeyForm):
    """One side of a pair."""

    pair = forms.IntegerField(
        label=_("Pair"),
        min_value=1,
        max_value=PAIRS_MOST,
        help_text=_("Outcomes with the same number are looked at together."),
    )
    side = forms.ChoiceField(label=_("Whose side"), choices=Side.choices, widget=LongSelect)
    figure = forms.ChoiceField(
        label=_("Seen by which figure"),
        widget=LongSelect,
        help_text=_("Customers’ scores of a moment, or a measure that is counted every week."),
    )
    better = forms.ChoiceField(
        label=_("Better is"),
        choices=[("more", _("more")), ("less", _("less"))],
        widget=LongSelect,
    )
    unit = forms.CharField(
        label=_("In (optional)"),
        max_length=40,
        required=False,
        help_text=_("Points, minutes, days: the word beside the figure."),
    )

    def __init__(
        self, *args: Any, measures: tuple[str, ...], moments: tuple[str, ...], **how: Any
    ) -> None:
        super().__init__(*args, **how)
        self.offers = measures, moments, self.initial.get("pair")
        self.fields["figure"].choices = [  # type: ignore[attr-defined]
            (f"{Source.SCORE}:", _("score, all moments")),
            (_("Score of a moment"), [(f"{Source.SCORE}:{each}", each) for each in moments]),
            (_("Weekly measures"), [(f"{Source.MEASURE}:{each}", each) for each in measures]),
        ]

    def words(self) -> OutcomeWords:
        given = self.cleaned_data
        source, _colon, name = given["figure"].partition(":")
        return OutcomeWords(
            pair=given["pair"],
            side=given["side"],
            source=source,
            name=name,
            unit=given["unit"],
            better=given["better"],
        )


class WishForm(KeyForm):
    """A target: how much, by when."""

    wish = forms.FloatField(label=_("Target"), min_value=-FIGURE_MOST, max_value=FIGURE_MOST)
    wish_by = forms.DateField(label=_("by"), widget=DAY)

    def target(self) -> Wish:
        return Wish(self.cleaned_data["wish"], self.cleaned_data["wish_by"])


class UnitsForm(forms.Form):
    """Which houses take part, each as a whole or team by team."""

    places = forms.MultipleChoiceField(
        label=_("Houses that take part"), required=False, widget=forms.CheckboxSelectMultiple
    )
    teams = forms.MultipleChoiceField(
        label=_("Team by team (optional)"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "With few houses, let their teams begin one after the other: six units or more can be "
            "compared. Without a team each house is one unit."
        ),
    )

    def __init__(self, *args: Any, teams: Iterable[str], **how: Any) -> None:
        super().__init__(*args, **how)
        self.fields["places"].choices = [(each, each) for each in graph.snapshot().places]  # type: ignore[attr-defined]
        self.fields["teams"].choices = [(each, each) for each in teams]  # type: ignore[attr-defined]


class StepsForm(forms.Form):
    """How many steps, when the first begins, and the number that draws the lots."""

    default_renderer = PLAIN_INPUTS
    steps = forms.IntegerField(label=_("In how many steps"), min_value=1, max_value=STEPS_MOST)
    first_on = forms.DateField(label=_("The first begins on"), widget=DAY)
    weeks_apart = forms.IntegerField(
        label=_("Weeks from one step to the next"),
        min_value=1,
        max_value=WEEKS_APART_MOST,
        initial=WEEKS_APART,
    )
    seed = forms.IntegerField(
        label=_("Number that draws the lots"),
        min_value=0,
        max_value=999_999,
        help_text=_("Any number, named before the draw. With it, anybody can repeat the draw."),
    )

    def chosen(self) -> Steps:
        return Steps(**self.cleaned_data)


class PlaceForm(KeyForm):
    """One unit, put into a step by hand."""

    unit = forms.ChoiceField(label=_("Unit"), widget=LongSelect)
    step = forms.IntegerField(label=_("Step"), min_value=0, max_value=STEPS_MOST)
    starts_on = forms.DateField(label=_("Begins on"), widget=DAY, required=False)
    picked_as_worst = forms.BooleanField(
        label=_("It was chosen because its figure was bad"), required=False
    )

    def __init__(self, *args: Any, units: list[tuple[str, str]], **how: Any) -> None:
        super().__init__(*args, **how)
        self.fields["unit"].choices = lambda: units  # type: ignore[attr-defined]


class ChangeForm(KeyForm):
    """What else changed in these weeks."""

    words = forms.CharField(
        label=_("What else changed in these weeks?"),
        max_length=300,
        help_text=_("A new menu, a heat wave, a house next door that closed."),
    )
    on = forms.DateField(label=_("Since when"), widget=DAY)
    where = forms.CharField(label=_("Where (optional)"), max_length=80, required=False)


class ClaimForm(KeyForm):
    """A figure of somebody else."""

    words = forms.CharField(label=_("What is claimed"), max_length=300)
    source = forms.CharField(label=_("Who says so, and where"), max_length=300)
