"""Asks of the large database, with what was promised, judged, thanked and said."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import chain
from typing import Any

import numpy as np
from django.apps import apps
from scale_rows import (
    PEOPLE,
    PLACES,
    POINTS_AT_A_PLACE,
    SEED,
    SENTENCES,
    VIEWERS,
    draw_keys,
    monday,
    store,
    viewer_places,
    zipf,
)

from upturn.stats.draws import generator

ASKS = 20_000
STATES = {
    "asked": 0.12,
    "asked_back": 0.03,
    "declined": 0.03,
    "promised": 0.16,
    "done": 0.08,
    "judged": 0.14,
    "settled": 0.40,
    "withdrawn": 0.04,
}
WITH_PROMISE = frozenset({"promised", "done", "judged", "settled"})
WITH_VERDICT = frozenset({"judged", "settled"})


def store_asks() -> None:
    """Draw asks in every state, more of them where the viewers of the benchmark belong."""
    draw = generator(SEED, "asks")
    edges = apps.get_model("graph.Serves").objects.exclude(served__kind="customers")
    rows = list(edges.values_list("pk", "server_id", "served_id"))
    near = {party for places in viewer_places().values() for party, _ in places}
    weights = np.array([8.0 if near & {server, served} else 1.0 for _, server, served in rows])
    keys = draw_keys(draw, ASKS)
    chosen = draw.choice([edge for edge, *_ in rows], ASKS, p=weights / weights.sum()).tolist()
    states = draw.choice(list(STATES), ASKS, p=list(STATES.values())).tolist()
    days = [monday() - timedelta(days=int(age)) for age in draw.integers(0, 500, ASKS)]
    kinds, points = draw.random(ASKS).tolist(), zipf(draw, PLACES * POINTS_AT_A_PLACE, ASKS)
    people = draw.integers(1, PEOPLE + len(VIEWERS) + 1, ASKS).tolist()
    asked = zip(keys, days, chosen, kinds, points, people, strict=True)
    store(
        "commitments.Ask",
        (_ask(*one) | {"state": state} for one, state in zip(asked, states, strict=True)),
    )
    _store_answers(list(zip(keys, states, days, strict=True)))


def _ask(key: int, raised_on: date, edge: int, kind: float, *drawn: int | None) -> dict[str, Any]:
    """Make an ask; with a ticket it has neither author nor touchpoint."""
    ticket = kind < 0.15
    point, person = (None, None) if ticket else drawn
    return {
        "id": key,
        "ref": hashlib.sha256(f"{key}".encode()).hexdigest()[:12],
        "edge_id": edge,
        "touchpoint_id": point,
        "words": f"{SENTENCES[key % 10].format(n=key % 90)} What would help is a sign at the door.",
        "raised_as": "ticket" if ticket else "person" if kind < 0.4 else "team",
        "raised_by_id": person,
        "ticket_hash": hashlib.sha256(f"ticket {key}".encode()).hexdigest() if ticket else "",
        "raised_on": raised_on,
        "acts_on": raised_on + timedelta(days=30),
    }


def _store_answers(asks: Sequence[tuple[int, str, date]]) -> None:
    """Answer asks as far as their states say: what was promised, judged, thanked and written."""
    draw = generator(SEED, "answers")
    promised = [one for one in asks if one[1] in WITH_PROMISE]
    promises = list(zip(draw_keys(draw, len(promised)), promised, strict=True))
    store("commitments.Promise", (_promise(key, *one) for key, one in promises))
    verdicts = list(chain.from_iterable(_verdicts(key, *one[1:]) for key, one in promises))
    _numbered("commitments.Verdict", verdicts)
    thanked = [(key, on) for key, (_, state, on) in promises if state == "settled" and key % 3]
    words = "Thank you, it helps every evening."
    rows = ({"promise_id": key, "words": words, "given_on": on} for key, on in thanked)
    _numbered("commitments.Thanks", list(rows))
    lines = [
        {"ask_id": key, "turn": turn, "move": "reply", "words": SENTENCES[key % 10], "said_on": on}
        for key, _, on in asks
        for turn in range(1, 1 + key % 4)
    ]
    _numbered("commitments.Line", lines)


def _numbered(label: str, rows: Sequence[dict[str, Any]]) -> None:
    keys = draw_keys(generator(SEED, "keys", label), len(rows))
    store(label, ({"id": key} | row for key, row in zip(keys, rows, strict=True)))


def _promise(key: int, ask: int, state: str, raised_on: date) -> dict[str, Any]:
    made_on = raised_on + timedelta(days=4)
    due_on = made_on + timedelta(days=26)
    return {
        "id": key,
        "ask_id": ask,
        "turn": 1,
        "what": "The list hangs by the door before every evening.",
        "who": "the early shift",
        "sign": "You need not ask what is sold out.",
        "made_on": made_on,
        "due_on": due_on,
        "done_on": None if state == "promised" else due_on,
        "day_100_on": made_on + timedelta(days=100),
    }


def _verdicts(promise: int, state: str, raised_on: date) -> Iterator[dict[str, Any]]:
    outcome = ("better", "same", "better", "other", "worse")[promise % 5]
    given = {"promise_id": promise, "outcome": outcome, "given_on": raised_on + timedelta(days=33)}
    if state in WITH_VERDICT:
        yield given | {"moment": "due"}
    if state == "settled":
        yield given | {"moment": "day_100", "given_on": raised_on + timedelta(days=104)}
