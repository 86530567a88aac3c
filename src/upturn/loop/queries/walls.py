"""A whole workshop to take along: the wall on paper, and its rows for other programs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from upturn.loop.engine.script import Step
from upturn.loop.models import Workshop
from upturn.loop.queries.cards import CardSeen, StepSeen, cards
from upturn.loop.queries.nominations import NominationSeen, nominations
from upturn.loop.queries.scripts import script_of_workshop
from upturn.loop.queries.sight import Viewer
from upturn.loop.queries.statements import StatementSeen, statements

COLUMNS = (
    "step",
    "question",
    "kind",
    "group",
    "words",
    "signed",
    "owner",
    "first step",
    "sign",
    "verdict",
    "evidence",
)


@dataclass(frozen=True, slots=True)
class WallStep:
    """A step with its question and what can be read of it."""

    step: Step
    question: str
    seen: StepSeen


@dataclass(frozen=True, slots=True)
class Wall:
    """Everything of a workshop that its viewer may read."""

    name: str
    opened_on: date
    closed_on: date | None
    day_100_on: date | None
    steps: tuple[WallStep, ...]
    statements: tuple[StatementSeen, ...]
    stories: tuple[NominationSeen, ...]


def wall(viewer: Viewer, workshop: Workshop, *, language: str) -> Wall:
    """Give the wall of a workshop, questions in a language.

    Raises
    ------
    Workshop.DoesNotExist
        If the workshop is out of sight.
    """
    script = script_of_workshop(workshop)
    said = statements(viewer, workshop)
    told = nominations(viewer, workshop)
    return Wall(
        name=workshop.name,
        opened_on=workshop.opened_on,
        closed_on=workshop.closed_on,
        day_100_on=workshop.day_100_on,
        steps=tuple(
            WallStep(step, script.say(step.ask, language=language), cards(viewer, workshop, number))
            for number, step in enumerate(script.steps)
        ),
        statements=tuple(one for one in said if not one.hidden_because),
        stories=tuple(one for one in told if one.state == "approved"),
    )


def wall_rows(found: Wall) -> list[dict[str, Any]]:
    """Give the wall as rows of `COLUMNS`, a card or a statement each."""
    rows: list[dict[str, Any]] = []
    for number, step in enumerate(found.steps, start=1):
        head = {"step": number, "question": step.question}
        names = {group.ref: group.name for group in step.seen.groups}
        read = (*step.seen.cards, *step.seen.objections)
        rows += [head | _card_row(names.get(card.group, ""), card) for card in read]
        said = [one for one in found.statements if one.step == number - 1]
        rows += [head | _statement_row(one) for one in said]
    return [{column: row.get(column, "") for column in COLUMNS} for row in rows]


def _card_row(group: str, card: CardSeen) -> dict[str, Any]:
    return {"kind": card.kind, "group": group, "words": card.words, "signed": card.signed}


def _statement_row(one: StatementSeen) -> dict[str, Any]:
    return {
        "kind": "statement",
        "words": one.words,
        "owner": one.owner,
        "first step": one.first_step,
        "sign": one.sign,
        "verdict": one.verdict,
        "evidence": one.evidence,
    }


def wall_facts(found: Wall) -> Mapping[str, Any]:
    """Give the wall as plain values for JSON: the workshop's days, and its rows."""
    days = {"opened_on": found.opened_on, "closed_on": found.closed_on}
    days["day_100_on"] = found.day_100_on
    told = [
        {"noticed": one.noticed, "nominee": one.nominee, "how": one.how} for one in found.stories
    ]
    shown = {name: day.isoformat() if day else None for name, day in days.items()}
    return {"name": found.name, **shown, "stories": told, "rows": wall_rows(found)}
