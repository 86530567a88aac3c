"""Lines: servers first, providers, gaps, orphans, what works well enough; turns and repeats."""

from itertools import count

import pytest

from tests import factories as f
from tests.plan import planned as p
from upturn.graph import commands as graph
from upturn.graph.models import Serves
from upturn.people.models import Role
from upturn.plan.commands import editing
from upturn.plan.commands.editing import Edit, LineWords
from upturn.plan.engine import (
    Incomplete,
    Line,
    NotYours,
    Overtaken,
    Protected,
    ServersFirst,
    gaps,
    orphans,
    served_first,
)
from upturn.plan.models import Plan, PlanEdit, PlanLine
from upturn.plan.queries.lines import LineFilter, line_here, lines_page
from upturn.plan.queries.plans import facts_of_plan
from upturn.record.models import JournalEntry, OutboxEvent
from upturn.voice import commands as voice

pytestmark = pytest.mark.django_db


def drafted(here: p.Setting) -> tuple[Plan, object]:
    plan = p.plan_of(here.leader, here.guests)
    return plan, p.moment(here.leader, plan)


@pytest.mark.parametrize("column", ["be", "do"])
def test_what_those_have_who_serve_comes_first(column: str) -> None:
    here = p.Setting()
    plan, food = drafted(here)
    with pytest.raises(ServersFirst):
        p.line(here.leader, food, here.floor, column)
    p.line(here.leader, food, here.guests, words="A glass of water")
    with pytest.raises(ServersFirst):
        p.line(here.leader, food, here.floor, column)
    assert PlanLine.objects.filter(plan=plan).count() == 1
    p.line(here.leader, food, here.floor)
    assert p.line(here.leader, food, here.floor, column).column == column


def test_every_have_gets_a_serves_edge_or_is_a_gap() -> None:
    here = p.Setting()
    plan, food = drafted(here)
    known = p.line(here.leader, food, here.floor, provider_id=here.kitchen.pk)
    drawn = p.line(here.leader, food, here.kitchen, provider_id=here.bakery.pk, words="Bread")
    gap = p.line(here.leader, food, here.floor, words="A second runner")
    kitchen = Serves.objects.get(server=here.kitchen, served=here.floor)
    bakery = Serves.objects.get(server=here.bakery, served=here.kitchen)
    assert (known.edge, known.drew_edge) == (kitchen, False)
    assert (drawn.edge, drawn.drew_edge, bakery.what) == (bakery, True, "Bread")
    assert gap.edge is None
    found = lines_page(here.leader, p.fresh(plan), LineFilter(gap=True))
    assert [line.ref for line in found.lines] == [gap.ref]
    assert JournalEntry.objects.filter(verb="added", subject_ref=str(bakery.pk)).exists()


def test_an_edge_that_came_with_a_line_goes_with_it_unless_something_rests_on_it() -> None:
    here = p.Setting()
    plan, food = drafted(here)

    def drawn() -> bool:
        return Serves.objects.filter(server=here.bakery, served=here.kitchen).exists()

    first = p.line(here.leader, food, here.kitchen, provider_id=here.bakery.pk)
    second = p.line(here.leader, food, here.kitchen, provider_id=here.bakery.pk)
    editing.drop_line(here.leader, plan, first.ref, edit=Edit(key="a"))
    assert drawn(), "another line hangs on it"
    second.refresh_from_db()
    assert second.drew_edge
    editing.drop_line(here.leader, plan, second.ref, edit=Edit(key="b"))
    assert not drawn()
    third = p.line(here.leader, food, here.kitchen, provider_id=here.bakery.pk)
    edge = (here.bakery.key, here.kitchen.key)
    week = f.TODAY.replace(day=23)
    record = voice.MeasureRecord(name="bread", week=week, value=1.0, n=1, edge=edge)
    voice.store_measures(f.person(role=Role.EXECUTIVE), [record])
    editing.drop_line(here.leader, plan, third.ref, edit=Edit(key="c"))
    assert drawn(), "a measure hangs on it"


def test_an_edge_that_was_there_before_the_line_stays() -> None:
    here = p.Setting()
    plan, food = drafted(here)
    have = p.line(here.leader, food, here.floor, provider_id=here.kitchen.pk)
    editing.drop_line(here.leader, plan, have.ref, edit=Edit(key="a"))
    assert Serves.objects.filter(server=here.kitchen, served=here.floor).exists()


def test_who_may_not_draw_names_a_provider_and_the_line_waits_as_a_gap() -> None:
    here = p.Setting()
    plan, food = drafted(here)
    server = f.member(here.floor)
    p.opening.seat(here.leader, plan, person=server, party_id=here.floor.pk)
    have = p.line(server, food, here.kitchen, provider_id=here.bakery.pk)
    assert (have.provider, have.edge) == (here.bakery, None)
    facilitator = f.person(role=Role.FACILITATOR)
    words = LineWords(
        words=have.words, column="have", party_id=here.kitchen.pk, provider_id=here.bakery.pk
    )
    saved = editing.save_line(facilitator, plan, words, edit=Edit(key="x"), ref=have.ref)
    assert saved.edge is not None


