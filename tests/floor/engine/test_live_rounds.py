"""Help keeps the owner, stays on the way, and goes with what is in hand."""

from copy import deepcopy
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.floor.engine.live_drawn import KINDS, board_of, corridor, cut_of, is_help, starts_of
from upturn.floor.engine.grid import grid
from upturn.floor.engine.laid import lay_out
from upturn.floor.engine.live import (
    Board,
    BoardNeed,
    BoardSeat,
    opportunities,
    quiet_seats,
    rounds_of,
    walked_by,
)
from upturn.floor.engine.rounds import Why
from upturn.floor.engine.shapes import Durations, Floor, Kind, NeedType, Node, Server

boards = st.builds(
    board_of,
    st.integers(0, 10**6),
    seats=st.integers(1, 4),
    needs=st.integers(0, 14),
    held=st.sampled_from([0.5, 1.0]),
    declined=st.sampled_from([0.0, 0.2, 0.6]),
)


@given(boards)
@settings(max_examples=120, deadline=None)
def test_no_need_is_in_two_rounds_and_what_is_taken_is_with_who_took_it(board: Board) -> None:
    rounds = rounds_of(board, budget_ms=1)
    refs = [stop.need for planned in rounds.values() for stop in planned.stops if stop.need]
    assert sorted(rounds) == sorted(seat.name for seat in board.seats)
    assert len(refs) == len(set(refs))
    taken = {need.ref: need.taker for need in board.needs if need.taker}
    found = {s.need: seat for seat, r in rounds.items() for s in r.stops if s.need in taken}
    assert found == {ref: seat for ref, seat in taken.items() if seat in rounds}
    assert {s.need for r in rounds.values() for s in r.stops if s.taken} == set(found)


@given(boards)
@settings(max_examples=120, deadline=None)
def test_what_is_for_the_owner_alone_is_in_no_neighbours_round(board: Board) -> None:
    alone = {kind.name for kind in board.floor.need_types if kind.owner_only}
    for seat, planned in rounds_of(board, budget_ms=1).items():
        for stop in planned.stops:
            if stop.kind in alone and not stop.taken:
                assert board.owner_of(stop.place) in ("", seat)


@given(boards)
@settings(max_examples=120, deadline=None)
def test_what_was_declined_is_not_proposed_again(board: Board) -> None:
    rounds = rounds_of(board, budget_ms=1)
    for seat in board.seats:
        proposed = {stop.need for stop in rounds[seat.name].stops if not stop.taken}
        assert not proposed & seat.declined


@given(boards)
@settings(max_examples=120, deadline=None)
def test_help_goes_with_the_item_in_hand_and_before_no_own_need_that_is_late(board: Board) -> None:
    due_s = {kind.name: kind.due_s for kind in KINDS} | {"": 0.0}
    raised_s = {need.ref: need.raised_s for need in board.needs}
    unasked = {need.ref for need in board.needs if not need.asked}
    for name, planned in rounds_of(board, budget_ms=1).items():
        seat = next(seat for seat in board.seats if seat.name == name)
        hands = {item: seat.hands[item] for item in ("pot", "jug")}
        if seat.at == "":  # at the station, where it lies
            hands = {"pot": 4, "jug": 3}
        helped = False
        for stop, at_s in zip(planned.stops, starts_of(board, name, planned), strict=True):
            if not stop.need:
                hands = {"pot": 4, "jug": 3}
                continue
            if stop.item:
                hands[stop.item] -= 1
                assert hands[stop.item] >= 0
            helped = helped or is_help(board, name, stop)
            is_own = stop.owner == name and not stop.taken and stop.need not in unasked
            late = at_s > raised_s[stop.need] + due_s[stop.kind] + 1e-6
            assert not (is_own and late and helped)


@given(boards)
@settings(max_examples=120, deadline=None)
def test_why_says_whose_table_it_is(board: Board) -> None:
    own = {Why.OWN, Why.OWN_URGENT}
    for seat, planned in rounds_of(board, budget_ms=1).items():
        for stop in planned.stops:
            if not stop.need:
                assert stop.why is Why.FETCH
                continue
            owner = board.owner_of(stop.place)
            assert stop.owner == owner
            assert (stop.why in own) == (owner == seat)
            assert (stop.why is Why.ANYBODYS) == (owner == "")
            assert (stop.why is Why.ON_THE_WAY) == (owner not in ("", seat) and stop.extra_s < 1e-6)


