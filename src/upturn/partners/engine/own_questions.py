"""Questions that a house adds to a copy of an instrument, and those it cannot ask."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache
from importlib.resources import files

from upturn.partners.engine.errors import InstrumentRefused
from upturn.partners.engine.instruments import CHOICES_MOST, OWN, instrument_of, table_of
from upturn.partners.engine.rare_words import Known, Rarity, rare_marks
from upturn.partners.engine.shapes import Form, Instrument, Item, Side

OWN_MOST = 5
LETTERS_LEAST, LETTERS_MOST = 8, 200
OWN_FORMS = (Form.AGREE, Form.HOW_WELL, Form.HOW_MUCH, Form.CHOICE, Form.WORDS)


class WhyNot(StrEnum):
    """Why a question cannot be asked."""

    NAME = "name"
    """It asks for a name, or for which person."""
    PERSON = "person"
    """It asks about one person, who would then have a figure."""
    IDENTITY = "identity"
    """It asks for what tells who answers: age, time here, a number, a post."""
    NAMED = "named"
    """It has a word that may be the name of a person."""
    TWO = "two"
    """It asks for two things at once."""
    SHORT = "short"
    LONG = "long"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnQuestion:
    """A question to add.

    Parameters
    ----------
    form : Form
        One of ``OWN_FORMS``.
    sides : tuple of Side
    wording : mapping of language to text
        English at least; the same for all sides.
    choices : mapping of language to tuple of text
        Of a ``CHOICE``, in the same order in every language.
    reversed_ : bool
    """

    form: Form
    sides: tuple[Side, ...]
    wording: Mapping[str, str]
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)
    reversed_: bool = False


def why_not(text: str, *, language: str, known: Known) -> WhyNot | None:
    """Say why a question cannot be asked, or nothing.

    Parameters
    ----------
    text : str
    language : str
    known : Known
        Common words and the house's own, so that the name of a party is no name of a person.

    Examples
    --------
    >>> from upturn.partners.engine.rare_words import known_words
    >>> why_not("What is the name of your manager?", language="en", known=known_words("en")).value
    'name'
    >>> why_not("The dish room gets plates in time.", language="en", known=known_words("en"))
    """
    bare = text.strip()
    if len(bare) < LETTERS_LEAST:
        return WhyNot.SHORT
    if len(bare) > LETTERS_MOST:
        return WhyNot.LONG
    if bare.count("?") + bare.count("؟") > 1:
        return WhyNot.TWO
    for reason, pattern in _patterns(language).items():
        if pattern.search(bare):
            return reason
    marks = rare_marks(bare, language=language, known=known)
    return WhyNot.NAMED if any(mark.rarity is Rarity.NAME for mark in marks) else None


@cache
def _patterns(language: str) -> Mapping[WhyNot, re.Pattern[str]]:
    path = files(__package__).joinpath("data", "refused_questions.toml")
    table = tomllib.loads(path.read_text(encoding="utf-8")).get(language, {})
    return {
        WhyNot(name): re.compile(rf"\b(?:{'|'.join(words)})\b", re.IGNORECASE)
        for name, words in table.items()
    }


def with_own(
    made: Instrument, questions: Sequence[OwnQuestion], *, key: str, version: int, name: str
) -> Instrument:
    """Copy an instrument and add questions of the house at its end, before its free text.

    Parameters
    ----------
    made : Instrument
    questions : sequence of OwnQuestion
        At most five.
    key, version, name : str, int, str
        Of the copy.

    Raises
    ------
    InstrumentRefused
        If there are too many, or one cannot be asked in this instrument.
    """
    kept = [item for item in made.items if item.measures != OWN]
    if len(questions) > OWN_MOST:
        raise InstrumentRefused(
            "own questions", str(len(questions)), f"Add {OWN_MOST} at most: it stays two minutes."
        )
    texts = {lang: {**words, "name": name} for lang, words in made.texts.items()}
    items = [_item(question, n) for n, question in enumerate(questions, 1)]
    for item, question in zip(items, questions, strict=True):
        _add_texts(texts, item, question)
    at = next((n for n, item in enumerate(kept) if item.form is Form.WORDS), len(kept))
    copy = replace(
        made, key=key, version=version, items=(*kept[:at], *items, *kept[at:]), texts=texts
    )
    return instrument_of(table_of(copy))


def _item(question: OwnQuestion, number: int) -> Item:
    count = len(question.choices.get("en", ()))
    if question.form not in OWN_FORMS or count > CHOICES_MOST:
        remedy = f"Use a scale, up to {CHOICES_MOST} choices, or free text."
        raise InstrumentRefused(f"own-{number}", question.form.value, remedy)
    return Item(
        key=f"{OWN}-{number}",
        form=question.form,
        sides=question.sides,
        measures=OWN,
        reversed_=question.reversed_,
        choices=tuple(str(n) for n in range(1, count + 1)),
    )


def _add_texts(texts: dict[str, dict[str, str]], item: Item, question: OwnQuestion) -> None:
    for lang, words in question.wording.items():
        table = texts.setdefault(lang, {})
        table |= {f"{item.key}.{side}": words for side in item.sides if words}
        names = question.choices.get(lang, ())
        table |= {
            f"{item.key}.choice.{choice}": text
            for choice, text in zip(item.choices, names, strict=False)
        }
