"""Improvement cycles as one viewer sees them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from upturn.graph import queries as graph
from upturn.graph.engine.tabular_export import Cell
from upturn.partners.engine import CLOSED, CYCLE_MOVES, CycleMove, CycleSide, CycleState
from upturn.partners.models import Cycle, CycleLine
from upturn.partners.queries.rules import may_see_rules
from upturn.people import queries as people
from upturn.stats import Figure, Withheld, share_interval

if TYPE_CHECKING:
    from upturn.people.models import Person

CYCLES_NEEDED = 5
FRONT = 1
COLUMNS = (
    "noticed", "raised by", "serves customers itself", "owned with", "tried", "frontline part",
    "looked at", "state", "opened on", "closed on",
)  # fmt: skip
_ACTING = {
    CycleState.NOTICED: frozenset({CycleSide.LEADING}),
    CycleState.MEASURING: frozenset({CycleSide.RAISING}),
}
_BOTH = frozenset({CycleSide.RAISING, CycleSide.CO_OWNING})


@dataclass(frozen=True, slots=True)
class CycleHere:
    """A cycle with its two sides, and what the viewer may do."""

    ref: str
    noticed: str
    raised_by: graph.PartyRow | None
    co_party: graph.PartyRow | None
    co_who: str
    trying: str
    front: str
    until: date | None
    sign: str
    watch: str
    watch_weeks: int
    ask_ref: str
    state: CycleState
    turn: int
    opened_on: date
    tried_on: date | None
    closed_on: date | None
    sides: frozenset[CycleSide]
    moves: tuple[CycleMove, ...]

    @property
    def waits_for_you(self) -> bool:
        """Whether the next step is the viewer's."""
        acting = _ACTING.get(self.state, _BOTH)
        return self.state not in CLOSED and bool(self.moves) and bool(acting & self.sides)


@dataclass(frozen=True, slots=True)
class Cycles:
    """Cycles that are open, the oldest first, and those that ended, the newest first."""

    open: tuple[CycleHere, ...]
    ended: tuple[CycleHere, ...]

    @property
    def waiting(self) -> int:
        """How many wait for the viewer."""
        return sum(each.waits_for_you for each in self.open)


def cycles(viewer: "Person") -> Cycles:
    """Every cycle; one query."""
    here = _seen(viewer, Cycle.objects.order_by("opened_on", "pk"))
    ended = [each for each in here if each.state in CLOSED]
    ended.sort(key=lambda each: each.closed_on or each.opened_on, reverse=True)
    return Cycles(tuple(each for each in here if each.state not in CLOSED), tuple(ended))


def cycle_row(viewer: "Person", ref: str) -> Cycle:
    """Raise ``Cycle.DoesNotExist`` also for those who see no cycles."""
    if not may_see_rules(viewer):
        raise Cycle.DoesNotExist
    return Cycle.objects.get(ref=ref)


def cycle_here(viewer: "Person", cycle: Cycle) -> CycleHere:
    """One cycle."""
    return _here(viewer, cycle)


def cycles_on_ask(viewer: "Person", ask_ref: str) -> list[CycleHere]:
    """Cycles that hang on an ask."""
    return _seen(viewer, Cycle.objects.filter(ask_ref=ask_ref).order_by("opened_on", "pk"))


def cycle_story(cycle: Cycle) -> list[CycleLine]:
    """What was said with the moves of a cycle, the last first."""
    return list(cycle.lines.order_by("-turn"))


def leading(viewer: "Person") -> frozenset[int]:
    """Parties for which the viewer can own a cycle: led ones, and groups of leaders."""
    party, own = graph.snapshot().party, people.parties_of(viewer)
    groups = {each for each in own if each in party and party[each].kind == "leader"}
    return people.led_by(viewer) | groups


def is_front(viewer: "Person") -> bool:
    """Whether somebody belongs to a team that serves customers itself, and does not lead it."""
    distance = graph.snapshot().distance
    own = people.parties_of(viewer) - leading(viewer)
    return any(distance.get(party) == FRONT for party in own)


def cycle_sides(viewer: "Person", cycle: Cycle) -> frozenset[CycleSide]:
    """Where the viewer stands; whoever owns it for the second level is not of the raising side.

    Nobody joins a cycle that he or she opened.
    """
    if cycle.co_party_id and cycle.co_party_id in leading(viewer):
        return frozenset({CycleSide.CO_OWNING})
    sides = set()
    if cycle.raised_by_id in people.parties_of(viewer):
        sides.add(CycleSide.RAISING)
    if leading(viewer) and cycle.opened_by_id != viewer.pk:
        sides.add(CycleSide.LEADING)
    return frozenset(sides)


def front_share(viewer: "Person") -> Figure | Withheld:
    """Share of all cycles that the front line opened, 0..1 (S1.19)."""
    if not may_see_rules(viewer):
        return Withheld("not_yours", CYCLES_NEEDED, 0)
    rows = list(Cycle.objects.values_list("from_front", flat=True))
    if len(rows) < CYCLES_NEEDED:
        return Withheld("too_few_cycles", CYCLES_NEEDED, len(rows))
    return share_interval(sum(rows), len(rows))


def _seen(viewer: "Person", rows: Iterable[Cycle]) -> list[CycleHere]:
    return [_here(viewer, cycle) for cycle in rows] if may_see_rules(viewer) else []


def _here(viewer: "Person", cycle: Cycle) -> CycleHere:
    party, sides = graph.snapshot().party, cycle_sides(viewer, cycle)
    state = CycleState(cycle.state)
    return CycleHere(
        cycle.ref,
        cycle.noticed,
        party.get(cycle.raised_by_id),
        party.get(cycle.co_party_id or 0),
        cycle.co_who,
        cycle.trying,
        cycle.front,
        cycle.until,
        cycle.sign,
        cycle.watch,
        cycle.watch_weeks,
        cycle.ask_ref,
        state,
        cycle.turn,
        cycle.opened_on,
        cycle.tried_on,
        cycle.closed_on,
        sides,
        CYCLE_MOVES.open(state, sides=sides),
    )


def cycle_cells(viewer: "Person") -> Iterator[tuple[Cell, ...]]:
    """Rows of all cycles for a spreadsheet; whether its team serves customers itself, too."""
    distance, found = graph.snapshot().distance, cycles(viewer)
    for each in (*found.open, *found.ended):
        team = each.raised_by
        yield (
            each.noticed,
            graph.full_name(team) if team else "",
            "yes" if team and distance.get(team.id) == FRONT else "no",
            graph.full_name(each.co_party) if each.co_party else "",
            each.trying,
            each.front,
            each.sign,
            each.state,
            each.opened_on.isoformat(),
            each.closed_on.isoformat() if each.closed_on else None,
        )
