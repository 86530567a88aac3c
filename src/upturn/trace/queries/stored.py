"""Traces as they lie in the tables, and how a row is made of what the engine found."""

import hashlib
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from upturn.people import queries as people
from upturn.trace import engine
from upturn.trace.models import Closed, StoredTrace, TracedAsk
from upturn.trace.queries import naming
from upturn.trace.queries.assembling import PARTY, TOUCHPOINT, Assembled, unpack
from upturn.trace.queries.naming import Node
from upturn.trace.queries.showing import shown_beside

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from upturn.people.models import Person


def made_of(assembled: Assembled, trace: engine.Trace, *, today: date) -> StoredTrace:
    """A row, not yet stored; its inputs are still to be given."""
    keys = assembled.graph.keys
    touchpoint = keys[trace.alarm.touchpoint]
    weeks = assembled.measures.weeks
    told = engine.to_json(trace, assembled.graph)
    named = engine.keys_in(told).values()
    called = f"{trace.inputs_hash} {trace.version} {touchpoint} {trace.alarm.onset}"
    return StoredTrace(
        ref=hashlib.sha256(called.encode()).hexdigest()[:12],
        touchpoint=touchpoint.removeprefix(TOUCHPOINT),
        week=weeks[-1],
        onset=weeks[trace.alarm.onset],
        confidence=trace.confidence,
        suspect="" if trace.suspect is None else keys[trace.suspect].removeprefix(PARTY),
        told=told,
        shown=shown_beside(assembled, trace, named=named),
        version=trace.version,
        made_on=today,
    )


def visible(viewer: "Person") -> "QuerySet[StoredTrace]":
    """Traces quote customers, so whoever may read their words sees them all, in whatever role."""
    found = StoredTrace.objects.all()
    return found if people.may_read_words(viewer) else found.none()


def trace_by_ref(viewer: "Person", ref: str) -> StoredTrace:
    """Raise ``StoredTrace.DoesNotExist`` also when it exists but is not for this viewer."""
    return visible(viewer).get(ref=ref)


def latest_at(viewer: "Person", touchpoint: str) -> StoredTrace | None:
    """The newest trace of a touchpoint, if there is one."""
    found = visible(viewer).filter(touchpoint=touchpoint).defer("told", "shown")
    return found.order_by("-week", "-pk").first()


def recomputed(stored: StoredTrace) -> engine.Trace:
    """Trace once more from the figures that were kept."""
    measures, chain = unpack(bytes(stored.inputs.packed))
    at = chain.keys.index(TOUCHPOINT + stored.touchpoint)
    told = engine.from_json(stored.told)
    alarm = engine.Alarm(at, told.alarm.onset, told.alarm.z, told.alarm.adjusted_p)
    return engine.trace(measures, graph=chain, alarm=alarm)


class TraceOfAsk(NamedTuple):
    """What an ask's page says of the trace it carries."""

    ref: str
    point: Node
    predicted: float
    by_week: date
    comparison: Node | None
    finding: str


def trace_of_ask(viewer: "Person", ask_ref: str) -> TraceOfAsk | None:
    """The trace that an ask carries; None without one, or if the viewer may not read it."""
    if not people.may_read_words(viewer):
        return None
    found = TracedAsk.objects.filter(ask_ref=ask_ref).select_related("trace")
    asked = found.defer("trace__told", "trace__shown").first()
    if asked is None:
        return None
    closing = Closed.objects.filter(ask_ref=ask_ref).order_by("-pk").first()
    return TraceOfAsk(
        asked.trace.ref,
        naming.point(asked.trace.touchpoint),
        asked.predicted,
        asked.by_week,
        naming.point(asked.comparison) if asked.comparison else None,
        closing.finding if closing else "",
    )


def unfinished(asked: Iterable[TracedAsk]) -> list[TracedAsk]:
    """Asks on which a verdict is still to come: day 100 has not been answered."""
    answered = set(Closed.objects.filter(moment="day_100").values_list("ask_ref", flat=True))
    return [each for each in asked if each.ask_ref not in answered]
