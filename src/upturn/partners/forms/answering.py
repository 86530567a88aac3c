"""What comes in from the answering pages, and the steps they show."""

from base64 import b64decode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby

from upturn.partners import engine
from upturn.partners.commands import BlindToken
from upturn.partners.engine import Form, Problem, Question, Sheet

BODY_BYTES_MAX = 128_000
PREFIX = "q."
TOKEN_FIELDS = ("prepared", "signature")
_ISOLATE, _END = "\u2068", "\u2069"  # keep a name of another script in its place


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody gave: categories, words, and the fields as they came, to show them again."""

    answers: Mapping[str, int] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)


def held(posted: Mapping[str, str]) -> Mapping[str, str]:
    """Fields of a blind token as they came, to be sent again with the answers."""
    return {name: posted.get(name, "") for name in TOKEN_FIELDS}


def token(posted: Mapping[str, str]) -> BlindToken:
    """Read a blind token; what cannot be read is empty, and verifies nowhere."""
    try:
        found = [b64decode(value, validate=True) for value in held(posted).values()]
    except ValueError:
        return BlindToken(b"", b"")
    return BlindToken(*found)


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a split: its field, what it is called, what stands in it."""

    name: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Step:
    """One screen of a phone: a question, or all parts of a split."""

    kind: str
    name: str
    at: int
    wording: str
    seconds: int
    about: str
    """Which relationship a question of a pulse is about, or what is drawn of it."""
    options: tuple[Option, ...] = ()
    parts: tuple[Part, ...] = ()
    text: str = ""
    problems: tuple[str, ...] = ()


def given(sheet: Sheet, posted: Mapping[str, str]) -> Given:
    """Read the fields of a sheet; what is no number becomes -1, which is no category either."""
    fields = {name: value.strip() for name, value in posted.items() if name.startswith(PREFIX)}
    asked = {question.key: question for question in engine.questions(sheet)}
    answers: dict[str, int] = {}
    words: dict[str, str] = {}
    for name, value in fields.items():
        key = name.removeprefix(PREFIX)
        form = asked[key].item.form if key in asked else None
        if value and form is Form.WORDS:
            words[key] = value.replace("\r\n", "\n")
        elif value:
            answers[key] = _whole(value) + (form is Form.SPLIT)
    for untouched in _untouched_splits(asked, answers):
        del answers[untouched]
    return Given(answers, words, fields)


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else -9


def _untouched_splits(asked: Mapping[str, Question], answers: Mapping[str, int]) -> list[str]:
    """Parts of splits of which every part stands at no hour: they were left out."""
    found: list[str] = []
    for _name, questions in _laid_out(asked.values()):
        keys = [each.key for each in questions if each.item.form is Form.SPLIT]
        if all(answers.get(key, 1) == 1 for key in keys):
            found += [key for key in keys if key in answers]
    return found


def _laid_out(asked: Iterable[Question]) -> list[tuple[str, tuple[Question, ...]]]:
    """Questions by the step they stand on; the parts of a split share one."""
    return [(name, tuple(questions)) for name, questions in groupby(asked, key=_step_name)]


def _step_name(question: Question) -> str:
    if question.item.form is not Form.SPLIT:
        return PREFIX + question.key
    return f"{PREFIX}{question.relation}.{question.item.group}"


def steps(
    sheet: Sheet, *, language: str, given: Given, problems: Iterable[Problem] = ()
) -> tuple[Step, ...]:
    """Lay a sheet out, one question a step, with what was given and what is wrong with it."""
    wrong = {problem.where: _sentence(problem, language=language) for problem in problems}
    return tuple(
        _step(sheet, questions, given, wrong, at=at, language=language)
        for at, (_name, questions) in enumerate(_laid_out(engine.questions(sheet)), 1)
    )


def _step(
    sheet: Sheet,
    questions: tuple[Question, ...],
    given: Given,
    wrong: Mapping[str, str],
    *,
    at: int,
    language: str,
) -> Step:
    first = questions[0]
    split = first.item.form is Form.SPLIT
    chosen = given.fields.get(PREFIX + first.key, "")
    return Step(
        kind="split" if split else "words" if first.item.form is Form.WORDS else "pick",
        name=_step_name(first),
        at=at,
        wording=_wording(sheet, first, language=language),
        seconds=engine.seconds_needed(questions),
        about=_about(sheet, first, language=language),
        options=_options(sheet, first, chosen, language=language),
        parts=tuple(_part(sheet, each, given, language=language) for each in questions if split),
        text="" if split else chosen,
        problems=tuple(wrong[each.key] for each in questions if each.key in wrong),
    )


def _about(sheet: Sheet, question: Question, *, language: str) -> str:
    if not question.other:
        drawn = sheet.drawn.get(question.item.key, "")
        return f"{_ISOLATE}{drawn}{_END}" if drawn else ""
    other = f"{_ISOLATE}{question.other}{_END}"
    return engine.page_words(language)["about_link"].format(other=other)


def _wording(sheet: Sheet, question: Question, *, language: str) -> str:
    item, side = question.item, question.side
    if item.form is Form.SPLIT:
        return engine.text_of(sheet.instrument, f"{item.group}.group.{side}", language=language)
    words = sheet.instrument.wording(item, side=side, language=language)
    return words.replace("{other}", f"{_ISOLATE}{question.other}{_END}")


def _options(sheet: Sheet, question: Question, chosen: str, *, language: str) -> tuple[Option, ...]:
    item = question.item
    names = engine.choice_names(sheet.instrument, item, language=language)
    labels = names or engine.scale(item.form, language=language)
    return tuple(Option(str(n), label, str(n) == chosen) for n, label in enumerate(labels, 1))


def _part(sheet: Sheet, question: Question, given: Given, *, language: str) -> Part:
    name = PREFIX + question.key
    label = sheet.instrument.wording(question.item, side=question.side, language=language)
    return Part(name, label, given.fields.get(name) or "0")


def _sentence(problem: Problem, *, language: str) -> str:
    words = engine.page_words(language)[f"problem.{problem.trouble}"]
    return words.format(value=problem.value, limit=problem.limit)
