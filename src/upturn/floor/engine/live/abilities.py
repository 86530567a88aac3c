"""Which seat may be sent to which need: skills, hands, walks, what was declined, what is taken."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from upturn.floor.engine.laid import Flags, Ints
from upturn.floor.engine.live.shapes import LOOK, Board, BoardNeed
from upturn.floor.engine.shapes import Durations, NeedType

LOOK_S, USUAL_S = 4.0, 20.0
"""What a look takes, and a need of a kind that is no longer in the drawing."""


class Abilities(NamedTuple):
    """Seats (m) of a board and those needs (n) of it that somebody can be sent to.

    `node` (n,) where they are, `at` (m,) where the seats stand; `server` (m,) index in the
    drawing or -1; `owner`, `taker` (n,) seat on shift or -1; `able` (m, n); `plainly` (m, n)
    whether skills and hands alone allow it.
    """

    needs: tuple[BoardNeed, ...]
    kinds: tuple[NeedType, ...]
    node: Ints
    at: Ints
    server: Ints
    owner: Ints
    taker: Ints
    able: Flags
    plainly: Flags


def abilities(board: Board) -> Abilities:
    """Find out who can do what; needs that nobody can be sent to are left out.

    Parameters
    ----------
    board : Board

    Returns
    -------
    Abilities
        A need taken by a seat is able to that seat alone, whatever its skills say.
    """
    place = {node.id: at for at, node in enumerate(board.floor.nodes)}
    seat = {held.name: at for at, held in enumerate(board.seats)}
    known = tuple(
        need
        for need in board.needs
        if need.place in place and (not need.taker or need.taker in seat)
    )
    types = {kind.name: kind for kind in board.floor.need_types} | {LOOK: _LOOK}
    usual = NeedType("", 0.0, Durations(USUAL_S))
    kinds = tuple(types.get(n.kind) or replace(usual, name=n.kind) for n in known)
    found = Abilities(
        needs=known,
        kinds=kinds,
        node=np.array([place[need.place] for need in known], np.int64),
        at=_positions(board, place),
        server=_servers(board),
        owner=np.array([seat.get(_owner(board, need.place), -1) for need in known], np.int64),
        taker=np.array([seat.get(need.taker, -1) for need in known], np.int64),
        able=np.ones((len(seat), len(known)), np.bool_),
        plainly=np.ones((len(seat), len(known)), np.bool_),
    )
    return _possible(_filled(board, found))


_LOOK = NeedType(LOOK, 0.0, Durations(LOOK_S))


def _owner(board: Board, place: str) -> str:
    return board.owners.get(board.tables.get(place, ""), "")


def _servers(board: Board) -> Ints:
    number = {server.id: at for at, server in enumerate(board.floor.servers)}
    return np.array([number.get(seat.name, -1) for seat in board.seats], np.int64)


def _positions(board: Board, place: dict[str, int]) -> Ints:
    laid, servers = board.laid, _servers(board)
    station = int(laid.stations[0]) if len(laid.stations) else 0
    homes = [int(laid.home[at]) if at >= 0 else station for at in servers]
    found = [place.get(seat.at, home) for seat, home in zip(board.seats, homes, strict=True)]
    return np.array(found, np.int64)


def _filled(board: Board, found: Abilities) -> Abilities:
    """Work out who is able."""
    fetches = _fetches(board, found.at)
    can = {
        name: _can(board, found.server, kind) & (fetches | (not kind.item))
        for name, kind in {kind.name: kind for kind in found.kinds}.items()
    }
    plainly = (
        np.array([can[kind.name] for kind in found.kinds], np.bool_)
        .reshape(len(found.needs), len(board.seats))
        .T
    )
    able = plainly.copy()
    column = {need.ref: at for at, need in enumerate(found.needs)}
    for row, seat in enumerate(board.seats):
        able[row, [column[ref] for ref in seat.declined if ref in column]] = False
    for at, kind in enumerate(found.kinds):
        if kind.owner_only and found.owner[at] >= 0:
            able[np.arange(len(board.seats)) != found.owner[at], at] = False
    taken = np.flatnonzero(found.taker >= 0)
    able[:, taken] = False
    able[found.taker[taken], taken] = True
    able &= np.isfinite(board.laid.walk_s[np.ix_(found.at, found.node)])
    return found._replace(able=able, plainly=plainly)


def _fetches(board: Board, at: Ints) -> Flags:
    """Whether each seat can go to a station; without any, what is carried lies everywhere."""
    if not len(board.laid.stations):
        return np.ones(len(at), np.bool_)
    to_station: Flags = np.isfinite(board.laid.walk_s[np.ix_(at, board.laid.stations)])
    return np.asarray(to_station.any(axis=1), np.bool_)


def _can(board: Board, servers: Ints, kind: NeedType) -> Flags:
    """Whether the skills and hands of each seat allow a kind."""
    found = []
    for at in servers:
        server = board.floor.servers[at] if at >= 0 else None
        skilled = server is None or not server.skills or kind.name in (*server.skills, LOOK)
        carries = not kind.item or (server is not None and server.hands.get(kind.item, 0) > 0)
        found.append(skilled and (carries or not len(board.laid.stations)))
    return np.array(found, np.bool_)


def _possible(found: Abilities) -> Abilities:
    """Leave out what nobody can be sent to."""
    some = np.flatnonzero(found.able.any(axis=0))
    return found._replace(
        needs=tuple(found.needs[at] for at in some),
        kinds=tuple(found.kinds[at] for at in some),
        node=found.node[some],
        owner=found.owner[some],
        taker=found.taker[some],
        able=found.able[:, some],
        plainly=found.plainly[:, some],
    )
