"""What the lab found as tables of a terminal."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.table import Table

from upturn.floor.engine.lab.measures import Cell, Measure, Scope
from upturn.floor.engine.lab.summary import Summary, paired
from upturn.floor.engine.policy import OwnTheWhole, ScanSection
from upturn.house.lab_words import MEASURES, SHARES
from upturn.stats import Figure, Withheld

if TYPE_CHECKING:
    from upturn.floor.engine.lab.pooling import PoolingStops

OF_KINDS = (Measure.WAIT_P95, Measure.IN_TIME)


def tables(summaries: Sequence[Summary], names: Sequence[str]) -> Iterator[Table]:
    """Yield all figures, by kind of need, own tables with help and without, and the balance."""
    yield _overall(summaries, names)
    kinds = [cell.name for cell in summaries[0].figures if _is_kind(cell)]
    if len(kinds) > 1:
        for measure in OF_KINDS:
            yield _by_kind(summaries, names, kinds, measure)
    yield from _own_tables(summaries, names)
    for one, name in zip(summaries, names, strict=True):
        if _helped(one):
            yield _balance(one, name)


def _is_kind(cell: Cell) -> bool:
    return cell.scope is Scope.KIND and cell.measure is Measure.WAIT_MEAN


def _helped(summary: Summary) -> bool:
    found = summary.figures.get(Cell(Measure.HELPED))
    return isinstance(found, Figure) and found.value > 0


def _table(title: str, first: str, columns: Sequence[str]) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD)
    table.add_column(first, no_wrap=True)
    for column in columns:
        table.add_column(column, justify="right")
    return table


def _overall(summaries: Sequence[Summary], names: Sequence[str]) -> Table:
    table = _table("All needs (± half of the 95 % range)", "", names)
    for measure, label in MEASURES.items():
        figures = [one.figures.get(Cell(measure)) for one in summaries]
        if any(isinstance(figure, Figure) for figure in figures):
            table.add_row(label, *(said(figure, measure) for figure in figures))
    return table


def _by_kind(
    summaries: Sequence[Summary], names: Sequence[str], kinds: Sequence[str], measure: Measure
) -> Table:
    table = _table(f"By kind of need: {MEASURES[measure]}", "need", names)
    for kind in kinds:
        figures = [one.figures.get(Cell(measure, Scope.KIND, kind)) for one in summaries]
        if any(isinstance(figure, Figure) for figure in figures):
            table.add_row(kind, *(said(figure, measure) for figure in figures))
    return table


def _own_tables(summaries: Sequence[Summary], names: Sequence[str]) -> Iterator[Table]:
    """Each policy with help beside the first that scans its own section alone."""
    scans = [at for at, one in enumerate(summaries) if isinstance(one.policy, ScanSection)]
    for at, one in enumerate(summaries):
        if scans and isinstance(one.policy, OwnTheWhole):
            yield _with_and_without(one, summaries[scans[0]], (names[at], names[scans[0]]))


def _with_and_without(helped: Summary, alone: Summary, names: tuple[str, str]) -> Table:
    title = f"Own tables: {MEASURES[Measure.WAIT_P95]}"
    table = _table(title, "tables of", [names[1], names[0], "change, %"])
    for cell, change in paired(helped, alone).items():
        if cell.measure is not Measure.WAIT_P95 or cell.scope not in (
            Scope.SECTION,
            Scope.OWNER_ONLY,
        ):
            continue
        label = cell.name or "(what owners alone may do)"
        figures = (said(figure, cell.measure) for figure in (change.second, change.first))
        table.add_row(label, *figures, _changed(change.ratio))
    return table


def _changed(ratio: Figure | Withheld) -> str:
    if isinstance(ratio, Withheld):
        return "–"
    low, high = (100 * (end - 1) for end in (ratio.low, ratio.high))
    return f"{100 * (ratio.value - 1):+.0f} ({low:+.0f} to {high:+.0f})"


def _balance(summary: Summary, name: str) -> Table:
    columns = ("credit of its owner", "of these met by others", "met elsewhere", "at work, %")
    table = _table(f"Needs an hour under {name}", "section", columns)
    at_work = {seat.section: seat.at_work_share for seat in summary.seats}
    for row in summary.sections:
        hours = (row.credit_per_hour, row.received_per_hour, row.given_per_hour)
        share = said(at_work.get(row.section), Measure.IDLE)
        table.add_row(row.section, *(said(figure, Measure.WAITING) for figure in hours), share)
    return table


def pooling_table(stops: "PoolingStops", name: str) -> Table:
    """Long waits of one queue for everybody at rising slow-downs, beside another policy."""
    from upturn.floor.engine.lab.pooling import SHARES  # noqa: PLC0415 - numba

    columns = (f"pooled, {MEASURES[stops.measure]}", f"less {name}")
    table = _table(f"Where pooling stops paying against {name}", "slow-down", columns)
    for point in stops.points:
        if point.loafing_share in SHARES:
            figures = (point.pooled, point.difference)
            share = f"{point.loafing_share:.1%}"
            table.add_row(share, *(said(figure, stops.measure) for figure in figures))
    return table


def said(figure: Figure | Withheld | None, measure: Measure) -> str:
    """A figure with half of its range."""
    if not isinstance(figure, Figure):
        return "–"
    times = 100 if measure in SHARES else 1
    value, half = figure.value * times, (figure.high - figure.low) / 2 * times
    if measure in (Measure.CREDIT_GINI, Measure.WORK_GINI):
        return f"{value:.3f} ±{half:.3f}"
    return f"{value:.1f} ±{half:.1f}"
