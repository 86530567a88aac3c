"""Organisations for the tests of the graph: a plain function and a hypothesis strategy."""

from hypothesis import strategies as st

from upturn.graph.engine import Graph, graph_of

KINDS = ("customers", "team", "team", "leader", "system")


def organisation(*edges: tuple[int, int], customers: tuple[int, ...] = (1,)) -> Graph:
    """Build a graph from (server, served) pairs; edge numbers count from 100."""
    parties = sorted({party for pair in edges for party in pair} | set(customers))
    return graph_of(
        [(party, "customers" if party in customers else "team") for party in parties],
        [(100 + at, *pair) for at, pair in enumerate(edges)],
    )


@st.composite
def organisations(draw, most_parties=9, most_edges=22):
    """Any organisation: cycles, loose parties, several edges between the same two."""
    parties = draw(st.permutations(range(1, draw(st.integers(2, most_parties)) + 1)))
    ends = st.tuples(st.sampled_from(parties), st.sampled_from(parties))
    pairs = draw(st.lists(ends.filter(lambda pair: pair[0] != pair[1]), max_size=most_edges))
    numbers = draw(st.permutations(range(100, 100 + len(pairs))))
    return graph_of(
        [(party, draw(st.sampled_from(KINDS))) for party in parties],
        [(number, *pair) for number, pair in zip(numbers, pairs, strict=True)],
    )


@st.composite
def layered_organisations(draw, most_bands=4, most_abreast=3):
    """Bands in which everybody serves some of the band above; many ways lead to the same party."""
    widths = draw(st.lists(st.integers(1, most_abreast), min_size=2, max_size=most_bands))
    bands, pairs = [], []
    for band, width in enumerate(widths):
        bands.append([10 * band + at for at in range(width)])
        for party in bands[-1] if band else ():
            above = draw(st.sets(st.sampled_from(bands[-2]), min_size=1))
            pairs += [(party, served) for served in sorted(above)]
    numbers = draw(st.permutations(range(100, 100 + len(pairs))))
    return graph_of(
        [(p, "team" if band else "customers") for band, row in enumerate(bands) for p in row],
        [(number, *pair) for number, pair in zip(numbers, pairs, strict=True)],
    )
