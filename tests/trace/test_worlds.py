"""The made-up organisations follow their published law."""

from dataclasses import replace

import numpy as np
import pytest

from tests.trace.engines import weeks
from upturn.stats.draws import generator
from upturn.trace.engine import (
    FAMILIES,
    Column,
    Ranking,
    ServiceWorld,
    WorldLaw,
    draw_world,
    draw_worlds,
    gather,
    score_tracers,
)


def drawn(law: WorldLaw, n: int = 15) -> list[ServiceWorld]:
    return [draw_world(law, rng=generator(5, "law", str(at))) for at in range(n)]


def test_layers_edges_and_onsets_are_as_published() -> None:
    layer = np.repeat(np.arange(4), (8, 12, 16, 14))
    steps = np.zeros(4, dtype=int)
    for world in drawn(FAMILIES["base"]):
        serves, (cause,) = world.graph.serves, world.causes
        assert world.graph.touchpoint.tolist() == (layer == 0).tolist()
        servers = serves.sum(axis=0)
        assert set(servers[layer < 3]) <= {1, 2, 3}
        assert (servers[layer == 3] == 0).all()
        server, served = np.nonzero(serves)
        down = layer[server] - layer[served]
        assert set(down) <= {1, 2}
        steps += np.bincount(down[layer[served] < 2], minlength=4)
        assert layer[cause] > 0
        assert 10 <= world.onset <= 15
        assert world.measures.value.shape == (26, 50)
    assert 3 < steps[1] / steps[2] < 5


def test_the_same_seed_draws_the_same_worlds_and_other_seeds_others() -> None:
    one, same = (next(draw_worlds("both", 1, seed=seed)) for seed in (3, 3))
    other = next(draw_worlds("both", 1, seed=4))
    assert np.array_equal(one.measures.value, same.measures.value, equal_nan=True)
    assert not np.array_equal(one.measures.value, other.measures.value, equal_nan=True)


def test_a_cause_lowers_what_it_reaches_and_nothing_else() -> None:
    loud = replace(FAMILIES["quiet"], size=(200, 201), noise=0.01)
    for world in drawn(loud, 10):
        (cause,) = world.causes
        serves, reached = world.graph.serves, np.arange(50) == cause
        for _ in range(4):
            reached = reached | serves[reached].any(axis=0)
        start = world.onset
        fell = np.ptp(world.measures.value[start - 1 : start + 9], axis=0) > 8
        assert fell[cause]
        assert not fell[~reached].any()


@pytest.mark.parametrize("family", FAMILIES)
def test_families_differ_as_they_say(family: str) -> None:
    law = FAMILIES[family]
    for world in drawn(law, 4):
        assert len(world.causes) == law.causes
        hidden = ~world.measures.observed
        assert not hidden[world.graph.touchpoint].any()
        assert hidden.any() == (law.hidden > 0)
        assert len(world.measures.weeks) == law.weeks


def test_given_edges_are_forgotten_or_made_up_in_the_share_asked_for() -> None:
    counts = {
        name: sum(int(world.graph.serves.sum()) for world in drawn(FAMILIES[name]))
        for name in ("base", "missing edges", "wrong edges")
    }
    assert counts["missing edges"] / counts["base"] == pytest.approx(0.8, abs=0.05)
    assert counts["wrong edges"] / counts["base"] == pytest.approx(1.2, abs=0.05)


def test_scores_count_first_and_first_three() -> None:
    worlds = drawn(FAMILIES["base"], 4)

    def at(place: int):
        return lambda world: Ranking("it", (*[0] * place, *world.causes), (1.0,) * (place + 1))

    tracers = {str(place): at(place) for place in (0, 2, 3)}
    tracers["none"] = lambda _world: Ranking("it", (), ())
    scores = score_tracers(worlds, tracers)
    reached = {name: (score.first, score.first_three) for name, score in scores.items()}
    assert reached == {"0": (1, 1), "2": (0, 1), "3": (0, 0), "none": (0, 0)}
    assert scores["0"].n == 4


def test_several_measures_become_one_series_in_which_higher_is_better() -> None:
    calm = generator(6, "calm").normal(size=26)
    waits = Column(-5 * calm + 20, less_is_better=True)
    percent, constant = Column(calm * 3 + 90), Column(np.full(26, 4.0))
    found = gather({1: [waits, percent, constant], 2: [waits]}, nodes=3, weeks=weeks(26))
    assert np.corrcoef(found.value[:, 1], calm)[0, 1] == pytest.approx(1)
    assert found.value[:, 2] == pytest.approx(-waits.value)
    assert found.observed.tolist() == [False, True, True]
