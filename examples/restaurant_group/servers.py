"""What teams say stands in their way, in the week they say it, and nobody's name."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import Any

from upturn.stats.draws import generator

from .parties import draw_parties
from .shapes import ServersWords
from .sources import WEEKS, Dice, in_house, mondays, words
from .stories import planted

SLOT = re.compile(r"\{(\w+)\}")
PROPER = ("Maintenance", "I ")
SHARE_BEFORE, SHARE_AFTER = 0.3, 0.35


def draw_servers_words(*, today: date, seed: int) -> tuple[ServersWords, ...]:
    """Draw about four hundred sentences, in the order of time."""
    dice = Dice(generator(seed, "restaurant group", "servers"))
    weeks = mondays(today)
    said = [
        (weeks[week], party, _sentence(text, dice=dice))
        for party, row in _rows()
        for week, text in _drawn(row, dice=dice)
    ]
    said.sort(key=lambda one: one[:2])
    return tuple(
        ServersWords(
            party, text, datetime.combine(week, time(12), UTC), f"four-hearths-s{number:04d}"
        )
        for number, (week, party, text) in enumerate(said, start=1)
    )


def _rows() -> Iterator[tuple[str, dict[str, Any]]]:
    """Rows with the key of each party that says them."""
    present = {party.key for party in draw_parties()}
    houses = [house["key"] for house in words("organisation")["house"]]
    for row in words("servers")["say"]:
        of = {in_house(row["party"], house=house): row for house in row.get("houses", houses)}
        yield from ((key, row) for key in of if key in present)


def _drawn(row: dict[str, Any], *, dice: Dice) -> Iterator[tuple[int, str]]:
    """Weeks and sentences of one row; each is said once before one is said again."""
    since = planted()[row["planted"]].week + row.get("after", 0) if "planted" in row else 0
    left: list[str] = []
    for _ in range(row.get("times", words("servers")["shares"])):
        left = left or list(row["texts"])
        text = left.pop(int(dice.roll() * len(left)))
        yield since + int(dice.roll() * (WEEKS - since)), text


def _sentence(text: str, *, dice: Dice) -> str:
    around, slots = words("servers")["around"], words("servers")["slots"]
    before = dice.pick(around["before"]) if dice.chance(SHARE_BEFORE) else ""
    after = dice.pick(around["after"]) if dice.chance(SHARE_AFTER) else ""
    opened = text[0].lower() + text[1:] if before and not text.startswith(PROPER) else text
    whole = " ".join(filter(None, (before, opened, after)))
    filled = SLOT.sub(lambda slot: dice.pick(slots[slot[1]]), whole)
    return re.sub(r"(^|[.?!] )([a-z])", lambda found: found[1] + found[2].upper(), filled)
