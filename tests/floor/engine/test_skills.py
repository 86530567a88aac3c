"""Staff with several skills is simulated, never added up."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from upturn.floor.engine.described.toml_floor import floor_from_toml
from upturn.floor.engine.erlang import erlang_a
from upturn.floor.engine.errors import BadSetting
from upturn.floor.engine.shapes import Day, Floor
from upturn.floor.engine.simulating import simulate
from upturn.floor.engine.staffing.adding_up import add_up
from upturn.floor.engine.staffing.centre import Centre, centre_of, levels_with
from upturn.floor.engine.staffing.skills import (
    Group,
    Queue,
    centre_with,
    staff_centre,
    staff_skills,
)

TWO = (Queue("one", 200, 180, 300), Queue("other", 200, 180, 300))
BOTH = Group("both", ("one", "other"))
EXAMPLE = Path(__file__).parents[3] / "examples" / "floors" / "contact_centre.toml"


@pytest.mark.parametrize(("agents", "published"), [(13, 0.029), (23, 0.826)])
def test_thirteen_counted_twice_leave_callers_waiting_and_it_takes_twenty_three(
    agents: int, published: float
) -> None:
    """Published: 13 give 2.9 %, 23 give 82.6 %. Like calls and full skills are one queue."""
    exact = erlang_a(agents, per_hour=400, aht_s=180, patience_s=300).service_level
    assert exact == pytest.approx(published, abs=1.5e-3)
    for level in levels_with((agents,), centre_with(TWO, (BOTH,), hours=6, reps=30)).values():
        assert abs(level.share - exact) < 4 * level.error


def test_the_search_finds_the_twenty_three_that_the_formula_finds() -> None:
    fewer = erlang_a(22, per_hour=400, aht_s=180, patience_s=300).service_level
    assert fewer < 0.8
    found = staff_skills(TWO, (BOTH,), hours=8, reps=30)
    assert found.agents == {"both": 23}
    assert min(level.share for level in found.fewer["both"].values()) < 0.8


def test_a_few_with_both_skills_do_almost_as_well_as_all() -> None:
    groups = (Group("one", ("one",)), Group("other", ("other",)), BOTH)
    found = staff_skills(TWO, groups, hours=6, reps=10)
    assert 22 <= found.total <= 26
    assert min(level.share for level in found.levels.values()) >= 0.8
    assert found == staff_skills(TWO, groups, hours=6, reps=10)


def test_callers_who_never_give_up_need_more_than_they_keep_busy() -> None:
    found = staff_skills((Queue("one", 60, 180),), (Group("one", ("one",)),), hours=8, reps=20)
    never = [erlang_a(agents, per_hour=60, aht_s=180).service_level for agents in (4, 5)]
    assert never[0] < 0.8 < never[1]
    assert found.agents == {"one": 5}


def test_a_queue_without_anybody_and_a_skill_without_a_queue_are_named() -> None:
    with pytest.raises(BadSetting, match="other"):
        staff_skills(TWO, (Group("one", ("one",)),))
    with pytest.raises(BadSetting, match="third"):
        staff_skills(TWO, (Group("all", ("one", "other", "third")),))


@pytest.fixture(scope="module")
def floor() -> Floor:
    return floor_from_toml(EXAMPLE.read_text("utf-8"))


@pytest.fixture(scope="module")
def centre(floor: Floor) -> Centre:
    return centre_of(floor, days=20)[0]


def test_agents_alike_but_for_their_number_are_one_group(floor: Floor, centre: Centre) -> None:
    same, now = centre_of(floor, days=20)
    assert same == centre
    assert dict(zip((group.id for group in centre.groups), now, strict=True)) == {
        "billing": 8, "technical": 9, "sales and billing": 7, "technical and billing": 4,
    }  # fmt: skip
    assert centre.staffed(now) == floor
    faster = replace(floor.servers[3], work_rate=1.2)
    others = (*floor.servers[:3], faster, *floor.servers[4:])
    odd, now = centre_of(replace(floor, servers=others))
    assert [group.id for group in odd.groups][:2] == ["billing", "billing 4"]
    assert (odd.groups[1].work_rate, now) == (1.2, (7, 1, 9, 7, 4))


def test_a_day_is_as_long_as_its_profile_or_eight_hours(floor: Floor, centre: Centre) -> None:
    assert centre.hours == 8
    assert centre_of(replace(floor, day=Day((1.0, 2.0, 0.5), 1800)))[0].hours == 1.5
    assert centre_of(replace(floor, day=Day()))[0].hours == 8
    assert centre_of(floor, hours=3)[0].hours == 3


def test_a_level_is_what_counting_call_by_call_gives(centre: Centre) -> None:
    few = replace(centre, reps=4, confidence=0.6)
    counts = (5, 8, 8, 6)
    runs = simulate(
        few.staffed(counts), policy=few.policy, hours=few.hours, reps=few.reps, seed=few.seed
    )
    days: list[list[bool]] = [[] for _ in range(few.reps)]
    hours: list[list[bool]] = [[] for _ in range(8)]
    for row in zip(*runs.records, strict=True):
        need = dict(zip(runs.records._fields, row, strict=True))
        if runs.floor.nodes[need["node"]].id == "sales":
            in_time = need["started_s"] - need["created_s"] <= 20
            days[need["replication"]].append(in_time)
            hours[int(need["created_s"] // 3600)].append(in_time)
    shares = [np.mean(day) for day in days]
    level = levels_with(counts, few)["sales"]
    assert level.share == pytest.approx(sum(map(sum, days)) / sum(map(len, days)))
    assert level.calls == sum(map(len, days)) / 4
    assert level.worst_hour == pytest.approx(min(np.mean(hour) for hour in hours))
    assert level.days_held == sum(share >= 0.8 for share in shares)
    assert level.short == pytest.approx(0.8 - sorted(shares)[1])  # 60 % of four days: three


def test_what_is_found_keeps_every_target_and_nobody_can_be_spared(centre: Centre) -> None:
    told = []
    found = staff_centre(centre, tell=lambda counts, levels: told.append((counts, levels)))
    assert all(level.days_held >= 18 for level in found.levels.values())
    for name, levels in found.fewer.items():
        assert min(level.days_held for level in levels.values()) < 18, name
    assert levels_with(tuple(found.agents.values()), centre) == found.levels
    assert len(told) > 5
    added = add_up(centre)
    assert sum(added.agents.values()) < found.total < sum(added.alone.values())
    able = {group.id: group.skills for group in centre.groups}
    for queue, number in added.alone.items():
        has = sum(n for name, n in added.agents.items() if f"{queue} call" in able[name])
        assert has >= number
        assert added.levels[queue].days_held < 18


def test_nobody_in_a_group_is_a_staff_like_another(centre: Centre) -> None:
    assert {level.short for level in levels_with((0, 0, 0, 0), centre).values()} == {1.0}
    assert {level.short for level in levels_with((5, 5, 0, 5), centre).values()} == {1.0}


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"target": (1.2, 20.0)}, "80/20"),
        ({"confidence": 1.0}, "confidence"),
        ({"days": 1}, "days"),
    ],
)
def test_numbers_out_of_range_are_named(floor: Floor, wrong: dict[str, float], named: str) -> None:
    with pytest.raises(BadSetting, match=named):
        centre_of(floor, **wrong)  # type: ignore[arg-type]
