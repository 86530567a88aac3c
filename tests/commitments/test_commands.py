"""Who may move an ask, what it leaves behind, and what happens when two move it at once."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connections

from tests.factories import TODAY, member, moved, party, raised, serves, touchpoint
from upturn.commitments import commands, queries
from upturn.commitments.engine import (
    MissingPart,
    Move,
    MoveRefused,
    Outcome,
    Overtaken,
    Side,
)
from upturn.commitments.models import Ask, Promise, RaisedAs, Thanks, Verdict
from upturn.record.journal import verify_chain
from upturn.record.models import JournalEntry, OutboxEvent

DUE = TODAY + timedelta(days=14)
PROMISE = {"what": "A slate", "who": "the pass", "sign": "nobody walks back", "due_on": DUE}


@pytest.fixture
def pass_():
    kitchen, floor = party("Kitchen"), party("Floor")
    edge = serves(kitchen, floor)
    return edge, member(kitchen, name="Nadia"), member(floor, name="Maria")


pytestmark = pytest.mark.django_db


def test_from_ask_to_the_verdict_of_day_100(pass_) -> None:
    edge, nadia, maria = pass_
    ask = raised(maria, edge)
    moved(nadia, ask, Move.PROMISE, **PROMISE)
    moved(nadia, ask, Move.SAY_DONE, today=DUE)
    moved(maria, ask, Move.JUDGE, outcome=Outcome.SAME, today=DUE)
    last = TODAY + timedelta(days=100)
    ask = moved(maria, ask, Move.JUDGE_DAY_100, outcome=Outcome.BETTER, today=last)
    assert ask.state == "settled"
    assert [v.outcome for v in Verdict.objects.order_by("given_on")] == ["same", "better"]
    verbs = list(JournalEntry.objects.order_by("id").values_list("verb", flat=True))
    assert verbs == ["raise", "promise", "say_done", "judge", "judge_day_100"]
    assert verify_chain() is None
    assert OutboxEvent.objects.filter(topic=f"party:{edge.served_id}").count() == len(verbs)


def test_a_promise_that_changed_something_twice_is_told_once(pass_) -> None:
    edge, nadia, maria = pass_
    moment = touchpoint("Food arrives", customers=party("Guests", kind="customers"))
    ask = raised(maria, edge, touchpoint=moment)
    moved(nadia, ask, Move.PROMISE, **PROMISE)
    moved(nadia, ask, Move.SAY_DONE, today=DUE)
    moved(maria, ask, Move.JUDGE, outcome=Outcome.BETTER, today=DUE)
    last = TODAY + timedelta(days=100)
    moved(maria, ask, Move.JUDGE_DAY_100, outcome=Outcome.OTHER, today=last)
    assert [each.outcome for each in queries.changed_for_customers(maria)] == ["other"]


def test_the_serving_side_cannot_judge_itself(pass_) -> None:
    edge, nadia, maria = pass_
    ask = raised(maria, edge)
    moved(nadia, ask, Move.PROMISE, **PROMISE)
    moved(nadia, ask, Move.SAY_DONE)
    with pytest.raises(MoveRefused):
        moved(nadia, ask, Move.JUDGE, outcome=Outcome.BETTER)
    assert not Verdict.objects.exists()


def test_only_the_served_side_can_ask(pass_) -> None:
    edge, nadia, _maria = pass_
    with pytest.raises(MoveRefused, match="Only Floor"):
        raised(nadia, edge)


def test_declining_needs_an_answer(pass_) -> None:
    edge, nadia, maria = pass_
    ask = raised(maria, edge)
    with pytest.raises(MissingPart):
        moved(nadia, ask, Move.DECLINE)
    ask.refresh_from_db()
    assert ask.state == "asked"


@pytest.mark.parametrize("part", ["what", "who", "sign", "due_on"])
def test_a_promise_lacks_nothing(pass_, part: str) -> None:
    edge, nadia, maria = pass_
    ask = raised(maria, edge)
    with pytest.raises(MissingPart):
        moved(nadia, ask, Move.PROMISE, **{k: v for k, v in PROMISE.items() if k != part})


def test_a_private_ticket_leaves_no_trace_of_its_holder(pass_) -> None:
    edge, _nadia, maria = pass_
    code = commands.draw_code()
    ask = raised(maria, edge, raised_as=RaisedAs.TICKET, code=code)
    assert ask.raised_by is None
    entry = JournalEntry.objects.get()
    assert entry.actor_id is None
    assert (entry.at.hour, entry.at.minute, entry.at.second) == (0, 0, 0)
    assert code not in str(list(Ask.objects.values()))
    assert queries.sides_of(maria, ask) == frozenset()
    assert queries.sides_of(None, ask, code=code.lower().replace("-", " ")) == {Side.ASKING}


def test_the_holder_of_a_ticket_judges_without_a_name(pass_) -> None:
    edge, nadia, maria = pass_
    code = commands.draw_code()
    ask = raised(maria, edge, raised_as=RaisedAs.TICKET, code=code)
    moved(nadia, ask, Move.PROMISE, **PROMISE)
    moved(nadia, ask, Move.SAY_DONE)
    ask = queries.ask_by_ticket(code)
    content = commands.Content(turn=ask.turn, outcome=Outcome.WORSE)
    ask = commands.take(None, ask, move=Move.JUDGE, content=content, today=DUE, code=code)
    assert ask.state == "judged"
    judged = JournalEntry.objects.get(verb="judge")
    assert judged.actor_id is None


def test_what_one_person_asked_only_that_person_judges(pass_) -> None:
    edge, _nadia, maria = pass_
    ask = raised(maria, edge, raised_as=RaisedAs.PERSON)
    colleague = member(edge.served)
    assert Side.ASKING not in queries.sides_of(colleague, ask)
    maria.is_active = False
    maria.save()
    ask = Ask.objects.select_related("edge", "raised_by").get(pk=ask.pk)
    assert Side.ASKING in queries.sides_of(colleague, ask)


def test_a_double_tap_raises_one_ask(pass_) -> None:
    edge, _nadia, maria = pass_
    code = commands.draw_code()
    assert raised(maria, edge, code=code).pk == raised(maria, edge, code=code).pk
    assert Ask.objects.count() == 1


def test_a_system_is_answered_for_by_those_who_serve_it() -> None:
    till, office, bar = party("Till", kind="system"), party("Office"), party("Bar")
    edge = serves(till, bar)
    serves(office, till)
    ruth, asker = member(office), member(bar)
    ask = raised(asker, edge)
    assert queries.sides_of(ruth, ask) == {Side.SERVING}


def test_thanks_belong_to_a_promise_kept(pass_) -> None:
    edge, nadia, maria = pass_
    ask = raised(maria, edge)
    moved(nadia, ask, Move.PROMISE, **PROMISE)
    moved(nadia, ask, Move.SAY_DONE)
    with pytest.raises(MoveRefused):
        commands.thank(maria, ask, words="Thank you", today=DUE)
    ask = moved(maria, ask, Move.JUDGE, outcome=Outcome.BETTER, today=DUE)
    commands.thank(maria, ask, words="Thank you", today=DUE)
    commands.thank(maria, ask, words="Thank you", today=DUE)
    assert Thanks.objects.count() == 1


def test_who_read_it_before_somebody_moved_it_is_told(pass_) -> None:
    edge, nadia, maria = pass_
    ask = raised(maria, edge)
    stale = commands.Content(turn=ask.turn, words="Which days?")
    moved(nadia, ask, Move.PROMISE, **PROMISE)
    with pytest.raises(Overtaken, match="faster"):
        commands.take(nadia, ask, move=Move.ASK_BACK, content=stale, today=TODAY)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_promise_at_once_one_wins(pass_) -> None:
    edge, nadia, maria = pass_
    ask = raised(maria, edge)
    barrier, told = Barrier(2), []

    def promise() -> None:
        mine = Ask.objects.select_related("edge").get(pk=ask.pk)
        barrier.wait()
        try:
            content = commands.Content(turn=mine.turn, **PROMISE)
            commands.take(nadia, mine, move=Move.PROMISE, content=content, today=TODAY)
        except Overtaken as error:
            told.append(str(error))
        finally:
            connections.close_all()

    both = [Thread(target=promise) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert Promise.objects.count() == 1
    assert len(told) == 1