@given(boards, st.integers(0, 5))
@settings(max_examples=60, deadline=None)
def test_planning_looking_and_counting_change_no_owner(board: Board, turn: int) -> None:
    tables, owners = deepcopy(board.tables), deepcopy(board.owners)
    rounds = rounds_of(board, budget_ms=1)
    helped = {stop.need for planned in rounds.values() for stop in planned.stops}
    after = replace(board, needs=tuple(n for n in board.needs if n.ref not in helped))
    rounds_of(after, budget_ms=1)
    quiet_seats(after, turn=turn)
    walked_by(board, board.seats[0], start="1-1", end="station", taken=helped)
    opportunities(
        board.floor, tables=board.tables, seated=dict.fromkeys(tables, 0.0), last={}, looked={},
        waiting=set(), now_s=board.now_s,
    )  # fmt: skip
    assert (board.tables, board.owners) == (tables, owners) == (after.tables, after.owners)


@pytest.mark.parametrize("aside_m", [0.0, 3.0, 4.2])
@pytest.mark.parametrize(("item", "held"), [("", 0), ("pot", 2), ("pot", 0)])
def test_help_is_proposed_when_it_is_on_the_way_and_in_hand_and_only_then(
    aside_m: float, item: str, held: int
) -> None:
    board = corridor(aside_m, item=item, held={"pot": held})
    stops = rounds_of(board, budget_ms=1)["server 1"].stops
    extra_s = 2 * aside_m / 1.2
    in_hand, near = not item or held > 0, extra_s <= 6.0
    # who has nothing own left may go any way, but for nothing that is not in hand
    afterwards = ["beside"] * (in_hand and not near)
    on_the_way = ["beside"] * (in_hand and near)
    assert [stop.place for stop in stops] == [*on_the_way, "there", *afterwards]
    if on_the_way:
        assert stops[0].extra_s == pytest.approx(extra_s)
        assert stops[0].why is (Why.DETOUR if extra_s else Why.ON_THE_WAY)
        assert stops[0].owner == "server 2"


def test_help_waits_until_it_saves_more_than_its_price() -> None:
    board = corridor(0.0)
    soon = BoardSeat("server 2", "beside", 20.0 + 10.0 + 14.0)
    rounds = rounds_of(replace(board, seats=(board.seats[0], soon)), budget_ms=1)
    assert [stop.place for stop in rounds["server 1"].stops] == ["there"]
    assert [stop.why for stop in rounds["server 2"].stops] == [Why.OWN]


def test_a_need_its_owner_declined_stays_the_owners_and_is_help() -> None:
    board = corridor(0.0)
    said_no = BoardSeat("server 2", "", 900.0, declined=frozenset("b"))
    near = rounds_of(replace(board, seats=(board.seats[0], said_no)), budget_ms=1)
    assert [(s.place, s.why, s.owner) for s in near["server 1"].stops] == [
        ("beside", Why.ON_THE_WAY, "server 2"),
        ("there", Why.OWN, "server 1"),
    ]
    far = corridor(4.2)
    rounds = rounds_of(replace(far, seats=(far.seats[0], said_no)), budget_ms=1)
    assert [stop.place for stop in rounds["server 1"].stops] == ["there", "beside"]
    assert rounds["server 2"].stops == ()


def test_a_table_whose_owner_is_not_on_shift_is_anybodys_with_all_it_needs() -> None:
    floor = grid(sections=2, tables=3, need_types=KINDS)
    tables, owners = cut_of(floor)
    bill = BoardNeed("b", "2-1", "bill")
    board = Board(floor, lay_out(floor), tables, owners, (BoardSeat("server 1"),), (bill,))
    stops = rounds_of(board, budget_ms=1)["server 1"].stops
    assert [(stop.need, stop.why, stop.owner) for stop in stops] == [("b", Why.ANYBODYS, "")]


def test_a_taken_need_of_a_neighbour_is_taken_help_and_gone_from_the_owners_round() -> None:
    board = corridor(3.0)
    taken = replace(board.needs[1], taker="server 1")
    free = BoardSeat("server 2", "beside", 30.0)
    board = replace(board, needs=(board.needs[0], taken), seats=(board.seats[0], free))
    rounds = rounds_of(board, budget_ms=1)
    stop = next(stop for stop in rounds["server 1"].stops if stop.need == "b")
    assert (stop.taken, stop.owner) == (True, "server 2")
    assert stop.why in (Why.DETOUR, Why.ON_THE_WAY)
    assert rounds["server 2"].stops == ()


