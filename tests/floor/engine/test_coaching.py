"""Coaching fits where the service level still holds; a plan keeps its promises."""

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from upturn.floor.engine.coaching.bites import NOBODY, CentreDay, Rule, watch
from upturn.floor.engine.coaching.calendar import plan_rows, to_calendar
from upturn.floor.engine.coaching.extra import bites_on_top
from upturn.floor.engine.coaching.packing import pack
from upturn.floor.engine.coaching.plan import Method, Plan, Session, Slack, Wanted, Why
from upturn.floor.engine.coaching.slots import coaching_slots
from upturn.floor.engine.erlang import erlang_a, service_levels
from upturn.floor.engine.errors import BadSetting
from upturn.floor.engine.staffing.intervals import Interval
from upturn.floor.engine.staffing.standards import Standard, agents_needed

BERLIN = ZoneInfo("Europe/Berlin")
NINE = datetime(2026, 11, 23, 9, tzinfo=BERLIN)
FIFTY = Standard(patience_s=120, day_cv=0.0)


def half_hours(*free: int, day: int = 0, staff: int = 20) -> list[Slack]:
    """Half hours from nine on, with so many to spare."""
    return [
        Slack(
            Interval(NINE + timedelta(days=day, minutes=30 * at), 1800, 100, 180),
            staff,
            staff - number,
        )
        for at, number in enumerate(free)
    ]


def wish(agent: str, coach: str = "cai", minutes: float = 30, **window: datetime) -> Wanted:
    return Wanted(agent, coach, minutes * 60, **window)  # type: ignore[arg-type]


def check(slack: list[Slack], sessions: tuple[Session, ...]) -> None:
    """Never more than can be spared, nobody in two places, all within their windows."""
    at: Counter[datetime] = Counter()
    busy: set[tuple[str, datetime]] = set()
    for one in sessions:
        wanted = one.wanted
        assert wanted.earliest is None or one.start >= wanted.earliest
        assert wanted.latest is None or one.end <= wanted.latest
        minute = one.start.astimezone(UTC)
        while minute < one.end.astimezone(UTC):
            at[minute] += 1
            for name in {wanted.agent, wanted.coach}:
                assert (name, minute) not in busy
                busy.add((name, minute))
            minute += timedelta(minutes=1)
    for minute, number in at.items():
        free = [
            one.free
            for one in slack
            if one.interval.start.astimezone(UTC) <= minute < one.interval.end.astimezone(UTC)
        ]
        assert free, f"{minute} is outside the forecast"
        assert number <= max(free[0], 0)


wishes = st.lists(
    st.tuples(
        st.sampled_from("abcdef"), st.sampled_from("xyza"), st.sampled_from([15, 20, 30, 45]),
        st.integers(0, 6), st.integers(1, 8),
    ).filter(lambda wish: wish[0] != wish[1]),
    max_size=14,
)  # fmt: skip


@given(st.lists(st.integers(-2, 3), min_size=1, max_size=8), wishes, st.booleans())
@settings(max_examples=60)
def test_a_plan_keeps_to_what_can_be_spared(
    free: list[int], wants: list[tuple[str, str, int, int, int]], one_by_one: bool
) -> None:
    slack = half_hours(*free)
    wanted = [
        wish(
            agent, coach, minutes,
            earliest=NINE + timedelta(minutes=30 * begins),
            latest=NINE + timedelta(minutes=30 * (begins + lasts)),
        )
        for agent, coach, minutes, begins, lasts in wants
    ]  # fmt: skip
    most = 0 if one_by_one else 20_000
    packed = pack(slack, wanted, least_min=30, starts_most=most)
    check(slack, packed.sessions)
    assert len(packed.sessions) + len(packed.unplaced) == len(wanted)
    expected = Method.GREEDY if one_by_one else Method.EXACT
    assert {method for _, method in packed.methods} <= {expected}


def test_everybody_comes_to_the_least_before_anybody_gets_more() -> None:
    eager = [wish("ann", minutes=30, earliest=NINE + timedelta(minutes=n)) for n in range(4)]
    rest = [wish(name, "dee") for name in ("ben", "cem")]
    packed = pack(half_hours(1, 1, 1), [*eager, *rest], least_min=30)
    assert Counter(one.wanted.agent for one in packed.sessions) == {"ann": 1, "ben": 1, "cem": 1}


def test_what_was_coached_in_one_week_counts_in_the_next() -> None:
    slack = half_hours(1) + half_hours(1, day=7)
    wanted = [
        wish("ann", latest=NINE + timedelta(days=1)),
        wish("ann", "dee", earliest=NINE + timedelta(days=6)),
        wish("ben", "eve", earliest=NINE + timedelta(days=6)),
    ]
    packed = pack(slack, wanted, least_min=30)
    assert [one.wanted.agent for one in packed.sessions] == ["ann", "ben"]
    assert [week for week, _ in packed.methods] == ["2026-W48", "2026-W49"]


