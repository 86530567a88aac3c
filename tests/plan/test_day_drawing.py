"""What the picture of a day, its time line and a plan's pyramid promise, whatever the day."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upturn.graph.engine import PHONE, WIDE
from upturn.plan.engine import (
    Have,
    Health,
    Moment,
    draw_day,
    draw_plan,
    draw_rail,
    health_of,
    plan_pyramid,
    sags_at,
    scale_of,
)
from upturn.stats import Figure, Withheld

TODAY = date(2026, 11, 23)
HELD = Withheld("too_few", 5, 3)
scores = st.one_of(
    st.none(),
    st.just(HELD),
    st.tuples(st.floats(0, 10), st.floats(0, 3), st.integers(5, 900)).map(
        lambda row: Figure(row[0], max(0, row[0] - row[1]), min(10, row[0] + row[1]), row[2])
    ),
)
days = st.lists(st.tuples(st.integers(420, 1380), scores), max_size=48).map(
    lambda rows: [
        Moment(f"m{n}", at, score)
        for n, (at, score) in enumerate(sorted(rows, key=lambda row: row[0]))
    ]
)


@given(days)
def test_every_moment_is_drawn_once_in_its_order_on_the_sheet(day: list[Moment]) -> None:
    drawing = draw_day(day)
    dots = [dot for strip in drawing.strips for dot in strip.dots]
    assert [dot.ref for dot in dots] == [moment.ref for moment in day]
    assert all(0 <= dot.x < drawing.width for dot in dots)
    assert all(0 < dot.high_y <= dot.y <= dot.low_y < drawing.height for dot in dots)


@given(days)
def test_strips_hold_at_most_seven_and_share_the_day_evenly(day: list[Moment]) -> None:
    drawing = draw_day(day)
    sizes = [len(strip.dots) for strip in drawing.strips]
    assert max(sizes, default=0) <= 7
    assert sizes[:-1] == [drawing.columns] * (len(sizes) - 1)
    assert len(sizes) == -(-len(day) // 7)


@given(days)
def test_a_line_is_whole_only_between_two_figures_that_are_shown(day: list[Moment]) -> None:
    shown = {moment.ref: isinstance(moment.score, Figure) for moment in day}
    for strip in draw_day(day).strips:
        known = [shown[a.ref] and shown[b.ref] for a, b in pairwise(strip.dots)]
        assert [stretch.known for stretch in strip.line] == known


@given(days)
def test_a_higher_score_is_drawn_higher(day: list[Moment]) -> None:
    score = {moment.ref: moment.score for moment in day}
    told = [
        (figure.value, dot.y)
        for strip in draw_day(day).strips
        for dot in strip.dots
        if isinstance(figure := score[dot.ref], Figure)
    ]
    for value, y in told:
        assert all(y <= other_y for other, other_y in told if value > other)


@given(days)
def test_every_range_lies_on_the_scale(day: list[Moment]) -> None:
    scale = scale_of(day)
    figures = [moment.score for moment in day if isinstance(moment.score, Figure)]
    assert (scale is None) == (not figures)
    if scale:
        assert 0 <= scale.low < scale.high <= 10
        assert all(scale.low <= each.low <= each.high <= scale.high for each in figures)
        assert 2 <= len(scale.ticks) <= 5


@pytest.mark.parametrize(
    ("low", "sagging"),
    [
        (Figure(6.6, 6.3, 6.9, 655), "eat"),
        (Figure(6.6, 5.0, 8.2, 9), ""),  # wide enough that another moment may be as low
        (Figure(3.0, 3.0, 3.0, 2), ""),  # two who agree by chance
        (HELD, ""),
        (None, ""),
    ],
)
def test_a_day_sags_only_beyond_its_range(low: Figure | Withheld | None, sagging: str) -> None:
    day = [
        Moment("arrive", 1155, Figure(7.4, 7.0, 7.8, 160)),
        Moment("drink", 1165, Figure(7.6, 7.3, 7.9, 240)),
        Moment("order", 1170, Figure(7.5, 7.2, 7.8, 240)),
        Moment("eat", 1190, low),
    ]
    assert sags_at(day) == sagging
    looks = [dot.look for dot in draw_day(day).strips[0].dots]
    assert ("sags" in looks) == bool(sagging)


@given(days, st.integers(0, 6), st.integers(20, 40))
def test_no_handle_lies_over_another(day: list[Moment], begins: int, ends: int) -> None:
    rail = draw_rail(day, day_from=60 * begins, day_until=60 * ends)
    middles = [(handle.x, handle.y) for handle in rail.handles]
    assert [handle.ref for handle in rail.handles] == [moment.ref for moment in day]
    for n, (x, y) in enumerate(middles):
        assert 14 <= x <= rail.width - 14
        assert 14 <= y < rail.line_y
        assert all(abs(x - a) >= 27.8 or abs(y - b) >= 28 for a, b in middles[:n])


@given(st.integers(0, 20), st.integers(1, 48))
def test_hours_can_be_read_beside_each_other(begins: int, hours: int) -> None:
    until = min(60 * (begins + hours), 2880)
    rail = draw_rail([], day_from=60 * begins, day_until=until)
    places = [x for x, _at in rail.hours]
    assert rail.hours[0][1] == 60 * begins
    assert all(b - a > 45 for a, b in pairwise(places))


@pytest.mark.parametrize(
    ("has_edge", "ask", "kept", "due", "health"),
    [
        (False, None, False, None, Health.GAP),
        (False, "promised", True, TODAY, Health.GAP),  # the edge was let go: nothing comes now
        (True, None, False, None, Health.NOTED),
        (True, "asked", False, None, Health.ASKED),
        (True, "asked_back", False, None, Health.ASKED),
        (True, "declined", False, None, Health.ASKED),
        (True, "promised", False, TODAY, Health.PROMISED),
        (True, "promised", False, date(2026, 11, 22), Health.LATE),
        (True, "done", False, date(2026, 11, 1), Health.PROMISED),
        (True, "judged", False, date(2026, 11, 1), Health.PROMISED),
        (True, "judged", True, date(2026, 11, 1), Health.KEPT),
        (True, "settled", False, None, Health.NOTED),
        (True, "withdrawn", False, None, Health.NOTED),
    ],
)
def test_how_a_have_stands(
    has_edge: bool,
    ask: str | None,
    kept: bool,
    due: date | None,
    health: Health,
) -> None:
    assert health_of(has_edge=has_edge, ask=ask, kept=kept, due=due, today=TODAY) == health


GUESTS, FLOOR, KITCHEN, DISHES = 1, 2, 3, 4
EDGES = {10: (FLOOR, GUESTS), 11: (KITCHEN, FLOOR), 12: (DISHES, KITCHEN)}


def test_an_edge_stands_as_what_needs_somebody_first() -> None:
    haves = [Have(FLOOR, KITCHEN, 11, Health.KEPT), Have(FLOOR, KITCHEN, 11, Health.LATE)]
    plan = plan_pyramid([FLOOR], customers=GUESTS, haves=haves, edges=EDGES)
    assert plan.parties == (GUESTS, FLOOR, KITCHEN)
    assert [(e.number, e.health, e.haves) for e in plan.edges] == [
        (11, Health.LATE, 2),
        (10, Health.QUIET, 0),
    ]


def test_gaps_stand_first_and_never_count_as_anything_else() -> None:
    haves = [
        Have(KITCHEN, None, None, Health.GAP),
        Have(KITCHEN, DISHES, 99, Health.PROMISED),  # that edge was let go
    ]
    plan = plan_pyramid([FLOOR], customers=GUESTS, haves=haves, edges=EDGES)
    assert [(e.server, e.served, e.health) for e in plan.edges[:2]] == [
        (DISHES, KITCHEN, Health.GAP),
        (None, KITCHEN, Health.GAP),
    ]
    assert all(edge.number < 0 for edge in plan.edges[:2])


@pytest.mark.parametrize("sheet", [WIDE, PHONE])
def test_the_picture_holds_the_table_and_customers_stand_on_top(sheet: object) -> None:
    haves = [Have(FLOOR, None, None, Health.GAP), Have(FLOOR, KITCHEN, 11, Health.ASKED)]
    plan = plan_pyramid([FLOOR], customers=GUESTS, haves=haves, edges=EDGES)
    kinds = {GUESTS: "customers", FLOOR: "team", KITCHEN: "team"}
    names = {GUESTS: "Guests", FLOOR: "Floor", KITCHEN: "Kitchen"}
    drawing = draw_plan(plan, kinds=kinds, names=names, nobody="nobody yet", sheet=sheet)  # type: ignore[arg-type]
    assert {edge.edge for edge in drawing.edges} == {edge.number for edge in plan.edges}
    assert drawing.parties[0].party == GUESTS
    nobody = [party for party in drawing.parties if party.party < 0]
    assert [line for party in nobody for line, _y in party.lines] == ["nobody yet"]
