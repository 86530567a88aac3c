"""A board that has outlived its drawing is planned all the same: what cannot be met is left out."""

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.floor.engine.live_drawn import KINDS, board_of
from upturn.floor.engine.laid import lay_out
from upturn.floor.engine.live import Board, BoardNeed, BoardSeat, rounds_of
from upturn.floor.engine.shapes import Edge, Floor, Kind, Server


def changed(server: Server, draw: Any) -> Server:
    skills = draw(st.lists(st.sampled_from([kind.name for kind in KINDS]), unique=True))
    hands = draw(st.sampled_from([{}, {"pot": 2}, {"pot": 1, "jug": 1}]))
    return replace(server, skills=tuple(skills), hands=hands)


def walled(floor: Floor) -> Floor:
    """Walks within each section alone, and to the station from the first."""
    tables = [node for node in floor.nodes if node.section]
    edges = [Edge(a.id, b.id, 4.0) for a in tables for b in tables if a.section == b.section]
    return replace(floor, edges=(*edges, Edge(tables[0].id, "station", 9.0)))


@st.composite
def strange_boards(draw: Any) -> Board:
    board = board_of(draw(st.integers(0, 10**6)), needs=10, declined=0.3)
    floor = replace(board.floor, servers=tuple(changed(s, draw) for s in board.floor.servers))
    if draw(st.booleans()):
        floor = walled(floor)
    if draw(st.booleans()):
        nodes = tuple(node for node in floor.nodes if node.kind is not Kind.STATION)
        edges = tuple(edge for edge in floor.edges if edge.b != "station")
        floor = replace(floor, nodes=nodes, edges=edges)
    return replace(
        board,
        floor=floor,
        laid=lay_out(floor),
        seats=(*board.seats, BoardSeat("no server", "no place", hands={"pot": 9, "cake": 1})),
        needs=(
            *board.needs,
            BoardNeed("gone", "no place", "coffee"),
            BoardNeed("old", "1-1", "no kind", taker="no server"),
            BoardNeed("soon", "1-2", "request", raised_s=9999.0),
        ),
    )


@given(strange_boards())
@settings(max_examples=200, deadline=None)
def test_whatever_the_board_nobody_is_sent_where_it_is_no_use(board: Board) -> None:
    skills = {server.id: server.skills for server in board.floor.servers}
    rounds = rounds_of(board, budget_ms=0.2)
    assert list(rounds) == [seat.name for seat in board.seats]
    for seat in board.seats:
        for stop in rounds[seat.name].stops:
            assert stop.need != "gone"
            if not stop.need or stop.taken or not stop.kind:
                continue
            assert not skills.get(seat.name) or stop.kind in skills[seat.name]
            assert stop.need not in seat.declined
