"""Outcomes in pairs, the baseline of each, and the wish that may be set once it is known."""

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.utils.translation import gettext as _

from upturn.graph import queries as graph
from upturn.plan.commands.allowed import NAME_MAX, check_may_edit, check_near, checked
from upturn.plan.commands.edits import Edit, facts_of, overtaken, repeated, take_turn, write_edit
from upturn.plan.commands.moments import ref_for
from upturn.plan.engine import InAction, Incomplete, NoBaseline, baseline, sides_missing
from upturn.plan.engine.targets import WEEKS_OF_BASELINE, WITHHELD
from upturn.plan.models import Outcome, Plan, PlanState, Side, Source
from upturn.plan.queries.conditions import conditions
from upturn.plan.queries.series import last_whole_week, outcome_series, weekly
from upturn.record import journal
from upturn.stats import Withheld
from upturn.voice import queries as voice

if TYPE_CHECKING:
    from upturn.people.models import Person

PAIRS_MOST = 12
NO_BASELINE = {
    "baseline": None, "baseline_low": None, "baseline_high": None, "baseline_n": None,
    "baseline_from": None, "baseline_until": None, "wish": None, "wish_by": None,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeWords:
    """What is to get better, and by which figure it is seen; ``unit`` is a word such as minutes."""

    pair: int
    side: str
    source: str
    name: str = ""
    unit: str = ""
    better: str = "more"


class Wish(NamedTuple):
    """What shall be reached, in the unit of the outcome, and by which day."""

    value: float
    by: date


@transaction.atomic
def save_outcome(
    viewer: "Person", plan: Plan, words: OutcomeWords, *, edit: Edit, ref: str = ""
) -> Outcome:
    """Write an outcome down, or change the one called ``ref``; another figure drops its baseline.

    Raises
    ------
    Incomplete, NotYours
        If it cannot stand like this.
    Overtaken
        If somebody changed it since it was read.
    """
    check_may_edit(viewer, plan)
    if done := repeated(plan, edit):
        return outcome_of(plan, done.row)
    values = _values(viewer, words)
    _check_place(plan, words, ref=ref)
    if not ref:
        made = Outcome.objects.create(plan=plan, ref=ref_for("outcome", plan, edit.key), **values)
        _write(plan, made, edit, before=None)
        return made
    row = outcome_of(plan, ref)
    if any(getattr(row, name) != values[name] for name in ("source", "name")):
        values |= NO_BASELINE
    return _change(plan, row, values, edit)


@transaction.atomic
def drop_outcome(viewer: "Person", plan: Plan, ref: str, *, edit: Edit) -> None:
    """Take an outcome out of a plan that has not started; undo brings it back.

    Raises
    ------
    InAction
        Once the plan has started: it was agreed to look at it.
    """
    check_may_edit(viewer, plan)
    if repeated(plan, edit):
        return
    if plan.state != PlanState.DRAFT:
        raise InAction(_("It was agreed to look at this outcome. It stays, whatever it shows."))
    row = outcome_of(plan, ref)
    if row.turn != edit.turn:
        raise overtaken("outcome", row, yours=None)
    before = facts_of("outcome", row)
    row.delete()
    write_edit(plan, key=edit.key, kind="outcome", ref=ref, before=before, after=None)


@transaction.atomic
def take_baseline(viewer: "Person", plan: Plan, ref: str, *, edit: Edit, today: date) -> Outcome:
    """Measure where an outcome stands, over the half year before the first start.

    Raises
    ------
    NoBaseline
        If the weeks do not tell; with what would help.
    """
    check_may_edit(viewer, plan)
    row = outcome_of(plan, ref)
    if repeated(plan, edit):
        return row
    held = conditions(plan)
    units = held["units"]
    if not units:
        raise NoBaseline(_("Say first which houses or teams take part: it is measured there."))
    starts = [date.fromisoformat(u["starts_on"]) for u in units.values() if u["starts_on"]]
    last = last_whole_week(min([today, *starts]))
    first = last - timedelta(weeks=WEEKS_OF_BASELINE - 1)
    found = weekly(viewer, since=first)
    table = outcome_series(found, held["outcomes"][ref], units, first=first, last=last)
    measured = baseline(table.values, withheld=table.withheld)
    if isinstance(measured, Withheld):
        raise NoBaseline(_why(measured))
    figure = measured.figure
    values = {
        "baseline": figure.value,
        "baseline_low": figure.low,
        "baseline_high": figure.high,
        "baseline_n": figure.n,
        "baseline_from": table.weeks[0],
        "baseline_until": table.weeks[-1],
    }
    return _change(plan, row, values, edit)


@transaction.atomic
def set_wish(
    viewer: "Person", plan: Plan, ref: str, wish: Wish, *, edit: Edit, today: date
) -> Outcome:
    """Set a target; only on a baseline with its range, and beside the other side of the pair.

    Raises
    ------
    NoBaseline
        If it is not known where one comes from (S2.9).
    Incomplete
        If the pair lacks a side (S2.8), or the target lies where one is already.
    """
    check_may_edit(viewer, plan)
    row = outcome_of(plan, ref)
    if repeated(plan, edit):
        return row
    if row.baseline is None:
        raise NoBaseline(_("Measure the baseline first: a target needs a place to start from."))
    lacking = sides_missing(plan.outcomes.values_list("pair", "side")).get(row.pair, ())
    if lacking:
        raise Incomplete(
            _("Customers and those who serve are looked at together. Add what %(side)s say.")
            % {"side": " · ".join(str(Side(side).label) for side in lacking)}
        )
    if wish.by <= today:
        raise Incomplete(_("Say by which day to come it shall be reached."))
    check_near(plan, wish.by)
    if (wish.value > row.baseline) != (row.better == "more") or wish.value == row.baseline:
        raise Incomplete(_("This is no better than the baseline. Set the target beyond it."))
    changed = _change(plan, row, {"wish": wish.value, "wish_by": wish.by}, edit)
    journal.write("set target", subject_kind="plan", subject_ref=plan.ref, actor_id=viewer.pk)
    return changed


def outcome_of(plan: Plan, ref: str) -> Outcome:
    """Find an outcome of the plan; raise Incomplete when it is gone."""
    try:
        return plan.outcomes.get(ref=ref)
    except ObjectDoesNotExist as error:
        raise Incomplete(_("This outcome is no longer in the plan.")) from error


def _values(viewer: "Person", words: OutcomeWords) -> dict[str, object]:
    values = asdict(words) | {
        "name": checked(words.name, what=_("the name"), most=NAME_MAX, needed=False),
        "unit": checked(words.unit, what=_("the unit"), most=40, needed=False),
    }
    name = str(values["name"])
    known: tuple[str, ...] | set[str]
    if words.source == Source.SCORE:
        known = {row.name for row in graph.snapshot().points.values()}
        if name and name not in known:
            raise Incomplete(_("No moment is called “%(name)s”.") % {"name": name})
    else:
        known = voice.measure_names(viewer)
        if name not in known:
            raise Incomplete(
                _("No weekly measure is called “%(name)s”. There are: %(known)s.")
                % {"name": name, "known": ", ".join(known[:12]) or _("none yet")}
            )
    return values


def _check_place(plan: Plan, words: OutcomeWords, *, ref: str) -> None:
    if not 1 <= words.pair <= PAIRS_MOST:
        raise Incomplete(_("A plan has one to twelve pairs of outcomes."))
    same = plan.outcomes.filter(pair=words.pair, side=words.side).exclude(ref=ref)
    if same.exists():
        raise Incomplete(_("This side of the pair is taken. Change what stands there."))


def _why(held: Withheld) -> str:
    """Say why there is no baseline, and what would help."""
    if held.reason == WITHHELD:
        return _(
            "Too few people answered in most weeks, so these figures are not shown. Take all "
            "moments together, or a measure that is counted."
        )
    if held.reason == "all_alike":
        return _("Every week shows the same figure, so it cannot be told from a fixed one.")
    return _(
        "%(got)d weeks with figures, %(needed)d needed before the start. Bring in earlier weeks, "
        "or start later."
    ) % {"got": held.got, "needed": held.needed}


def _change(plan: Plan, row: Outcome, values: dict[str, object], edit: Edit) -> Outcome:
    before = facts_of("outcome", row)
    yours = before | values
    take_turn(row, kind="outcome", turn=edit.turn, changes=values, yours=yours)
    _write(plan, row, edit, before=before)
    return row


def _write(plan: Plan, row: Outcome, edit: Edit, *, before: dict[str, object] | None) -> None:
    after = facts_of("outcome", row)
    write_edit(plan, key=edit.key, kind="outcome", ref=row.ref, before=before, after=after)
