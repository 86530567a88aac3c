"""Screening, tracing, asking from a trace, and what the verdict writes back."""

import json
from datetime import timedelta
from time import time_ns
from typing import Any

import numpy as np
import pytest
from django.db import DatabaseError, connection, transaction

from tests import factories as f
from tests.trace.organisation import FELL, LAST, WEEKS, built, measured, scored, step
from upturn.commitments import commands as commitments
from upturn.commitments.engine import MissingPart, Move, MoveRefused, Outcome, RaisedAs
from upturn.graph.models import Kind
from upturn.record.journal import verify_chain
from upturn.record.models import JournalEntry
from upturn.stats.draws import generator
from upturn.trace import commands, engine, jobs, queries
from upturn.trace.engine import Confidence
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
from upturn.voice.models import Tally, TouchpointWeek

pytestmark = pytest.mark.django_db
TODAY = LAST + timedelta(weeks=1)


def screened() -> tuple[Any, StoredTrace]:
    """Two houses after a screening, and the trace of what fell."""
    houses = built()
    commands.screen(LAST, today=TODAY)
    return houses, StoredTrace.objects.get(touchpoint=houses.fell.key)


def asked(houses: Any, trace: StoredTrace, **how: Any) -> Any:
    """The kitchen's ask of the dish room, with the trace."""
    edge = queries.trace_page(trace).ask_edges[0]
    asker = f.member(houses.parties["Kitchen at Mill"])
    code = how.pop("code", None) or commitments.draw_code()
    draft = commitments.Draft(
        **{"words": "Dry plates at seven", "raised_as": RaisedAs.TEAM, "code": code}
        | how.pop("draft", {})
    )
    given = {"points": 1.2, "by_week": TODAY + timedelta(weeks=8)} | how.pop("prediction", {})
    return commands.ask_from_trace(
        how.pop("asker", asker),
        trace,
        edge=how.pop("edge", edge),
        draft=draft,
        prediction=commands.Prediction(**given),
        today=TODAY,
    )


def judged(ask: Any, houses: Any, outcome: Outcome) -> None:
    """The dish room promises and does it; the kitchen says what it noticed."""
    dishes, kitchen = houses.parties["Dish room at Mill"], houses.parties["Kitchen at Mill"]
    server, asker = f.member(dishes), f.member(kitchen)
    promise = {"what": "A rack", "who": "the late shift", "sign": "dry plates", "due_on": TODAY}
    f.moved(server, ask, Move.PROMISE, today=TODAY, **promise)
    f.moved(asker, ask, Move.JUDGE, today=TODAY, outcome=outcome)


def test_a_fall_is_found_and_traced_to_where_it_was_planted() -> None:
    houses, trace = screened()
    alarm = StoredAlarm.objects.get()
    assert alarm.touchpoint == houses.fell.key
    assert alarm.trace == trace
    assert alarm.change < 0
    assert alarm.low < alarm.change < alarm.high < 0
    page = queries.trace_page(trace)
    assert page.suspect.id == houses.parties["Dish room at Mill"].pk
    assert [step.server.name for step in page.steps] == ["Kitchen", "Dish room"]
    assert page.confidence == Confidence.TWO_AGREE


def test_what_servers_and_customers_say_is_joined_with_lag_and_range_and_nothing_from_nothing() -> (
    None
):
    """What the kitchen says of the dish room falls two weeks before what customers say (S1.1)."""
    houses = built()
    edge = houses.edges["dishes at Mill"]
    measured(edge, "served well", 8 + step(2.0, at=FELL - 2) + np.resize([0.2, -0.2], WEEKS))
    commands.screen(LAST, today=TODAY)
    page = queries.trace_page(StoredTrace.objects.get(touchpoint=houses.fell.key))
    last = page.steps[-1]
    assert page.change.figure.high < 0
    assert 0 < last.strength <= 1
    assert 0 <= last.lag_weeks <= 2
    said = next(each for each in last.measures if each.to)
    assert said.low <= said.after - said.before <= said.high < 0
    built(fall=0.0, seed=2)
    quiet = commands.screen(LAST - timedelta(weeks=1), today=TODAY)
    known = set(StoredAlarm.objects.filter(screening=quiet).values_list("touchpoint", flat=True))
    assert known <= {houses.fell.key}


