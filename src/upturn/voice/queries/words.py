"""The words themselves, newest first, a page at a time."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from upturn.people import queries as people
from upturn.record.kept import keep
from upturn.voice.models import Feedback, Reading, Side, TouchpointWeek
from upturn.voice.queries.kept import as_of_words

if TYPE_CHECKING:
    from upturn.people.models import Person

PAGE = 50
POLARITIES = {"good": 1, "bad": -1, "neither": 0}
_PLACE = re.compile(r"(\d{4}-\d{2}-\d{2})\.(\d{1,18})", re.ASCII)


class Mark(NamedTuple):
    """Where a page ends: the next one begins with older words."""

    week: date
    feedback_id: int

    def __str__(self) -> str:
        return f"{self.week:%Y-%m-%d}.{self.feedback_id}"

    @classmethod
    def parse(cls, text: str) -> "Mark | None":
        """The mark an address carries; None if it carries none that can be."""
        found = _PLACE.fullmatch(text)
        try:
            return cls(date.fromisoformat(found[1]), int(found[2])) if found else None
        except ValueError:
            return None


class Said(NamedTuple):
    """A comment as pages and tables show it."""

    pk: int
    week: date
    text: str
    score: float | None
    channel: str


@dataclass(frozen=True, slots=True)
class Page:
    """Comments, newest first, and where to go on; ``older`` is empty on the last page."""

    words: tuple[Said, ...]
    older: str


def _readings(
    viewer: "Person", touchpoint_id: int | None, theme_id: int | None, *, polarity: str
) -> QuerySet[Reading]:
    if not people.may_read_words(viewer):
        return Reading.objects.none()
    rows = Reading.objects.filter(touchpoint=touchpoint_id, theme=theme_id)
    if polarity in POLARITIES:
        rows = rows.filter(polarity=POLARITIES[polarity])
    return rows.order_by("-week", "-feedback_id")


_SAID = ("feedback_id", "week", "feedback__text", "feedback__score", "feedback__channel")


def words_page(
    viewer: "Person",
    touchpoint_id: int | None,
    theme_id: int | None,
    *,
    polarity: str = "",
    after: Mark | None = None,
) -> Page:
    """Fifty comments at one touchpoint on one theme, from the index alone."""
    rows = _readings(viewer, touchpoint_id, theme_id, polarity=polarity)
    if after:
        rows = rows.filter(
            Q(week__lt=after.week) | Q(week=after.week, feedback__lt=after.feedback_id)
        ).filter(week__lte=after.week)
    found = [Said(*row) for row in rows.values_list(*_SAID)[: PAGE + 1]]
    more = str(Mark(found[PAGE - 1].week, found[PAGE - 1].pk)) if len(found) > PAGE else ""
    return Page(tuple(found[:PAGE]), more)


def all_words(
    viewer: "Person", touchpoint_id: int | None, theme_id: int | None, *, polarity: str = ""
) -> Iterator[Said]:
    """Every comment at one touchpoint on one theme, streamed for an export."""
    rows = _readings(viewer, touchpoint_id, theme_id, polarity=polarity)
    return (Said(*row) for row in rows.values_list(*_SAID).iterator(chunk_size=500))


class Heard(NamedTuple):
    """A comment with what the reader made of it; the last three are none until it is read."""

    id: int
    text: str
    score: float | None
    at: datetime
    channel: str
    touchpoint: str | None
    theme: str | None
    polarity: int | None


def feed(viewer: "Person", *, after: int, limit: int) -> list[Heard]:
    """Customers' comments in the order they were stored, for programs."""
    if not people.may_read_words(viewer):
        return []
    rows = Feedback.objects.filter(pk__gt=after, side=Side.CUSTOMERS).order_by("pk")
    return [
        Heard(*row)
        for row in rows.values_list(
            "id",
            "text",
            "score",
            "at",
            "channel",
            Coalesce("reading__touchpoint__key", "touchpoint__key"),
            "reading__theme__key",
            "reading__polarity",
        )[:limit]
    ]


def texts_of(fingerprints: Collection[bytes]) -> dict[bytes, str]:
    """Stored texts by fingerprint."""
    rows = Feedback.objects.filter(fingerprint__in=list(fingerprints))
    return {bytes(one): text for one, text in rows.values_list("fingerprint", "text")}


def _words_read() -> int:
    return TouchpointWeek.objects.aggregate(total=Sum("count"))["total"] or 0


def words_kept(viewer: "Person") -> int:
    """How many comments are kept, from the sums and the few that wait to be read."""
    read = keep("words kept", as_of=as_of_words(), read=_words_read)
    waiting = Feedback.objects.filter(unread=True, reading__isnull=True).count()
    return read + waiting if viewer.is_active else 0
