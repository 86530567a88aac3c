"""What the tables call a state is what the engine calls it."""

from enum import StrEnum

import pytest

from upturn.exchange import models
from upturn.exchange.engine import (
    Answer,
    Breach,
    Position,
    RoundKind,
    RoundPhase,
    Rung,
    Stage,
    Verb,
)


@pytest.mark.parametrize(
    ("choices", "states"),
    [
        (models.RoundKind, RoundKind),
        (models.RoundPhase, RoundPhase),
        (models.Position, Position),
        (models.ProgrammeState, Stage),
        (models.BreachState, Breach),
    ],
)
def test_tables_and_engine_name_states_alike(choices: type, states: type[StrEnum]) -> None:
    assert set(choices.values) == {state.value for state in states}  # type: ignore[attr-defined]


def test_rungs_are_the_same_ladder() -> None:
    assert [(rung.name, rung.value) for rung in Rung] == list(
        zip(models.Rung.names, models.Rung.values, strict=True)
    )


def test_words_fit_their_columns() -> None:
    said = models.ProgrammeWord._meta.get_field("said").max_length
    words = (Verb.CONSENT, Verb.CONCERN, Verb.OBJECT, Verb.GO, Verb.NOT_YET, Verb.NO)
    assert max(map(len, words)) <= said
    assert max(map(len, Answer)) <= models.BuyIn._meta.get_field("opened").max_length
