"""Staff with two skills is simulated, never added up."""

import pytest

from upturn.floor.engine.erlang import erlang_a
from upturn.floor.engine.errors import BadSetting
from upturn.floor.engine.skills import Group, House, Queue, levels_with, staff_skills

TWO = (Queue("one", 200, 180, 300), Queue("other", 200, 180, 300))
BOTH = Group("both", ("one", "other"))


def test_thirteen_counted_twice_leave_callers_waiting_and_it_takes_twenty_three() -> None:
    """Published: 13 give 2.9 %, 23 give 82.6 %. Like calls and full skills are one queue."""
    house = House(TWO, (BOTH,))
    for agents, published in ((13, 0.029), (23, 0.826)):
        exact = erlang_a(agents, per_hour=400, aht_s=180, patience_s=300).service_level
        assert exact == pytest.approx(published, abs=1.5e-3)
        for level in levels_with((agents,), house).values():
            assert abs(level.share - exact) < 4 * level.error
    found = staff_skills(TWO, (BOTH,))
    assert found.agents == {"both": 23}


def test_a_few_with_both_skills_do_almost_as_well_as_all() -> None:
    groups = (Group("one", ("one",)), Group("other", ("other",)), BOTH)
    found = staff_skills(TWO, groups, hours=6, reps=10)
    assert 22 <= found.total <= 26
    assert min(level.share for level in found.levels.values()) >= 0.8
    assert found == staff_skills(TWO, groups, hours=6, reps=10)


def test_a_queue_without_anybody_and_a_skill_without_a_queue_are_named() -> None:
    with pytest.raises(BadSetting, match="other"):
        staff_skills(TWO, (Group("one", ("one",)),))
    with pytest.raises(BadSetting, match="third"):
        staff_skills(TWO, (Group("all", ("one", "other", "third")),))
