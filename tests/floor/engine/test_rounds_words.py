"""A suggestion is one sentence: where, what, why, and what it costs."""

import numpy as np
import pytest

from upturn.floor.engine.rounds import (
    InHand,
    Open,
    Round,
    Seat,
    Snapshot,
    Station,
    Stop,
    Why,
    plan_round,
)
from upturn.floor.templatetags.floor_rounds import next_stop, why


def test_help_on_the_way_is_said_with_the_tables_and_what_is_in_hand() -> None:
    walk = np.abs(np.subtract.outer(np.arange(5.0), np.arange(5.0))) * 3
    seats = (
        Seat("window", 0, hands={"pot": InHand(3, 4)}),
        Seat("wall", 4, busy_until_s=600, hands={"pot": InHand(0, 4)}),
    )
    needs = (
        Open(1, "coffee", "wall", item="pot"),
        Open(2, "coffee", "wall", item="pot"),
        Open(3, "a hand", "window", due_s=900),
    )
    names = ("door", "12", "14", "15", "station")
    snapshot = Snapshot(walk, seats, needs, (Station(4),), names=names)
    plan = plan_round(snapshot)
    said = next_stop(plan.rounds[0], names)
    assert said == "on your way: tables 12 and 14 need coffee; you hold the pot"
    assert next_stop(plan.rounds[1], names) == "nothing waits for you"


@pytest.mark.parametrize(
    ("reason", "extra_s", "says"),
    [
        (Why.OWN_URGENT, 3.0, "yours, and urgent: table 7 needs the bill"),
        (Why.OWN, 3.0, "yours: table 7 needs the bill"),
        (Why.ANYBODYS, 3.0, "nobody else’s: table 7 needs the bill"),
        (Why.DETOUR, 4.2, "4 seconds off your way: table 7 needs the bill"),
        (Why.DETOUR, 0.2, "on your way: table 7 needs the bill"),
    ],
)
def test_each_reason_is_said(reason: Why, extra_s: float, says: str) -> None:
    assert why(Stop(0, 7, 1.0, 1.0, extra_s, reason, "the bill"), "7") == says


def test_what_to_fetch_is_said() -> None:
    fetch = Stop(None, 0, 1.0, 1.0, 0.0, Why.FETCH, take={"pot": 2, "tray": 1})
    said = next_stop(Round(0, (fetch,)), ("the pass",))
    assert said == "fetch pot (2) and tray (1) at the pass for what comes next"
