"""Weekly figures of teams and systems, and how well the served say they are served."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np

from upturn.stats.draws import generator

from .parties import draw_parties, edge_rows
from .shapes import Measure, Person
from .sources import in_house, mondays, words

WEEKS_BETWEEN_WAVES = 2
SHARE_WHO_ANSWER = 0.95
SPREAD_OF_ANSWERS = 1.6
SEASON = 0.07


def draw_measures(people: Sequence[Person], *, today: date, seed: int) -> tuple[Measure, ...]:
    """Every weekly figure, then every second week the answers to "how well are we served"."""
    draws = generator(seed, "restaurant group", "measures")
    weeks = mondays(today)
    weekly = [
        measure
        for (key, row) in _weekly_rows().items()
        for measure in _series(key, row=row, weeks=weeks, draws=draws)
    ]
    return (*weekly, *_served_well(people, weeks=weeks, draws=draws))


def _weekly_rows() -> dict[tuple[str, ...], dict[str, Any]]:
    """Rows by party or edge and name; a later row of one house replaces the common one."""
    present = {party.key for party in draw_parties()}
    houses = [house["key"] for house in words("organisation")["house"]]
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    for row in words("measures")["weekly"]:
        patterns = row["edge"] if "edge" in row else [row["party"]]
        for house in houses:
            keys = [in_house(pattern, house=house) for pattern in patterns]
            if present.issuperset(keys):
                found[(*keys, row["name"])] = row
    return found


def _series(
    key: tuple[str, ...],
    *,
    row: dict[str, Any],
    weeks: Sequence[date],
    draws: np.random.Generator,
) -> list[Measure]:
    *keys, name = key
    before, after = row["level"], row.get("to", row["level"])
    levels = np.array(
        [after if week >= row.get("week", 0) else before for week in range(len(weeks))]
    )
    if row.get("season"):
        warmth = np.cos([2 * np.pi * (on.timetuple().tm_yday - 200) / 365 for on in weeks])
        levels = levels * (1 + SEASON * warmth)
    noisy = levels + row["spread"] * draws.standard_normal(len(weeks))
    values = np.clip(noisy, row["low"], row.get("high", np.inf)).round(row.get("decimals", 0))
    edge = (keys[0], keys[1]) if len(keys) == 2 else None
    party = None if edge else keys[0]
    return [
        Measure(party, edge, name, week, value, row.get("n"), row["low"], row.get("high"))
        for week, value in zip(weeks, values.tolist(), strict=True)
    ]


def _served_well(
    people: Sequence[Person], *, weeks: Sequence[date], draws: np.random.Generator
) -> list[Measure]:
    name = words("measures")["well"]["name"]
    size = Counter(party for person in people for party, _leads in person.memberships)
    moved = {(row[0], row[1]): row[2:] for row in words("measures")["well"]["moved"]}
    few = {tuple(pair) for pair in words("measures")["well"]["few_answers"]}
    measures = []
    for serves, level in edge_rows():
        edge = serves.server, serves.served
        if not level:
            continue
        before, since, after = moved.get(edge, (level + draws.normal(0, 0.3), 0, None))
        waves = range(1, len(weeks), WEEKS_BETWEEN_WAVES)
        for index in waves[-1:] if edge in few else waves:
            n = int(draws.binomial(size[serves.served], SHARE_WHO_ANSWER))
            n = min(n, int(draws.integers(2, 5))) if edge in few else n
            usual = before if after is None or index < since else after
            value = round(float(usual + draws.normal(0, SPREAD_OF_ANSWERS / np.sqrt(n))), 1)
            measures.append(
                Measure(None, edge, name, weeks[index], min(max(value, 0.0), 10.0), n, 0, 10)
            )
    return measures