def test_why_a_session_has_no_place() -> None:
    tomorrow = NINE + timedelta(days=1)
    wanted = [
        wish("ann", latest=NINE + timedelta(minutes=30)),
        wish("ben", "dee", earliest=NINE + timedelta(minutes=30)),
        wish("cem", "dee", earliest=tomorrow),
        wish("eve", "fay", latest=NINE + timedelta(minutes=30)),
    ]
    packed = pack(half_hours(1, 0), wanted, least_min=30)
    assert {one.agent: why for one, why in packed.unplaced} in (
        {"ben": Why.NO_SLACK, "cem": Why.OUTSIDE, "eve": Why.TAKEN},
        {"ben": Why.NO_SLACK, "cem": Why.OUTSIDE, "ann": Why.TAKEN},
    )


def test_queues_are_spared_one_by_one() -> None:
    calls = Interval(NINE, 1800, 1, 60, 10, "calls")
    mail = Interval(NINE, 1800, 1, 60, 0, "mail")
    wanted = [Wanted("ann", "cai", 1800, ("calls",)), Wanted("ben", "dee", 1800, ("calls", "mail"))]
    plan = coaching_slots([calls, mail], wanted=wanted)
    assert [one.wanted.agent for one in plan.sessions] == ["ann"]
    with pytest.raises(BadSetting, match="chat"):
        coaching_slots([calls], wanted=[Wanted("ann", "cai", 1800, ("chat",))])


def test_the_target_holds_beside_every_session_on_nine_days_of_ten() -> None:
    forecast = [
        Interval(NINE + timedelta(minutes=30 * at), 1800, calls, 60)
        for at, calls in enumerate((1260, 1100, 1400))
    ]
    wanted = [wish(f"agent {n}", f"coach {n}") for n in range(40)]
    plan = coaching_slots(forecast, staff=50, patience_s=120, wanted=wanted)
    factors = np.random.default_rng(3).gamma(100, 0.01, size=4000)
    for slack in plan.slack:
        away = sum(one.start == slack.interval.start for one in plan.sessions)
        rates = slack.interval.per_hour * factors
        for number, holds in ((away, True), (away + 1, False)):
            levels = service_levels(50 - number, per_hour=rates, aht_s=60, patience_s=120)
            beyond = (levels >= 0.8).mean() - 0.9
            error = 4 * np.sqrt(0.9 * 0.1 / len(factors))
            assert beyond > -error if holds else beyond < error


def test_staff_is_said_by_somebody() -> None:
    with pytest.raises(BadSetting, match="staff"):
        coaching_slots([Interval(NINE, 1800, 10, 60)])


def calendar(plan: Plan) -> list[dict[str, str]]:
    """Read a calendar back as RFC 5545 says: unfold, split, unescape."""
    text = to_calendar(plan, made=NINE, title="{agent}; with {coach}, here").decode()
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    events: list[dict[str, str]] = []
    for line in text.replace("\r\n ", "").split("\r\n"):
        name, _, value = line.partition(":")
        if (name, value) == ("BEGIN", "VEVENT"):
            events.append({})
        elif events:
            plain = value.replace("\\\\", "\0").replace("\\n", "\n")
            events[-1][name] = plain.replace("\\,", ",").replace("\\;", ";").replace("\0", "\\")
    return events


def test_a_calendar_reads_back_and_keeps_its_identities() -> None:
    names = ("ann\\b, née ö" + "ö" * 40, "ben;")
    wanted = [wish(names[0]), wish(names[1], "dee")]
    packed = pack(half_hours(2), wanted, least_min=30)
    plan = Plan(packed.sessions, (), (), (), FIFTY)
    events = calendar(plan)
    assert {event["DTSTART"] for event in events} == {"20261123T080000Z"}
    assert {event["DTEND"] for event in events} == {"20261123T083000Z"}
    assert {event["SUMMARY"] for event in events} == {
        f"{names[0]}; with cai, here",
        "ben;; with dee, here",
    }
    later = pack(half_hours(0, 2), wanted, least_min=30)
    moved = calendar(Plan(later.sessions, (), (), (), FIFTY))
    assert {event["UID"] for event in moved} == {event["UID"] for event in events}
    assert len({event["UID"] for event in events}) == 2
    assert {event["DTSTART"] for event in moved} == {"20261123T083000Z"}
    assert [row[2] for row in plan_rows(plan)] == [one.wanted.agent for one in plan.sessions]


def fifty(*, agents: int = 50, hours: int = 40) -> CentreDay:
    whole = (2520.0,) * hours, (agents,) * hours, (60.0,) * hours
    return CentreDay(*whole, 3600.0, FIFTY, warm_up_s=3600.0)


@pytest.mark.parametrize("agents", [50, 43])
def test_without_coaching_the_simulated_days_are_erlang_a(agents: int) -> None:
    seen = watch(fifty(agents=agents, hours=30), days=12)
    exact = erlang_a(agents, per_hour=2520, aht_s=60, patience_s=120)
    assert seen.minutes == 0
    assert abs(seen.service_level - exact.service_level) < 4 * seen.service_level_error
    assert seen.abandoned_share == pytest.approx(exact.abandoned, abs=2e-3)


