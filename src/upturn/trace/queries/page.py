"""A trace as its page shows it: the same for everybody who may read customers' words."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from upturn.graph import queries as graph
from upturn.people import queries as people
from upturn.record.kept import keep
from upturn.stats import Figure, Withheld
from upturn.trace.engine import Confidence, Reason, Wanted
from upturn.trace.models import StoredTrace
from upturn.trace.queries import naming
from upturn.trace.queries.asking import AskEdge, ask_edges, first_edge
from upturn.trace.queries.assembling import TOUCHPOINT
from upturn.trace.queries.naming import Node
from upturn.trace.queries.reading import Against, PageStep, Reader
from upturn.trace.queries.record import Record, track_record
from upturn.trace.queries.showing import moved, parted, sums_of
from upturn.trace.queries.stored import trace_by_ref
from upturn.voice.engine import Change
from upturn.voice.queries import WeekSums

if TYPE_CHECKING:
    from upturn.people.models import Person

WEEKS_TO_SEE = 8
WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class TracePage:
    """Everything on the page but what the viewer may do with it; ``there`` is who serves there."""

    ref: str
    point: Node
    week: date
    made_on: date
    version: str
    inputs_hash: str
    onset: date
    window: tuple[date, date]
    scores: tuple[WeekSums, ...]
    before: Figure | Withheld
    after: Figure | Withheld
    change: Change
    comparison: Node | None
    comparison_scores: tuple[WeekSums, ...]
    comparison_change: Change
    confidence: Confidence
    reasons: tuple[Reason, ...]
    suspect: Node | None
    steps: tuple[PageStep, ...]
    share_on_path: float | None
    against: Against
    there: tuple[Node, ...]
    ask_next: Node | None
    ask_for: Wanted | None
    ask_next_edge: int
    ask_edges: tuple[AskEdge, ...]
    predicted: float
    by_week: date

    @property
    def drawn_at(self) -> int:
        """A number that changes with anything that is drawn or named."""
        return hash((self.ref, graph.snapshot().number))


def page_by_ref(viewer: "Person", ref: str) -> TracePage:
    """Give the page of a trace, kept until the graph changes, for a trace never does.

    Raises
    ------
    StoredTrace.DoesNotExist
        If there is none, or none for this viewer.
    """
    if not people.may_read_words(viewer):
        raise StoredTrace.DoesNotExist
    return keep(
        ("trace page", ref),
        as_of=graph.snapshot().number,
        read=lambda: trace_page(trace_by_ref(viewer, ref)),
    )


def trace_page(stored: StoredTrace) -> TracePage:
    """Give names and dates to a stored trace; `trace_by_ref` has decided who may see it."""
    reading = Reader(stored)
    told, shown = reading.told, stored.shown
    scores, others = sums_of(shown["scores"]), sums_of(shown["comparison_scores"])
    before, after = parted(scores, stored.onset)
    change, steps = moved(scores, stored.onset), reading.steps()
    called = reading.names.get(TOUCHPOINT + stored.touchpoint, ())
    point = naming.point(stored.touchpoint, told=called)
    there = naming.serving(point.id)
    ask_next = reading.node(told.against.ask_next) if told.suspect is None else None
    lag = sum(step.lag_weeks for step in steps)
    return TracePage(
        ref=stored.ref,
        point=point,
        week=stored.week,
        made_on=stored.made_on,
        version=stored.version,
        inputs_hash=told.inputs_hash,
        onset=stored.onset,
        window=reading.window(),
        scores=scores,
        before=before,
        after=after,
        change=change,
        comparison=naming.point(shown["comparison"]) if shown["comparison"] else None,
        comparison_scores=others,
        comparison_change=moved(others, stored.onset),
        confidence=told.confidence,
        reasons=told.reasons,
        suspect=reading.node(told.suspect),
        steps=steps,
        share_on_path=told.share_on_path,
        against=reading.against({point, *(step.server for step in steps), *there}),
        there=there,
        ask_next=ask_next,
        ask_for=told.against.ask_for,
        ask_next_edge=first_edge(ask_next),
        ask_edges=ask_edges(point, steps),
        predicted=_predicted(change, told.share_on_path),
        by_week=stored.week + WEEK * (WEEKS_TO_SEE + lag),
    )


def _predicted(change: Change, share: float | None) -> float:
    """Points by which the touchpoint would rise if all that is on the path were mended."""
    fall = -change.figure.value if change.figure else 0.0
    return round(max(fall * (1.0 if share is None else share), 0.0), 1)


def record_of(confidence: Confidence) -> Record | None:
    """How often traces of a class were right here; None for "cannot tell", which names nobody."""
    return None if confidence == Confidence.CANNOT_TELL else track_record().get(confidence)
