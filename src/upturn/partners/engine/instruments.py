"""Instruments as versioned data: those that ship, their marks, and what changed between two."""

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from upturn.partners.engine.errors import InstrumentRefused, NoSuchInstrument
from upturn.partners.engine.shapes import Form, Instrument, Item, Side

BUILT_IN = ("signs", "keys", "pulse", "understood", "led")
LANGUAGES = ("en", "de", "es", "ar")
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})
CHOICES_MOST = 8
OWN = "own"


@cache
def instrument(key: str) -> Instrument:
    """Read an instrument that ships with the house.

    Parameters
    ----------
    key : str
        One of `BUILT_IN`.

    Raises
    ------
    NoSuchInstrument

    Examples
    --------
    >>> signs = instrument("signs")
    >>> signs.wording(signs.items[1], side=Side.SERVERS, language="en")
    'Those who lead us work with us as partners.'
    """
    if key not in BUILT_IN:
        raise NoSuchInstrument(key, known=BUILT_IN)
    text = files(__package__).joinpath("data", f"{key}.toml").read_text(encoding="utf-8")
    return instrument_of(tomllib.loads(text))


def instrument_of(table: Mapping[str, Any]) -> Instrument:
    """Read an instrument from a table of plain values and check it.

    Raises
    ------
    InstrumentRefused
        Naming the place, what stands there and what helps.
    """
    for name in ("key", "version", "items", "texts"):
        if name not in table:
            raise InstrumentRefused(name, "nothing", f"Give “{name}”.")
    made = Instrument(
        key=str(table["key"]),
        version=int(table["version"]),
        per_relation=bool(table.get("per_relation", False)),
        items=tuple(_item(row) for row in table["items"]),
        texts={language: dict(texts) for language, texts in table["texts"].items()},
        source=str(table.get("source", "")),
        licence=str(table.get("licence", "")),
    )
    _check(made)
    return made


def _item(row: Mapping[str, Any]) -> Item:
    key = str(row.get("key", ""))
    try:
        return Item(
            key=key,
            form=Form(row["form"]),
            sides=tuple(Side(side) for side in row["sides"]),
            measures=str(row["measures"]),
            reversed_=bool(row.get("reversed", False)),
            choices=tuple(map(str, row.get("choices", ()))),
            group=str(row.get("group", "")),
            optional=bool(row.get("optional", True)),
        )
    except KeyError as missing:
        raise InstrumentRefused(key, f"no {missing.args[0]}", "Give it.") from None
    except ValueError as wrong:
        raise InstrumentRefused(key, str(wrong), "Use a form and sides that exist.") from None


def _check(made: Instrument) -> None:
    if "en" not in made.texts:
        raise InstrumentRefused("texts", ", ".join(made.texts) or "nothing", "Give English words.")
    keys = [item.key for item in made.items]
    for key in keys:
        if not key or "." in key or keys.count(key) > 1:
            raise InstrumentRefused("items", key, "Give each item one key of its own, without “.”.")
    for item in made.items:
        _check_item(made, item)


def _check_item(made: Instrument, item: Item) -> None:
    pulse = {Side.SERVING, Side.SERVED}
    if not item.sides or any((side in pulse) != made.per_relation for side in item.sides):
        remedy = "Ask serving and served per relationship, servers and leaders otherwise."
        raise InstrumentRefused(item.key, ", ".join(item.sides) or "no side", remedy)
    if (item.form is Form.CHOICE) != (2 <= len(item.choices) <= CHOICES_MOST):
        remedy = f"Give a choice two to {CHOICES_MOST} choices, and no other form any."
        raise InstrumentRefused(item.key, f"{len(item.choices)} choices", remedy)
    if (item.form is Form.SPLIT) != bool(item.group):
        raise InstrumentRefused(item.key, item.group or "no group", "Give each split its group.")
    for key in _text_keys(item):
        if not made.texts["en"].get(key):
            raise InstrumentRefused(key, "no English words", "Write them.")


def _text_keys(item: Item) -> tuple[str, ...]:
    """What has to be worded for an item, as keys of ``Instrument.texts``."""
    asked = [f"{item.key}.{side}" for side in item.sides]
    asked += [f"{item.group}.group.{side}" for side in item.sides if item.group]
    return (*asked, *(f"{item.key}.choice.{choice}" for choice in item.choices))


