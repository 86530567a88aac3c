"""Both methods against slow plain versions of what their notes say."""

from itertools import pairwise, permutations

import numpy as np
import pytest

from tests.trace.engines import alarm_of, graph_of, hotel
from upturn.stats.draws import generator
from upturn.trace.engine import (
    ServiceGraph,
    UnknownNode,
    signature_posterior,
    walk_falls,
    walk_upstream,
)
from upturn.trace.engine.ready import Ready, ready_for
from upturn.trace.engine.walking import closest_paths, edge_strengths, own_shifts


def ready_hotel(**given) -> Ready:
    measures, graph = hotel(**given)
    return ready_for(measures, graph=graph, alarm=alarm_of(measures, graph))


def slow_log_factors(ready: Ready) -> list[float]:
    """The full covariance of every node and week, inverted; every course and lag written out."""
    serves, n, weeks = ready.region.serves, len(ready.usable), len(ready.scaled)
    weight = 0.5 * serves * np.minimum(1, np.sqrt(3 / np.maximum(serves.sum(axis=0), 1)))
    powers = [np.linalg.matrix_power(weight, hop) for hop in range(5)]
    reach = sum(powers)
    between = 0.7**2 * reach.T @ reach
    spread = np.sqrt(np.diag(between) + 0.8**2)
    carried = 0.45 ** np.abs(np.subtract.outer(np.arange(weeks), np.arange(weeks)))
    level = np.kron(np.eye(n), np.ones((weeks, weeks)))
    cov = np.kron(between, carried) + 0.8**2 * np.eye(n * weeks) + 1e7 * level
    inverse = np.linalg.inv(cov)
    figures = (ready.scaled * spread).T.ravel()
    found = []
    for party in range(n):
        logs, priors = [], []
        for start in range(4, weeks - 2):
            since = np.arange(weeks) - start + 1.0
            near = np.exp(-0.5 * ((start - ready.onset + 1) / 4) ** 2) + 0.1
            for course in (since > 0, np.clip(since / 5, 0, 1), 1.2 * ((since > 0) & (since <= 7))):
                shown, now = np.zeros((n, weeks)), course.astype(float)
                for power in powers:
                    shown += np.outer(power[party], now)
                    later = [
                        np.concatenate([np.zeros(lag), now[: weeks - lag]]) for lag in range(3)
                    ]
                    now = np.mean(later, axis=0)
                v = shown.ravel()
                a, b = v @ inverse @ v, v @ inverse @ figures
                logs.append(0.5 * np.log(1 / (a + 1)) + 0.5 * ((b - 2) ** 2 / (a + 1) - 4))
                priors.append(near)
        share = np.array(priors) / np.sum(priors)
        found.append(float(np.log(np.sum(share * np.exp(logs)))))
    return found


def test_the_signature_is_the_posterior_of_its_model() -> None:
    measures, graph = hotel(size=3)
    alarm = alarm_of(measures, graph)
    ready = ready_for(measures, graph=graph, alarm=alarm)
    ranking = signature_posterior(measures, graph=graph, alarm=alarm)
    slow = np.exp(slow_log_factors(ready))
    parties = [at for at in range(len(slow)) if not ready.region.touchpoint[at]]
    share = slow / (slow[parties].sum() + len(parties))
    wanted = {int(ready.region.node[at]): share[at] for at in parties}
    for node, score in zip(ranking.node, ranking.score, strict=True):
        assert score == pytest.approx(wanted[node], rel=1e-3, abs=1e-9)


def test_closeness_is_the_partial_correlation() -> None:
    ready = ready_hotel()
    keys = sorted(graph_of().keys)
    edges = edge_strengths(ready)
    served, server, other = (keys.index(key) for key in ("desk", "rooms", "booking"))
    value, best = ready.alone, -1.0
    for lag in range(3):
        y, x = value[2:, served], value[2 - lag : len(value) - lag, server]
        given = np.column_stack([np.ones(len(y)), value[1:-1, served], value[2:, other]])
        left = [one - given @ np.linalg.lstsq(given, one, rcond=None)[0] for one in (y, x)]
        best = max(best, float(np.corrcoef(left)[0, 1]))
    assert edges.strength[server, served] == pytest.approx(max(best, 0.02))
    assert (edges.strength[~ready.region.serves] == 0).all()


