"""Sentences for results, targets and the roll-out; the engine returns codes and numbers.

None of them says "caused": a reading can say what a design shows, and what it cannot tell.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from html import escape
from typing import TYPE_CHECKING, Any

from django import template
from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from upturn.graph import queries as graph
from upturn.plan.engine import Changed, Design, Missing, Noticed, Remark, Says
from upturn.plan.models import Outcome, Side, Source
from upturn.stats.figures import Figure, Withheld

if TYPE_CHECKING:
    from upturn.plan.queries.targets import StepHere

register = template.Library()
Words = Mapping[str, Promise]

DESIGNS: Words = {
    Design.STAGGERED: gettext_lazy("staggered roll-out, compared with units that had not begun"),
    Design.INTERRUPTED: gettext_lazy("interrupted series"),
    Design.SYNTHETIC: gettext_lazy("synthetic control: a mixture of units that never began"),
    Design.BEFORE_AFTER: gettext_lazy("before and after: cannot tell"),
}
WOULD_SAY: Words = {
    Design.STAGGERED: gettext_lazy(
        "Would say how those that began moved beyond those that had not, week by week."
    ),
    Design.INTERRUPTED: gettext_lazy(
        "Would say whether the line breaks at the start; anything else in that week looks the same."
    ),
    Design.SYNTHETIC: gettext_lazy(
        "Would say how far one unit left the mixture of others that it had followed."
    ),
}
RESTS_ON: Words = {
    Design.STAGGERED: gettext_lazy(
        "It rests on this: without the plan, those that began and those that had not would have "
        "moved alike. The weeks before the start show whether they did."
    ),
    Design.INTERRUPTED: gettext_lazy(
        "It rests on this: without the plan, the line would have gone on as before. Something else "
        "in the same week would look the same."
    ),
    Design.SYNTHETIC: gettext_lazy(
        "It rests on this: the mixture that went its way before would have gone its way since."
    ),
    Design.BEFORE_AFTER: gettext_lazy(
        "Whatever else happened in these weeks is in the difference too, so it cannot be told what "
        "the plan has to do with it."
    ),
}
OTHERS: Words = {
    "not_begun": gettext_lazy("units that had not begun"),
    "would_go_on": gettext_lazy("as it would have gone on"),
    "mixture": gettext_lazy("the mixture of others"),
    "before": gettext_lazy("mean of the weeks before"),
}
MISSING: Words = {
    "started": gettext_lazy("%(got)d units began, %(needed)d needed. Let more of them begin."),
    "groups": gettext_lazy(
        "All units begin together. Let groups begin in different weeks, or leave some out."
    ),
    "compared": gettext_lazy(
        "%(got)d units wait while the first begin, %(needed)d needed. Let some begin later."
    ),
    "units": gettext_lazy("%(got)d units with figures, %(needed)d needed. Take more houses in."),
    "spare": gettext_lazy(
        "%(got)d units beyond the number of steps, %(needed)d needed. Use fewer steps."
    ),
    "before": gettext_lazy(
        "%(got)d weeks before the start, %(needed)d needed. Bring in earlier weeks."
    ),
    "after": gettext_lazy("%(got)d weeks since the start, %(needed)d needed. Wait for them."),
    "together": gettext_lazy("Units began in different weeks; this design needs one start."),
    "donors": gettext_lazy(
        "%(got)d units that never began and miss no week, %(needed)d needed. Leave some out."
    ),
    "no_baseline": gettext_lazy("The weeks just before a start are missing. Bring them in."),
    "all_alike": gettext_lazy("The figures before the start never change."),
    "missing_weeks": gettext_lazy(
        "%(got)d of %(needed)d weeks are there. Bring in the missing ones."
    ),
    "nobody_started": gettext_lazy("Nobody has begun yet."),
    "all_start_together": gettext_lazy(
        "Nobody is left to compare with. Let groups begin in different weeks."
    ),
    "too_few_units": gettext_lazy("%(got)d units can be compared, %(needed)d needed."),
    "too_few_before": gettext_lazy(
        "%(got)d weeks before the start, %(needed)d needed. Bring in earlier weeks."
    ),
    "too_few_after": gettext_lazy(
        "%(got)d weeks since the start, %(needed)d needed. Wait for them."
    ),
    "repeated_columns": gettext_lazy(
        "Seasons cannot be told from a trend yet. Bring in earlier weeks."
    ),
    "too_few_weeks": gettext_lazy("%(got)d weeks with figures, %(needed)d needed."),
    "too_few": gettext_lazy("%(got)d answers, %(needed)d needed."),
}
REMARKS: Words = {
    Remark.UNIT_CHANGED: gettext_lazy(
        "%(n)d units seem to be counted in another unit since some week, such as seconds for "
        "minutes. They are left out; bring their weeks in again in one unit, and they are back."
    ),
    Remark.MISSING_WEEKS: gettext_lazy(
        "%(n)d weeks of units are missing. The others are read as they are; weeks that are brought "
        "in later count from the next reading on."
    ),
    Remark.WITHHELD: gettext_lazy(
        "%(n)d weeks of units are withheld, for fewer than five answered. More answers a week, or "
        "all moments together, would show them."
    ),
    Remark.SILENT: gettext_lazy(
        "%(n)d units have no figures at all and are left out. Look whether their measure has "
        "another name."
    ),
    Remark.TOGETHER: gettext_lazy(
        "All %(n)d units began in the same week, so nobody is left to compare with. Units that "
        "begin later, or houses that do not take part, would help."
    ),
    Remark.FEW_POINTS: gettext_lazy(
        "One side of the start has %(n)d weeks. Eight or fewer say little: wait, or bring in "
        "earlier ones."
    ),
    Remark.APART_BEFORE: gettext_lazy(
        "Those that began and those that had not moved apart before the start already, so the "
        "comparison is in doubt."
    ),
    Remark.NOBODY_BEGAN: gettext_lazy(
        "No unit has begun within the weeks at hand. Say on the roll-out page when each begins."
    ),
}
FIELDS: Words = {
    "": gettext_lazy("came or went"),
    "name": gettext_lazy("the figure"),
    "source": gettext_lazy("where the figure comes from"),
    "unit": gettext_lazy("its unit"),
    "better": gettext_lazy("which way is better"),
    "wish": gettext_lazy("the target"),
    "wish_by": gettext_lazy("the day of the target"),
    "starts_on": gettext_lazy("the day it begins"),
    "step": gettext_lazy("its step"),
    "picked_as_worst": gettext_lazy("whether it was chosen for a bad figure"),
    "from": gettext_lazy("the first week looked at"),
    "until": gettext_lazy("the last week looked at"),
    "baseline": gettext_lazy("the baseline"),
}


@register.filter
def design_words(design: str) -> Promise:
    """Name of a design."""
    return DESIGNS[design]


@register.filter
def would_say(design: str) -> Promise:
    """What a stronger design would tell."""
    return WOULD_SAY[design]


@register.filter
def rests_on(design: str) -> Promise:
    """What a design takes for granted."""
    return RESTS_ON[design]


@register.filter
def others_words(others_are: str) -> Promise:
    """What the second line of the picture is."""
    return OTHERS[others_are]


@register.filter
def missing_words(row: Missing | Withheld) -> str:
    """What is missing, and how to get it."""
    what = row.what if isinstance(row, Missing) else row.reason
    return str(MISSING[what]) % {"got": row.got, "needed": row.needed}


@register.filter
def remark_words(row: Noticed) -> str:
    """What is odd about the figures, and what helps."""
    return str(REMARKS[row.remark]) % {"n": row.count}


@register.filter
def is_figure(value: object) -> bool:
    """Whether there is a figure to show."""
    return isinstance(value, Figure)


@register.filter
def outcome_name(row: Outcome) -> str:
    """What is looked at: a moment's score, all scores, or a weekly measure."""
    if row.source == Source.SCORE:
        return _("score at %(name)s") % {"name": row.name} if row.name else _("score, all moments")
    return row.name


