"""A floor and a policy as the records compiled code works on."""

from dataclasses import dataclass
from math import inf
from typing import Any, SupportsFloat

import numpy as np
from numpy.typing import NDArray

from upturn.floor.engine.kernel.records import (
    CUSTOM,
    EXHAUSTIVE,
    GATED,
    NEAREST,
    ONE_AT_A_TIME,
    OWN_THE_WHOLE,
    POOLED,
    ROWS,
    SCAN_SECTION,
    SKILL_ROUTING,
    STATE,
)
from upturn.floor.engine.laid import Laid
from upturn.floor.engine.policy import (
    CustomPolicy,
    OneAtATime,
    OwnTheWhole,
    Policy,
    Pooled,
    ScanSection,
    Serves,
    SkillRouting,
)

Rows = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Standing:
    """A floor in memory: `state` (1,) holds the addresses of `rows`, which must outlive it."""

    state: Rows
    rows: dict[str, Rows]


def stand(laid: Laid, policy: Policy, *, closes_s: float, needs: int) -> Standing:
    """Give an empty floor under a policy, with room for so many needs."""
    servers, nodes, kinds = len(laid.home), len(laid.owner), len(laid.item)
    is_station = np.bincount(laid.stations, minlength=nodes)
    rows = {name: np.zeros(0, dtype) for name, dtype in ROWS.items()} | {
        "server": _servers(laid),
        "need": np.zeros(needs, ROWS["need"]),
        "node": _filled("node", nodes, owner=laid.owner, is_station=is_station),
        "kind": _filled(
            "kind", kinds, due_s=laid.due_s, weight=laid.weight, mean_s=laid.mean_s,
            item=laid.item, together=laid.together, owner_only=laid.owner_only,
        ),
        "cell": np.zeros(nodes * kinds, ROWS["cell"]),
        "hand": _filled("hand", laid.capacity.size, capacity=laid.capacity.ravel()),
        "timer": np.zeros(3 * needs, ROWS["timer"]),
        "point": _filled("point", len(laid.load_x), load=laid.load_x, factor=laid.load_y),
        "walk": _filled("walk", nodes * nodes, value=laid.walk_s.ravel()),
        "rank": _filled("rank", servers * kinds, value=laid.rank.ravel()),
        "adjacent": _filled("adjacent", servers * nodes, value=laid.adjacent.ravel()),
        "station": _filled("station", len(laid.stations), value=laid.stations),
        "tour": _filled("tour", len(laid.tours), value=laid.tours),
        "filled": np.zeros(nodes * kinds, ROWS["filled"]),
        "order": np.zeros(servers, ROWS["order"]),
    }  # fmt: skip
    state = np.zeros(1, STATE)
    numbers = _settings(policy) | {
        "closes_s": closes_s, "look_s": laid.look_s, "table_lock": laid.table_lock,
        "service_factor": 1.0 + (laid.loafing_share if isinstance(policy, Pooled) else 0.0),
        "help_factor": 1.0 + (laid.help_cost_share if isinstance(policy, OwnTheWhole) else 0.0),
        "servers": servers, "nodes": nodes, "kinds": kinds, "items": laid.capacity.shape[1],
        "stations": len(laid.stations), "points": len(laid.load_x),
    } | {f"{name}_rows": rows[name].ctypes.data for name in ROWS}  # fmt: skip
    for name, value in numbers.items():
        state[name] = value
    return Standing(state, rows)


def _filled(name: str, many: int, **columns: Rows) -> Rows:
    rows = np.zeros(many, ROWS[name])
    for column, values in columns.items():
        rows[column] = values
    return rows


def _servers(laid: Laid) -> Rows:
    section = laid.own_section
    has_tour = section >= 0
    bounds = [
        np.where(has_tour, np.append(laid.tour_at, 0)[np.where(has_tour, section + more, 0)], 0)
        for more in (0, 1)
    ]
    return _filled(
        "server", len(laid.home), slow=laid.slow, work_rate=laid.work_rate, home=laid.home,
        starts_s=laid.starts_s, ends_s=laid.ends_s, tour=bounds[0], tour_end=bounds[1],
    )  # fmt: skip


_SERVES = {Serves.NEAREST: NEAREST, Serves.EXHAUSTIVE: EXHAUSTIVE, Serves.GATED: GATED}


def _settings(policy: Policy) -> dict[str, SupportsFloat]:
    """Code the policy and its settings as numbers; `looks` for those who notice on the way."""
    match policy:
        case OneAtATime():
            return {"policy": ONE_AT_A_TIME, "cadence_s": inf, "looks": False}
        case ScanSection(cadence_s=cadence_s, serves=serves):
            return {
                "policy": SCAN_SECTION, "cadence_s": cadence_s, "looks": True,
                "serves": _SERVES[serves],
            }  # fmt: skip
        case OwnTheWhole():
            return {
                "policy": OWN_THE_WHOLE, "cadence_s": policy.cadence_s, "looks": True,
                "detour_s": policy.detour_s, "own_first_s": policy.own_first_s,
                "when_free": policy.when_free, "adjacent": policy.adjacent,
            }  # fmt: skip
        case Pooled(cadence_s=cadence_s):
            return {"policy": POOLED, "cadence_s": cadence_s, "looks": True}
        case SkillRouting(by_preference=by_preference):
            return {
                "policy": SKILL_ROUTING, "cadence_s": inf, "looks": False,
                "by_preference": by_preference,
            }  # fmt: skip
        case CustomPolicy(cadence_s=cadence_s):
            return {"policy": CUSTOM, "cadence_s": cadence_s, "looks": True}
