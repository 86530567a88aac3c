"""The body of a message: needs that come up, calls that wait, and what is no longer needed."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from upturn.floor.engine.errors import BadNeeds, NotJson, TooManyNeeds
from upturn.floor.engine.live.wording import in_one_line

NEEDS_MOST = 1_000
WAITING_MOST = 100_000
WORDS_MOST = 60
NAME_MOST = 80
_VALUE_SHOWN = 40
_FORMS = (
    'one of {"place", "kind"}, {"place", "kind", "waiting"}, {"done"}, {"gone"}, or {"needs": […]} '
    "with up to 1,000 of them"
)


@dataclass(frozen=True, slots=True)
class Comes:
    """Something that is needed at a place; `asked` says that somebody there asked for it."""

    place: str
    kind: str
    words: str = ""
    asked: bool = True


@dataclass(frozen=True, slots=True)
class Waits:
    """How many wait at a queue by now; 0 says that nobody does."""

    place: str
    kind: str
    waiting: int


@dataclass(frozen=True, slots=True)
class Ends:
    """What came in as `ref` is no longer needed: it was `met`, or nobody wants it any more."""

    ref: str
    met: bool


Row: TypeAlias = Comes | Waits | Ends


def read_rows(body: bytes) -> tuple[tuple[Row, ...], bool]:
    """Read a message; one need stands for itself, several in a list, which the second value says.

    Raises
    ------
    NotJson
    TooManyNeeds
        With how many there are.
    BadNeeds
        With every row that cannot be used: what was found, and what helps.

    Examples
    --------
    >>> read_rows(b'{"place": "14", "kind": "the bill"}')
    ((Comes(place='14', kind='the bill', words='', asked=True),), False)
    >>> read_rows(b'{"needs": [{"gone": "5e.0"}, {"place": "A", "kind": "call", "waiting": 7}]}')
    ((Ends(ref='5e.0', met=False), Waits(place='A', kind='call', waiting=7)), True)
    """
    said = _json(body)
    several = isinstance(said, dict) and set(said) == {"needs"} and isinstance(said["needs"], list)
    rows: list[Any] = said["needs"] if several else [said]
    if len(rows) > NEEDS_MOST:
        raise TooManyNeeds(len(rows), most=NEEDS_MOST)
    read: list[Row] = []
    problems: list[str] = []
    for number, row in enumerate(rows):
        try:
            read.append(_row(row))
        except _Wrong as wrong:
            problems.append(f"{named(number, several=several)}{wrong}")
    if problems:
        raise BadNeeds(problems)
    return tuple(read), several


def named(number: int, *, several: bool) -> str:
    """Name a row of a list as people count, and nothing where there is one alone."""
    return f"Row {number + 1}: " if several else ""


def unknown(what: str, value: str, known: Iterable[str]) -> str:
    """Say that a place or kind is not on the floor, and which are.

    >>> unknown("kind", "the bil", ["the bill", "coffee"])
    'No kind "the bil" is on this floor. Known: coffee, the bill.'
    """
    names = sorted(known)
    more = f" and {len(names) - 12} more" if len(names) > 12 else ""
    listed = ", ".join(names[:12]) or "none"
    return f'No {what} "{_cut(value)}" is on this floor. Known: {listed}{more}.'


class _Wrong(ValueError):
    """What is wrong with one row."""


def _json(body: bytes) -> Any:
    try:
        return json.loads(body, object_pairs_hook=_once, parse_constant=_no_number)
    except _Wrong as wrong:
        raise BadNeeds([str(wrong)]) from None
    except (ValueError, RecursionError):
        raise NotJson from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        msg = "A name stands twice in one object; say it once."
        raise _Wrong(msg)
    return found


def _no_number(word: str) -> Any:
    msg = f"{word} is no number; give a whole one."
    raise _Wrong(msg)


def _row(row: Any) -> Row:
    if not isinstance(row, dict):
        msg = f"Send {_FORMS}."
        raise _Wrong(msg)
    keys = set(row)
    for form, read in _READ.items():
        if form <= keys:
            if extra := sorted(keys - form - _MORE.get(form, set())):
                msg = f'"{_cut(extra[0])}" has no place here; leave it out.'
                raise _Wrong(msg)
            return read(row)
    msg = f"Found {_cut(', '.join(sorted(keys)) or 'nothing')}; send {_FORMS}."
    raise _Wrong(msg)


def _comes(row: Mapping[str, Any]) -> Comes:
    asked = row.get("asked", True)
    if not isinstance(asked, bool):
        msg = f"asked is {_found(asked)}; give true or false."
        raise _Wrong(msg)
    words = in_one_line(_text(row, "words", most=WORDS_MOST)) if "words" in row else ""
    return Comes(_text(row, "place"), _text(row, "kind"), words, asked)


def _waits(row: Mapping[str, Any]) -> Waits:
    n = row["waiting"]
    if type(n) is not int or not 0 <= n <= WAITING_MOST:
        msg = f"waiting is {_found(n)}; give a whole number from 0 to {WAITING_MOST:,}."
        raise _Wrong(msg)
    return Waits(_text(row, "place"), _text(row, "kind"), n)


def _done(row: Mapping[str, Any]) -> Ends:
    return Ends(_text(row, "done"), met=True)


def _gone(row: Mapping[str, Any]) -> Ends:
    return Ends(_text(row, "gone"), met=False)


_READ: dict[frozenset[str], Callable[[Mapping[str, Any]], Row]] = {
    frozenset({"place", "kind", "waiting"}): _waits,
    frozenset({"place", "kind"}): _comes,
    frozenset({"done"}): _done,
    frozenset({"gone"}): _gone,
}
_MORE = {frozenset({"place", "kind"}): {"words", "asked"}}


def _text(row: Mapping[str, Any], name: str, *, most: int = NAME_MOST) -> str:
    value = row[name]
    if not isinstance(value, str):
        msg = f"{name} is {_found(value)}; write it as text, in quotes."
        raise _Wrong(msg)
    if len(value) > most:
        msg = f"{name} has {len(value):,} letters; at most {most} fit."
        raise _Wrong(msg)
    if "\0" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
        msg = f"{name} holds a character that cannot be stored; leave it out."
        raise _Wrong(msg)
    return value


def _found(value: Any) -> str:
    try:
        return _cut(json.dumps(value))
    except ValueError:  # thousands of digits
        return "too long to be shown"


def _cut(text: str) -> str:
    plain = text.encode(errors="replace").decode().replace("\0", "?")
    return plain if len(plain) <= _VALUE_SHOWN else f"{plain[:_VALUE_SHOWN]}…"
