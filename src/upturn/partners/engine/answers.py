"""What a sheet asks, question by question, and what is wrong with answers before they are sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from upturn.partners.engine.shapes import Asked, Form, Item, Sheet, Side

WORDS_MOST = 1_000
SPLIT_SUM = 10
_SECONDS = {
    Form.AGREE: 6,
    Form.HOW_WELL: 7,
    Form.HOW_MUCH: 7,
    Form.CHOICE: 8,
    Form.SPLIT: 6,
    Form.WORDS: 15,
}


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a sheet.

    Parameters
    ----------
    key : str
        Under which its answer is given: ``"sign-1"``, of a pulse ``"0.well"``.
    item : Item
    side : Side
    relation : int
        ``Asked.relation``; -1 for an instrument that is asked once.
    other : str
        The party on the other side of the relationship.
    """

    key: str
    item: Item
    side: Side
    relation: int = -1
    other: str = ""


class Trouble(StrEnum):
    """What can be wrong with an answer."""

    UNKNOWN = "unknown"
    NOT_A_STEP = "not_a_step"
    SPLIT = "split"
    TOO_LONG = "too_long"
    NOTHING = "nothing"


_REMEDIES = {
    Trouble.UNKNOWN: "Answer only what the sheet asks.",
    Trouble.NOT_A_STEP: "Give a whole number from 1 to {limit}, or leave it out.",
    Trouble.SPLIT: "Let the parts make {limit}, or leave all of them out.",
    Trouble.TOO_LONG: "Shorten it to {limit} characters.",
    Trouble.NOTHING: "Answer at least one question.",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong: with which answer, what stands there, and the limit it breaks."""

    trouble: Trouble
    where: str
    value: str
    limit: int = 0

    @property
    def remedy(self) -> str:
        """What to do, in one sentence."""
        return _REMEDIES[self.trouble].format(limit=self.limit)


def questions(sheet: Sheet) -> tuple[Question, ...]:
    """List what a sheet asks, in order: of a pulse one relationship after the other.

    Parameters
    ----------
    sheet : Sheet

    Returns
    -------
    tuple of Question
        A relationship comes once, from the first of its sides, though a seat may hold both.
    """
    if not sheet.instrument.per_relation:
        items = sheet.instrument.for_side(sheet.side)
        return tuple(Question(item.key, item, sheet.side) for item in items)
    return tuple(
        Question(f"{asked.relation}.{item.key}", item, asked.side, asked.relation, asked.other)
        for asked in _first_sides(sheet)
        for item in sheet.instrument.for_side(asked.side)
    )


def _first_sides(sheet: Sheet) -> tuple[Asked, ...]:
    found: dict[int, Asked] = {}
    for asked in sheet.asked:
        found.setdefault(asked.relation, asked)
    return tuple(found.values())


def seconds_needed(asked: tuple[Question, ...]) -> int:
    """How long these questions take on a phone, in seconds: a guess from their forms."""
    return sum(_SECONDS[question.item.form] for question in asked)


def check_answers(
    sheet: Sheet, answers: Mapping[str, int], words: Mapping[str, str] | None = None
) -> tuple[Problem, ...]:
    """Say everything that is wrong with the answers to a sheet.

    Parameters
    ----------
    sheet : Sheet
    answers : mapping of question to category
        Keys as in `Question`; categories from 1 to ``item.categories`` **of every form**: of a
        choice the place among the choices, of a split the tenths plus 1. What is left out is
        absent.
    words : mapping of question to text, optional

    Returns
    -------
    tuple of Problem
        Empty where everything can be put into the box.

    Notes
    -----
    The parts of a split make ten, or all are left out: two parts of three are no split.
    """
    asked = {question.key: question for question in questions(sheet)}
    words = words or {}
    found = [_category_problem(asked, key, answers[key]) for key in answers]
    found += [_words_problem(asked, key, words[key]) for key in words]
    found += _split_problems(asked, answers)
    if not answers and not any(text.strip() for text in words.values()):
        found.append(Problem(Trouble.NOTHING, "", ""))
    return tuple(problem for problem in found if problem)


def _category_problem(asked: Mapping[str, Question], key: str, given: object) -> Problem | None:
    question = asked.get(key)
    if question is None or question.item.form is Form.WORDS:
        return Problem(Trouble.UNKNOWN, key, str(given))
    most = question.item.categories
    if isinstance(given, bool) or not isinstance(given, int) or not 1 <= given <= most:
        return Problem(Trouble.NOT_A_STEP, key, str(given), most)
    return None


def _words_problem(asked: Mapping[str, Question], key: str, text: str) -> Problem | None:
    question = asked.get(key)
    if question is None or question.item.form is not Form.WORDS:
        return Problem(Trouble.UNKNOWN, key, text[:40])
    if len(text) > WORDS_MOST:
        return Problem(Trouble.TOO_LONG, key, str(len(text)), WORDS_MOST)
    return None


def _split_problems(asked: Mapping[str, Question], answers: Mapping[str, int]) -> list[Problem]:
    groups: dict[tuple[int, str], list[str]] = {}
    for key, question in asked.items():
        if question.item.form is Form.SPLIT:
            groups.setdefault((question.relation, question.item.group), []).append(key)
    found = []
    for keys in groups.values():
        parts = [answers[key] for key in keys if key in answers]
        tenths = sum(parts) - len(parts)
        if parts and (len(parts) < len(keys) or tenths != SPLIT_SUM):
            found.append(Problem(Trouble.SPLIT, keys[0], str(tenths), SPLIT_SUM))
    return found
