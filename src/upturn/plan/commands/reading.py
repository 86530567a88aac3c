"""Reading what came of plans, and what people add: what else changed, what others claim."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from math import isnan
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from upturn.plan.commands.allowed import WORDS_MAX, check_may_edit, check_near, checked
from upturn.plan.commands.edits import tell as tell_pages
from upturn.plan.commands.moments import ref_for
from upturn.plan.engine import Incomplete, as_data, conditions_for, digest, line_of, read
from upturn.plan.models import Claim, OtherChange, Plan, PlanResult, PlanState
from upturn.plan.queries.conditions import conditions
from upturn.plan.queries.results import reading_due
from upturn.plan.queries.series import Weekly, evidence_of, last_whole_week, weekly
from upturn.record import journal

if TYPE_CHECKING:
    from upturn.people.models import Person

Tell = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class _Task:
    """One outcome under one set of conditions, whose reading is not there yet."""

    outcome_id: int
    outcome: str
    held: Mapping[str, Any]
    mark: str
    until: date


def read_due(*, today: date, tell: Tell = lambda _done, _of: None) -> int:
    """Read all plans in action whose last whole week was not read yet; return how many readings."""
    return sum(read_results(plan, today=today, tell=tell) for plan in reading_due(today))


def read_results(plan: Plan, *, today: date, tell: Tell = lambda _done, _of: None) -> int:
    """Read every outcome of a plan up to the last whole week, under what was agreed.

    Where it is otherwise now, it is read that way too, and shown as such. What was read stays as it
    is: the same week is not read twice. ``tell`` hears how many readings are done, of how many.
    """
    tasks = _tasks(plan, today)
    if not tasks:
        return 0
    since = min(date.fromisoformat(task.held["window"]["from"]) for task in tasks)
    found = weekly(None, since=since)
    tell(0, len(tasks))
    rows = []
    for done, task in enumerate(tasks, start=1):
        rows.append(_row(plan, task, found, today))
        tell(done, len(tasks))
    _store(plan, rows)
    return len(rows)


def _tasks(plan: Plan, today: date) -> list[_Task]:
    if plan.state == PlanState.DRAFT:
        return []
    now, last = conditions(plan), last_whole_week(today)
    there = set(plan.results.values_list("outcome_id", "until", "asked_of"))
    tasks: dict[tuple[int, date, str], _Task] = {}
    for outcome in plan.outcomes.order_by("pair", "side"):
        for held in (plan.frozen or now, now):
            if outcome.ref not in held["outcomes"]:
                continue
            mark = digest(conditions_for(held, outcome.ref))
            until = min(last, date.fromisoformat(held["window"]["until"]))
            key = outcome.pk, until, mark
            if key not in there:
                tasks[key] = _Task(outcome.pk, outcome.ref, held, mark, until)
    return list(tasks.values())


def _row(plan: Plan, task: _Task, found: Weekly, today: date) -> PlanResult:
    evidence, table = evidence_of(found, task.held, task.outcome, until=task.until)
    reading = read(evidence)
    line = [None if isnan(each) else round(each, 4) for each in line_of(table.values).tolist()]
    first = table.weeks[0].isoformat() if table.weeks else ""
    return PlanResult(
        plan=plan,
        outcome_id=task.outcome_id,
        ref=ref_for("result", plan, f"{task.outcome} {task.until} {task.mark}"),
        read_on=today,
        until=task.until,
        design=reading.design,
        found={"reading": as_data(reading), "weeks": [first, line]},
        asked_of=task.mark,
    )


@transaction.atomic
def _store(plan: Plan, rows: list[PlanResult]) -> None:
    PlanResult.objects.bulk_create(rows, ignore_conflicts=True)
    journal.write(
        "read results", subject_kind="plan", subject_ref=plan.ref, detail=f"{len(rows)} readings"
    )
    tell_pages(plan, kind="result", ref=plan.ref)


@transaction.atomic
def note_change(
    viewer: "Person", plan: Plan, *, words: str, on: date, where: str, key: str
) -> OtherChange:
    """Write down what else changed in these weeks; without words, that nothing is known."""
    check_may_edit(viewer, plan)
    what = _("what else changed")
    row, _new = OtherChange.objects.get_or_create(
        ref=_ref("change", plan, key),
        defaults={
            "plan": plan,
            "on": check_near(plan, on),
            "words": checked(words, what=what, most=WORDS_MAX, needed=False),
            "where": checked(where, what=_("where"), most=80, needed=False),
        },
    )
    tell_pages(plan, kind="result", ref=plan.ref)
    return row


@transaction.atomic
def note_claim(viewer: "Person", plan: Plan, *, words: str, source: str, key: str) -> Claim:
    """Write down a figure of somebody else; it is shown as claimed, not proven."""
    check_may_edit(viewer, plan)
    row, _new = Claim.objects.get_or_create(
        ref=_ref("claim", plan, key),
        defaults={
            "plan": plan,
            "words": checked(words, what=_("what is claimed")),
            "source": checked(source, what=_("who says so")),
        },
    )
    tell_pages(plan, kind="result", ref=plan.ref)
    return row


def _ref(kind: str, plan: Plan, key: str) -> str:
    if not key:
        raise Incomplete(_("The form is incomplete. Open it again; your words are kept."))
    return ref_for(kind, plan, key)
