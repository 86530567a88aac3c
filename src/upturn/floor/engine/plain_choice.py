"""How the reference engine decides: who goes, what next, what is noticed. Pure functions."""

from __future__ import annotations

from bisect import bisect_left
from math import inf
from typing import TYPE_CHECKING

import numpy as np

from upturn.floor.engine.errors import BadSetting
from upturn.floor.engine.policy import (
    CustomPolicy,
    OneAtATime,
    OwnTheWhole,
    Pooled,
    ScanSection,
    Serves,
    SkillRouting,
)
from upturn.floor.engine.runs import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable

    from upturn.floor.engine.laid import Laid
    from upturn.floor.engine.plain import Standing

EPSILON_S = 1e-9
"""Walks that differ by less are the same walk, summed in another order."""


def walking(laid: Laid, start: int, via: int, end: int) -> float:
    """Seconds at the normal pace from `start` to `end`, by `via` when that is another place."""
    if via == start:
        return float(laid.walk_s[start, end])
    return float(laid.walk_s[start, via] + laid.walk_s[via, end])


def in_hand(state: Standing, server: int, item: int) -> bool:
    """Whether the server need not fetch it: in hand, or standing where it is."""
    return state.carries[server][item] > 0 or state.at[server] in state.laid.stations


def fetch_at(laid: Laid, start: int, end: int) -> int:
    """The station that lies best on the way, the first of those alike."""
    return min(map(int, laid.stations), key=lambda via: walking(laid, start, via, end))


def reach_s(state: Standing, server: int, need: int) -> float:
    """Seconds until the server could begin, with fetching what it takes."""
    return walking_to(state, server, need) * float(state.laid.slow[server])


def walking_to(state: Standing, server: int, need: int) -> float:
    """Seconds at the normal pace until the server could begin."""
    start, node = state.at[server], int(state.needs.node[need])
    return walking(state.laid, start, first_stop(state, server, need, at=start), node)


def first_stop(state: Standing, server: int, need: int, *, at: int) -> int:
    """Where the way to a need leads first: the station to fetch at, or `at` when nowhere."""
    item = int(state.laid.item[state.needs.kind[need]])
    if item < 0 or in_hand(state, server, item):
        return at
    return fetch_at(state.laid, state.at[server], int(state.needs.node[need]))


def cost(state: Standing, server: int, need: int) -> float:
    """Nearest first; each second of being late counts by the weight of the need."""
    reach = reach_s(state, server, need)
    kind = state.needs.kind[need]
    due_at = float(state.needs.created_s[need] + state.laid.due_s[kind])
    return reach - float(state.laid.weight[kind]) * max(0.0, state.now + reach - due_at)


def is_locked(state: Standing, need: int) -> bool:
    """Whether somebody is at, or on the way to, this table, and only one may."""
    return state.laid.table_lock and state.locks[state.needs.node[need]] > 0


def is_able(state: Standing, server: int, need: int) -> bool:
    """Whether skills and hands allow it."""
    kind = state.needs.kind[need]
    item = state.laid.item[kind]
    can_carry = item < 0 or state.laid.capacity[server, item] > 0
    return bool(state.laid.rank[server, kind] >= 0 and can_carry)


def is_own(state: Standing, server: int, need: int) -> bool:
    """Whether the table belongs to the server."""
    return bool(state.laid.owner[state.needs.node[need]] == server)


def candidates(state: Standing, server: int) -> list[int]:
    """Open needs this server could meet now, the oldest first."""
    return [
        need
        for need in sorted(state.open)
        if is_able(state, server, need) and not is_locked(state, need)
    ]


def choose(state: Standing, server: int) -> int:
    """Give the need a free server goes for next, or -1."""
    policy, found = state.policy, candidates(state, server)
    own = [need for need in found if is_own(state, server, need)]
    match policy:
        case OneAtATime():
            return own[0] if own and state.at[server] == state.laid.home[server] else -1
        case ScanSection(serves=Serves.NEAREST):
            return best(state, server, own)
        case ScanSection():
            return table_after_table(state, server, own)
        case OwnTheWhole():
            target = best(state, server, own)
            helped = best_help(state, policy, server, found, target)
            return helped if helped >= 0 else target
        case Pooled():
            return best(state, server, found)
        case SkillRouting(by_preference=by_preference):
            return by_skill(state, server, found, by_preference=by_preference)
        case CustomPolicy():
            raise BadSetting("policy", policy, "run a custom policy with `simulate`")


