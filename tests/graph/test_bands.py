"""The upside-down order against slow plain versions."""

from hypothesis import given

from tests.graph.organisations import organisation, organisations
from upturn.graph.engine import distance_to_customer, layers, orphans, tyranny


def distances_by_relaxation(graph):
    """Bellman and Ford without a queue: as many rounds as there are parties."""
    far = len(graph.kinds) + 1
    distance = {p: 0 if kind == "customers" else far for p, kind in graph.kinds.items()}
    for _ in graph.kinds:
        for server, served in graph.edges.values():
            distance[server] = min(distance[server], distance[served] + 1)
    return {party: None if steps >= far else steps for party, steps in distance.items()}


@given(organisations())
def test_the_band_is_the_shortest_distance_to_a_customer(graph):
    expected = distances_by_relaxation(graph)
    assert distance_to_customer(graph) == expected
    order = layers(graph)
    assert order.band_of == {p: steps for p, steps in expected.items() if steps is not None}
    assert order.without_path == tuple(sorted(p for p in expected if expected[p] is None))
    for band, parties in enumerate(order.bands):
        assert parties == tuple(sorted(p for p, steps in expected.items() if steps == band))
        assert parties


@given(organisations())
def test_nobody_stands_more_than_one_band_below_those_they_serve(graph):
    band_of = layers(graph).band_of
    for server, served in graph.edges.values():
        if served in band_of:
            assert band_of[server] <= band_of[served] + 1


@given(organisations())
def test_orphans_are_the_parties_but_customers_that_no_edge_names_as_server(graph):
    servers = {server for server, _ in graph.edges.values()}
    expected = {p for p, kind in graph.kinds.items() if kind != "customers"} - servers
    assert orphans(graph) == tuple(sorted(expected))


@given(organisations())
def test_tyranny_is_every_edge_from_whose_served_side_no_walk_meets_a_customer(graph):
    def meets_customer(party, seen):
        if graph.kinds[party] == "customers":
            return True
        ahead = {b for a, b in graph.edges.values() if a == party} - seen
        return any(meets_customer(near, seen | ahead) for near in ahead)

    lost = [e for e, (_, served) in graph.edges.items() if not meets_customer(served, {served})]
    assert tyranny(graph) == tuple(sorted(lost))


def test_customers_stay_on_top_even_when_they_serve():
    graph = organisation((2, 1), (1, 2), (3, 2))
    assert layers(graph).bands == ((1,), (2,), (3,))


def test_an_organisation_without_customers_has_no_bands():
    graph = organisation((2, 3), customers=())
    assert (layers(graph).bands, layers(graph).without_path) == ((), (2, 3))
    assert tyranny(graph) == (100,)


def test_nobody_at_all():
    graph = organisation(customers=())
    assert (layers(graph).bands, orphans(graph), tyranny(graph)) == ((), (), ())
