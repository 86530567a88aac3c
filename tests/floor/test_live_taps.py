"""Taps on the board of a shift."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.floor.live import board, key, moment, needs, opened, phone, raised, tap
from upturn.floor import commands
from upturn.floor.commands import BadTap, SeatGone, SeatTaken, TapRefused
from upturn.floor.models import NeedState, ShiftNeed, ShiftTap, memory
from upturn.floor.queries import seat_holder
from upturn.record.models import OutboxEvent

pytestmark = pytest.mark.django_db


def state_of(ref: str) -> str:
    return str(ShiftNeed.objects.get(ref=ref).state)


def test_one_takes_and_another_is_told_that_somebody_did() -> None:
    shift = opened()
    one, other = phone(shift), phone(shift, "server 2")
    ref = raised(one, "1-1", "coffee")
    took = key()
    assert not tap(one, "take", needs=(ref,), key=took).missed
    with pytest.raises(TapRefused, match="Somebody took “coffee” at 1-1 a moment ago") as no:
        tap(other, "take", needs=(ref,))
    assert no.value.need is not None
    assert no.value.need["state"] == "taken"
    assert no.value.said.endswith("Nothing is lost.")
    assert memory.of(shift.ref).taker_of(ref) == "server 1"
    tap(other, "done", need=ref, at_s=90)
    assert state_of(ref) == NeedState.DONE
    assert memory.of(shift.ref).taker_of(ref) == ""
    assert memory.of(shift.ref).seat("server 2").at == "1-1"
    with pytest.raises(TapRefused, match="Somebody met"):
        tap(one, "done", need=ref)


def test_the_same_tap_twice_is_one() -> None:
    holder = phone(opened())
    ref, again = raised(holder, "1-1", "coffee"), key()
    first = tap(holder, "take", needs=(ref,), key=again)
    events = OutboxEvent.objects.count()
    second = tap(holder, "take", needs=(ref,), key=again)
    assert (first.again, second.again) == (False, True)
    assert second.missed == first.missed == ()
    assert OutboxEvent.objects.count() == events
    assert needs(holder)[ref]["turn"] == 2


def test_a_need_asked_for_twice_waits_once() -> None:
    holder = phone(opened())
    first = raised(holder, "1-1", "coffee")
    raised(holder, "1-1", "coffee")
    assert [(ref, need["count"]) for ref, need in needs(holder).items()] == [(first, 2)]


def test_what_is_the_owners_alone_is_taken_by_nobody_else() -> None:
    """Seed S0.9."""
    shift = opened()
    one, other = phone(shift), phone(shift, "server 2")
    ref = raised(other, "1-1", "bill")
    for act in ("take", "done"):
        with pytest.raises(TapRefused, match="owner of that table alone"):
            tap(other, act, need=ref)
    tap(one, "take", need=ref)
    tap(one, "done", need=ref)


def test_undo_restores_and_is_not_undone() -> None:
    shift = opened()
    holder = phone(shift)
    ref, took, met, back = raised(holder, "1-1", "coffee"), key(), key(), key()
    tap(holder, "take", need=ref, key=took)
    tap(holder, "done", need=ref, key=met)
    tap(holder, "undo", undoes=met, key=back)
    assert state_of(ref) == NeedState.TAKEN
    assert memory.of(shift.ref).taker_of(ref) == "server 1"
    with pytest.raises(TapRefused, match="nothing to undo"):
        tap(holder, "undo", undoes=back)
    assert state_of(ref) == NeedState.TAKEN
    with pytest.raises(TapRefused, match="changed since"):
        tap(holder, "undo", undoes=took)


def test_undo_of_done_meets_the_same_need_asked_anew() -> None:
    holder = phone(opened())
    first, met = raised(holder, "1-1", "coffee", at_s=10), key()
    tap(holder, "done", need=first, key=met)
    second = raised(holder, "1-1", "coffee", at_s=70)
    tap(holder, "undo", undoes=met)
    assert list(needs(holder)) == [second]
    assert (needs(holder)[second]["count"], needs(holder)[second]["asked_s"]) == (2, 10.0)


def test_only_the_key_of_the_take_puts_back() -> None:
    shift = opened()
    one, other = phone(shift), phone(shift, "server 2")
    ref, took = raised(one, "1-1", "coffee"), key()
    tap(one, "take", need=ref, key=took)
    with pytest.raises(TapRefused, match="Only who took it"):
        tap(other, "put_back", need=ref, undoes=key())
    tap(one, "put_back", need=ref, undoes=took)
    assert state_of(ref) == NeedState.OPEN


def test_a_late_tap_counts_from_when_the_thumb_came_down() -> None:
    holder = phone(opened())
    ref = raised(holder, "1-1", "coffee", at_s=10)
    tap(holder, "done", need=ref, at_s=100, age_ms=30_000)
    assert ShiftNeed.objects.get(ref=ref).done_s == 70.0
    ref = raised(holder, "1-1", "coffee", at_s=10, age_ms=60_000)
    assert ShiftNeed.objects.get(ref=ref).raised_s == 0.0


@pytest.mark.parametrize(
    "how",
    [
        {"act": "take", "needs": ()},
        {"act": "fly"},
        {"act": "raise", "need": "n", "place": "9-9", "kind": "coffee"},
        {"act": "raise", "need": "n", "place": "1-1", "kind": "song"},
        {"act": "seated", "place": "station"},
        {"act": "take", "need": "n", "age_ms": -1},
        {"act": "take", "need": "n", "key": "short"},
    ],
)
def test_a_tap_that_cannot_be_read_is_refused_with_a_remedy(how: dict[str, Any]) -> None:
    holder = phone(opened())
    with pytest.raises(BadTap):
        tap(holder, **how)
    assert not ShiftTap.objects.exists()


def test_a_seat_is_held_by_one_phone() -> None:
    shift = opened()
    first = commands.claim(shift, "server 1", now=moment(0))
    with pytest.raises(SeatTaken, match="Somebody serves from “server 1”"):
        commands.claim(shift, "server 1", now=moment(1))
    same = commands.claim(shift, "server 1", now=moment(2), cookie=first.cookie)
    assert same.cookie == first.cookie
    assert seat_holder(first.cookie) == first.holder
    assert seat_holder(first.cookie + "x") is None
    with pytest.raises(SeatTaken, match="holds “server 1”"):
        commands.claim(shift, "server 2", now=moment(3), cookie=first.cookie)


def test_who_leaves_puts_back_what_was_taken() -> None:
    shift = opened()
    holder = phone(shift)
    ref = raised(holder, "1-1", "coffee")
    tap(holder, "take", need=ref)
    commands.leave(holder, now=moment(70))
    assert state_of(ref) == NeedState.OPEN
    with pytest.raises(SeatGone):
        tap(holder, "take", need=ref)
    phone(shift)


def test_what_is_of_the_person_alone_writes_nothing() -> None:
    """Seed S0.14: no row, and no event."""
    shift = opened()
    holder = phone(shift)
    ref = raised(holder, "1-1", "coffee")
    with CaptureQueriesContext(connection) as asked:
        tap(holder, "decline", needs=(ref,))
        tap(holder, "hold", item="pot", left=3)
        tap(holder, "at", place="1-2")
        tap(holder, "looked")
        tap(holder, "quiet", words="no")
    assert all(query["sql"].startswith("SELECT") for query in asked)
    me = board(holder)["me"]
    assert (me["declined"], me["hands"]) == ([ref], {"pot": 3})


def test_needs_walked_by_are_counted_for_the_floor() -> None:
    """Seed S0.11: they reach the shift with the next tap that is stored, under nobody's name."""
    shift = opened()
    one, other = phone(shift), phone(shift, "server 2")
    raised(other, "1-2", "coffee")
    far = raised(other, "1-3", "coffee")
    tap(one, "hold", item="pot", left=2)
    tap(one, "at", place="1-1")
    tap(one, "done", need=far)
    assert memory.of(shift.ref).walked_by == 1
    tap(other, "seated", place="2-1")
    shift.refresh_from_db()
    assert (shift.walk_bys, memory.of(shift.ref).walked_by) == (1, 0)
    assert memory.of(shift.ref).seat("server 1").hands == {"pot": 1}


def test_a_tap_and_a_board_ask_the_database_little() -> None:
    shift = opened()
    holder = phone(shift)
    refs = tuple(raised(holder, place, "coffee") for place in ("1-1", "1-2", "1-3"))
    with CaptureQueriesContext(connection) as asked:
        tap(holder, "take", needs=refs)
    assert len(asked) <= 10, [query["sql"][:90] for query in asked]
    tap(holder, "at", place="1-3")
    with CaptureQueriesContext(connection) as asked:
        tap(holder, "done", need=refs[0])
    assert len(asked) <= 10, [query["sql"][:90] for query in asked]
    with CaptureQueriesContext(connection) as asked:
        board(holder)
    assert len(asked) <= 8
