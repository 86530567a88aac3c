"""What somebody fills in to ask from a trace; everything is filled in beforehand."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from upturn.commitments.commands import WORDS_MAX, draw_code
from upturn.commitments.engine import RaisedAs
from upturn.graph import queries as graph
from upturn.stats import Figure
from upturn.trace.commands import POINTS_MOST
from upturn.trace.queries import AskEdge, TracePage


class TracedAskForm(forms.Form):
    words = forms.CharField(
        label=_("What would help you serve?"),
        max_length=WORDS_MAX,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("One thing to try. These words are a beginning; change them to yours."),
    )
    predicted = forms.FloatField(
        label=_("By how many points the score will rise, if the trace is right"),
        min_value=0.1,
        max_value=POINTS_MOST,
        widget=forms.NumberInput(attrs={"step": "0.1", "inputmode": "decimal"}),
    )
    by_week = forms.DateField(
        label=_("By which week"), widget=forms.DateInput(attrs={"type": "date"})
    )
    comparison = forms.ChoiceField(
        label=_("Beside which other moment"),
        required=False,
        help_text=_(
            "One that this change cannot reach: if it rises as well, it was not the change."
        ),
    )
    raised_as = forms.ChoiceField(
        label=_("Ask"),
        choices=[
            (RaisedAs.TEAM.value, _("as a team")),
            (RaisedAs.PERSON.value, _("as yourself")),
        ],
        initial=RaisedAs.TEAM.value,
        widget=forms.RadioSelect,
    )
    code = forms.CharField(max_length=23, widget=forms.HiddenInput)
    edge = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, points: Iterable[tuple[str, str]], **given: Any) -> None:
        super().__init__(*args, **given)
        nothing = ("", _("none"))
        self.fields["comparison"].choices = [nothing, *points]  # type: ignore[attr-defined]


def beginning(page: TracePage, edge: AskEdge) -> dict[str, Any]:
    """What stands in the form before anybody writes."""
    return {
        "words": _words(page, edge),
        "predicted": page.predicted or 0.5,
        "by_week": page.by_week,
        "comparison": page.comparison.key if page.comparison else "",
        "code": draw_code(),
        "edge": edge.id,
    }


def _words(page: TracePage, edge: AskEdge) -> str:
    """The beginning of an ask: what happened, where it may come from, and one thing to try."""
    told = {
        "week": date_format(page.onset, "j F"),
        "point": graph.full_name(page.point),
        "server": graph.full_name(edge.server),
    }
    if isinstance(page.before, Figure) and isinstance(page.after, Figure):
        told |= {"before": _one(page.before.value), "after": _one(page.after.value)}
        fell = (
            gettext("Since the week of %(week)s, %(point)s went from %(before)s to %(after)s.")
            % told
        )
    else:
        fell = gettext("Since the week of %(week)s, %(point)s is rated lower.") % told
    ask = gettext(
        "The pattern fits a change at %(server)s about then; it is not proof. "
        "What changed with you, and which one thing could we try?"
    )
    return f"{fell} {ask % told}"


def _one(value: float) -> str:
    return number_format(round(value, 1), 1)
