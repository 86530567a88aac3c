"""What the picture of the pyramid promises, for any organisation and any names."""

import re
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.graph.organisations import organisation, organisations
from upturn.graph.engine import PHONE, WIDE, graph_of, lay_out, layers

sheets = st.sampled_from([WIDE, PHONE])
words = st.sampled_from(["Bar", "Kitchen", "Take-away", "Facility", "of", "Küche", "厨房", "IT"])
wide_names = st.one_of(
    st.lists(words, min_size=1, max_size=5).map(" ".join),
    st.text(min_size=1, max_size=120),
    st.text("WM", min_size=1, max_size=80),
)


@st.composite
def drawn(draw, most_parties=24, most_edges=40):
    """An organisation, most of it with a path to a customer, its names and its drawing."""
    count = draw(st.integers(2, most_parties))
    customers = draw(st.integers(1, max(1, count // 3)))
    loose = draw(organisations(most_parties=4, most_edges=4))
    up = [(p, draw(st.integers(max(1, p - 9), p - 1))) for p in range(customers + 1, count + 1)]
    party = st.integers(1, count)
    pairs = draw(st.lists(st.tuples(party, party), max_size=most_edges - len(up)))
    edges = [(a, b) for a, b in up + pairs if a != b]
    parties = [(p, "customers" if p <= customers else "team") for p in range(1, count + 1)]
    graph = graph_of(
        parties + [(1000 + p, kind) for p, kind in loose.kinds.items()],
        [(at, *pair) for at, pair in enumerate(edges)]
        + [(e, 1000 + a, 1000 + b) for e, (a, b) in loose.edges.items()],
    )
    pool = draw(st.lists(wide_names, min_size=3, max_size=8))
    names = {p: pool[p % len(pool)] for p in graph.kinds}
    sheet = draw(sheets)
    return graph, names, sheet, lay_out(graph, names=names, sheet=sheet)


def points(path):
    """Sample an SVG path of M, C and V."""
    x = y = 0.0
    for letter, numbers in re.findall(r"([MCV])([-\d. ]+)", path):
        values = [float(number) for number in numbers.split()]
        if letter == "C":
            x1, y1, x2, y2, x3, y3 = values
            for step in range(1, 17):
                t, u = step / 16, 1 - step / 16
                yield (
                    u**3 * x + 3 * u * u * t * x1 + 3 * u * t * t * x2 + t**3 * x3,
                    u**3 * y + 3 * u * u * t * y1 + 3 * u * t * t * y2 + t**3 * y3,
                )
            x, y = x3, y3
        else:
            x, y = (x, values[0]) if letter == "V" else values
            yield x, y


@given(drawn())
def test_names_overlap_no_other_name_and_stay_inside(example):
    _, _, sheet, drawing = example
    for one, other in combinations(drawing.parties, 2):
        beside = one.right < other.left or other.right < one.left
        assert beside or one.bottom < other.top or other.bottom < one.top
    top, foot = drawing.bands[0], drawing.bands[-1]
    for party in drawing.parties:
        share = (party.bottom - top.y) / (foot.y - top.y) if party.band else 0
        assert party.left >= share * foot.left + sheet.margin / 2
        assert party.right <= sheet.width - share * foot.left - sheet.margin / 2
        assert 0 <= party.top < party.bottom <= drawing.height


def assert_lines_are_clear(drawing):
    for edge in drawing.edges:
        for x, y in points(edge.path):
            assert 0 <= x <= drawing.width
            assert 0 <= y <= drawing.height
            assert not any(
                party.left < x < party.right and party.top < y < party.bottom
                for party in drawing.parties
            )


@given(drawn())
def test_lines_run_past_every_name_and_stay_inside(example):
    assert_lines_are_clear(example[-1])


@pytest.mark.parametrize("sheet", [WIDE, PHONE])
def test_lines_run_past_every_name_where_two_hundred_share_the_gaps(sheet):
    down = [(p, max(1, p - 3 * step)) for p in range(5, 41) for step in range(1, 6)]
    across = [(p, p + step) for p in range(5, 35) for step in (1, 5)]
    graph = organisation(*down, *across, customers=(1, 2, 3, 4))
    names = {
        p: ["Bar", "Dish room", "Procurement of materials", "Billing"][p % 4] for p in range(41)
    }
    assert_lines_are_clear(lay_out(graph, names=names, sheet=sheet))


def test_lines_take_the_gap_on_their_way():
    graph = organisation(*((p, 1) for p in range(2, 18)))
    drawing = lay_out(graph, names=dict.fromkeys(range(18), "Dish room"), sheet=PHONE)
    assert len({party.bottom for party in drawing.parties}) >= 5
    widest = max(party.right - party.left for party in drawing.parties)
    for edge in drawing.edges:
        path = list(points(edge.path))
        ends = sorted((path[0][0], path[-1][0]))
        assert ends[0] - widest < min(path)[0]
        assert max(path)[0] < ends[1] + widest


@given(drawn())
def test_lines_join_the_names_they_belong_to(example):
    drawing = example[-1]
    party_of = {party.party: party for party in drawing.parties}
    for edge in drawing.edges:
        server, served = party_of[edge.server], party_of[edge.served]
        upper, lower = sorted((server, served), key=lambda party: (party.bottom, party.x))
        (x1, y1), *_, (x2, y2) = points(edge.path)
        if edge.course == "up":
            assert x1 in {round(upper.left - 2, 1), round(upper.right + 2, 1)}
            assert upper.top < y1 < upper.bottom
            assert lower.top < y2 < lower.bottom
            continue
        assert upper.left <= x1 <= upper.right
        assert lower.left <= x2 <= lower.right
        assert 0 < y1 - upper.bottom < 13
        if upper.bottom != lower.bottom:
            assert y2 == pytest.approx(lower.top - 5, abs=0.11)


@given(drawn())
def test_lines_that_leave_one_name_downwards_are_spread_over_its_width(example):
    *_, sheet, drawing = example
    for party in drawing.parties:
        starts = sorted(
            next(points(edge.path))[0]
            for edge in drawing.edges
            if edge.served == party.party and edge.course == "down"
        )
        width = max(0, party.right - party.left - 8)
        least = min(sheet.spacing, width / max(1, len(drawing.edges)))
        assert all(right - left >= least - 0.11 for left, right in pairwise(starts))


@given(drawn())
def test_everybody_with_a_path_to_a_customer_is_drawn_once_in_the_own_band(example):
    graph, _, _, drawing = example
    order = layers(graph)
    assert sorted((p.party, p.band) for p in drawing.parties) == sorted(order.band_of.items())
    lines = [0.0, *(band.y for band in drawing.bands)]
    for party in drawing.parties:
        assert lines[party.band] < party.top
        assert party.bottom < lines[party.band + 1]
    assert [(e.edge, (e.server, e.served)) for e in drawing.edges] == sorted(
        (edge, ends) for edge, ends in graph.edges.items() if ends[1] in order.band_of
    )
    for edge in drawing.edges:
        steps = order.band_of[edge.server] - order.band_of[edge.served]
        assert edge.course == {1: "down", 0: "level"}.get(steps, "up")


@given(drawn())
def test_the_pyramid_is_widest_on_top(example):
    *_, sheet, drawing = example
    assert (drawing.bands[0].left, drawing.bands[0].right) == (0, sheet.width)
    for above, below in pairwise(drawing.bands):
        assert above.left <= below.left < below.right <= above.right
        assert below.left + below.right == pytest.approx(sheet.width, abs=0.2)


@settings(max_examples=30)
@given(drawn())
def test_the_order_of_the_rows_in_the_database_does_not_matter(example):
    graph, names, sheet, drawing = example
    edges = [(edge, *ends) for edge, ends in graph.edges.items()]
    shuffled = graph_of(reversed(graph.kinds.items()), reversed(edges))
    assert lay_out(shuffled, names=names, sheet=sheet) == drawing


@given(drawn())
def test_names_are_whole_unless_a_word_is_wider_than_the_sheet(example):
    _, names, _, drawing = example
    for party in drawing.parties:
        shown = "".join(text for text, _ in party.lines)
        name = names[party.party]
        if "…" not in shown:
            assert "".join(shown.split()) == "".join(name.split())
        assert len(party.lines) <= 2


def mock_house():
    """The organisation of the design's own picture."""
    above = {
        "Host stand": ["Lunch guests", "Dinner guests"],
        "Floor": ["Lunch guests", "Dinner guests", "Banquets"],
        "Bar": ["Dinner guests", "Banquets"],
        "Counter": ["Take-away"],
        "Booking system": ["Host stand"],
        "Scheduling": ["Host stand", "Floor"],
        "Kitchen": ["Floor", "Counter"],
        "Till": ["Bar", "Counter"],
        "Dish room": ["Kitchen"],
        "Purchasing": ["Kitchen"],
        "Menu desk": ["Till"],
        "Maintenance": ["Dish room"],
        "House leaders": ["Dish room", "Purchasing", "Menu desk"],
        "Group office": ["Maintenance", "House leaders"],
    }
    names = dict.fromkeys(["Lunch guests", "Dinner guests", "Banquets", "Take-away", *above])
    number = {name: at for at, name in enumerate(names, start=1)}
    pairs = [(number[low], number[high]) for low, highs in above.items() for high in highs]
    return organisation(*pairs, customers=(1, 2, 3, 4)), {at: name for name, at in number.items()}


@pytest.mark.parametrize(("sheet", "rows"), [(WIDE, 6), (PHONE, 7)])
def test_the_mock_house_needs_a_row_a_band_and_narrows_to_its_foot(sheet, rows):
    graph, names = mock_house()
    drawing = lay_out(graph, names=names, sheet=sheet)
    assert len({party.bottom for party in drawing.parties}) == rows
    foot = drawing.bands[-1]
    assert foot.right - foot.left < sheet.width / 2
    assert [names[party.party] for party in drawing.parties if party.band == 5] == ["Group office"]


@pytest.mark.parametrize(("sheet", "tallest"), [(WIDE, 800), (PHONE, 1100)])
def test_forty_parties_in_five_bands_stay_a_picture_of_readable_height(sheet, tallest):
    pairs = [(p, max(1, p - 8 - p % 3)) for p in range(5, 41)] + [
        (p, max(1, p - 7)) for p in range(9, 41, 2)
    ]
    graph = organisation(*pairs, customers=(1, 2, 3, 4))
    names = {
        p: ["Bar", "Dish room", "Procurement of materials", "Billing"][p % 4] for p in range(41)
    }
    drawing = lay_out(graph, names=names, sheet=sheet)
    assert drawing.height < tallest


@pytest.mark.parametrize(
    ("pairs", "kept"),
    [
        ([(p, max(1, p - 90)) for p in range(2, 261)], 181),  # bands of 90: two fit, the third not
        ([(2, 1), (3, 2), *[(4, 3)] * 999], 3),  # three bands with two lines, the fourth with 999
    ],
)
def test_of_a_large_organisation_the_bands_next_to_the_customers_are_drawn(pairs, kept):
    graph = organisation(*pairs)
    drawing = lay_out(graph, names=dict.fromkeys(graph.kinds, "Bar"))
    drawn_parties = {party.party for party in drawing.parties}
    assert drawn_parties == set(range(1, kept + 1))
    assert drawing.left_out == tuple(range(kept + 1, len(graph.kinds) + 1))
    assert {edge.edge for edge in drawing.edges} == {
        edge for edge, ends in graph.edges.items() if drawn_parties.issuperset(ends)
    }


def test_an_organisation_without_customers_gives_an_empty_drawing():
    drawing = lay_out(organisation((2, 3), customers=()), names={})
    assert (drawing.height, drawing.outline, drawing.parties, drawing.edges) == (0, "", (), ())


def test_customers_alone_are_one_line():
    drawing = lay_out(organisation(customers=(1, 2)), names={1: "Lunch guests", 2: "Banquets"})
    assert [band.number for band in drawing.bands] == [0]
    assert [party.lines[0][0] for party in drawing.parties] == ["Lunch guests", "Banquets"]