def missing_texts(made: Instrument, *, language: str) -> tuple[str, ...]:
    """Name what a language has no words for; there English is shown."""
    texts = made.texts.get(language, {})
    wanted = ["name", *(key for item in made.items for key in _text_keys(item))]
    return tuple(dict.fromkeys(key for key in wanted if not texts.get(key)))


def text_of(made: Instrument, key: str, *, language: str) -> str:
    """Words of a name, a choice or a group's question; English where a language has none."""
    return made.texts.get(language, {}).get(key) or made.texts["en"].get(key, "")


def choice_names(made: Instrument, item: Item, *, language: str) -> tuple[str, ...]:
    """Names of an item's choices, in the order in which they are counted."""
    return tuple(
        text_of(made, f"{item.key}.choice.{choice}", language=language) for choice in item.choices
    )


def scale(form: Form, *, language: str) -> tuple[str, ...]:
    """Words of the five steps of a form, from the first to the fifth; nothing for other forms.

    Examples
    --------
    >>> scale(Form.HOW_WELL, language="en")[0]
    'Badly'
    """
    texts = page_words(language)
    if form not in {Form.AGREE, Form.HOW_WELL, Form.HOW_MUCH}:
        return ()
    return tuple(texts[f"scale.{form}.{step}"] for step in range(1, 6))


def table_of(made: Instrument) -> dict[str, Any]:
    """Write an instrument as plain values; `instrument_of` reads them back unchanged."""
    return {
        "key": made.key,
        "version": made.version,
        "per_relation": made.per_relation,
        "source": made.source,
        "licence": made.licence,
        "items": [
            {
                "key": item.key,
                "form": item.form.value,
                "sides": [side.value for side in item.sides],
                "measures": item.measures,
                "reversed": item.reversed_,
                "choices": list(item.choices),
                "group": item.group,
                "optional": item.optional,
            }
            for item in made.items
        ],
        "texts": {language: dict(texts) for language, texts in made.texts.items()},
    }


def instrument_hash(made: Instrument) -> str:
    """Mark of everything an instrument asks, in every language; one changed letter changes it."""
    written = json.dumps(table_of(made), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(written.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two versions of an instrument.

    Parameters
    ----------
    kind : str
        ``"added"``, ``"left_out"``, ``"reworded"``, ``"other_answers"`` or ``"other_sides"``.
    item : str
    where : str
        The language of a wording; empty otherwise.
    before, after : str
    """

    kind: str
    item: str
    where: str = ""
    before: str = ""
    after: str = ""

    @property
    def breaks(self) -> bool:
        """Whether answers to this item can no longer be compared over the two versions."""
        return self.kind in {"added", "left_out", "other_answers"}


def changes(before: Instrument, after: Instrument) -> tuple[Change, ...]:
    """Say what differs between two versions, item by item; the same key means the same question."""
    old = {item.key: item for item in before.items}
    new = {item.key: item for item in after.items}
    found = [Change("left_out", key) for key in old if key not in new]
    for key, item in new.items():
        if key not in old:
            found.append(Change("added", key))
        else:
            found += _item_changes(before, after, old[key], item)
    return tuple(found)


def _item_changes(before: Instrument, after: Instrument, old: Item, new: Item) -> list[Change]:
    found = []
    answers = [
        " ".join([item.form.value, *item.choices, *["reversed"] * item.reversed_])
        for item in (old, new)
    ]
    if answers[0] != answers[1]:
        found.append(Change("other_answers", new.key, "", answers[0], answers[1]))
    if old.sides != new.sides:
        found.append(Change("other_sides", new.key, "", ", ".join(old.sides), ", ".join(new.sides)))
    for language in sorted(set(before.texts) | set(after.texts)):
        for key in dict.fromkeys((*_text_keys(old), *_text_keys(new))):
            words = [each.texts.get(language, {}).get(key, "") for each in (before, after)]
            if words[0] != words[1]:
                found.append(Change("reworded", new.key, language, words[0], words[1]))
    return found


@cache
def page_words(language: str) -> Mapping[str, str]:
    """Read what the answering pages say, in one language; English where a language has none.

    They are data like the questions: what somebody was promised belongs to what was asked.
    """
    text = files(__package__).joinpath("data", "answering.toml").read_text(encoding="utf-8")
    tables: dict[str, dict[str, str]] = tomllib.loads(text)
    return tables["en"] | tables.get(language, {})