def test_a_look_goes_along_when_it_costs_little_and_alone_when_it_is_old() -> None:
    board = corridor(0.0)
    seat = BoardSeat("server 1", "here")
    look = BoardNeed("look", "there", "", False)

    def planned(age_s: float) -> list[str]:
        asked = replace(board, seats=(seat,), needs=(look,), now_s=age_s)
        return [stop.need for stop in rounds_of(asked, budget_ms=1)["server 1"].stops]

    assert planned(50.0) == []
    assert planned(61.0) == ["look"]
    along = replace(board, seats=(seat,), needs=(board.needs[0], look), now_s=50.0)
    assert {s.need for s in rounds_of(along, budget_ms=1)["server 1"].stops} == {"a", "look"}


def test_a_cup_probably_empty_is_worth_a_walk_but_what_was_asked_for_comes_first() -> None:
    board = corridor(0.0)
    kind = replace(board.floor.need_types[0], name="cup", weight=2.0, asks_after=Durations(400.0))
    floor = replace(board.floor, need_types=(*board.floor.need_types, kind))
    seat = BoardSeat("server 1", "beside")
    cup, asked = BoardNeed("c", "here", "cup", False), board.needs[0]

    def planned(*needs: BoardNeed) -> list[str]:
        now = replace(board, floor=floor, seats=(seat,), needs=needs, now_s=100.0)
        return [stop.need for stop in rounds_of(now, budget_ms=1)["server 1"].stops]

    assert planned(cup) == ["c"]
    assert planned(cup, asked) == ["a", "c"]
    assert planned(replace(cup, asked=True), asked) == ["c", "a"]


def test_a_contact_centre_sends_each_need_to_a_skill_and_says_it_is_anybodys() -> None:
    kinds = NeedType("bills", 9.0, Durations(60.0)), NeedType("faults", 9.0, Durations(60.0))
    floor = Floor(
        nodes=(Node("line 1", Kind.QUEUE), Node("line 2", Kind.QUEUE)),
        need_types=kinds,
        servers=(Server("a", skills=("bills",)), Server("b", skills=("faults", "bills"))),
    )
    needs = BoardNeed("x", "line 1", "bills"), BoardNeed("y", "line 2", "faults")
    board = Board(floor, lay_out(floor), {}, {}, (BoardSeat("a"), BoardSeat("b")), needs)
    rounds = rounds_of(board, budget_ms=1)
    assert [(s.need, s.why, s.walk_s) for s in rounds["a"].stops] == [("x", Why.ANYBODYS, 0.0)]
    assert [stop.need for stop in rounds["b"].stops] == ["y"]
    alone = replace(board, seats=(BoardSeat("a"),))
    assert [stop.need for stop in rounds_of(alone, budget_ms=1)["a"].stops] == ["x"]


def test_nobody_on_shift_and_nothing_waiting_are_no_trouble() -> None:
    board = corridor(0.0)
    assert rounds_of(replace(board, seats=()), budget_ms=1) == {}
    nothing = rounds_of(replace(board, needs=()), budget_ms=1)
    assert [planned.stops for planned in nothing.values()] == [(), ()]
    strange = BoardNeed("z", "no such place", "own"), BoardNeed("k", "there", "no such kind")
    rounds = rounds_of(replace(board, needs=strange), budget_ms=1)
    assert [stop.need for stop in rounds["server 1"].stops] == ["k"]


def test_what_to_take_along_is_said_for_the_whole_round() -> None:
    floor = grid(sections=1, tables=3, need_types=KINDS, hands={"pot": 2, "jug": 3})
    tables, owners = cut_of(floor)
    seats = (BoardSeat("server 1", "1-1"),)
    needs = tuple(BoardNeed(str(n), f"1-{n}", "coffee") for n in (1, 2, 3))
    board = Board(floor, lay_out(floor), tables, owners, seats, needs)
    planned = rounds_of(board, budget_ms=2)["server 1"]
    fetches = [stop for stop in planned.stops if not stop.need]
    assert planned.take == {"pot": 3}
    assert sum(stop.take["pot"] for stop in fetches) == 3
    assert all(stop.place == "station" for stop in fetches)
