"""Laws of a trace, what it says of odd organisations, and its direction on made-up ones."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.trace.engines import EDGES, alarm_of, graph_of, hotel, loudest, weeks, with_column
from upturn.stats.draws import generator
from upturn.trace.engine import (
    Alarm,
    Confidence,
    GraphRefused,
    Measures,
    Ranking,
    Reason,
    Remark,
    ServiceGraph,
    Trace,
    UnknownNode,
    Wanted,
    draw_worlds,
    from_json,
    score_tracers,
    screen_alarms,
    signature_posterior,
    to_json,
    trace,
)
from upturn.trace.engine.weighing import Facts, judge

FALL = Alarm(0, 14, -4.0, 0.001)


def traced(measures: Measures, graph: ServiceGraph) -> Trace:
    return trace(measures, graph=graph, alarm=alarm_of(measures, graph))


def named(found: Trace, graph: ServiceGraph) -> dict[str, object]:
    """What a trace says, with keys in the place of numbers, and nothing of the inputs' hash."""
    key = dict(enumerate(graph.keys)) | {None: None}
    against = found.against
    return {
        "suspect": key[found.suspect],
        "path": [(key[s.node], s.lag_weeks, round(s.strength, 9)) for s in found.path],
        "rankings": [[key[node] for node in ranking.node] for ranking in found.rankings],
        "confidence": found.confidence,
        "reasons": found.reasons,
        "spared": {key[node] for node in against.spared},
        "ask": key[against.ask_next],
        "noticed": {(key[one.node], one.remark) for one in found.noticed},
    }


@given(st.permutations(range(11)), st.integers(1, 30))
@settings(max_examples=15, deadline=None)
def test_other_numbers_for_the_same_nodes_change_nothing(order: list[int], seed: int) -> None:
    measures, graph = hotel(seed=seed)
    at = np.array(order)
    other = ServiceGraph(
        tuple(graph.keys[node] for node in order),
        graph.serves[np.ix_(at, at)],
        graph.touchpoint[at],
    )
    moved = replace(measures, value=measures.value[:, at])
    assert named(traced(moved, other), other) == named(traced(measures, graph), graph)


@given(st.integers(1, 30), st.integers(0, 10), st.floats(0.01, 1_000), st.floats(-50, 50))
@settings(max_examples=15, deadline=None)
def test_another_unit_or_zero_of_a_series_changes_nothing(
    seed: int, node: int, scale: float, shift: float
) -> None:
    measures, graph = hotel(seed=seed)
    other = with_column(measures, node, measures.value[:, node] * scale + shift)
    assert named(traced(other, graph), graph) == named(traced(measures, graph), graph)


@given(st.integers(1, 30))
@settings(max_examples=10, deadline=None)
def test_an_island_changes_nothing(seed: int) -> None:
    measures, graph = hotel(seed=seed)
    wider = graph_of((*EDGES, ("harbour", "ferry"), ("pier", "harbour")))
    extra = np.column_stack([measures.value, *[measures.value[:, :1] ** 2] * 3])
    island = replace(measures, value=extra)
    assert named(traced(island, wider), wider) == named(traced(measures, graph), graph)


@given(st.sets(st.tuples(st.integers(0, 10), st.integers(0, 10)), max_size=40), st.integers(1, 9))
@settings(max_examples=30, deadline=None)
def test_any_graph_ends_in_a_trace_that_holds_together(
    pairs: set[tuple[int, int]], seed: int
) -> None:
    measures, graph = hotel(seed=seed)
    serves = graph.serves.copy()
    for server, served in pairs:
        serves[server, served] = True
    ringed = replace(graph, serves=serves)
    found = trace(measures, graph=ringed, alarm=FALL)
    assert (found.suspect is None) == (found.confidence is Confidence.CANNOT_TELL)
    assert bool(found.reasons) == (found.confidence is not Confidence.TWO_AGREE)
    if found.suspect is None:
        return
    assert found.path[0].node == 0
    assert found.path[-1].node == found.suspect
    assert not graph.touchpoint[found.suspect]
    for above, below in zip(found.path, found.path[1:], strict=False):
        assert serves[below.node, above.node]
        assert 0 <= below.lag_weeks <= 2
        assert 0 < below.strength <= 1