def test_screening_a_week_twice_is_screening_it_once() -> None:
    screened()
    before = JournalEntry.objects.count()
    again = commands.screen(LAST, today=TODAY + timedelta(days=2))
    assert again == Screening.objects.get()
    assert again.done_on == TODAY
    assert StoredTrace.objects.count() == StoredAlarm.objects.count() == 1
    assert JournalEntry.objects.count() == before
    assert verify_chain() is None


def test_a_screening_tells_how_far_it_is_and_the_journal_that_it_was() -> None:
    built()
    heard: list[tuple[int, int]] = []
    commands.screen(LAST, today=TODAY, tell=lambda done, steps: heard.append((done, steps)))
    assert heard[0][0] == 0
    assert heard[-1][0] == heard[-1][1] > 2
    assert [done for done, _ in heard] == sorted(done for done, _ in heard)
    entry = JournalEntry.objects.get(verb="screen")
    assert entry.subject_ref == f"{LAST:%Y-%m-%d}"
    assert entry.actor_id is None


def test_where_nothing_happened_nothing_is_found() -> None:
    built(fall=0.0)
    screening = commands.screen(LAST, today=TODAY)
    assert screening.touchpoints == 6
    assert not screening.alarms.exists()


def test_the_worker_screens_once_a_week_and_only_a_week_with_scores() -> None:
    assert not jobs.work(TODAY)
    assert not Screening.objects.exists()
    built()
    assert jobs.work(TODAY)
    assert not jobs.work(TODAY)
    assert not jobs.work(TODAY + timedelta(days=6))
    assert [row.week for row in Screening.objects.all()] == [LAST]
    assert not Progress.objects.exists()


def test_what_was_stored_can_be_computed_again_and_is_the_same() -> None:
    _houses, trace = screened()
    again = queries.recomputed(trace)
    assert again == engine.from_json(trace.told)
    assert again.inputs_hash == trace.inputs.digest


def test_a_trace_does_not_change_with_what_is_known_later() -> None:
    houses, trace = screened()
    before = queries.trace_page(trace)
    houses.parties["Dish room at Mill"].delete()
    scored(f.touchpoint(customers=houses.parties["Guests at Mill"]), [3.0] * WEEKS)
    trace.refresh_from_db()
    page = queries.trace_page(trace)
    assert page.suspect.name == "Dish room"
    assert page.suspect.id == 0
    assert page.scores == before.scores
    assert queries.recomputed(trace) == engine.from_json(trace.told)


TABLES = ("inputs", "screening", "storedtrace", "storedalarm", "tracedask", "closed")


def test_the_database_refuses_to_change_what_was_found() -> None:
    houses, trace = screened()
    judged(asked(houses, trace), houses, Outcome.BETTER)
    commands.close_from_verdicts(today=TODAY)
    for table in TABLES:
        for act in ("UPDATE {} SET id = id", "DELETE FROM {}"):
            refused = pytest.raises(DatabaseError, match="kept as they were made")
            with refused, transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(act.format(f"trace_{table}"))


def test_a_trace_cannot_be_replaced_under_its_key() -> None:
    _houses, trace = screened()
    trace.told = "{}"
    with pytest.raises(DatabaseError), transaction.atomic():
        trace.save()
    copy = Inputs(pk=trace.inputs_id, digest="0" * 64, packed=b"")
    with pytest.raises(DatabaseError), transaction.atomic():
        copy.save(force_insert=True)


def test_cannot_tell_names_nobody_and_what_names_nobody_cannot_tell() -> None:
    _houses, trace = screened()
    for confidence, suspect in ((Confidence.CANNOT_TELL, "kitchen"), (Confidence.TWO_AGREE, "")):
        row = StoredTrace(
            ref=f"r{suspect}",
            touchpoint="x",
            week=LAST,
            onset=LAST,
            confidence=confidence,
            suspect=suspect,
            told="{}",
            shown={},
            inputs=trace.inputs,
            version="",
            made_on=TODAY,
        )
        with pytest.raises(DatabaseError), transaction.atomic():
            row.save()


