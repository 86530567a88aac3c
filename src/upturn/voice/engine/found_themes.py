"""Themes that nobody has written yet, found in the words themselves.

Comments that lie near each other are grouped several times from different starts; only groups that
come back in most of these runs are shown, for a group that one start finds and the next does not is
a matter of luck.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from upturn.voice.engine.errors import ReadingError
from upturn.voice.engine.reading_words import theme_words

RUNS = 8
RETURNS_FROM = 0.8
SAME_FROM = 0.5
TEXTS_MIN = 80
TEXTS_A_GROUP = 40
GROUPS_MAX = 25
COVERED_FROM = 0.4
MEMBERS_MIN = 8
WORDS = 5
NEAREST = 3

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class FoundTheme:
    """Comments that belong together in most runs.

    Attributes
    ----------
    members : int array (n_members,)
        Places of its comments, the nearest to the centre first.
    centre : float32 array (dims,)
        Of length 1.
    share : float, 0..1
        In how many of the runs it came back.
    before : int
        Which of the earlier centres it continues, from 0; -1 if it is new.
    """

    members: NDArray[np.int64]
    centre: Vectors
    share: float
    before: int


def find_themes(
    vectors: ArrayLike, *, draws: np.random.Generator, earlier: Sequence[Vectors] = ()
) -> tuple[FoundTheme, ...]:
    """Find groups of comments that come back from run to run.

    Parameters
    ----------
    vectors : array_like of float (n, dims)
        Comments as an embedder gives them, rows of length 1; rows of zeros belong to no group.
    draws : numpy.random.Generator
        Where the starts come from.
    earlier : sequence of float arrays (dims,)
        Centres of the themes found last time, which keep their identity by overlap.

    Returns
    -------
    tuple of FoundTheme
        The largest first; none with fewer than `TEXTS_MIN` comments.

    Raises
    ------
    ReadingError
        If an earlier centre has another length than the vectors.

    Notes
    -----
    k-means, `RUNS` times. Two groups are the same where they share `SAME_FROM` of the comments of
    both (Jaccard). Of the run that agrees best with the others, groups that come back in
    `RETURNS_FROM` of the runs are kept, and of their comments those that are in them in most runs.
    It begins with one group to `TEXTS_A_GROUP` comments, `GROUPS_MAX` at most, and goes on with
    half as many until the groups that are kept hold `COVERED_FROM` of the comments; if none do,
    with those that hold most. Time grows with n times dims.
    """
    rows = np.asarray(vectors, dtype=np.float32)
    _check(rows, earlier)
    known = np.flatnonzero(np.abs(rows).sum(axis=1) > 0) if rows.size else np.zeros(0, np.int64)
    if len(known) < TEXTS_MIN:
        return ()
    kept = _agreed(rows[known], draws)
    continued = _continued([members for members, _ in kept], rows[known], earlier)
    found = [
        _theme(rows, known[members], share, before)
        for (members, share), before in zip(kept, continued, strict=True)
    ]
    return tuple(sorted(found, key=lambda each: -len(each.members)))


def describe_themes(
    texts: Sequence[str], found: Sequence[FoundTheme], *, stop: Collection[str] = ()
) -> tuple[tuple[str, ...], ...]:
    """Name each found theme by the words that set it apart (c-TF-IDF).

    Parameters
    ----------
    texts : sequence of str, length n
        The comments that were grouped.
    found : sequence of FoundTheme
    stop : collection of str
        Words that tell this organisation nothing: its own name, its places, its touchpoints.

    Returns
    -------
    tuple of tuple of str
        Words of each theme, the strongest first; empty where nothing sets it apart.
    """
    owner = np.full(len(texts), -1, dtype=np.int64)
    for at, each in enumerate(found):
        owner[each.members] = at
    # Everything else is a group too, or its common words would name every theme.
    named = np.where(owner < 0, len(found), owner)
    said = theme_words(texts, named, count=WORDS, stop=stop) if len(texts) else {}
    return tuple(said.get(at, ()) for at in range(len(found)))


def _check(rows: Vectors, earlier: Sequence[Vectors]) -> None:
    for centre in earlier:
        if rows.ndim == 2 and centre.shape != (rows.shape[1],):
            raise ReadingError(
                f"A centre of shape {centre.shape} came with vectors of {rows.shape[1]} numbers; "
                "both must come from the same embedder."
            )


def _agreed(rows: Vectors, draws: np.random.Generator) -> list[tuple[NDArray[np.int64], float]]:
    best: list[tuple[NDArray[np.int64], float]] = []
    k = min(GROUPS_MAX, len(rows) // TEXTS_A_GROUP)
    while k > 1 and _held(best) < COVERED_FROM * len(rows):
        kept = _that_return(np.array([_run(rows, k, draws) for _ in range(RUNS)]), k)
        best = max(best, kept, key=_held)
        k //= 2
    return best


def _held(kept: Sequence[tuple[NDArray[np.int64], float]]) -> int:
    return sum(len(members) for members, _ in kept)


def _run(rows: Vectors, k: int, draws: np.random.Generator) -> NDArray[np.int64]:
    from sklearn.cluster import KMeans  # noqa: PLC0415 - 1 s at start
    from threadpoolctl import threadpool_limits  # noqa: PLC0415 - comes with scikit-learn

    model: Any = KMeans(n_clusters=k, n_init=1, random_state=int(draws.integers(2**31)))
    # Threads that wait for each other made k-means slower on two busy cores.
    with threadpool_limits(limits=1):
        return np.asarray(model.fit_predict(rows), dtype=np.int64)


def _overlap(one: NDArray[np.int64], other: NDArray[np.int64], k: int) -> NDArray[np.float64]:
    """Jaccard likeness of the groups of two runs: an array (k, k)."""
    shared = np.zeros((k, k))
    np.add.at(shared, (one, other), 1)
    both = shared.sum(axis=1, keepdims=True) + shared.sum(axis=0, keepdims=True) - shared
    alike: NDArray[np.float64] = shared / np.maximum(both, 1)
    return alike


def _that_return(runs: NDArray[np.int64], k: int) -> list[tuple[NDArray[np.int64], float]]:
    likeness = [[_overlap(one, other, k) for other in runs] for one in runs]
    best = int(np.argmax([sum(each.max(axis=1).sum() for each in row) for row in likeness]))
    kept = []
    for group in range(k):
        same = [each[group].argmax() for each in likeness[best]]
        back = [each[group].max() >= SAME_FROM for each in likeness[best]]
        within = np.mean([runs[at] == same[at] for at in range(len(runs)) if back[at]], axis=0)
        members = np.flatnonzero(within >= RETURNS_FROM)
        if np.mean(back) >= RETURNS_FROM and len(members) >= MEMBERS_MIN:
            kept.append((members, float(np.mean(back))))
    return kept


def _continued(
    groups: Sequence[NDArray[np.int64]], rows: Vectors, earlier: Sequence[Vectors]
) -> list[int]:
    """Which earlier centre each group continues: where most of its comments are nearest to it."""
    continued = [-1] * len(groups)
    if not earlier or not groups:
        return continued
    nearest = (rows @ np.array(earlier).T).argmax(axis=1)
    overlap = np.array([np.bincount(nearest[g], minlength=len(earlier)) / len(g) for g in groups])
    centres = np.array([_centre(rows[group]) for group in groups])
    overlap[centres @ np.array(earlier).T < SAME_FROM] = 0
    while overlap.max() >= SAME_FROM:  # each earlier one goes on as one theme at most
        group, before = np.unravel_index(overlap.argmax(), overlap.shape)
        continued[int(group)] = int(before)
        overlap[group, :] = overlap[:, before] = 0
    return continued


def _centre(rows: Vectors) -> Vectors:
    mean: Vectors = rows.mean(axis=0)
    return mean / max(float(np.linalg.norm(mean)), 1e-9)


def _theme(rows: Vectors, members: NDArray[np.int64], share: float, before: int) -> FoundTheme:
    centre = _centre(rows[members])
    nearest = np.argsort(-(rows[members] @ centre), kind="stable")
    return FoundTheme(members[nearest], centre.astype(np.float32), share, before)
