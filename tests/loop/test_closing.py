"""From statements to asks and promises, and on day 100 to verdicts."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests import factories as f
from tests.loop.held import OPENED, TODAY, draft, facilitator, held_with, moves, phone, step
from upturn.commitments.models import Ask, Promise
from upturn.graph.models import Serves
from upturn.loop import jobs
from upturn.loop.commands import closing, handing_in, hiding, hundred, joining
from upturn.loop.commands.closing import Ownership
from upturn.loop.commands.hundred import Judgement
from upturn.loop.commands.refusals import NotReady, OtherCard, RoomClosed
from upturn.loop.engine import Incomplete, MoveRefused, NotYours, Overtaken, StageMove, StepKind
from upturn.loop.models import Participant, Statement, Workshop
from upturn.loop.queries.hundred import how_well_we_knew
from upturn.loop.queries.rooms import workshops
from upturn.loop.queries.statements import statements, waiting_asks
from upturn.loop.queries.walls import COLUMNS, wall, wall_rows
from upturn.people.models import Person
from upturn.stats import Figure, Withheld

pytestmark = pytest.mark.django_db
DAY_100 = TODAY + timedelta(days=100)
WHOLE = Ownership(owner="Ana", first_step="Ask the dish washers", sign="Plates are warm")


def said(host: Person, *, count: int = 1, task: bool = True) -> Workshop:
    """A workshop whose statements are open to read; every phone took a task along."""
    workshop = held_with(host, step(StepKind.HUNDRED_DAYS, many=True))
    for number in range(count):
        holder = phone(workshop)
        handing_in.hand_in(holder, draft(words=f"Plates came warm {number}", sure=4))
        if task:
            handing_in.hand_in(holder, draft(words="Ask once", kind="task"))
    workshop.refresh_from_db()
    return workshop


def owned(host: Person, workshop: Workshop, edge: Serves | None = None, **how: Any) -> None:
    for one in statements(host, workshop):
        given = Ownership(
            **(
                {"owner": "Ana", "first_step": "Ask", "sign": "Warm"}
                | ({"edge_id": edge.pk} if edge else {})
                | how
            )
        )
        closing.own_statement(host, workshop, one.ref, given, turn=one.turn)


def closed(host: Person, workshop: Workshop, **how: Any) -> Workshop:
    workshop.refresh_from_db()
    given = {"day_100_on": DAY_100, "turn": workshop.turn, "now": OPENED} | how
    return closing.close_workshop(host, workshop, **given)


def test_nobody_stands_up_before_each_statement_is_carried_and_each_took_a_task() -> None:
    host = facilitator()
    workshop = said(host, count=2, task=False)
    with pytest.raises(NotReady) as refused:
        closed(host, workshop)
    assert [line.split()[0] for line in map(str, refused.value.missing)] == ["2", "2"]
    owned(host, workshop)
    with pytest.raises(NotReady, match="2 phones have no small task"):
        closed(host, workshop)
    assert Workshop.objects.get().state == "open"
    assert closed(host, workshop, without_tasks=True).day_100_on == DAY_100


def test_a_statement_that_is_set_aside_needs_no_owner() -> None:
    host = facilitator()
    workshop = said(host, count=2)
    first, second = statements(host, workshop)
    closing.own_statement(host, workshop, first.ref, WHOLE, turn=0)
    hiding.hide(host, workshop, [second.ref], because="Told together with another.")
    assert closed(host, workshop).state == "closed"
    assert [one.ref for one in statements(facilitator(), workshop)] == [first.ref]


def test_what_the_host_can_ask_becomes_an_ask_and_where_it_also_serves_a_promise() -> None:
    kitchen, floor = f.party("Kitchen"), f.party("Floor")
    edge = f.serves(kitchen, floor)
    host = f.member(kitchen, floor, role="leader")
    workshop = said(host)
    owned(host, workshop, edge)
    closed(host, workshop)
    ask, promise = Ask.objects.get(), Promise.objects.get()
    assert (ask.words, ask.raised_by, ask.edge) == ("Plates came warm 0", host, edge)
    assert workshop.name in ask.because
    kept = (promise.what, promise.who, promise.sign, promise.due_on)
    assert kept == ("Ask", "Ana", "Warm", DAY_100)
    assert Statement.objects.get().ask_ref == ask.ref


def test_what_the_host_cannot_ask_waits_for_the_party_that_is_served() -> None:
    kitchen, floor = f.party("Kitchen"), f.party("Floor")
    edge = f.serves(kitchen, floor)
    host, served, serving = facilitator(), f.member(floor), f.member(kitchen)
    workshop = said(host)
    owned(host, workshop, edge)
    assert waiting_asks(served) == ()
    closed(host, workshop)
    assert not Ask.objects.exists()
    (waiting,) = waiting_asks(served)
    assert waiting.statement.waits_for and waiting.statement.waits_for.id == floor.pk
    assert waiting_asks(serving) == waiting_asks(host) == ()
    ref = waiting.statement.ref
    with pytest.raises(NotYours):
        closing.send_ask(serving, ref, today=TODAY)
    sent = [closing.send_ask(served, ref, today=TODAY) for _ in range(2)]
    assert sent[0] == sent[1] == Ask.objects.get()
    assert not Promise.objects.exists()
    assert waiting_asks(served) == ()
    with pytest.raises(OtherCard):
        closing.send_ask(served, "no such", today=TODAY)


def test_a_statement_has_one_owner_at_a_time() -> None:
    host = facilitator()
    workshop = said(host)
    (one,) = statements(host, workshop)
    closing.own_statement(host, workshop, one.ref, WHOLE, turn=0)
    with pytest.raises(Overtaken):
        closing.own_statement(host, workshop, one.ref, WHOLE, turn=0)
    with pytest.raises(NotYours):
        closing.own_statement(facilitator(), workshop, one.ref, WHOLE, turn=1)
    for wrong in ({"owner": "x" * 81}, {"owner_party_id": 10**6}, {"edge_id": 10**6}):
        given = Ownership(**({"owner": "", "first_step": "", "sign": ""} | wrong))
        with pytest.raises(Incomplete):
            closing.own_statement(host, workshop, one.ref, given, turn=1)


def test_day_100_lies_ahead_and_can_be_moved_while_it_does() -> None:
    host = facilitator()
    workshop = said(host)
    owned(host, workshop)
    with pytest.raises(Incomplete, match="ahead"):
        closed(host, workshop, day_100_on=TODAY)
    workshop = closed(host, workshop)
    later = DAY_100 + timedelta(days=1)
    moved = closing.move_day_100(host, workshop, later, turn=workshop.turn, today=TODAY)
    assert moved.day_100_on == later
    with pytest.raises(Overtaken):
        closing.move_day_100(host, workshop, DAY_100, turn=workshop.turn, today=TODAY)
    with pytest.raises(Incomplete):
        closing.move_day_100(host, workshop, TODAY, turn=moved.turn, today=DAY_100)


def test_a_code_is_free_again_once_its_workshop_closed_and_the_room_is_shut() -> None:
    host = facilitator()
    workshop = said(host)
    holder = phone(workshop)
    owned(host, workshop)
    closed(host, workshop, without_tasks=True)
    with pytest.raises(RoomClosed):
        handing_in.hand_in(holder, draft())
    with pytest.raises(Incomplete):
        joining.join(workshop.code)
    with pytest.raises(MoveRefused):
        moves(host, workshop, StageMove.OPEN_CARDS)


def test_day_100_opens_by_itself_on_its_day_or_when_the_house_is_next_on() -> None:
    host = facilitator()
    workshop = said(host)
    owned(host, workshop)
    closed(host, workshop)
    (one,) = statements(host, workshop)
    given = Judgement(verdict="better", evidence="Guests said so", turn=one.turn)
    with pytest.raises(Incomplete, match="day 100"):
        hundred.judge(host, workshop, one.ref, given, today=TODAY)
    assert workshops(host).to_meet == (workshop,)
    assert not jobs.meet_again(DAY_100 - timedelta(days=1), now=OPENED)
    on = DAY_100 + timedelta(days=3)
    assert jobs.meet_again(on, now=OPENED)
    assert not jobs.meet_again(on, now=OPENED)
    workshop.refresh_from_db()
    assert (workshop.state, workshop.met_on) == ("met", on)
    assert not Participant.objects.exists()
    judged = hundred.judge(host, workshop, one.ref, given, today=on)
    assert (judged.verdict, judged.judged_on) == ("better", on)
    with pytest.raises(Overtaken):
        hundred.judge(host, workshop, one.ref, given, today=on)
    again = Judgement(verdict="other", evidence="Soup too", turn=judged.turn)
    assert hundred.judge(host, workshop, one.ref, again, today=on).verdict == "other"
    for wrong in (
        Judgement(verdict="best", evidence="x", turn=9),
        Judgement(verdict="same", evidence=" ", turn=9),
    ):
        with pytest.raises(Incomplete):
            hundred.judge(host, workshop, one.ref, wrong, today=on)


def test_people_who_are_together_can_meet_before_the_day() -> None:
    host = facilitator()
    workshop = said(host)
    owned(host, workshop)
    workshop = closed(host, workshop)
    met = hundred.meet_now(host, workshop, turn=workshop.turn, today=TODAY, now=OPENED)
    assert met.state == "met"
    with pytest.raises(Overtaken):
        hundred.meet_now(host, workshop, turn=workshop.turn, today=TODAY, now=OPENED)


def test_how_well_we_knew_is_withheld_below_five_and_for_those_who_hold_workshops() -> None:
    host = facilitator()
    for count in (4, 1):
        workshop = said(host, count=count)
        owned(host, workshop)
        workshop = closed(host, workshop)
        workshop = hundred.meet_now(host, workshop, turn=workshop.turn, today=TODAY, now=OPENED)
        for number, one in enumerate(statements(host, workshop)):
            verdict = "same" if count == 4 and number == 0 else "better"
            given = Judgement(verdict=verdict, evidence="Seen", turn=one.turn)
            hundred.judge(host, workshop, one.ref, given, today=TODAY)
        known = how_well_we_knew(host)[3].better
        if count == 4:
            assert known == Withheld("too_few", 5, 4)
    assert isinstance(known, Figure) and (known.value, known.n) == (0.8, 5)
    assert how_well_we_knew(f.person()) == ()


def test_the_wall_has_a_row_for_each_statement_with_what_became_of_it() -> None:
    host = facilitator()
    workshop = said(host, count=2)
    owned(host, workshop)
    workshop = closed(host, workshop)
    rows = wall_rows(wall(host, workshop, language="en"))
    assert [tuple(row) for row in rows] == [COLUMNS] * 2
    assert {row["owner"] for row in rows} == {"Ana"}
    assert isinstance(workshop.day_100_on, date)
