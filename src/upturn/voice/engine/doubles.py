"""Comments that say what another one said shortly before, and those that look machine-made.

They are flagged and shown as such, never dropped: who counts them may count them once.
"""

import re
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import pairwise
from zlib import crc32

import numpy as np
from numpy.typing import ArrayLike, NDArray

from upturn.voice.engine.cleaning import clean, fold, words
from upturn.voice.engine.errors import ReadingError

WINDOW_S = 7 * 86_400.0
WORDS_MIN = 5
ALIKE_FROM = 0.6
BURST = 8
BURST_WITHIN_S = 600.0
BURST_WORDS_MIN = 3
LINKS_MANY = 3

BANDS = 10
ROWS = 3
LOOK_BACK = 5
_LINK = re.compile(r"https?://|www\.", re.IGNORECASE)
_Pairs = frozenset[int]


@dataclass(frozen=True, slots=True, eq=False)
class Doubles:
    """What was found among n comments.

    Attributes
    ----------
    near_duplicate : bool array (n,)
        Says almost word for word what an earlier one said within a week.
    bot_like : bool array (n,)
        One of many with the same words within minutes, or hardly more than links.
    """

    near_duplicate: NDArray[np.bool_]
    bot_like: NDArray[np.bool_]


def find_doubles(texts: Sequence[str], at_s: ArrayLike) -> Doubles:
    """Find near duplicates and bot-like comments.

    Parameters
    ----------
    texts : sequence of str, length n
        Comments as stored, in any order.
    at_s : array_like of float (n,), seconds
        When each was said, from any common start.

    Returns
    -------
    Doubles

    Raises
    ------
    ReadingError
        If texts and moments differ in number.

    Notes
    -----
    *Near duplicate*: at least `WORDS_MIN` words, and the pairs of neighbouring words of two folded
    comments are alike from `ALIKE_FROM` on (Jaccard). Candidates come from MinHash in `BANDS` bands
    of `ROWS`, so that a pair exactly at that likeness is found 9 times in 10, above it more often.
    *Bot-like*: the same `BURST_WORDS_MIN` words or more `BURST` times within ten minutes, where the
    moments differ (a file with days alone does not tell), or links and no word beside them, or
    `LINKS_MANY` links. A person who is angry enough can look like a machine.

    References
    ----------
    Broder (1997), doi:10.1109/SEQUEN.1997.666900.

    Examples
    --------
    >>> said = ["We waited an hour for a table", "we waited an hour for a table!!", "https://x.org"]
    >>> found = find_doubles(said, [0, 60, 90])
    >>> found.near_duplicate.tolist(), found.bot_like.tolist()
    ([False, True, False], [False, False, True])
    """
    moments = np.asarray(at_s, dtype=np.float64)
    if moments.shape != (len(texts),):
        raise ReadingError(
            f"{len(texts)} texts came with moments of shape {moments.shape}; give one a text."
        )
    order = np.argsort(moments, kind="stable").tolist()
    said = [words(fold(clean(texts[at]))) for at in order]
    when = moments[order]
    repeats, bots = np.zeros(len(texts), dtype=np.bool_), np.zeros(len(texts), dtype=np.bool_)
    repeats[order] = _repeats(said, when)
    links = [len(_LINK.findall(texts[at])) for at in order]
    bots[order] = _bursts(said, when) | np.array(
        [n > 0 and (not known or n >= LINKS_MANY) for n, known in zip(links, said, strict=True)],
        dtype=np.bool_,
    )
    return Doubles(repeats, bots)


def _repeats(said: Sequence[list[str]], when: NDArray[np.float64]) -> NDArray[np.bool_]:
    found = np.zeros(len(said), dtype=np.bool_)
    long = [at for at, known in enumerate(said) if len(known) >= WORDS_MIN]
    pairs = {at: _pairs(said[at]) for at in long}
    newest: dict[bytes, deque[int]] = defaultdict(lambda: deque(maxlen=LOOK_BACK))
    for at, keys in zip(long, _keys([pairs[at] for at in long]), strict=True):
        earlier = {one for key in keys for one in newest[key] if when[at] - when[one] <= WINDOW_S}
        found[at] = any(_alike(pairs[at], pairs[one]) >= ALIKE_FROM for one in earlier)
        for key in keys:
            newest[key].append(at)
    return found


def _pairs(known: Sequence[str]) -> _Pairs:
    return frozenset(crc32(f"{one} {other}".encode()) for one, other in pairwise(known))


def _alike(one: _Pairs, other: _Pairs) -> float:
    return len(one & other) / len(one | other)


def _keys(sets: Sequence[_Pairs]) -> Iterator[list[bytes]]:
    """Bands of the least of each hash over a set: alike sets are likely to share one."""
    if not sets:
        return
    starts = np.cumsum([0, *(len(each) for each in sets[:-1])])
    members = np.fromiter((one for each in sets for one in each), dtype=np.uint64)
    least = np.empty((len(sets), BANDS * ROWS), dtype=np.uint32)
    for at, (factor, shift) in enumerate(_hashes()):
        mixed = (members * factor + shift) >> np.uint64(32)
        least[:, at] = np.minimum.reduceat(mixed, starts)
    bands = np.arange(BANDS, dtype=np.uint32)
    for row in least.reshape(len(sets), BANDS, ROWS):
        yield [band.tobytes() for band in np.column_stack([bands, row])]


def _hashes() -> list[tuple[np.uint64, np.uint64]]:
    """Multiply-shift hashes, the same on every machine."""
    drawn = [blake2b(f"hash {at}".encode(), digest_size=16).digest() for at in range(BANDS * ROWS)]
    return [
        (np.uint64(int.from_bytes(each[:8], "big") | 1), np.uint64(int.from_bytes(each[8:], "big")))
        for each in drawn
    ]


def _bursts(said: Sequence[list[str]], when: NDArray[np.float64]) -> NDArray[np.bool_]:
    found = np.zeros(len(said), dtype=np.bool_)
    same: dict[str, list[int]] = defaultdict(list)
    for at, known in enumerate(said):
        if len(known) >= BURST_WORDS_MIN:
            same[" ".join(known)].append(at)
    for places in same.values():
        if len(places) >= BURST:
            _flag_bursts(np.array(places), when, found)
    return found


def _flag_bursts(
    places: NDArray[np.int64], when: NDArray[np.float64], found: NDArray[np.bool_]
) -> None:
    moments = when[places]
    for first in range(len(places) - BURST + 1):
        last = first + BURST - 1
        within = moments[last] - moments[first] <= BURST_WITHIN_S
        if within and len(np.unique(moments[first : last + 1])) == BURST:
            found[places[first : last + 1]] = True
