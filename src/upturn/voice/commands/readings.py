"""What the reader makes of comments: touchpoint, theme and mood, and the sums that follow."""

import math
from collections.abc import Collection, Iterable, Sequence

from django.db import transaction

from upturn.record import outbox
from upturn.voice.commands.readers import Known, theme_reader, touchpoint_reader, version_id
from upturn.voice.commands.sums import Cell, add_up, lock
from upturn.voice.engine.clauses import Aspect, read_aspects
from upturn.voice.engine.doubles import WINDOW_S, find_doubles
from upturn.voice.models import Feedback, Reading
from upturn.voice.queries import waiting
from upturn.voice.queries.waiting import Waiting

READ = [
    "touchpoint",
    "touchpoint_confidence",
    "theme",
    "theme_confidence",
    "polarity",
    "week",
    "aspects",
    "version",
]


def read(batch: Sequence[Waiting]) -> list[Reading]:
    """Read comments; a touchpoint that came with one stays as it is. Nothing is stored yet."""
    texts = [each.text for each in batch]
    scores = [math.nan if each.score is None else each.score for each in batch]
    themes = theme_reader()
    found = themes.reader.read(texts, scores=scores)
    version = version_id(themes.reader)
    return [
        Reading(
            feedback_id=each.id,
            touchpoint_id=point,
            touchpoint_confidence=sure,
            theme_id=themes.id_of(theme),
            theme_confidence=confidence,
            polarity=polarity,
            week=each.week,
            aspects=_stored_aspects(aspects, themes),
            version_id=version,
        )
        for each, (point, sure), theme, confidence, polarity, aspects in zip(
            batch,
            _touchpoints(batch),
            found.theme.tolist(),
            found.confidence.tolist(),
            found.polarity.tolist(),
            read_aspects(themes.reader, texts),
            strict=True,
        )
    ]


def _stored_aspects(
    aspects: Sequence[Aspect], themes: Known
) -> list[tuple[int, int, int | None, int]] | None:
    found = [(each.start, each.end, themes.id_of(each.theme), each.polarity) for each in aspects]
    return found or None


def _touchpoints(batch: Sequence[Waiting]) -> list[tuple[int | None, float]]:
    """Touchpoint and confidence of each comment: the given one, or what its words say."""
    found: list[tuple[int | None, float]] = [
        (each.touchpoint_id, 1.0 if each.touchpoint_id else 0.0) for each in batch
    ]
    open_at: dict[str, list[int]] = {}
    for at, each in enumerate(batch):
        if each.touchpoint_id is None:
            open_at.setdefault(each.place, []).append(at)
    for place, here in open_at.items():
        if known := touchpoint_reader(place):
            which, sure = known.reader.classify([batch[at].text for at in here])
            for at, point, confidence in zip(here, which.tolist(), sure.tolist(), strict=True):
                found[at] = (known.id_of(point), confidence)
    return found


@transaction.atomic
def store_readings(readings: Collection[Reading]) -> None:
    """Keep what was read, bring the sums up to date, and tell those who serve there.

    What a person confirmed stays as it is.
    """
    lock()
    there = still_there(reading.feedback_id for reading in readings)
    Feedback.objects.filter(pk__in=there).update(unread=False)
    said = Reading.objects.filter(pk__in=there, confirmed=True).values_list("pk", flat=True)
    open_still = there - set(said)
    readings = [reading for reading in readings if reading.feedback_id in open_still]
    old = Reading.objects.filter(pk__in=open_still)
    touched = {Cell(*row) for row in old.values_list("touchpoint_id", "theme_id", "week")}
    touched |= {Cell(each.touchpoint_id, each.theme_id, each.week) for each in readings}
    Reading.objects.bulk_create(
        readings, update_conflicts=True, unique_fields=["feedback"], update_fields=READ
    )
    add_up(touched)
    tell(touched)


def tell(cells: Collection[Cell]) -> None:
    """Let those who serve at these touchpoints know that their customers' words changed."""
    for party in waiting.parties_at({cell.touchpoint for cell in cells if cell.touchpoint}):
        outbox.publish(f"party:{party}", kind="words", ref=str(party))


def still_there(ids: Iterable[int]) -> set[int]:
    """Comments that nobody took back in the meantime."""
    return set(Feedback.objects.filter(pk__in=list(ids)).values_list("pk", flat=True))


def flag_doubles(batch: Sequence[Waiting]) -> None:
    """Flag repeated and bot-like comments among new ones and those that came just before them."""
    if not batch:
        return
    said = waiting.said_around([each.id for each in batch], within_s=WINDOW_S)
    found = find_doubles([each.text for each in said], [each.at.timestamp() for each in said])
    ids = [each.id for each in said]
    _flag(ids, found.near_duplicate.tolist(), "near_duplicate")
    _flag(ids, found.bot_like.tolist(), "bot_like")


def _flag(ids: Sequence[int], found: Sequence[bool], name: str) -> None:
    flagged = [pk for pk, one in zip(ids, found, strict=True) if one]
    if flagged:
        Feedback.objects.filter(pk__in=flagged, **{name: False}).update(**{name: True})


@transaction.atomic
def read_on(*, before: int | None) -> None:
    """Remember how far down the reading of everything once more has come; None is all of it."""
    tally = lock()
    tally.again_before = before
    tally.save(update_fields=["again_before"])
