"""Ten minutes of a floor replayed with somebody in one seat, who chooses every next stop (S0.3).

Who is asked: whenever the seat is free and something waits there that is worth a stop, own needs or
help on the way. Otherwise it goes home, and on its rounds, by itself.

Nothing is kept: a try is the list of its choices, and the same list gives the same ten minutes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import count
from math import inf

import numpy as np

from upturn.floor.engine import plain_choice as choice
from upturn.floor.engine.errors import BadSetting
from upturn.floor.engine.lab.advising import HOME, Advice, advise
from upturn.floor.engine.laid import lay_out
from upturn.floor.engine.needs import Needs, needs_expected
from upturn.floor.engine.plain import Decides, Doing, Standing, Told, run_plainly
from upturn.floor.engine.policy import OwnTheWhole
from upturn.floor.engine.shapes import Floor

LONGEST = 200
"""Choices that one try may hold."""
NEEDS_MOST = 3_000
"""Needs in an hour of a floor that one can practise on: a hundred tables, thirty each."""
BUSY_SHARE = 1.4
"""An evening to practise on is this much busier than the floor says."""


@dataclass(frozen=True, slots=True)
class Round:
    """Which ten minutes, in whose seat; `policy` serves all other sections.

    The planner keeps to the same price and bounds of help.
    """

    floor: Floor
    needs: Needs
    seat: int
    from_s: float = 1200.0
    seconds: float = 600.0
    policy: OwnTheWhole = OwnTheWhole()  # noqa: RUF009 - frozen, and without state

    @property
    def until_s(self) -> float:
        """When it is over."""
        return self.from_s + self.seconds


@dataclass(frozen=True, slots=True)
class Stop:
    """A need one may go for: `walk_s` with what has to be fetched, `late_in_s` inf for never."""

    need: int
    node: int
    kind: int
    waiting_s: float
    walk_s: float
    late_in_s: float
    own: bool
    fetch: bool


@dataclass(frozen=True, slots=True)
class Step:
    """Where somebody stands and may choose; `seen` are tables where somebody who looks sees more.

    `advice` is where the planner would go; `in_hand` items by number.
    """

    now_s: float
    at: int
    stops: tuple[Stop, ...]
    advice: Advice
    seen: tuple[tuple[int, int], ...]
    in_hand: tuple[int, ...]
    others: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """What came of ten minutes: the mean wait on the whole floor and at the own tables.

    Needs that nobody has begun at the end count as waiting until then. `agreed` of `chosen`
    choices were those of the planner.
    """

    wait_s: float
    own_wait_s: float
    met: int
    walk_m: float
    chosen: int = 0
    agreed: int = 0


@dataclass(frozen=True, slots=True)
class Try:
    """How far a try has come: the next step, or the score when the ten minutes are over.

    `taken` are the steps behind it with what was chosen there; `advised` is all that the planner
    was asked, which spares a longer try that begins like this one from asking it again.
    """

    taken: tuple[tuple[Step, int], ...]
    next: Step | None
    score: Score | None
    advised: tuple[Advice, ...] = ()


class _Asked(Exception):
    def __init__(self, step: Step) -> None:
        super().__init__()
        self.step = step


def replay(given: Round, choices: Sequence[int] = (), *, advised: Sequence[Advice] = ()) -> Try:
    """Replay the choices made so far.

    Parameters
    ----------
    given : Round
    choices : sequence of int
        Numbers of needs, or `HOME`, in the order in which they were chosen.
    advised : sequence of Advice, optional
        Of a try that made the first of these choices.

    Returns
    -------
    Try

    Raises
    ------
    BadSetting
        If a choice was not open at its moment, or there are more than `LONGEST`.
    """
    if len(choices) > LONGEST:
        raise BadSetting("choices", len(choices), f"a try has at most {LONGEST}; begin anew")
    left, asked = list(choices), list(advised)
    taken: list[tuple[Step, int]] = []
    counted = count()

    def decides(state: Standing, server: int) -> int:
        if state.now < given.from_s:
            return choice.choose(state, server)
        number = next(counted)
        if number == len(asked):
            asked.append(advise(given.floor, given.policy, state, server))
        step = _step(given, state, asked[number])
        if not step.stops:
            return HOME
        taken.append((step, _chosen(step, left)))
        return taken[-1][1]

    try:
        told = _run(given, decides=(given.seat, decides))
    except _Asked as open_:
        return Try(tuple(taken), open_.step, None, tuple(asked))
    agreed = sum(step.advice.need == chosen for step, chosen in taken)
    score = replace(_score(given, told), chosen=len(taken), agreed=agreed)
    return Try(tuple(taken), None, score, tuple(asked))


def _chosen(step: Step, left: list[int]) -> int:
    """Take the next choice, or ask for it."""
    if not left:
        raise _Asked(step)
    chosen = left.pop(0)
    if chosen != HOME and chosen not in {stop.need for stop in step.stops}:
        raise BadSetting("choices", chosen, "this stop was not open then; begin anew")
    return chosen


def experienced(given: Round) -> Score:
    """Give what comes of the same ten minutes when the planner decides for this seat."""

    def decides(state: Standing, server: int) -> int:
        if state.now < given.from_s:
            return choice.choose(state, server)
        return advise(given.floor, given.policy, state, server).need

    return _score(given, _run(given, decides=(given.seat, decides)))


def _run(given: Round, *, decides: tuple[int, Decides]) -> Told:
    return run_plainly(
        given.floor,
        needs=given.needs,
        policy=given.policy,
        closes_s=given.until_s,
        decides=decides,
    )


def _worth_a_stop(given: Round, state: Standing) -> list[int]:
    """Own needs, and those of neighbours that fit on the way with what is in hand."""
    server, found = given.seat, choice.candidates(state, given.seat)
    own = [need for need in found if choice.is_own(state, server, need)]
    target = choice.best(state, server, own)
    return own + [
        need for need in found if choice.extra_s(state, given.policy, server, need, target) < inf
    ]


def _step(given: Round, state: Standing, advice: Advice) -> Step:
    server, needs = given.seat, state.needs
    worth = {*_worth_a_stop(given, state), advice.need} - {HOME}
    stops = [_stop(state, server, need) for need in worth]
    seen = [need for need in choice.unknown(state) if choice.is_own(state, server, need)]
    return Step(
        now_s=state.now,
        at=state.at[server],
        stops=tuple(sorted(stops, key=lambda stop: (not stop.own, stop.node, stop.need))),
        advice=advice,
        seen=tuple((int(needs.node[need]), int(needs.kind[need])) for need in seen),
        in_hand=tuple(item for item, left in enumerate(state.carries[server]) if left > 0),
        others=tuple(
            at if state.doing[other] is not Doing.OFF else -1 for other, at in enumerate(state.at)
        ),
    )


def _stop(state: Standing, server: int, need: int) -> Stop:
    created_s, kind = float(state.needs.created_s[need]), int(state.needs.kind[need])
    return Stop(
        need=need,
        node=int(state.needs.node[need]),
        kind=kind,
        waiting_s=state.now - created_s,
        walk_s=choice.reach_s(state, server, need),
        late_in_s=created_s + float(state.laid.due_s[kind]) - state.now,
        own=choice.is_own(state, server, need),
        fetch=choice.first_stop(state, server, need, at=state.at[server]) != state.at[server],
    )


def _score(given: Round, told: Told) -> Score:
    records = told.records
    within = (records.created_s >= given.from_s) & (records.created_s < given.until_s)
    began = np.where(records.started_s < inf, records.started_s, given.until_s)
    wait = np.minimum(began, np.minimum(records.ended_s, given.until_s)) - records.created_s
    own = within & (records.owner == given.seat)
    met = (records.server == given.seat) & (records.started_s >= given.from_s)
    walks = [
        max(0.0, min(move.until_s, given.until_s) - max(move.from_s, given.from_s))
        for move in told.moves
        if move.server == given.seat and not move.serves
    ]
    pace = given.floor.servers[given.seat].speed_m_s
    return Score(
        wait_s=_mean(wait[within]),
        own_wait_s=_mean(wait[own]),
        met=int(met.sum()),
        walk_m=sum(walks) * pace,
    )


def _mean(values: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> float:
    return float(values.mean()) if len(values) else 0.0


def busy(floor: Floor) -> Floor:
    """Give the floor on an evening that is worth practising on."""
    kinds = (replace(kind, per_hour=kind.per_hour * BUSY_SHARE) for kind in floor.need_types)
    return replace(floor, need_types=tuple(kinds))


def seats(floor: Floor) -> tuple[int, ...]:
    """Seats that own tables, and can be practised in; none where too much happens to choose."""
    if needs_expected(floor, hours=1.0) > NEEDS_MOST:
        return ()
    owner = lay_out(floor).owner
    return tuple(sorted({int(seat) for seat in owner if seat >= 0}))
