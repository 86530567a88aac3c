"""A change of every sort that pages of a plan show."""

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from tests.plan import planned as p
from tests.voice.said import heard, theme, weeks_ago
from upturn.graph import commands as graph
from upturn.plan.commands import acting, editing, opening, reading, targets
from upturn.plan.models import Plan
from upturn.voice import commands as voice


def edit(row: object | None = None) -> editing.Edit:
    return editing.Edit(key=p.key(), turn=getattr(row, "turn", 0))


def words_changed(here: p.Setting, plan: Plan) -> None:
    row = plan.lines.filter(column="do", state="noted").earliest("pk")
    words = editing.LineWords(
        words="Plates are warm, says the test", column="do", party_id=row.party_id,
        moment=row.moment.ref,
    )  # fmt: skip
    editing.save_line(here.leader, plan, words, edit=edit(row), ref=row.ref)


def have_added(here: p.Setting, plan: Plan) -> None:
    moment = plan.moments.earliest("at", "pk")
    words = editing.LineWords(
        words="A lift, says the test", column="have", party_id=here.floor.pk, moment=moment.ref
    )
    editing.save_line(here.leader, plan, words, edit=edit())


def line_dropped(here: p.Setting, plan: Plan) -> None:
    row = plan.lines.filter(state="noted", column="have").latest("pk")
    editing.drop_line(here.leader, plan, row.ref, edit=edit(row))


def in_action(here: p.Setting, plan: Plan) -> None:
    row = plan.lines.filter(state="noted", column="do").latest("pk")
    today = timezone.localdate()
    due_on, override = today + timedelta(days=60), "The season, says the test"
    given = p.act(here, turn=row.turn, due_on=due_on, override=override)
    acting.put_into_action(here.leader, plan, row.ref, act=given, today=today)


def moment_moved(here: p.Setting, plan: Plan) -> None:
    row = plan.moments.earliest("at", "pk")
    last = plan.moments.latest("at", "pk")
    editing.move_moment(here.leader, plan, row.ref, at=last.at, edit=edit(row))


def touchpoint_taken_off(here: p.Setting, plan: Plan) -> None:
    row = plan.moments.exclude(touchpoint=None).latest("at", "pk")
    words = editing.MomentWords(at=row.at, name=row.name, wants=row.wants)
    editing.save_moment(here.leader, plan, words, edit=edit(row), ref=row.ref)


def words_heard(_here: p.Setting, plan: Plan) -> None:
    point = plan.moments.exclude(touchpoint=None).earliest("at", "pk").touchpoint
    cold = theme("cold, says the test")
    heard(point, [1.0], week=weeks_ago(1), theme=cold, polarity=-1, text="Soup that was cold")
    voice.choose_quotes(most=200)


def nobody_left(here: p.Setting, plan: Plan) -> None:
    row = plan.moments.latest("at", "pk")
    editing.set_parties(here.leader, plan, row.ref, {}, edit=edit(row))


def wish_changed(here: p.Setting, plan: Plan) -> None:
    row = plan.outcomes.filter(baseline__isnull=False).earliest("pk")
    wish = targets.Wish((row.baseline or 0) + 7, timezone.localdate() + timedelta(days=200))
    targets.set_wish(here.leader, plan, row.ref, wish, edit=edit(row), today=timezone.localdate())


def more_changed(here: p.Setting, plan: Plan) -> None:
    reading.note_change(
        here.leader, plan, words="A heat wave, says the test", on=timezone.localdate(), where="",
        key=p.key(),
    )  # fmt: skip


def claimed(here: p.Setting, plan: Plan) -> None:
    words, source = "A third fewer complaints, says the test", "A fair"
    reading.note_claim(here.leader, plan, words=words, source=source, key=p.key())


def read_a_week_later(_here: p.Setting, plan: Plan) -> None:
    reading.read_results(plan, today=timezone.localdate() + timedelta(weeks=1))


def party_came(here: p.Setting, plan: Plan) -> None:
    graph.add_party(
        here.leader, name="Bar, says the test", kind=here.kitchen.kind, place=plan.place
    )


def ended(here: p.Setting, plan: Plan) -> None:
    plan.refresh_from_db()
    opening.end_plan(here.leader, plan, turn=plan.turn, today=timezone.localdate())


CHANGES: list[Callable[[p.Setting, Plan], None]] = [
    words_changed, have_added, line_dropped, in_action, moment_moved,
    touchpoint_taken_off, nobody_left, words_heard, wish_changed, more_changed, claimed,
    read_a_week_later, party_came, ended,
]  # fmt: skip
