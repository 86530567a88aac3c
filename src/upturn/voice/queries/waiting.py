"""What the reading job asks; it acts for nobody, so there is no viewer."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import Exists, Max, Sum

from upturn.voice.models import (
    Feedback,
    Lesson,
    ReaderVersion,
    Reading,
    Side,
    Tally,
    ThemeWeek,
    TouchpointWeek,
)
from upturn.voice.queries.weeks import this_week

Examples = tuple[tuple[str, ...], tuple[str, ...]]

EXAMPLES_SEEN = 1_000
SCORED_SEEN = 4_000
CONFIRMED_SEEN = 2_000
REPEATS_SEEN = 1_000
UNTHEMED_SEEN = 5_000
WEEKS_SEARCHED = 13


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
    """How many comments wait to be read for the first time, as of now."""
    return Feedback.objects.filter(unread=True).count()


class Afterwards(NamedTuple):
    """What is left when nothing is unread: a lesson to learn, and what to read once more.

    Comments below the id ``again_before`` are to be read again; none means that none are.
    """

    again_before: int | None
    lesson: bool


def afterwards() -> Afterwards:
    """What is left to do when nothing is unread; one query."""
    lesson = Exists(Lesson.objects.filter(otherwise__isnull=True))
    row = Tally.objects.values_list("again_before", lesson).first()
    return Afterwards(*row) if row else Afterwards(None, lesson=False)


def again(before: int, limit: int) -> list[Waiting]:
    """Comments to be read once more, the newest first."""
    read = Feedback.objects.filter(pk__lt=before, unread=False, side=Side.CUSTOMERS)
    rows = read.order_by("-pk")
    return [Waiting(*row) for row in rows.values_list(*_FIELDS)[:limit]]


def read_by_another(embedder: str) -> bool:
    """Whether a reading stands that an embedder of another name made, and no reading again mends.

    What a person confirmed stands whoever read it first. Nearly always this is one small query.
    """
    others = ReaderVersion.objects.exclude(name__startswith=f"{embedder},").values_list("pk")
    made = Reading.objects.filter(confirmed=False, version__in=[pk for (pk,) in others])
    before = afterwards().again_before
    return (made if before is None else made.filter(pk__gte=before)).exists()


def these(ids: Collection[int]) -> list[Waiting]:
    """Comments by their ids, in the order they came."""
    rows = Feedback.objects.filter(pk__in=ids).order_by("pk")
    return [Waiting(*row) for row in rows.values_list(*_FIELDS)]


_FIELDS = ("id", "text", "score", "touchpoint_id", "place", "week")


class SaidWhen(NamedTuple):
    """Words and their moment."""

    id: int
    text: str
    at: datetime


def said_around(ids: Collection[int], *, within_s: float) -> list[SaidWhen]:
    """These comments and those stored just before them that were said at about the same time."""
    first = min(ids)
    before = Feedback.objects.filter(
        pk__lt=first, pk__gte=first - REPEATS_SEEN, side=Side.CUSTOMERS
    )
    said = ("pk", "text", "at")
    these = [SaidWhen(*row) for row in Feedback.objects.filter(pk__in=ids).values_list(*said)]
    if not these:
        return []
    reach = timedelta(seconds=within_s)
    begins, ends = min(one.at for one in these) - reach, max(one.at for one in these) + reach
    near = [SaidWhen(*row) for row in before.values_list(*said)]
    return [*(one for one in near if begins <= one.at <= ends), *these]


class Confirmed(NamedTuple):
    """A comment of which a person said what it speaks of."""

    text: str
    theme: int | None
    polarity: int


def confirmed() -> list[Confirmed]:
    """What people confirmed up to the last lesson, the newest; later ones wait for the next."""
    upto = Lesson.objects.order_by("-pk").values_list("upto", flat=True).first()
    if upto is None:
        return []
    rows = Reading.objects.filter(confirmed=True, feedback__confirmation__pk__lte=upto)
    newest = rows.order_by("-feedback__confirmation__pk")[:CONFIRMED_SEEN]
    return [Confirmed(*row) for row in newest.values_list("feedback__text", "theme_id", "polarity")]


class Unthemed(NamedTuple):
    """Words on no theme, and their week."""

    id: int
    text: str
    week: date


def unthemed() -> list[Unthemed]:
    """The newest comments on no written theme, without repeated and bot-like ones."""
    since = this_week() - timedelta(weeks=WEEKS_SEARCHED)
    rows = Feedback.objects.filter(reading__isnull=False, reading__theme__isnull=True)
    newest = rows.filter(week__gte=since, near_duplicate=False, bot_like=False).order_by("-pk")
    return [Unthemed(*row) for row in newest.values_list("pk", "text", "week")[:UNTHEMED_SEEN]]


def themes_are_due() -> bool:
    """Whether this week's words were not yet searched for themes."""
    searched = Tally.objects.values_list("themes_week", flat=True).first()
    return searched != this_week()


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
