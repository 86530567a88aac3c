"""The form of a kit: which parts it has, where each stands, and what may stand there."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any

from upturn.exchange.engine.charter import (
    MINUTES_OF_A_MEETING,
    MONTHS_OF_A_CHAIR,
    VISION_LETTERS,
)
from upturn.exchange.engine.guard import Stop, check_text, stop_for
from upturn.exchange.engine.lists import QUESTIONS, TEMPLATES, shipped, template, worded

VALUE_LETTERS = 60
"""So much of what was found is said again in a refusal."""
LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z]{2,4})?")
SEEN_MARKS = "\u061c\u200c\u200d\u200e\u200f"
"""Letters without a shape of their own that some scripts need."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kit:
    """What goes to another client; empty where there was nothing that could go.

    Parameters
    ----------
    kind, language : str
        Code of the template, and the language of the words.
    vision, mission, not_mission, scope : str
    topics, never : tuple of str
        Of the charter, as all signed it.
    minutes, chair_months : int
        Of a meeting by the charter; after how many months the chair goes on.
    questions : tuple of str
        Asked here, and not among those that ship.
    meeting_minutes : int
        Of the last meeting.
    agenda : tuple of str
        Lines that stood on agendas.
    expectations : tuple of str
        What a client expected of a programme.
    """

    kind: str
    language: str
    vision: str
    mission: str
    not_mission: str
    scope: str
    topics: tuple[str, ...]
    never: tuple[str, ...]
    minutes: int
    chair_months: int
    questions: tuple[str, ...]
    meeting_minutes: int
    agenda: tuple[str, ...]
    expectations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where words or a number stand in the file, and what they may be.

    `off_limits` names what is never talked about: the guard's hard rules alone hold there.
    """

    section: str
    key: str
    most: int = 0
    lines: int = 0
    long: bool = False
    off_limits: bool = False

    @property
    def path(self) -> str:
        """The place as it is named in a refusal."""
        return f"{self.section}.{self.key}" if self.section else self.key


ONE = {
    "vision": Place("charter", "vision", VISION_LETTERS),
    "mission": Place("charter", "mission", 2000, long=True),
    "not_mission": Place("charter", "not_mission", 2000, long=True, off_limits=True),
    "scope": Place("charter", "scope", 2000, long=True),
}
MANY = {
    "topics": Place("charter", "topics", 120, lines=40),
    "never": Place("charter", "never", 120, lines=40, off_limits=True),
    "questions": Place("", "questions", 300, lines=60),
    "agenda": Place("meetings", "agenda", 200, lines=40),
    "expectations": Place("", "expectations", 400, lines=40),
}
NUMBERS = {
    "minutes": (Place("charter", "minutes"), MINUTES_OF_A_MEETING),
    "chair_months": (Place("charter", "chair_months"), MONTHS_OF_A_CHAIR),
    "meeting_minutes": (Place("meetings", "minutes"), MINUTES_OF_A_MEETING),
}
CODES = {"kind": Place("", "kind"), "language": Place("", "language")}
WORDS = (*ONE, *MANY)
"""Parts of a kit that hold words, in the order in which they are read."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is not as a kit has it.

    Parameters
    ----------
    code : str
        Why.
    path : str
        Where in the file; empty for the whole.
    line : int
        Of a list, from one on; 0 where it is none.
    values : mapping of str to object
        What was found, and what could be there.
    """

    code: str
    path: str
    line: int
    values: Mapping[str, object]

    def said(self, language: str) -> str:
        """Say where, what was found, and what to do, in English where words are missing."""
        told = shipped("kit")
        found = worded(told["found"][self.code], language).format(**self.values)
        return worded(told["said"], language).format(
            where=self._where(language), found=found, next=worded(told["next"][self.code], language)
        )

    def _where(self, language: str) -> str:
        told = shipped("kit")["where"]
        where = self.path or worded(told["whole"], language)
        if not self.line:
            return where
        return worded(told["line"], language).format(where=where, number=self.line)


def cut(value: object) -> str:
    """Say what was found again, in one short line that can be shown anywhere."""
    if isinstance(value, dict | list):
        return "{…}" if isinstance(value, dict) else "[…]"
    said = "".join(letter if letter.isprintable() else " " for letter in str(value)).strip()
    return said if len(said) <= VALUE_LETTERS else said[: VALUE_LETTERS - 1] + "…"


def tidy(kit: Kit) -> Kit:
    """Take out of its words what lines do not need."""
    words: dict[str, Any] = {name: tidied(getattr(kit, name), place) for name, place in ONE.items()}
    words |= {
        name: tuple(tidied(each, place) for each in getattr(kit, name))
        for name, place in MANY.items()
    }
    return replace(kit, **words)


def tidied(text: str, place: Place) -> str:
    """Take out of words what their lines do not need."""
    if not place.long:
        return " ".join(text.split())
    return "\n".join(" ".join(line.split()) for line in text.strip().splitlines()).strip()


def faults_of(kit: Kit) -> Iterator[Fault]:
    """Find what of a kit does not hold."""
    if kit.kind not in TEMPLATES:
        choice = {"value": cut(kit.kind), "most": ", ".join(TEMPLATES)}
        yield Fault("choice", "kind", 0, choice)
    if not LANGUAGE.fullmatch(kit.language):
        yield Fault("choice", "language", 0, {"value": cut(kit.language), "most": "ar, de, en, …"})
    for name, (place, (least, most)) in NUMBERS.items():
        if not least <= (value := getattr(kit, name)) <= most:
            yield Fault("number", place.path, 0, {"value": value, "least": least, "most": most})
    for name, place in ONE.items():
        text = getattr(kit, name)
        if text and (code := why_not(text, place)):
            yield _of_words(code, place, 0, text)
    for name, place in MANY.items():
        yield from _faults_of_lines(getattr(kit, name), place)


def _faults_of_lines(lines: tuple[str, ...], place: Place) -> Iterator[Fault]:
    if len(lines) > place.lines:
        yield Fault("lines", place.path, 0, {"value": len(lines), "most": place.lines})
        return
    seen: set[str] = set()
    for at, text in enumerate(lines, start=1):
        code = "twice" if text.casefold() in seen else why_not(text, place)
        if code:
            yield _of_words(code, place, at, text)
        seen.add(text.casefold())


def _of_words(code: str, place: Place, line: int, text: str) -> Fault:
    values = {"value": cut(text), "count": len(text), "most": place.most}
    return Fault(code, place.path, line, values)


def why_not(text: str, place: Place) -> str:
    """Give why words cannot stand in a kit, as a code; empty where they can."""
    if not text or text != tidied(text, place):
        return "empty" if not text.strip() else "hidden"
    if len(text) > place.most:
        return "letters"
    if any(map(_hidden, text.replace("\n", "") if place.long else text)):
        return "hidden"
    if text in shipped_words():
        return ""
    if any(unicodedata.category(letter)[0] == "N" for letter in text):
        return "figure"
    stop = _stop(text)
    stopped = stop is Stop.HARD or (stop is Stop.SOFT and not place.off_limits)
    return "guard" if stopped else ""


@lru_cache(maxsize=1024)
def _stop(text: str) -> Stop:
    """Ask the guard once of words that are gathered, written, shown, and read again."""
    return stop_for(check_text(text))


def _hidden(letter: str) -> bool:
    return unicodedata.category(letter)[0] == "C" and letter not in SEEN_MARKS


@cache
def shipped_words() -> frozenset[str]:
    """Words that ship with the program, which are no finding anywhere."""
    asked = {words for each in QUESTIONS for words in each.words.values()}
    never = {
        words for code in TEMPLATES for said in template(code).never.values() for words in said
    }
    return frozenset(asked | never | {words[:120].strip() for words in asked})
