"""What breaks a plan from outside: guests' files, days far away, NUL, undo of what was agreed."""

import json
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from django.utils import timezone

from tests import factories as f
from tests.plan import measured as m
from tests.plan import planned as p
from tests.voice.said import heard, theme, weeks_ago
from upturn.people.models import Role
from upturn.plan.commands import acting, editing, opening, reading, targets
from upturn.plan.commands.editing import Edit
from upturn.plan.engine import InAction, Incomplete, Protected, TooManyActive
from upturn.plan.models import LineState, Plan, PlanEdit, PlanLine, PlanSeat
from upturn.plan.queries.roadmap import active_lines
from upturn.record.models import ReadingLog
from upturn.record.reading_log import readers
from upturn.voice.models import Quote

pytestmark = pytest.mark.django_db
STARTS = {0: 20, 1: 20, 2: 12, 3: 12}


def read_plan() -> tuple[Any, Plan]:
    """A plan in action over measured houses, with baselines and readings."""
    m.houses(8, starts=STARTS)
    viewer, plan = m.a_plan()
    m.pair(viewer, plan, money=True)
    m.taking_part(viewer, plan, STARTS)
    for row in plan.outcomes.all():
        edit = m.edit(f"b{row.ref}", row.turn)
        targets.take_baseline(viewer, plan, row.ref, edit=edit, today=m.TODAY)
    m.started(plan, 20)
    reading.read_results(plan, today=m.TODAY)
    return viewer, plan


def document(someone: Any, plan: Plan) -> Any:
    return json.loads(f.signed_in(someone).get(f"/plans/{plan.ref}/plan.json").content)


def test_files_hold_no_figure_that_pages_keep_from_a_guest() -> None:
    viewer, plan = read_plan()
    reading.note_change(viewer, plan, words="A heat wave", on=m.TODAY, where="", key="k")
    guest = f.person(role=Role.GUEST)
    PlanSeat.objects.create(plan=plan, person=guest, party=plan.customers)
    for page in ("targets", "roll-out", "results"):
        shown = f.signed_in(guest).get(f"/plans/{plan.ref}/{page}/").content.decode()
        assert "House 0" not in shown
        assert m.TAKINGS not in shown
    told = json.dumps(document(guest, plan))
    table = b"".join(f.signed_in(guest).get(f"/plans/{plan.ref}/plan.csv")).decode()  # type: ignore[call-overload]
    for hidden in ("House 0", m.TAKINGS, m.HELPED, "A heat wave", "staggered"):
        assert hidden not in told
        assert hidden not in table
        assert hidden in json.dumps(document(viewer, plan))


def test_files_show_no_result_before_it_was_asked_what_else_changed() -> None:
    viewer, plan = read_plan()
    assert plan.results.exists()
    assert document(viewer, plan)["results"] == []
    reading.note_change(viewer, plan, words="", on=m.TODAY, where="", key="k")
    assert document(viewer, plan)["results"] != []


@pytest.mark.parametrize("day", ["0001-01-01", "1900-01-01", "9999-01-01", "9999-12-31"])
def test_a_day_far_away_is_refused_with_a_sentence(day: str) -> None:
    m.houses(4)
    viewer, plan = m.a_plan()
    m.pair(viewer, plan)
    m.taking_part(viewer, plan, {}, number=4)
    for row in plan.outcomes.all():
        edit = m.edit(f"b{row.ref}", row.turn)
        targets.take_baseline(viewer, plan, row.ref, edit=edit, today=m.TODAY)
    at, client = f"/plans/{plan.ref}/", f.signed_in(viewer)
    unit, outcome = plan.units.get(place="House 0"), plan.outcomes.get(side="customer")
    dealt = {"act": "deal", "steps": 2, "first_on": day, "weeks_apart": 26, "seed": 1}
    placed = {"act": "place", "unit": unit.ref, "step": 1, "starts_on": day, "key": "p"}
    wished = {"act": "wish", "wish": 9, "wish_by": day, "turn": outcome.turn, "key": "w"}
    changed = {"act": "change", "words": "A heat wave", "on": day, "key": "c"}
    sent = {
        "roll-out/": [dealt, placed],
        f"targets/{outcome.ref}/": [wished],
        "results/": [changed],
    }
    for page, forms in sent.items():
        for form in forms:
            answer = client.post(at + page, form)
            assert answer.status_code == 400
            assert day in answer.content.decode(), form
    unit.refresh_from_db()
    assert unit.starts_on is None
    assert not plan.other_changes.exists()


