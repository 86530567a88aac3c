"""What stays of a shift: totals of the floor, once enough seats were held."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil, inf, isfinite
from statistics import median

from upturn.floor.engine.shapes import NeedType
from upturn.stats.figures import Figure, Withheld
from upturn.stats.intervals import share_interval

SEATS_LEAST = 3
"""With two seats each could take away his or her own and be left with the other's."""

NEEDS_LEAST = SEATS_LEAST
"""A figure of so few needs is a figure of no more people."""

QUARTER_S = 900.0


@dataclass(frozen=True, slots=True)
class Met:
    """A need of a shift: seconds since it opened, None where that never happened.

    `asked_s` is when somebody asked for it; `noticed_s` when a seat took it.
    """

    kind: str
    raised_s: float
    asked_s: float | None = None
    noticed_s: float | None = None
    done_s: float | None = None


@dataclass(frozen=True, slots=True)
class Spread:
    """Median and nine of ten, in seconds, over `n` needs."""

    median_s: float
    p90_s: float
    n: int


@dataclass(frozen=True, slots=True)
class Totals:
    """What a floor did in a shift, and no part of it (S0.7, S0.11).

    `met` of `needs`; shares in 0..1: met before anybody asked, of all met; met within due, of
    all with a due time, whatever is still open being late. `profile` counts needs by kind and
    quarter of an hour of the shift.
    """

    needs: int
    met: int
    before_asked: Figure | Withheld
    within_due: Figure | Withheld
    to_notice: Spread | Withheld
    to_meet: Spread | Withheld
    walk_bys: int
    profile: Mapping[str, tuple[int, ...]]


def totals(
    needs: Iterable[Met],
    *,
    seats_held: int,
    walk_bys: int,
    need_types: Iterable[NeedType],
) -> Totals | Withheld:
    """Add a shift up, as totals of the floor alone.

    Parameters
    ----------
    needs : iterable of Met
        All that were not taken back; looks (kind empty) are no needs and do not count.
    seats_held : int
        How many seats were held at one moment of the shift.
    walk_bys : int
        See `walked_by`.
    need_types : iterable of NeedType
        For the due times.

    Returns
    -------
    Totals or Withheld
        `Withheld("too_few", 3, seats_held)` with fewer than three seats; a figure of fewer than
        three needs is withheld by itself.

    Examples
    --------
    >>> shift = totals(
    ...     [
    ...         Met("coffee", 10.0, None, 30.0, 60.0),
    ...         Met("coffee", 15.0, None, 40.0, 70.0),
    ...         Met("bill", 20.0, 20.0, 50.0, 80.0),
    ...         Met("bill", 20.0, 20.0, 60.0, 90.0),
    ...     ],
    ...     seats_held=3, walk_bys=1, need_types=(),
    ... )
    >>> shift.before_asked.value, shift.to_notice.median_s, shift.profile
    (0.5, 27.5, {'bill': (2,), 'coffee': (2,)})
    >>> totals([], seats_held=2, walk_bys=0, need_types=())
    Withheld(reason='too_few', needed=3, got=2)
    """
    if seats_held < SEATS_LEAST:
        return Withheld("too_few", needed=SEATS_LEAST, got=seats_held)
    counted = [need for need in needs if need.kind]
    met = [need for need in counted if need.done_s is not None]
    unasked = sum(need.asked_s is None for need in met)
    return Totals(
        needs=len(counted),
        met=len(met),
        before_asked=_share(unasked, len(met)),
        within_due=_within_due(counted, {kind.name: kind.due_s for kind in need_types}),
        to_notice=_spread(_seconds(counted, [_noticed(need) for need in counted])),
        to_meet=_spread(_seconds(counted, [need.done_s for need in counted])),
        walk_bys=walk_bys,
        profile=_profile(counted),
    )


def _noticed(need: Met) -> float | None:
    """What was met without being taken first was noticed then."""
    return need.done_s if need.noticed_s is None else need.noticed_s


def _within_due(needs: list[Met], due_s: Mapping[str, float]) -> Figure | Withheld:
    """Of all with a due time: what nobody met counts as late."""
    known = [need for need in needs if isfinite(due_s.get(need.kind, inf))]
    in_time = sum(
        need.done_s is not None and need.done_s - need.raised_s <= due_s[need.kind]
        for need in known
    )
    return _share(in_time, len(known))


def _share(hits: int, n: int) -> Figure | Withheld:
    if n < NEEDS_LEAST:
        return Withheld("too_few", needed=NEEDS_LEAST, got=n)
    return share_interval(hits, n)


def _seconds(needs: list[Met], moments_s: list[float | None]) -> list[float]:
    return [
        max(0.0, moment_s - need.raised_s)
        for need, moment_s in zip(needs, moments_s, strict=True)
        if moment_s is not None
    ]


def _spread(seconds: list[float]) -> Spread | Withheld:
    if len(seconds) < NEEDS_LEAST:
        return Withheld("too_few", needed=NEEDS_LEAST, got=len(seconds))
    ordered = sorted(seconds)
    return Spread(median(ordered), ordered[ceil(0.9 * len(ordered)) - 1], len(ordered))


def _profile(needs: list[Met]) -> dict[str, tuple[int, ...]]:
    counts = Counter((need.kind, int(max(0.0, need.raised_s) // QUARTER_S)) for need in needs)
    quarters = range(max((quarter for _kind, quarter in counts), default=-1) + 1)
    kinds = sorted({need.kind for need in needs})
    return {kind: tuple(counts[kind, quarter] for quarter in quarters) for kind in kinds}
