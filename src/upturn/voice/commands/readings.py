"""What the reader makes of comments: touchpoint, theme and mood, and the sums that follow."""

import math
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from django.conf import settings
from django.db import transaction

from upturn.graph import queries as graph
from upturn.record import outbox
from upturn.voice.commands.sums import Cell, add_up, lock
from upturn.voice.commands.themes import store_themes
from upturn.voice.engine.errors import ReadingError
from upturn.voice.engine.reading import Reader
from upturn.voice.engine.reading_classes import ReasonClass, default_themes
from upturn.voice.models import Feedback, Reading, Theme
from upturn.voice.queries import waiting
from upturn.voice.queries.waiting import Waiting

if TYPE_CHECKING:
    from upturn.graph.models import Touchpoint

LABELS = 30
SCORES_TO_LEARN_FROM = 500
Scored = tuple[tuple[str, ...], tuple[float, ...]]
READ = [
    "touchpoint",
    "touchpoint_confidence",
    "theme",
    "theme_confidence",
    "polarity",
    "week",
]
LANGUAGES_OF_THEMES = ("en", "de", "es")


class Known(NamedTuple):
    """A reader with the ids of its classes, in their order."""

    reader: Reader
    ids: tuple[int, ...]


def read(batch: Sequence[Waiting]) -> list[Reading]:
    """Read comments; a touchpoint that came with one stays as it is. Nothing is stored yet."""
    texts = [each.text for each in batch]
    scores = [math.nan if each.score is None else each.score for each in batch]
    themes = theme_reader()
    found = themes.reader.read(texts, scores=scores)
    points = _touchpoints(batch)
    return [
        Reading(
            feedback_id=each.id,
            touchpoint_id=point,
            touchpoint_confidence=sure,
            theme_id=themes.ids[theme] if theme >= 0 else None,
            theme_confidence=confidence,
            polarity=polarity,
            week=each.week,
        )
        for each, (point, sure), theme, confidence, polarity in zip(
            batch,
            points,
            found.theme.tolist(),
            found.confidence.tolist(),
            found.polarity.tolist(),
            strict=True,
        )
    ]


def theme_reader() -> Known:
    """The reader of themes; an installation without any starts with the generic ones."""
    rows = list(Theme.objects.order_by("pk"))
    if not rows:
        first = settings.LANGUAGE_CODE
        languages = [first, *LANGUAGES_OF_THEMES] if first in LANGUAGES_OF_THEMES else []
        generic = default_themes(list(dict.fromkeys(languages)) or LANGUAGES_OF_THEMES)
        store_themes((each.key, each.name, each.descriptions, ()) for each in generic)
        rows = list(Theme.objects.order_by("pk"))
    classes = tuple(_theme_class(row) for row in rows)
    confirmed = [(text, row.key) for row in rows for text in row.examples.splitlines() if text]
    examples = (tuple(text for text, _ in confirmed), tuple(key for _, key in confirmed))
    return Known(_fitted(classes, examples, waiting.scored()), tuple(row.pk for row in rows))


def _theme_class(row: Theme) -> ReasonClass:
    return ReasonClass(row.key, row.name, tuple(row.descriptions.splitlines()))


@lru_cache(maxsize=8)
def _fitted(
    classes: tuple[ReasonClass, ...], examples: waiting.Examples, scored: Scored = ((), ())
) -> Reader:
    taught = scored if len(scored[0]) >= SCORES_TO_LEARN_FROM else None
    return Reader.fit(classes, labelled=examples, scored=taught)


def _touchpoints(batch: Sequence[Waiting]) -> list[tuple[int | None, float]]:
    """Touchpoint and confidence of each comment: the given one, or what its words say."""
    found: list[tuple[int | None, float]] = [
        (each.touchpoint_id, 1.0 if each.touchpoint_id else 0.0) for each in batch
    ]
    open_at: dict[str, list[int]] = {}
    for at, each in enumerate(batch):
        if each.touchpoint_id is None:
            open_at.setdefault(each.place, []).append(at)
    known = list(graph.touchpoints_by_key().values()) if open_at else []
    for place, here in open_at.items():
        if reader := _reader_of(_candidates(known, place)):
            which, sure = reader.reader.classify([batch[at].text for at in here])
            for at, point, confidence in zip(here, which.tolist(), sure.tolist(), strict=True):
                found[at] = (reader.ids[point] if point >= 0 else None, confidence)
    return found


def _candidates(known: Sequence["Touchpoint"], place: str) -> list["Touchpoint"]:
    """Touchpoints the words may be about; those of several places cannot be told apart by words."""
    only = known[0].place if len({point.place for point in known}) == 1 else ""
    return [point for point in known if point.place == (place or only)]


def _reader_of(points: Sequence["Touchpoint"]) -> Known | None:
    classes, ids = [], []
    for point in points:
        with suppress(ReadingError):  # a name without a word describes nothing
            classes.append(ReasonClass(point.key, point.name))
            ids.append(point.pk)
    if not classes:
        return None
    key_of = dict(zip(ids, (each.key for each in classes), strict=True))
    return Known(_fitted(tuple(classes), waiting.examples(key_of, most=LABELS)), tuple(ids))


@transaction.atomic
def store_readings(readings: Collection[Reading]) -> None:
    """Keep what was read, bring the sums up to date, and tell those who serve there."""
    lock()
    there = still_there(reading.feedback_id for reading in readings)
    readings = [reading for reading in readings if reading.feedback_id in there]
    ids = [reading.feedback_id for reading in readings]
    old = Reading.objects.filter(pk__in=ids).values_list("touchpoint_id", "theme_id", "week")
    touched = {Cell(*row) for row in old}
    touched |= {Cell(each.touchpoint_id, each.theme_id, each.week) for each in readings}
    Reading.objects.bulk_create(
        readings, update_conflicts=True, unique_fields=["feedback"], update_fields=READ
    )
    Feedback.objects.filter(pk__in=ids).update(unread=False)
    add_up(touched)
    for party in waiting.parties_at({cell.touchpoint for cell in touched if cell.touchpoint}):
        outbox.publish(f"party:{party}", kind="words", ref=str(party))


def still_there(ids: Iterable[int]) -> set[int]:
    """Comments that nobody took back in the meantime."""
    return set(Feedback.objects.filter(pk__in=list(ids)).values_list("pk", flat=True))


@transaction.atomic
def read_on(*, before: int | None) -> None:
    """Remember how far down the reading of everything once more has come; None is all of it."""
    tally = lock()
    tally.again_before = before
    tally.save(update_fields=["again_before"])
