"""What the people of Four Hearths answer when they are asked about each other."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from upturn.stats.draws import generator

from .sources import words

STEPS = 5
SPREAD_OF_PEOPLE = 0.55
SPREAD_OF_ANSWERS = 0.7
GUESSES_LOW = 0.3
LEAVES_OUT = 0.02
WRITES = 0.35
DESKS = ("group-office", "house-leaders", "payroll", "scheduling", "menu-desk", "purchasing")
FRONT = ("floor", "host", "bar", "counter")


class Planned(NamedTuple):
    """A wave: when it was open, and whom it asked about whom."""

    key: str
    title: str
    instrument: str
    opened_on: date
    closed_on: date
    pairs: tuple[tuple[str, str], ...]
    answered: float


class Question(NamedTuple):
    """A question as somebody of ``unit`` gets it; ``pair`` only where it is about one."""

    key: str
    item: str
    form: str
    side: str
    choices: tuple[str, ...] = ()
    group: str = ""
    reversed_: bool = False
    pair: tuple[str, str] = ("", "")


def planned_waves(today: date) -> tuple[Planned, ...]:
    """Waves that were opened and closed before ``today``, oldest first."""
    plan = words("waves")
    monday = today - timedelta(days=today.weekday())
    found = []
    for wave in plan["wave"]:
        opened = monday - timedelta(weeks=wave["ago"])
        asked = plan["pulse" if wave["instrument"] == "pulse" else "signs"]
        pairs = tuple(_leads()) if wave["instrument"] == "pulse" else ()
        found.append(
            Planned(
                wave["key"],
                wave["title"],
                wave["instrument"],
                opened,
                opened + timedelta(weeks=2),
                pairs,
                asked["answered"],
            )
        )
    return tuple(sorted(found, key=lambda wave: wave.opened_on))


def answer(
    questions: Sequence[Question], *, wave: str, unit: str, number: int, seed: int = 7
) -> tuple[dict[str, int], dict[str, str]]:
    """Answers and words of the ``number``-th person of a unit, by the key of the question."""
    rng = generator(seed, "restaurant group", "waves", wave, unit, str(number))
    person = rng.normal(0, SPREAD_OF_PEOPLE)
    answers: dict[str, int] = {}
    said: dict[str, str] = {}
    for question in questions:
        if question.form == "words":
            if rng.random() < WRITES:
                said[question.key] = str(rng.choice(words("waves")["said"][_leading(question)]))
        elif question.form == "split":
            answers[question.key] = _tenths(question, questions, unit=unit, person=person)
        elif rng.random() >= LEAVES_OUT:
            answers[question.key] = _one(question, wave=wave, unit=unit, person=person, rng=rng)
    return answers, said


def _one(
    question: Question, *, wave: str, unit: str, person: float, rng: np.random.Generator
) -> int:
    if question.form == "choice":
        return _chosen(question, unit=unit, rng=rng)
    mean = _pulse_mean(question, wave) if question.pair[0] else _sign_mean(question, unit)
    drawn = round(mean + person + rng.normal(0, SPREAD_OF_ANSWERS))
    value = int(np.clip(drawn, 1, STEPS))
    return STEPS + 1 - value if question.reversed_ else value


def _chosen(question: Question, *, unit: str, rng: np.random.Generator) -> int:
    plan = words("waves")
    if question.item == "cause":
        of_key: Mapping[str, float] = plan["cause"][_leading(question)]
        weights = [of_key.get(choice, 0.02) for choice in question.choices]
    else:
        weights = list(plan["steps"][_stands(unit)])[: len(question.choices)]
        weights += [0.0] * (len(question.choices) - len(weights))
    shares = np.asarray(weights, dtype=float) / sum(weights)
    return int(rng.choice(len(shares), p=shares)) + 1


def _tenths(question: Question, questions: Sequence[Question], *, unit: str, person: float) -> int:
    """The week in tenths, and one; whoever is low does things again for a tenth more."""
    week = list(words("waves")["time"][_stands(unit)])
    if person < 0 and week[0] > 0:
        week = [week[0] - 1, week[1], week[2] + 1]
    parts = [other.key for other in questions if other.group == question.group]
    return int(week[parts.index(question.key)]) + 1


def _pulse_mean(question: Question, wave: str) -> float:
    served, serving, guess = _truth(*question.pair, wave)
    if question.item == "matters":
        return 4.1
    if question.item == "guess":
        return guess if question.side == "serving" else serving - GUESSES_LOW
    return serving if question.side == "serving" else served


@cache
def _truth(server: str, served: str, wave: str) -> tuple[float, float, float]:
    """Mean of the served side, of the serving side, and what the serving side guesses."""
    for one, other, only, low, high, guess in words("waves")["planted"]["pairs"]:
        if (one, other) == (server, served) and only in ("", wave):
            return low, high, guess
    well = 1 + 0.4 * _how_well()[server, served]
    own = well + _leads()[server, served]
    return well, own, own - GUESSES_LOW


def _sign_mean(question: Question, unit: str) -> float:
    servers, leaders = words("waves")["signs"][question.item]
    here: dict[str, float] = words("waves")["places"]
    shift = next((by for place, by in here.items() if unit.startswith(place.lower())), 0.0)
    return float(leaders if _leading(question) == "leaders" else servers + shift)


def _leading(question: Question) -> str:
    return "leaders" if question.side == "leaders" else "servers"


def _stands(unit: str) -> str:
    if unit.startswith(DESKS) or unit in DESKS:
        return "desk"
    return "front" if unit.endswith(FRONT) else "behind"


def _in_houses(rows: Sequence[Sequence[Any]]) -> list[tuple[str, str, float]]:
    houses = [house["key"] for house in words("organisation")["house"]]
    return [
        (server.replace("@", f"{house}-"), served.replace("@", f"{house}-"), by)
        for house in houses
        for server, served, *_between, by in rows
    ]


@cache
def _leads() -> dict[tuple[str, str], float]:
    """How far the serving side thinks better of a relationship than the served side."""
    pulse = words("waves")["pulse"]
    rows = _in_houses(pulse["house"]) + [tuple(row) for row in pulse["shared"]]
    return {(server, served): by for server, served, by in rows}


@cache
def _how_well() -> dict[tuple[str, str], float]:
    serves = words("organisation")["serves"]
    rows = _in_houses(serves["house"])
    rows += [(server, served, well) for server, served, *_between, well in serves["shared"]]
    return {(server, served): well for server, served, well in rows}
