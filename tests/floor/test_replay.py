"""Half an hour of the lab, played into a live board: what the floor as a whole shows of it."""

from functools import cache
from statistics import median
from typing import Any

import pytest
from django.apps import apps
from django.core import serializers
from django.db import models

from tests.floor.played import Beside, looking_in_every, played
from upturn.floor import commands
from upturn.floor.engine.grid import grid
from upturn.floor.engine.shapes import Durations, Floor, NeedType
from upturn.floor.models import NeedState, Shift, ShiftNeed, Source
from upturn.house.shift_phones import Played, Way
from tests.floor.drawn import with_name

pytestmark = pytest.mark.django_db


def floor(*, crumbs: float = 3.0) -> Floor:
    """Three sections of three: coffee that is asked for, a bill, and crumbs seen by looking."""
    kinds = (
        NeedType("coffee", 1.0, Durations(20.0), due_s=240.0, item="pot"),
        NeedType("bill", 1.0, Durations(40.0), due_s=180.0, owner_only=True),
        NeedType("crumbs", crumbs, Durations(15.0), asks_after=Durations(900.0)),
    )
    return with_name(grid(sections=3, tables=3, need_types=kinds, hands={"pot": 4}))


def closed(beside: Beside) -> Any:
    commands.close_shift(beside.lead, beside.shift, now=beside.now)
    beside.shift.refresh_from_db()
    return beside.shift.summary


def test_an_opportunity_is_on_the_board_before_the_guest_asks() -> None:
    """S0.1, S0.7: the rhythm sends somebody to look, who sees it and meets it unasked."""
    playing, beside = played(floor())
    brought = ShiftNeed.objects.filter(shift=beside.shift, source=Source.RHYTHM, asked=False)
    raised = {need.place: need.raised_s for need in brought.order_by("-raised_s")}
    early = [
        one
        for one in playing.hour.arisings
        if raised.get(one.place, one.asks_s) < playing.known.get(one.number, 0.0) < one.asks_s
    ]
    assert early
    unasked = ShiftNeed.objects.filter(state=NeedState.DONE, asked=False).exclude(kind="")
    assert {(one.place, one.kind) for one in early} & {(n.place, n.kind) for n in unasked}
    assert closed(beside)["before_asked"]


def notices(cadence_s: float) -> tuple[float, float]:
    """Median seconds until what is seen by looking alone was known, and as the shift's total."""
    with looking_in_every(cadence_s):
        playing, beside = played(floor())
    crumbs = [one for one in playing.hour.arisings if one.kind == "crumbs"]
    ends_s = playing.hour.seconds
    truth = median(min(playing.known.get(one.number, ends_s), ends_s) - one.at_s for one in crumbs)
    return truth, closed(beside)["to_notice"]["median_s"]


def test_time_to_notice_falls_with_the_cadence_of_looking() -> None:
    """S0.5: the same half hour, with a look at each table every 4 and every 16 minutes."""
    often, seldom = notices(240.0), notices(960.0)
    assert often[0] < seldom[0]
    assert often[1] < seldom[1]
