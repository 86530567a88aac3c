"""Circles of service against the closure of reachability."""

from hypothesis import given

from tests.graph.organisations import organisation, organisations
from upturn.graph.engine import mutual_service


def reachable(graph):
    """Warshall's closure."""
    reach = {(a, b) for a, b in graph.edges.values()}
    for middle in graph.kinds:
        for one in graph.kinds:
            if (one, middle) in reach:
                reach |= {(one, other) for other in graph.kinds if (middle, other) in reach}
    return reach


@given(organisations())
def test_two_parties_share_a_circle_when_each_reaches_the_other(graph):
    reach = reachable(graph)
    circles = {
        frozenset({a} | {b for b in graph.kinds if (a, b) in reach and (b, a) in reach})
        for a in graph.kinds
    }
    expected = sorted((circle for circle in circles if len(circle) > 1), key=min)
    assert mutual_service(graph) == expected


def test_two_that_serve_each_other_and_a_circle_of_three():
    graph = organisation((2, 1), (2, 3), (3, 2), (4, 3), (5, 4), (6, 5), (4, 6))
    assert mutual_service(graph) == [frozenset({2, 3}), frozenset({4, 5, 6})]


def test_a_circle_of_ten_thousand_needs_no_deep_recursion():
    pairs = [(party, party % 10_000 + 1) for party in range(1, 10_001)]
    assert [len(circle) for circle in mutual_service(organisation(*pairs))] == [10_000]
