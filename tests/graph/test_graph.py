"""The graph is built once, and refuses what would make its answers wrong."""

import pytest
from hypothesis import given

from tests.graph.organisations import organisation, organisations
from upturn.graph.engine import (
    DuplicateEdge,
    DuplicateParty,
    GraphError,
    ServesItself,
    UnknownParty,
    graph_of,
)


@given(organisations())
def test_neighbours_are_the_ends_of_the_edges(graph):
    pairs = set(graph.edges.values())
    assert pairs == {(a, b) for a in graph.kinds for b in graph.served[a]}
    assert pairs == {(a, b) for b in graph.kinds for a in graph.servers[b]}
    for neighbours in (graph.servers, graph.served):
        assert all(list(near) == sorted(set(near)) for near in neighbours.values())


@given(organisations())
def test_the_order_of_the_rows_does_not_matter(graph):
    edges = [(edge, *ends) for edge, ends in graph.edges.items()]
    assert graph_of(reversed(graph.kinds.items()), reversed(edges)) == graph


def test_customers_are_told_by_their_kind():
    assert organisation((2, 9), (3, 1), customers=(9, 1)).customers() == (1, 9)


@pytest.mark.parametrize(
    ("parties", "edges", "error", "says"),
    [
        ([(1, "team"), (1, "team")], [], DuplicateParty, "the number 1 already"),
        ([(1, "team")], [(5, 1, 7)], UnknownParty, "the number 7. Add the party first"),
        ([(1, "team")], [(5, 7, 1)], UnknownParty, "the number 7. Add the party first"),
        ([(1, "team")], [(5, 1, 1)], ServesItself, "Party 1 .* Name the party that it serves"),
        ([(1, "a"), (2, "b")], [(5, 1, 2), (5, 2, 1)], DuplicateEdge, "the number 5"),
    ],
)
def test_bad_rows_are_refused_by_name(parties, edges, error, says):
    with pytest.raises(error, match=says) as refusal:
        graph_of(parties, edges)
    assert isinstance(refusal.value, GraphError)


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (
            UnknownParty("Old Mill", nearest=["Mill", "Mill House"]),
            (
                'No party is called "Old Mill". Nearest: Mill, Mill House. '
                "Use a name that is there, or add the party first."
            ),
        ),
        (
            UnknownParty("Zoo"),
            'No party is called "Zoo". Use a name that is there, or add the party first.',
        ),
        (
            DuplicateParty("Bar"),
            'There is a party called "Bar" already. Each party stands once.',
        ),
        (
            ServesItself("Bar"),
            '"Bar" is said to serve itself. Name the party that it serves.',
        ),
    ],
)
def test_errors_say_what_is_wrong_and_what_to_do(error, sentence):
    assert str(error) == sentence
