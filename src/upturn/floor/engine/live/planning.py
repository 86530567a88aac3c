"""The next round of each seat on a board, told in seats and places."""

from collections import Counter
from collections.abc import Callable, Mapping

from upturn.floor.engine.live.laying import Layout, lay_for_rounds
from upturn.floor.engine.live.shapes import Board, LiveRound, LiveStop
from upturn.floor.engine.rounds.planning import plan_round
from upturn.floor.engine.rounds.shapes import Round, Stop, Why
from upturn.floor.engine.rounds.telling import SAME_S
from upturn.floor.engine.shapes import Kind


def rounds_of(  # noqa: PLR0913 - three rules of the policy, how to search, and for whom
    board: Board,
    *,
    budget_ms: float,
    own_first_s: float = 15.0,
    detour_s: float = 6.0,
    seed: int = 0,
    clock: Callable[[], float] | None = None,
    only: str = "",
) -> dict[str, LiveRound]:
    """Say where each seat goes next, what it takes along, and why (S0.8 to S0.10, S0.12).

    Parameters
    ----------
    board : Board
    budget_ms, own_first_s, detour_s, seed, clock
        As of `plan_round`: how long to look for better rounds, the price of help, the most
        walking help may cost on the way, and how to search.
    only : str
        The one seat whose round is wanted; empty: all of them.

    Returns
    -------
    dict of seat to LiveRound
        One for each seat on shift. What a seat took is in its round and in no other; help comes
        with the item in hand; what is for the owner alone is offered to nobody else, unless no
        owner is on shift. Whose table it is, is said and never changed.

    Examples
    --------
    >>> from upturn.floor.engine.grid import grid
    >>> from upturn.floor.engine.laid import lay_out
    >>> from upturn.floor.engine.live import Board, BoardNeed, BoardSeat
    >>> floor = grid(sections=2, tables=6)
    >>> tables = {node.id: node.section for node in floor.nodes if node.section}
    >>> board = Board(
    ...     floor, lay_out(floor), tables, {"section 1": "server 1", "section 2": "server 2"},
    ...     (BoardSeat("server 1", "1-1"), BoardSeat("server 2", "2-6", 900.0)),
    ...     (BoardNeed("a", "2-1", "request"), BoardNeed("b", "2-2", "request")),
    ... )
    >>> rounds = rounds_of(board, budget_ms=1)
    >>> [(stop.place, stop.owner, stop.why.value) for stop in rounds["server 1"].stops]
    [('2-1', 'server 2', 'detour'), ('2-2', 'server 2', 'on the way')]
    """
    if not board.seats:
        return {}
    layout = lay_for_rounds(board)
    wanted = [at for at, seat in enumerate(board.seats) if seat.name == only] if only else None
    plan = plan_round(
        layout.snapshot, budget_ms=budget_ms, own_first_s=own_first_s, detour_s=detour_s,
        seed=seed, clock=clock, told=wanted,
    )  # fmt: skip
    return {
        seat.name: _told(board, layout, planned)
        for seat, planned in zip(board.seats, plan.rounds, strict=False)
        if only in ("", seat.name)
    }


def _told(board: Board, layout: Layout, planned: Round) -> LiveRound:
    take = Counter(planned.take)
    for stop in planned.stops:
        take.update(stop.take)
    stops = (_stop(board, layout, planned.seat, stop) for stop in planned.stops)
    return LiveRound(tuple(stops), dict(take))


def _stop(board: Board, layout: Layout, seat: int, stop: Stop) -> LiveStop:
    if stop.need is None:
        return _fetch(board.floor.nodes[stop.node].id, stop, stop.take)
    able = layout.able
    need, owner = able.needs[stop.need], int(able.owner[stop.need])
    is_taken = int(able.taker[stop.need]) == seat
    return LiveStop(
        need=need.ref,
        place=need.place,
        kind=need.kind,
        why=_why(stop, owner, seat) if is_taken else stop.why,
        extra_s=stop.extra_s,
        walk_s=stop.walk_s,
        item=stop.item,
        owner=board.seats[owner].name if owner >= 0 else "",
        taken=is_taken,
        count=need.count,
        is_call=board.floor.nodes[stop.node].kind is Kind.QUEUE,
    )


def _fetch(place: str, stop: Stop, take: Mapping[str, int]) -> LiveStop:
    return LiveStop("", place, "", stop.why, stop.extra_s, stop.walk_s, take=dict(take))


def _why(stop: Stop, owner: int, seat: int) -> Why:
    """Why a taken need is on the round: the planner counts what a seat took as its own."""
    if owner == seat:
        return stop.why
    if owner < 0:
        return Why.ANYBODYS
    return Why.ON_THE_WAY if stop.extra_s <= SAME_S else Why.DETOUR
