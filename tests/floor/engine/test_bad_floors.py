"""Floors that cannot be: each is refused with its place, the value found and the remedy."""

from collections.abc import Callable
from dataclasses import replace
from math import inf, nan
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upturn.floor.engine.described.checked import (
    check_floor,
    check_policy,
    problems_of,
    unusual_sections,
)
from upturn.floor.engine.described.loads import least_load
from upturn.floor.engine.errors import BadFloor, BadFloors, BadSetting, CannotKeepUp
from upturn.floor.engine.grid import grid
from upturn.floor.engine.policy import OneAtATime, OwnTheWhole, Pooled, ScanSection
from upturn.floor.engine.shapes import (
    Behaviour,
    Day,
    Durations,
    Edge,
    Floor,
    Kind,
    Law,
    NeedType,
    Node,
    Section,
    Server,
)

REQUEST = NeedType("request", 7.2, Durations(20.0))
FLOOR = grid(sections=2, tables=6)


def need(**changes: Any) -> Floor:
    return replace(FLOOR, need_types=(replace(REQUEST, **changes),))


def server(**changes: Any) -> Floor:
    return replace(FLOOR, servers=(replace(FLOOR.servers[0], **changes), *FLOOR.servers[1:]))


def section(**changes: Any) -> Floor:
    return replace(FLOOR, sections=(replace(FLOOR.sections[0], **changes), *FLOOR.sections[1:]))


def table(**changes: Any) -> Floor:
    return replace(FLOOR, nodes=(replace(FLOOR.nodes[0], **changes), *FLOOR.nodes[1:]))


def walks(*edges: Edge) -> Floor:
    along = zip(FLOOR.nodes, FLOOR.nodes[1:], strict=False)
    return replace(FLOOR, edges=(*(Edge(a.id, b.id, 2.0) for a, b in along), *edges))


def shift(starts_s: float, ends_s: float) -> Floor:
    seats = (replace(s, starts_s=starts_s, ends_s=ends_s) for s in FLOOR.servers)
    return replace(FLOOR, servers=tuple(seats), day=Day((1.0,) * 4))