def test_an_own_fall_is_the_t_of_a_ridge_regression() -> None:
    ready = ready_hotel()
    own = own_shifts(ready)
    keys = sorted(graph_of().keys)
    node, servers = keys.index("kitchen"), [keys.index("laundry"), keys.index("store")]
    assert not ready.region.upstream[node]
    node, servers = keys.index("desk"), sorted([keys.index("rooms"), keys.index("booking")])
    value, weeks, found = ready.alone, len(ready.alone), []
    for start in range(ready.onset - 4, ready.onset + 2):
        step = (np.arange(weeks) >= start).astype(float)
        lagged = [value[np.maximum(np.arange(weeks) - lag, 0)][:, servers] for lag in range(3)]
        x = np.column_stack([step, np.ones(weeks), *lagged])
        ridge = np.array([0.5, 1e-3, *[2.0] * 6])
        inverse = np.linalg.inv(x.T @ x + np.diag(ridge))
        slope = inverse @ x.T @ value[:, node]
        given = x[:, 1:]
        shrunk = given @ np.linalg.inv(given.T @ given + np.diag(ridge[1:])) @ given.T
        left = value[:, node] - shrunk @ value[:, node] - slope[0] * (step - shrunk @ step)
        variance = left @ left / max(3, weeks - 4 - 3.5)
        found.append(-slope[0] / np.sqrt(variance * inverse[0, 0]))
    assert own[node] == pytest.approx(max(found), rel=1e-6)


def test_the_closest_path_is_the_best_of_all_paths_even_round_a_ring() -> None:
    rng = generator(5, "paths")
    strength = np.where(rng.random((6, 6)) < 0.5, rng.uniform(0.1, 1, (6, 6)), 0)
    np.fill_diagonal(strength, 0)
    reach, above = closest_paths(strength, 0)
    for node in range(1, 6):
        others = [at for at in range(1, 6) if at != node]
        best = 0.0
        for length in range(5):
            for way in permutations(others, length):
                path = [node, *way, 0]
                best = max(best, float(np.prod([strength[a, b] for a, b in pairwise(path)])))
        assert reach[node] == pytest.approx(best)
        assert (above[node] >= 0) == (best > 0)


def test_both_methods_find_a_clear_cause() -> None:
    for fell in ("laundry", "rooms", "desk", "booking"):
        measures, graph = hotel(fell=fell, size=6)
        alarm = alarm_of(measures, graph)
        for method in (signature_posterior, walk_upstream):
            ranking = method(measures, graph=graph, alarm=alarm)
            assert graph.keys[ranking.first] == fell, method.__name__


def test_where_losses_add_up_the_walk_ends_at_what_servers_do_not_explain() -> None:
    graph = graph_of()
    lost = dict.fromkeys(graph.keys, 0.0) | {"check-in": 9, "desk": 9, "rooms": 8, "repairs": 1}
    fall = np.array([lost[key] for key in graph.keys])
    ranking = walk_falls(fall, graph=graph, touchpoint=0)
    assert [graph.keys[node] for node in ranking.node] == ["rooms", "desk", "repairs"]
    nothing = walk_falls(np.zeros(len(fall)), graph=graph, touchpoint=0)
    assert nothing.node == ()
    with pytest.raises(UnknownNode):
        walk_falls(fall, graph=graph, touchpoint=99)


def test_what_does_not_serve_the_touchpoint_is_no_suspect_of_the_walk() -> None:
    serves = np.zeros((3, 3), dtype=bool)
    serves[1, 0] = True
    graph = ServiceGraph(("point", "near", "far"), serves, np.array([True, False, False]))
    assert walk_falls(np.array([5.0, 1.0, 9.0]), graph=graph, touchpoint=0).node == (1,)
