"""Which readings to look at first, and how often the reader was right."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from django.conf import settings
from django.db import connection

from upturn.graph import queries as graph
from upturn.people import queries as people
from upturn.stats import Figure, Withheld, share_interval
from upturn.voice.engine import measured_languages
from upturn.voice.engine.reading import CANNOT_TELL_BELOW
from upturn.voice.engine.reading_languages import UNKNOWN, guess_language
from upturn.voice.models import Reading, Theme
from upturn.voice.queries import statements
from upturn.voice.queries.themes import all_themes, may_write_themes

if TYPE_CHECKING:
    from upturn.people.models import Person

AMONG = 1_000
COUNTED = 2_000
SHOWN = 8
SHOWN_LEAST = 5
A_LESSON = 20
SURE_FROM = 0.6
HOW_SURE = ("sure", "fairly", "cannot_tell")


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
    language: str
    aspects: list[tuple[int, int, int | None, int]] | None


class Clause(NamedTuple):
    """One clause of a comment with its own theme and polarity."""

    text: str
    theme: str
    polarity: int


@dataclass(frozen=True, slots=True)
class ToConfirm:
    """A comment with what was understood; ``touchpoints`` it may belong to have id and name.

    ``unmeasured`` is its language where nobody measured how well that is read, else empty.
    """

    row: Doubtful
    touchpoints: tuple[tuple[int, str], ...]
    clauses: tuple[Clause, ...]
    unmeasured: str


_OF_FEEDBACK = (
    *("text", "score", "channel", "place"),
    *("near_duplicate", "bot_like", "masked", "language"),
)
_FIELDS = (
    *("feedback_id", "touchpoint_id", "theme_id", "polarity", "theme_confidence", "week"),
    *(f"feedback__{name}" for name in _OF_FEEDBACK),
    "aspects",
)


def most_doubtful(
    most: int, *, but: Collection[int] = (), first: int | None = None
) -> list[Doubtful]:
    """Of the newest comments those the reader is least sure of: nearest to "cannot tell".

    Only the newest `AMONG` are looked at, so that the page costs the same among a million. One to
    look at again comes ``first``, whatever is known of it.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            statements.MOST_DOUBTFUL,
            [CANNOT_TELL_BELOW, AMONG, most + len(but) + (first is not None)],
        )
        passed = {*but, first}
        ids = [pk for (pk,) in cursor.fetchall() if pk not in passed][:most]
    ids = ids if first is None else [first, *ids]
    rows = Reading.objects.filter(pk__in=ids).values_list(*_FIELDS)
    found = {row[0]: Doubtful(*row) for row in rows}
    return [found[pk] for pk in ids if pk in found]


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
    rows = most_doubtful(SHOWN, but=skipped, first=first)
    themes, points = tuple(all_themes(viewer)), _by_place(graph.points_seen(viewer))
    names = {theme.pk: theme.name for theme in themes}
    found = (
        ToConfirm(row, points.near(row), _clauses(row, names), _unmeasured(row)) for row in rows
    )
    return Doubts(tuple(found), tuple(_numbered(themes)))


def _unmeasured(row: Doubtful) -> str:
    language = row.language or guess_language(row.text)
    return "" if language in {UNKNOWN, *measured_languages(settings.READER)} else language


def _numbered(themes: Iterable[Theme]) -> Iterator[tuple[int, str]]:
    for number, theme in enumerate(themes, start=1):
        yield theme.pk, f"{number} · {theme.name}" if number < 10 else theme.name


@dataclass(frozen=True, slots=True)
class _Points:
    """Touchpoints as choices, by their place, and all of them under no place."""

    place: Mapping[int, str]
    of: Mapping[str, Sequence[tuple[int, str]]]

    def near(self, row: Doubtful) -> tuple[tuple[int, str], ...]:
        """Touchpoints of the comment's place; all where it names none."""
        place = row.place or self.place.get(row.touchpoint or 0, "")
        return tuple(self.of.get(place, ()))


def _by_place(points: Iterable[graph.PointRow]) -> _Points:
    of: dict[str, list[tuple[int, str]]] = {"": []}
    place = {}
    for point in points:
        place[point.id] = point.place
        for name in {"", point.place}:
            of.setdefault(name, []).append((point.id, point.name))
    return _Points(place, of)


def _clauses(row: Doubtful, names: Mapping[int, str]) -> tuple[Clause, ...]:
    return tuple(
        Clause(row.text[start:end], names.get(theme or 0, ""), polarity)
        for start, end, theme, polarity in row.aspects or ()
    )


def until_lesson() -> int:
    """How many confirmations are missing until the reader learns from them again."""
    return _lessons().missing


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
    return _lessons()


def _lessons() -> Lessons:
    with connection.cursor() as cursor:
        cursor.execute(statements.LESSONS)
        since, *last = cursor.fetchone()
    return Lessons(max(0, A_LESSON - since), *last)


@dataclass(frozen=True, slots=True)
class HitRate:
    """How often the theme was right, by how sure the reader was; ``sure`` names the class."""

    sure: str
    share: Figure | Withheld


def hit_rates(viewer: "Person") -> tuple[HitRate, ...]:
    """How often the reader was right, on the newest `COUNTED` comments that people confirmed."""
    if not may_write_themes(viewer):
        return ()
    with connection.cursor() as cursor:
        cursor.execute(statements.HIT_RATES, [CANNOT_TELL_BELOW, SURE_FROM, COUNTED])
        told = {sure: (right, n) for sure, n, right in cursor.fetchall()}
    return tuple(HitRate(sure, _rate(*told.get(sure, (0, 0)))) for sure in HOW_SURE)


def _rate(hits: int, n: int) -> Figure | Withheld:
    return share_interval(hits, n) if n >= SHOWN_LEAST else Withheld("too_few", SHOWN_LEAST, n)
