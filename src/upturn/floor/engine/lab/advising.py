"""What the planner says to somebody in one seat: where to go next, why, and what to take along."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from upturn.floor.engine import plain_choice as choice
from upturn.floor.engine import rounds
from upturn.floor.engine.plain import Standing
from upturn.floor.engine.policy import OwnTheWhole
from upturn.floor.engine.shapes import Floor

HOME = -1
"""The choice to go back to the station, or to stay there."""
BUDGET_MS = 2.0
"""How long the planner looks at one step; counted in places, so that it always says the same."""


@dataclass(frozen=True, slots=True)
class Advice:
    """The next need by its number, or `HOME`, for which there is no reason.

    It is the first stop of the planned round, or with `fetch` what a station is gone to for.
    `extra_s` is what that stop, or the station, costs in walking beside going straight on; `take`
    says of which item to take for how many needs.
    """

    need: int = HOME
    why: rounds.Why | None = None
    extra_s: float = 0.0
    fetch: bool = False
    take: Mapping[str, int] = field(default_factory=dict)


def advise(floor: Floor, policy: OwnTheWhole, state: Standing, server: int) -> Advice:
    """Ask the planner for the next stop of one seat.

    It knows what is known on the floor, and of services how long they take on average.

    Parameters
    ----------
    floor : Floor
    policy : OwnTheWhole
        The price and the bounds of help.
    state : Standing
        The floor at this moment; the seat is free.
    server : int
        On shift.

    Returns
    -------
    Advice
        Never a need of a neighbour's that only the owner meets, nor one whose item is not in hand.
    """
    on_shift = _on_shift(state)
    needs = [need for need in sorted(state.open) if _somebody_may(state, on_shift, need)]
    if not any(_may(state, server, need) for need in needs):
        return Advice()
    plan = rounds.plan_round(
        _snapshot(floor, state, server, needs),
        budget_ms=BUDGET_MS,
        own_first_s=policy.own_first_s,
        detour_s=policy.detour_s,
        when_free=policy.when_free,
    )
    return _told(plan.rounds[on_shift.index(server)], policy, state, server, needs)


def _on_shift(state: Standing) -> list[int]:
    laid = state.laid
    here = (laid.starts_s <= state.now) & (state.now < laid.ends_s)
    return [int(server) for server in np.flatnonzero(here)]


def _may(state: Standing, server: int, need: int) -> bool:
    is_owners = bool(state.laid.owner_only[state.needs.kind[need]])
    is_theirs = not is_owners or choice.is_own(state, server, need)
    return is_theirs and choice.is_able(state, server, need)


def _somebody_may(state: Standing, on_shift: list[int], need: int) -> bool:
    """Whether it can be planned at all; what is locked at this moment cannot."""
    if choice.is_locked(state, need):
        return False
    return any(_may(state, server, need) for server in on_shift)


def _snapshot(floor: Floor, state: Standing, server: int, needs: list[int]) -> rounds.Snapshot:
    free_s = np.array(state.free_s)
    free_s[server] = state.now
    drawn = state.needs
    return rounds.snapshot_of(
        floor,
        state.laid,
        now_s=state.now,
        standing=rounds.Standing(np.array(state.at), free_s, np.array(state.carries, np.int64)),
        waiting=rounds.Waiting(drawn.node[needs], drawn.kind[needs], drawn.created_s[needs]),
    )


def _told(
    planned: rounds.Round, policy: OwnTheWhole, state: Standing, server: int, needs: list[int]
) -> Advice:
    first = planned.first
    if first is None:
        return Advice()
    fetch = first.need is None
    for stop in planned.stops:
        if stop.need is None or (fetch and stop.item not in first.take):
            continue
        need = needs[stop.need]
        if choice.is_own(state, server, need) or choice.may_help(state, policy, server, need):
            extra_s = first.extra_s if fetch else stop.extra_s
            take = first.take if fetch else planned.take
            return Advice(need, stop.why, extra_s, fetch, dict(take))
    return Advice()