@pytest.mark.parametrize(
    ("rule", "minutes", "level", "abandoned"),
    [
        (Rule(600, 8, 12), 10.8, 0.852, 0.059),
        (Rule(600, 4, 12), 12.3, 0.807, 0.073),
        (Rule(600, 8, 6), 6.5, 0.956, 0.025),
        (Rule(120, 4, 12), 9.8, 0.950, 0.033),
        (Rule(120, 8, 12), 7.4, 0.973, 0.019),
    ],
)
def test_published_figures_of_coaching_in_idle_moments(
    rule: Rule, minutes: float, level: float, abandoned: float
) -> None:
    seen = watch(fifty(), rule=rule, days=6)
    assert seen.minutes == pytest.approx(minutes, abs=0.15)
    assert seen.service_level == pytest.approx(level, abs=0.009)
    assert seen.abandoned_share == pytest.approx(abandoned, abs=0.003)


def test_at_equal_minutes_bites_of_two_minutes_cost_less_than_a_fixed_number() -> None:
    """About 9.8 minutes an hour either way: 7 points of service level."""
    bites = watch(fifty(), rule=Rule(120, 4, 12), days=6)
    fixed = erlang_a(42, per_hour=2520, aht_s=60, patience_s=120)
    assert bites.minutes > 60 * 8 / 50
    assert bites.service_level - fixed.service_level > 0.06


@pytest.mark.parametrize("shape", ["flat", "two peaks", "morning rush"])
def test_on_fluctuating_days_slack_buys_twice_the_hours_of_a_timetable(shape: str) -> None:
    """Ten-minute sessions, 100 agents, at a service level no lower than the timetable's."""
    slots = np.arange(48) / 48
    profile = {
        "flat": np.ones(48),
        "two peaks": 1 + 0.35 * np.sin(4 * np.pi * slots - 0.5),
        "morning rush": 0.75 + 0.6 * np.exp(-(((slots - 0.2) / 0.12) ** 2)),
    }[shape]
    rates = profile / profile.mean() * 0.85 * 1200

    def day(agents: int) -> CentreDay:
        standard = Standard(patience_s=300)
        parts = tuple(rates.tolist()), (agents,) * 48, (300.0,) * 48
        return CentreDay(*parts, 600.0, standard, noise_cv=0.15, noise_correlation=0.8)

    timetable = watch(day(97), days=60)
    idle = 25 if shape == "morning rush" else 20
    slack = watch(day(100), rule=Rule(600, idle, 100), days=60)
    assert slack.service_level >= timetable.service_level
    assert slack.minutes >= 2 * 60 * 3 / 100


def test_both_rules_meet_the_same_calls() -> None:
    alone, bitten = (watch(fifty(hours=4), rule=rule, days=3) for rule in (NOBODY, Rule()))
    assert alone.offered.tolist() == bitten.offered.tolist()
    again = watch(fifty(hours=4), rule=Rule(), days=3)
    assert again.in_time.tolist() == bitten.in_time.tolist()


def test_what_bites_add_to_a_plan_counts_those_who_are_in_sessions_as_away() -> None:
    forecast = [Interval(NINE + timedelta(minutes=30 * at), 1800, 1260, 60) for at in range(4)]
    wanted = [wish(f"agent {n}", f"coach {n}", 120) for n in range(4)]
    plan = coaching_slots(forecast, staff=50, patience_s=120, wanted=wanted)
    assert len(plan.sessions) == 4
    alone, bitten = bites_on_top(plan, rule=Rule(), days=10)
    assert alone.agent_s == 46 * 7200
    assert alone.service_level > bitten.service_level
    assert bitten.minutes > 1


def test_days_of_a_forecast_are_added_up_draw_by_draw() -> None:
    forecast = [
        Interval(NINE + timedelta(days=day, minutes=30 * at), 1800, 300, 60)
        for day in range(2)
        for at in range(2)
    ]
    plan = coaching_slots(forecast, staff=16, patience_s=120)
    alone, _ = bites_on_top(plan, rule=Rule(), days=8)
    assert len(alone.offered) == 8
    assert alone.offered.mean() == pytest.approx(1200, rel=0.2)
    needed = agents_needed([600.0], aht_s=60, standard=plan.standard)[0]
    assert {one.needed for one in plan.slack} == {needed}


def test_minutes_are_as_even_as_the_slack_allows() -> None:
    wanted = [wish(name, f"coach {name} {n}") for name in "abcd" for n in range(3)]
    packed = pack(half_hours(2, 2, 2, 2), wanted, least_min=30)
    minutes: dict[str, float] = defaultdict(float)
    for one in packed.sessions:
        minutes[one.wanted.agent] += 30
    assert set(minutes.values()) == {60}
    assert all(one.start <= other.start for one, other in pairwise(packed.sessions))
