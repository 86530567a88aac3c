"""What a floor learns of a shift, who has two quiet minutes, and a drawing that changes."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.floor.engine.live_drawn import KINDS, board_of, corridor, cut_of
from upturn.floor.engine.coaching.bites import Rule
from upturn.floor.engine.errors import BadSetting
from upturn.floor.engine.grid import grid
from upturn.floor.engine.laid import lay_out
from upturn.floor.engine.live import (
    Board,
    BoardNeed,
    BoardSeat,
    Met,
    Spread,
    Totals,
    quiet_seats,
    redrawn_tables,
    rounds_of,
    totals,
    walked_by,
    with_leaving,
)
from upturn.floor.engine.live.quiet import IDLE_LEAST, MOST, OF_SEATS
from upturn.floor.engine.rounds import Why
from upturn.floor.engine.shapes import Floor
from upturn.stats import Withheld


@pytest.mark.parametrize(
    ("aside_m", "how", "hands", "counted"),
    [
        (1.0, {}, {}, 1),
        (1.8, {}, {}, 1),  # 3.0 s: in sight
        (2.0, {}, {}, 0),
        (1.0, {"asked": False}, {}, 0),
        (1.0, {"taker": "server 2"}, {}, 0),
        (1.0, {"kind": "bill"}, {}, 0),
        (1.0, {"kind": "coffee"}, {"pot": 1}, 1),
        (1.0, {"kind": "coffee"}, {}, 0),
        (1.0, {"ref": "taken"}, {}, 0),
        (1.0, {"ref": "declined"}, {}, 0),
    ],
)
def test_a_walk_by_is_what_anyone_could_have_met_along_the_way(
    aside_m: float, how: dict[str, Any], hands: dict[str, int], counted: int
) -> None:
    board = corridor(aside_m)
    kinds = (*board.floor.need_types, *KINDS)
    need = replace(BoardNeed("b", "beside", "other"), **how)
    board = replace(board, floor=replace(board.floor, need_types=kinds), needs=(need,))
    seat = BoardSeat("server 1", hands=hands, declined=frozenset({"declined"}))
    assert walked_by(board, seat, start="here", end="there", taken={"taken"}) == counted
    assert walked_by(board, seat, start="here", end="here", taken={"taken"}) == 0


def test_walk_bys_are_never_more_than_what_is_left_in_hand() -> None:
    floor = grid(sections=1, tables=6, need_types=KINDS, hands={"pot": 4})
    needs = tuple(BoardNeed(str(n), f"1-{n}", "coffee") for n in range(1, 7))
    board = Board(floor, lay_out(floor), {}, {}, (), needs)
    seat = BoardSeat("server 1", hands={"pot": 2})
    assert walked_by(board, seat, start="1-1", end="1-6", taken=set()) == 2


@given(st.integers(0, 1000), st.integers(0, 50), st.integers(0, 3))
def test_offers_go_to_idle_seats_in_turn_while_nothing_waits(
    seed: int, turn: int, coached: int
) -> None:
    board = board_of(seed, seats=8, needs=2, held=1.0)
    away = frozenset(seat.name for seat in board.seats[:coached])
    found = quiet_seats(board, turn=turn, coached=away)
    idle = [
        seat.name
        for seat in board.seats
        if seat.busy_until_s <= 500.0
        and seat.name not in away
        and seat.name not in {need.taker for need in board.needs}
    ]
    if any(need.asked and not need.taker for need in board.needs):
        assert found == ()
        return
    assert len(found) == max(0, min(len(idle) - 2 + 1, 2 - coached))
    at = turn % 8
    names = [seat.name for seat in (*board.seats[at:], *board.seats[:at])]
    assert list(found) == [name for name in names if name in idle][: len(found)]


def test_offers_follow_the_rule_of_bites() -> None:
    rule = Rule()
    assert (rule.idle_least, rule.most, 50) == (IDLE_LEAST, MOST, OF_SEATS)
    seats = tuple(BoardSeat(f"agent {n}", busy_until_s=9.0 * (n >= 6)) for n in range(50))
    board = Board(grid(), lay_out(grid()), {}, {}, seats, ())
    assert quiet_seats(board, turn=0) == ("agent 0", "agent 1", "agent 2")
    assert quiet_seats(board, turn=2, spared={"agent 2"}) == ("agent 3", "agent 4", "agent 5")
    assert quiet_seats(board, turn=0, idle_least=6) == ("agent 0",)
    with pytest.raises(BadSetting, match="idle_least is 0; give at least 1"):
        quiet_seats(board, turn=0, idle_least=0)


mets = st.builds(
    Met,
    st.sampled_from(["coffee", "bill", "request", ""]),
    st.floats(0, 9000),
    st.none() | st.floats(0, 9000),
    st.none() | st.floats(0, 9000),
    st.none() | st.floats(0, 9000),
)


@given(st.lists(mets), st.integers(3, 30), st.integers(0, 99))
def test_totals_count_each_need_once_in_every_figure(
    needs: list[Met], seats: int, walk_bys: int
) -> None:
    found = totals(needs, seats_held=seats, walk_bys=walk_bys, need_types=KINDS)
    assert isinstance(found, Totals)
    counted = [need for need in needs if need.kind]
    met = [need for need in counted if need.done_s is not None]
    assert (found.needs, found.met, found.walk_bys) == (len(counted), len(met), walk_bys)
    assert sum(map(sum, found.profile.values())) == found.needs
    if len(met) < 3:
        assert found.before_asked == Withheld("too_few", 3, len(met))
    else:
        assert not isinstance(found.before_asked, Withheld)
        assert found.before_asked.n == len(met)
        unasked = sum(need.asked_s is None for need in met)
        assert found.before_asked.value == pytest.approx(unasked / len(met))
        assert found.before_asked.low <= found.before_asked.value <= found.before_asked.high


def test_totals_are_those_added_up_by_hand() -> None:
    needs = [
        Met("coffee", 0.0, None, 30.0, 60.0),  # 240 s: in time
        Met("coffee", 100.0, 300.0, 310.0, 400.0),  # asked, late
        Met("bill", 950.0, 950.0, None, 1000.0),  # met without being taken first
        Met("request", 2000.0, 2000.0, 2020.0, None),  # still open, never late
        Met("coffee", 2000.0, 2000.0, None, None),  # still open: late
        Met("", 10.0, None, 20.0, 30.0),  # a look
    ]
    found = totals(needs, seats_held=3, walk_bys=4, need_types=KINDS)
    assert isinstance(found, Totals)
    assert (found.before_asked.value, found.before_asked.n) == (pytest.approx(1 / 3), 3)
    assert (found.within_due.value, found.within_due.n) == (0.5, 4)
    assert found.to_notice == Spread(40.0, 210.0, 4)
    assert found.to_meet == Spread(60.0, 300.0, 3)
    assert found.profile == {"bill": (0, 1, 0), "coffee": (2, 0, 1), "request": (0, 0, 1)}


@pytest.mark.parametrize("seats", [0, 1, 2])
def test_with_fewer_than_three_seats_nothing_is_said(seats: int) -> None:
    needs = [Met("coffee", 0.0, None, 30.0, 60.0)]
    found = totals(needs, seats_held=seats, walk_bys=1, need_types=KINDS)
    assert found == Withheld("too_few", 3, seats)


def without(floor: Floor, *places: str) -> Floor:
    return replace(floor, nodes=tuple(node for node in floor.nodes if node.id not in places))


def test_a_table_that_was_removed_stays_while_something_waits_there() -> None:
    old = grid(sections=2, tables=3)
    tables, owners = cut_of(old)
    new = without(old, "1-1", "1-2")
    drawn = redrawn_tables(old, new, tables=tables, owners=owners, waiting={"1-1", "2-1"})
    assert drawn.leaving == ("1-1",)
    assert drawn.tables == {place: section for place, section in tables.items() if place != "1-2"}
    again = redrawn_tables(new, new, tables=drawn.tables, owners=owners, waiting=set())
    assert "1-1" not in again.tables
    both = with_leaving(new, old, leaving=drawn.leaving)
    seats, needs = (BoardSeat("server 1"),), (BoardNeed("a", "1-1", "request"),)
    board = Board(both, lay_out(both), drawn.tables, owners, seats, needs)
    stops = rounds_of(board, budget_ms=1)["server 1"].stops
    assert [(stop.place, stop.why, stop.owner) for stop in stops] == [("1-1", Why.OWN, "server 1")]
    assert with_leaving(new, old, leaving=()) == new


def test_a_redrawn_floor_keeps_the_cut_of_the_shift_where_the_drawing_did_not_move_a_table() -> (
    None
):
    old = grid(sections=3, tables=2)
    tables, owners = cut_of(old)
    cut = {**tables, "1-1": "section 2", "1-2": "section 3"}  # server 1 called off
    left = {section: seat for section, seat in owners.items() if seat != "server 1"}
    more = replace(
        old,
        nodes=tuple(
            replace(node, section="section 2") if node.id == "3-1" else node for node in old.nodes
        ),
    )
    drawn = redrawn_tables(old, more, tables=cut, owners=left, waiting=set())
    assert drawn.tables == {**cut, "3-1": "section 2"}
    assert drawn.owners == left
    assert drawn.leaving == ()
