"""What is asked in one round: the sheet, fixed and public before anybody submits.

References
----------
``docs/reference/ballot.md``, message 3; seed 003, S3.29.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise

from upturn.exchange.engine.ballot.bounds import (
    Thresholds,
    bins_for,
    colluders,
    thresholds,
)
from upturn.exchange.engine.ballot.encoding import Value, pack, sha256, unpack
from upturn.exchange.engine.ballot.group import LABEL
from upturn.exchange.engine.ballot.proofs import Context
from upturn.exchange.engine.ballot.roster import Roster
from upturn.exchange.engine.errors import BadSheet, BadValue, Malformed

SHEET = LABEL.decode() + " sheet"
ROUND_ID_BYTES = 16
MOST_METRICS = 60
NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{0,8}[1-9])?")


@dataclass(frozen=True, slots=True)
class Metric:
    """One figure that every company puts into a bin.

    Parameters
    ----------
    name, unit : str
    edges : tuple of str
        Numbers in plain decimals, ascending: two fewer than bins. A value below the first edge
        falls into bin 0, one at or above the last into the last bin but one.
    low, high : str
        What stands for a value in the first and in the last of these, which are open to one side.
    counsel : str
        Who signed off an amber metric; empty for the others.

    Notes
    -----
    The last bin is "not applicable"; it counts among the 8, 12 or 16.
    """

    name: str
    unit: str
    edges: tuple[str, ...]
    low: str
    high: str
    counsel: str = ""

    @property
    def bins(self) -> int:
        """How many, "not applicable" among them."""
        return len(self.edges) + 2

    def bin_of(self, value: float | None) -> int:
        """Where a value falls; None is "not applicable".

        Raises
        ------
        BadValue
            If it is no finite number.

        Examples
        --------
        >>> first = Metric("Answered in time", "%", ("70", "80", "90"), "60", "95")
        >>> [first.bin_of(value) for value in (69.9, 70, 90, None)]
        [0, 1, 3, 4]
        """
        if value is None:
            return self.bins - 1
        if not abs(value) < float("inf"):
            raise BadValue(f"{self.name}: {value} is no number. Enter one, or “not applicable”.")
        return bisect_right([float(edge) for edge in self.edges], value)

    def check(self) -> None:
        """Raise BadSheet unless its numbers are plain decimals in ascending order."""
        numbers = (self.low, *self.edges, self.high)
        for number in numbers:
            if not NUMBER.fullmatch(number) or number == "-0":
                raise BadSheet(f"{self.name}: “{number}” is no plain decimal such as -3 or 12.5.")
        for one, other in pairwise(numbers):
            if not float(one) < float(other):
                raise BadSheet(f"{self.name}: {one} stands before {other}; edges must ascend.")


@dataclass(frozen=True)
class Sheet:
    """What is asked, of whom, until when, and who must agree before it opens.

    Parameters
    ----------
    round_id : bytes, 16
        Random, used once.
    roster : bytes, 32
        Hash of the roster.
    metrics : tuple of Metric
    period : tuple of str, 2
        First and last day that the figures speak of: 2026-04-01.
    opens_at, closes_at : int
        Seconds since 1970, UTC; ballots are taken from the first until before the second.
    members : int
        How many companies are on the roster, called n.
    asked : Thresholds
        Called t and q.
    promised : int
        How many colluding members beside a cheating host the round withstands.
    before : tuple of str
        Companies on the accepted list of the last opened round, sorted; none for the first.
    """

    round_id: bytes
    roster: bytes
    metrics: tuple[Metric, ...]
    period: tuple[str, str]
    opens_at: int
    closes_at: int
    members: int
    asked: Thresholds
    promised: int
    before: tuple[str, ...] = ()

    @cached_property
    def written(self) -> bytes:
        """Its one encoding."""
        rows: list[Value] = [
            [one.name, one.unit, list(one.edges), one.low, one.high, one.counsel]
            for one in self.metrics
        ]
        window: list[Value] = [self.opens_at, self.closes_at]
        bounds: list[Value] = [
            self.members,
            self.asked.secret,
            self.asked.signatures,
            self.promised,
        ]
        return pack(
            [
                SHEET,
                self.round_id,
                self.roster,
                rows,
                list(self.period),
                window,
                bounds,
                list(self.before),
            ]
        )

    @cached_property
    def hash(self) -> bytes:
        """SHA-256 of `written`; it goes into every later message and proof."""
        return sha256(self.written)

    @cached_property
    def coordinates(self) -> int:
        """All bins of all metrics, called K."""
        return sum(metric.bins for metric in self.metrics)

    @cached_property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """Each metric's first coordinate and the one after its last."""
        return tuple(pairwise(accumulate((one.bins for one in self.metrics), initial=0)))


