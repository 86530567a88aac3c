"""Readers of single cells, made once for a file; they remember what they have seen lately."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import NamedTuple, TypeVar

from upturn.graph.engine.tabular_calendar import CACHED, read_moment
from upturn.graph.engine.tabular_columns import MISSING, NUL, TOO_LONG
from upturn.graph.engine.tabular_dates import DateOrder
from upturn.graph.engine.tabular_names import NameBook
from upturn.graph.engine.tabular_problems import LEFT_OUT, Fault
from upturn.voice.engine.intake_problems import (
    DATE_AHEAD,
    DATE_TOO_OLD,
    FORMULA_LIKE,
    NO_WORDS,
    TEXT_TOO_LONG,
)
from upturn.voice.engine.intake_scores import NO_ANSWER

TEXT_MAX = 4_000
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
# A comment dated in another zone may be ahead of this clock, by less than a day.
AHEAD_MAX = timedelta(days=1)
FORMULA = re.compile(r"=|[+\-@]\s*[A-Za-z0-9.]+\s*[(|!]")
MAYBE_FORMULA = frozenset("=+-@")

REMEMBERED_CHARACTERS_MAX = 200

Answer = TypeVar("Answer")
Instead = Mapping[str, str | None]


class Moment(NamedTuple):
    """When something was said.

    Parameters
    ----------
    at : datetime
        UTC.
    stamp : str
        How a fingerprint writes it; ``""`` when only the file as a whole has a day.
    """

    at: datetime
    stamp: str


@dataclass(frozen=True, slots=True)
class DateTerms:
    """What dates of a file are read against.

    Parameters
    ----------
    order : DateOrder
    zone : tzinfo
        Where dates without a zone were written down.
    now : datetime
        Aware.
    day : str
        ISO date for rows without one.
    """

    order: DateOrder
    zone: tzinfo
    now: datetime
    day: str


def remember(read: Callable[[str], Answer]) -> Callable[[str], Answer]:
    """Give a reader that remembers the short values it has seen lately."""
    known = lru_cache(maxsize=CACHED)(read)
    return lambda value: known(value) if len(value) <= REMEMBERED_CHARACTERS_MAX else read(value)


def date_reader(terms: DateTerms) -> Callable[[str], Moment | Fault]:
    """Give a reader of the dates of a file.

    >>> terms = DateTerms(DateOrder.DAY_FIRST, UTC, datetime(2026, 11, 21, tzinfo=UTC), "")
    >>> read = date_reader(terms)
    >>> read("3 Nov 2026").stamp, read("2027-01-01").problem.code
    ('2026-11-03T00:00:00+00:00', 'date_ahead')
    """
    latest = terms.now + AHEAD_MAX
    undated = datetime.fromisoformat(terms.day).replace(tzinfo=terms.zone) if terms.day else None

    def read(value: str) -> Moment | Fault:
        value = value.strip()
        if value.casefold() in NO_ANSWER:
            return Moment(undated.astimezone(UTC), "") if undated else Fault(MISSING)
        at = read_moment(value, terms.order, zone=terms.zone)
        if isinstance(at, Fault):
            return at
        if at > latest:
            return Fault(DATE_AHEAD)
        if at < EARLIEST:
            return Fault(DATE_TOO_OLD)
        return Moment(at, at.isoformat())

    return remember(read)


def name_reader(book: NameBook, instead: Instead) -> Callable[[str, str], str | Fault]:
    """Give a reader of names, which may need the place to tell two apart; ``""`` for no name.

    Parameters
    ----------
    book : NameBook
    instead : mapping of str to str or None
        What a person chose for names that nobody knows.
    """

    def read(value: str, place: str) -> str | Fault:
        name = instead.get(value.strip(), value.strip())
        if name is None:
            return Fault(LEFT_OUT)
        return "" if name.casefold() in NO_ANSWER else book.find(name, place)

    known = lru_cache(maxsize=CACHED)(read)
    return lambda value, place: (known if len(value) <= REMEMBERED_CHARACTERS_MAX else read)(
        value, place
    )


def label_reader(most: int, instead: Instead) -> Callable[[str], str | Fault]:
    """Give a reader of short texts that are kept as they are."""

    def read(value: str) -> str | Fault:
        label = instead.get(value.strip(), value.strip())
        if label is None:
            return Fault(LEFT_OUT)
        if len(label) > most:
            return Fault(TOO_LONG, (), {"length": len(label), "most": most})
        if "\0" in label:
            return Fault(NUL)
        return "" if label.casefold() in NO_ANSWER else label

    return remember(read)


def text_fault(text: str) -> Fault | None:
    """Say what is wrong with, or worth knowing about, a customer's words.

    >>> text_fault("warm") is None, text_fault("=HYPERLINK(1)").problem.stops
    (True, False)
    """
    if len(text) > TEXT_MAX:
        return Fault(TEXT_TOO_LONG, (), {"length": len(text), "most": TEXT_MAX})
    if not text or (len(text) < 6 and text.casefold() in NO_ANSWER):
        return Fault(NO_WORDS)
    if "\0" in text:
        return Fault(NUL)
    if text[0] in MAYBE_FORMULA and FORMULA.match(text):
        return Fault(FORMULA_LIKE)
    return None
