"""Looking at all touchpoints, tracing one, asking from a trace, and closing it from the verdict."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from upturn.commitments import commands as commitments
from upturn.commitments import queries as asks
from upturn.commitments.engine import MissingPart, MoveRefused, Outcome, RaisedAs
from upturn.graph import queries as graph
from upturn.people import queries as people
from upturn.record import journal, outbox
from upturn.trace import engine
from upturn.trace.models import (
    Closed,
    Finding,
    Inputs,
    Progress,
    Screening,
    StoredAlarm,
    StoredTrace,
    TracedAsk,
)
from upturn.trace.queries import AskEdge, Assembled, assemble, made_of, pack, trace_page
from upturn.trace.queries.assembling import TOUCHPOINT
from upturn.trace.queries.showing import moved
from upturn.trace.queries.stored import unfinished
from upturn.voice import queries as voice

if TYPE_CHECKING:
    from upturn.commitments.models import Ask
    from upturn.graph.models import Touchpoint
    from upturn.people.models import Person

Tell = Callable[[int, int], None]
FINDINGS = {
    Outcome.BETTER: Finding.CONFIRMED,
    Outcome.SAME: Finding.NOT_CONFIRMED,
    Outcome.WORSE: Finding.NOT_CONFIRMED,
    Outcome.OTHER: Finding.CANNOT_TELL,
}
POINTS_MOST = 10.0


def screen(week: date, *, today: date, tell: Tell = lambda _done, _steps: None) -> Screening:
    """Look at all touchpoints up to a week and trace those that fell, or find that it was done.

    ``tell`` hears after each step how many are done, and of how many.
    """
    if done := Screening.objects.filter(week=week).first():
        return done
    tell(0, 2)
    assembled = assemble(week)
    tell(1, 2)
    alarms = engine.screen_alarms(assembled.measures, graph=assembled.graph)
    steps = 2 + len(alarms)
    tell(2, steps)
    found = []
    for at, alarm in enumerate(alarms, start=3):
        traced = engine.trace(assembled.measures, graph=assembled.graph, alarm=alarm)
        found.append((alarm, made_of(assembled, traced, today=today)))
        tell(at, steps)
    return _store_screening(assembled, found, today=today)


@transaction.atomic
def _store_screening(
    assembled: Assembled, found: list[tuple[engine.Alarm, StoredTrace]], *, today: date
) -> Screening:
    week = assembled.measures.weeks[-1]
    looked_at = assembled.graph.touchpoint & assembled.measures.observed
    screening, new = Screening.objects.get_or_create(
        week=week, defaults={"done_on": today, "touchpoints": int(looked_at.sum())}
    )
    if not new:
        return screening
    for alarm, made in found:
        trace, _new = _store(made, assembled)
        StoredAlarm.objects.create(
            screening=screening,
            touchpoint=trace.touchpoint,
            onset=trace.onset,
            z=alarm.z,
            adjusted_p=alarm.adjusted_p,
            trace=trace,
            **_difference(assembled, alarm),
        )
    detail = f"{screening.touchpoints} touchpoints, {len(found)} fell"
    journal.write("screen", subject_kind="week", subject_ref=f"{week:%Y-%m-%d}", detail=detail)
    for _alarm, made in found:
        _publish(made)
    return screening


def _difference(assembled: Assembled, alarm: engine.Alarm) -> dict[str, float | int]:
    rows = assembled.scores[alarm.touchpoint]
    change = moved(rows, assembled.measures.weeks[alarm.onset]).figure
    if change is None:  # cannot be: a fall needs weeks on both sides
        return {"change": 0.0, "low": 0.0, "high": 0.0, "n": 0}
    return {"change": change.value, "low": change.low, "high": change.high, "n": change.n}


def _store(made: StoredTrace, assembled: Assembled) -> tuple[StoredTrace, bool]:
    """Keep a trace with its inputs, or find it if the same figures gave it before."""
    if known := StoredTrace.objects.filter(ref=made.ref).first():
        return known, False
    digest = engine.inputs_hash(assembled.measures, assembled.graph)
    made.inputs, _new = Inputs.objects.get_or_create(
        digest=digest, defaults={"packed": pack(assembled)}
    )
    made.save(force_insert=True)
    return made, True


def _publish(made: StoredTrace) -> None:
    """Tell the pages of those who serve at the touchpoint."""
    now = graph.snapshot()
    for point in now.points.values():
        if point.key == made.touchpoint:
            for party, _direct in now.serving.get(point.id, ()):
                outbox.publish(f"party:{party}", kind="alarm", ref=made.ref)


def check_trace(viewer: "Person") -> None:
    """Raise MoveRefused for those who do not read customers' words, which a trace quotes."""
    if not people.may_read_words(viewer):
        raise MoveRefused(_("A trace quotes customers; their words are not for you to see."))


