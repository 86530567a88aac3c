"""Weekly measures of parties and edges, and how well each edge is served."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Sum

from upturn.graph import queries as graph
from upturn.record.kept import keep
from upturn.stats import Figure, Withheld, mean_interval
from upturn.voice.engine import Better
from upturn.voice.models import Measure, MeasureWeek, TouchpointWeek
from upturn.voice.queries.kept import as_of_words, changes, latest_week
from upturn.voice.queries.weeks import span, this_week

if TYPE_CHECKING:
    from upturn.people.models import Person

SERVED_WELL = "served well"
RECENT = 8
ANSWERS_NEEDED = 5
WEEKS_NEEDED = 3


class WeekValue(NamedTuple):
    """One week of a measure; ``n`` answers behind it, if they were counted."""

    week: date
    value: float
    n: int | None


@dataclass(frozen=True, slots=True)
class Series:
    """A measure with its weeks, oldest first; ``low`` and ``high`` end its scale if it has one."""

    name: str
    low: float | None
    high: float | None
    weeks: tuple[WeekValue, ...]
    figure: Figure | Withheld


Figures = Mapping[int, Figure | Withheld]
NO_SUMS = (0, 0.0, 0.0)


def party_measures(viewer: "Person", party_id: int) -> list[Series]:
    """Weekly measures of a party, by name; the figure is that of the last eight weeks."""
    if party_id not in graph.visible_parties(viewer):
        return []
    return _series(party_id=party_id)


def edge_measures(viewer: "Person", edge_id: int) -> list[Series]:
    """Weekly measures of an edge, by name; the figure is that of the last eight weeks."""
    if edge_id not in graph.visible_edges(viewer):
        return []
    return _series(edge_id=edge_id)


def _series(**of: int) -> list[Series]:
    measures = Measure.objects.filter(**of).order_by("name").prefetch_related("weeks")
    return [_one_series(measure) for measure in measures]


def _one_series(measure: Measure) -> Series:
    rows = sorted(measure.weeks.all(), key=lambda row: row.week)
    weeks = tuple(WeekValue(row.week, row.value, row.n) for row in rows)
    figure = weekly_figure(_recent(weeks), low=measure.low, high=measure.high)
    return Series(measure.name, measure.low, measure.high, tuple(filter(may_show, weeks)), figure)


def _recent(weeks: tuple[WeekValue, ...]) -> list[WeekValue]:
    """Values of the eight weeks that end with the newest; fewer where some were not measured."""
    return [row for row in weeks if row.week >= span(weeks[-1].week, weeks=RECENT).first]


def may_show(week: WeekValue) -> bool:
    """A week's value stands alone only when enough answers are behind it, or none were counted."""
    return week.n is None or week.n >= ANSWERS_NEEDED


def weekly_figure(
    weeks: Iterable[WeekValue], *, low: float | None = None, high: float | None = None
) -> Figure | Withheld:
    """Mean of weekly values; its range comes from how they differ, ``n`` counts the answers.

    The range ends where the scale ends: a few values that differ would make it wider than that.
    A week with too few answers is left out of the mean as of the picture, or the one would give
    the other away.
    """
    rows = list(weeks)
    shown = [row for row in rows if may_show(row)]
    if rows and not shown:
        return Withheld("too_few", ANSWERS_NEEDED, max(row.n or 0 for row in rows))
    if len(shown) < WEEKS_NEEDED:
        return Withheld("too_few_weeks", WEEKS_NEEDED, len(shown))
    values = [row.value for row in shown]
    answers = sum(row.n or 0 for row in shown)
    figure = mean_interval(len(values), sum(values), sum(v * v for v in values))
    if isinstance(figure, Withheld):
        return figure
    least = figure.low if low is None else max(low, figure.low)
    most = figure.high if high is None else min(high, figure.high)
    return Figure(figure.value, least, most, answers or figure.n)


def measure_directions(names: Iterable[str]) -> dict[str, Better]:
    """Which way the measures of these names get better, as far as they are stored."""
    found = Measure.objects.filter(name__in=set(names)).order_by("pk").values_list("name", "better")
    return {name: Better(better) for name, better in found}


def measure_names(viewer: "Person") -> tuple[str, ...]:
    """Names of all measures there are, for those who see the whole graph; one query."""
    if not graph.sees_all(viewer):
        return ()
    return tuple(Measure.objects.order_by("name").values_list("name", flat=True).distinct())


def edge_figures(viewer: "Person") -> Figures:
    """How well each edge is served, 0 to 10, over the last eight weeks; others are absent.

    Where customers are served it is their mean score at the touchpoints that the server serves,
    elsewhere the measure "served well". Kept until words or measures change; one query then.
    """
    figures = _figures()
    if graph.sees_all(viewer):
        return figures
    return {edge: figures[edge] for edge in graph.visible_edges(viewer) if edge in figures}


def edge_figure(viewer: "Person", edge_id: int) -> Figure | Withheld | None:
    """The same for one edge; None where it is not measured or out of sight."""
    return edge_figures(viewer).get(edge_id)


def _figures() -> Figures:
    as_of = (*as_of_words(), changes().measures)
    return keep("edge figures", as_of=as_of, read=_all_figures)


def _all_figures() -> Figures:
    as_of = (graph.snapshot().number, changes().measures, this_week())
    measured = keep("measured", as_of=as_of, read=_read_measured)
    return MappingProxyType({**measured, **_scored_by_customers()})


def _read_measured() -> Figures:
    served_well = MeasureWeek.objects.filter(
        measure__name=SERVED_WELL, measure__edge__isnull=False, week__lte=this_week()
    )
    newest = served_well.order_by("-week").values_list("week", flat=True).first() or this_week()
    rows = served_well.filter(week__gte=span(newest, weeks=RECENT).first).order_by("week")
    weeks: dict[int, list[WeekValue]] = {}
    for edge, low, high, week, value, n in rows.values_list(
        "measure__edge_id", "measure__low", "measure__high", "week", "value", "n"
    ):
        weeks.setdefault(edge, []).append(WeekValue(week, _of_ten(value, low, high), n))
    return {edge: weekly_figure(values, low=0, high=10) for edge, values in weeks.items()}


def _of_ten(value: float, low: float | None, high: float | None) -> float:
    if low is None or high is None or low == high:
        return value
    return 10 * (value - low) / (high - low)


def _scored_by_customers() -> Figures:
    now, recent = graph.snapshot(), span(latest_week(), weeks=RECENT)
    rows = TouchpointWeek.objects.filter(week__range=(recent.first, recent.last))
    sums = rows.values_list("touchpoint_id").annotate(Sum("scored"), Sum("total"), Sum("squares"))
    added: dict[tuple[int, int], list[float]] = {}
    for point, *totals in sums:
        for server, _direct in now.serving.get(point, ()):
            pair = now.points[point].customers_id, server
            added[pair] = [sum(both) for both in zip(added.get(pair, NO_SUMS), totals, strict=True)]
    edges = [edge for customers in now.customers for edge in now.down.get(customers, ())]
    found = {edge.id: added.get((edge.served_id, edge.server_id)) for edge in edges}
    return {edge: _score(*totals) for edge, totals in found.items() if totals}


def _score(scored: float, total: float, squares: float) -> Figure | Withheld:
    if scored < ANSWERS_NEEDED:
        return Withheld("too_few", ANSWERS_NEEDED, int(scored))
    return mean_interval(int(scored), total, squares)
