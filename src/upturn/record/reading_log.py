"""The log of reading: whose words were looked at by whom, a line for each day."""

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from upturn.record.models import ReadingLog


def note_reading(reader_id: int, *, kind: str, ref: str, day: date) -> None:
    """Note that words were read; the second time on a day costs one look and no write."""
    note_readings(reader_id, kind=kind, refs=(ref,), day=day)


def note_readings(reader_id: int, *, kind: str, refs: Collection[str], day: date) -> None:
    """Note that words of several were read on one page; without any it costs nothing."""
    if not refs:
        return
    line = {"reader_id": reader_id, "kind": kind, "day": day}
    noted = ReadingLog.objects.filter(**line, ref__in=refs).values_list("ref", flat=True)
    if new := sorted(set(refs) - set(noted)):
        lines = [ReadingLog(**line, ref=ref) for ref in new]
        ReadingLog.objects.bulk_create(lines, ignore_conflicts=True)


def readers(*, kind: str, ref: str, since: date) -> frozenset[int]:
    """Ids of those who read these words since a day; with an empty ``ref``, any of this kind."""
    lines = ReadingLog.objects.filter(kind=kind, day__gte=since)
    if ref:
        lines = lines.filter(ref=ref)
    return frozenset(lines.order_by().values_list("reader_id", flat=True).distinct())


class Opening(NamedTuple):
    """Somebody read one thing on one day."""

    ref: str
    reader_id: int
    day: date


def openings(*, kind: str, refs: Collection[str]) -> list[Opening]:
    """Who read each of these things on which days, the earliest first; for those concerned."""
    lines = ReadingLog.objects.filter(kind=kind, ref__in=refs).order_by("day", "reader_id")
    return [Opening(*line) for line in lines.values_list("ref", "reader_id", "day")]