def test_a_clear_cause_is_found_with_path_figures_and_share() -> None:
    measures, graph = hotel(size=7)
    found = traced(measures, graph)
    assert found.confidence is Confidence.TWO_AGREE
    assert [graph.keys[step.node] for step in found.path] == [
        "check-in",
        "desk",
        "rooms",
        "laundry",
    ]
    for step in found.path:
        assert step.moved is not None
        assert step.moved.high < 0
        assert step.moved.n_before + step.moved.n_after == 26
    assert found.path[0].strength == 1
    assert found.path[0].lag_weeks == 0
    assert found.share_on_path is not None
    assert found.share_on_path > 0.6
    assert found.onset_window[0] <= 14 <= found.onset_window[1]
    assert found.first_week == measures.weeks[0]


def test_a_change_elsewhere_is_allowed_for_and_named() -> None:
    measures, graph = hotel(fell="booking", size=5)
    value = measures.value.copy()
    for key, fall in (("store", 5), ("kitchen", 3.5), ("breakfast", 2.5)):
        value[12:, graph.keys.index(key)] -= fall
    found = traced(replace(measures, value=value), graph)
    assert graph.keys.index("store") in found.against.allowed_for
    assert graph.keys[found.suspect] == "booking"


def test_touchpoints_that_the_suspect_serves_and_that_did_not_fall_speak_against_it() -> None:
    measures, graph = hotel(fell="rooms", size=7)
    calm, _ = hotel(fell=None, seed=77)
    stay = graph.keys.index("stay")
    spared = with_column(measures, stay, calm.value[:, stay])
    found = traced(spared, graph)
    assert graph.keys[found.suspect] == "rooms"
    assert [graph.keys[node] for node in found.against.spared] == ["stay"]
    assert traced(measures, graph).against.spared == ()


HOUSE = (
    ("desk", "check-in"), ("desk", "check-out"), ("booking", "desk"), ("rooms", "stay"),
    ("rooms", "desk"), ("bar", "drinks"), ("bar", "desk"), ("kitchen", "breakfast"),
    ("kitchen", "desk"), ("porter", "parking"), ("porter", "desk"),
)  # fmt: skip


def house(*, seed: int, also: tuple[str, ...] = ()) -> tuple[Measures, ServiceGraph]:
    """Booking falls, and with it what the desk does; `also` fall by themselves in that week."""
    graph = graph_of(
        HOUSE, points=("check-in", "check-out", "stay", "drinks", "breakfast", "parking")
    )
    value = np.zeros((26, len(graph.keys)))
    for key in ("booking", "rooms", "bar", "kitchen", "porter", "desk", *graph.keys[:6]):
        at = graph.keys.index(key)
        value[:, at] = generator(seed, key, "house").normal(size=26)
        value[14:, at] -= {"booking": 6.0}.get(key, 4.0 if key in also else 0.0)
        value[:, at] += 0.7 * value[:, graph.serves[:, at]].sum(axis=1)
    return Measures(value, weeks(26)), graph


def test_what_fell_in_the_same_weeks_out_of_reach_speaks_against_it() -> None:
    """A trouble of one house shows at moments that no path from one party leads to."""
    also = ("stay", "drinks", "breakfast", "parking")
    agreed = {True: 0, False: 0}
    for seed in range(8):
        for wider in agreed:
            measures, graph = house(seed=seed, also=also if wider else ())
            found = traced(measures, graph)
            agreed[wider] += found.confidence is Confidence.TWO_AGREE
            fell = {graph.keys[node] for node in found.against.also_fell}
            if wider:
                assert Reason.ALSO_FELL in found.reasons
                assert len(fell & set(also)) >= 3
            else:
                assert Reason.ALSO_FELL not in found.reasons
            if found.suspect is not None:
                reached = {"check-in", "check-out"}
                assert graph.keys[found.suspect] != "booking" or not fell & reached
    assert agreed[True] == 0
    assert agreed[False] >= 4


