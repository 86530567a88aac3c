"""What every part of the large database is drawn and stored with."""

import importlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import islice
from typing import Any

import numpy as np
from django.apps import apps
from django.db import connection

SEED = 2026
PLACES, AT_A_PLACE, EVERYWHERE = 40, 48, 80
POINTS_AT_A_PLACE, FRONT = 15, 12
PEOPLE = 5_000
VIEWERS = ("server", "leader", "executive", "facilitator", "administrator", "guest")
SENTENCES = (
    "We waited {n} minutes before anybody came to the table.",
    "The soup was cold and nobody asked whether we liked it.",
    "Thank you to the young man who carried our bags up the stairs.",
    "The bill had {n} things on it that we never ordered.",
    "Lovely evening, we will come again with the whole family.",
    "Nobody could tell me where my order was, not even on the third call.",
    "The room smelled of paint and the window did not close.",
    "They remembered my name from the last visit, which was kind.",
    "I had to explain the same thing to {n} different people.",
    "Clean, quiet and quick, exactly what we needed that day.",
)


def monday() -> date:
    """Give the Monday of this week."""
    today = importlib.import_module("django.utils.timezone").localdate()
    return today - timedelta(days=today.weekday())


def store(label: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Store rows a few thousand at a time."""
    model = apps.get_model(label)
    made = (model(**row) for row in rows)
    while some := list(islice(made, 5_000)):
        model.objects.bulk_create(some)


def insert(table: str, columns: str, rows: Iterable[Sequence[object]]) -> None:
    """Store rows by hand, for half a million objects take their time."""
    marks = ", ".join("%s" for _ in columns.split(", "))
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)  # noqa: S608


def party_id(place: int, number: int) -> int:
    """Give the id of a party; 0 is a place's customers, 1 to 12 serve them."""
    return 1 + place * AT_A_PLACE + number


def viewer_places() -> dict[str, list[tuple[int, bool]]]:
    """Give the parties of each viewer of the benchmark, and whether he or she leads them."""
    return {
        "server": [(party_id(7, 3), False)],
        "leader": [(party_id(7, FRONT + 1), True), (party_id(7, 5), True)],
        "executive": [(party_id(PLACES, 40), True)],
        "facilitator": [(party_id(PLACES, 41), False)],
        "administrator": [],
        "guest": [(party_id(PLACES, 3), False)],
    }


def zipf(draw: np.random.Generator, most: int, count: int) -> list[int | None]:
    """Draw 1 to ``most``, the small numbers more often; one in twenty is unknown."""
    weights = 1 / np.arange(4, most + 4) ** 0.7
    drawn = draw.choice(most, count, p=weights / weights.sum()) + 1
    unknown = draw.random(count) < 0.05
    return [None if hidden else int(one) for one, hidden in zip(drawn, unknown, strict=True)]


def draw_keys(draw: np.random.Generator, count: int) -> list[int]:
    """Draw keys as the rooms do where a key must not tell when its row came."""
    return draw.integers(0, 2**63 - 1, count).tolist()
