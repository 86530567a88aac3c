"""The spine as a truth table, and laws over every path through it."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upturn.commitments.engine import (
    STEPS,
    Dates,
    Move,
    MoveRefused,
    Side,
    State,
    after,
    day_100,
    diagram,
    open_moves,
    waits_for,
)

MADE = date(2026, 10, 26)
DATES = Dates(due=MADE + timedelta(days=14), day_100=day_100(MADE))
LATE = MADE + timedelta(days=200)
A, S = Side.ASKING, Side.SERVING

# state: {move: (side, state after)}; a move that is not listed is refused.
TRUTH = {
    "asked": {
        "promise": (S, "promised"),
        "ask_back": (S, "asked_back"),
        "decline": (S, "declined"),
        "withdraw": (A, "withdrawn"),
    },
    "asked_back": {
        "reply": (A, "asked"),
        "promise": (S, "promised"),
        "withdraw": (A, "withdrawn"),
    },
    "declined": {"insist": (A, "asked"), "accept": (A, "settled"), "promise": (S, "promised")},
    "promised": {
        "say_done": (S, "done"),
        "move_date": (S, "promised"),
        "withdraw": (A, "withdrawn"),
        "judge": (A, "judged"),
    },
    "done": {"judge": (A, "judged"), "judge_day_100": (A, "settled")},
    "judged": {"judge_day_100": (A, "settled"), "ask_again": (A, "asked")},
    "settled": {},
    "withdrawn": {},
}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("move", Move)
@pytest.mark.parametrize("side", Side)
def test_every_state_move_and_side(state: State, move: Move, side: Side) -> None:
    expected = TRUTH[state].get(move)
    if expected is None or expected[0] != side:
        with pytest.raises(MoveRefused):
            after(state, move=move, sides=[side], dates=DATES, today=LATE)
    else:
        found = after(state, move=move, sides=[side], dates=DATES, today=LATE)
        assert found == expected[1]


def test_a_promise_is_judged_from_its_due_date_and_not_before() -> None:
    due = DATES.due
    assert due is not None
    before, on = due - timedelta(days=1), due
    assert Move.JUDGE not in open_moves(State.PROMISED, sides=[A], dates=DATES, today=before)
    assert Move.JUDGE in open_moves(State.PROMISED, sides=[A], dates=DATES, today=on)


def test_day_100_is_the_hundredth_day_after_the_promise() -> None:
    assert (day_100(MADE) - MADE).days == 100
    before = day_100(MADE) - timedelta(days=1)
    assert open_moves(State.JUDGED, sides=[A], dates=DATES, today=before) == (Move.ASK_AGAIN,)
    with pytest.raises(MoveRefused):
        after(State.JUDGED, move=Move.JUDGE_DAY_100, sides=[A], dates=DATES, today=before)


@given(
    moves=st.lists(st.sampled_from(Move), max_size=30),
    sides=st.lists(st.sampled_from(Side), min_size=30, max_size=30),
)
def test_only_the_asking_side_ever_ends_an_ask(moves: list[Move], sides: list[Side]) -> None:
    state = State.ASKED
    for move, side in zip(moves, sides, strict=False):
        try:
            new = after(state, move=move, sides=[side], dates=DATES, today=LATE)
        except MoveRefused:
            continue
        if new in {State.SETTLED, State.WITHDRAWN, State.JUDGED}:
            assert side == A
        state = new


@pytest.mark.parametrize("state", [s for s in State if TRUTH[s]])
def test_whoever_is_waited_for_has_a_move(state: State) -> None:
    for side in waits_for(state, dates=DATES, today=LATE):
        assert open_moves(state, sides=[side], dates=DATES, today=LATE)


def test_the_diagram_in_the_documentation_is_made_from_the_table() -> None:
    page = Path(__file__).parents[2] / "docs" / "reference" / "spine.md"
    assert diagram() in page.read_text(encoding="utf-8")
    assert len(STEPS) == sum(len(moves) for moves in TRUTH.values())