BAD: list[tuple[Floor, str, object, str]] = [
    # numbers that are none, or below what they can be
    (table(x_m=nan), "place '1-1': x_m", nan, "give metres"),
    (table(y_m=inf), "place '1-1': y_m", inf, "give metres"),
    (walks(Edge("1-1", "1-2", -3.0)), "walk '1-1' to '1-2': seconds", -3.0, "give seconds"),
    (walks(Edge("1-1", "1-2", nan)), "walk '1-1' to '1-2': seconds", nan, "give seconds"),
    (need(per_hour=-1.0), "need 'request': per_hour", -1.0, "give how many an hour"),
    (need(per_hour=inf), "need 'request': per_hour", inf, "give how many an hour"),
    (need(due_s=-5.0), "need 'request': due_s", -5.0, "give seconds, or inf"),
    (need(due_s=nan), "need 'request': due_s", nan, "give seconds, or inf"),
    (need(weight=-1.0), "need 'request': weight", -1.0, "give 1 or more"),
    (need(together=0), "need 'request': together", 0, "how many are met in one go"),
    (need(service=Durations(nan)), "need 'request': service mean_s", nan, "give seconds"),
    (need(service=Durations(inf)), "need 'request': service mean_s", inf, "give seconds"),
    (need(patience=Durations(-1.0)), "need 'request': patience mean_s", -1.0, "give seconds"),
    (need(asks_after=Durations(-1.0)), "need 'request': asks_after mean_s", -1.0, "give seconds"),
    (
        need(service=Durations(9, Law.LOGNORMAL, -0.5)),
        "need 'request': service cv", -0.5, "over the mean",
    ),
    (need(service=Durations(9, Law.GAMMA, 0.0)), "need 'request': service cv", 0.0, "constant"),
    (server(speed_m_s=0.0), "server 'server 1': speed_m_s", 0.0, "more than 0"),
    (server(work_rate=-1.0), "server 'server 1': work_rate", -1.0, "more than 0"),
    (server(hands={"pot": -1}), "server 'server 1': hands, pot", -1, "enough for"),
    (server(starts_s=-1.0), "server 'server 1': starts_s", -1.0, "give seconds"),
    (server(starts_s=9.0, ends_s=9.0), "server 'server 1': ends_s", 9.0, "give more than 9"),
    (server(ends_s=nan), "server 'server 1': ends_s", nan, "inf for a shift without an end"),
    (replace(FLOOR, day=Day(())), "day: profile", (), "one number for each slot"),
    (replace(FLOOR, day=Day((1, -2))), "day: profile, slot 2", -2, "how many an hour"),
    (replace(FLOOR, day=Day(slot_s=0.0)), "day: slot_s", 0.0, "1 second or more"),
    (replace(FLOOR, day=Day(day_cv=-0.1)), "day: day_cv", -0.1, "over the mean"),
    (replace(FLOOR, day=Day(noise_cv=nan)), "day: noise_cv", nan, "over the mean"),
    (
        replace(FLOOR, day=Day(noise_correlation=1.0)),
        "day: noise_correlation", 1.0, "how alike two slots running are",
    ),
    (
        replace(FLOOR, behaviour=Behaviour(loafing_share=-0.1)),
        "behaviour: loafing_share", -0.1, "0.1 for one in ten",
    ),
    (
        replace(FLOOR, behaviour=Behaviour(help_cost_share=nan)),
        "behaviour: help_cost_share", nan, "0.1 for one in ten",
    ),
    (replace(FLOOR, behaviour=Behaviour(look_s=-1)), "behaviour: look_s", -1, "give seconds"),
    (replace(FLOOR, behaviour=Behaviour(at_load=())), "behaviour: at_load", (), "[0, 1], [3, 0.9]"),
    (
        replace(FLOOR, behaviour=Behaviour(at_load=((0, 1), (0, 2)))),
        "behaviour: at_load", ((0, 1), (0, 2)), "[0, 1], [3, 0.9]",
    ),
    (
        replace(FLOOR, behaviour=Behaviour(at_load=((0, 0.0),))),
        "behaviour: at_load, factor", 0.0, "more than 0",
    ),
    # nobody there
    (replace(FLOOR, servers=()), "servers", (), "add a server"),
    (replace(FLOOR, nodes=()), "floor", (), "add places"),
    (replace(FLOOR, need_types=()), "floor", (), "add kinds of need"),
    # one table, one owner
    (table(id="1-2"), "place '1-2'", 2, "name each once"),
    (table(id=""), "place", "", "give it one"),
    (
        replace(FLOOR, sections=(*FLOOR.sections, FLOOR.sections[0])),
        "section 'section 1'", 2, "name each once",
    ),
    (table(section=""), "table '1-1'", "", "put it into a section"),
    (table(section="sektion 1"), "table '1-1'", "sektion 1", "did you mean 'section 1'"),
    (table(kind=Kind.DOOR), "door '1-1'", "section 1", "only tables belong to one"),
    (section(owner=""), "section 'section 1'", "", "name the server who owns it"),
    (section(owner="server 9"), "section 'section 1'", "server 9", "did you mean 'server"),
    (section(owner="server 2"), "section 'section 1'", "server 2", "an owner of its own"),
    (section(neighbours=("nowhere",)), "section 'section 1': neighbours", "nowhere", "known are"),
    (
        replace(FLOOR, sections=(*FLOOR.sections, Section("attic", "server 1"))),
        "section 'attic'", 0, "give it tables, or take it out",
    ),
    # names nobody knows, or twice
    (replace(FLOOR, servers=FLOOR.servers[:1] * 2), "server 'server 1'", 2, "name each once"),
    (replace(FLOOR, need_types=(REQUEST, REQUEST)), "need 'request'", 2, "name each once"),
    (server(section="section 7"), "server 'server 1'", "section 7", "did you mean 'section"),
    (server(home="kitchen"), "server 'server 1': home", "kitchen", "known are 1-1"),
    (server(skills=("requests",)), "server 'server 1': skills", "requests", "mean 'request'"),
    (need(at=("1-9",)), "need 'request': at", "1-9", "did you mean '1-"),
    (walks(Edge("1-1", "bar", 2.0)), "walk '1-1' to 'bar'", "bar", "known are"),
    # what nobody can do
    (
        replace(
            FLOOR,
            need_types=(REQUEST, replace(REQUEST, name="wine")),
            servers=tuple(replace(s, skills=("request",)) for s in FLOOR.servers),
        ),
        "need 'wine': skills", 0, "give it to a server",
    ),
    (need(item="pot"), "need 'request': item", "pot", "such as pot = 4"),
    (
        replace(
            grid(need_types=(replace(REQUEST, item="pot"),), hands={"pot": 4}),
            nodes=grid().nodes[:-1],
        ),
        "need 'request': item", "pot", "add a station",
    ),
    (
        replace(
            FLOOR,
            need_types=(REQUEST, replace(REQUEST, name="bill", owner_only=True)),
            servers=(replace(FLOOR.servers[0], skills=("request",)), FLOOR.servers[1]),
        ),
        "need 'bill': owner_only", "server 1", "give the owner the skill",
    ),
    (
        Floor(
            (Node("queue", Kind.QUEUE),), (replace(REQUEST, owner_only=True),), (Server("agent"),)
        ),
        "need 'request': owner_only", "queue", "add a section",
    ),
    (
        Floor((Node("door", Kind.DOOR),), (REQUEST,), (Server("agent"),)),
        "need 'request'", (), "add a table or a queue",
    ),
    # a lock meant for tables
    (
        Floor((Node("queue", Kind.QUEUE),), (REQUEST,), (Server("a"), Server("b"))),
        "floor: table_lock", True, "set table_lock to false",
    ),
    # no walk leads there
    (
        replace(walks(), edges=walks().edges[:-1]),
        "table '1-1'", "1-1", "add a walk from '1-1' to a place beside it",
    ),
    # nobody is on shift
    (shift(3600.0, inf), "shifts, 0 s to 3600 s after opening", 0, "move a shift"),
    (shift(0.0, 7200.0), "shifts, 7200 s to 14400 s after opening", 0, "move a shift"),
]  # fmt: skip


