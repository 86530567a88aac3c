"""Customers' words on their way in: one at a time, a few, or a whole file."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from upturn.graph import queries as graph
from upturn.record import journal
from upturn.record.writer import writer
from upturn.voice.commands.sums import Cell, add_up, lock
from upturn.voice.engine.intake import Comment, fingerprint
from upturn.voice.engine.intake_scores import Scale
from upturn.voice.engine.masking import mask
from upturn.voice.models import Feedback, Reading
from upturn.voice.queries import monday, statements

if TYPE_CHECKING:
    from upturn.graph.models import Import
    from upturn.people.models import Person

BATCH = 1_000
MASKED_MAX = 32_767


@dataclass(frozen=True, slots=True)
class Stored:
    """How many comments were new, and how many were there already."""

    new: int
    same: int


def hand_in(comment: Comment, *, touchpoint_id: int | None) -> bool:
    """Store one comment durably, together with others that wait; False if it was there already.

    Has no entry in the journal: nobody of the organisation acts, and the row is the record.

    Raises
    ------
    NotStored
        If the database could not commit, or too many writes wait; the same may be sent again.
    """
    try:
        writer.insert(_row(comment, touchpoint_id=touchpoint_id))
    except IntegrityError:
        return False
    return True


def hand_in_all(comments: Sequence[Comment]) -> list[bool]:
    """Store a few comments durably, all or none; for each whether it was new.

    Raises
    ------
    NotStored
        As in `hand_in`.
    """
    return writer.together(_store_new, comments)


async def hand_in_alone(comment: Comment) -> bool:
    """`hand_in_all` of one comment, for the event loop."""
    (new,) = await writer.together_async(_store_new, [comment])
    return new


def _store_new(requests: Sequence[Sequence[Comment]]) -> list[list[bool]]:
    """Store what was handed in by all who wait; for each of their comments whether it was new."""
    comments = list(chain.from_iterable(requests))
    ids = _touchpoint_ids() if any(comment.touchpoint for comment in comments) else {}
    prints = [bytes(comment.fingerprint) for comment in comments]
    stored = Feedback.objects.filter(fingerprint__in=prints).values_list("fingerprint", flat=True)
    known = {bytes(one) for one in stored}
    fresh: dict[bytes, Feedback] = {}
    news = []
    for one, comment in zip(prints, comments, strict=True):
        new = one not in known and one not in fresh
        if new:
            fresh[one] = _row(comment, touchpoint_id=ids.get(comment.touchpoint))
        news.append(new)
    Feedback.objects.bulk_create(fresh.values(), ignore_conflicts=True)
    told = iter(news)
    return [list(islice(told, len(request))) for request in requests]


def _touchpoint_ids() -> dict[str, int]:
    return {key: point.pk for key, point in graph.touchpoints_by_key().items()}


def _row(comment: Comment, *, touchpoint_id: int | None) -> Feedback:
    text, masked = _masked(comment)
    return Feedback(
        touchpoint_id=touchpoint_id,
        place=comment.place,
        text=text,
        masked=masked,
        score=comment.score,
        score_raw=comment.score_raw,
        scale=comment.scale,
        at=comment.at,
        week=monday(timezone.localdate(comment.at)),
        channel=comment.channel,
        language=comment.language,
        fingerprint=comment.fingerprint,
    )


def _masked(comment: Comment) -> tuple[str, int]:
    """Words without numbers of cards and accounts: here nothing can pass by on its way in."""
    text, removed = mask(comment.text)
    return str(text), min(MASKED_MAX, comment.masked + removed)


@transaction.atomic
def store_feedback(
    comments: Iterable[Comment], *, origin: "Import | None", by: "Person | None"
) -> Stored:
    """Store a stream of comments whole or not at all; what is there already counts as the same.

    Memory stays that of one batch. Nothing is read yet: the reading job finds what is unread.
    """
    new = seen = 0
    prepare = _preparation(origin)
    with connection.cursor() as cursor:
        for batch in _batches(comments):
            cursor.executemany(statements.STORE_FEEDBACK, [prepare(each) for each in batch])
            new += cursor.rowcount
            seen += len(batch)
    journal.write(
        "stored words",
        subject_kind="import",
        subject_ref=origin.ref if origin else "",
        actor_id=by.pk if by else None,
        detail=f"{new} new, {seen - new} the same",
    )
    return Stored(new, seen - new)


def _batches(comments: Iterable[Comment]) -> Iterator[list[Comment]]:
    source = iter(comments)
    while batch := list(islice(source, BATCH)):
        yield batch


def _preparation(origin: "Import | None") -> Callable[[Comment], tuple[Any, ...]]:
    """How a comment becomes the values of a row; what many rows share is worked out once."""
    ids, zone = _touchpoint_ids(), timezone.get_current_timezone()
    origin_id = origin.pk if origin else None
    adapt_day = connection.ops.adapt_datefield_value
    adapt_moment = _moment_as_text if connection.vendor == "sqlite" else _unchanged
    week_of = lru_cache(maxsize=4096)(lambda day: adapt_day(monday(day)))

    def prepare(comment: Comment) -> tuple[Any, ...]:
        text, masked = _masked(comment)
        return (
            ids.get(comment.touchpoint),
            comment.place,
            text,
            comment.score,
            comment.score_raw,
            comment.scale,
            adapt_moment(comment.at),
            week_of(comment.at.astimezone(zone).date()),
            comment.channel,
            comment.language,
            comment.fingerprint,
            origin_id,
            masked,
        )

    return prepare


def _moment_as_text(at: datetime) -> str:
    """As Django writes it for SQLite, at a third of the cost; half of an import goes into this."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(" ")


def _unchanged(at: datetime) -> datetime:
    return at


def store_comments(rows: Iterable[Any]) -> Stored:
    """Store comments that were drawn rather than brought in, with the scale of each beside it."""
    return store_feedback(map(_drawn, rows), origin=None, by=None)


def _drawn(row: Any) -> Comment:
    scale = Scale(row.low, row.high)
    rated = row.score is not None
    return Comment(
        row=0,
        text=row.text,
        score=scale.on_ten(row.score) if rated else None,
        score_raw=f"{row.score:g}" if rated else "",
        scale=scale.label if rated else "",
        at=row.at,
        touchpoint=row.touchpoint or "",
        place="",
        channel=row.channel,
        external_id=row.external_id,
        language="",
        fingerprint=fingerprint(row.text, at=row.at, external_id=row.external_id),
    )


@transaction.atomic
def take_back(origin: "Import", *, by: "Person | None") -> int:
    """Remove every comment of an import with all that was made of it; how many they were."""
    lock()
    own = Reading.objects.filter(feedback__origin=origin)
    cells = {Cell(*row) for row in own.values_list("touchpoint_id", "theme_id", "week").distinct()}
    with connection.cursor() as cursor:
        for statement in statements.TAKE_BACK:
            cursor.execute(statement, [origin.pk])
        removed: int = cursor.rowcount
    add_up(cells)
    journal.write(
        "took back words",
        subject_kind="import",
        subject_ref=origin.ref,
        actor_id=by.pk if by else None,
        detail=f"{removed} comments",
    )
    return removed
