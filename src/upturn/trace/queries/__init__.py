"""What there is to read of alarms and traces; whoever may read customers' words may read them."""

from upturn.trace.queries.alarms import (
    AlarmRow,
    Running,
    Screened,
    alarms_at,
    running,
    screenings,
    week_to_screen,
)
from upturn.trace.queries.asking import AskEdge
from upturn.trace.queries.assembling import Assembled, assemble, pack, unpack
from upturn.trace.queries.came_of_it import Asked, MovedBack, asks_of
from upturn.trace.queries.naming import Node
from upturn.trace.queries.page import TracePage, page_by_ref, record_of, trace_page
from upturn.trace.queries.picture import Picture, lines_of, pictures
from upturn.trace.queries.reading import Against, PageStep
from upturn.trace.queries.record import Record, track_record
from upturn.trace.queries.score import DrawnScore, ScoreRow, drawn_scores, score_rows
from upturn.trace.queries.stored import (
    TraceOfAsk,
    latest_at,
    made_of,
    recomputed,
    trace_by_ref,
    trace_of_ask,
)
from upturn.trace.queries.words import Said, words_beside

__all__ = [
    "Against",
    "AlarmRow",
    "AskEdge",
    "Asked",
    "Assembled",
    "DrawnScore",
    "MovedBack",
    "Node",
    "PageStep",
    "Picture",
    "Record",
    "Running",
    "Said",
    "ScoreRow",
    "Screened",
    "TraceOfAsk",
    "TracePage",
    "alarms_at",
    "asks_of",
    "assemble",
    "drawn_scores",
    "latest_at",
    "lines_of",
    "made_of",
    "pack",
    "page_by_ref",
    "pictures",
    "recomputed",
    "record_of",
    "running",
    "score_rows",
    "screenings",
    "trace_by_ref",
    "trace_of_ask",
    "trace_page",
    "track_record",
    "unpack",
    "week_to_screen",
    "words_beside",
]