def best(state: Standing, server: int, needs: Iterable[int]) -> int:
    """The need that costs least, the oldest of those alike, or -1."""
    return min(needs, key=lambda need: (cost(state, server, need), need), default=-1)


def table_after_table(state: Standing, server: int, own: list[int]) -> int:
    """The oldest at this table; gated: of those that were there on arrival."""
    gated = isinstance(state.policy, ScanSection) and state.policy.serves is Serves.GATED
    latest = state.arrived_s[server] if gated else inf
    here = [
        need
        for need in own
        if state.needs.node[need] == state.at[server] and state.needs.created_s[need] <= latest
    ]
    return here[0] if here else -1


def by_skill(state: Standing, server: int, found: list[int], *, by_preference: bool) -> int:
    """The oldest, of the most preferred kind if the policy says so."""
    if not by_preference:
        return found[0] if found else -1
    rank = state.laid.rank[server]
    return min(found, key=lambda need: (rank[state.needs.kind[need]], need), default=-1)


def best_help(
    state: Standing, policy: OwnTheWhole, server: int, found: list[int], target: int
) -> int:
    """The neighbour's need that fits on the way, on the path before by a detour, or -1."""
    fits = [
        (extra > EPSILON_S, cost(state, server, need), need)
        for need in found
        if (extra := extra_s(state, policy, server, need, target)) < inf
    ]
    return min(fits)[2] if fits else -1


def extra_s(state: Standing, policy: OwnTheWhole, server: int, need: int, target: int) -> float:
    """Extra walking seconds, at the normal pace, that help would cost; inf where it is not due."""
    laid = state.laid
    if not may_help(state, policy, server, need):
        return inf
    start, node = state.at[server], int(state.needs.node[need])
    goal = int(laid.home[server])
    if target >= 0:
        first = first_stop(state, server, target, at=start)
        goal = first if first != start else int(state.needs.node[target])
    extra = float(laid.walk_s[start, node] + laid.walk_s[node, goal] - laid.walk_s[start, goal])
    on_path = extra <= EPSILON_S
    had_its_time = state.now >= state.known_s[need] + policy.own_first_s
    is_free = policy.when_free and target < 0
    if not on_path and not (had_its_time and (is_free or extra <= policy.detour_s + EPSILON_S)):
        return inf
    if target >= 0:
        comes_first = laid.walk_s[start, node] < laid.walk_s[start, goal]
        if not (comes_first and stays_in_time(state, server, need, target)):
            return inf
    return extra


def may_help(state: Standing, policy: OwnTheWhole, server: int, need: int) -> bool:
    """A neighbour's, for anyone, within reach of this section, with the item in hand."""
    kind, node = state.needs.kind[need], state.needs.node[need]
    if is_own(state, server, need) or state.laid.owner_only[kind]:
        return False
    if policy.adjacent and not state.laid.adjacent[server, node]:
        return False
    item = int(state.laid.item[kind])
    return item < 0 or in_hand(state, server, item)


def stays_in_time(state: Standing, server: int, need: int, target: int) -> bool:
    """Whether the own next need would still begin before it is due, after this help."""
    laid, kind = state.laid, state.needs.kind[need]
    node, own_kind = int(state.needs.node[need]), state.needs.kind[target]
    via = first_stop(state, server, target, at=state.at[server])
    onward = (
        walking(laid, node, via, int(state.needs.node[target]))
        if via != state.at[server]
        else float(laid.walk_s[node, state.needs.node[target]])
    )
    walks = (float(laid.walk_s[state.at[server], node]) + onward) * float(laid.slow[server])
    begins = state.now + walks + float(laid.mean_s[kind])
    return bool(begins <= state.needs.created_s[target] + laid.due_s[own_kind])