@pytest.mark.parametrize("wish", ["nan", "inf", "-inf", "1e308"])
def test_a_target_no_page_can_show_is_refused_and_stays_in_its_field(wish: str) -> None:
    m.houses(4)
    viewer, plan = m.a_plan()
    outcome = m.pair(viewer, plan)["customer"]
    m.taking_part(viewer, plan, {}, number=4)
    edit = m.edit("b", outcome.turn)
    targets.take_baseline(viewer, plan, outcome.ref, edit=edit, today=m.TODAY)
    sent = {"act": "wish", "wish": wish, "wish_by": "2027-05-05", "turn": 1, "key": "w"}
    answer = f.signed_in(viewer).post(f"/plans/{plan.ref}/targets/{outcome.ref}/", sent)
    assert answer.status_code == 400
    assert f'value="{wish}"' in answer.content.decode()
    assert 'value="2027-05-05"' in answer.content.decode()


def test_a_nul_is_stored_nowhere() -> None:
    here = p.Setting()
    plan, have, _do = p.ready(here)
    at = f"/plans/{plan.ref}/moments/{have.moment.ref}/"
    client = f.signed_in(here.leader)
    line = {"column": "have", "party": here.floor.pk, "provider": here.kitchen.pk}
    client.post(f"{at}lines/", {**line, "words": "warm\0plates", "key": "k\0", "enables": "\0"})
    client.post(f"/plans/{plan.ref}/day/move/", {"moment": "\0", "key": "\0", "at": 700})
    client.post(f"/plans/{plan.ref}/undo/", {"key": "\0"})
    client.post(f"/plans/{plan.ref}/day/undo/", {"key": "\0", "moment": "\0"})
    client.get(f"/plans/{plan.ref}/group/", {"who": "\0"})
    assert plan.lines.filter(words="warm plates").count() <= 1
    assert not any("\0" in words for words in plan.lines.values_list("words", flat=True))
    assert not any("\0" in key for key in PlanEdit.objects.values_list("key", flat=True))


def test_undo_takes_away_nothing_that_was_agreed_at_the_start() -> None:
    here = p.Setting()
    plan, _have, _do = p.ready(here)
    words = targets.OutcomeWords(pair=1, side="customer", source="score")
    targets.save_outcome(here.leader, plan, words, edit=Edit(key="agreed"))
    question = PlanEdit.objects.get(plan=plan, kind="plan")
    p.started(here.leader, plan)
    with pytest.raises(InAction):
        editing.undo(here.leader, plan, "agreed")
    with pytest.raises(Incomplete):
        editing.undo(here.leader, plan, question.key)
    with pytest.raises(Incomplete):
        p.answered(here.leader, plan, words="  ")
    later = targets.OutcomeWords(pair=2, side="customer", source="score")
    targets.save_outcome(here.leader, plan, later, edit=Edit(key="later"))
    editing.undo(here.leader, plan, "later")
    plan.refresh_from_db()
    assert plan.serve_first == "Plates first"
    assert list(plan.outcomes.values_list("pair", flat=True)) == [1]


def test_an_answer_too_long_is_refused_and_never_cut() -> None:
    here = p.Setting()
    with pytest.raises(Incomplete):
        p.plan_of(here.leader, here.guests, serve_first="x" * 2_001)
    plan = p.plan_of(here.leader, here.guests, serve_first="x" * 2_000)
    assert len(plan.serve_first) == 2_000


