"""What is spoken of at a touchpoint, theme by theme."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Min, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from upturn.people import queries as people
from upturn.record.kept import keep
from upturn.stats import Figure, Withheld, share_interval
from upturn.voice.models import Theme, ThemeWeek
from upturn.voice.queries.kept import as_of_words
from upturn.voice.queries.quotes import QuoteRow, quotes_at
from upturn.voice.queries.weeks import Span

if TYPE_CHECKING:
    from upturn.people.models import Person

OTHER = "_other"
QUOTES = 2
WRITERS = frozenset({"leader", "executive", "facilitator", "administrator"})


@dataclass(frozen=True, slots=True)
class ThemeAt:
    """A theme at one touchpoint; ``name`` is empty for words on no theme that is known.

    ``since`` is the first week of all, ``unhappy`` the share of the recent words that complain.
    """

    key: str
    name: str
    count: int
    since: date
    unhappy: Figure | Withheld
    quotes: tuple[QuoteRow, ...]


def all_themes(viewer: "Person") -> QuerySet[Theme]:
    """Every theme the reader compares with, by name."""
    return Theme.objects.order_by("name") if people.may_read_words(viewer) else Theme.objects.none()


def may_write_themes(viewer: "Person") -> bool:
    """Themes decide what everybody reads first, so they are for those who lead or set up."""
    return viewer.is_active and viewer.role in WRITERS


def theme(viewer: "Person", key: str) -> Theme | None:
    """The theme with this key, or None for words on no theme.

    Raises
    ------
    ObjectDoesNotExist
        If there is none, or the viewer may not read words.
    """
    if not people.may_read_words(viewer):
        raise ObjectDoesNotExist
    return None if key == OTHER else Theme.objects.get(key=key)


def themes_at(viewer: "Person", touchpoint_id: int | None, *, recent: Span) -> tuple[ThemeAt, ...]:
    """Themes by how many recent words speak of them, words on no theme last."""
    if not people.may_read_words(viewer):
        return ()
    return keep(
        ("themes", touchpoint_id, recent),
        as_of=as_of_words(),
        read=lambda: _themes_at(touchpoint_id, recent),
    )


def _themes_at(touchpoint_id: int | None, recent: Span) -> tuple[ThemeAt, ...]:
    now = Q(week__gte=recent.first, week__lte=recent.last)
    rows = (
        ThemeWeek.objects.filter(touchpoint=touchpoint_id, count__gt=0)
        .values_list("theme_id", "theme__key", "theme__name")
        .annotate(
            n=Coalesce(Sum("count", filter=now), 0),
            bad=Coalesce(Sum("negative", filter=now), 0),
            since=Min("week"),
        )
        .order_by("-n", "theme__name")
    )
    quotes = quotes_at(touchpoint_id, each=QUOTES)
    found = [
        ThemeAt(key or OTHER, name or "", n, since, share_interval(bad, n), quotes.get(pk, ()))
        for pk, key, name, n, bad, since in rows
    ]
    return tuple(sorted(found, key=lambda theme: theme.key == OTHER))
