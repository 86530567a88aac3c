"""The thinnest path against enumeration of every path downwards."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.graph.organisations import layered_organisations, organisation, organisations
from upturn.graph.engine import StrengthNotFinite, layers, thinnest_path

strengths = st.one_of(
    st.sampled_from([4.1, 4.6, 6.1, 6.6, 8.0]),  # few values, so that means tie
    st.floats(-1e6, 1e6),
)


def paths_from_customers(graph):
    band_of = layers(graph).band_of

    def below(party, path):
        yield path
        for edge, (server, served) in graph.edges.items():
            if served == party and band_of[server] == band_of[party] + 1:
                yield from below(server, (*path, edge))

    for customer in graph.customers():
        yield from below(customer, ())


def by_enumeration(graph, strength):
    choices = []
    for path in paths_from_customers(graph):
        measured = [Fraction(strength[edge]) for edge in path if edge in strength]
        if len(measured) >= 2:
            mean = sum(measured) / len(measured)
            choices.append((mean, -len(measured), len(path), path))
    return list(min(choices)[-1]) if choices else None


@given(organisations(), st.data())
def test_the_thinnest_path_is_the_best_of_all_paths(graph, data):
    edges = st.sampled_from(sorted(graph.edges)) if graph.edges else st.nothing()
    strength = data.draw(st.dictionaries(edges, strengths))
    assert thinnest_path(graph, strength) == by_enumeration(graph, strength)


@given(layered_organisations(), st.data())
def test_ties_are_broken_as_by_enumeration(graph, data):
    drawn = {edge: data.draw(st.sampled_from([4.0, 5.0, None])) for edge in graph.edges}
    strength = {edge: value for edge, value in drawn.items() if value is not None}
    assert thinnest_path(graph, strength) == by_enumeration(graph, strength)


@given(organisations(), st.data())
def test_it_is_one_path_from_a_customer_down_band_by_band(graph, data):
    strength = {edge: data.draw(strengths) for edge in graph.edges}
    path = thinnest_path(graph, strength)
    if path is not None:
        ends = [graph.edges[edge] for edge in path]
        assert graph.kinds[ends[0][1]] == "customers"
        assert all(above[0] == below[1] for above, below in pairwise(ends))


def test_unmeasured_edges_may_lie_between():
    graph = organisation((2, 1), (3, 2), (4, 3))
    assert thinnest_path(graph, {100: 6.0, 102: 4.0}) == [100, 101, 102]
    assert thinnest_path(graph, {100: 6.0}) is None


def test_at_a_tie_more_measured_edges_win_then_the_lower_numbers():
    graph = organisation((2, 1), (3, 1), (4, 2), (5, 3), (6, 5))
    assert thinnest_path(graph, dict.fromkeys(graph.edges, 5.0)) == [101, 103, 104]
    even = organisation((2, 1), (3, 1), (4, 2), (5, 3))
    assert thinnest_path(even, dict.fromkeys(even.edges, 5.0)) == [100, 102]


def test_edges_of_another_graph_are_of_no_account():
    graph = organisation((2, 1), (3, 2))
    assert thinnest_path(graph, {100: 5.0, 101: 6.0, 999: 0.0}) == [100, 101]


@pytest.mark.parametrize("strength", [float("nan"), float("inf")])
def test_a_strength_that_cannot_be_compared_is_refused(strength):
    with pytest.raises(StrengthNotFinite, match=r"Edge 100 .* Leave out edges"):
        thinnest_path(organisation((2, 1)), {100: strength})


def test_the_path_of_the_mock_organisation():
    """Maintenance, dish room, kitchen, floor, dinner guests."""
    graph = organisation((2, 1), (3, 2), (4, 3), (5, 4), (6, 3), (7, 1))
    strength = {100: 6.6, 101: 6.1, 102: 4.6, 103: 4.1, 104: 6.9, 105: 7.1}
    assert thinnest_path(graph, strength) == [100, 101, 102, 103]
