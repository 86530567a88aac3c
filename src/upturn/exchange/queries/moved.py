"""Opened benchmarks over time: the band of each metric, round by round, and whether it moves."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from upturn.exchange.engine.trends import Way, way
from upturn.exchange.models import Benchmark, Exchange
from upturn.exchange.queries.benchmarks import Quarters, opened_rounds, quarters_of
from upturn.exchange.queries.sheets import OnSheet, on_sheet
from upturn.stats.figures import Withheld

SHOWN = 8
"""The latest rounds of a metric."""


@dataclass(frozen=True, slots=True)
class InRound:
    """A metric in one round: its quarters, or None where fewer than five answered."""

    name: str
    opened_on: date
    companies: int
    quarters: Quarters | None


@dataclass(frozen=True, slots=True)
class Moved:
    """A metric over the rounds that asked it in the same bins, the first first.

    `way` holds the last told round against the first; None where fewer than two are told.
    """

    metric: OnSheet
    rounds: tuple[InRound, ...]
    way: Way | None


class _Told(NamedTuple):
    metric: OnSheet
    seen: InRound
    counts: tuple[int, ...]


def moved_in(exchange: Exchange) -> tuple[Moved, ...]:
    """Give each metric over time to a read that has looked at its viewer."""
    rows = opened_rounds(exchange).defer("roster", "accepted")
    return _over_time(told for row in rows for told in _in_round(row))


def _in_round(row: Benchmark) -> Iterable[_Told]:
    from upturn.exchange.engine.ballot import band, read_sheet, read_totals  # noqa: PLC0415 - libsodium

    sheet, totals = read_sheet(bytes(row.sheet)), read_totals(bytes(row.totals))
    for at, metric in enumerate(sheet.metrics):
        found = band(sheet, totals, at)
        quarters = None if isinstance(found, Withheld) else quarters_of(found)
        counts = () if isinstance(found, Withheld) else found.counts
        seen = InRound(row.name, row.opened_on or row.closes_at.date(), sheet.members, quarters)
        yield _Told(on_sheet(metric), seen, counts)


def _over_time(rows: Iterable[_Told]) -> tuple[Moved, ...]:
    """Put together what was asked in the same unit and the same bins; nothing else is compared."""
    by_bins: dict[tuple[object, ...], list[_Told]] = {}
    for told in rows:
        metric = told.metric
        bins = (metric.code, metric.unit, metric.edges, metric.low, metric.high)
        by_bins.setdefault(bins, []).append(told)
    return tuple(_moved(each[-SHOWN:], asked=len(by_bins)) for each in by_bins.values())


def _moved(rows: list[_Told], *, asked: int) -> Moved:
    told = [each.counts for each in rows if each.counts]
    went = way(told[0], told[-1], asked=asked) if len(told) > 1 else None
    return Moved(rows[-1].metric, tuple(each.seen for each in rows), went)
