"""Steps put in, changed, moved and taken out: nothing else of a script changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upturn.loop.engine import (
    SHIPPED,
    Incomplete,
    Script,
    ScriptRefused,
    Step,
    StepKind,
    shipped_script,
    with_step,
    with_step_changed,
    with_step_moved,
    without_step,
)

SCRIPTS = st.sampled_from(["solution_focused", "huddle", "appreciative_pairs"]).map(shipped_script)
NEW = Step(kind=StepKind.QUESTION, ask={"en": "What else?"}, lead={}, then={}, hint={})


def asks(script: Script) -> list[str]:
    return [step.ask["en"] for step in script.steps]


@given(script=SCRIPTS, data=st.data())
def test_a_new_step_stands_where_it_was_put_and_taken_out_it_was_never_there(
    script: Script, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(script.steps)))
    longer = with_step(script, NEW, at=at)
    assert asks(longer) == [*asks(script)[:at], "What else?", *asks(script)[at:]]
    assert without_step(longer, at=at) == script


@given(script=SCRIPTS, data=st.data())
def test_a_step_moves_among_the_others_and_back(script: Script, data: st.DataObject) -> None:
    last = len(script.steps) - 1
    at, to = data.draw(st.integers(0, last)), data.draw(st.integers(0, last))
    moved = with_step_moved(script, at=at, by=to - at)
    others = [ask for n, ask in enumerate(asks(script)) if n != at]
    assert asks(moved) == [*others[:to], asks(script)[at], *others[to:]]
    assert with_step_moved(moved, at=to, by=at - to) == script


@given(script=SCRIPTS, data=st.data())
def test_an_objection_keeps_its_question_wherever_that_goes(
    script: Script, data: st.DataObject
) -> None:
    last = len(script.steps) - 1
    asked = asks(script)[script.objection_step]
    at, by = data.draw(st.integers(0, last)), data.draw(st.integers(-last, last))
    moved = with_step_moved(script, at=at, by=by)
    assert asks(moved)[moved.objection_step] == asked
    changed = with_step_changed(script, NEW, at=script.objection_step)
    assert changed.objection_step == script.objection_step


def test_without_its_question_an_objection_asks_the_first() -> None:
    script = shipped_script("solution_focused")
    shorter = without_step(script, at=script.objection_step)
    assert shorter.objection_step == 0


@pytest.mark.parametrize("key", SHIPPED)
@pytest.mark.parametrize("at", [-1, 99])
def test_a_place_that_is_none_is_refused(key: str, at: int) -> None:
    script = shipped_script(key)
    for change in (without_step, with_step_moved):
        with pytest.raises(Incomplete, match="there is no step"):
            change(script, at=at, **({"by": 1} if change is with_step_moved else {}))


def test_the_last_step_stays_and_building_stays_behind_its_brainstorm() -> None:
    script = shipped_script("exchange_round")
    build = [step.kind for step in script.steps].index(StepKind.BUILD)
    with pytest.raises(ScriptRefused, match="straight after a brainstorm"):
        with_step_moved(script, at=build, by=1)
    one = shipped_script("own")
    while len(one.steps) > 1:
        one = without_step(one, at=0)
    with pytest.raises(ScriptRefused, match="one to 40"):
        without_step(one, at=0)
