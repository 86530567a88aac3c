"""The order inside the bands: a permutation, and never more crossings than before."""

from itertools import combinations, pairwise

from hypothesis import given

from tests.graph.organisations import layered_organisations, organisation, organisations
from upturn.graph.engine import layers
from upturn.graph.engine.ordering import crossings, one_band_away, order_bands


def crossings_pair_by_pair(bands, above):
    count = 0
    for upper, lower in pairwise(bands):
        lines = [(upper.index(high), lower.index(low)) for low in lower for high in above[low]]
        count += sum((a - c) * (b - d) < 0 for (a, b), (c, d) in combinations(lines, 2))
    return count


def above_in(graph):
    return one_band_away(graph.served, layers(graph).band_of, step=-1)


@given(organisations(most_parties=12, most_edges=40))
def test_crossings_are_the_pairs_of_lines_that_change_sides(graph):
    bands = layers(graph).bands
    assert crossings(bands, above_in(graph)) == crossings_pair_by_pair(bands, above_in(graph))


@given(layered_organisations(most_abreast=6) | organisations(most_parties=12, most_edges=40))
def test_ordering_keeps_the_bands_and_never_adds_a_crossing(graph):
    order = layers(graph)
    bands = order_bands(graph, order)
    assert [sorted(band) for band in bands] == [list(band) for band in order.bands]
    before = crossings_pair_by_pair(order.bands, above_in(graph))
    assert crossings_pair_by_pair(bands, above_in(graph)) <= before


def test_lines_that_need_not_cross_do_not():
    graph = organisation((4, 3), (5, 2), (6, 1), (7, 4), (8, 5), (9, 6), customers=(1, 2, 3))
    assert crossings(order_bands(graph, layers(graph)), above_in(graph)) == 0


def test_a_sweep_that_adds_a_crossing_is_not_taken():
    graph = organisation((10, 1), (11, 1), (12, 1), (13, 2), (20, 13), customers=(1, 2))
    assert order_bands(graph, layers(graph)) == [[1, 2], [10, 11, 12, 13], [20]]