def trace_now(viewer: "Person", touchpoint: "Touchpoint", *, today: date) -> StoredTrace:
    """Trace one touchpoint from what is known up to the last whole week.

    Raises
    ------
    MoveRefused
        If its scores are too few, or it did not go down.
    """
    check_trace(viewer)
    last = min(voice.monday(today) - timedelta(weeks=1), voice.latest_week())
    assembled = assemble(last)
    node = assembled.node(TOUCHPOINT + touchpoint.key)
    alarm = node is not None and engine.alarm_at(
        assembled.measures, graph=assembled.graph, touchpoint=node
    )
    if not alarm:
        raise MoveRefused(
            _("Too few weeks have five scores or more here. A trace needs twelve of them.")
        )
    if alarm.z >= 0:
        raise MoveRefused(_("This moment did not go down in the last 26 weeks."))
    traced = engine.trace(assembled.measures, graph=assembled.graph, alarm=alarm)
    return _store_one(viewer, made_of(assembled, traced, today=today), assembled)


@transaction.atomic
def _store_one(viewer: "Person", made: StoredTrace, assembled: Assembled) -> StoredTrace:
    trace, new = _store(made, assembled)
    if new:
        journal.write("trace", subject_kind="trace", subject_ref=trace.ref, actor_id=viewer.pk)
    return trace


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """By how many points the touchpoint shall move, by which week, beside which other one."""

    points: float
    by_week: date
    comparison: "Touchpoint | None" = None


def check_ask(
    viewer: "Person", trace: StoredTrace, *, edge: AskEdge, prediction: Prediction, today: date
) -> None:
    """Raise MoveRefused or MissingPart when this ask cannot carry the trace."""
    check_trace(viewer)
    if edge not in trace_page(trace).ask_edges:
        raise MoveRefused(_("This trace does not lead over that edge. Open it again."))
    if not 0 < prediction.points <= POINTS_MOST:
        raise MissingPart(_("Say by how many points the score will rise: more than 0, up to 10."))
    if prediction.by_week <= today:
        raise MissingPart(_("Say by which week to come the score will have risen."))
    other = prediction.comparison
    if other is not None and other.key == trace.touchpoint:
        raise MissingPart(_("Compare with another moment than the one that went down."))


@transaction.atomic
def ask_from_trace(
    viewer: "Person",
    trace: StoredTrace,
    *,
    edge: AskEdge,
    draft: commitments.Draft,
    prediction: Prediction,
    today: date,
) -> "Ask":
    """Raise an ask that carries the trace; the same draft sent twice is one ask.

    A private ticket carries none: who opened the trace that day is in the log of reading.
    """
    check_ask(viewer, trace, edge=edge, prediction=prediction, today=today)
    if draft.raised_as == RaisedAs.TICKET:
        raise MoveRefused(_("A private ticket cannot carry a trace; ask on the edge itself."))
    on_edge = graph.edge(viewer, edge.id)
    ask = commitments.raise_ask(viewer, edge=on_edge, draft=draft, today=today)
    other = prediction.comparison
    _traced, new = TracedAsk.objects.get_or_create(
        ask_ref=ask.ref,
        defaults={
            "trace": trace,
            "edge_id": edge.id,
            "predicted": prediction.points,
            "by_week": voice.monday(prediction.by_week),
            "comparison": other.key if other else "",
            "made_on": today,
        },
    )
    if new:
        journal.write("ask", subject_kind="trace", subject_ref=trace.ref, actor_id=viewer.pk)
    return ask


def close_from_verdicts(*, today: date) -> int:
    """Write new verdicts on asks back to the traces they carried; return how many."""
    open_asks = unfinished(TracedAsk.objects.only("ask_ref", "trace_id"))
    if not open_asks:
        return 0
    trace_of = {each.ask_ref: each.trace_id for each in open_asks}
    known = set(
        Closed.objects.filter(ask_ref__in=trace_of).values_list("ask_ref", "turn", "moment")
    )
    new = [
        given
        for given in asks.verdicts_on(trace_of)
        if (given.ref, given.turn, given.moment) not in known
    ]
    for given in new:
        _close(trace_of[given.ref], given, today=today)
    return len(new)


@transaction.atomic
def _close(trace_id: int, given: asks.VerdictOn, *, today: date) -> None:
    closed, new = Closed.objects.get_or_create(
        ask_ref=given.ref,
        turn=given.turn,
        moment=given.moment,
        defaults={
            "trace_id": trace_id,
            "finding": FINDINGS[Outcome(given.outcome)],
            "closed_on": today,
        },
    )
    if new:
        ref = closed.trace.ref
        journal.write("close", subject_kind="trace", subject_ref=ref, detail=closed.finding)


def note_progress(week: date) -> Tell:
    """Give what writes down, for the page, how far the screening of a week has come."""

    def tell(done: int, steps: int) -> None:
        Progress.objects.update_or_create(
            pk=1, defaults={"week": week, "done": done, "steps": steps}
        )

    return tell


def end_progress() -> None:
    """Nothing runs any more."""
    Progress.objects.all().delete()
