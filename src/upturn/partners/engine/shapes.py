"""What an instrument asks, whom a wave asks, and what a closed wave publishes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray


class Side(StrEnum):
    """From where somebody answers.

    Signs and keys are answered by those who serve and by those who lead or support them; a pulse
    on one edge by those who serve on it and by those who are served.
    """

    SERVERS = "servers"
    LEADERS = "leaders"
    SERVING = "serving"
    SERVED = "served"


OTHER_SIDE = {
    Side.SERVERS: Side.LEADERS,
    Side.LEADERS: Side.SERVERS,
    Side.SERVING: Side.SERVED,
    Side.SERVED: Side.SERVING,
}


class Form(StrEnum):
    """How an item is answered, and with it how many categories are counted."""

    AGREE = "agree"
    """Five steps, from "not at all" to "entirely"."""
    HOW_WELL = "how_well"
    """Five steps, from "badly" to "very well"."""
    HOW_MUCH = "how_much"
    """Five steps, from "not at all" to "very much"."""
    CHOICE = "choice"
    """One of the item's own choices, at most eight."""
    SPLIT = "split"
    """A part of the working time in tenths, 0 to 10; items of one ``group`` add up to 10."""
    WORDS = "words"
    """Free text; nothing is counted."""


CATEGORIES = {Form.AGREE: 5, Form.HOW_WELL: 5, Form.HOW_MUCH: 5, Form.SPLIT: 11, Form.WORDS: 0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One question of an instrument.

    Parameters
    ----------
    key : str
        Stable over versions as long as the meaning stays; answers are compared by it.
    form : Form
    sides : tuple of Side
        Who is asked. The wording may differ from side to side, the meaning may not.
    measures : str
        What it belongs to: ``"sign-1"`` ... ``"sign-9"``, ``"key-1"`` ... ``"key-6"``,
        ``"servers"`` (S1.3), ``"cause"`` (S1.4), ``"sight"``, ``"time"``, ``"own"``; of a pulse
        ``"performance"``, ``"importance"``, ``"guess"``.
    reversed_ : bool
        Whether agreeing speaks *for* the trouble; figures are turned so that more is better.
    choices : tuple of str
        Keys of the choices of a ``CHOICE``.
    group : str
        Items of a ``SPLIT`` that add up to 10.
    optional : bool
        Whether it may be left out without being asked once more.
    """

    key: str
    form: Form
    sides: tuple[Side, ...]
    measures: str
    reversed_: bool = False
    choices: tuple[str, ...] = ()
    group: str = ""
    optional: bool = True

    @property
    def categories(self) -> int:
        """How many there are to count."""
        return len(self.choices) if self.form is Form.CHOICE else CATEGORIES[self.form]


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """Questions as versioned data.

    Parameters
    ----------
    key, version : str, int
    per_relation : bool
        Whether the items are asked once for each relationship (a pulse) or once a person.
    items : tuple of Item
    texts : mapping of language to mapping
        ``texts["de"]["sign-1.servers"]`` is a wording, ``texts["de"]["sign-1.choice.rules"]`` the
        name of a choice, ``texts["de"]["name"]`` the instrument's own. In the items of a pulse
        ``{other}`` stands for the party on the other side.
    source, licence : str
    """

    key: str
    version: int
    per_relation: bool
    items: tuple[Item, ...]
    texts: Mapping[str, Mapping[str, str]]
    source: str = ""
    licence: str = ""

    def for_side(self, side: Side) -> tuple[Item, ...]:
        """Items a side is asked, in order."""
        return tuple(item for item in self.items if side in item.sides)

    def wording(self, item: Item, *, side: Side, language: str) -> str:
        """Words of an item; English where a language has none."""
        key = f"{item.key}.{side}"
        return self.texts.get(language, {}).get(key) or self.texts["en"][key]


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A relationship a wave asks about, in the words it had when the wave opened.

    Parameters
    ----------
    id : int
        Its number within the wave, from 0.
    server, served : str
        Keys of the parties; for signs and keys ``server`` is the leaders' block and ``served`` the
        unit, because those who lead serve those who serve.
    server_name, served_name : str
    place : str
    """

    id: int
    server: str
    served: str
    server_name: str
    served_name: str
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One relationship on somebody's sheet: from which side, and who is on the other."""

    relation: int
    side: Side
    other: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What one invitation asks, and what its promise page says.

    Parameters
    ----------
    wave : str
        Reference of the wave.
    title : str
    asks : str
        Who asks, in words.
    instrument : Instrument
    seat : str
        Key of the pre-block: answers are kept under it and never under anything smaller.
    seat_name : str
    side : Side
        For an instrument that is not asked per relation.
    people : int
        With how many people, oneself included, an answer is shown together.
    k, words_k : int
    asked : tuple of Asked
        Empty where the instrument is asked once.
    closes_on : date
    deniable : float
        Probability with which an answer is replaced by a drawn one; 0 for never.
    blind : bool
        Whether the answer is admitted by a token that was signed blindly, and can be replaced by
        whoever has the token until the wave closes.
    drawn : mapping of str to str
        What was drawn on the opening day, by the key of the item beside which it stands.
    """

    wave: str
    title: str
    asks: str
    instrument: Instrument
    seat: str
    seat_name: str
    side: Side
    people: int
    k: int
    words_k: int
    asked: tuple[Asked, ...]
    closes_on: date
    deniable: float = 0.0
    blind: bool = False
    drawn: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Whose answers stand together in one row of the base table.

    Parameters
    ----------
    relation : int
        ``Relation.id``; -1 for an instrument that is asked once.
    side : Side
    block : str
        Key of the frozen block.
    name : str
        Names of the units in it.
    parent : str
        Where it belongs: the place, or the whole.
    units : tuple of str
        Keys of the parties in it.
    people : int
        Respondents, at least k.
    """

    relation: int
    side: Side
    block: str
    name: str
    parent: str
    units: tuple[str, ...]
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wide:
    """Sums of a union of blocks with at least fifty respondents who answered every item.

    Parameters
    ----------
    key : str
    side : Side
    items : tuple of str
    n : int
    sums : int64 array, (items,)
    products : int64 array, (items, items)
        Sums of products of the answers 1..5.
    """

    key: str
    side: Side
    items: tuple[str, ...]
    n: int
    sums: NDArray[np.int64]
    products: NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """All that is left of a closed wave; every figure is a function of this and nothing else.

    Parameters
    ----------
    wave, title : str
    opened_on, closed_on : date
    instrument : Instrument
    k, words_k : int
    people, answered : int
        Invited and answered, over the whole wave.
    relations : tuple of Relation
    groups : tuple of Group
    items : tuple of str
        Keys of the counted items, in the order of the second axis of ``counts``.
    counts : int64 array, (groups, items, 11)
        Answers in each category, from the first; unused categories are 0. A row whose item was not
        asked of its side is 0 throughout.
    missing : int64 array, (groups, items)
        Respondents who left the item out.
    wide : tuple of Wide
    left_out : tuple of Group
        Groups that reached no k even merged: their answers are nowhere, and ``people`` is how many
        answered ("4 answers, 5 needed").
    deniable : float
        Probability with which an answer of five steps was replaced by a drawn one before it was
        sealed; figures are to be debiased with it.
    """

    wave: str
    title: str
    opened_on: date
    closed_on: date
    instrument: Instrument
    k: int
    words_k: int
    people: int
    answered: int
    relations: tuple[Relation, ...]
    groups: tuple[Group, ...]
    items: tuple[str, ...]
    counts: NDArray[np.int64]
    missing: NDArray[np.int64]
    wide: tuple[Wide, ...] = ()
    left_out: tuple[Group, ...] = field(default=())
    deniable: float = 0.0
