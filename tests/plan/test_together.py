"""A group makes one plan at once; customers, those who serve and money are looked at together."""

import json
import re
import tomllib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db.models import F

import upturn
from tests import factories as f
from tests.plan import measured as m
from tests.plan import planned as p
from upturn.people.models import Person
from upturn.plan.commands import opening, reading, targets
from upturn.plan.models import Outcome, Plan
from upturn.plan.queries.live import topic, topics_of_plans
from upturn.record.models import OutboxEvent

pytestmark = pytest.mark.django_db
WEEKS_OF_STRIP = re.compile(r'<text class="q" [^>]*>([^<]+)</text><text class="q e" [^>]*>([^<]+)<')
AGAINST_HIRING = re.compile(
    r"poach|abwerb|no[ -]hire|not (?:to )?hire|non[ -]?solicit|non[ -]?compete", re.I
)
SHIPPED = {".toml", ".html", ".py", ".json", ".md", ".po", ".js", ".txt", ".csv"}
# What guards exchanges names such a rule in order to refuse it; where, is told entry by entry.
REFUSING = {
    ("guard_meaning.json", "known.words"),
    ("guard_model.json", "known.words"),
    ("guard_rules.json", "words.customers"),
    ("guard_rules.json", "words.wage"),
    ("metrics.toml", "forbidden.hiring"),
    ("rules.toml", "patterns.joint"),
}


def test_six_people_make_one_plan_at_once_and_each_sees_what_the_others_did() -> None:
    here = p.Setting()
    plan = p.plan_of(here.leader, here.guests)
    people = [f.member(here.floor, here.kitchen, here.bakery) for _ in range(6)]
    for number, someone in enumerate(people):
        party = (here.floor, here.kitchen, here.bakery)[number % 3]
        opening.seat(here.leader, plan, person=someone, party_id=party.pk)
    clients = [f.signed_in(someone) for someone in people]
    day = f"/plans/{plan.ref}/"
    for client in clients:  # everybody has the empty day open before anybody writes
        assert client.get(f"{day}day/").status_code == 200
    OutboxEvent.objects.all().delete()
    for number, client in enumerate(clients):
        sent = {"key": f"k{number}", "at": f"1{number}:00", "name": f"What {number} saw"}
        assert client.post(f"{day}moments/", sent).status_code == 302
    told = OutboxEvent.objects.filter(topic=topic(plan.ref))
    assert {each.ref for each in told} == set(plan.moments.values_list("ref", flat=True))
    for someone, client in zip(people, clients, strict=True):
        assert topic(plan.ref) in topics_of_plans(someone)
        part = client.get(f"{day}day/", headers={"HX-Request": "true"}).content.decode()
        assert all(f"What {number} saw" in part for number in range(6))


def figures_of(plan: Plan, viewer: Person) -> str:
    return f.signed_in(viewer).get(f"/plans/{plan.ref}/results/").content.decode()


def a_read_plan() -> tuple[Person, Plan]:
    starts = {0: 20, 1: 20, 2: 12, 3: 12}
    m.houses(8, starts=starts, weeks=52)
    viewer, plan = m.a_plan()
    m.pair(viewer, plan, money=True)
    m.taking_part(viewer, plan, starts)
    m.started(plan, 20)
    reading.note_change(viewer, plan, words="", on=m.TODAY, where="", key="nothing")
    reading.read_results(plan, today=m.TODAY)
    return viewer, plan


def test_service_and_money_stand_on_one_line_of_time() -> None:
    viewer, plan = a_read_plan()
    found = WEEKS_OF_STRIP.findall(figures_of(plan, viewer).split("line-of-time")[-1])
    sides, sizes = 3, 2  # each drawn for a wide page and for a phone
    assert len(found) == sides * sizes
    assert len(set(found)) == 1, "customers, those who serve and money show the same weeks"
    found_weeks = {tuple(each.found["weeks"][:1]) for each in plan.results.all()}
    assert len(found_weeks) == 1


def test_customers_and_those_who_serve_are_always_shown_together() -> None:
    viewer, plan = a_read_plan()
    page = figures_of(plan, viewer)
    pair = page.split('aria-labelledby="pair-1"')[1].split("</section>")[0]
    assert pair.index("customers:") < pair.index("those who serve:") < pair.index("money:")
    plan = Plan.objects.get(pk=plan.pk)
    Outcome.objects.filter(plan=plan, side="employee").delete()
    Plan.objects.filter(pk=plan.pk).update(figures_version=F("figures_version") + 1)
    alone = f.signed_in(viewer).get(f"/plans/{plan.ref}/targets/").content.decode()
    pair = alone.split('aria-labelledby="pair-1"')[1].split("</section>")[0]
    assert "those who serve</b>" in pair
    assert "missing: a target waits for it" in pair


