"""What the guard speaks of: topics, rules, what it found, and how firmly it stops."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Topic(StrEnum):
    """What rivals who serve one client do not tell each other."""

    PRICE = "price"
    COST = "cost"
    BID = "bid"
    CUSTOMERS = "customers"
    CAPACITY = "capacity"
    WAGE = "wage"
    BOYCOTT = "boycott"
    CONTRACT = "contract"
    PROPRIETARY = "proprietary"
    PERSONAL = "personal"


class Stop(StrEnum):
    """How firmly: not at all, until the author gives a reason, or until a steward looked."""

    NONE = "none"
    SOFT = "soft"
    HARD = "hard"


class Action(StrEnum):
    """What became of a text that was stopped."""

    EDITED = "edited"
    WITHDRAWN = "withdrawn"
    REASON = "reason"
    HELD = "held"
    RELEASED = "released"


@dataclass(frozen=True, slots=True)
class GuardRule:
    """One reason to stop.

    Attributes
    ----------
    id, version : str
    topic : Topic
        For an amount that stands alone; in a text the topic is read from the text.
    hard : bool
    needs : tuple of str
        Lists of `guard_rules.json` of which one sentence has a word each.
    unless : tuple of str
        Lists of which the sentence has no word.
    with_score : bool
        Whether the whole passage must also read like what is not told.
    line, instead : str
        The rule in one line, and an allowed way to say it; both in English, to be translated.
    """

    id: str
    version: str
    topic: Topic
    hard: bool
    needs: tuple[str, ...]
    unless: tuple[str, ...]
    with_score: bool
    line: str
    instead: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence that a rule stops. It stays on the author's side.

    Attributes
    ----------
    span : tuple of int
        Where the sentence begins and ends in the text.
    rule : GuardRule
    topic : Topic
    score : float
        How far the passage is over the line; negative where only the rule found something.
    said : str
        The sentence.
    """

    span: tuple[int, int]
    rule: GuardRule
    topic: Topic
    score: float
    said: str


@dataclass(frozen=True, slots=True)
class GuardRecord:
    """That a rule stopped a text, and what became of it: no text, no author, no hour."""

    rule: str
    version: str
    topic: Topic
    text_digest: str
    stop: Stop
    action: Action
    on: date
