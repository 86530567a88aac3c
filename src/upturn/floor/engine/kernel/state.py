"""The state of a floor while it runs, as few arrays of records that compiled code can read."""

from math import inf
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from upturn.floor.engine.laid import Flags, Floats, Ints, Laid
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

ONE_AT_A_TIME, SCAN_SECTION, OWN_THE_WHOLE, POOLED, SKILL_ROUTING, CUSTOM = range(6)
NEAREST, EXHAUSTIVE, GATED = range(3)
DONE, ARRIVED, ON_SHIFT, NEED, ASKED, OFFERED, GIVES_UP, LOOK = range(8)
OFF, IDLE, WALKING, SERVING = range(4)
SERVED, GAVE_UP, OPEN = range(3)
ENDED, STOOD_STILL, WRONG_NEED = range(3)
NUMBER_BITS = 40
"""A timer's event and need number lie in one integer: the event above so many bits."""

Rows = NDArray[Any]

_FLOOR = np.dtype([
    ("now", "f8"), ("closes_s", "f8"), ("cadence_s", "f8"), ("detour_s", "f8"),
    ("own_first_s", "f8"), ("look_s", "f8"), ("service_factor", "f8"), ("help_factor", "f8"),
    ("policy", "i8"), ("serves", "i8"), ("when_free", "i8"), ("adjacent", "i8"),
    ("by_preference", "i8"), ("table_lock", "i8"), ("looks", "i8"), ("kinds", "i8"),
    ("needs", "i8"), ("next_need", "i8"), ("left", "i8"), ("waiting", "i8"), ("idle", "i8"),
    ("cells", "i8"), ("timers", "i8"), ("first_unseen", "i8"), ("last_unseen", "i8"),
    ("wrong", "i8"),
])  # fmt: skip
_SERVER = np.dtype([
    ("when", "f8"), ("slow", "f8"), ("work_rate", "f8"), ("starts_s", "f8"), ("ends_s", "f8"),
    ("arrived_s", "f8"), ("idle_since", "f8"), ("looked_s", "f8"), ("walk_s", "f8"),
    ("busy_s", "f8"), ("what", "i8"), ("place", "i8"), ("at", "i8"), ("doing", "i8"),
    ("going_for", "i8"), ("start", "i8"), ("via", "i8"), ("met", "i8"), ("home", "i8"),
    ("tour", "i8"), ("tour_end", "i8"), ("round", "i8"), ("trips", "i8"), ("in_vain", "i8"),
])  # fmt: skip
_NEED = np.dtype([
    ("created_s", "f8"), ("asks_s", "f8"), ("patience_s", "f8"), ("service_s", "f8"),
    ("known_s", "f8"), ("started_s", "f8"), ("ended_s", "f8"), ("node", "i4"), ("kind", "i4"),
    ("server", "i4"), ("trip", "i4"), ("outcome", "i4"), ("open", "i4"), ("next", "i4"),
    ("previous", "i4"), ("met", "i4"), ("owner", "i4"),
])  # fmt: skip
_CELL = np.dtype([("first", "i8"), ("last", "i8"), ("place", "i8")])
_NODE = np.dtype([("owner", "i8"), ("is_station", "i8"), ("locks", "i8")])
_KIND = np.dtype([
    ("due_s", "f8"), ("weight", "f8"), ("mean_s", "f8"), ("item", "i8"), ("together", "i8"),
    ("owner_only", "i8"),
])  # fmt: skip
_HAND = np.dtype([("capacity", "i8"), ("carries", "i8")])
_TIMER = np.dtype([("when", "f8"), ("what", "i8")])


class State(NamedTuple):
    """All a compiled policy can look at.

    `floor` (1,) numbers of the whole floor, `now` among them; `servers` (m,); `needs` (rows,) the
    needs of this replication; `nodes` (n,); `kinds` (q,); `hands` (m, items); `rank` (m, q);
    `adjacent` (m, n); `walk_s` (n, n); `cells` (n * q,) the open needs of a kind at a node, as
    lists from the oldest on; `filled` the cells that are not empty, in no order; `timers` a heap
    of what needs do later; `order` a heap of servers by what they do next.
    """

    floor: Rows
    servers: Rows
    needs: Rows
    nodes: Rows
    kinds: Rows
    hands: Rows
    rank: Ints
    adjacent: Flags
    walk_s: Floats
    stations: Ints
    tours: Ints
    load_x: Floats
    load_y: Floats
    cells: Rows
    filled: Ints
    timers: Rows
    order: Ints


def state_of(laid: Laid, policy: Policy, *, closes_s: float, rows: int) -> State:
    """Give an empty floor under a policy, with room for so many needs."""
    servers, nodes, kinds = len(laid.home), len(laid.owner), len(laid.item)
    return State(
        floor=_whole(laid, policy, closes_s),
        servers=_servers(laid),
        needs=np.zeros(rows, _NEED),
        nodes=_filled(_NODE, nodes, owner=laid.owner, is_station=_at(laid.stations, nodes)),
        kinds=_filled(
            _KIND, kinds, due_s=laid.due_s, weight=laid.weight, mean_s=laid.mean_s,
            item=laid.item, together=laid.together, owner_only=laid.owner_only,
        ),
        hands=_filled(_HAND, laid.capacity.shape, capacity=laid.capacity),
        rank=laid.rank, adjacent=laid.adjacent, walk_s=np.ascontiguousarray(laid.walk_s),
        stations=laid.stations, tours=laid.tours, load_x=laid.load_x, load_y=laid.load_y,
        cells=np.zeros(nodes * kinds, _CELL), filled=np.zeros(nodes * kinds, np.int64),
        timers=np.zeros(3 * rows, _TIMER), order=np.arange(servers),
    )  # fmt: skip


def _filled(dtype: np.dtype[Any], shape: int | tuple[int, ...], **columns: Rows) -> Rows:
    rows = np.zeros(shape, dtype)
    for name, values in columns.items():
        rows[name] = values
    return rows


def _at(places: Ints, many: int) -> Ints:
    return np.bincount(places, minlength=many).astype(np.int64)


def _servers(laid: Laid) -> Rows:
    section = laid.own_section
    has_tour = section >= 0
    bounds = [
        np.where(has_tour, np.append(laid.tour_at, 0)[np.where(has_tour, section + more, 0)], 0)
        for more in (0, 1)
    ]
    return _filled(
        _SERVER, len(laid.home), slow=laid.slow, work_rate=laid.work_rate, home=laid.home,
        starts_s=laid.starts_s, ends_s=laid.ends_s, tour=bounds[0], tour_end=bounds[1],
    )  # fmt: skip


def _whole(laid: Laid, policy: Policy, closes_s: float) -> Rows:
    settings = _settings(policy)
    pooled, owned = isinstance(policy, Pooled), isinstance(policy, OwnTheWhole)
    return _filled(
        _FLOOR, 1, **{name: np.array([value]) for name, value in settings.items()},
        closes_s=np.array([closes_s]), look_s=np.array([laid.look_s]),
        service_factor=np.array([1.0 + laid.loafing_share if pooled else 1.0]),
        help_factor=np.array([1.0 + laid.help_cost_share if owned else 1.0]),
        table_lock=np.array([laid.table_lock]), kinds=np.array([len(laid.item)]),
    )  # fmt: skip


_SERVES = {Serves.NEAREST: NEAREST, Serves.EXHAUSTIVE: EXHAUSTIVE, Serves.GATED: GATED}


def _settings(policy: Policy) -> dict[str, float]:
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
