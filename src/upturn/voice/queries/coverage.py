"""How far customers' words reach: readers per layer, never by name (S1.12)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.core.cache import cache

from upturn.graph import queries as graph
from upturn.people import queries as people
from upturn.record import reading_log
from upturn.stats import Withheld

if TYPE_CHECKING:
    from upturn.people.models import Person

DAYS = 30
PEOPLE_NEEDED = 5
KEPT_S = 300


@dataclass(frozen=True, slots=True)
class Layer:
    """People ``steps`` from a customer and how many of them read; no steps: no path to one.

    ``readers`` is withheld where so few people are in the layer that a count points at somebody.
    """

    steps: int | None
    people: int
    readers: int | Withheld


def coverage(viewer: "Person", *, key: str, today: date) -> tuple[Layer, ...]:
    """Which layers have read the words of a touchpoint in the last 30 days, customers' side first.

    Everybody is counted once, in the nearest of his or her layers.
    """
    if not people.may_read_words(viewer):
        return ()
    since = today - timedelta(days=DAYS)
    readers = reading_log.readers(kind="touchpoint", ref=key, since=since)
    layers = _people_by_layer()
    return tuple(
        _layer(steps, layers[steps], readers)
        for steps in sorted(layers, key=lambda steps: (steps is None, steps))
    )


def _people_by_layer() -> dict[int | None, list[int]]:
    """Who stands how far from a customer; kept for some minutes, for it is everybody."""
    now = graph.snapshot()
    key = f"voice.people-by-layer.{now.number}"
    layers: dict[int | None, list[int]] | None = cache.get(key)
    if layers is None:
        layers = {}
        for person, parties in people.parties_by_person().items():
            layers.setdefault(_nearest(now.distance.get(p) for p in parties), []).append(person)
        cache.set(key, layers, KEPT_S)
    return layers


def _nearest(steps: Iterable[int | None]) -> int | None:
    return min((step for step in steps if step is not None), default=None)


def _layer(steps: int | None, members: list[int], readers: frozenset[int]) -> Layer:
    if len(members) < PEOPLE_NEEDED:
        return Layer(steps, len(members), Withheld("too_few_people", PEOPLE_NEEDED, len(members)))
    return Layer(steps, len(members), len(readers.intersection(members)))