def test_a_lengthening_that_comes_too_late_keeps_the_moment() -> None:
    here = p.Setting()
    plan, _have, _do = p.ready(here)
    turn = plan.turn
    p.answered(here.leader, plan, words="Somebody was faster")
    sent = {"at": 1_410, "name": "A last drink", "turn": turn, "key": "l"}
    client = f.signed_in(here.leader)
    answer = client.post(f"/plans/{plan.ref}/day/lengthen/", sent)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert page.count("A last drink") == 2  # in its field, and with the button that lengthens
    plan.refresh_from_db()
    client.post(f"/plans/{plan.ref}/day/lengthen/", {**sent, "turn": plan.turn, "key": "m"})
    assert plan.moments.filter(name="A last drink", at=1_410).exists()


def kept_moment(client: Client, here: p.Setting) -> tuple[Plan, PlanLine]:
    plan, have, _do = p.ready(here)
    turn, at = have.moment.turn, f"/plans/{plan.ref}/moments/{have.moment.ref}/"
    client.post(at, {"well_enough": "Guests love it", "turn": turn, "key": "keep"})
    have.moment.refresh_from_db()
    return plan, have


def test_what_is_to_stay_is_taken_out_with_a_reason_alone() -> None:
    here = p.Setting()
    client = f.signed_in(here.leader)
    plan, have = kept_moment(client, here)
    at = f"/plans/{plan.ref}/moments/{have.moment.ref}/"
    for page, turn in ((f"lines/{have.ref}/drop/", have.turn), ("drop/", have.moment.turn)):
        refused = client.post(at + page, {"turn": turn, "key": f"a{page}"[:20]})
        assert refused.status_code == 400
        assert "Guests love it" in refused.content.decode()
    assert plan.lines.count() == 2
    gone = {"turn": have.moment.turn, "key": "b", "anyway": "The bar closed"}
    assert client.post(f"{at}drop/", gone).status_code == 302
    assert not plan.moments.exists()
    editing.undo(here.leader, plan, "b")
    assert plan.lines.count() == 2
    with pytest.raises(Protected):
        editing.drop_line(here.leader, plan, have.ref, edit=Edit(key="c", turn=have.turn + 1))


