"""What the example organisation consists of; names and values are those of Upturn's tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple


class Party(NamedTuple):
    """Somebody or something that serves or is served."""

    key: str
    name: str
    kind: str
    place: str
    description: str


class Serves(NamedTuple):
    """``server`` serves ``served`` with ``what``."""

    server: str
    served: str
    what: str
    direct: bool


class Touchpoint(NamedTuple):
    """A moment in the guest's day; ``served_by`` holds party keys, each direct or not."""

    key: str
    name: str
    moment: str
    customers: str
    place: str
    served_by: tuple[tuple[str, bool], ...]
    position: int


class Theme(NamedTuple):
    """Something guests write about, with the sentences a reader compares comments with."""

    key: str
    name: str
    description: tuple[str, ...]


class Person(NamedTuple):
    """Somebody who works here. ``memberships`` holds party keys and whether the person leads."""

    username: str
    display_name: str
    role: str
    memberships: tuple[tuple[str, bool], ...]
    demo_role: str


class Feedback(NamedTuple):
    """A guest's words; ``score`` as it was given, on the scale from ``low`` to ``high``."""

    text: str
    score: int | None
    low: int
    high: int
    at: datetime
    touchpoint: str | None
    channel: str
    external_id: str


class Truth(NamedTuple):
    """What a comment was drawn to say: for tests and benchmarks, never for import."""

    external_id: str
    touchpoint: str
    theme: str
    polarity: int


class Planted(NamedTuple):
    """Something that happens on purpose: for tests and benchmarks, never for import.

    ``week`` counts from the first of the 26; ``cause`` and what lies ``behind`` it are party keys
    or empty; ``tells`` is "cause", "cannot tell" or "better".
    """

    key: str
    week: int
    cause: str
    behind: str
    on_the_way: tuple[str, ...]
    touchpoints: tuple[str, ...]
    tells: str
    what: str


class ServersWords(NamedTuple):
    """What somebody of a party says stands in their way; who it was is drawn nowhere."""

    party: str
    text: str
    at: datetime
    external_id: str


class Measure(NamedTuple):
    """One week of a figure of a party or of an edge (server, served); ``better`` more or less."""

    party: str | None
    edge: tuple[str, str] | None
    name: str
    week: date
    value: float
    n: int | None
    low: float | None
    high: float | None
    better: str


class Move(NamedTuple):
    """One move of an ask, named as in ``upturn.commitments.engine``; ``thank`` is extra."""

    verb: str
    on: date
    actor: str | None
    fields: Mapping[str, str | date]


class Ask(NamedTuple):
    """What would help on ``edge``; ``raised_as`` is person (then ``raised_by``), team or ticket."""

    edge: tuple[str, str]
    text: str
    raised_as: str
    raised_by: str | None
    touchpoint: str | None
    theme: str | None
    raised_on: date
    moves: tuple[Move, ...]


class Rule(NamedTuple):
    """What must be done or not: ``keeper`` answers for it until ``ends_on``; may lack its why."""

    words: str
    why: str
    keeper: str
    for_whom: str | None
    barrier: str
    written_by: str
    made_on: date
    ends_on: date | None
    moves: tuple[Move, ...]


class NamedBarrier(NamedTuple):
    """Something in the way, under one of the six; without ``named_by`` no name stands on it."""

    barrier: str
    words: str
    at: str
    named_by: str | None
    named_on: date


class Cycle(NamedTuple):
    """What ``team`` noticed, on an ask on the edge ``ask`` if there is one, and what came of it."""

    noticed: str
    team: str
    opened_by: str
    ask: tuple[str, str] | None
    opened_on: date
    moves: tuple[Move, ...]


class Improvements(NamedTuple):
    """Rules, barriers and cycles, as they stand on the morning they are drawn for."""

    rules: tuple[Rule, ...]
    barriers: tuple[NamedBarrier, ...]
    cycles: tuple[Cycle, ...]


@dataclass(frozen=True, slots=True)
class Organisation:
    """A whole example organisation, as it stands on the morning of ``today``."""

    name: str
    note: str
    today: date
    seed: int
    parties: tuple[Party, ...]
    serves: tuple[Serves, ...]
    touchpoints: tuple[Touchpoint, ...]
    themes: tuple[Theme, ...]
    people: tuple[Person, ...]
    feedback: tuple[Feedback, ...]
    truths: tuple[Truth, ...]
    planted: tuple[Planted, ...]
    servers_words: tuple[ServersWords, ...]
    measures: tuple[Measure, ...]
    asks: tuple[Ask, ...]
