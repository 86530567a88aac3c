"""Asks in every state of the spine: what would help, what was promised, what came of it."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from .people import leaders
from .shapes import Ask, Move, Person
from .sources import words

ASKING = frozenset(
    ("reply", "insist", "accept", "judge", "judge_day_100", "ask_again", "withdraw", "thank")
)
ABOUT_THE_MOVE = frozenset(("verb", "ago", "actor", "due"))


def draw_asks(people: Sequence[Person], *, today: date) -> tuple[Ask, ...]:
    """All asks; their dates move with ``today``."""
    led_by = leaders(people)
    return tuple(_ask(row, led_by=led_by, today=today) for row in words("asks")["ask"])


def _ask(row: dict[str, Any], *, led_by: Mapping[str, str], today: date) -> Ask:
    server, served = row["edge"]
    by = led_by[served] if row["by"] == "lead" else row["by"]
    raised_as = by if by in ("team", "ticket") else "person"
    raised_by = by if raised_as == "person" else None
    asking = led_by[served] if raised_as == "team" else raised_by
    return Ask(
        edge=(server, served),
        text=row["text"],
        raised_as=raised_as,
        raised_by=raised_by,
        touchpoint=row.get("touchpoint"),
        theme=row.get("theme"),
        raised_on=today - timedelta(days=row["ago"]),
        moves=tuple(
            _move(move, asking=asking, serving=led_by.get(server), today=today)
            for move in row.get("moves", ())
        ),
    )


def _move(row: dict[str, Any], *, asking: str | None, serving: str | None, today: date) -> Move:
    fields = {name: value for name, value in row.items() if name not in ABOUT_THE_MOVE}
    if "due" in row:
        fields["due_on"] = today - timedelta(days=row["due"])
    usual = asking if row["verb"] in ASKING else serving
    return Move(
        verb=row["verb"],
        on=today - timedelta(days=row["ago"]),
        actor=row.get("actor", usual),
        fields=fields,
    )