@pytest.mark.parametrize(("floor", "place", "value", "remedy"), BAD)
def test_a_bad_floor_is_refused_with_place_value_and_remedy(floor, place, value, remedy) -> None:
    with pytest.raises(BadFloors) as caught:
        check_floor(floor)
    by_place = {problem.place: problem for problem in caught.value.problems}
    assert place in by_place, caught.value
    found = by_place[place]
    assert remedy in found.remedy
    assert repr(found.value) == repr(value)
    assert found.place in str(caught.value)


def test_everything_wrong_is_said_at_once() -> None:
    floor = replace(
        server(speed_m_s=-1.0), need_types=(replace(REQUEST, per_hour=nan, together=0),)
    )
    with pytest.raises(BadFloors) as caught:
        check_floor(floor)
    assert len(caught.value.problems) == 3
    assert str(caught.value).startswith("3 things are to be put right:\n- need 'request'")
    assert all(isinstance(problem, BadFloor) for problem in caught.value.problems)


SOUND: list[Callable[[], Floor]] = [
    grid,
    lambda: need(due_s=inf),
    lambda: need(service=Durations(0.0)),
    lambda: need(patience=Durations(0.0, Law.CONSTANT)),
    lambda: replace(FLOOR, sections=(), nodes=tuple(replace(n, section="") for n in FLOOR.nodes),
                    servers=(Server("a"), Server("b"))),
    lambda: replace(shift(3600.0, inf), day=Day((0.0, 1.0))),  # nothing comes before the shift
    walks,
]  # fmt: skip


@pytest.mark.parametrize("made", SOUND)
def test_a_sound_floor_comes_back(made: Callable[[], Floor]) -> None:
    floor = made()
    assert check_floor(floor) is floor


def test_a_shift_counts_for_as_long_as_the_floor_runs() -> None:
    floor = shift(0.0, 7200.0)
    assert check_floor(floor, hours=2) is floor
    with pytest.raises(BadFloors, match="7200 s to 10800 s after opening"):
        check_floor(floor, hours=3)


@pytest.mark.parametrize("hours", [0, -1, nan, inf])
def test_hours_that_are_none_are_named(hours: float) -> None:
    with pytest.raises(BadSetting, match="hours is"):
        check_floor(FLOOR, hours=hours)


def test_a_floor_that_cannot_keep_up_says_by_how_much_and_what_helps() -> None:
    floor = grid(need_types=(replace(REQUEST, per_hour=28.8),))  # 4 * .28 = 1.12
    with pytest.raises(CannotKeepUp) as caught:
        check_floor(floor)
    assert str(caught.value) == (
        "This floor cannot keep up: needs arrive at 1.12 of what can be served; add 1 to the "
        "people who serve there, give the needs a patience, or expect the waiting needs to grow "
        "by 86 an hour."
    )
    assert caught.value.growth_per_hour == pytest.approx(28 * 28.8 * (1 - 1 / 1.12))
    patient = replace(floor.need_types[0], patience=Durations(300.0))
    assert check_floor(replace(floor, need_types=(patient,)))


def test_what_the_owner_alone_may_do_is_held_against_the_owners_time() -> None:
    """The floor as a whole has time; its first section has not."""
    kinds = (
        replace(REQUEST, name="order", per_hour=40.0, owner_only=True, at=("1-1", "1-2", "1-3")),
        replace(REQUEST, per_hour=0.5),
    )
    floor = replace(FLOOR, need_types=tuple(replace(k, service=Durations(40.0)) for k in kinds))
    with pytest.raises(CannotKeepUp, match=r"Server 'server 1' cannot keep up: .* at 1\.33"):
        check_floor(floor)
    anyone = tuple(replace(kind, owner_only=False) for kind in floor.need_types)
    assert check_floor(replace(floor, need_types=anyone))


