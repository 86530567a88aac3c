"""The records compiled code works on: how a running floor lies in memory. Plain numpy."""

from typing import Any

import numpy as np

ONE_AT_A_TIME, SCAN_SECTION, OWN_THE_WHOLE, POOLED, SKILL_ROUTING, CUSTOM = np.arange(6)
NEAREST, EXHAUSTIVE, GATED = np.arange(3)
DONE, ARRIVED, ON_SHIFT, ARISES, ASKED, OFFERED, GIVES_UP, LOOK = np.arange(8)
OFF, IDLE, WALKING, SERVING = np.arange(4)
SERVED, GAVE_UP, OPEN = np.arange(3)
ENDED, STOOD_STILL, WRONG_NEED = np.arange(3)
NONE, TOP = np.int64(-1), np.int64(0)
"""As numpy's integers, because numba compiles a function anew for every literal."""
NUMBER_BITS = 40
"""A timer's event and need number lie in one integer: the event above so many bits."""


def _record(**fields: str) -> np.dtype[Any]:
    return np.dtype([(name, kind) for kind, names in fields.items() for name in names.split()])


SERVER = _record(
    f8="when slow work_rate starts_s ends_s arrived_s idle_since looked_s walk_s busy_s",
    i8="what place at doing going_for start via met home tour tour_end round trips in_vain",
)
NEED = _record(
    f8="created_s asks_s patience_s service_s known_s started_s ended_s",
    i8="node kind server trip outcome open next previous met",
)
CELL = _record(i8="first last place")
"""The open needs of one kind at one node: the ends of a list from the oldest on."""
NODE = _record(i8="owner is_station locks")
KIND = _record(f8="due_s weight mean_s", i8="item together owner_only")
HAND = _record(i8="capacity carries")
TIMER = _record(f8="when", i8="what")
POINT = _record(f8="load factor")
SECONDS = _record(f8="value")
NUMBER = _record(i8="value")

ROWS = {
    "server": SERVER, "need": NEED, "node": NODE, "kind": KIND, "cell": CELL, "hand": HAND,
    "timer": TIMER, "point": POINT, "walk": SECONDS, "rank": NUMBER, "adjacent": NUMBER,
    "station": NUMBER, "tour": NUMBER, "filled": NUMBER, "order": NUMBER,
}  # fmt: skip
"""What lies where: `cell` by node and kind; `filled` names the cells with somebody waiting, in no
order; `timer` is a heap of what needs do later, `order` one of servers by what they do next."""

STATE = _record(
    f8="now closes_s cadence_s detour_s own_first_s look_s service_factor help_factor",
    i8="policy serves when_free adjacent by_preference table_lock looks next_need left waiting "
    "idle cells timers first_unseen last_unseen wrong servers needs nodes kinds items stations "
    "points " + " ".join(f"{name}_rows" for name in ROWS),
)
"""All a compiled policy can look at: numbers of the whole floor, `now` among them; how many
servers, needs, nodes, kinds, items there are; and the addresses of the rows."""


def offset_of(name: str) -> int:
    """Give where a field of the state lies, in bytes."""
    fields: Any = STATE.fields
    return int(fields[name][1])
