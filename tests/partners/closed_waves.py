"""Closed waves made up for tests: twelve units in three places, some of them too small."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from upturn.partners.engine import (
    Form,
    Group,
    Instrument,
    Published,
    Relation,
    Side,
    Wide,
    instrument,
    under_leaders,
)

PLACES = ("Garden", "Harbour", "Mill")
UNITS = ("Floor", "Kitchen", "Bar", "Dish room")
SERVES = (("Kitchen", "Floor"), ("Bar", "Floor"), ("Dish room", "Kitchen"), ("Till", "Floor"))
PEOPLE = {"Floor": 22, "Kitchen": 16, "Bar": 7, "Dish room": 9}
PULSE, SIGNS, KEYS = (instrument(key) for key in ("pulse", "signs", "keys"))


def key_of(unit: str, place: str) -> str:
    return f"{place}-{unit}".lower().replace(" ", "-")


def drawn(
    rng: np.random.Generator, people: int, *, mean: float, categories: int = 5
) -> NDArray[np.int64]:
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
    wanted = {5: 0.35, 2: 0.35, 0: 0.15} if gaps is None else gaps
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
    """Nine signs, which those who lead see better by ``apart`` of 0..1."""
    rng = np.random.default_rng(seed)
    return _asked_once(rng, wave, SIGNS, apart=apart)


def keys(*, seed: int = 11, wave: str = "w-keys", apart: float = 0.3) -> Published:
    """Six keys, which those who lead see better by ``apart`` of 0..1."""
    return _asked_once(np.random.default_rng(seed), wave, KEYS, apart=apart)


def understood(*, seed: int = 13, wave: str = "w-understood") -> Published:
    """Whom everybody serves."""
    return _asked_once(np.random.default_rng(seed), wave, instrument("understood"), apart=0.1)


def led(*, seed: int = 17, wave: str = "w-led", apart: float = 0.3) -> Published:
    """How those who lead serve, asked of everybody about all of them."""
    whole = _asked_once(np.random.default_rng(seed), wave, instrument("led"), apart=apart)
    servers = [n for n, group in enumerate(whole.groups) if group.side is Side.SERVERS]
    together = replace(
        whole.groups[servers[0]],
        units=(under_leaders(""),),
        name="those who serve",
        parent="",
        people=sum(whole.groups[n].people for n in servers),
    )
    leaders = [n for n, group in enumerate(whole.groups) if group.side is Side.LEADERS]
    counts = np.stack([whole.counts[servers].sum(axis=0), *whole.counts[leaders]])
    return replace(
        whole,
        groups=(together, *(whole.groups[n] for n in leaders)),
        counts=counts,
        missing=np.zeros(counts.shape[:2], dtype=np.int64),
        wide=(),
        left_out=(),
    )


def _asked_once(
    rng: np.random.Generator, wave: str, questions: Instrument, *, apart: float
) -> Published:
    groups, rows, left = [], [], []
    for place in PLACES:
        for unit, people in PEOPLE.items():
            few = unit == "Bar" and place == "Garden"
            group = _group(-1, Side.SERVERS, unit, place, 4 if few else people)
            (left if few else groups).append(group)
            if not few:
                rows.append(_answers(rng, questions, group, more=0.0))
    pooled = {"Mill": ("Mill",), "": ("Garden", "Harbour")}
    for parent, places in pooled.items():
        units = tuple(key_of("Leaders", place) for place in places)
        name = "Leaders of " + " and ".join(places)
        group = replace(
            _group(-1, Side.LEADERS, "Leaders", places[0], 8), units=units, name=name, parent=parent
        )
        groups.append(group)
        rows.append(_answers(rng, questions, group, more=apart))
    made = _published(wave, questions, relations=[], groups=groups, rows=rows, left_out=tuple(left))
    return replace(made, wide=(_wide(rng, questions),))


def _answers(
    rng: np.random.Generator, questions: Instrument, group: Group, *, more: float
) -> list[NDArray[np.int64]]:
    counted = [item for item in questions.items if item.form is not Form.WORDS]
    return [
        drawn(
            rng,
            group.people,
            mean=0.55 + (-more if item.reversed_ else more),
            categories=item.categories,
        )
        if group.side in item.sides
        else np.zeros(11, dtype=np.int64)
        for item in counted
    ]


def _wide(rng: np.random.Generator, questions: Instrument, *, n: int = 120) -> Wide:
    items = [
        item
        for item in questions.items
        if item.form in {Form.AGREE, Form.HOW_MUCH} and Side.SERVERS in item.sides
    ]
    common = rng.normal(size=(n, 1))
    turned = np.array([-1 if item.reversed_ else 1 for item in items])
    steps = 3 + turned * (0.7 * common + 0.7 * rng.normal(size=(n, len(items))))
    whole = np.clip(np.rint(steps), 1, 5).astype(np.int64)
    return Wide(
        key="all",
        side=Side.SERVERS,
        items=tuple(item.key for item in items),
        n=n,
        sums=whole.sum(0),
        products=whole.T @ whole,
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
    questions: Instrument,
    *,
    relations: list[Relation],
    groups: list[Group],
    rows: list[list[NDArray[np.int64]]],
    left_out: tuple[Group, ...],
) -> Published:
    items = tuple(item.key for item in questions.items if item.form is not Form.WORDS)
    counts = np.array(rows, dtype=np.int64)
    return Published(
        wave=wave,
        title="Autumn wave",
        opened_on=date(2026, 11, 2),
        closed_on=date(2026, 11, 9),
        instrument=questions,
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
