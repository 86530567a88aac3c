"""Scores of touchpoints and places, from the weekly sums alone."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Case, IntegerField, Q, Sum, Value, When

from upturn.graph import queries as graph
from upturn.people import queries as people
from upturn.record.kept import keep
from upturn.stats import Figure, Withheld, mean_interval
from upturn.voice.engine.change import Change, compare
from upturn.voice.models import Sums, TouchpointWeek
from upturn.voice.queries.kept import as_of_words, latest_week
from upturn.voice.queries.weeks import Span, span, this_week

if TYPE_CHECKING:
    from upturn.people.models import Person


class Totals(NamedTuple):
    """Sums as the weekly tables hold them: words, words with a score, and what these add up to."""

    words: int
    scored: int
    total: float
    squares: float

    @classmethod
    def of(cls, row: Sums) -> "Totals":
        """The sums of one week."""
        return cls(row.count, row.scored, row.total, row.squares)

    def moved_from(self, before: "Totals") -> Change:
        """What may be said of the difference; with a wide range, for many moments are looked at."""
        then, now = (
            mean_interval(each.scored, each.total, each.squares, coverage=COVERAGE_OF_CHANGE)
            for each in (before, self)
        )
        return compare(then, now)

    @property
    def mean(self) -> Figure | Withheld:
        """Mean score with its interval."""
        return mean_interval(self.scored, self.total, self.squares)


NOTHING = Totals(0, 0, 0.0, 0.0)
HALF = 13
COVERAGE_OF_CHANGE = 0.99
UNPLACED = "_unplaced"  # in an address, for words at no touchpoint; no name makes this key
ADDED_UP = (Sum("count"), Sum("scored"), Sum("total"), Sum("squares"))


@dataclass(frozen=True, slots=True)
class Week:
    """One week: how many words, and their mean score."""

    week: date
    count: int
    figure: Figure | Withheld


@dataclass(frozen=True, slots=True)
class Spoken:
    """A touchpoint, who serves at it, and what was said there; ``touchpoint`` none is unplaced."""

    touchpoint: graph.PointRow | None
    servers: tuple[tuple[graph.PartyRow, bool], ...]
    count: int
    figure: Figure | Withheld
    change: Change


@dataclass(frozen=True, slots=True)
class PlaceWeeks:
    """The weeks of one place, oldest first, and the span as one figure."""

    place: str
    weeks: tuple[Week, ...]
    figure: Figure | Withheld


def touchpoint_figures(
    viewer: "Person", *, place: str = "", weeks: int = HALF, last: date | None = None
) -> tuple[Spoken, ...]:
    """What was said at each touchpoint of a place in the last weeks, beside the weeks before.

    In the order of the customer's day; words not yet placed come last, if there are any.
    """
    if not people.may_read_words(viewer):
        return ()
    recent = span(last or latest_week(), weeks=weeks)
    return keep(
        ("touchpoint figures", place, recent),
        as_of=as_of_words(),
        read=lambda: _touchpoint_figures(viewer, place, recent),
    )


def _touchpoint_figures(viewer: "Person", place: str, recent: Span) -> tuple[Spoken, ...]:
    points = graph.points_seen(viewer, place=place)
    sums = _two_spans(recent, [point.id for point in points])
    serving = graph.serving_at(viewer, place=place)
    rows = [_spoken(point, serving.get(point.id, ()), sums) for point in points]
    unplaced = _spoken(None, (), sums)
    return (*rows, unplaced) if unplaced.count else tuple(rows)


def _two_spans(recent: Span, points: Collection[int]) -> dict[tuple[int | None, int], Totals]:
    """Sums per (touchpoint, 1 for the recent and 0 for the span before)."""
    when = Case(
        When(week__gte=recent.first, then=Value(1)), default=Value(0), output_field=IntegerField()
    )
    of_these = Q(touchpoint__in=points) | Q(touchpoint__isnull=True)
    rows = (
        TouchpointWeek.objects.filter(week__range=(recent.before().first, recent.last))
        .filter(of_these)
        .annotate(recent=when)
        .values_list("touchpoint_id", "recent")
        .annotate(*ADDED_UP)
    )
    return {(point, half): Totals(*totals) for point, half, *totals in rows}


def _spoken(
    point: graph.PointRow | None,
    servers: tuple[tuple[graph.PartyRow, bool], ...],
    sums: Mapping[tuple[int | None, int], Totals],
) -> Spoken:
    key = point.id if point else None
    now, before = sums.get((key, 1), NOTHING), sums.get((key, 0), NOTHING)
    return Spoken(point, servers, now.words, now.mean, now.moved_from(before))


def place_weeks(
    viewer: "Person", *, places: Collection[str], last: date, weeks: int = 26
) -> tuple[PlaceWeeks, ...]:
    """Scores per place and week, places by name; weeks without words are there and withheld."""
    if not people.may_read_words(viewer):
        return ()
    recent, names = span(last, weeks=weeks), tuple(places)
    return keep(
        ("place weeks", names, recent),
        as_of=as_of_words(),
        read=lambda: _place_weeks(names, recent),
    )


def _place_weeks(places: tuple[str, ...], recent: Span) -> tuple[PlaceWeeks, ...]:
    rows = (
        TouchpointWeek.objects.filter(week__range=(recent.first, recent.last))
        .filter(touchpoint__place__in=places)
        .order_by("touchpoint__place")
        .values_list("touchpoint__place", "week")
        .annotate(*ADDED_UP)
    )
    found: dict[str, dict[date, Totals]] = {}
    for place, week, *totals in rows:
        found.setdefault(place, {})[week] = Totals(*totals)
    return tuple(_place(place, sums, recent) for place, sums in found.items())


def _place(place: str, sums: Mapping[date, Totals], recent: Span) -> PlaceWeeks:
    return PlaceWeeks(place, week_rows(sums, recent), _added(sums.values()).mean)


@dataclass(frozen=True, slots=True)
class Story:
    """What the scores of one touchpoint tell: 26 weeks, the newest 13 against the 13 before.

    ``recent`` are the newest 13; ``count`` words and ``figure`` are theirs.
    """

    recent: Span
    weeks: tuple[Week, ...]
    count: int
    figure: Figure | Withheld
    change: Change


def touchpoint_story(viewer: "Person", touchpoint_id: int | None) -> Story:
    """Tell what the scores of one touchpoint allow to say."""
    if not people.may_read_words(viewer):
        return _story([])
    read = partial(_read_story, touchpoint_id)
    return keep(("story", touchpoint_id), as_of=as_of_words(), read=read)


def _read_story(touchpoint_id: int | None) -> Story:
    heard = TouchpointWeek.objects.filter(week__lte=this_week(), count__gt=0).order_by("-week")
    rows = heard.filter(touchpoint=touchpoint_id)[: 2 * HALF]
    return _story([(row.week, Totals.of(row)) for row in rows])


def _story(found: Sequence[tuple[date, Totals]]) -> Story:
    recent = span(latest_week() if found else this_week(), weeks=HALF)
    whole = Span(recent.before().first, recent.last)
    sums = dict(found)
    now = _added([sums.get(week, NOTHING) for week in recent.weeks])
    before = _added([sums.get(week, NOTHING) for week in recent.before().weeks])
    weeks = week_rows(sums, whole)
    return Story(recent, weeks, now.words, now.mean, now.moved_from(before))


def _added(rows: Collection[Totals]) -> Totals:
    return Totals(
        sum(row.words for row in rows),
        sum(row.scored for row in rows),
        sum(row.total for row in rows),
        sum(row.squares for row in rows),
    )


def week_rows(sums: Mapping[date, Totals], recent: Span) -> tuple[Week, ...]:
    """A row for every week of the span, those without words included."""
    found = [(week, sums.get(week, NOTHING)) for week in recent.weeks]
    return tuple(Week(week, totals.words, totals.mean) for week, totals in found)