def test_somebody_traces_a_touchpoint_now_and_the_journal_knows_who() -> None:
    houses = built()
    viewer = f.member(houses.parties["Floor at Mill"])
    trace = commands.trace_now(viewer, houses.fell, today=TODAY)
    assert commands.trace_now(viewer, houses.fell, today=TODAY) == trace
    entry = JournalEntry.objects.get(verb="trace")
    assert (entry.actor_id, entry.subject_ref) == (viewer.pk, trace.ref)
    commands.screen(LAST, today=TODAY)
    assert StoredTrace.objects.get() == trace


def test_tracing_now_is_refused_with_the_reason() -> None:
    houses = built()
    viewer = f.person()
    few = f.touchpoint(customers=houses.parties["Guests at Mill"])
    with pytest.raises(MoveRefused, match="five scores"):
        commands.trace_now(viewer, few, today=TODAY)
    better = f.touchpoint(customers=houses.parties["Guests at Mill"])
    scored(better, [5.0 + week / 10 for week in range(WEEKS)])
    with pytest.raises(MoveRefused, match="did not go down"):
        commands.trace_now(viewer, better, today=TODAY)
    with pytest.raises(MoveRefused, match="not for you"):
        commands.trace_now(f.person(role="guest"), houses.fell, today=TODAY)


def test_an_ask_carries_the_trace_on_the_edge_into_which_the_suspect_serves() -> None:
    houses, trace = screened()
    comparison = houses.points["food at Harbour"]
    ask = asked(houses, trace, prediction={"comparison": comparison})
    assert ask.edge == houses.edges["dishes at Mill"]
    carried = TracedAsk.objects.get()
    assert (carried.trace, carried.ask_ref, carried.predicted) == (trace, ask.ref, 1.2)
    assert carried.comparison == comparison.key
    assert carried.by_week.weekday() == 0


def test_a_second_tap_is_the_same_ask() -> None:
    houses, trace = screened()
    code = commitments.draw_code()
    assert asked(houses, trace, code=code) == asked(houses, trace, code=code)
    assert TracedAsk.objects.count() == 1


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ({"draft": {"raised_as": RaisedAs.TICKET}}, "ticket"),
        ({"prediction": {"points": 0.0}}, "points"),
        ({"prediction": {"points": 11.0}}, "points"),
        ({"prediction": {"by_week": TODAY}}, "week"),
        ({"draft": {"words": " "}}, "words"),
    ],
)
def test_an_ask_that_cannot_carry_the_trace_is_refused(how: Any, reason: str) -> None:
    houses, trace = screened()
    with pytest.raises((MoveRefused, MissingPart), match=reason):
        asked(houses, trace, **how)
    assert not TracedAsk.objects.exists()


def test_only_who_is_served_on_the_edge_asks_and_only_on_an_edge_of_the_trace() -> None:
    houses, trace = screened()
    with pytest.raises(MoveRefused, match="Only Kitchen"):
        asked(houses, trace, asker=f.member(houses.parties["Floor at Mill"]))
    other = houses.edges["bar at Mill"]
    edge = queries.trace_page(trace).ask_edges[0]._replace(id=other.pk)
    with pytest.raises(MoveRefused, match="does not lead"):
        asked(houses, trace, edge=edge)
    own = {"comparison": houses.fell}
    with pytest.raises(MissingPart, match="another moment"):
        asked(houses, trace, prediction=own)


@pytest.mark.parametrize(
    ("outcome", "finding"),
    [
        (Outcome.BETTER, Finding.CONFIRMED),
        (Outcome.SAME, Finding.NOT_CONFIRMED),
        (Outcome.WORSE, Finding.NOT_CONFIRMED),
        (Outcome.OTHER, Finding.CANNOT_TELL),
    ],
)
def test_the_verdict_of_the_asking_side_comes_back_to_the_trace(
    outcome: Outcome, finding: Finding
) -> None:
    houses, trace = screened()
    ask = asked(houses, trace)
    assert commands.close_from_verdicts(today=TODAY) == 0
    judged(ask, houses, outcome)
    assert commands.close_from_verdicts(today=TODAY) == 1
    assert commands.close_from_verdicts(today=TODAY) == 0
    assert Closed.objects.get().finding == finding
    assert queries.asks_of(queries.trace_page(trace))[0].finding == finding
    record = queries.track_record()[Confidence(trace.confidence)]
    counted = finding != Finding.CANNOT_TELL
    assert (record.closed, record.right) == (counted, finding == Finding.CONFIRMED)
    assert verify_chain() is None


