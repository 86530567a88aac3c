"""Half an hour of the lab, played into a live board: what the floor as a whole shows of it."""

import json
import re
from functools import cache
from statistics import median
from typing import Any, NamedTuple

import pytest
from django.apps import apps
from django.core import serializers
from django.db import transaction

from tests.floor.drawn import with_name
from tests.floor.played import Beside, looking_in_every, opened, played
from upturn.floor import commands, queries
from upturn.floor.engine.grid import grid
from upturn.floor.engine.lab.recorded import Arising
from upturn.floor.engine.live import Totals
from upturn.floor.engine.shapes import Durations, Floor, NeedType
from upturn.floor.models import Shift, ShiftNeed, memory
from upturn.house.shift_phones import Way
from upturn.record.models import OutboxEvent

pytestmark = pytest.mark.django_db
OFTEN_S, SELDOM_S = 240.0, 960.0
APART = ("me", "round", "offer", "topics")
"""Parts of a state that are for one phone."""


class Half(NamedTuple):
    """Half an hour that was played, as plain data."""

    arisings: tuple[Arising, ...]
    known: dict[int, float]
    rows: list[dict[str, Any]]
    events: list[dict[str, Any]]
    owners: dict[str, str]
    walk_bys: int
    dump: str
    totals: Totals


def crumbs_floor() -> Floor:
    """Three sections of three; crumbs are seen by looking, and a bill is the owner's alone."""
    kinds = (
        NeedType("crumbs", 4.0, Durations(15.0), due_s=480.0, asks_after=Durations(1500.0)),
        NeedType("bill", 1.0, Durations(30.0), due_s=180.0, owner_only=True),
    )
    return with_name(grid(sections=3, tables=3, need_types=kinds))


@cache
def half_an_hour(cadence_s: float = OFTEN_S, way: Way = Way.OWN_THE_WHOLE) -> Half:
    with looking_in_every(cadence_s):
        playing, beside = played(crumbs_floor(), way=way, seed=2)
    shift = Shift.objects.get(pk=beside.shift.pk)
    rows = list(ShiftNeed.objects.filter(shift=shift).values())
    told = OutboxEvent.objects.filter(topic=queries.topic(shift.ref))
    events = list(told.values("ref", "data"))
    owners, walk_bys, dump = shift.owners, shift.walk_bys, everything()
    found = commands.close_shift(beside.lead, shift, now=beside.now)
    totals = queries.totals_of(beside.lead, found)
    assert isinstance(totals, Totals)
    arisings = playing.hour.arisings
    return Half(arisings, playing.known, rows, events, owners, walk_bys, dump, totals)


def everything() -> str:
    """Every row of every table of the house, as text."""
    tables = [model for model in apps.get_models() if model.__module__.startswith("upturn.")]
    return "".join(
        serializers.serialize("jsonl", one._base_manager.order_by("pk")) for one in tables
    )


def test_an_opportunity_is_on_the_board_before_the_guest_asks() -> None:
    """S0.1: the rhythm sends somebody to look, who sees what nobody asked for, and meets it."""
    half = half_an_hour()
    asks_s = {f"seen-{one.number}": one.asks_s for one in half.arisings}
    seen = [row for row in half.rows if row["ref"] in asks_s and not row["asked"]]
    early = [row for row in seen if row["raised_s"] < asks_s[row["ref"]] and row["done_s"]]
    brought = [row for row in half.rows if row["source"] == "rhythm" and row["done_s"]]
    looks = {(row["place"], row["done_s"]) for row in brought}
    assert [row for row in early if (row["place"], row["raised_s"]) in looks]
    assert [row for row in brought if row["kind"] == "crumbs" and not row["asked"]]


def test_one_at_a_time_meets_nothing_before_it_is_asked_for() -> None:
    """S0.4, S0.7: the same half hour; who only reacts meets what was asked for and nothing else."""
    whole, one = half_an_hour(), half_an_hour(way=Way.ONE_AT_A_TIME)
    assert one.totals.before_asked.value == 0
    assert whole.totals.before_asked.value > 0.5
    assert whole.totals.met > one.totals.met


