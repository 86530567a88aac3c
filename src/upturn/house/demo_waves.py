"""Waves of the example organisation, opened, answered and closed by the room's own commands."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, cast

from upturn.graph import queries as graph
from upturn.partners import commands as partners
from upturn.partners import queries
from upturn.partners.engine import Sheet, questions
from upturn.people import queries as people

OPENS_WAVES = "ruth"


def hold_waves(examples: Any, *, today: date) -> None:
    """Open, answer and close the waves that Four Hearths has had so far."""
    edges = graph.edges_by_keys()
    ruth = people.by_username()[OPENS_WAVES]
    for planned in examples.planned_waves(today):
        asked = tuple(edges[pair].pk for pair in planned.pairs)
        draft = queries.Draft(
            title=planned.title,
            instrument=planned.instrument,
            relations=asked or "all",
            closes_on=planned.closed_on,
        )
        opened = partners.open_wave(ruth, draft=draft, today=planned.opened_on)
        partners.cast_together(_answers(examples, planned, opened), today=planned.opened_on)
        partners.close_wave(ruth, opened.ref, today=planned.closed_on)


def _answers(
    examples: Any, planned: Any, opened: partners.Opened
) -> Iterator[tuple[str, Mapping[str, int], Mapping[str, str]]]:
    """Let most of each seat answer, one card after the other."""
    pairs = {one.id: (one.server, one.served) for one in queries.relations_of(opened.ref)}
    for seat in queries.seats_of(opened.ref):
        units = seat.units.split("\t")
        cards = opened.cards[seat.key]
        sheet = cast("Sheet", queries.sheet(cards[0], today=planned.opened_on))
        asked = [_question(examples, one, pairs=pairs) for one in questions(sheet)]
        for number, token in enumerate(cards[: round(planned.answered * len(cards))]):
            unit = units[number % len(units)]
            answers, words = examples.answer(asked, wave=planned.key, unit=unit, number=number)
            yield token, answers, words


def _question(examples: Any, asked: Any, *, pairs: Mapping[int, tuple[str, str]]) -> Any:
    return examples.Question(
        asked.key,
        asked.item.key,
        str(asked.item.form),
        str(asked.side),
        asked.item.choices,
        asked.item.group,
        asked.item.reversed_,
        pairs.get(asked.relation, ("", "")),
    )
