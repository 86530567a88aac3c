"""Erlang's formulas against published figures, against the chain itself, and their laws."""

import warnings
from math import exp, expm1, inf, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import betainc

from upturn.floor.engine.erlang import (
    erlang_a,
    erlang_b,
    erlang_c,
    service_levels,
    wait_quantile_s,
)
from upturn.floor.engine.errors import BadSetting

ROUNDING = 1e-11
loads = st.floats(0.05, 3.0)
staffs = st.integers(1, 60)
patiences = st.floats(0.01, 1000.0)


def chain(
    agents: int, per_hour: float, aht_s: float, patience_s: float, within_s: float
) -> tuple[float, float, float, float]:
    """Service level, abandonment, share delayed and queue, state by state.

    With k callers ahead the wait ends at rate c mu + k th. Passing all of them is a beta variate,
    which the engine's integrals know nothing of.
    """
    comes, done, quits = per_hour / 3600, 1 / aht_s, 1 / patience_s
    logs, top = [0.0], 0.0
    while len(logs) <= agents or logs[-1] > top - 45:
        n = len(logs)
        out = n * done if n <= agents else agents * done + (n - agents) * quits
        logs.append(logs[-1] + log(comes / out))
        top = max(top, logs[-1])
    share = np.exp(np.array(logs) - max(logs))
    share /= share.sum()
    waiting = share[agents:]
    ahead = np.arange(len(waiting))
    ratio = agents * done / quits
    passes = betainc(ahead + 1, ratio + 1, -expm1(-within_s * quits))
    level = share[:agents].sum() + (waiting * ratio / (ratio + ahead + 1) * passes).sum()
    queue = float(waiting @ ahead)
    return float(level), quits * queue / comes, float(waiting.sum()), queue


def test_published_losses_and_delays() -> None:
    assert erlang_b(10, offered=8) == pytest.approx(0.1216610642529515, abs=1e-14)
    assert erlang_c(8, offered=7.2) == pytest.approx(0.701532990146257, abs=1e-13)
    assert erlang_c(10, offered=8) == pytest.approx(0.4091801507964435, abs=1e-13)
    queue = erlang_a(8, per_hour=7.2 * 3600, aht_s=1)
    assert queue.wait_s == pytest.approx(0.876916, abs=5e-7)


def test_published_figures_with_and_without_patience() -> None:
    """Gans, Koole & Mandelbaum (2003): 48 calls a minute, 50 agents, a minute each."""
    some = erlang_a(50, per_hour=2880, aht_s=60, patience_s=120)
    assert some.abandoned == pytest.approx(0.0309122492, abs=1e-10)
    assert some.wait_s == pytest.approx(3.70947, abs=5e-6)
    assert some.delayed == pytest.approx(0.4677740686, abs=1e-10)
    assert some.service_level == pytest.approx(0.9430189548, abs=1e-10)
    assert some.waiting == pytest.approx(2.9675759, abs=5e-8)
    assert some.occupancy == pytest.approx(0.93032, abs=5e-6)
    never = erlang_a(50, per_hour=2880, aht_s=60)
    assert never.delayed == pytest.approx(0.694455611, abs=1e-9)
    assert never.answered_wait_s == pytest.approx(20.8337, abs=5e-5)
    assert never.waiting == pytest.approx(16.6669, abs=5e-5)
    assert wait_quantile_s(50, share=0.9, per_hour=2880, aht_s=60) == pytest.approx(
        58.1387, abs=1e-4
    )


@pytest.mark.parametrize(
    ("patience_s", "abandoned", "wait_s", "delayed", "level"),
    [
        (60, 0.157527, 9.4516, 0.423418, 0.718010),
        (120, 0.137464, 16.4957, 0.496853, 0.639941),
        (300, 0.109438, 32.8314, 0.599433, 0.516810),
    ],
)
def test_ten_agents_at_full_load(
    patience_s: float, abandoned: float, wait_s: float, delayed: float, level: float
) -> None:
    found = erlang_a(10, per_hour=200, aht_s=180, patience_s=patience_s)
    assert found.abandoned == pytest.approx(abandoned, abs=5e-7)
    assert found.wait_s == pytest.approx(wait_s, abs=5e-5)
    assert found.delayed == pytest.approx(delayed, abs=5e-7)
    assert found.service_level == pytest.approx(level, abs=5e-7)


@given(staffs, loads, st.floats(0.1, 5000), st.floats(0.01, 10), st.floats(0, 100))
def test_the_integrals_are_the_chain(
    agents: int, load: float, aht_s: float, patience: float, within: float
) -> None:
    setting = (load * agents / aht_s * 3600, aht_s, patience * aht_s, within * aht_s / agents)
    exact = chain(agents, *setting)
    found = erlang_a(
        agents, per_hour=setting[0], aht_s=aht_s, patience_s=setting[2], within_s=setting[3]
    )
    assert found.service_level == pytest.approx(exact[0], abs=ROUNDING)
    assert found.abandoned == pytest.approx(exact[1], abs=ROUNDING)
    assert found.delayed == pytest.approx(exact[2], abs=ROUNDING)
    assert found.waiting == pytest.approx(exact[3], abs=ROUNDING, rel=1e-10)


@given(staffs, loads, patiences, st.floats(0, 60))
def test_one_more_agent_never_hurts(
    agents: int, load: float, patience: float, within_s: float
) -> None:
    levels = service_levels(
        [agents, agents + 1], per_hour=load * agents * 20, aht_s=180, patience_s=patience,
        within_s=within_s,
    )  # fmt: skip
    assert 0 <= levels[0] <= levels[1] + ROUNDING
    assert levels[1] <= 1