@given(st.integers(1, 60), st.sets(st.integers(4, 10), max_size=7))
@settings(max_examples=30, deadline=None)
def test_who_cannot_tell_says_whose_measure_would_help_most(
    seed: int, unmeasured: set[int]
) -> None:
    measures, graph = hotel(fell=None, seed=seed)
    value = measures.value.copy()
    value[:, sorted(unmeasured)] = np.nan
    found = trace(replace(measures, value=value), graph=graph, alarm=FALL)
    if found.suspect is not None:
        return
    asked, serve_it = found.against.ask_next, {"desk", "rooms", "laundry", "repairs", "booking"}
    assert asked is not None
    assert graph.keys[asked] in serve_it
    blank = {graph.keys[node] for node in unmeasured} & serve_it
    assert (graph.keys[asked] in blank) == bool(blank)
    assert found.against.ask_for is (Wanted.FIRST if blank else Wanted.ANOTHER)
    assert (Reason.NOTHING_MEASURED in found.reasons) == (blank == serve_it)


def test_of_those_measured_who_has_gaps_is_asked_before_the_others() -> None:
    measures, graph = hotel(fell=None)
    repairs = graph.keys.index("repairs")
    thin = np.where(np.arange(26) % 2, measures.value[:, repairs], np.nan)
    found = trace(with_column(measures, repairs, thin), graph=graph, alarm=FALL)
    assert found.confidence is Confidence.CANNOT_TELL
    assert (found.against.ask_next, found.against.ask_for) == (repairs, Wanted.FULLER)


def test_the_doubt_is_named_by_what_holds() -> None:
    """Evidence that others hold and evidence that nobody holds are different doubts."""
    walk = Ranking("walk", (4,), (0.8,))

    def reasons(*shares: float, own: float = 5.0) -> set[Reason]:
        found = Ranking("signature", (4, 2)[: len(shares)], shares)
        facts = Facts(walk, found, found, own=own, measured=True, common=0.1, few=False)
        return set(judge(facts)[1])

    assert reasons(0.98, 0.01) == set()
    assert reasons(0.6, 0.39) == {Reason.OTHERS_FIT}
    assert reasons(0.6) == {Reason.NEAR_CHANCE}
    assert reasons(0.99, own=3.0) == {Reason.NEAR_CHANCE}
    assert reasons(0.6, 0.39, own=3.0) == {Reason.OTHERS_FIT, Reason.NEAR_CHANCE}


def test_a_party_on_the_path_without_a_measure_is_named_and_asked_for() -> None:
    measures, graph = hotel(size=8)
    rooms = graph.keys.index("rooms")
    found = traced(with_column(measures, rooms, np.nan), graph)
    if found.suspect is not None:
        assert rooms in found.against.unmeasured
    assert found.against.ask_next == rooms


def test_odd_figures_at_the_touchpoint_end_in_a_reason_and_no_cause() -> None:
    measures, graph = hotel()
    column = measures.value[:, 0]
    gaps = np.where(np.arange(26) % 3 == 0, column, np.nan)
    cases = {
        Reason.TOUCHPOINT_UNMEASURED: with_column(measures, 0, np.nan),
        Reason.CONSTANT: with_column(measures, 0, 8.0),
        Reason.UNIT_CHANGED: with_column(
            measures, 0, (20 + column) * np.where(np.arange(26) < 9, 1, 100)
        ),
    }
    for reason, odd in cases.items():
        found = trace(odd, graph=graph, alarm=FALL)
        assert (found.reasons, found.suspect, found.path) == ((reason,), None, ())
        assert found.confidence is Confidence.CANNOT_TELL
        assert (found.against.ask_next, found.against.ask_for) == (0, Wanted.SCORES)
    thin = trace(with_column(measures, 0, gaps), graph=graph, alarm=FALL)
    assert thin.reasons == (Reason.TOO_FEW_WEEKS,)
    assert thin.noticed[0].remark is Remark.GAPS


def test_eight_weeks_are_too_few() -> None:
    measures, graph = hotel()
    short = Measures(measures.value[:8], weeks(8))
    assert trace(short, graph=graph, alarm=replace(FALL, onset=5)).reasons == (
        Reason.TOO_FEW_WEEKS,
    )