def test_time_to_notice_falls_with_the_cadence_of_looking() -> None:
    """S0.5: a look at each table every 4 and every 16 minutes; in the truth, and in the totals."""
    often, seldom = half_an_hour(OFTEN_S), half_an_hour(SELDOM_S)
    assert _until_known(often) < 0.75 * _until_known(seldom)
    assert often.totals.to_notice.median_s < seldom.totals.to_notice.median_s


def _until_known(half: Half) -> float:
    ends_s = 1800.0
    crumbs = [one for one in half.arisings if one.kind == "crumbs"]
    return median(min(half.known.get(one.number, ends_s), ends_s) - one.at_s for one in crumbs)


def test_whoever_helped_every_table_stays_with_its_owner() -> None:
    """S0.8: half an hour of help at other tables has changed nothing about whose they are."""
    assert half_an_hour().owners == {s.id: s.owner for s in crumbs_floor().sections}


def test_walk_bys_are_a_number_of_the_floor_without_a_name() -> None:
    """S0.11: one field of one table counts them, and no row says who looks after what."""
    half = half_an_hour(way=Way.ONE_AT_A_TIME)
    assert half.totals.walk_bys == half.walk_bys
    counting = [name for name in _fields() if "walk" in name]
    assert counting == ["floor.Shift.walk_bys"]
    assert "Nick server" not in half.dump
    named = {
        (row["model"], name)
        for row in map(json.loads, half.dump.splitlines())
        for name, value in row["fields"].items()
        if "server 1" in str(value)
    }
    drawn = {("floor.floorversion", "toml"), ("floor.shift", "owners"), ("floor.shiftseat", "name")}
    assert named == drawn | {("record.outboxevent", "data"), ("record.outboxevent", "ref")}
    seat_events = {row["ref"] for row in half.events if "server 1" in f"{row}"}
    assert seat_events == {"server 1"}


def _fields() -> list[str]:
    return [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if model.__module__.startswith("upturn.floor.")
    ]


def test_the_database_is_the_same_whoever_walked_by() -> None:
    """S0.11, S0.14: two seats walk past the same need; not one stored value differs."""
    beside = opened(crumbs_floor())
    beside.tap("server 3", "raise", need="left", place="1-2", kind="crumbs")
    beside.tap("server 3", "raise", need="met", place="1-3", kind="crumbs")
    found = [_walked(beside, seat) for seat in ("server 1", "server 2")]
    assert found[0] == found[1]
    assert '"walk_bys": 1' in found[0]


def _walked(beside: Beside, seat: str) -> str:
    """What every table holds after a walk from 1-1 past 1-2 to 1-3; then it is taken back."""
    memory.forget(beside.shift.ref)
    with transaction.atomic():
        for act, how in (
            ("at", {"place": "1-1"}),
            ("done", {"need": "met"}),
            ("seated", {"place": "2-1"}),
        ):
            beside.tap(seat, act, key=f"a key for {act}", **how)
        found = everything()
        transaction.set_rollback(True)
    return re.sub(r'"pk": \d+', "", found)  # numbers that were given out are not given again


def test_every_seat_and_the_lead_see_the_same_floor() -> None:
    """S0.13: one board; what differs is whose section is one's own."""
    beside = opened(crumbs_floor())
    for place, kind in (("1-2", "crumbs"), ("2-1", "bill"), ("3-3", "crumbs")):
        beside.tap("server 3", "raise", need=f"at {place}", place=place, kind=kind)
    beside.tap("server 1", "take", needs=["at 1-2"])
    boards = [dict(beside.state(seat)) for seat in beside.holders]
    boards.append(queries.lead_state(beside.lead, beside.shift.ref, now=beside.now))
    own = [(board.pop("me") or {}).get("sections", []) for board in boards]
    shared = [{part: board[part] for part in board if part not in APART} for board in boards]
    assert own == [["section 1"], ["section 2"], ["section 3"], []]
    assert len(shared[0]["needs"]) == 3
    assert shared[1:] == shared[:1] * 3
