"""How often each class of traces was right here."""

from dataclasses import dataclass

from upturn.trace import engine
from upturn.trace.engine import Confidence, TrackRecord
from upturn.trace.models import Closed, Finding


@dataclass(frozen=True, slots=True)
class Record:
    """What the closed traces of a class say, and what the synthetic organisations said before."""

    track: TrackRecord
    right: int
    closed: int


def track_record() -> dict[Confidence, Record]:
    """Hits per class among closed traces; the last closing of a trace counts."""
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
        )
        for confidence, track in tracks.items()
    }
