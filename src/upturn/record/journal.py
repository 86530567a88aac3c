"""The journal: who did what, in order, each entry sealed by the one after it."""

import hashlib
import json
from datetime import UTC, datetime, time

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from upturn.record.errors import OutsideTransaction
from upturn.record.models import JournalEntry

# The same lock that the outbox takes (migration 0002), so that the two cannot wait for each other.
_LOCK = 8463501
_HEADS = """
SELECT COALESCE((SELECT id FROM record_journalentry ORDER BY id DESC LIMIT 1), 0),
    COALESCE((SELECT id FROM record_journalentry ORDER BY id LIMIT 1), 0)
"""
_GENESIS = {True: "0" * 64, False: "f" * 64}


def write(
    verb: str,
    *,
    subject_kind: str,
    subject_ref: str,
    actor_id: int | None = None,
    detail: str = "",
) -> JournalEntry:
    """Record an act in the transaction that performs it; as its last step but one, before events.

    Without an actor the entry keeps the day and not the time. It is the day on the wall, as the
    change itself shows it: two calendars side by side would tell the time of day near midnight.

    Raises
    ------
    OutsideTransaction
        If no transaction is open, for then the entry could outlive the change it tells of.
    """
    _need_transaction(verb)
    signed = actor_id is not None
    last = _chain(signed=signed).last()
    now = timezone.now()
    entry = JournalEntry(
        id=(last.id if last else 0) + (1 if signed else -1),
        at=now if signed else datetime.combine(timezone.localdate(now), time.min, tzinfo=UTC),
        actor_id=actor_id,
        verb=verb,
        subject_kind=subject_kind,
        subject_ref=subject_ref,
        detail=detail,
        previous=last.digest if last else _GENESIS[signed],
    )
    entry.digest = _digest(entry)
    entry.save(force_insert=True)
    return entry


def verify_chain() -> int | None:
    """Return the id of the first entry that is not what was written, or None.

    What this cannot see: the newest entries cut off, for nothing is sealed after them.
    """
    for signed in (True, False):
        expected, previous = 0, _GENESIS[signed]
        for entry in _chain(signed=signed).iterator(chunk_size=2000):
            expected += 1 if signed else -1
            if (entry.id, entry.previous, entry.digest) != (expected, previous, _digest(entry)):
                return entry.id
            previous = entry.digest
    return None


def heads() -> tuple[int, int]:
    """Give the ids of the newest entry with an actor and without; every move changes one of them.

    Entries come one after the other under a lock, so nothing older is committed later.
    """
    with connection.cursor() as cursor:
        cursor.execute(_HEADS)
        newest: tuple[int, int] = cursor.fetchone()
        return newest


def _need_transaction(verb: str) -> None:
    if not connection.in_atomic_block:
        msg = (
            f"The journal entry {verb!r} was to be written outside a transaction. "
            "Write it inside the transaction.atomic() of the change itself."
        )
        raise OutsideTransaction(msg)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _chain(*, signed: bool) -> QuerySet[JournalEntry]:
    if signed:
        return JournalEntry.objects.filter(id__gt=0).order_by("id")
    return JournalEntry.objects.filter(id__lt=0).order_by("-id")


def _digest(entry: JournalEntry) -> str:
    content = [
        entry.previous,
        entry.id,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.actor_id,
        entry.verb,
        entry.subject_kind,
        entry.subject_ref,
        entry.detail,
    ]
    sealed = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(sealed.encode()).hexdigest()
