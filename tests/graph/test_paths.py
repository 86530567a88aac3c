"""Paths against enumeration of every simple path."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.graph.organisations import organisation, organisations
from upturn.graph.engine import PathsUp, UnknownParty, paths_down, paths_up


def simple_paths(graph, path):
    """Every path to a customer that meets no party twice."""
    if graph.kinds[path[-1]] == "customers":
        yield path
    for near in graph.served[path[-1]]:
        if near not in path:
            yield from simple_paths(graph, (*path, near))


@given(organisations(most_parties=6, most_edges=14), st.integers(1, 6))
def test_paths_up_are_the_shortest_of_all_simple_paths(graph, most):
    for party in graph.kinds:
        every = sorted(simple_paths(graph, (party,)))
        shortest = min((len(path) for path in every), default=0)
        expected = [path for path in every if len(path) == shortest]
        assert paths_up(graph, party, most=most) == PathsUp(
            distance=shortest - 1 if expected else None,
            count=len(expected),
            paths=tuple(expected[:most]),
        )


def test_paths_are_counted_where_they_cannot_be_listed():
    rungs = range(1, 81, 2)
    pairs = [(low, high) for at in rungs for low in (at + 2, at + 3) for high in (at, at + 1)]
    ladder = organisation(*pairs, customers=(1, 2))
    up = paths_up(ladder, 81)
    assert (up.distance, up.count, len(up.paths)) == (40, 2**40, 20)


def test_a_chain_of_five_thousand_needs_no_deep_recursion():
    chain = organisation(*((party + 1, party) for party in range(1, 5000)))
    assert paths_up(chain, 5000).paths == (tuple(range(5000, 0, -1)),)


@given(organisations(), st.data())
def test_levels_down_hold_each_party_once_at_its_shortest_distance(graph, data):
    start = data.draw(st.lists(st.sampled_from(sorted(graph.kinds)), max_size=3))
    depth = data.draw(st.integers(0, 4))
    level_of = dict.fromkeys(start, 0)
    for _ in graph.kinds:
        for server, served in graph.edges.values():
            if served in level_of:
                level_of[server] = min(level_of.get(server, 99), level_of[served] + 1)
    levels = paths_down(graph, start, max_depth=depth)
    found = {party: at for at, level in enumerate(levels) for party in level.parties}
    assert found == {party: steps for party, steps in level_of.items() if steps <= depth}
    assert sum(len(level.parties) for level in levels) == len(found)
    for at, level in enumerate(levels):
        between = [
            edge
            for edge, (server, served) in graph.edges.items()
            if at and level_of.get(server) == at and level_of.get(served) == at - 1
        ]
        assert level.edges == tuple(sorted(between))


def test_a_party_that_is_not_there_is_refused():
    graph = organisation((2, 1))
    with pytest.raises(UnknownParty, match="the number 9"):
        paths_up(graph, 9)
    with pytest.raises(UnknownParty, match="the number 9"):
        paths_down(graph, [2, 9], max_depth=1)