def test_the_readout_says_what_was_wished_for_and_what_would_have_come_by_itself() -> None:
    starts = {0: 20, 1: 20, 2: 12, 3: 12}
    m.houses(8, starts=starts, weeks=60)
    viewer, plan = m.a_plan()
    score = m.pair(viewer, plan)["customer"]
    m.taking_part(viewer, plan, starts)
    plan.units.filter(place__in=["House 0", "House 1"]).update(picked_as_worst=True)
    edit = m.edit("b", score.turn)
    score = targets.take_baseline(viewer, plan, score.ref, edit=edit, today=m.TODAY)
    wish = targets.Wish(round(score.baseline * 2, 1), m.TODAY + timedelta(days=90))
    edit = m.edit("w", score.turn)
    score = targets.set_wish(viewer, plan, score.ref, wish, edit=edit, today=m.TODAY)
    plan.refresh_from_db()
    m.started(plan, 20)
    reading.note_change(viewer, plan, words="A new till", on=m.TODAY, where="", key="till")
    reading.read_results(plan, today=m.TODAY)
    at = f"/plans/{plan.ref}/results/{score.ref}/"
    page = " ".join(f.signed_in(viewer).get(at).content.decode().split())
    found = plan.results.get(outcome=score).found["reading"]["change"]
    assert re.search(r"staggered roll-out", page, re.I)
    assert re.search(r"between [+−]?\d[.\d]* and [+−]?\d[.\d]*, n 8", page), found
    assert re.search(r"From \d\.\d+ to \d\.\d+ \(\d\.\d+ to \d\.\d+, a range", page)
    assert re.search(r"Target \d\d\.\d by .*: not reached yet\.", page)
    assert "These units were chosen because their figure was bad." in page
    assert "if nothing at all had been done" in page
    assert "A new till" in page


def entries_against_hiring(path: Path) -> Iterator[str]:
    """Where a file names a rule against hiring: the entry of data, or nothing but the file."""
    text = path.read_text("utf-8")
    if not AGAINST_HIRING.search(text):
        return
    read = {".toml": tomllib.loads, ".json": json.loads}.get(path.suffix)
    if read is None:
        yield ""
        return
    inside = set(_entries(read(text)))
    yield from inside or {""}  # in a comment, which no entry holds


def _entries(value: Any, at: tuple[str, ...] = ()) -> Iterator[str]:
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _entries(key, (*at, "keys"))
            yield from _entries(each, (*at, key))
    elif isinstance(value, list):
        for each in value:
            yield from _entries(each, at)
    elif isinstance(value, str) and AGAINST_HIRING.search(value):
        yield ".".join(at)


def test_people_who_stay_are_an_outcome_and_no_rule_against_hiring_is_shipped() -> None:
    teams = m.houses(6)
    for number, team in enumerate(teams):
        m.store_measure(team, "people who stayed", [20 + number + at % 3 for at in range(60)])
    viewer, plan = m.a_plan()
    m.taking_part(viewer, plan, {}, 6)
    words = targets.OutcomeWords(
        pair=1, side="employee", source="measure", name="people who stayed", unit="people"
    )
    row = targets.save_outcome(viewer, plan, words, edit=m.edit("stay"))
    row = targets.take_baseline(viewer, plan, row.ref, edit=m.edit("b", row.turn), today=m.TODAY)
    assert row.baseline == pytest.approx(23.5, abs=0.2)
    source = Path(upturn.__file__).parent
    shipped = [path for path in source.rglob("*") if path.suffix in SHIPPED]
    assert len(shipped) > 500
    found = {(path.name, entry) for path in shipped for entry in entries_against_hiring(path)}
    assert found == REFUSING, "only what refuses such a rule names it"


@pytest.mark.parametrize(
    ("name", "text", "entries"),
    [
        ("a.toml", '[rules.4]\nen = "We do not poach from each other."', {"rules.4.en"}),
        ("a.toml", '[patterns]\njoint = "no.?poach"', {"patterns.joint"}),
        ("a.json", '{"rules": [{"next": "No-hire list"}, {"next": "Hire"}]}', {"rules.next"}),
        ("a.html", "<p>A non-compete clause</p>", {""}),
        ("a.html", "<p>Those who stay</p>", set()),
    ],
)
def test_a_rule_against_hiring_is_found_with_its_place(
    tmp_path: Path, name: str, text: str, entries: set[str]
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert set(entries_against_hiring(tmp_path / name)) == entries