def test_a_skill_too_few_have_is_held_against_those_who_have_it() -> None:
    kinds = tuple(
        NeedType(name, rate, Durations(300.0), at=(name,))
        for name, rate in (("a", 6.0), ("b", 13.0), ("c", 13.0))
    )
    floor = Floor(
        nodes=tuple(Node(name, Kind.QUEUE) for name in "abc"),
        need_types=kinds,
        servers=(Server("1", skills=("a",)), Server("2", skills=("b", "c")), Server("3")),
        table_lock=False,
    )
    load = least_load(floor)  # b and c need 26 * 300 s an hour of two people
    assert load.place == "The group of '2', '3'"
    assert load.load == pytest.approx(26 * 300 / 7200)
    assert load.kinds == ("b", "c")
    assert load.servers == 1


def test_what_is_carried_costs_the_walk_to_the_station_shared_by_what_it_is_enough_for() -> None:
    kinds = (replace(REQUEST, item="pot"),)
    by_hands = {
        holds: least_load(grid(need_types=kinds, hands={"pot": holds})).load for holds in (1, 6)
    }
    assert by_hands[1] == pytest.approx(0.056 * (20 + 2 * 9.107143) / 4)
    assert by_hands[6] == pytest.approx(0.056 * (20 + 2 * 9.107143 / 6) / 4)


def test_one_at_a_time_has_the_load_of_its_farthest_section() -> None:
    load = least_load(grid(), policy=OneAtATime())
    assert (load.place, round(load.load, 3)) == ("Server 'server 4'", 0.64)
    assert least_load(grid(), policy=ScanSection()).load == pytest.approx(0.28)


@given(
    st.floats(0.1, 60), st.floats(1, 120), st.integers(1, 5), st.floats(0.5, 2), st.integers(1, 3)
)
def test_the_load_grows_as_rate_and_service_and_shrinks_with_servers(
    per_hour: float, mean_s: float, servers: int, work_rate: float, together: int
) -> None:
    def load(rate: float, people: int) -> float:
        kind = NeedType("call", rate, Durations(mean_s), together=together, at=("queue",))
        seats = tuple(Server(f"{n}", work_rate=work_rate) for n in range(people))
        return least_load(Floor((Node("queue", Kind.QUEUE),), (kind,), seats)).load

    one = load(per_hour, servers)
    assert one == pytest.approx(per_hour * mean_s / 3600 / together / servers / work_rate)
    assert load(2 * per_hour, servers) == pytest.approx(2 * one)
    assert load(per_hour, servers + 1) <= one


def test_half_a_shift_is_half_a_server() -> None:
    floor = shift(0.0, 7200.0)
    assert least_load(floor, hours=4).load == pytest.approx(2 * least_load(floor, hours=2).load)


@pytest.mark.parametrize(
    ("policy", "name"),
    [
        (ScanSection(cadence_s=-1.0), "cadence_s"),
        (ScanSection(cadence_s=nan), "cadence_s"),
        (Pooled(cadence_s=-1.0), "cadence_s"),
        (OwnTheWhole(detour_s=nan), "detour_s"),
        (OwnTheWhole(own_first_s=-5.0), "own_first_s"),
    ],
)
def test_a_policy_with_a_time_that_is_none_is_refused(policy, name: str) -> None:
    with pytest.raises(BadSetting, match=name):
        check_policy(policy, FLOOR)


def test_rounds_that_take_no_time_and_never_pause_are_refused() -> None:
    at_one_spot = replace(FLOOR, nodes=tuple(replace(n, x_m=0.0, y_m=0.0) for n in FLOOR.nodes))
    assert check_policy(ScanSection(cadence_s=0.0), FLOOR)
    assert check_policy(ScanSection(cadence_s=60.0), at_one_spot)
    with pytest.raises(BadSetting, match="the tables of section 1 take no walking"):
        check_policy(ScanSection(cadence_s=0.0), at_one_spot)


def test_sections_of_six_to_eight_are_usual_and_others_are_named_not_refused() -> None:
    assert unusual_sections(grid(sections=2, tables=6)) == ()
    assert unusual_sections(grid(sections=2, tables=8)) == ()
    assert [one.tables for one in unusual_sections(grid(sections=2, tables=9))] == [9, 9]
    assert [one.tables for one in unusual_sections(grid(sections=1, tables=5))] == [5]
    assert problems_of(grid(sections=1, tables=5)) == ()
