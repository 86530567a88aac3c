"""Themes that nobody has written, found in the words by the weekly search."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from upturn.people import queries as people
from upturn.voice.models import Feedback, FoundTheme, Tally
from upturn.voice.queries.quotes import Part, QuoteRow
from upturn.voice.queries.themes import may_write_themes

if TYPE_CHECKING:
    from upturn.people.models import Person


@dataclass(frozen=True, slots=True)
class Found:
    """A theme without a name yet: its words, how many comments, and those nearest to its centre."""

    id: int
    words: str
    count: int
    since: date
    quotes: tuple[QuoteRow, ...]

    @property
    def name(self) -> str:
        """A name to begin with: its first two words."""
        return ", ".join(self.words.split(", ")[:2]).capitalize()

    @property
    def sentence(self) -> str:
        """A sentence to begin with: the words nearest to its centre."""
        return self.quotes[0].parts[0].text if self.quotes else self.words


@dataclass(frozen=True, slots=True)
class FoundThemes:
    """What was found in the words, when, and the words that were left out of it."""

    themes: tuple[Found, ...]
    week: date | None
    unsaid: str


def found_themes(viewer: "Person") -> FoundThemes:
    """What customers speak of that no written theme covers, most spoken of first."""
    if not may_write_themes(viewer) or not people.may_read_words(viewer):
        return FoundThemes((), None, "")
    rows = list(FoundTheme.objects.filter(named__isnull=True).order_by("-count", "pk"))
    said = Feedback.objects.in_bulk([pk for row in rows for pk in row.nearest])
    week, unsaid = Tally.objects.values_list("themes_week", "unsaid").first() or (None, "")
    found = [
        Found(row.pk, row.words, row.count, row.first_week, _quotes(row, said)) for row in rows
    ]
    return FoundThemes(tuple(found), week, unsaid)


def _quotes(row: FoundTheme, said: dict[int, Feedback]) -> tuple[QuoteRow, ...]:
    nearest = [said[pk] for pk in row.nearest if pk in said]
    return tuple(
        QuoteRow((Part(one.text, marked=False),), one.score, one.channel, one.week)
        for one in nearest
    )


def found_theme(viewer: "Person", found_id: int) -> FoundTheme | None:
    """One of them, while it has no name."""
    if not may_write_themes(viewer):
        return None
    return FoundTheme.objects.filter(pk=found_id, named__isnull=True).first()
