"""The outbox: one row for each change that pages on show should hear of.

The row is written in the transaction of the change, so no reader hears of what did not happen,
and none misses what did.
"""

import json
import re
from collections.abc import Mapping
from datetime import UTC, date, timedelta
from typing import Any

from django.db import connection
from django.db.models import Max
from django.utils import timezone

from upturn.record.errors import OutsideTransaction
from upturn.record.models import OutboxEvent

KEEP = timedelta(days=7)
# For a page that reads its first row by one query with the place where its stream starts.
NEWEST = "SELECT COALESCE(MAX(id), 0) FROM record_outboxevent"
_NAME = re.compile(r"[a-z0-9][a-z0-9:_-]*")


def event(topic: str, *, kind: str, ref: str, data: Mapping[str, Any] | None = None) -> OutboxEvent:
    """Make an event not yet stored, for the writer to store together with the rows it tells of.

    `data` is plain, and nothing that not every reader of the topic may know.

    Raises
    ------
    ValueError
        If the topic or the kind could not stand on a line of the stream.
    """
    for value in (topic, kind):
        if not _NAME.fullmatch(value):
            msg = f"{value!r} cannot name an event. Use a-z, 0-9, colon, dash, underscore."
            raise ValueError(msg)
    day = timezone.now().astimezone(UTC).date()
    return OutboxEvent(topic=topic, kind=kind, ref=ref, day=day, data=json.dumps(data or {}))


def publish(
    topic: str, *, kind: str, ref: str, data: Mapping[str, Any] | None = None
) -> OutboxEvent:
    """Tell the readers of ``topic``, once the open transaction has committed.

    Topics are the words of the house: ``"party:12"``, ``"organisation"``.

    Raises
    ------
    OutsideTransaction
        If no transaction is open.
    """
    if not connection.in_atomic_block:
        msg = (
            f"The event {kind!r} for {topic!r} was to be published outside a transaction. "
            "Publish it inside the transaction.atomic() of the change itself."
        )
        raise OutsideTransaction(msg)
    told = event(topic, kind=kind, ref=ref, data=data)
    told.save(force_insert=True)
    return told


def position() -> int:
    """Return the newest event; read before a page's queries, so that its stream starts there."""
    newest: int | None = OutboxEvent.objects.aggregate(newest=Max("id"))["newest"]
    return newest or 0


def forget(topic: str) -> int:
    """Delete what was told under a topic, save the newest event of all; return how many."""
    deleted, _ = OutboxEvent.objects.filter(topic=topic, id__lt=position()).delete()
    return deleted


def prune(today: date) -> int:
    """Delete events older than a week, save the newest, which marks the place; return how many."""
    old = OutboxEvent.objects.filter(day__lt=today - KEEP, id__lt=position())
    deleted, _ = old.delete()
    return deleted
