"""Themes found in the words come back; chance does not."""

import numpy as np
import pytest

from upturn.stats.draws import generator
from upturn.voice.engine.errors import ReadingError
from upturn.voice.engine.found_themes import (
    MEMBERS_MIN,
    TEXTS_MIN,
    describe_themes,
    find_themes,
)

DIMS = 32


def unit(rows: np.ndarray) -> np.ndarray:
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def heaps(sizes: list[int], *, seed: int = 1, wide: float = 0.4) -> np.ndarray:
    """Comments around as many centres, in that order."""
    rng = generator(seed)
    centres = unit(generator(99).normal(size=(len(sizes), DIMS)))
    rows = np.repeat(centres, sizes, axis=0)
    return unit(rows + wide * rng.normal(size=rows.shape) / DIMS**0.5)


def test_heaps_are_found_whole() -> None:
    found = find_themes(heaps([60, 50, 40]), draws=generator(3))
    ends = [(0, 60), (60, 110), (110, 150)]
    for first, last in ends:
        here = set(range(first, last))
        assert any(len(here & set(one.members.tolist())) >= 0.9 * len(here) for one in found)


def test_noise_has_few_themes() -> None:
    """Points without any heap: groups are a matter of luck and mostly do not come back."""
    noise = unit(generator(5).normal(size=(400, DIMS)))
    found = find_themes(noise, draws=generator(6))
    assert sum(len(one.members) for one in found) <= 0.1 * len(noise)


def test_other_seeds_find_the_same_heaps() -> None:
    """Not always all of a heap: where more groups are looked for than there are, it is cut."""
    halves = [(0, 80), (80, 160)]
    shares = [_found_of(halves, seed=seed) for seed in range(10)]
    assert np.mean(shares) >= 0.8
    assert np.mean([min(both) >= 0.5 for both in shares]) >= 0.9


def _found_of(heaps_at: list[tuple[int, int]], *, seed: int) -> list[float]:
    """Share of each heap that stands in themes of that heap alone."""
    found = [
        set(one.members.tolist()) for one in find_themes(heaps([80, 80]), draws=generator(seed))
    ]
    heaps_of = [set(range(first, last)) for first, last in heaps_at]
    return [sum(len(one) for one in found if one <= heap) / len(heap) for heap in heaps_of]


def test_a_theme_is_known_again_next_week() -> None:
    last_week = find_themes(heaps([60, 50, 40]), draws=generator(3))
    centres = [one.centre for one in last_week]
    found = find_themes(heaps([70, 45, 60], seed=2), draws=generator(4), earlier=centres)
    known = [one.before for one in found if one.before >= 0]
    assert len(known) == len(set(known)) >= 3
    for one in found:
        if one.before >= 0:
            assert float(one.centre @ centres[one.before]) > 0.8


def test_the_nearest_come_first() -> None:
    rows = heaps([60, 50])
    for one in find_themes(rows, draws=generator(3)):
        near = rows[one.members] @ one.centre
        assert (np.diff(near) <= 1e-6).all()
        assert len(one.members) >= MEMBERS_MIN


def test_few_comments_or_none_have_no_themes() -> None:
    assert find_themes(np.zeros((0, DIMS)), draws=generator(1)) == ()
    assert find_themes(heaps([TEXTS_MIN - 1]), draws=generator(1)) == ()
    assert find_themes(np.zeros((500, DIMS)), draws=generator(1)) == ()


def test_a_centre_of_another_embedder_is_refused() -> None:
    with pytest.raises(ReadingError, match="the same embedder"):
        find_themes(heaps([80]), draws=generator(1), earlier=[np.zeros(3, dtype=np.float32)])


def test_names_leave_out_what_tells_nothing() -> None:
    said = [f"Mill parking space gone {n}" for n in range(60)]
    said += [f"Mill towels damp {n}" for n in range(50)]
    found = find_themes(heaps([60, 50]), draws=generator(3))
    names = describe_themes(said, found, stop={"Mill"})
    assert all("mill" not in name for words in names for name in words)
    assert any("parking" in words[0] or "space" in " ".join(words) for words in names if words)
