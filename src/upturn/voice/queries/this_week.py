"""What customers said in the last whole week, for home pages."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Sum
from django.utils import timezone

from upturn.graph import queries as graph
from upturn.people import queries as people
from upturn.voice.models import Theme, ThemeWeek, TouchpointWeek
from upturn.voice.queries.quotes import QuoteRow, best_quotes
from upturn.voice.queries.weeks import WEEK, Span, monday, span

if TYPE_CHECKING:
    from django.db.models import QuerySet

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
    points = _touchpoints_of(viewer, frozenset(parties))
    if not points:
        return None
    ended = span(monday(timezone.localdate()) - WEEK, weeks=1)
    said = TouchpointWeek.objects.filter(touchpoint__in=points, week=ended.last)
    count = said.aggregate(total=Sum("count"))["total"] or 0
    return WeekInWords(ended.first, ended.end, count, _top_themes(points, ended))


def _touchpoints_of(viewer: "Person", parties: frozenset[int]) -> dict[int, str]:
    now, level, seen = graph.snapshot(), parties, parties
    while level:
        points = graph.touchpoints(viewer).filter(serving__party__in=level)
        if found := dict(points.values_list("pk", "key")):
            return found
        level = frozenset(e.served_id for p in level for e in now.up.get(p, ())) - seen
        seen |= level
    return {}


def _top_themes(points: Mapping[int, str], ended: Span) -> tuple[ThemeOfWeek, ...]:
    """The themes most spoken of; three queries however many there are."""
    rows = ThemeWeek.objects.filter(touchpoint__in=points, theme__isnull=False)
    here: dict[int, Counter[int]] = {}
    for theme, point, count in rows.filter(week=ended.last).values_list(
        "theme_id", "touchpoint_id", "count"
    ):
        here.setdefault(theme, Counter())[point] += count
    top = sorted(here, key=lambda theme: (-here[theme].total(), theme))[:SHOWN]
    names = Theme.objects.in_bulk(top)
    usual, quotes = _usual(rows, top, ended.before()), best_quotes(points, top, each=QUOTES)
    return tuple(
        ThemeOfWeek(
            key=names[theme].key,
            name=names[theme].name,
            touchpoint_key=points[here[theme].most_common(1)[0][0]],
            count=here[theme].total(),
            usual=usual.get(theme),
            quotes=quotes.get(theme, ()),
        )
        for theme in top
        if here[theme].total()
    )


def _usual(
    rows: "QuerySet[ThemeWeek]", themes: list[int], before: Span
) -> dict[int, tuple[int, int]]:
    """Per theme the range that is left when the lowest and the highest week are taken away."""
    earlier = span(before.last, weeks=USUAL)
    sums = rows.filter(week__range=(earlier.first, earlier.last)).values_list("theme_id", "week")
    counts = {(theme, week): n for theme, week, n in sums.annotate(Sum("count"))}
    if not any(week == earlier.first for _, week in counts):
        return {}
    weeks = {t: sorted(counts.get((t, w), 0) for w in earlier.weeks) for t in themes}
    return {theme: (values[1], values[-2]) for theme, values in weeks.items()}
