"""Rules with their ends, barriers that people named, and improvement cycles in every state."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from .people import leaders
from .shapes import Cycle, Improvements, Move, NamedBarrier, Person, Rule
from .sources import words

ABOUT_THE_MOVE = frozenset(("verb", "ago", "actor", "until"))


def draw_improvements(people: Sequence[Person], *, today: date) -> Improvements:
    """Draw all of them; their dates move with ``today``."""
    plan, led_by = words("rules"), leaders(people)
    return Improvements(
        rules=tuple(_rule(row, led_by=led_by, today=today) for row in plan["rule"]),
        barriers=tuple(
            NamedBarrier(
                barrier=row["barrier"],
                words=row["words"],
                at=row["at"],
                named_by=row.get("by"),
                named_on=today - timedelta(days=row["ago"]),
            )
            for row in plan["barrier"]
        ),
        cycles=tuple(_cycle(row, led_by=led_by, today=today) for row in plan["cycle"]),
    )


def _rule(row: Mapping[str, Any], *, led_by: Mapping[str, str], today: date) -> Rule:
    by = _who(row["by"], team=row["keeper"], led_by=led_by)
    return Rule(
        words=row["words"],
        why=row.get("why", ""),
        keeper=row["keeper"],
        for_whom=row.get("for_whom"),
        barrier=row["barrier"],
        written_by=by,
        made_on=today - timedelta(days=row["ago"]),
        ends_on=today + timedelta(days=row["ends"]) if "ends" in row else None,
        moves=_moves(row, by=by, today=today),
    )


def _cycle(row: Mapping[str, Any], *, led_by: Mapping[str, str], today: date) -> Cycle:
    by = _who(row["by"], team=row["team"], led_by=led_by)
    ask = row.get("ask")
    return Cycle(
        noticed=row["noticed"],
        team=row["team"],
        opened_by=by,
        ask=(ask[0], ask[1]) if ask else None,
        opened_on=today - timedelta(days=row["ago"]),
        moves=_moves(row, by=by, today=today),
    )


def _who(by: str, *, team: str, led_by: Mapping[str, str]) -> str:
    return led_by[team] if by == "lead" else by


def _moves(row: Mapping[str, Any], *, by: str, today: date) -> tuple[Move, ...]:
    """Moves of a rule or a cycle; whoever began it makes those that name nobody."""
    return tuple(_move(move, by=by, today=today) for move in row.get("moves", ()))


def _move(row: Mapping[str, Any], *, by: str, today: date) -> Move:
    fields = {name: value for name, value in row.items() if name not in ABOUT_THE_MOVE}
    if "until" in row:
        fields["until"] = today - timedelta(days=row["until"])
    return Move(
        verb=row["verb"],
        on=today - timedelta(days=row["ago"]),
        actor=row.get("actor", by),
        fields=fields,
    )
