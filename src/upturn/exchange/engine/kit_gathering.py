"""What of an exchange goes into a kit, and which words stay, each with its reason."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from upturn.exchange.engine.guard.private import has_private
from upturn.exchange.engine.guard.wording import ENDINGS
from upturn.exchange.engine.kit_form import MANY, ONE, Kit, Place, shipped_words, tidy, why_not

BEFORE = re.compile(r"^\s*(?:[-–•*·]|\d{1,2}[.):])\s+")
"""What stands before a line of a list."""


@dataclass(frozen=True, slots=True)
class Stays:
    """Words that do not go into a kit: of which part, and why."""

    part: str
    words: str
    code: str


def gathered(raw: Kit, *, names: Iterable[str]) -> tuple[Kit, tuple[Stays, ...]]:
    """Make a kit of what was said here, and list the words that stay.

    What names somebody stays, as does what has a figure, is too long, or the guard stops; so do
    questions that ship anyway, which every exchange has.

    Parameters
    ----------
    raw : Kit
        Words as they stand here.
    names : iterable of str
        Of companies, people and the exchange itself.
    """
    given = tidy(raw)
    listed = tuple(name for name in names if name.strip())
    stays: list[Stays] = []
    found: dict[str, Any] = {}
    for name, place in ONE.items():
        text = getattr(given, name)
        code = _why_it_stays(text, place, listed) if text else ""
        if code:
            stays.append(Stays(name, text, code))
        found[name] = "" if code else text
    for name, place in MANY.items():
        goes: dict[str, str] = {}
        for text in dict.fromkeys(getattr(given, name)):
            if not text or text.casefold() in goes or _ships(name, text):
                continue
            code = _why_it_stays(text, place, listed)
            code = code or ("lines" if len(goes) >= place.lines else "")
            if code:
                stays.append(Stays(name, text, code))
            else:
                goes[text.casefold()] = text
        found[name] = tuple(goes.values())
    return replace(given, **found), tuple(stays)


def _ships(name: str, text: str) -> bool:
    return name == "questions" and text in shipped_words()


def _why_it_stays(text: str, place: Place, names: tuple[str, ...]) -> str:
    return "name" if _names(text, names) else why_not(text, place)


def _names(text: str, names: tuple[str, ...]) -> bool:
    """Whether words have one of the names, or its first word with a capital as it is written."""
    if has_private(text, names):
        return True
    called = tuple(first for name in names if (first := _called(name)))
    return any(_is_called(word, called) for word in re.findall(r"\w+", text))


def _is_called(word: str, called: tuple[str, ...]) -> bool:
    return any(word.startswith(first) and word[len(first) :] in ENDINGS for first in called)


def _called(name: str) -> str:
    first = (re.findall(r"\w+", name) or [""])[0]
    return first if len(first) > 2 and not first.islower() else ""


def agenda_lines(agendas: Iterable[str]) -> tuple[str, ...]:
    r"""Give what stood on agendas, line by line, without numbers before it.

    >>> agenda_lines(["1. Welcome\n2. A card of the month", "- Welcome"])
    ('Welcome', 'A card of the month')
    """
    lines = (BEFORE.sub("", line).strip() for each in agendas for line in each.splitlines())
    return tuple(dict.fromkeys(line for line in lines if line))
