"""Instruments as LimeSurvey writes them, and its questions as ours, naming what is not carried."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from upturn.partners.engine.errors import ExchangeRefused
from upturn.partners.engine.instruments import (
    CHOICES_MOST,
    choice_names,
    instrument_of,
    scale,
    text_of,
)
from upturn.partners.engine.shapes import Form, Instrument, Item, Side

TAG = "upturn"
_SIDE_MARKS = {Side.SERVERS: "Sv", Side.LEADERS: "Ld", Side.SERVING: "Sg", Side.SERVED: "Sd"}
_TYPES = {Form.CHOICE: "L", Form.SPLIT: "K", Form.WORDS: "T"}
_STEPS = "L"
_YES_NO = {
    "en": ("Yes", "No"),
    "de": ("Ja", "Nein"),
    "es": ("Sí", "No"),
    "ar": ("نعم", "لا"),
}
_EXPRESSION = re.compile(r"\{[^{}]*\}")
_MARKUP = re.compile(r"<[^<>]*>")
_OTHER, _THEIR_OTHER = "{other}", "[other]"

Texts = Mapping[str, str]


class Loss(StrEnum):
    """What of a question cannot be carried over."""

    WHOLE_KIND = "whole_kind"
    """A kind of question that this house does not ask."""
    WHOLE_CHOICES = "whole_choices"
    """Fewer than two choices, or more than eight."""
    WHOLE_PERSON = "whole_person"
    """A place for something about the person who answers."""
    WHOLE_WORDS = "whole_words"
    """No words at all."""
    CONDITION = "condition"
    MUST = "must"
    HELP = "help"
    OTHER_ANSWER = "other_answer"
    CHECK = "check"
    MARKUP = "markup"
    COMMENT = "comment"
    NO_ENGLISH = "no_english"

    @property
    def whole(self) -> bool:
        """Whether the question itself stays behind."""
        return self.startswith("whole_")


@dataclass(frozen=True, slots=True)
class Lost:
    """Where something stays behind, and what."""

    where: str
    loss: Loss


@dataclass(frozen=True, slots=True, kw_only=True)
class LimeQuestion:
    """One question as LimeSurvey has it.

    Parameters
    ----------
    code, kind : str
        Its title and type there (``L`` list, ``F`` array, ``T`` long text ...).
    texts, helps : mapping of language to text
    answers, parts : tuple of (code, texts)
        Its answers, its subquestions.
    attributes : mapping
    must, other : bool
    condition : str
        ``"1"`` for always.
    """

    code: str
    kind: str
    texts: Texts
    helps: Texts = field(default_factory=dict)
    answers: tuple[tuple[str, Texts], ...] = ()
    parts: tuple[tuple[str, Texts], ...] = ()
    attributes: Texts = field(default_factory=dict)
    must: bool = False
    other: bool = False
    condition: str = "1"


@dataclass(frozen=True, slots=True)
class Taken:
    """What a file of another tool becomes here, before anything is stored."""

    instrument: Instrument
    lost: tuple[Lost, ...]


def lime_questions(made: Instrument) -> tuple[LimeQuestion, ...]:
    """Write an instrument as LimeSurvey's questions, one for each item and side.

    The key, the form and the rest travel in the attribute ``cssclass``, so that nothing is lost on
    the way back.

    Parameters
    ----------
    made : Instrument

    Returns
    -------
    tuple of LimeQuestion
    """
    found: dict[str, LimeQuestion] = {}
    for item in made.items:
        for side in item.sides:
            name = item.group if item.form is Form.SPLIT else item.key
            code = _code(name, side)
            if code in found:
                found[code] = _with_part(found[code], made, item, side)
            else:
                found[code] = _lime_question(made, item, side, code)
    return tuple(found.values())


def _code(name: str, side: Side) -> str:
    plain = re.sub(r"[^A-Za-z0-9]", "", name)
    return f"{plain if plain[:1].isalpha() else 'Q' + plain}"[:17] + _SIDE_MARKS[side]


def _lime_question(made: Instrument, item: Item, side: Side, code: str) -> LimeQuestion:
    texts = {lang: made.texts[lang].get(f"{item.key}.{side}", "") for lang in made.texts}
    answers = _answers(made, item)
    plain = LimeQuestion(
        code=code,
        kind=_TYPES.get(item.form, _STEPS),
        texts={lang: text.replace(_OTHER, _THEIR_OTHER) for lang, text in texts.items() if text},
        answers=answers,
        attributes={"cssclass": _tag(item, side)},
    )
    if item.form is not Form.SPLIT:
        return plain
    asked = {
        lang: text_of(made, f"{item.group}.group.{side}", language=lang) for lang in made.texts
    }
    attributes = {"cssclass": _tag(item, side), "equals_num_value": "10"}
    return _with_part(replace(plain, texts=asked, attributes=attributes), made, item, side)


def _answers(made: Instrument, item: Item) -> tuple[tuple[str, Texts], ...]:
    named = {
        lang: choice_names(made, item, language=lang) or scale(item.form, language=lang)
        for lang in made.texts
    }
    count = len(next(iter(named.values())))
    return tuple(
        (f"A{n + 1}", {lang: names[n] for lang, names in named.items()}) for n in range(count)
    )


def _with_part(question: LimeQuestion, made: Instrument, item: Item, side: Side) -> LimeQuestion:
    texts = {lang: made.texts[lang].get(f"{item.key}.{side}", "") for lang in made.texts}
    code = re.sub(r"[^A-Za-z0-9]", "", item.key)[:20]
    keys = f"{question.attributes['cssclass']} part-{item.key}"
    return replace(
        question,
        parts=(*question.parts, (code, texts)),
        attributes={**question.attributes, "cssclass": keys},
    )


def _tag(item: Item, side: Side) -> str:
    marks = [TAG, f"key-{item.key}", f"form-{item.form.value}", f"side-{side.value}"]
    marks += [f"measures-{item.measures}"] + ["reversed"] * item.reversed_
    marks += [f"choice-{choice}" for choice in item.choices]
    marks += [f"group-{item.group}"] * bool(item.group)
    return " ".join(marks)


def take(
    questions: Iterable[LimeQuestion], *, key: str, names: Texts, licence: str, source: str = ""
) -> Taken:
    """Read LimeSurvey's questions as an instrument; what is not carried is named.

    Parameters
    ----------
    questions : iterable of LimeQuestion
    key : str
        Of the new instrument.
    names : mapping of language to name
    licence, source : str

    Raises
    ------
    ExchangeRefused
        If no question is left.
    """
    rows: dict[str, dict[str, object]] = {}
    texts: dict[str, dict[str, str]] = {lang: {"name": name} for lang, name in names.items()}
    lost: list[Lost] = []
    for number, question in enumerate(questions, 1):
        losses = _losses(question)
        lost += [Lost(question.code, loss) for loss in losses]
        if not any(loss.whole for loss in losses):
            _carry(_plain(question), number, rows, texts)
    if not rows:
        raise ExchangeRefused("No question of this file can be asked here", f"{len(lost)} reasons",
                              "Look at what was named and change it there.")  # fmt: skip
    lost += _english_first(texts)
    per_relation = any(side in {"serving", "served"} for row in rows.values()
                       for side in _sides(row))  # fmt: skip
    table = {"key": key, "version": 1, "per_relation": per_relation, "items": list(rows.values())}
    made = instrument_of({**table, "texts": texts, "licence": licence, "source": source})
    return Taken(made, tuple(lost))


def _sides(row: Mapping[str, object]) -> Sequence[str]:
    sides = row["sides"]
    return sides if isinstance(sides, list) else []


def _losses(question: LimeQuestion) -> list[Loss]:
    texts = [
        *question.texts.values(),
        *(t for _code, part in question.parts for t in part.values()),
    ]
    own = _marks(question)
    whole = [
        (not any(text.strip() for text in texts), Loss.WHOLE_WORDS),
        (any(_EXPRESSION.search(text) for text in texts), Loss.WHOLE_PERSON),
        (not own and not _form(question), Loss.WHOLE_KIND),
        (not own and _form(question) is Form.CHOICE and not _few(question), Loss.WHOLE_CHOICES),
    ]
    small = [
        (question.condition.strip() not in {"", "1"}, Loss.CONDITION),
        (question.must, Loss.MUST),
        (any(question.helps.values()), Loss.HELP),
        (question.other, Loss.OTHER_ANSWER),
        (bool(question.attributes.get("em_validation_q")), Loss.CHECK),
        (any(_MARKUP.search(text) for text in texts), Loss.MARKUP),
        (question.kind == "O", Loss.COMMENT),
    ]
    found = [loss for holds, loss in whole if holds]
    return found[:1] or [loss for holds, loss in small if holds]


def _few(question: LimeQuestion) -> bool:
    return question.kind == "Y" or 2 <= len(question.answers) <= CHOICES_MOST


def _form(question: LimeQuestion) -> Form | None:
    """As what a question of theirs is asked here, or not at all."""
    if question.kind == "K":
        return Form.SPLIT if question.attributes.get("equals_num_value") == "10" else None
    kinds = {"5": Form.AGREE, "A": Form.AGREE, "Q": Form.WORDS}
    kinds |= dict.fromkeys("L!OYF", Form.CHOICE) | dict.fromkeys("TSU", Form.WORDS)
    return kinds.get(question.kind)


def _plain(question: LimeQuestion) -> LimeQuestion:
    def bare(texts: Texts) -> Texts:
        return {
            lang: " ".join(_MARKUP.sub(" ", text).split()).replace(_THEIR_OTHER, _OTHER)
            for lang, text in texts.items()
        }

    return replace(
        question,
        texts=bare(question.texts),
        answers=tuple((code, bare(texts)) for code, texts in question.answers),
        parts=tuple((code, bare(texts)) for code, texts in question.parts),
    )


def _marks(question: LimeQuestion) -> dict[str, list[str]]:
    """Read what `_tag` wrote; empty for a question that was not written here."""
    words = question.attributes.get("cssclass", "").split()
    if words[:1] != [TAG]:
        return {}
    found: dict[str, list[str]] = {}
    for word in words[1:]:
        name, _dash, value = word.partition("-")
        found.setdefault(name, []).append(value)
    return found if {"key", "form", "side", "measures"} <= set(found) else {}


def _carry(
    question: LimeQuestion,
    number: int,
    rows: dict[str, dict[str, object]],
    texts: dict[str, dict[str, str]],
) -> None:
    marks = _marks(question) or _guessed(question, number)
    form = marks["form"][0]
    parts = [(key, words) for key, (_c, words) in zip(marks.get("part", []), question.parts,
                                                       strict=False)]  # fmt: skip
    group = marks.get("group", [""])[0]
    for key, words in parts or [(marks["key"][0], question.texts)]:
        row = rows.setdefault(key, {
            "key": key, "form": form, "sides": [], "measures": marks["measures"][0],
            "reversed": "reversed" in marks, "choices": marks.get("choice", []), "group": group,
        })  # fmt: skip
        row["sides"] = list(dict.fromkeys([*_sides(row), *marks["side"]]))
        for side in marks["side"]:
            _keep(texts, f"{key}.{side}", words)
            if group:
                _keep(texts, f"{group}.group.{side}", question.texts)
        for choice, (_code, names) in zip(
            marks.get("choice", []), _choices(question), strict=False
        ):
            _keep(texts, f"{key}.choice.{choice}", names)


def _choices(question: LimeQuestion) -> tuple[tuple[str, Texts], ...]:
    if question.kind != "Y":
        return question.answers
    return tuple(
        (code, {lang: words[n] for lang, words in _YES_NO.items()})
        for n, code in enumerate(("yes", "no"))
    )


def _guessed(question: LimeQuestion, number: int) -> dict[str, list[str]]:
    """Marks for a question that was not written here: asked of both sides, measuring its own."""
    key = f"own-{number}"
    form = _form(question) or Form.WORDS
    marks = {"key": [key], "form": [form.value], "side": ["servers", "leaders"],
             "measures": ["own"]}  # fmt: skip
    if form is Form.CHOICE:
        marks["choice"] = [str(n) for n in range(1, len(_choices(question)) + 1)]
    if form is Form.SPLIT:
        marks["group"] = [key]
    if question.parts:
        marks["part"] = [f"{key}-{n}" for n in range(1, len(question.parts) + 1)]
    return marks


def _keep(texts: dict[str, dict[str, str]], key: str, words: Texts) -> None:
    for lang, text in words.items():
        if text:
            texts.setdefault(lang, {})[key] = text


def _english_first(texts: dict[str, dict[str, str]]) -> list[Lost]:
    """Where nothing is in English, the first language stands in for it."""
    languages = [lang for lang in texts if lang != "en"]
    english = texts.setdefault("en", {})
    absent = {key for lang in languages for key in texts[lang]} - set(english)
    for lang in languages:
        for key in absent & set(texts[lang]):
            english.setdefault(key, texts[lang][key])
    return [Lost("en", Loss.NO_ENGLISH)] if absent - {"name"} else []
