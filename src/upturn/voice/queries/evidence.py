"""What a trace is made of and shown with: weekly sums, weekly measures, and words of both sides."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from itertools import chain, groupby, zip_longest
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import F, Sum, Window
from django.db.models.functions import RowNumber

from upturn.graph import queries as graph
from upturn.people import queries as people
from upturn.stats import Withheld
from upturn.voice.engine.cleaning import clean, fold
from upturn.voice.engine.quotes import is_readable
from upturn.voice.models import Feedback, MeasureWeek, Reading, Side, ThemeWeek, TouchpointWeek
from upturn.voice.queries.measures import ANSWERS_NEEDED, WeekValue, may_show
from upturn.voice.queries.quotes import Part, QuoteRow
from upturn.voice.queries.weeks import monday

if TYPE_CHECKING:
    from upturn.people.models import Person

AMONG = 40
COMPLAINTS = 12
QUOTES = 5
THEMES = 3


class WeekSums(NamedTuple):
    """Scores of one week: how many, their sum and the sum of their squares."""

    week: date
    n: int
    total: float
    squares: float


@dataclass(frozen=True, slots=True)
class MeasureWeeks:
    """A measure of a party or of an edge with its weeks, oldest first.

    ``better`` is "more" or "less". Weeks with too few answers are left out, as on every page.
    """

    party_id: int | None
    edge_id: int | None
    name: str
    better: str
    low: float | None
    high: float | None
    weeks: tuple[WeekValue, ...]


def weekly_scores(
    viewer: "Person | None", *, since: date | None = None, points: Collection[int] | None = None
) -> dict[int, tuple[WeekSums, ...]]:
    """Customers' scores per touchpoint and week, oldest first; no viewer is a job. One query."""
    if viewer is not None and not people.may_read_words(viewer):
        return {}
    rows = TouchpointWeek.objects.filter(touchpoint__isnull=False, scored__gt=0)
    if since:
        rows = rows.filter(week__gte=monday(since))
    if points is not None:
        rows = rows.filter(touchpoint_id__in=points)
    ordered = rows.order_by("touchpoint_id", "week")
    sums = ordered.values_list("touchpoint_id", "week", "scored", "total", "squares")
    return {
        point: tuple(WeekSums(*row[1:]) for row in group)
        for point, group in groupby(sums.iterator(), key=lambda row: row[0])
    }


_OF_MEASURE = ("party_id", "edge_id", "name", "better", "low", "high")


def weekly_measures(
    viewer: "Person | None", *, since: date | None = None
) -> tuple[MeasureWeeks, ...]:
    """Weekly values of every measure in sight, oldest first; no viewer is a job. One query."""
    rows = MeasureWeek.objects.order_by("measure_id", "week")
    if since:
        rows = rows.filter(week__gte=monday(since))
    fields = (f"measure__{name}" for name in _OF_MEASURE)
    values = rows.values_list("measure_id", *fields, "week", "value", "n").iterator()
    found = []
    for _, group in groupby(values, key=lambda row: row[0]):
        weeks = list(group)
        kept = tuple(filter(may_show, (WeekValue(*row[7:]) for row in weeks)))
        party, edge, name, better, low, high = weeks[0][1:7]
        found.append(MeasureWeeks(party, edge, name, better, low, high, kept))
    return tuple(found) if viewer is None else _in_sight(viewer, found)


def _in_sight(viewer: "Person", found: Iterable[MeasureWeeks]) -> tuple[MeasureWeeks, ...]:
    parties, edges = graph.visible_parties(viewer), graph.visible_edges(viewer)
    return tuple(each for each in found if each.party_id in parties or each.edge_id in edges)


def servers_words(
    viewer: "Person", party_ids: Collection[int], *, since: date, until: date, most: int = QUOTES
) -> dict[int, tuple[QuoteRow, ...] | Withheld]:
    """What those who serve said in whole weeks; withheld below five different answers.

    The order and the choice come from the words alone, and no week, score or channel goes with
    them, so that nothing says who or when.
    """
    if not people.may_read_words(viewer):
        return {}
    said: dict[int, dict[str, str]] = {party: {} for party in party_ids}
    for party, text in _said_by(party_ids, since=monday(since), until=until):
        said[party].setdefault(fold(clean(text)), text)
    return {
        party: Withheld("too_few", ANSWERS_NEEDED, len(texts))
        if len(texts) < ANSWERS_NEEDED
        else tuple(_bare(text) for text in sorted(texts.values(), key=_drawn)[:most])
        for party, texts in said.items()
    }


def _said_by(party_ids: Collection[int], *, since: date, until: date) -> Iterable[tuple[int, str]]:
    newest = Window(
        RowNumber(), partition_by=F("party"), order_by=[F("week").desc(), F("pk").desc()]
    )
    rows = (
        Feedback.objects.filter(party__in=party_ids, side=Side.SERVERS)
        .filter(week__gte=since, week__lte=until)
        .annotate(nth=newest)
        .filter(nth__lte=AMONG)
    )
    return ((party or 0, text) for party, text in rows.values_list("party_id", "text"))


def _drawn(text: str) -> tuple[bool, bytes]:
    """Readable ones first, then by a digest, which has nothing to do with when it was said."""
    return not is_readable(clean(text)), blake2b(text.encode(), digest_size=8).digest()


def _bare(text: str) -> QuoteRow:
    return QuoteRow((Part(text, marked=False),), None, "", None)


def customer_quotes(
    viewer: "Person", touchpoint_id: int, *, since: date, until: date, most: int = QUOTES
) -> tuple[QuoteRow, ...]:
    """Complaints of some weeks at a touchpoint, from the themes most complained of, newest first.

    Repeated and bot-like words are passed over. Four queries at most, each from an index.
    """
    if not people.may_read_words(viewer):
        return ()
    weeks = (monday(since), until)
    complained_of = (
        ThemeWeek.objects.filter(touchpoint=touchpoint_id, week__range=weeks, negative__gt=0)
        .values_list("theme_id")
        .annotate(n=Sum("negative"))
        .order_by("-n", "theme_id")
    )
    of_themes = [_complaints(touchpoint_id, theme, weeks) for theme, _ in complained_of[:THEMES]]
    in_turn = chain.from_iterable(zip_longest(*of_themes))
    return tuple([row for row in in_turn if row is not None][:most])


def _complaints(point: int, theme: int | None, weeks: Sequence[date]) -> list[QuoteRow]:
    rows = (
        Reading.objects.filter(touchpoint=point, theme=theme, week__range=weeks, polarity=-1)
        .filter(feedback__near_duplicate=False, feedback__bot_like=False)
        .order_by("-week", "-feedback_id")
    )
    said = rows.values_list("feedback__text", "feedback__score", "feedback__channel", "week")
    found = [
        QuoteRow((Part(text, marked=False),), score, channel, week)
        for text, score, channel, week in said[:COMPLAINTS]
    ]
    return sorted(found, key=lambda row: not is_readable(clean(row.parts[0].text)))[:QUOTES]
