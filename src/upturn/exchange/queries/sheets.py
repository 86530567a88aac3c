"""What stands on a round's sheet and what came of it, put together for a page."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from upturn.exchange.engine import METRICS, Act, Light, Rung, allows, default_edges
from upturn.exchange.models import Benchmark, Exchange
from upturn.exchange.queries.benchmarks import (
    ENDED,
    benchmark_by_ref,
    code_of,
    companies_of,
    totals_of,
)
from upturn.exchange.queries.hosting import parties
from upturn.exchange.queries.sight import Viewer, check_convene, members_of
from upturn.exchange.queries.sittings import Sitting
from upturn.stats.figures import Withheld

if TYPE_CHECKING:
    from upturn.exchange.engine.ballot import Metric, Sheet


AMBER_RULE = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class OnSheet:
    """A metric as a page shows it; `name` and `names` are the sheet's and the reader's."""

    code: str
    name: str
    names: Mapping[str, str]
    unit: str
    edges: tuple[float, ...]
    low: float
    high: float
    counsel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetSeen:
    """A round's sheet.

    `needed` of `members` confirm one list. `withstands` is how many companies that work with a host
    that cheats still read no one ballot, and `withstands_all` where every company confirms. `mine`
    says that the viewer's company stands on the roster.
    """

    metrics: tuple[OnSheet, ...]
    companies: tuple[str, ...]
    period: tuple[date, date]
    members: int
    needed: int
    openers: int
    withstands: int
    withstands_all: int
    digest: str
    mine: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What is told of one metric: quarters and mean to half a bin, or why they are withheld."""

    metric: OnSheet
    lower: float | None
    middle: float | None
    upper: float | None
    mean: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A metric of the allow-list as a convener chooses it, with suggested edges."""

    code: str
    names: Mapping[str, str]
    unit: str
    amber: bool
    edges: tuple[float, ...]
    counsel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What a convener begins from: how many would take part, and what could be asked of them."""

    companies: int
    not_compared: tuple[str, ...]
    choices: tuple[Choice, ...]


def benchmark_here(viewer: Viewer, exchange: Exchange, ref: str) -> Benchmark:
    """Find a round of this exchange; raise Benchmark.DoesNotExist for one of another."""
    found = benchmark_by_ref(viewer, ref)
    if found.exchange_id != exchange.pk:
        raise Benchmark.DoesNotExist
    return found


def sheet_seen(viewer: Viewer, ref: str) -> SheetSeen:
    """Give a round's sheet with the names of who stands on its roster.

    Raises
    ------
    Benchmark.DoesNotExist
    """
    from upturn.exchange.engine import ballot  # noqa: PLC0415 - libsodium

    row = benchmark_by_ref(viewer, ref)
    sheet, companies = ballot.read_sheet(bytes(row.sheet)), companies_of(row)
    names = {party.ref: party.name for party in parties(viewer, row.exchange)}
    n, asked = sheet.members, sheet.asked
    everybody = ballot.Thresholds(asked.secret, n)
    return SheetSeen(
        metrics=tuple(map(on_sheet, sheet.metrics)),
        companies=tuple(names.get(each, "") for each in companies),
        period=(date.fromisoformat(sheet.period[0]), date.fromisoformat(sheet.period[1])),
        members=n,
        needed=asked.signatures,
        openers=asked.openers,
        withstands=ballot.colluders(n, asked),
        withstands_all=ballot.colluders(n, everybody),
        digest=row.sheet_digest,
        mine=isinstance(viewer, Sitting) and viewer.party_ref in companies,
    )


def on_sheet(metric: "Metric") -> OnSheet:
    """Give a metric of a sheet as pages show it, with its names in all languages."""
    code = code_of(metric.name)
    known = METRICS.get(code)
    return OnSheet(
        code=code,
        name=metric.name,
        names=known.name if known else {"en": metric.name},
        unit=metric.unit,
        edges=tuple(map(float, metric.edges)),
        low=float(metric.low),
        high=float(metric.high),
        counsel=metric.counsel,
    )


def results_of(viewer: Viewer, ref: str) -> tuple[tuple[Result, ...], bool] | None:
    """Give what an opened round tells of each metric, and whether every company confirmed."""
    from upturn.exchange.engine.ballot import read_sheet  # noqa: PLC0415 - libsodium

    found = totals_of(viewer, ref)
    if found is None:
        return None
    sheet: Sheet = read_sheet(bytes(benchmark_by_ref(viewer, ref).sheet))
    rows = zip(sheet.metrics, found.metrics, strict=True)
    results = tuple(
        Result(metric=on_sheet(metric), lower=None, middle=None, upper=None, mean=None)
        if isinstance(told, Withheld)
        else Result(
            metric=on_sheet(metric),
            lower=told.lower,
            middle=told.middle,
            upper=told.upper,
            mean=told.mean,
        )
        for metric, (_code, _unit, told) in rows
    )
    return results, found.complete


def planned(viewer: Viewer, exchange: Exchange) -> Planned:
    """Give a convener what a round could be made of.

    Raises
    ------
    Exchange.DoesNotExist
    """
    check_convene(viewer, exchange)
    rows = members_of(exchange).filter(suspended=False).exclude(signs="")
    able = [row for row in rows if allows(Rung(row.rung), Act.SEAL_BALLOT)]
    return Planned(
        companies=len(able),
        not_compared=tuple(row.name for row in rows if row.compared_on is None),
        choices=tuple(_choices(exchange, n=max(len(able), 5))),
    )


def counsel_on_metrics(exchange: Exchange) -> dict[str, str]:
    """Name the counsel whose newest word allows an amber metric to be compared, by its code."""
    rows = exchange.sign_offs.filter(rule=AMBER_RULE, withdrawn_on=None).order_by("pk")
    return dict(rows.values_list("about", "counsel"))


def _choices(exchange: Exchange, *, n: int) -> Iterator[Choice]:
    counsel = counsel_on_metrics(exchange)
    for code, metric in METRICS.items():
        yield Choice(
            code=code,
            names=metric.name,
            unit=metric.unit,
            amber=metric.light is Light.AMBER,
            edges=default_edges(code, n=n),
            counsel=counsel.get(code, ""),
        )


def round_that_runs(viewer: Viewer, exchange: Exchange) -> str:
    """Give the reference of the round that is neither opened nor refused; none is ``""``."""
    check_convene(viewer, exchange)
    rows = Benchmark.objects.filter(exchange=exchange).exclude(state__in=ENDED)
    return rows.values_list("ref", flat=True).first() or ""
