"""A snapshot that cannot be planned on is refused by place, value and remedy."""

from dataclasses import replace
from math import inf, nan
from typing import Any

import numpy as np
import pytest

from upturn.floor.engine.errors import BadFloor, BadSetting
from upturn.floor.engine.rounds import InHand, Open, Seat, Snapshot, Station, plan_round

WALK = np.array([[0.0, 5, 9], [5, 0, 4], [9, 4, 0]])
GOOD = Snapshot(
    WALK,
    (Seat("a", 0, hands={"pot": InHand(1, 4)}),),
    (Open(1, "coffee", "a", item="pot"),),
    (Station(2),),
    names=("door", "table 12", "station"),
)


def _walk(seconds: float, *, there: bool = True, back: bool = True) -> np.ndarray:
    walk = WALK.copy()
    walk[0, 1] = seconds if there else walk[0, 1]
    walk[1, 0] = seconds if back else walk[1, 0]
    return walk


def _need(**changes: Any) -> dict[str, Any]:
    return {"needs": (replace(GOOD.needs[0], **changes),)}


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"walk_s": _walk(nan)}, r"walk from door to table 12: not a time \(found nan\); give"),
        ({"walk_s": _walk(-1)}, r"walk from door to table 12: not a time \(found -1.0\)"),
        ({"walk_s": _walk(inf, back=False)}, "leads there and none back"),
        ({"walk_s": WALK[:2]}, r"not a square \(found \(2, 3\)\)"),
        ({"names": ("door",)}, "3 nodes"),
        ({"servers": ()}, "nobody serves"),
        ({"servers": (Seat("a", 7),)}, r"seat 0 in section 'a': no such node \(found 7\)"),
        ({"servers": (Seat("a", 0, home=-1),)}, "home of seat 0"),
        ({"servers": (Seat("a", 0, busy_until_s=nan),)}, "busy_until_s is no moment"),
        ({"servers": (Seat("a", 0, hands={"pot": InHand(5, 4)}),)}, r"pot in hand.*found 5"),
        ({"stations": ()}, r"need 0 \(coffee\) at table 12: no station hands.*found 'pot'"),
        ({"stations": (Station(2, ("tray",)),)}, "no station hands this item out"),
        ({"stations": (Station(2, fetch_s=-1),)}, "station 0: fetch_s is out of range"),
        ({"stations": (Station(9),)}, r"station 0: no such node \(found 9\)"),
        (_need(node=9), "no such node"),
        (_need(weight=nan), r"need 0 \(coffee\) at table 12: weight.*found nan"),
        (_need(service_s=-1), "service_s is out of range"),
        (_need(due_s=nan), "due_s is no time"),
        (_need(released_s=1), r"it arises after now \(0\)"),
        (_need(section="b", owner_only=True), r"table 12: nobody who may.*found 'b'"),
        ({"servers": (Seat("a", 0, skills=("bill",)),)}, "nobody who may meet it can"),
        ({"servers": (Seat("a", 0),)}, r"nobody who may meet it can \(found 'pot'\); give a seat"),
    ],
)
def test_a_wrong_snapshot_is_refused(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(BadFloor, match=says):
        plan_round(replace(GOOD, **changes), budget_ms=1)


def test_a_need_no_walk_leads_to_is_refused() -> None:
    walk = np.array([[0.0, inf, 9], [inf, 0, inf], [9, inf, 0]])
    with pytest.raises(BadFloor, match="table 12: no walk leads there from any seat"):
        plan_round(replace(GOOD, walk_s=walk), budget_ms=1)


@pytest.mark.parametrize(
    "settings", [{"budget_ms": nan}, {"own_first_s": -1.0}, {"detour_s": nan}, {"seed": -1}]
)
def test_a_wrong_setting_is_refused_by_name(settings: dict[str, Any]) -> None:
    with pytest.raises(BadSetting, match=next(iter(settings))):
        plan_round(GOOD, **settings)


def test_a_sound_snapshot_is_planned() -> None:
    plan = plan_round(GOOD, budget_ms=1)
    assert [stop.need for stop in plan.rounds[0].stops] == [0]
