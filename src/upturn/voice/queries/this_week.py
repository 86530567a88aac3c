"""What customers said in the last whole week, for home pages."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Sum

from upturn.graph import queries as graph
from upturn.people import queries as people
from upturn.record.kept import keep
from upturn.voice.models import ThemeWeek
from upturn.voice.queries.kept import as_of_words
from upturn.voice.queries.quotes import QuoteRow, best_quotes
from upturn.voice.queries.weeks import WEEK, Span, span, this_week

if TYPE_CHECKING:
    from upturn.people.models import Person

USUAL = 12
SHOWN = 3
QUOTES = 2


@dataclass(frozen=True, slots=True)
class ThemeOfWeek:
    """A theme with its words of the week.

    ``usual`` holds ten of the twelve weeks before, none if there are not yet twelve.
    ``touchpoint_key`` is where most of these words were said: the page to open.
    """

    key: str
    name: str
    touchpoint_key: str
    count: int
    usual: tuple[int, int] | None
    quotes: tuple[QuoteRow, ...]


@dataclass(frozen=True, slots=True)
class WeekInWords:
    """One week, Monday to Sunday: how many customers left words, and their top themes."""

    first: date
    last: date
    count: int
    themes: tuple[ThemeOfWeek, ...]


def week_in_words(viewer: "Person", parties: Collection[int]) -> WeekInWords | None:
    """What customers said last week where these parties serve, in their sight or behind it.

    None if the viewer may not read words, or if the parties serve at no touchpoint. A party that
    serves at none itself is given those of the parties that it serves, the nearest ones.
    """
    if not people.may_read_words(viewer):
        return None
    points = graph.points_above(frozenset(parties))
    if not points:
        return None
    return keep(("week", points), as_of=as_of_words(), read=lambda: _week_at(points))


class _Said(NamedTuple):
    """Words of one week on one theme, at all touchpoints together."""

    theme: int | None
    key: str
    name: str
    week: date
    words: int


def _week_at(points: frozenset[int]) -> WeekInWords:
    ended = span(this_week() - WEEK, weeks=1)
    of_themes = ("theme_id", "theme__key", "theme__name", "week")
    rows = ThemeWeek.objects.filter(
        touchpoint__in=points, week__range=(span(ended.last, weeks=1 + USUAL).first, ended.last)
    )
    said = [_Said(*row) for row in rows.values_list(*of_themes).annotate(Sum("count"))]
    last = [here for here in said if here.week == ended.last]
    themes = [here for here in last if here.theme is not None and here.words]
    top = sorted(themes, key=lambda here: (-here.words, here.theme))[:SHOWN]
    count = sum(here.words for here in last)
    return WeekInWords(ended.first, ended.end, count, _told(top, points, _usual(said, ended)))


def _told(
    top: Sequence[_Said], points: frozenset[int], usual: Mapping[int | None, tuple[int, int]]
) -> tuple[ThemeOfWeek, ...]:
    """Add the touchpoint to open and the quotes; two queries however many themes there are."""
    if not top:
        return ()
    ids, known = [here.theme for here in top if here.theme], graph.snapshot().points
    there = ThemeWeek.objects.filter(touchpoint__in=points, theme__in=ids, week=top[0].week)
    loudest_last = there.order_by("count", "-touchpoint_id")
    pairs = loudest_last.values_list("theme_id", "touchpoint_id")
    loudest = {theme or 0: point or 0 for theme, point in pairs}
    quotes = best_quotes(points, ids, each=QUOTES)
    return tuple(
        ThemeOfWeek(
            key=here.key,
            name=here.name,
            touchpoint_key=known[loudest[here.theme or 0]].key,
            count=here.words,
            usual=usual.get(here.theme),
            quotes=quotes.get(here.theme or 0, ()),
        )
        for here in top
    )


def _usual(said: Sequence[_Said], ended: Span) -> dict[int | None, tuple[int, int]]:
    """Per theme the range that is left when the lowest and the highest week are taken away."""
    earlier = span(ended.before().last, weeks=USUAL)
    counts = {(here.theme, here.week): here.words for here in said if here.theme is not None}
    if not any(week == earlier.first for _, week in counts):
        return {}
    themes = {theme for theme, _ in counts}
    weeks = {t: sorted(counts.get((t, w), 0) for w in earlier.weeks) for t in themes}
    return {theme: (values[1], values[-2]) for theme, values in weeks.items()}
