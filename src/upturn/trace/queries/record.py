"""How often each class of traces was right here, and what else changes with a screening."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from django.db import connection

from upturn.graph import queries as graph
from upturn.record.kept import keep
from upturn.trace import engine
from upturn.trace.engine import Confidence, TrackRecord
from upturn.trace.models import Closed, Finding


@dataclass(frozen=True, slots=True)
class Record:
    """What the closed traces of a class say, and what the synthetic organisations said before.

    ``worst`` is how often the class was right in the worst of so many ``kinds`` of organisations,
    ``drawn`` in all; it is worth so many closed traces.
    """

    track: TrackRecord
    right: int
    closed: int
    worst: float
    worth: int
    drawn: int
    kinds: int


class Marks(NamedTuple):
    """The newest screening and the newest closing; with these, whatever is read of them changes."""

    screening: int
    closing: int


@graph.once_a_look
def marks() -> Marks:
    """Give both; one query a page."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT MAX(id) FROM trace_screening), (SELECT MAX(id) FROM trace_closed)"
        )
        return Marks._make(newest or 0 for newest in cursor.fetchone())


def track_record() -> Mapping[Confidence, Record]:
    """Hits per class among closed traces; the last closing of a trace counts."""
    return keep("track record", as_of=marks().closing, read=_track_record)


def _track_record() -> dict[Confidence, Record]:
    rows = Closed.objects.order_by("pk").values_list("trace", "trace__confidence", "finding")
    last = {trace: (Confidence(confidence), finding) for trace, confidence, finding in rows}
    told = [
        (confidence, finding == Finding.CONFIRMED)
        for confidence, finding in last.values()
        if finding != Finding.CANNOT_TELL
    ]
    tracks = engine.calibrate(told)
    return {
        confidence: Record(
            track,
            right=sum(right for each, right in told if each == confidence),
            closed=sum(each == confidence for each, _ in told),
            worst=engine.WORLDS[confidence].share,
            worth=round(engine.WORLDS[confidence].worth),
            drawn=engine.WORLDS_DRAWN,
            kinds=engine.WORLDS_KINDS,
        )
        for confidence, track in tracks.items()
    }
