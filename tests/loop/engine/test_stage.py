"""Where a workshop stands: the table of moves, and what may never come of any of them."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upturn.loop.engine import (
    MoveRefused,
    Overtaken,
    Phase,
    Refusal,
    Script,
    Stage,
    StageMove,
    Standing,
    begun,
    moved,
    opens_by_itself,
    script_of,
    seconds_left,
    shipped_script,
    why_not,
)

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
THREE: Script = script_of(
    {
        "name": "Three",
        "step": [
            {"kind": "question", "ask": "One?", "minutes": 5},
            {"kind": "experts", "ask": "Who?", "experts_first": True},
            {"kind": "read", "ask": "Read."},
        ],
    }
)
E, W, R = Phase.EXPERTS, Phase.WRITE, Phase.READ
N = Refusal
# A row a move: what stands in its way in EXPERTS, WRITE and READ of the middle step, nothing heard.
TABLE = {
    StageMove.NEXT: (N.STILL_WRITING, N.STILL_WRITING, None),
    StageMove.BACK: (None, None, None),
    StageMove.EVERYBODY: (None, N.NO_EXPERTS, N.NO_EXPERTS),
    StageMove.OPEN_CARDS: (N.EXPERTS_SPEAK, None, N.CARDS_ARE_OPEN),
    StageMove.LONGER: (N.NO_TIMER, N.NO_TIMER, N.CARDS_ARE_OPEN),
    StageMove.OBJECTION: (None, None, None),
    StageMove.OBJECTION_MET: (N.NO_OBJECTION, N.NO_OBJECTION, N.NO_OBJECTION),
    StageMove.CLOSE: (None, None, None),
    StageMove.MEET: (N.NOT_CLOSED, N.NOT_CLOSED, N.NOT_CLOSED),
}


@pytest.mark.parametrize(("move", "at"), list(product(StageMove, range(3))))
def test_each_move_is_open_where_the_table_says(move: StageMove, at: int) -> None:
    stage = Stage(step=1, phase=[E, W, R][at])
    assert why_not(stage, move, script=THREE) == TABLE[move][at]


@pytest.mark.parametrize(("move", "standing"), list(product(StageMove, Standing)))
def test_a_workshop_that_closed_only_meets_again(move: StageMove, standing: Standing) -> None:
    if standing is Standing.OPEN:
        return
    refusal = why_not(Stage(standing=standing, phase=R), move, script=THREE)
    meets = move is StageMove.MEET and standing is Standing.CLOSED
    assert refusal == (None if meets else N.NOT_CLOSED if move is StageMove.MEET else N.NOT_OPEN)


@pytest.mark.parametrize(
    ("stage", "move", "refusal"),
    [
        (Stage(step=0, phase=W), StageMove.BACK, N.FIRST_STEP),
        (Stage(step=2, phase=R), StageMove.NEXT, N.LAST_STEP),
        (Stage(step=0, phase=W, until=NOON), StageMove.LONGER, None),
        (Stage(step=1, phase=R, objection=1), StageMove.NEXT, N.OBJECTION_STANDS),
        (Stage(step=1, phase=R, objection=1), StageMove.CLOSE, N.OBJECTION_STANDS),
        (Stage(step=1, phase=R, objection=1), StageMove.OBJECTION, N.OBJECTION_STANDS),
        (Stage(step=1, phase=W, objection=1), StageMove.OBJECTION_MET, None),
        (Stage(step=1, phase=W, objection=1), StageMove.OPEN_CARDS, None),
        (Stage(step=1, phase=W, objection=1), StageMove.BACK, None),
    ],
)
def test_ends_timers_and_objections_add_their_own(
    stage: Stage, move: StageMove, refusal: Refusal | None
) -> None:
    assert why_not(stage, move, script=THREE) == refusal


@pytest.mark.parametrize("refusal", Refusal)
def test_every_refusal_is_a_sentence(refusal: Refusal) -> None:
    for move, phase, step, standing, heard in product(
        StageMove, Phase, range(3), Standing, (None, 1)
    ):
        stage = Stage(step=step, phase=phase, standing=standing, objection=heard)
        if why_not(stage, move, script=THREE) == refusal:
            with pytest.raises(MoveRefused, match=r"\.$") as refused:
                moved(stage, move, script=THREE, now=NOON)
            assert refused.value.code == refusal
            return
    pytest.fail(f"{refusal} never comes")


def test_a_workshop_walks_through_its_steps() -> None:
    stage = begun(THREE, now=NOON)
    assert (stage.step, stage.phase, stage.until) == (0, W, NOON + timedelta(minutes=5))
    walk = [StageMove.OPEN_CARDS, StageMove.NEXT, StageMove.EVERYBODY, StageMove.OPEN_CARDS]
    seen = []
    for move in [*walk, StageMove.NEXT, StageMove.CLOSE, StageMove.MEET]:
        stage = moved(stage, move, script=THREE, now=NOON)
        seen.append((stage.step, stage.phase, stage.standing))
    assert seen == [
        (0, R, Standing.OPEN),
        (1, E, Standing.OPEN),
        (1, W, Standing.OPEN),
        (1, R, Standing.OPEN),
        (2, R, Standing.OPEN),
        (2, R, Standing.CLOSED),
        (2, R, Standing.MET),
    ]
    assert stage.turn == 7


def test_the_shipped_script_lets_experts_speak_first_in_its_exception_finder() -> None:
    script = shipped_script("solution_focused")
    before = Stage(step=5, phase=R)
    assert moved(before, StageMove.NEXT, script=script, now=NOON).phase is E


def test_going_back_shows_what_was_written() -> None:
    back = moved(Stage(step=1, phase=W), StageMove.BACK, script=THREE, now=NOON)
    assert (back.step, back.phase, back.until) == (0, R, None)


def test_an_objection_is_met_where_it_comes_up_and_writing_goes_on_after_it() -> None:
    heard = moved(Stage(step=1), StageMove.OBJECTION, script=THREE, now=NOON)
    assert heard.objection == 1
    after = moved(heard, StageMove.OBJECTION_MET, script=THREE, now=NOON)
    assert (after.objection, after.step, after.phase) == (None, 1, W)


def test_of_two_facilitators_the_second_is_told_that_the_first_was_faster() -> None:
    seen = Stage(step=0, phase=R, turn=7)
    first = moved(seen, StageMove.NEXT, script=THREE, now=NOON, turn=7)
    with pytest.raises(Overtaken, match="step 2 now") as refused:
        moved(first, StageMove.NEXT, script=THREE, now=NOON, turn=7)
    assert refused.value.turn == 8


@pytest.mark.parametrize(
    ("stage", "handed", "present", "opens"),
    [
        (Stage(), 5, 6, False),
        (Stage(), 6, 6, True),
        (Stage(), 7, 6, True),  # one left after it had handed in
        (Stage(), 0, 0, False),
        (Stage(until=NOON), 0, 0, True),
        (Stage(until=NOON), 0, 6, True),
        (Stage(until=NOON + timedelta(seconds=1)), 5, 6, False),
        (Stage(phase=R), 6, 6, False),
        (Stage(phase=E), 6, 6, False),
        (Stage(objection=0, until=NOON), 6, 6, False),
        (Stage(standing=Standing.CLOSED, until=NOON), 6, 6, False),
    ],
)
def test_cards_open_by_themselves_when_all_have_written_or_time_is_over(
    stage: Stage, handed: int, present: int, opens: bool
) -> None:
    assert opens_by_itself(stage, handed=handed, present=present, now=NOON) is opens


def test_a_press_gives_two_more_minutes_from_now_if_time_is_over() -> None:
    late = Stage(until=NOON - timedelta(minutes=30))
    longer = moved(late, StageMove.LONGER, script=THREE, now=NOON)
    assert longer.until == NOON + timedelta(minutes=2)


@given(
    jump=st.timedeltas(timedelta(days=-400), timedelta(days=400)),
    presses=st.integers(0, 6),
)
def test_whatever_the_clock_does_the_time_left_is_one_that_could_be(
    jump: timedelta, presses: int
) -> None:
    stage = begun(THREE, now=NOON)
    for _ in range(presses):
        stage = moved(stage, StageMove.LONGER, script=THREE, now=NOON)
    left = seconds_left(stage, THREE.steps[0], now=NOON + jump)
    assert left is not None
    assert 0 <= left <= 7 * 60


def test_where_no_time_runs_none_is_left() -> None:
    assert seconds_left(Stage(step=1), THREE.steps[1], now=NOON) is None


@given(st.lists(st.tuples(st.sampled_from(StageMove), st.integers(0, 900)), max_size=60))
def test_no_order_of_moves_leaves_the_script_or_skips_the_writing(
    moves: list[tuple[StageMove, int]],
) -> None:
    stage, now, furthest = begun(THREE, now=NOON), NOON, 0
    for move, seconds in moves:
        now += timedelta(seconds=seconds)
        before = stage
        try:
            stage = moved(before, move, script=THREE, now=now, turn=before.turn)
        except MoveRefused:
            assert stage is before
            continue
        assert stage.turn == before.turn + 1
        assert 0 <= stage.step < len(THREE.steps)
        assert stage.step - furthest <= 1
        if stage.step > furthest:
            assert before.phase is R
            assert stage.phase is not R or stage.step == 2
        furthest = max(furthest, stage.step)
        assert stage.until is None or stage.phase is W
        assert Standing.OPEN in (before.standing, stage.standing) or move is StageMove.MEET