@register.simple_tag
def step_rows(steps: Iterable["StepHere"]) -> SafeString:
    """Write who begins when at once: a plan of sixty units took its page's whole time in parts."""
    step, begins, none, never, bad = (
        escape(each)
        for each in (
            *(_("step"), _("begins"), _("none"), _("does not begin")),
            _("chosen for a bad figure"),
        )
    )
    marked = f' <small class="aside">{bad}</small>'
    days = {unit.starts_on for each in steps for unit, _name in each.units}
    told = {day: date_format(day, "j F Y") if day else never for day in days}
    rows = (
        f'<tr><th scope="row">{escape(name)}'
        f"{marked if unit.picked_as_worst else ''}</th>"
        f'<td data-l="{step}">{unit.step or none}</td>'
        f'<td data-l="{begins}">{told[unit.starts_on]}</td></tr>'
        for each in steps
        for unit, name in each.units
    )
    return SafeString("".join(rows))


@register.filter
def side_words(side: str) -> str:
    """Whose side an outcome is."""
    return str(Side(side).label)


@register.filter
def plain(value: float | None) -> str:
    """A number with as many decimals as it needs to be read, and a true minus sign."""
    if value is None:
        return ""
    size = abs(value)
    places = 2 if size < 1 else 1 if size < 1_000 else 0
    shown = number_format(round(size, places), places)
    return shown if round(value, places) >= 0 else f"−{shown}"


@register.filter
def whole(value: float) -> str:
    """A whole number with a true minus sign, and no marks between its digits."""
    return f"{value:.0f}".replace("-", "−")


@register.filter
def moved(value: float) -> str:
    """A change, with its sign."""
    shown = plain(value)
    return shown if shown.startswith("−") else f"+{shown}"


@register.filter
def says_words(says: str) -> Promise:
    """What a reading comes to, in one sentence."""
    return _SAYS[says]


_SAYS: Words = {
    Says.BETTER: gettext_lazy("Better than what it is compared with."),
    Says.WORSE: gettext_lazy("Worse than what it is compared with."),
    Says.HOLDS_NOTHING: gettext_lazy(
        "The range holds no change at all, so it cannot be told whether anything moved."
    ),
    Says.CANNOT_TELL: gettext_lazy("Cannot tell."),
}


@register.filter
def field_words(row: Changed) -> Promise | str:
    """Which field is not as agreed."""
    return FIELDS.get(row.field, row.field)


@register.filter
def of_unit(names: Mapping[str, str], ref: str) -> str:
    """Name of a unit by its ref."""
    return names.get(ref, _("a unit that is gone"))


@register.filter
def held_value(value: Any) -> str:
    """A field of the conditions as a person reads it."""
    if value is None or value == "":
        return _("nothing")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict):
        return _("there")
    if isinstance(value, float):
        return plain(value)
    return _day(value) if isinstance(value, str) else str(value)


def _day(text: str) -> str:
    try:
        return date_format(date.fromisoformat(text), "j F Y")
    except ValueError:
        return text


@register.filter
def unit_name(unit: Any) -> str:
    """What a unit is called."""
    if unit.place:
        return str(unit.place)
    row = graph.snapshot().party.get(unit.party_id)
    return graph.full_name(row) if row else _("a party that is gone")


@register.filter
def weeks_words(weeks: int) -> str:
    """So many weeks."""
    return ngettext("%(n)d week", "%(n)d weeks", weeks) % {"n": weeks}
