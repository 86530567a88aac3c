"""Closed waves made up for tests: twelve units in three places, some of them too small."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import numpy as np

from upturn.partners.engine import (
    Form,
    Group,
    Instrument,
    Item,
    Published,
    Relation,
    Side,
    Wide,
)

PLACES = ("Garden", "Harbour", "Mill")
UNITS = ("Floor", "Kitchen", "Bar", "Dish room")
SERVES = (("Kitchen", "Floor"), ("Bar", "Floor"), ("Dish room", "Kitchen"), ("Till", "Floor"))
PEOPLE = {"Floor": 22, "Kitchen": 16, "Bar": 7, "Dish room": 9}
BOTH = (Side.SERVERS, Side.LEADERS)
EDGE = (Side.SERVING, Side.SERVED)
SIGNS = tuple(f"sign-{n}" for n in range(1, 10))
CHOICES = ("servers", "leaders", "rules", "tools", "few", "wishes", "unsure")

PULSE = Instrument(
    key="pulse",
    version=1,
    per_relation=True,
    items=(
        Item(key="well", form=Form.HOW_WELL, sides=EDGE, measures="performance"),
        Item(key="matters", form=Form.HOW_MUCH, sides=EDGE, measures="importance"),
        Item(key="guess", form=Form.HOW_WELL, sides=EDGE, measures="guess"),
        Item(key="words", form=Form.WORDS, sides=EDGE, measures="own"),
    ),
    texts={"en": {"name": "Pulse"}},
)
SIGN_ITEMS = (
    *(Item(key=s, form=Form.AGREE, sides=BOTH, measures=s, reversed_=True) for s in SIGNS),
    *(
        Item(key=f"servers-{what}", form=Form.AGREE, sides=BOTH[:1], measures="servers")
        for what in ("denounce", "resist", "mistrust")
    ),
    Item(key="cause", form=Form.CHOICE, sides=BOTH, measures="cause", choices=CHOICES),
    *(
        Item(key=f"time-{w}", form=Form.SPLIT, sides=BOTH[:1], measures="time", group="time")
        for w in ("customers", "inside", "again")
    ),
    Item(key="morale", form=Form.AGREE, sides=BOTH[:1], measures="morale"),
    Item(key="took-part", form=Form.AGREE, sides=BOTH[:1], measures="took-part"),
    Item(key="words", form=Form.WORDS, sides=BOTH, measures="own"),
)


def _texts(items: tuple[Item, ...], name: str) -> Mapping[str, Mapping[str, str]]:
    words = {f"{item.key}.{side}": f"{item.key} asked of {side}" for item in items for side in BOTH}
    choices = {f"cause.choice.{choice}": choice.capitalize() for choice in CHOICES}
    return {"en": {"name": name} | words | choices}


SIGNS_INSTRUMENT = Instrument(
    key="signs",
    version=1,
    per_relation=False,
    items=SIGN_ITEMS,
    texts=_texts(SIGN_ITEMS, "Nine signs"),
)
KEY_ITEMS = tuple(
    Item(key=f"key-{n}", form=Form.AGREE, sides=BOTH, measures=f"key-{n}") for n in range(1, 7)
)
KEYS_INSTRUMENT = Instrument(
    key="keys",
    version=1,
    per_relation=False,
    items=KEY_ITEMS,
    texts=_texts(KEY_ITEMS, "Six keys"),
)


def key_of(unit: str, place: str) -> str:
    return f"{place}-{unit}".lower().replace(" ", "-")


def drawn(
    rng: np.random.Generator, people: int, *, mean: float, categories: int = 5
) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """Answers of some people around a mean on 0..1, counted."""
    steps = np.clip(rng.normal(mean, 0.22, people), 0, 1) * (categories - 1)
    counts = np.zeros(11, dtype=np.int64)
    counts[:categories] = np.bincount(np.rint(steps).astype(int), minlength=categories)
    return counts


def pulse(
    *, seed: int = 4, gaps: Mapping[int, float] | None = None, wave: str = "w-pulse"
) -> Published:
    """A pulse on fifteen edges; ``gaps`` says by how much of 0..1 the serving side thinks more.

    The till's side is nobody's, guests do not answer, and the bar of the Garden has four answers.
    """
    rng = np.random.default_rng(seed)
    wanted = {2: 0.4, 0: 0.1} if gaps is None else gaps
    relations, groups, rows, left = [], [], [], []
    everybody = [(a, b, place) for place in PLACES for a, b in (*SERVES, ("Floor", "Guests"))]
    for number, (server, served, place) in enumerate(everybody):
        relations.append(_relation(number, server, served, place))
        for side, unit in ((Side.SERVING, server), (Side.SERVED, served)):
            if unit in PEOPLE:
                few = unit == "Bar" and place == "Garden"
                people = 4 if few else PEOPLE[unit]
                group = _group(number, side, unit, place, people)
                (left if few else groups).append(group)
                if not few:
                    more = wanted.get(number, 0.0) if side is Side.SERVING else 0.0
                    rows.append(
                        [
                            drawn(rng, people, mean=0.5 + more),
                            drawn(rng, people, mean=0.7),
                            drawn(rng, people, mean=0.55),
                        ]
                    )
    return _published(
        wave, PULSE, relations=relations, groups=groups, rows=rows, left_out=tuple(left)
    )


def signs(*, seed: int = 9, wave: str = "w-signs", apart: float = 0.3) -> Published:
    """Nine signs; leaders agree with each sign less than those who serve, by ``apart``."""
    rng = np.random.default_rng(seed)
    return _asked_once(rng, wave, SIGNS_INSTRUMENT, apart=apart)


def keys(*, seed: int = 11, wave: str = "w-keys", apart: float = 0.3) -> Published:
    """Six keys, of which leaders think better by ``apart``."""
    return _asked_once(np.random.default_rng(seed), wave, KEYS_INSTRUMENT, apart=-apart)


def _asked_once(
    rng: np.random.Generator, wave: str, instrument: Instrument, *, apart: float
) -> Published:
    groups, rows, left = [], [], []
    for place in PLACES:
        for unit, people in PEOPLE.items():
            few = unit == "Bar" and place == "Garden"
            group = _group(-1, Side.SERVERS, unit, place, 4 if few else people)
            (left if few else groups).append(group)
            if not few:
                rows.append(_answers(rng, instrument, group, more=0.0))
    pooled = {"Mill": ("Mill",), "": ("Garden", "Harbour")}
    for parent, places in pooled.items():
        units = tuple(key_of("Leaders", place) for place in places)
        name = "Leaders of " + " and ".join(places)
        group = replace(
            _group(-1, Side.LEADERS, "Leaders", places[0], 8), units=units, name=name, parent=parent
        )
        groups.append(group)
        rows.append(_answers(rng, instrument, group, more=-apart))
    made = _published(
        wave, instrument, relations=[], groups=groups, rows=rows, left_out=tuple(left)
    )
    return replace(made, wide=(_wide(rng, instrument),))


def _answers(
    rng: np.random.Generator, instrument: Instrument, group: Group, *, more: float
) -> list["np.ndarray[tuple[int], np.dtype[np.int64]]"]:
    counted = [item for item in instrument.items if item.form is not Form.WORDS]
    return [
        drawn(rng, group.people, mean=0.55 + more, categories=item.categories)
        if group.side in item.sides
        else np.zeros(11, dtype=np.int64)
        for item in counted
    ]


def _wide(rng: np.random.Generator, instrument: Instrument, *, n: int = 120) -> Wide:
    items = tuple(
        item.key
        for item in instrument.items
        if item.form is Form.AGREE and Side.SERVERS in item.sides
    )
    common = rng.normal(size=(n, 1))
    answers = np.clip(np.rint(3 + 0.7 * common + 0.7 * rng.normal(size=(n, len(items)))), 1, 5)
    whole = answers.astype(np.int64)
    return Wide(
        key="all", side=Side.SERVERS, items=items, n=n, sums=whole.sum(0), products=whole.T @ whole
    )


def _relation(number: int, server: str, served: str, place: str) -> Relation:
    return Relation(
        id=number,
        server=key_of(server, place),
        served=key_of(served, place),
        server_name=server,
        served_name=served,
        place=place,
    )


def _group(relation: int, side: Side, unit: str, place: str, people: int) -> Group:
    return Group(
        relation=relation,
        side=side,
        block=f"{side}:{key_of(unit, place)}",
        name=unit,
        parent=place,
        units=(key_of(unit, place),),
        people=people,
    )


def _published(
    wave: str,
    instrument: Instrument,
    *,
    relations: list[Relation],
    groups: list[Group],
    rows: list[list["np.ndarray[tuple[int], np.dtype[np.int64]]"]],
    left_out: tuple[Group, ...],
) -> Published:
    items = tuple(item.key for item in instrument.items if item.form is not Form.WORDS)
    counts = np.array(rows, dtype=np.int64)
    return Published(
        wave=wave,
        title="Autumn wave",
        opened_on=date(2026, 11, 2),
        closed_on=date(2026, 11, 9),
        instrument=instrument,
        k=5,
        words_k=10,
        people=131,
        answered=118,
        relations=tuple(relations),
        groups=tuple(groups),
        items=items,
        counts=counts,
        missing=np.zeros(counts.shape[:2], dtype=np.int64),
        left_out=left_out,
    )
