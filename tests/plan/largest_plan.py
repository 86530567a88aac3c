"""A plan with everything that pages show, up to the size the product promises to carry."""

import re
from datetime import timedelta

import numpy as np

from tests import factories as f
from tests.plan import measured as m
from tests.plan import planned as p
from tests.plan.whole_plan import whole_plan
from tests.voice.said import heard, theme, weeks_ago
from upturn.people.models import Person
from upturn.plan.commands import leaders, reading, targets
from upturn.plan.models import DayMoment, Outcome, Plan, PlanUnit, Question
from upturn.plan.urls import urlpatterns
from upturn.stats.draws import generator
from upturn.voice import commands as voice

STEPS, WEEKS_APART = 5, 8
LETTERS = ("a plate that is hot, and somebody who says how long the others take",
           "nobody came to the door, and we stood there with wet coats")  # fmt: skip


def largest_plan(
    here: p.Setting,
    *,
    moments: int = 40,
    lines: int = 400,
    units: int = 60,
    weeks: int = 156,
) -> Plan:
    """A plan in action whose moments are spoken of and whose units were measured week by week."""
    plan = whole_plan(here, moments=moments, lines=lines)
    _spoken_of(here, plan, weeks=weeks)
    _measured(here.leader, plan, units=units, weeks=weeks)
    _answered(here)
    plan.refresh_from_db()
    return plan


def _spoken_of(here: p.Setting, plan: Plan, *, weeks: int) -> None:
    """A touchpoint at each moment, with weekly scores and some words of customers."""
    rng, cold = generator(7, "tests", "plan", "largest"), theme(f"cold-{plan.pk}")
    for row in DayMoment.objects.filter(plan=plan):
        row.touchpoint = f.touchpoint(row.name, customers=here.guests, servers=(here.floor,))
        row.save(update_fields=["touchpoint"])
        m.store_scores(row.touchpoint.pk, 7 + rng.normal(0, 0.4, weeks), n=30)
        for text in LETTERS:
            heard(row.touchpoint, [7.0], week=weeks_ago(2), theme=cold, polarity=1, text=text)
    voice.choose_quotes(most=200)


def _measured(viewer: Person, plan: Plan, *, units: int, weeks: int) -> None:
    """Houses that begin in steps; outcomes of three sides with baselines, wishes and readings."""
    last = STEPS * WEEKS_APART
    starts = {n: last - WEEKS_APART * (n % STEPS) for n in range(units)}
    m.houses(units, weeks=weeks, starts=starts, effect=0.3)
    PlanUnit.objects.bulk_create(
        PlanUnit(
            plan=plan,
            ref=f"{plan.ref[:6]}u{n}",
            place=f"House {n}",
            step=1 + n % STEPS,
            starts_on=m.week(back),
        )
        for n, back in starts.items()
    )
    for row in m.pair(viewer, plan, money=True).values():
        _wished(viewer, plan, row)
    plan.refresh_from_db()
    m.started(plan, last)
    reading.note_change(viewer, plan, words="A new till", on=m.TODAY, where="Mill", key=p.key())
    reading.note_claim(viewer, plan, words="Twice the tips", source="A fair", key=p.key())
    reading.read_results(plan, today=m.TODAY)


def _wished(viewer: Person, plan: Plan, row: Outcome) -> None:
    edit = m.edit(p.key(), row.turn)
    row = targets.take_baseline(viewer, plan, row.ref, edit=edit, today=m.week(STEPS * WEEKS_APART))
    wish = targets.Wish(float(np.ceil(row.baseline or 0)) + 1, m.TODAY + timedelta(days=90))
    edit = m.edit(p.key(), row.turn)
    targets.set_wish(viewer, plan, row.ref, wish, edit=edit, today=m.TODAY)


def _answered(here: p.Setting) -> None:
    """Two years of the two questions, answered by those who lead the floor."""
    for month in range(24):
        for question in Question.values:
            answer = leaders.Answer(
                party_id=here.floor.pk, question=question, words=f"Plates first ({month})"
            )
            leaders.say(here.leader, answer, today=f.TODAY - timedelta(days=31 * month))


def pages_of(plan: Plan) -> dict[str, str]:
    """Each address of the room by its name, for this plan; those that only take posts too."""
    line = plan.lines.filter(column="do").earliest("pk")
    refs = {
        "ref": plan.ref,
        "line": line.ref,
        "moment": line.moment.ref,
        "outcome": plan.outcomes.earliest("pk").ref,
        "word": "none",
    }
    return {
        str(each.name): "/" + re.sub(r"<slug:(\w+)>", lambda at: refs[at[1]], str(each.pattern))
        for each in urlpatterns
    }
