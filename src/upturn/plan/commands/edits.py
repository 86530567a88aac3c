"""What every change of a plan leaves behind, so that it can be undone and seen by others."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from upturn.plan.engine import Incomplete, Overtaken
from upturn.plan.models import DayMoment, Outcome, Plan, PlanEdit, PlanLine, PlanUnit
from upturn.plan.queries.live import topic
from upturn.record import outbox

Facts = dict[str, Any]
Turning = Plan | DayMoment | PlanLine | Outcome
Row = Plan | DayMoment | PlanLine | Outcome | PlanUnit
KEY_LENGTH = 40
OF_WORDS = frozenset({"line", "moment"})  # kinds of rows that no figure depends on
OF_FIGURES = frozenset({"outcome", "unit", "result"})  # and those that depend on no words


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """With what a change comes: ``key``, drawn by the page, and the turn that was read.

    ``turn`` is of the row to be changed; 0 where there is none yet. ``anyway`` says why something
    is touched that is to stay as it is.
    """

    key: str
    turn: int = 0
    anyway: str = ""


KINDS: dict[str, type[Row]] = {
    "plan": Plan,
    "moment": DayMoment,
    "line": PlanLine,
    "outcome": Outcome,
    "unit": PlanUnit,
}
KEPT: dict[str, tuple[str, ...]] = {
    "plan": ("name", "place", "serve_first", "day_from", "day_until"),
    "moment": ("at", "name", "wants", "touchpoint_id", "well_enough"),
    "line": ("moment_id", "party_id", "column", "words", "provider_id", "provider_was",
             "enables_id", "state", "position"),
    "outcome": ("pair", "side", "source", "name", "unit", "better", "baseline", "baseline_low",
                "baseline_high", "baseline_n", "baseline_from", "baseline_until", "wish",
                "wish_by"),
    "unit": ("place", "party_id", "step", "starts_on", "picked_as_worst"),
}  # fmt: skip


def facts_of(kind: str, row: Row) -> Facts:
    """What an edit remembers of a row, as JSON holds it; its turn, and the key it comes back with.

    Keys are never given twice, so that what points to a row finds it again once it is back.
    """
    facts = {name: _plain(getattr(row, name)) for name in KEPT[kind]}
    if isinstance(row, DayMoment):
        facts["parties"] = sorted([p.party_id, p.direct] for p in row.parties.all())
    return facts | {"id": row.pk, "turn": 0 if isinstance(row, PlanUnit) else row.turn}


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def same(one: Mapping[str, Any] | None, other: Mapping[str, Any] | None) -> bool:
    """Whether two rows hold the same; how often they were changed does not matter."""
    if one is None or other is None:
        return one is other
    return all(one.get(name) == other.get(name) for name in (one.keys() | other.keys()) - {"turn"})


def repeated(plan: Plan, edit: Edit) -> PlanEdit | None:
    """Find the change that came with this key before.

    Raises
    ------
    Incomplete
        If the page gave no key.
    """
    if not 0 < len(edit.key) <= KEY_LENGTH:
        raise Incomplete(_("The form is incomplete. Open it again; your words are kept."))
    return PlanEdit.objects.filter(plan=plan, key=edit.key).first()


def write_edit(
    plan: Plan, *, key: str, kind: str, ref: str, before: Facts | None, after: Facts | None
) -> None:
    """Remember a change and tell of it; the last step of every change but the journal's entry."""
    PlanEdit.objects.create(
        plan=plan, key=key, kind=kind, row=ref, before=before, after=after, undone=False
    )
    tell(plan, kind=kind, ref=ref, turn=(after or before or {}).get("turn", 0))


def tell(plan: Plan, *, kind: str, ref: str, turn: int = 0) -> None:
    """Count the change, and let open pages know which row to look at again."""
    written, figures = int(kind not in OF_FIGURES), int(kind not in OF_WORDS)
    Plan.objects.filter(pk=plan.pk).update(
        version=F("version") + written + figures,
        figures_version=F("figures_version") + figures,
    )
    outbox.publish(topic(plan.ref), kind="plan", ref=ref, data={"kind": kind, "turn": turn})


def take_turn(
    row: Turning, *, kind: str, turn: int, changes: Mapping[str, Any], yours: Facts
) -> None:
    """Change a row that nobody has changed since it was read.

    Raises
    ------
    Overtaken
        With what stands and what was to stand, else.
    """
    rows = type(row).objects.filter(pk=row.pk)
    if not rows.filter(turn=turn).update(**changes, turn=turn + 1):
        raise overtaken(kind, rows.first(), yours=yours)
    row.refresh_from_db()


def overtaken(kind: str, row: Row | None, *, yours: Facts | None) -> Overtaken:
    """Say that somebody was faster, and hold both."""
    return Overtaken(
        _("Somebody changed it since you read it. Both stand here, and nothing is lost."),
        stands=facts_of(kind, row) if row else None,
        yours=yours,
    )
