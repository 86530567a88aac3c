"""Weekly figures of teams and systems, and how well the served say they are served."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from upturn.stats.draws import generator

from .parties import draw_parties, edge_rows
from .shapes import Measure, Person, Serves
from .sources import WEEKS, in_house, mondays, words
from .stories import planted

WEEKS_BETWEEN_WAVES = 2
SHARE_WHO_ANSWER = 0.95
ASKED = 5
SPREAD_OF_ANSWERS = 1.6
SEASON = 0.07


def draw_measures(people: Sequence[Person], *, today: date, seed: int) -> tuple[Measure, ...]:
    """Every weekly figure, then every second week the answers to "how well are we served"."""
    weeks = mondays(today)
    weekly = [
        measure
        for (key, row) in _weekly_rows().items()
        for measure in _series(key, row=row, weeks=weeks, draws=_draws(seed, *key))
    ]
    return (*weekly, *_served_well(people, weeks=weeks, seed=seed))


def _draws(seed: int, *key: str) -> np.random.Generator:
    """Draws of one figure alone: another figure more leaves all others as they are."""
    return generator(seed, "restaurant group", "measures", *key)


def _weekly_rows() -> dict[tuple[str, ...], dict[str, Any]]:
    """Rows by party or edge and name; a later row of one house replaces the common one."""
    present = {party.key for party in draw_parties()}
    houses = [house["key"] for house in words("organisation")["house"]]
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    for row in words("measures")["weekly"]:
        patterns = row["edge"] if "edge" in row else [row["party"]]
        for house in row.get("houses", houses):
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
    levels = _levels(row) + _everywhere(keys[0], row=row)
    if row.get("season"):
        warmth = np.cos([2 * np.pi * (on.timetuple().tm_yday - 200) / 365 for on in weeks])
        levels = levels * (1 + SEASON * warmth)
    noisy = levels + row["spread"] * draws.standard_normal(len(weeks))
    values = np.clip(noisy, row["low"], row.get("high", np.inf)).round(row.get("decimals", 0))
    edge = (keys[0], keys[1]) if len(keys) == 2 else None
    party, n, high = None if edge else keys[0], row.get("n"), row.get("high")
    return [
        Measure(party, edge, name, week, value, n, row["low"], high, row["better"])
        for week, value in zip(weeks, values.tolist(), strict=True)
    ]


def _levels(row: dict[str, Any]) -> NDArray[np.float64]:
    """Level of each week before chance: another one from the week in which something moves it."""
    moved = np.arange(WEEKS) >= row.get("week", WEEKS)
    if "planted" in row:
        moved = _late(row["planted"], after=row["after"])
    return np.where(moved, row.get("to", row["level"]), float(row["level"]))


def _everywhere(party: str, *, row: dict[str, Any]) -> NDArray[np.float64]:
    """What a trouble of the whole house adds to a figure of one of its parties."""
    worse = row["spread"] if row["better"] == "less" else -row["spread"]
    added = np.zeros(WEEKS)
    for trouble in words("measures")["everywhere"]:
        if party.startswith(f"{trouble['house']}-"):
            added += worse * trouble["spreads"] * _late(trouble["planted"], after=0)
    return added


def _late(key: str, *, after: int) -> NDArray[np.bool_]:
    """Weeks from the one on, or ``after`` weeks later, in which something was planted."""
    late: NDArray[np.bool_] = np.arange(WEEKS) >= planted()[key].week + after
    return late


class _Asked(NamedTuple):
    """An edge whose served side is asked: the level in each week, and how many could answer."""

    serves: Serves
    levels: NDArray[np.float64]
    size: int


def _served_well(people: Sequence[Person], *, weeks: Sequence[date], seed: int) -> list[Measure]:
    plan = words("measures")["well"]
    members = Counter(party for person in people for party, _leads in person.memberships)
    size = {party: min(n, plan["asked"].get(party, ASKED)) for party, n in members.items()}
    few = {tuple(pair) for pair in plan["few_answers"]}
    measures = []
    for serves, level in edge_rows():
        if not level or serves.server in plan["nobody_asked"]:
            continue
        draws = _draws(seed, serves.server, serves.served)
        usual = level + draws.normal(0, 0.3)
        asked = _Asked(serves, _how_well(serves, usual=usual), size[serves.served])
        waves = range(1, len(weeks), WEEKS_BETWEEN_WAVES)
        edge = serves.server, serves.served
        for index in waves[-1:] if edge in few else waves:
            value, n = _answers(asked, index=index, draws=draws, most=4 if edge in few else None)
            about = None, edge, plan["name"], weeks[index]
            measures.append(Measure(*about, value, n, 0, 10, "more"))
    return measures


def _how_well(serves: Serves, *, usual: float) -> NDArray[np.float64]:
    plan = words("measures")
    levels = np.full(WEEKS, usual)
    for server, served, before, key, after, then in plan["well"]["moved"]:
        if (server, served) == (serves.server, serves.served):
            levels = np.where(_late(key, after=after), float(then), float(before))
    for trouble in plan["everywhere"]:
        if serves.server.startswith(f"{trouble['house']}-"):
            levels = levels - trouble["well"] * _late(trouble["planted"], after=0)
    return levels


def _answers(
    asked: _Asked, *, index: int, draws: np.random.Generator, most: int | None
) -> tuple[float, int]:
    n = int(draws.binomial(asked.size, SHARE_WHO_ANSWER))
    n = min(n, int(draws.integers(2, most + 1))) if most else n
    value = float(asked.levels[index] + draws.normal(0, SPREAD_OF_ANSWERS / np.sqrt(n)))
    return min(max(round(value, 1), 0.0), 10.0), n
