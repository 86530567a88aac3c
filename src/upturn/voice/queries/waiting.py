"""What the reading job asks; it acts for nobody, so there is no viewer."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import NamedTuple

from django.db import connection
from django.db.models import Max, Sum

from upturn.voice.models import Feedback, Reading, Tally, ThemeWeek, TouchpointWeek

Examples = tuple[tuple[str, ...], tuple[str, ...]]

EXAMPLES_SEEN = 1_000
SCORED_SEEN = 4_000


class Waiting(NamedTuple):
    """A comment that is to be read."""

    id: int
    text: str
    score: float | None
    touchpoint_id: int | None
    place: str
    week: date


def unread(limit: int) -> list[Waiting]:
    """Comments that nobody has read, the oldest first; an index holds only these."""
    rows = Feedback.objects.filter(unread=True).order_by("pk")
    return [Waiting(*row) for row in rows.values_list(*_FIELDS)[:limit]]


def unread_count() -> int:
    """How many comments wait to be read for the first time."""
    with connection.cursor() as cursor:  # by hand, for every home page asks it
        cursor.execute("SELECT COUNT(*) FROM voice_feedback WHERE unread")
        count: int = cursor.fetchone()[0]
    return count


def again_before() -> int | None:
    """Below which id comments are to be read once more, if any are."""
    return Tally.objects.values_list("again_before", flat=True).first()


def again(before: int, limit: int) -> list[Waiting]:
    """Comments to be read once more, the newest first."""
    rows = Feedback.objects.filter(pk__lt=before, unread=False).order_by("-pk")
    return [Waiting(*row) for row in rows.values_list(*_FIELDS)[:limit]]


_FIELDS = ("id", "text", "score", "touchpoint_id", "place", "week")


def unquoted(most: int) -> list[tuple[int | None, int | None]]:
    """Touchpoints and themes whose sums changed since their quotes were chosen, loudest first."""
    rows = ThemeWeek.objects.filter(quoted=False).values_list("touchpoint_id", "theme_id")
    pairs = rows.annotate(words=Sum("count")).order_by("-words", "touchpoint_id", "theme_id")
    return [(touchpoint, theme) for touchpoint, theme, _ in pairs[:most]]


def latest_words(
    touchpoint_id: int | None, theme_id: int | None, *, most: int
) -> list[tuple[int, str]]:
    """Ids and texts of the newest comments at a touchpoint on a theme."""
    rows = Reading.objects.filter(touchpoint=touchpoint_id, theme=theme_id)
    newest = rows.order_by("-week", "-feedback_id")
    return list(newest.values_list("feedback_id", "feedback__text")[:most])


def examples(keys: Mapping[int, str], *, most: int) -> Examples:
    """Texts that came with their touchpoint, and its key, a few for each.

    They are taken below a round number of comments, so that they stay the same for a while and a
    reader taught by them can be kept.
    """
    newest = Feedback.objects.aggregate(newest=Max("id"))["newest"] or 0
    top = newest - newest % EXAMPLES_SEEN or newest
    rows = Feedback.objects.filter(pk__lte=top, touchpoint__isnull=False).order_by("-pk")
    texts: dict[int, list[str]] = {}
    for point, text in rows.values_list("touchpoint_id", "text")[:EXAMPLES_SEEN]:
        found = texts.setdefault(point, [])
        if point in keys and len(found) < most:
            found.append(text)
    pairs = [(text, keys[point]) for point, found in sorted(texts.items()) for text in found]
    return tuple(text for text, _ in pairs), tuple(key for _, key in pairs)


def scored() -> tuple[tuple[str, ...], tuple[float, ...]]:
    """Comments with their scores, to learn how praise and blame are worded here.

    Taken below a round number of comments, as `examples` are.
    """
    newest = Feedback.objects.aggregate(newest=Max("id"))["newest"] or 0
    top = newest - newest % EXAMPLES_SEEN or newest
    rows = Feedback.objects.filter(pk__lte=top, score__isnull=False).order_by("-pk")
    pairs = rows.values_list("text", "score")[:SCORED_SEEN]
    return tuple(text for text, _ in pairs), tuple(score or 0.0 for _, score in pairs)


def parties_at(touchpoints: Collection[int]) -> list[int]:
    """Ids of the parties that serve at these touchpoints."""
    rows = TouchpointWeek.objects.filter(
        touchpoint__in=touchpoints, touchpoint__serving__party__isnull=False
    )
    parties = rows.order_by("touchpoint__serving__party_id").values_list(
        "touchpoint__serving__party_id", flat=True
    )
    return [party for party in parties.distinct() if party is not None]