def read_sheet(written: bytes) -> Sheet:
    """Read `Sheet.written`; raise Malformed if it is written in another way."""
    match unpack(written):
        case [
            str(label),
            bytes(round_id),
            bytes(roster),
            list(rows),
            [str(first), str(last)],
            [int(opens_at), int(closes_at)],
            [int(members), int(secret), int(signatures), int(promised)],
            list(before),
        ] if label == SHEET and len(round_id) == ROUND_ID_BYTES and len(roster) == 32:
            return Sheet(
                round_id=round_id,
                roster=roster,
                metrics=tuple(_metric(row) for row in rows),
                period=(first, last),
                opens_at=opens_at,
                closes_at=closes_at,
                members=members,
                asked=Thresholds(secret, signatures),
                promised=promised,
                before=_texts(before),
            )
    raise Malformed("This is no sheet.")


def _metric(row: Value) -> Metric:
    match row:
        case [str(name), str(unit), list(edges), str(low), str(high), str(counsel)]:
            return Metric(name, unit, _texts(edges), low, high, counsel)
    raise Malformed("A line of the sheet is not name, unit, edges, low, high and counsel.")


def _texts(values: list[Value]) -> tuple[str, ...]:
    found = tuple(value for value in values if isinstance(value, str))
    if len(found) != len(values):
        raise Malformed("A list of texts holds something else.")
    return found


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A roster and the sheet of one round on it: what every later step is checked against.

    Parameters
    ----------
    roster : Roster
    sheet : Sheet

    Raises
    ------
    BadSheet
        If the sheet is another roster's, or promises what its numbers cannot keep.
    """

    roster: Roster
    sheet: Sheet

    def __post_init__(self) -> None:
        n = len(self.roster)
        if self.sheet.roster != self.roster.hash or self.sheet.members != n:
            raise BadSheet("The sheet was made for another roster. Ask the convener for a new one.")
        self._check_bounds(n)
        self._check_metrics(bins_for(n))
        if self.sheet.opens_at >= self.sheet.closes_at:
            raise BadSheet("The round closes before it opens.")

    def _check_bounds(self, n: int) -> None:
        asked = self.sheet.asked
        if asked not in {thresholds(n), thresholds(n, all_confirm=True)}:
            raise BadSheet(
                f"t = {asked.secret} and q = {asked.signatures} are not the thresholds of {n} "
                f"companies: t = {thresholds(n).secret}, q = {n - 1} or {n}."
            )
        most = colluders(n, asked)
        if not 1 <= self.sheet.promised <= most:
            raise BadSheet(
                f"The sheet promises to withstand {self.sheet.promised} colluding members; "
                f"with these thresholds it is {most} at most."
            )

    def _check_metrics(self, bins: int) -> None:
        metrics = self.sheet.metrics
        if not 1 <= len(metrics) <= MOST_METRICS:
            raise BadSheet(f"{len(metrics)} metrics; a sheet has from 1 to {MOST_METRICS}.")
        if len({metric.name for metric in metrics}) != len(metrics):
            raise BadSheet("A metric stands on the sheet twice.")
        for metric in metrics:
            if metric.bins != bins:
                raise BadSheet(
                    f"{metric.name} has {metric.bins} bins, “not applicable” among them; "
                    f"with {len(self.roster)} companies it is {bins}."
                )
            metric.check()

    def context(self, index: int) -> Context:
        """What binds a member's proofs to this round."""
        sheet = self.sheet
        return Context(sheet.round_id, sheet.hash, sheet.roster, index)

    def one_hot(self, bins: list[int]) -> list[int]:
        """A 1 at each metric's bin, 0 elsewhere; raise BadValue if a bin does not exist."""
        if len(bins) != len(self.sheet.metrics):
            raise BadValue(
                f"{len(bins)} bins for {len(self.sheet.metrics)} metrics: one for each is needed."
            )
        ticks = [0] * self.sheet.coordinates
        for (first, after), chosen in zip(self.sheet.spans, bins, strict=True):
            if not 0 <= chosen < after - first:
                raise BadValue(
                    f"Bin {chosen} does not exist; they go from 0 to {after - first - 1}."
                )
            ticks[first + chosen] = 1
        return ticks
