"""Two waves are compared only where so many, or nobody, joined or left (S1.7)."""

from dataclasses import replace

import numpy as np
import pytest

from tests.partners import closed_waves as made
from upturn.partners.engine import Published, Side, Told, edge_trends, question_trends
from upturn.partners.engine.signs import SIGNS
from upturn.stats import Withheld

EVERYBODY = frozenset(str(n) for n in range(40))


def told(wave: Published, *, roster: frozenset[str] = EVERYBODY) -> Told:
    return Told(published=wave, rosters=tuple(roster for _group in wave.groups))


def moved(wave: Published, relation: int, side: Side, counts: list[int]) -> Published:
    at = next(n for n, g in enumerate(wave.groups) if (g.relation, g.side) == (relation, side))
    changed = wave.counts.copy()
    changed[at, 0] = counts + [0] * 6
    return replace(wave, counts=changed)


def test_the_same_answers_twice_are_no_change() -> None:
    wave = made.pulse()
    trends = edge_trends(told(wave), told(wave))
    assert len(trends) == 15
    shown = [change for trend in trends for change in trend.changes if change.after]
    assert all(c.direction in {"unclear", "cannot_tell"} for c in shown)
    assert trends[0].lower.by.value == 0
    assert trends[0].gap.by.value == 0


def test_a_planted_rise_of_one_side_is_told_with_its_range_and_n() -> None:
    before = moved(made.pulse(gaps={}), 0, Side.SERVED, [18, 4, 0, 0, 0])
    after = moved(made.pulse(gaps={}), 0, Side.SERVED, [0, 0, 0, 4, 18])
    trend = edge_trends(told(before), told(after))[0]
    assert trend.lower.direction == "more"
    assert trend.upper.direction == "unclear"
    assert trend.gap.direction == "less"
    assert trend.lower.by.low > 0
    assert trend.lower.by.n == 22


@pytest.mark.parametrize(("left", "came", "shown"), [(0, 0, True), (3, 0, False), (5, 5, True)])
def test_a_roster_that_changed_by_few_is_compared_with_nothing(
    left: int, came: int, shown: bool
) -> None:
    now = EVERYBODY - {str(n) for n in range(left)} | {f"new {n}" for n in range(came)}
    trend = edge_trends(told(made.pulse()), told(made.pulse(), roster=now))[0]
    if shown:
        assert trend.lower.by.n == 22
    else:
        assert trend.lower.by == Withheld("roster", 5, left + came)
        assert trend.silent
        assert trend.lower.before == trend.lower.after == trend.lower.by


def test_other_teams_in_the_block_and_new_edges_cannot_be_compared() -> None:
    before, after = made.pulse(), made.pulse()
    groups = tuple(replace(g, units=(*g.units, "newcomers")) for g in after.groups)
    pooled = edge_trends(told(before), told(replace(after, groups=groups)))[0]
    assert pooled.lower.by.reason == "other_block"
    relations = (replace(after.relations[0], server="bakery"), *after.relations[1:])
    new = edge_trends(told(before), told(replace(after, relations=relations)))[0]
    assert new.lower.by.reason == "not_asked"


def test_a_side_where_nobody_answers_is_told_as_that() -> None:
    trends = edge_trends(told(made.pulse()), told(made.pulse()))
    till = next(t for t in trends if t.relation == 3)
    assert till.upper.by.reason == "nobody_there"
    assert not till.silent


def test_questions_move_for_those_who_serve_and_those_who_lead() -> None:
    before, after = made.signs(), made.signs(apart=0.3)
    changed = after.counts.copy()
    for at, group in enumerate(after.groups):
        if group.side is Side.SERVERS:
            changed[at, 0] = [group.people, 1, 0, 0, 0] + [0] * 6  # a reversed question
    trends = question_trends(told(before), told(replace(after, counts=changed)), *SIGNS)
    assert [trend.name for trend in trends] == list(SIGNS)
    assert trends[0].lower.direction == "more"
    assert trends[0].upper.direction == "unclear"
    assert not any(trend.moved for trend in trends[1:])


def test_where_nothing_changed_chance_is_rarely_called_a_change() -> None:
    calls = 0
    for seed in range(40):
        pair = [made.pulse(seed=2 * seed + one, gaps={}) for one in (0, 1)]
        calls += any(trend.moved for trend in edge_trends(told(pair[0]), told(pair[1])))
    assert calls <= 6  # 2 wanted, at most 6 in 99 of 100


def test_leaders_pooled_otherwise_are_another_block() -> None:
    before, after = made.signs(), made.signs()
    groups = tuple(
        replace(g, units=(), block=f"{g.block} and more") if g.side is Side.LEADERS else g
        for g in after.groups
    )
    trend = question_trends(told(before), told(replace(after, groups=groups)), *SIGNS)[0]
    assert trend.upper.by.reason == "other_block"
    assert np.isfinite(trend.lower.by.value)
