"""Comments, readings and figures that a test is about, and nothing beside them."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from itertools import count

from upturn.graph.models import Touchpoint
from upturn.voice import commands
from upturn.voice.engine import Comment, fingerprint
from upturn.voice.models import Feedback, Reading, Theme
from upturn.voice.queries import monday

_numbers = count(1)


def comment(text: str = "", *, at: datetime | None = None, **fields: object) -> Comment:
    n = next(_numbers)
    given = {
        "row": n,
        "text": text or f"Words number {n}",
        "score": None,
        "score_raw": "",
        "scale": "",
        "at": at or datetime.now(UTC),
        "touchpoint": "",
        "place": "",
        "channel": "",
        "external_id": f"id {n}",
        "language": "",
    } | fields
    given.setdefault(
        "fingerprint",
        fingerprint(str(given["text"]), at=at, external_id=str(given["external_id"])),
    )
    return Comment(**given)  # type: ignore[arg-type]


def stored(*comments: Comment, origin: object = None) -> list[Feedback]:
    commands.store_feedback(comments, origin=origin, by=None)  # type: ignore[arg-type]
    prints = [each.fingerprint for each in comments]
    return list(Feedback.objects.filter(fingerprint__in=prints).order_by("pk"))


def theme(key: str = "cold", name: str = "Cold food", *, words: str = "cold lukewarm") -> Theme:
    return Theme.objects.create(key=key, name=name, descriptions=words)


def midday(week: date) -> datetime:
    return datetime.combine(week, time(12), UTC)


def weeks_ago(number: int) -> date:
    return monday(datetime.now(UTC).date()) - timedelta(weeks=number)


def heard(
    point: Touchpoint | None,
    scores: Iterable[float | None],
    *,
    week: date,
    theme: Theme | None = None,
    polarity: int = 0,
    text: str = "",
) -> list[Feedback]:
    """Comments of one week that were read as told, so that no test rests on the reader's skill."""
    rows = stored(*(comment(text, at=midday(week), score=score) for score in scores))
    commands.store_readings(
        [
            Reading(
                feedback=row,
                touchpoint=point,
                touchpoint_confidence=1.0,
                theme=theme,
                theme_confidence=1.0,
                polarity=polarity,
                week=week,
            )
            for row in rows
        ]
    )
    return rows