def who_goes(state: Standing, need: int, idle: list[int]) -> int:
    """Which idle server goes to a need, or -1."""
    policy, laid = state.policy, state.laid
    able = [server for server in idle if is_able(state, server, need)]
    match policy:
        case ScanSection(serves=Serves.EXHAUSTIVE | Serves.GATED):
            return -1
        case OneAtATime() | ScanSection():
            return next((server for server in able if is_own(state, server, need)), -1)
        case OwnTheWhole():
            fits = [
                (not is_own(state, server, need), reach_s(state, server, need), server)
                for server in able
                if is_own(state, server, need) or extra_s(state, policy, server, need, -1) < inf
            ]
            return min(fits)[2] if fits else -1
        case Pooled():
            return min(able, key=lambda s: (reach_s(state, s, need), s), default=-1)
        case SkillRouting():
            kind = state.needs.kind[need]
            return min(able, key=lambda s: (laid.rank[s, kind], state.idle_since[s], s), default=-1)
        case CustomPolicy():
            raise BadSetting("policy", policy, "run a custom policy with `simulate`")


def noticed(state: Standing, server: int, came_from: tuple[int, int]) -> list[int]:
    """Needs nobody knew of, at tables in sight of the walk just ended; the oldest first."""
    if isinstance(state.policy, OneAtATime | SkillRouting):
        return []
    start, via = came_from
    end = state.at[server]
    legs = [(start, end)] if via == start else [(start, via), (via, end)]
    own_alone = isinstance(state.policy, ScanSection)
    return [
        need
        for need in unknown(state)
        if (not own_alone or is_own(state, server, need))
        and any(in_sight(state.laid, a, b, int(state.needs.node[need])) for a, b in legs)
    ]


def unknown(state: Standing) -> list[int]:
    """Needs that have arisen and that nobody knows of."""
    arisen = int(np.searchsorted(state.needs.created_s, state.now, side="right"))
    return [
        need
        for need in range(arisen)
        if state.known_s[need] == inf
        and state.outcome[need] == Outcome.OPEN
        and state.needs.created_s[need] < state.now
    ]


def in_sight(laid: Laid, start: int, end: int, node: int) -> bool:
    """Whether passing the table on this walk would cost at most the seconds of a look."""
    extra = laid.walk_s[start, node] + laid.walk_s[node, end] - laid.walk_s[start, end]
    return bool(extra <= laid.look_s + EPSILON_S)


def met_with(state: Standing, server: int, need: int) -> list[int]:
    """Other open needs of the kind at the table that are met in the same go."""
    kind, node = state.needs.kind[need], state.needs.node[need]
    item = int(state.laid.item[kind])
    most = int(state.laid.together[kind]) - 1
    if item >= 0:
        most = min(most, state.carries[server][item] - 1)
    alike = [
        other
        for other in sorted(state.open)
        if state.needs.node[other] == node and state.needs.kind[other] == kind
    ]
    return alike[: max(most, 0)]


def seconds_of(state: Standing, server: int, need: int) -> float:
    """How long the service takes here, by this server, now."""
    laid, policy = state.laid, state.policy
    owner = laid.owner[state.needs.node[need]]
    seconds = float(state.needs.service_s[need]) / float(laid.work_rate[server])
    if isinstance(policy, Pooled):
        seconds *= 1.0 + laid.loafing_share
    if isinstance(policy, OwnTheWhole) and owner not in (-1, server):
        seconds *= 1.0 + laid.help_cost_share
    return seconds * load_factor(state)


def load_factor(state: Standing) -> float:
    """The factor on service time at this many waiting needs per server on shift."""
    laid = state.laid
    if len(laid.load_x) == 1:
        return float(laid.load_y[0])
    on_shift = int(((laid.starts_s <= state.now) & (state.now < laid.ends_s)).sum())
    load, x, y = state.waiting / max(on_shift, 1), laid.load_x.tolist(), laid.load_y.tolist()
    after = bisect_left(x, load)
    if after in (0, len(x)):
        return float(y[after and -1])
    slope = (y[after] - y[after - 1]) / (x[after] - x[after - 1])
    return float(slope * (load - x[after - 1]) + y[after - 1])


def tour(laid: Laid, server: int) -> list[int]:
    """The tables of the server's own section, in walking order."""
    section = int(laid.own_section[server])
    if section < 0:
        return []
    return [int(node) for node in laid.tours[laid.tour_at[section] : laid.tour_at[section + 1]]]
