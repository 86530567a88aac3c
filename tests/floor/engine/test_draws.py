"""Random numbers without a state: known answers, laws, and streams that stay apart."""

from typing import Any

import numpy as np
import pytest
from numba import njit
from scipy import stats

from upturn.floor.engine.kernel.draws import duration, philox, uniforms, what_for
from upturn.floor.engine.kernel.plans import CONSTANT, EXPONENTIAL, GAMMA, LOGNORMAL, NEVER

MANY = 20_000


@njit
def words(counter, key):  # type: ignore[no-untyped-def]
    return philox(counter, key)


@njit
def drawn(law, mean_s, cv, place, many):  # type: ignore[no-untyped-def]
    found = np.empty(many)
    for k in range(many):
        draw = (np.int64(7), np.int64(3), place, np.int64(k))
        found[k] = duration(law, mean_s, cv, uniforms(draw, np.int64(0))[1], draw)
    return found


@njit
def place(node, kind, purpose):  # type: ignore[no-untyped-def]
    return what_for(node, kind, purpose)


@pytest.mark.parametrize(
    "counter, key, answer",
    [  # Random123's kat_vectors: philox4x32, 10 rounds
        ((0, 0, 0, 0), (0, 0), "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
        ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, "408f276d 41c83b0e a20bc7c6 6d5451fd"),
        (
            (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
            (0xA4093822, 0x299F31D0),
            "d16cfe09 94fdcceb 5001e420 24126ea1",
        ),
    ],
)
def test_the_generator_gives_its_known_answers(
    counter: tuple[int, ...], key: tuple[int, ...], answer: str
) -> None:
    found = words(tuple(map(np.uint64, counter)), tuple(map(np.uint64, key)))
    assert " ".join(f"{int(word):08x}" for word in found) == answer


@pytest.mark.parametrize(
    "law, cv, truth",
    [
        (EXPONENTIAL, 1.0, stats.expon(scale=20.0)),
        (LOGNORMAL, 0.5, stats.lognorm(s=np.log(1.25) ** 0.5, scale=20.0 / 1.25**0.5)),
        (GAMMA, 0.5, stats.gamma(4.0, scale=5.0)),
        (GAMMA, 2.0, stats.gamma(0.25, scale=80.0)),
    ],
)
def test_durations_follow_their_law(law: Any, cv: float, truth: Any) -> None:
    found = drawn(law, 20.0, cv, place(1, 2, 1), MANY)
    assert found.mean() == pytest.approx(20.0, abs=4.0 * truth.std() / MANY**0.5)
    assert stats.kstest(found, truth.cdf).pvalue > 0.001


def test_a_constant_is_constant_and_never_is_never() -> None:
    assert (drawn(CONSTANT, 20.0, 1.0, place(1, 2, 1), 5) == 20.0).all()
    assert np.isinf(drawn(NEVER, 0.0, 0.0, place(1, 2, 1), 5)).all()


@pytest.mark.parametrize("other", [(2, 2, 1), (1, 3, 1), (1, 2, 2)])
def test_places_kinds_and_purposes_have_streams_of_their_own(other: tuple[int, int, int]) -> None:
    one = drawn(EXPONENTIAL, 1.0, 1.0, place(1, 2, 1), MANY)
    two = drawn(EXPONENTIAL, 1.0, 1.0, place(*other), MANY)
    assert abs(np.corrcoef(one, two)[0, 1]) < 4 / MANY**0.5


def test_uniforms_never_meet_their_ends() -> None:
    @njit
    def ends():  # type: ignore[no-untyped-def]
        low, high = 1.0, 0.0
        for k in range(100_000):
            one, two = uniforms((np.int64(1), np.int64(0), np.int64(0), np.int64(k)), np.int64(0))
            low, high = min(low, one, two), max(high, one, two)
        return low, high

    low, high = ends()
    assert 0.0 < low < 1e-4
    assert 1 - 1e-4 < high < 1.0