def test_a_touchpoint_nobody_serves_and_one_whose_servers_are_not_measured() -> None:
    measures, graph = hotel()
    serves = graph.serves.copy()
    serves[:, 0] = False
    alone = trace(measures, graph=replace(graph, serves=serves), alarm=FALL)
    assert alone.reasons == (Reason.NOBODY_SERVES,)
    assert alone.against.ask_next is None
    value = np.where(graph.touchpoint, measures.value, np.nan)
    blind = trace(replace(measures, value=value), graph=graph, alarm=FALL)
    assert blind.reasons == (Reason.NOTHING_MEASURED,)
    assert graph.keys[blind.against.ask_next] == "desk"


def test_without_a_fall_there_is_no_cause() -> None:
    measures, graph = hotel(fell=None)
    risen = Alarm(0, 14, 2.0, 0.9)
    assert trace(measures, graph=graph, alarm=risen).reasons == (Reason.NO_FALL,)


def test_what_is_odd_elsewhere_is_noticed_and_left_out() -> None:
    measures, graph = hotel(size=7)
    store, repairs = graph.keys.index("store"), graph.keys.index("repairs")
    odd = with_column(with_column(measures, store, 3.0), repairs, np.repeat([1.1, 110.0], 13))
    odd.value[::2, repairs] *= 1.01
    serves = graph.serves.copy()
    serves[graph.keys.index("desk"), graph.keys.index("rooms")] = True
    found = traced(odd, replace(graph, serves=serves))
    remarks = {(graph.keys[one.node], one.remark) for one in found.noticed}
    assert remarks == {
        ("store", Remark.CONSTANT),
        ("repairs", Remark.UNIT_CHANGED),
        ("desk", Remark.RING),
        ("rooms", Remark.RING),
    }


def test_a_graph_of_another_size_and_a_party_as_touchpoint_are_refused() -> None:
    measures, graph = hotel()
    with pytest.raises(GraphRefused, match="10 columns"):
        trace(replace(measures, value=measures.value[:, :10]), graph=graph, alarm=FALL)
    with pytest.raises(UnknownNode):
        trace(measures, graph=graph, alarm=replace(FALL, touchpoint=5))
    with pytest.raises(UnknownNode, match="week 26"):
        trace(measures, graph=graph, alarm=replace(FALL, onset=26))


def test_the_signature_finds_causes_of_made_up_organisations() -> None:
    def tracer(world):
        return signature_posterior(world.measures, graph=world.graph, alarm=loudest(world))

    for family, first, three in (("base", 0.6, 0.78), ("factor", 0.5, 0.68)):
        score = score_tracers(list(draw_worlds(family, 25, seed=11)), {"it": tracer})["it"]
        allowed = 2 * (0.25 / score.n) ** 0.5
        assert score.first > first - allowed, family
        assert score.first_three > three - allowed, family


def test_agreement_is_mostly_right_and_rare_where_nothing_happened() -> None:
    agreed, right = 0, 0
    for family in ("base", "small"):
        for world in draw_worlds(family, 25, seed=12):
            found = trace(world.measures, graph=world.graph, alarm=loudest(world))
            if found.confidence is Confidence.TWO_AGREE:
                agreed += 1
                right += found.suspect in world.causes
    assert agreed >= 6
    assert right >= 0.8 * agreed
    worlds = draw_worlds("none", 30, seed=12)
    shown = [trace(w.measures, graph=w.graph, alarm=loudest(w)).confidence for w in worlds]
    assert shown.count(Confidence.TWO_AGREE) <= 2


@given(st.sampled_from(["base", "both", "none", "small", "two"]), st.integers(0, 50))
@settings(max_examples=15, deadline=None)
def test_a_kept_trace_reads_back_exactly(family: str, seed: int) -> None:
    (world,) = draw_worlds(family, 1, seed=seed)
    alarms = screen_alarms(world.measures, graph=world.graph, false_discovery_rate=1)
    found = trace(world.measures, graph=world.graph, alarm=alarms[0])
    assert from_json(to_json(found, world.graph)) == found