@given(staffs, loads, patiences)
def test_who_is_more_patient_waits_longer_and_gives_up_less(
    agents: int, load: float, patience: float
) -> None:
    short, long = (
        erlang_a(agents, per_hour=load * agents * 20, aht_s=180, patience_s=patience * more)
        for more in (1, 1.5)
    )
    assert short.wait_s <= long.wait_s * (1 + 1e-9)
    assert short.abandoned >= long.abandoned - ROUNDING
    assert short.delayed <= long.delayed + ROUNDING


@given(staffs, st.floats(0.05, 0.97))
def test_endless_patience_is_erlang_c(agents: int, load: float) -> None:
    offered = load * agents
    never = erlang_a(agents, per_hour=offered * 20, aht_s=180)
    nearly = erlang_a(agents, per_hour=offered * 20, aht_s=180, patience_s=1e12)
    waits = erlang_c(agents, offered=offered)
    spare = (agents - offered) / 180
    assert never.delayed == pytest.approx(waits, abs=1e-12)
    assert never.service_level == pytest.approx(1 - waits * exp(-spare * 20), abs=1e-12)
    assert never.wait_s == pytest.approx(waits / spare, rel=1e-10)
    assert nearly.service_level == pytest.approx(never.service_level, abs=1e-8)


@given(staffs, loads)
def test_no_patience_is_erlang_b(agents: int, load: float) -> None:
    found = erlang_a(agents, per_hour=load * agents * 20, aht_s=180, patience_s=1e-9)
    blocked = erlang_b(agents, offered=load * agents)
    assert found.abandoned == pytest.approx(blocked, abs=1e-9)


@given(st.integers(1, 40), loads, patiences)
def test_the_quantile_is_where_so_many_are_through(
    agents: int, load: float, patience: float
) -> None:
    setting = {"per_hour": load * agents * 20, "aht_s": 180.0, "patience_s": patience}
    at = wait_quantile_s(agents, share=0.9, **setting)
    whole = erlang_a(agents, **setting, within_s=at)
    if at == 0:
        assert whole.delayed <= 0.1
    else:
        # Through within `at`: answered by then, or gone; nobody beyond the share.
        assert whole.service_level + whole.abandoned >= 0.9 - 1e-9
        assert wait_quantile_s(agents, share=0.95, **setting) >= at


@pytest.mark.parametrize(
    ("agents", "setting"),
    [
        (10_000, {"per_hour": 198_000, "aht_s": 180, "patience_s": 120}),
        (10_000, {"per_hour": 220_000, "aht_s": 180, "patience_s": 1e9}),
        (10_000, {"per_hour": 199_800, "aht_s": 180}),
        (10, {"per_hour": 200, "aht_s": 180}),
        (0, {"per_hour": 10, "aht_s": 180, "patience_s": 60}),
        (0, {"per_hour": 10, "aht_s": 180}),
        (3, {"per_hour": 0, "aht_s": 180}),
        (3, {"per_hour": 1e-12, "aht_s": 1e-6}),
        (3, {"per_hour": 5e-324, "aht_s": 10, "patience_s": 5}),
        (1, {"per_hour": 5e-324, "aht_s": 10, "patience_s": 5}),
        (500, {"per_hour": 1, "aht_s": 1, "patience_s": 1e-12}),
        (3, {"per_hour": 1e9, "aht_s": 1e4, "patience_s": 1e-9}),
    ],
)
def test_extremes_are_numbers_between_their_ends(agents: int, setting: dict[str, float]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = erlang_a(agents, **setting)
        quantile = wait_quantile_s(agents, share=0.9, **setting)
    assert not np.isnan([getattr(found, name) for name in found.__slots__]).any()
    shares = (found.service_level, found.abandoned, found.delayed, found.occupancy)
    assert all(0 <= share <= 1 + 1e-9 for share in shares)
    assert quantile >= 0


def test_a_queue_that_grows_for_ever_says_so() -> None:
    full = erlang_a(10, per_hour=200, aht_s=180)
    assert (full.service_level, full.delayed, full.wait_s) == (0, 1, inf)
    assert erlang_c(10, offered=10) == 1
    assert wait_quantile_s(10, share=0.5, per_hour=200, aht_s=180) == inf


def test_many_queues_at_once_are_those_queues_one_by_one() -> None:
    agents, per_hour = np.array([0, 4, 9, 60]), np.array([20.0, 0.0, 150.0, 1300.0])
    together = service_levels(agents, per_hour=per_hour, aht_s=170, patience_s=[90, 90, inf, 40])
    one_by_one = [
        erlang_a(int(c), per_hour=rate, aht_s=170, patience_s=patience).service_level
        for c, rate, patience in zip(agents, per_hour, [90, 90, inf, 40], strict=True)
    ]
    assert together == pytest.approx(one_by_one, abs=1e-13)


@pytest.mark.parametrize(
    "wrong",
    [
        {"per_hour": -1},
        {"per_hour": float("nan")},
        {"aht_s": 0},
        {"patience_s": 0},
        {"within_s": -1},
    ],
)
def test_numbers_out_of_range_are_named(wrong: dict[str, float]) -> None:
    with pytest.raises(BadSetting, match=next(iter(wrong))):
        erlang_a(5, **{"per_hour": 10, "aht_s": 60, "patience_s": 60, "within_s": 20} | wrong)


def test_a_load_too_small_for_a_number_is_none() -> None:
    levels = service_levels([1, 2, 40], per_hour=5e-324, aht_s=10, patience_s=5)
    assert levels.tolist() == [1, 1, 1]


def test_half_an_agent_is_refused() -> None:
    with pytest.raises(BadSetting, match="agents"):
        erlang_b(2.5, offered=1)  # type: ignore[arg-type]
