"""Drawing who talks with whom."""

from collections.abc import Collection, Sequence

import numpy as np

from upturn.loop.engine.errors import Incomplete

TRIES = 200


def draw_pairs(
    present: Sequence[int],
    *,
    draws: np.random.Generator,
    before: Collection[frozenset[int]] = (),
) -> tuple[tuple[int, ...], ...]:
    """Draw pairs at random; where the number is odd, three talk together.

    Parameters
    ----------
    present : sequence of int
        Phones in the room, each once.
    draws : numpy.random.Generator
        From `upturn.stats.draws.generator`, named by the workshop and the step.
    before : collection of frozenset of int
        Who has talked with whom already; drawn again only if it cannot be avoided in `TRIES`
        shuffles.

    Returns
    -------
    tuple of tuple of int
        Everybody in exactly one; nothing for an empty room.

    Raises
    ------
    Incomplete
        If a single phone is there: nobody is left to ask.

    References
    ----------
    A random partner and a worksheet: Sandvik and others (2020), Quarterly Journal of Economics
    135(3), doi:10.1093/qje/qjaa013.

    Examples
    --------
    >>> from upturn.stats.draws import generator
    >>> sorted(map(len, draw_pairs([4, 8, 15, 16, 23], draws=generator(1, "pairs"))))
    [2, 3]
    """
    if len(present) == 1:
        raise Incomplete("Only one phone is here. Pairs can be drawn as soon as there is another.")
    known = {pair for met in before for pair in _within(sorted(met))}
    best: tuple[int, tuple[tuple[int, ...], ...]] | None = None
    for _ in range(TRIES):
        pairs = _cut([present[at] for at in draws.permutation(len(present))])
        again = sum(pair in known for group in pairs for pair in _within(group))
        if best is None or again < best[0]:
            best = again, pairs
        if best[0] == 0:
            break
    return best[1] if best else ()


def _cut(order: Sequence[int]) -> tuple[tuple[int, ...], ...]:
    pairs = [tuple(order[at : at + 2]) for at in range(0, len(order), 2)]
    if len(pairs) > 1 and len(pairs[-1]) == 1:
        pairs[-2:] = [pairs[-2] + pairs[-1]]
    return tuple(pairs)


def _within(group: Sequence[int]) -> list[frozenset[int]]:
    return [frozenset({one, other}) for at, one in enumerate(group) for other in group[at + 1 :]]
