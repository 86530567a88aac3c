"""Ten minutes in one seat. Nothing of it is stored: a try is the list of its choices."""

from collections.abc import Sequence
from hashlib import sha256
from typing import NamedTuple

from django.core.cache import cache
from django.core.exceptions import ObjectDoesNotExist

from upturn.floor.engine.lab.advising import HOME
from upturn.floor.engine.lab.practice import (
    Round,
    Score,
    Step,
    Stop,
    Try,
    busy,
    experienced,
    replay,
    seats,
)
from upturn.floor.engine.shapes import Floor
from upturn.floor.queries.floors import Drawn

EVENINGS = 1_000
KEPT_S = 3600
"""How long it is kept what the planner said, for every page of a try asks it all over again."""
Key = tuple[str, int, int]
"""What ten minutes hang on: the file of the floor, the seat, the evening."""


class Choice(NamedTuple):
    """One button: where to go, what for, and what becomes of the address."""

    stop: Stop
    place: str
    what: str
    choices: str


class Behind(NamedTuple):
    """A choice that was made, beside what the planner would have done."""

    at_s: float
    chosen: str
    advice: str
    same: bool


class Practice(NamedTuple):
    """The next choice, or the score when the ten minutes are over."""

    floor: Floor
    seat: int
    section: str
    seats: tuple[tuple[int, str], ...]
    evening: int
    next: int
    made: str
    left_s: float
    step: Step | None
    at: str
    in_hand: str
    own: tuple[Choice, ...]
    others: tuple[Choice, ...]
    home: str
    advice: str
    seen: tuple[tuple[str, str], ...]
    marks: dict[int, str]
    behind: tuple[Behind, ...]
    score: Score | None
    experienced: Score | None


def practised(drawn: Drawn, *, seat: int, evening: int, choices: Sequence[int]) -> Practice:
    """Replay a try as far as it goes.

    Raises
    ------
    ObjectDoesNotExist
        If nobody owns a table there, or not in this seat.
    BadSetting
        If these choices were not open.
    """
    from upturn.floor.engine.drawing import draw_needs  # noqa: PLC0415 - numba

    floor = drawn.floor
    open_seats = seats(floor)
    if seat not in open_seats or not 0 < evening <= EVENINGS:
        raise ObjectDoesNotExist
    needs = draw_needs(busy(floor), hours=0.5, seed=evening, replication=0)
    given, key = Round(floor, needs, seat), (drawn.version.toml, seat, evening)
    tried = _tried(given, choices, key)
    step, made = tried.next, _written(choices)

    def name(need: int) -> str:
        if need == HOME:
            return ""
        return f"{floor.nodes[needs.node[need]].id}: {floor.need_types[needs.kind[need]].name}"

    buttons = [
        Choice(
            stop,
            floor.nodes[stop.node].id,
            floor.need_types[stop.kind].name,
            _written([*choices, stop.need]),
        )
        for stop in (step.stops if step else ())
    ]
    return Practice(
        floor=floor,
        seat=seat,
        section=floor.servers[seat].section,
        seats=tuple((each, floor.servers[each].section) for each in open_seats),
        evening=evening,
        next=evening % EVENINGS + 1,
        made=made,
        left_s=given.until_s - step.now_s if step else 0.0,
        step=step,
        at=floor.nodes[step.at].id if step else "",
        in_hand=_in_hand(floor, step),
        own=tuple(each for each in buttons if each.stop.own),
        others=tuple(each for each in buttons if not each.stop.own),
        home=_written([*choices, HOME]),
        advice=name(step.advice.need) if step else "",
        seen=tuple(
            (floor.nodes[node].id, floor.need_types[kind].name)
            for node, kind in (step.seen if step else ())
        ),
        marks=_marks(step),
        behind=tuple(
            Behind(
                at_s=past.now_s - given.from_s,
                chosen=name(chosen),
                advice=name(past.advice.need),
                same=chosen == past.advice.need,
            )
            for past, chosen in tried.taken
        ),
        score=tried.score,
        experienced=_experienced(given, key) if tried.score else None,
    )


def _tried(given: Round, choices: Sequence[int], key: Key) -> Try:
    """Replay, with what the planner said one choice before."""
    kept_as = _kept_as(*key, *choices)
    advised = cache.get(kept_as) or cache.get(_kept_as(*key, *choices[:-1])) or ()
    tried = replay(given, choices, advised=advised)
    cache.set(kept_as, tried.advised, KEPT_S)
    return tried


def _experienced(given: Round, key: Key) -> Score:
    """Give what the planner makes of it."""
    kept_as = f"{_kept_as(*key)}-planner"
    score: Score | None = cache.get(kept_as)
    if score is None:
        score = experienced(given)
        cache.set(kept_as, score, KEPT_S)
    return score


def _kept_as(*parts: str | int) -> str:
    return f"practice-{sha256(repr(parts).encode()).hexdigest()}"


def _written(choices: Sequence[int]) -> str:
    return ".".join(str(choice + 1) for choice in choices)


def _in_hand(floor: Floor, step: Step | None) -> str:
    items = list(dict.fromkeys(kind.item for kind in floor.need_types if kind.item))
    return ", ".join(items[item] for item in (step.in_hand if step else ()))


def _marks(step: Step | None) -> dict[int, str]:
    if step is None:
        return {}
    marks = {stop.node: "waits" for stop in step.stops}
    return marks | {step.at: f"{marks.get(step.at, '')} you"}
