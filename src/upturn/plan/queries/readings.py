"""Readings of outcomes as they were stored; what one found never changes, so it is read once."""

import json
from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple

from upturn.plan.engine import Reading, from_data
from upturn.plan.models import Plan
from upturn.plan.queries.by_hand import rows
from upturn.record.kept import keep

_NEWEST = """SELECT ref, outcome_id, asked_of, read_on, until,
CASE WHEN ref IN ({known}) THEN NULL ELSE CAST(found AS text) END
FROM plan_planresult result WHERE plan_id = %s AND asked_of IN ({marks}) AND NOT EXISTS (
SELECT 1 FROM plan_planresult newer WHERE newer.outcome_id = result.outcome_id
AND newer.asked_of = result.asked_of AND newer.until > result.until)"""


class Stored(NamedTuple):
    """A reading with its day, the last week it holds, and the plain weeks it was made from."""

    ref: str
    reading: Reading
    read_on: date
    until: date
    first: date | None
    line: tuple[float | None, ...]


def readings_of(plan: Plan, marks: Collection[str]) -> dict[tuple[int, str], Stored]:
    """Give the newest readings under conditions of these marks, by outcome and mark; one query."""
    if not marks:
        return {}
    kept: dict[str, Stored] = keep(("readings of a plan", plan.pk), as_of=plan.ref, read=dict)
    known, found = dict(kept), dict[tuple[int, str], Stored]()
    asked = _NEWEST.format(known=_listed(known or ("",)), marks=_listed(marks))
    for ref, outcome, mark, *when, told in rows(asked, *(known or ("",)), plan.pk, *marks):
        found[outcome, mark] = known[ref] if told is None else _taken_up(ref, when, told)
    shown = {row.ref: row for row in found.values()}
    for gone in known.keys() - shown.keys():
        kept.pop(gone, None)
    kept.update(shown)
    return found


def _listed(values: Collection[str]) -> str:
    return ", ".join(["%s"] * len(values))


def _taken_up(ref: str, when: list[Any], told: str) -> Stored:
    found, (read_on, until) = json.loads(told), when
    first, line = found["weeks"]
    began = date.fromisoformat(first) if first else None
    return Stored(ref, from_data(found["reading"]), read_on, until, began, tuple(line))