def test_two_plans_cannot_both_take_the_last_place_of_a_party(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The count is asked before anything is written, and again once the journal is held."""
    here = p.Setting()
    plan, have, _do = p.ready(here)
    p.started(here.leader, plan)
    counts = iter([{here.floor.pk: 2}, {here.floor.pk: 4}])
    monkeypatch.setattr(acting, "active_lines", lambda: next(counts))
    with pytest.raises(TooManyActive):
        acting.put_into_action(here.leader, plan, have.ref, act=p.act(here), today=f.TODAY)
    have.refresh_from_db()
    assert have.state == LineState.NOTED
    assert not have.ask_ref


@pytest.mark.django_db(transaction=True)
def test_of_two_plans_that_take_the_last_place_at_once_one_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Two connections. On PostgreSQL both have counted two lines before either writes.

    SQLite lets the second one begin only when the first has ended, so there they start together.
    """
    here = p.Setting()
    plans = [p.ready(here) for _ in range(3)]
    for plan, *_lines in plans:
        p.started(here.leader, plan)
    standing = plans[0][0]
    for line in plans[0][1:]:
        given = p.act(here, turn=line.turn)
        acting.put_into_action(here.leader, standing, line.ref, act=given, today=f.TODAY)
    both, counted = Barrier(2), acting._override
    meeting = both if connection.vendor == "postgresql" else Barrier(1)

    def count_and_wait(line: PlanLine, act: acting.Act) -> str:
        reason = counted(line, act)
        meeting.wait(20)
        return reason

    monkeypatch.setattr(acting, "_override", count_and_wait)
    told: list[str] = []
    threads = [
        Thread(target=put_at_once, args=(here, plan, do, both, told))
        for plan, _have, do in plans[1:]
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["put", "too many"]
    assert active_lines() == {here.floor.pk: 3}


def put_at_once(
    here: p.Setting, plan: Plan, line: PlanLine, both: Barrier, told: list[str]
) -> None:
    """Put a line into action over a connection of its own, as soon as another thread does too."""
    both.wait(20)
    try:
        given = p.act(here, turn=line.turn)
        acting.put_into_action(here.leader, plan, line.ref, act=given, today=f.TODAY)
    except TooManyActive:
        told.append("too many")
    else:
        told.append("put")
    finally:
        connections.close_all()


LATE: dict[str, dict[str, Any]] = {
    "moments/": {"at": "10:00", "name": "What I wrote"},
    "question/": {
        "serve_first": "What I wrote", "name": "Friday", "begins": "07:00", "ends": "23:00",
        "turn": 9,
    },
    "results/": {"act": "claim", "words": "What I wrote", "source": "Somebody"},
    "targets/": {"pair": 1, "side": "customer", "figure": "score:", "better": "more"},
    "roll-out/": {"act": "units"},
    "start/": {"turn": 9},
}  # fmt: skip


@pytest.mark.parametrize("page", LATE)
def test_whoever_writes_in_a_plan_that_ended_meanwhile_is_told_and_loses_no_word(page: str) -> None:
    here = p.Setting()
    plan, _have, _do = p.ready(here)
    p.started(here.leader, plan)
    plan.refresh_from_db()
    opening.end_plan(here.leader, plan, turn=plan.turn, today=f.TODAY)
    answer = f.signed_in(here.leader).post(f"/plans/{plan.ref}/{page}", LATE[page] | {"key": "k"})
    assert answer.status_code >= 400
    assert "This plan has ended and stays as it is." in answer.content.decode()
    wrote = [words for words in LATE[page].values() if words == "What I wrote"]
    assert all(words in answer.content.decode() for words in wrote)


def test_a_line_written_in_a_plan_that_ended_meanwhile_is_given_back() -> None:
    here = p.Setting()
    plan, have, _do = p.ready(here)
    p.started(here.leader, plan)
    plan.refresh_from_db()
    opening.end_plan(here.leader, plan, turn=plan.turn, today=f.TODAY)
    sent = {"words": "What I wrote", "column": "have", "party": here.floor.pk, "key": "k"}
    at = f"/plans/{plan.ref}/moments/{have.moment.ref}/lines/"
    page = f.signed_in(here.leader).post(at, sent).content.decode()
    assert "This plan has ended and stays as it is." in page
    assert "What I wrote" in page


def test_customers_words_beside_a_moment_count_as_read_once_a_day() -> None:
    here = p.Setting()
    food = f.touchpoint("Food", customers=here.guests, servers=(here.floor,))
    said = heard(food, [6], week=weeks_ago(1), text="Cold soup")
    Quote.objects.create(touchpoint=food, theme=theme(), feedback=said[0], position=0)
    plan = p.plan_of(here.leader, here.guests)
    at = p.moment(here.leader, plan, touchpoint_id=food.pk)
    guest = f.person(role=Role.GUEST)
    PlanSeat.objects.create(plan=plan, person=guest, party=here.guests)
    since = timezone.localdate() - timedelta(days=1)
    for page in ("day/", f"moments/{at.ref}/", "day/", "plan.json"):
        for someone in (guest, here.leader):
            shown = f.signed_in(someone).get(f"/plans/{plan.ref}/{page}").content.decode()
            assert ("Cold soup" in shown) is (someone == here.leader and page != "plan.json")
    assert readers(kind="touchpoint", ref=food.key, since=since) == {here.leader.pk}
    assert ReadingLog.objects.filter(ref=food.key).count() == 1
