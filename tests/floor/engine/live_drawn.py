"""Boards of a shift, drawn for tests of what is live."""

from collections.abc import Mapping
from typing import Any

from upturn.floor.engine.grid import grid
from upturn.floor.engine.laid import lay_out
from upturn.floor.engine.live import Board, BoardNeed, BoardSeat, LiveRound
from upturn.floor.engine.shapes import Durations, Floor, Kind, NeedType, Node, Section, Server
from upturn.stats.draws import generator

KINDS = (
    NeedType("coffee", 6.0, Durations(20.0), 240.0, 2.0, "pot", asks_after=Durations(400.0)),
    NeedType("bill", 3.0, Durations(40.0), 180.0, 2.0, owner_only=True),
    NeedType("clear", 5.0, Durations(25.0), 600.0, asks_after=Durations(900.0)),
    NeedType("water", 4.0, Durations(15.0), 300.0, item="jug"),
    NeedType("request", 2.0, Durations(30.0), weight=2.0),
)


def cut_of(floor: Floor) -> tuple[dict[str, str], dict[str, str]]:
    """The tables in their sections and the owners of those, as drawn."""
    tables = {node.id: node.section for node in floor.nodes if node.section}
    return tables, {section.id: section.owner for section in floor.sections}


def board_of(seed: int, *, seats: int = 3, needs: int = 8, tables: int = 3, **how: Any) -> Board:
    """Draw a board: a fifth of the needs unasked, some taken, some declined, hands half full."""
    numbers = generator(seed, "live board")
    floor = grid(sections=seats, tables=tables, need_types=KINDS, hands={"pot": 4, "jug": 3})
    at, owners = cut_of(floor)
    held = [s.id for s in floor.servers if numbers.random() < how.get("held", 0.8)]
    held = held or ["server 1"]
    spots = [(place, kind.name) for place in at for kind in KINDS] + [(place, "") for place in at]
    chosen = [spots[n] for n in numbers.choice(len(spots), min(needs, len(spots)), replace=False)]

    def taker(place: str, kind: str) -> str:
        owner = owners[at[place]]
        if numbers.random() >= how.get("taken", 0.3):
            return ""
        if kind == "bill" and owner in held:
            return owner
        return str(numbers.choice([*held, "?"]))

    drawn = tuple(
        BoardNeed(
            f"n{number}", place, kind, bool(kind) and bool(numbers.random() < 0.8), 1,
            500.0 - float(numbers.uniform(0, 400)), taker(place, kind),
        )
        for number, (place, kind) in enumerate(chosen)
    )  # fmt: skip
    declined = how.get("declined", 0.1)
    return Board(
        floor,
        lay_out(floor),
        at,
        owners,
        tuple(
            BoardSeat(
                name,
                str(numbers.choice([*at, ""])),
                500.0 + float(numbers.uniform(-30, 60)),
                {"pot": int(numbers.integers(0, 5)), "jug": int(numbers.integers(0, 4))},
                frozenset(need.ref for need in drawn if numbers.random() < declined),
            )
            for name in held
        ),
        drawn,
        500.0,
    )


def starts_of(board: Board, name: str, planned: LiveRound) -> list[float]:
    """When each stop of a round starts, walked and served by the book."""
    seat = next(seat for seat in board.seats if seat.name == name)
    place = {node.id: number for number, node in enumerate(board.floor.nodes)}
    stays = {kind.name: kind.service.mean_s for kind in board.floor.need_types} | {"": 4.0}
    at, t, found = place[seat.at or "station"], max(seat.busy_until_s, board.now_s), []
    for stop in planned.stops:
        t += float(board.laid.walk_s[at, place[stop.place]])
        found.append(t)
        at, t = place[stop.place], t + (stays[stop.kind] if stop.need else 0.0)
    return found


def is_help(board: Board, name: str, stop: Any) -> bool:
    """Whether a stop is at somebody else's table and not taken by this seat."""
    return bool(stop.need) and not stop.taken and stop.owner not in ("", name)


def corridor(aside_m: float, *, item: str = "", held: Mapping[str, int] | None = None) -> Board:
    """Server 1 goes straight to an own table 20 s away; half way, so far aside, one of another.

    The owner of that one is busy for a quarter of an hour.
    """
    kinds = (
        NeedType("own", 1.0, Durations(20.0)),
        NeedType("other", 1.0, Durations(20.0), item=item),
    )
    hands = {"pot": 4}
    nodes = (
        Node("here", Kind.TABLE, 0.0, 0.0, "one"),
        Node("there", Kind.TABLE, 24.0, 0.0, "one"),
        Node("beside", Kind.TABLE, 12.0, aside_m, "two"),
        Node("station", Kind.STATION, 100.0, 100.0),
    )
    servers = Server("server 1", "one", hands=hands), Server("server 2", "two", hands=hands)
    floor = Floor(nodes, kinds, servers, (Section("one", "server 1"), Section("two", "server 2")))
    tables, owners = cut_of(floor)
    seats = BoardSeat("server 1", "here", hands=held or {}), BoardSeat("server 2", "", 900.0)
    needs = BoardNeed("a", "there", "own"), BoardNeed("b", "beside", "other")
    return Board(floor, lay_out(floor), tables, owners, seats, needs)
