"""Alarms: few about nothing, sure about a clear fall, and honest about their number."""

import numpy as np
import pytest

from tests.trace.engines import graph_of, hotel, weeks, with_column
from upturn.stats.draws import generator
from upturn.trace.engine import (
    Measures,
    OnsetRefused,
    ServiceGraph,
    UnknownNode,
    alarm_at,
    draw_worlds,
    screen_alarms,
)
from upturn.trace.engine.screening import fall_chances
from upturn.trace.engine.series import find_breaks


def touchpoints_alone(n: int) -> ServiceGraph:
    keys = tuple(f"touchpoint {at}" for at in range(n))
    return ServiceGraph(keys, np.zeros((n, n), bool), np.ones(n, bool))


def quiet(rng: np.random.Generator, n_weeks: int, n: int, carried: float):
    value = rng.normal(size=(n_weeks, n))
    for at in range(1, n_weeks):
        value[at] = carried * value[at - 1] + np.sqrt(1 - carried**2) * value[at]
    return value


@pytest.mark.parametrize(("carried", "most"), [(0.0, 0.05), (0.3, 0.06), (0.5, 0.10), (0.6, 0.15)])
@pytest.mark.parametrize("n_weeks", [14, 26, 52])
def test_chances_are_honest_on_short_series_that_carry_over(
    carried: float, most: float, n_weeks: int
) -> None:
    """At .6 a few weeks cannot tell carry-over from a break; the docs say how far this goes."""
    value = quiet(generator(1, "quiet", str(carried)), n_weeks, 2_000, carried)
    chances = fall_chances(find_breaks(value), weeks=n_weeks)
    assert (chances <= 0.05).mean() <= most
    assert (chances <= 0.5).mean() > 0.1


def test_where_nothing_happens_there_is_seldom_an_alarm() -> None:
    worlds = list(draw_worlds("none", 60, seed=41))
    alarmed = sum(bool(screen_alarms(w.measures, graph=w.graph)) for w in worlds)
    assert alarmed <= 11  # 6 expected, two standard errors and a little


def test_many_touchpoints_raise_no_more_alarms_about_nothing() -> None:
    graph = touchpoints_alone(60)
    alarmed = 0
    for seed in range(40):
        value = quiet(generator(seed, "many"), 26, 60, 0.3)
        alarmed += bool(screen_alarms(Measures(value, weeks(26)), graph=graph))
    assert alarmed <= 9


def test_a_clear_fall_is_found_at_its_week() -> None:
    measures, graph = hotel(size=8)
    first = screen_alarms(measures, graph=graph)[0]
    assert graph.touchpoint[first.touchpoint]
    assert abs(first.onset - 14) <= 2
    assert first.z < -4
    assert first.adjusted_p < 0.01


def test_a_rise_is_no_alarm_and_alarms_are_at_most_as_many_as_asked() -> None:
    value = generator(2, "falls").normal(size=(26, 12))
    value[13:, :8] -= 4
    value[13:, 8:] += 4
    alarms = screen_alarms(Measures(value, weeks(26)), graph=touchpoints_alone(12), most=3)
    assert len(alarms) == 3
    assert {alarm.touchpoint for alarm in alarms} < set(range(8))
    assert [alarm.adjusted_p for alarm in alarms] == sorted(a.adjusted_p for a in alarms)


def test_rarer_falls_have_smaller_chances() -> None:
    value = np.repeat(generator(3, "one").normal(size=(26, 1)), 6, axis=1)
    value[13:] -= np.arange(6) * 2
    chances = fall_chances(find_breaks(value), weeks=26)
    assert (np.diff(chances) < 0).all()
    assert 0 < chances[-1] < 1e-6


def test_eight_weeks_and_series_that_cannot_be_read_raise_no_alarm() -> None:
    graph = graph_of()
    short = Measures(np.zeros((8, len(graph.keys))), weeks(8))
    assert screen_alarms(short, graph=graph) == ()
    assert alarm_at(short, graph=graph, touchpoint=0) is None
    measures, _ = hotel()
    constant = with_column(measures, 0, 5.0)
    assert alarm_at(constant, graph=graph, touchpoint=0) is None


def test_a_week_somebody_names_is_taken_and_one_too_late_is_refused() -> None:
    measures, graph = hotel()
    alarm = alarm_at(measures, graph=graph, touchpoint=0, onset=12)
    assert alarm is not None
    assert alarm.onset == 12
    with pytest.raises(OnsetRefused, match="Week 26 of 26"):
        alarm_at(measures, graph=graph, touchpoint=0, onset=25)
    with pytest.raises(UnknownNode, match="No touchpoint"):
        alarm_at(measures, graph=graph, touchpoint=graph.keys.index("laundry"))