@pytest.mark.parametrize(("other_rises", "low"), [(0.0, 0.9), (1.5, None)])
def test_beside_the_verdict_stands_whether_the_score_moved_back_more_than_elsewhere(
    other_rises: float, low: float | None
) -> None:
    """The scores rise by 1.5 from the promise on; where the other moment does too, it may be it."""
    houses, trace = screened()
    other = houses.points["food at Harbour"]
    ask = asked(houses, trace, prediction={"comparison": other})
    judged(ask, houses, Outcome.SAME)
    commands.close_from_verdicts(today=TODAY)
    page = queries.trace_page(trace)
    assert queries.asks_of(page)[0].since is None
    rng, rises = generator(5, "moved back"), {houses.fell: 1.5, other: other_rises}
    for point, rise in rises.items():
        for at in range(8):
            week, mean = TODAY + timedelta(weeks=at), 6.5 + rise + rng.normal(0, 0.2)
            TouchpointWeek.objects.create(
                touchpoint=point,
                week=week,
                count=20,
                positive=0,
                negative=0,
                scored=20,
                total=20 * mean,
                squares=20 * (mean * mean + 4),
            )
    before = TouchpointWeek.objects.filter(touchpoint=other, week__gte=page.onset, week__lt=TODAY)
    for row in before:
        mean = 6.5 + rng.normal(0, 0.2)
        before.filter(pk=row.pk).update(total=20 * mean, squares=20 * (mean * mean + 4))
    Tally.objects.update(words=time_ns())
    (one,) = queries.asks_of(page)
    assert one.finding == Finding.NOT_CONFIRMED
    assert one.since.since == TODAY
    assert one.since.beside.key == other.key
    assert one.since.weeks_after == 8
    assert one.since.low < 1.5 - other_rises < one.since.high
    assert one.since.low > 0.9 if low else one.since.low < 0 < one.since.high


def test_day_100_has_the_last_word_and_the_trace_is_counted_once() -> None:
    houses, trace = screened()
    ask = asked(houses, trace)
    judged(ask, houses, Outcome.BETTER)
    commands.close_from_verdicts(today=TODAY)
    later = TODAY + timedelta(days=100)
    asker = f.member(houses.parties["Kitchen at Mill"])
    f.moved(asker, ask, Move.JUDGE_DAY_100, today=later, outcome=Outcome.SAME)
    assert commands.close_from_verdicts(today=later) == 1
    assert [row.finding for row in Closed.objects.order_by("pk")] == [
        Finding.CONFIRMED,
        Finding.NOT_CONFIRMED,
    ]
    record = queries.track_record()[Confidence(trace.confidence)]
    assert (record.closed, record.right) == (1, 0)


def test_asks_without_a_trace_close_nothing() -> None:
    houses, trace = screened()
    asker = f.member(houses.parties["Kitchen at Mill"])
    ask = f.raised(asker, houses.edges["dishes at Mill"])
    judged(ask, houses, Outcome.BETTER)
    assert commands.close_from_verdicts(today=TODAY) == 0
    assert queries.asks_of(queries.trace_page(trace)) == ()


def test_no_person_stands_in_a_trace_nor_in_its_inputs() -> None:
    houses = built()
    people = [f.member(party) for party in houses.parties.values() if party.kind != Kind.CUSTOMERS]
    commands.screen(LAST, today=TODAY)
    trace = StoredTrace.objects.get()
    _measures, chain = queries.unpack(bytes(trace.inputs.packed))
    kept = trace.told + json.dumps(trace.shown) + " ".join(chain.keys)
    for person in people:
        assert person.username not in kept
        assert person.display_name not in kept
