"""From sums to totals, checked against every commitment; anybody can do it.

References
----------
``docs/reference/ballot.md``, message 9.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, islice

from upturn.exchange.engine.ballot.group import commit, read_scalars, slices, write_scalars
from upturn.exchange.engine.ballot.keys import signed_by
from upturn.exchange.engine.ballot.messages import AcceptedList, Ballot, Sums, Totals
from upturn.exchange.engine.ballot.proofs import add_points
from upturn.exchange.engine.ballot.shares import combine, weights
from upturn.exchange.engine.ballot.sheet import Benchmark
from upturn.exchange.engine.errors import BadSums, BadTally, Malformed, TooFew

TRIES = 2_000
"""Sets of openers that are tried before the totals are given up."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Totals that hold, and whose sums do not fit them.

    Parameters
    ----------
    totals : Totals
    openers : tuple of int
        Whose sums made them.
    doubtful : tuple of int
        Whose sums lie off the polynomial of the others. They point to who was wrong and prove
        nothing: two who are wrong together could shift it to others.
    """

    totals: Totals
    openers: tuple[int, ...]
    doubtful: tuple[int, ...]


def check_sums(benchmark: Benchmark, listed: AcceptedList, sums: Sums) -> list[int]:
    """Check one opener's sums and give their scalars: of the ticks, then of the blindings.

    Raises
    ------
    BadSums
        If they are on another list, of a wrong size, not canonical, or not signed by their opener.
    """
    member = benchmark.roster.member(sums.index)
    if (sums.round_id, sums.list_hash) != (listed.round_id, listed.hash):
        raise BadSums(f"The sums of {member.company} are on another list.")
    if not signed_by(member.keys, sums.said(), signature=sums.signature):
        raise BadSums(f"The sums under the name of {member.company} are not signed by it.")
    try:
        halves = read_scalars(sums.values), read_scalars(sums.blindings)
    except Malformed as error:
        raise BadSums(f"The sums of {member.company} are no canonical scalars.") from error
    if {len(half) for half in halves} != {benchmark.sheet.coordinates}:
        raise BadSums(f"The sums of {member.company} have a wrong size.")
    return halves[0] + halves[1]


def add_up(
    benchmark: Benchmark,
    listed: AcceptedList,
    *,
    ballots: Mapping[int, Ballot],
    sums: Iterable[Sums],
) -> Tally:
    """Make the totals of at least t + 1 sums, and hold them against the commitments.

    Parameters
    ----------
    benchmark : Benchmark
    listed : AcceptedList
    ballots : mapping of index to Ballot
        Those on the list, checked, in public form or whole.
    sums : iterable of Sums

    Returns
    -------
    Tally

    Raises
    ------
    TooFew
        If there are fewer than t + 1 openers.
    BadSums
        As `check_sums`, or if one opener posted two that differ.
    BadTally
        If no t + 1 openers give totals that the commitments bear out: no result is shown.
    """
    rows = _rows(benchmark, listed, sums)
    needed = benchmark.sheet.asked.openers
    if len(rows) < needed:
        raise TooFew("companies that open", needed=needed, got=len(rows))
    committed = add_commitments(listed, ballots)
    for openers in islice(_choices(sorted(rows), needed), TRIES):
        totals = _totals(listed, [rows[one] for one in openers], openers)
        if totals_hold(benchmark, totals, committed):
            return Tally(totals, openers, _doubtful(rows, openers))
    raise BadTally(
        "The sums do not fit the commitments: an opener added up wrongly, was not shown all "
        "ballots, or was sealed a wrong share. No result is shown. Open again with one more "
        "company; if all have opened, repeat the round."
    )


def _rows(benchmark: Benchmark, listed: AcceptedList, sums: Iterable[Sums]) -> dict[int, list[int]]:
    rows: dict[int, list[int]] = {}
    for one in sums:
        row = check_sums(benchmark, listed, one)
        if rows.setdefault(one.index, row) != row:
            company = benchmark.roster.member(one.index).company
            raise BadSums(f"{company} posted two sums that differ. The round is not opened.")
    return rows


def _choices(openers: Sequence[int], needed: int) -> Iterator[tuple[int, ...]]:
    """Sets of openers, those first that leave out one, then two, of the earliest."""
    for left_out in range(len(openers) - needed + 1):
        for absent in combinations(openers, left_out):
            yield tuple(one for one in openers if one not in absent)[:needed]


def add_commitments(listed: AcceptedList, ballots: Mapping[int, Ballot]) -> list[bytes]:
    """Add up the commitments of all ballots on the list, coordinate by coordinate."""
    rows = [slices(ballots[index].commitments) for index, _ in listed.ballots]
    return [add_points(column) for column in zip(*rows, strict=True)]


def _totals(listed: AcceptedList, rows: Sequence[Sequence[int]], openers: Sequence[int]) -> Totals:
    values = combine(weights(openers), rows)
    half = len(values) // 2
    return Totals(
        list_hash=listed.hash,
        ballots=len(listed.ballots),
        counts=tuple(values[:half]),
        blindings=write_scalars(values[half:]),
    )


def totals_hold(benchmark: Benchmark, totals: Totals, committed: Sequence[bytes]) -> bool:
    """Whether totals are counts, add up to the ballots in each metric, and fit the commitments.

    Parameters
    ----------
    benchmark : Benchmark
    totals : Totals
    committed : sequence of bytes, coordinates
        Sums of all commitments.
    """
    counts = totals.counts
    if len(counts) != len(committed) or not all(0 <= one <= totals.ballots for one in counts):
        return False
    spans = benchmark.sheet.spans
    if any(sum(counts[first:after]) != totals.ballots for first, after in spans):
        return False
    blindings = read_scalars(totals.blindings)
    return len(blindings) == len(counts) and all(
        commit(count, blinding) == point
        for count, blinding, point in zip(counts, blindings, committed, strict=True)
    )


def _doubtful(rows: Mapping[int, list[int]], openers: Sequence[int]) -> tuple[int, ...]:
    used = [rows[one] for one in openers]
    return tuple(
        other
        for other in sorted(rows.keys() - set(openers))
        if combine(weights(openers, at=other), used) != rows[other]
    )
