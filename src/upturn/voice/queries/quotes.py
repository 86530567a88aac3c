"""Words chosen by the reading job to represent a theme, ready to be shown with their mark."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from upturn.people import queries as people
from upturn.voice.models import Quote

if TYPE_CHECKING:
    from upturn.people.models import Person

SHORT = 90  # characters that still fit beside others


class Part(NamedTuple):
    """A stretch of a comment; ``marked`` words are those the theme was found by."""

    text: str
    marked: bool


@dataclass(frozen=True, slots=True)
class QuoteRow:
    """Words as they came, in parts that follow each other without a gap.

    Servers' words come without a week, for few say something in a week.
    """

    parts: tuple[Part, ...]
    score: float | None
    channel: str
    week: date | None


def _quote_row(quote: Quote) -> QuoteRow:
    said = quote.feedback
    parts = tuple(_cut(said.text, quote.marks))
    return QuoteRow(parts, said.score, said.channel, said.week)


def _cut(text: str, marks: Sequence[tuple[int, int]]) -> Iterator[Part]:
    at = 0
    for start, end in marks:
        yield Part(text[at:start], marked=False)
        yield Part(text[start:end], marked=True)
        at = end
    yield Part(text[at:], marked=False)


def best_quotes(
    points: Collection[int], themes: Collection[int], *, each: int
) -> dict[int, tuple[QuoteRow, ...]]:
    """Per theme the words that represent it best at these touchpoints, the newest first."""
    rows = (
        Quote.objects.filter(touchpoint__in=points, theme__in=themes, position__lt=each)
        .select_related("feedback")
        .order_by("position", "-feedback__week", "pk")
    )
    groups: dict[int, list[QuoteRow]] = {}
    for row in rows:
        found = groups.setdefault(row.theme_id or 0, [])
        if len(found) < each:
            found.append(_quote_row(row))
    return {theme: tuple(found) for theme, found in groups.items()}


def quotes_at(touchpoint_id: int | None, *, each: int) -> dict[int | None, tuple[QuoteRow, ...]]:
    """Per theme the words that represent it at one touchpoint."""
    rows = (
        Quote.objects.filter(touchpoint=touchpoint_id, position__lt=each)
        .select_related("feedback")
        .order_by("position", "pk")
    )
    groups: dict[int | None, list[QuoteRow]] = {}
    for row in rows:
        groups.setdefault(row.theme_id, []).append(_quote_row(row))
    return {theme: tuple(found) for theme, found in groups.items()}


def one_quote_each(viewer: "Person", points: Collection[int]) -> dict[int, QuoteRow]:
    """Per touchpoint short words nearest to the centre of a theme, the newest; one query."""
    if not people.may_read_words(viewer):
        return {}
    rows = (
        Quote.objects.filter(touchpoint__in=points, theme__isnull=False, position=0)
        .select_related("feedback")
        .order_by("touchpoint_id", "-feedback__week", "theme_id", "pk")
    )
    found: dict[int, Quote] = {}
    for row in rows:
        kept = found.setdefault(row.touchpoint_id or 0, row)
        if len(kept.feedback.text) > SHORT >= len(row.feedback.text):
            found[row.touchpoint_id or 0] = row
    return {point: _quote_row(row) for point, row in found.items()}