def test_a_provider_who_left_makes_the_line_a_gap_that_says_so() -> None:
    here = p.Setting()
    plan, food = drafted(here)
    have = p.line(here.leader, food, here.floor, provider_id=here.bakery.pk)
    assert facts_of_plan(plan).gaps == 0
    edge = Serves.objects.get(server=here.bakery)
    graph.let_go_edge(here.leader, edge)
    graph.let_go(here.leader, here.bakery)
    seen = line_here(here.leader, p.fresh(plan), have.ref)
    assert (seen.is_gap, seen.provider_left, seen.provider_was) == (True, True, "Bakery")
    assert facts_of_plan(plan).gaps == 1
    page = f.signed_in(here.leader).get(f"/plans/{plan.ref}/lines/").content.decode()
    assert "Bakery gave it and is no longer there" in page


def test_a_support_promise_names_what_it_enables_or_is_an_orphan() -> None:
    here = p.Setting()
    plan, have, do = p.ready(here)
    assert facts_of_plan(plan).orphans == 1
    found = lines_page(here.leader, p.fresh(plan), LineFilter(orphan=True))
    assert [line.ref for line in found.lines] == [have.ref]
    words = LineWords(
        words="Warm plates",
        column="have",
        party_id=here.floor.pk,
        provider_id=here.kitchen.pk,
        enables=do.ref,
    )
    editing.save_line(here.leader, plan, words, edit=Edit(key="e"), ref=have.ref)
    assert facts_of_plan(plan).orphans == 0
    assert line_here(here.leader, p.fresh(plan), have.ref).enables == "Bring food hot"
    editing.drop_line(here.leader, plan, do.ref, edit=Edit(key="d"))
    assert facts_of_plan(plan).orphans == 1
    with pytest.raises(Incomplete, match="makes possible"):
        p.line(here.leader, have.moment, here.floor, enables=have.ref)


def test_counts_of_the_database_are_those_of_the_engine() -> None:
    here = p.Setting()
    plan, have, do = p.ready(here)
    food = have.moment
    p.line(here.leader, food, here.guests, provider_id=here.floor.pk)
    p.line(here.leader, food, here.kitchen, enables=do.ref)
    p.line(here.leader, food, here.kitchen, provider_id=here.bakery.pk, enables=do.ref)
    lines = [
        Line(
            ref=row.ref,
            moment="m",
            party=row.party_id,
            column=row.column,
            provider=row.provider_id,
            edge=row.edge_id,
            enables=row.enables.ref if row.enables else "",
        )
        for row in PlanLine.objects.select_related("enables")
    ]
    facts = facts_of_plan(plan)
    assert facts.gaps == len(gaps(lines)) == 1
    assert facts.orphans == len(orphans(lines)) == 2
    assert facts.served_first == len(served_first(lines, customers={here.guests.pk})) == 2
    assert (facts.haves, facts.promises) == (3, 1)


def test_what_works_well_enough_is_touched_with_a_reason_alone() -> None:
    here = p.Setting()
    plan = p.plan_of(here.leader, here.guests)
    drink = p.moment(here.leader, plan, name="First drink", well_enough="Guests love it")
    with pytest.raises(Protected) as refused:
        p.line(here.leader, drink, here.floor)
    assert refused.value.why == "Guests love it"
    kept = p.line(here.leader, drink, here.floor, anyway="The glasses break")
    assert kept.override == "The glasses break"


def test_two_people_edit_one_line_and_both_texts_stand() -> None:
    here = p.Setting()
    plan, have, _do = p.ready(here)
    keys = (f"k{n}" for n in count())

    def write(text: str) -> PlanLine:
        words = LineWords(
            words=text, column="have", party_id=here.floor.pk, provider_id=here.kitchen.pk
        )
        edit = Edit(key=next(keys), turn=have.turn)
        return editing.save_line(here.leader, plan, words, edit=edit, ref=have.ref)

    write("Warm plates until ten")
    with pytest.raises(Overtaken) as error:
        write("Hot plates")
    assert error.value.stands is not None
    assert error.value.yours is not None
    assert error.value.stands["words"] == "Warm plates until ten"
    assert error.value.yours["words"] == "Hot plates"
    have.refresh_from_db()
    assert have.words == "Warm plates until ten"


def test_a_change_sent_twice_is_made_once_and_told_once() -> None:
    here = p.Setting()
    plan, food = drafted(here)
    words = LineWords(words="Bread", column="have", party_id=here.floor.pk, moment=food.ref)
    before = OutboxEvent.objects.filter(topic=f"plan:{plan.ref}").count()
    made = [editing.save_line(here.leader, plan, words, edit=Edit(key="same")) for _ in range(2)]
    assert made[0].pk == made[1].pk
    assert PlanEdit.objects.filter(plan=plan, key="same").count() == 1
    assert OutboxEvent.objects.filter(topic=f"plan:{plan.ref}").count() == before + 1


def test_who_does_not_sit_in_the_plan_changes_nothing() -> None:
    here = p.Setting()
    plan, food = drafted(here)
    for viewer in (f.member(here.kitchen), f.person(role=Role.ADMINISTRATOR)):
        with pytest.raises(NotYours):
            p.line(viewer, food, here.floor)
        with pytest.raises(NotYours):
            editing.undo(viewer, plan, "any")
    assert not PlanLine.objects.exists()


def test_an_edit_keeps_no_name_of_who_made_it() -> None:
    columns = {field.name for field in PlanEdit._meta.get_fields()}
    assert columns == {"id", "plan", "key", "kind", "row", "before", "after", "undone"}
