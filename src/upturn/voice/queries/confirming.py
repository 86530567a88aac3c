"""Which readings to look at first, and how often the reader was right."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import F
from django.db.models.functions import Abs

from upturn.graph import queries as graph
from upturn.people import queries as people
from upturn.stats import Figure, Withheld, share_interval
from upturn.voice.engine.reading import CANNOT_TELL_BELOW
from upturn.voice.models import Confirmation, Lesson, Reading, Tally, Theme
from upturn.voice.queries.themes import all_themes, may_write_themes

if TYPE_CHECKING:
    from upturn.people.models import Person

AMONG = 1_000
COUNTED = 2_000
SHOWN = 8
SHOWN_LEAST = 5
A_LESSON = 20
SURE_FROM = 0.6


class Doubtful(NamedTuple):
    """A reading as it stands."""

    id: int
    touchpoint: int | None
    theme: int | None
    polarity: int
    confidence: float
    week: date
    text: str
    score: float | None
    channel: str
    place: str
    near_duplicate: bool
    bot_like: bool
    masked: int
    aspects: list[tuple[int, int, int | None, int]] | None


class Clause(NamedTuple):
    """One clause of a comment with its own theme and polarity."""

    text: str
    theme: str
    polarity: int


@dataclass(frozen=True, slots=True)
class ToConfirm:
    """A comment with what was understood; ``touchpoints`` it may belong to have id and name."""

    row: Doubtful
    touchpoints: tuple[tuple[int, str], ...]
    clauses: tuple[Clause, ...]


_OF_FEEDBACK = ("text", "score", "channel", "place", "near_duplicate", "bot_like", "masked")
_FIELDS = (
    *("feedback_id", "touchpoint_id", "theme_id", "polarity", "theme_confidence", "week"),
    *(f"feedback__{name}" for name in _OF_FEEDBACK),
    "aspects",
)


def most_doubtful(most: int, *, but: Collection[int] = ()) -> list[Doubtful]:
    """Of the newest comments those the reader is least sure of: nearest to "cannot tell".

    Only the newest `AMONG` are looked at, so that the page costs the same among a million.
    """
    newest = Reading.objects.order_by("-feedback_id").values("pk")[:AMONG]
    waiting = Reading.objects.filter(pk__in=newest, confirmed=False).exclude(pk__in=but)
    doubt = Abs(F("theme_confidence") - CANNOT_TELL_BELOW)
    rows = waiting.order_by(doubt, "-feedback_id").values_list(*_FIELDS)
    return [Doubtful(*row) for row in rows[:most]]


@dataclass(frozen=True, slots=True)
class Doubts:
    """Comments to look at, and ids and names of the themes they may be about.

    The first nine carry the number of their key.
    """

    rows: tuple[ToConfirm, ...]
    themes: tuple[tuple[int, str], ...]


def to_confirm(
    viewer: "Person", *, skipped: Collection[int] = (), first: int | None = None
) -> Doubts:
    """Comments to look at, the most doubtful first; ``first`` is one to look at again."""
    if not may_write_themes(viewer) or not people.may_read_words(viewer):
        return Doubts((), ())
    rows = most_doubtful(SHOWN, but=skipped)
    if first is not None:
        again = Reading.objects.filter(pk=first).values_list(*_FIELDS)
        rows = [*(Doubtful(*row) for row in again), *(row for row in rows if row.id != first)]
    points, themes = graph.points_seen(viewer), tuple(all_themes(viewer))
    names = {theme.pk: theme.name for theme in themes}
    found = (ToConfirm(row, _points(row, points), _clauses(row, names)) for row in rows)
    return Doubts(tuple(found), tuple(_numbered(themes)))


def _numbered(themes: Iterable[Theme]) -> Iterator[tuple[int, str]]:
    for number, theme in enumerate(themes, start=1):
        yield theme.pk, f"{number} · {theme.name}" if number < 10 else theme.name


def _points(row: Doubtful, points: list[graph.PointRow]) -> tuple[tuple[int, str], ...]:
    """Touchpoints of the comment's place; all where it names none."""
    own = next((point.place for point in points if point.id == row.touchpoint), "")
    place = row.place or own
    return tuple((point.id, point.name) for point in points if not place or point.place == place)


def _clauses(row: Doubtful, names: Mapping[int, str]) -> tuple[Clause, ...]:
    return tuple(
        Clause(row.text[start:end], names.get(theme or 0, ""), polarity)
        for start, end, theme, polarity in row.aspects or ()
    )


def until_lesson() -> int:
    """How many confirmations are missing until the reader learns from them again."""
    last = Lesson.objects.order_by("-pk").first()
    return _missing_after(last)


def _missing_after(last: Lesson | None) -> int:
    upto = last.upto if last else 0
    return max(0, A_LESSON - Confirmation.objects.filter(pk__gt=upto).count())


@dataclass(frozen=True, slots=True)
class Lessons:
    """How far the next lesson is, what the last one changed, and how far reading again has come.

    ``otherwise`` of ``looked_at`` were understood otherwise; none while the job has not looked.
    About ``again`` comments are still to be read once more.
    """

    missing: int
    confirmations: int
    looked_at: int
    otherwise: int | None
    again: int

    @property
    def learning(self) -> bool:
        """Whether the reader is being taught just now."""
        return self.confirmations > 0 and self.otherwise is None


def lessons(viewer: "Person") -> Lessons | None:
    """What confirming has done so far; none for those who may not confirm."""
    if not may_write_themes(viewer):
        return None
    last = Lesson.objects.order_by("-pk").first()
    before = Tally.objects.values_list("again_before", flat=True).first()
    return Lessons(
        missing=_missing_after(last),
        confirmations=last.confirmations if last else 0,
        looked_at=last.looked_at if last else 0,
        otherwise=last.otherwise if last else None,
        again=before or 0,
    )


@dataclass(frozen=True, slots=True)
class HitRate:
    """How often the theme was right, by how sure the reader was; ``sure`` names the class."""

    sure: str
    share: Figure | Withheld


def hit_rates(viewer: "Person") -> tuple[HitRate, ...]:
    """How often the reader was right, on the newest `COUNTED` comments that people confirmed."""
    if not may_write_themes(viewer):
        return ()
    newest = Confirmation.objects.order_by("-pk").values_list("theme_confidence", "theme_right")
    told: dict[str, list[bool]] = {"sure": [], "fairly": [], "cannot_tell": []}
    for confidence, right in newest[:COUNTED]:
        told[_class_of(confidence)].append(right)
    return tuple(HitRate(name, _rate(sum(right), len(right))) for name, right in told.items())


def _class_of(confidence: float) -> str:
    if confidence < CANNOT_TELL_BELOW:
        return "cannot_tell"
    return "sure" if confidence >= SURE_FROM else "fairly"


def _rate(hits: int, n: int) -> Figure | Withheld:
    return share_interval(hits, n) if n >= SHOWN_LEAST else Withheld("too_few", SHOWN_LEAST, n)
