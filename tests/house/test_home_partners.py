"""What home pages, edges and asks say of waves, gaps, rules and cycles."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from tests import factories as f
from tests.partners import closed_waves, waves_scene
from tests.partners.stored_waves import stored
from upturn.commitments.commands import draw_code
from upturn.graph.commands import touch
from upturn.graph.models import Party
from upturn.partners import commands
from upturn.partners.commands.cycles import CycleContent, CycleDraft, move_cycle, open_cycle
from upturn.partners.commands.rules import RuleContent, RuleDraft, move_rule, write_rule
from upturn.partners.engine import CycleMove, Published, RuleMove
from upturn.partners.models import Rule
from upturn.people.models import Person, Role
from upturn.record.writer import writer

pytestmark = pytest.mark.django_db
SOME = 20  # of everything, when there is more


@pytest.fixture(autouse=True)
def nothing_is_drawn_from_another_test(settings: Settings, tmp_path: Path) -> Any:
    cache.clear()
    settings.DATA = tmp_path
    yield
    writer.stop()


def home(viewer: Person) -> str:
    return f.signed_in(viewer).get("/").content.decode()


def keyed(name: str, place: str = "Garden") -> Party:
    made = f.party(name, place=place)
    made.key = closed_waves.key_of(name, place)
    made.save()
    touch()
    return made


def differing() -> Published:
    """Kitchen serves Floor of the Garden and sees it far better; nobody else differs."""
    whole = closed_waves.pulse(gaps={})
    for at, group in enumerate(whole.groups):
        people = group.people
        whole.counts[at, 0, :5] = [1, 1, people - 4, 1, 1]
        if group.relation == 0:
            high = group.side == "serving"
            whole.counts[at, 0, :5] = [0, 0, 0, 2, people - 2] if high else [people - 2, 2, 0, 0, 0]
    assert np.array_equal(whole.counts.sum(axis=2)[:, 0], [g.people for g in whole.groups])
    return whole


def rule(by: Person, keeper: Party, **given: Any) -> Rule:
    today = timezone.localdate()
    whole = {"words": "Count the forks", "why": "They were missing", "code": draw_code()}
    whole |= {"keeper_id": keeper.pk, "ends_on": today + timedelta(days=60)} | given
    return write_rule(by, RuleDraft(**whole), today=today)


def test_everybody_asked_finds_one_line_and_the_promise_and_others_do_not() -> None:
    made = waves_scene.house(floor=6, kitchen=5)
    today = timezone.localdate()
    draft = waves_scene.draft(
        made.edges["kitchen", "floor"], closes_on=today + timedelta(days=12), title="How we serve"
    )
    wave = commands.open_wave(made.boss, draft=draft, today=today)
    cook = made.people["kitchen"][0]
    for role in Role:
        Person.objects.filter(pk=cook.pk).update(role=role)
        page = home(Person.objects.get(pk=cook.pk))
        assert page.count(f"/waves/{wave.ref}/promise/") == 1, role
        assert "Ruth asks: <b>How we serve</b>" in page
        assert "with 5 people in all" in page
    assert "/promise/" not in home(f.person())
    assert "/promise/" not in home(made.boss)


def test_a_leader_finds_the_widest_gap_of_her_own_edges_and_its_button() -> None:
    kitchen, floor, bar = keyed("Kitchen"), keyed("Floor"), keyed("Bar")
    edge = f.serves(kitchen, floor)
    f.serves(bar, floor)
    stored(differing())
    cook = f.member(kitchen, role="leader", leads=True)
    server = f.member(floor, role="leader", leads=True)
    page = home(cook)
    assert "Kitchen and Floor see the same work differently." in page
    assert f'href="/edge/{edge.pk}/">Open this edge' in page
    assert '<b class="wait">' in page
    asking = home(server)
    assert f'href="/edge/{edge.pk}/ask/">Ask on this edge' in asking
    assert '<b class="wait">' not in asking
    assert "50 % means none" in asking
    elsewhere = f.member(f.party("Laundry"), role="leader", leads=True)
    assert "50 % means none" not in home(elsewhere)
    assert "Kitchen and Floor see the same work differently." in home(f.person(role="executive"))
    assert "50 % means none" not in home(f.member(floor))


def test_a_gap_that_may_be_chance_is_said_so_and_waits_for_nobody() -> None:
    kitchen, floor = keyed("Kitchen"), keyed("Floor")
    f.serves(kitchen, floor)
    alike = closed_waves.pulse(gaps={})
    for at, group in enumerate(alike.groups):
        alike.counts[at, 0, :5] = [1, 1, group.people - 4, 1, 1]
    stored(alike)
    page = home(f.member(kitchen, role="leader", leads=True))
    assert "Kitchen and Floor, may be chance." in page
    assert '<b class="wait">' not in page


def test_an_edge_shows_what_both_sides_said_or_why_not() -> None:
    kitchen, floor, bar = keyed("Kitchen"), keyed("Floor"), keyed("Bar")
    edge, few, new = f.serves(kitchen, floor), f.serves(bar, floor), f.serves(bar, kitchen)
    client = f.signed_in(f.member(floor))
    assert "Seen from both sides" not in client.get(f"/edge/{edge.pk}/").content.decode()
    stored(differing())
    page = client.get(f"/edge/{edge.pk}/").content.decode()
    assert "Floor: how well we are served" in page
    assert "n 22" in page
    assert "differ by more than chance would" in page
    assert 'href="/gaps/w-pulse/?place=Garden"' in page
    held = client.get(f"/edge/{few.pk}/").content.decode()
    assert "4 answers, 5 needed" in held
    assert "there is no gap to show" in held
    assert "did not ask about this edge" in client.get(f"/edge/{new.pk}/").content.decode()


def test_an_edge_that_answered_together_with_others_shows_what_they_said_together() -> None:
    kitchen, floor = keyed("Kitchen"), keyed("Floor")
    edge = f.serves(kitchen, floor)
    whole = differing()
    merged = [
        replace(g, units=(*g.units, "garden-x")) if g.relation == 0 else g for g in whole.groups
    ]
    first = replace(whole.relations[0], server="garden-a", served="garden-b", server_name="A, B")
    stored(replace(whole, groups=tuple(merged), relations=(first, *whole.relations[1:])))
    page = f.signed_in(f.member(floor)).get(f"/edge/{edge.pk}/").content.decode()
    assert "A, B: how well we serve" in page


def test_rules_that_wait_or_end_soon_stand_at_home_and_others_do_not() -> None:
    kitchen, floor = f.party("Kitchen"), f.party("Floor")
    nadia, maria = f.member(kitchen, role="leader", leads=True), f.member(floor)
    today = timezone.localdate()
    rule(nadia, kitchen, words="Ends after winter")
    assert "Ends after winter" not in home(nadia)
    rule(nadia, kitchen, words="Ends on Friday", ends_on=today + timedelta(days=5))
    asked = rule(nadia, kitchen, words="Asked to go")
    content = RuleContent(turn=0, words="Nobody reads the list", unnamed=True)
    move_rule(maria, asked, move=RuleMove.QUESTION, content=content, today=today)
    page = home(nadia)
    assert page.index("Asked to go") < page.index("Ends on Friday")
    assert "somebody asks for it to go" in page
    assert "Nobody reads the list" in page
    assert "Ends after winter" not in page
    assert "Asked to go" not in home(maria)
    keep = RuleContent(turn=1, words="New forks came", ends_on=today + timedelta(days=90))
    move_rule(nadia, asked, move=RuleMove.KEEP, content=keep, today=today)
    assert "Asked to go" not in home(nadia)


def test_cycles_stand_at_the_home_of_those_who_can_go_on_and_on_their_ask() -> None:
    kitchen, floor = f.party("Kitchen"), f.party("Floor")
    nadia, maria = f.member(kitchen, role="leader", leads=True), f.member(floor)
    ask = f.raised(maria, f.serves(kitchen, floor))
    draft = CycleDraft(noticed="Two ask for the bill", code=draw_code(), ask_ref=ask.ref)
    cycle = open_cycle(maria, draft, today=timezone.localdate())
    assert "Two ask for the bill" in home(nadia)
    assert "Two ask for the bill" not in home(maria)
    page = f.signed_in(maria).get(f"/asks/{ask.ref}/").content.decode()
    assert f'href="/cycles/{cycle.ref}/"' in page
    assert f'href="/cycles/new/?ask={ask.ref}"' in page
    other = f.signed_in(f.person(role="executive")).get(f"/asks/{ask.ref}/").content.decode()
    assert f'href="/cycles/{cycle.ref}/"' in other
    assert "/cycles/new/" not in other
    join = CycleContent(turn=0, who="Nadia", party_id=kitchen.pk)
    move_cycle(nadia, cycle, move=CycleMove.JOIN, content=join, today=timezone.localdate())
    assert "Two ask for the bill" in home(maria)


def test_a_ticket_opens_its_ask_without_cycles(client: Any) -> None:
    edge = f.serves(f.party(), f.party())
    code = draw_code()
    ask = f.raised(f.member(edge.served), edge, raised_as="ticket", code=code)
    page = client.post("/ticket/", {"code": code}, follow=True).content.decode()
    assert ask.words in page
    assert "/cycles/" not in page


def test_a_server_with_nothing_asked_reads_that_a_rule_waits() -> None:
    floor = f.party("Floor")
    maria = f.member(floor)
    rule(f.member(f.party("Kitchen")), floor, why="")
    assert "<b>1 rule or cycle</b> waits for you." in home(maria)


@pytest.mark.parametrize("role", Role)
def test_homes_ask_no_more_often_with_more_rules_cycles_and_waves(role: str) -> None:
    kitchen, floor = keyed("Kitchen"), keyed("Floor")
    edge = f.serves(kitchen, floor)
    viewer = f.member(kitchen, floor, role=role, leads=role == Role.LEADER)
    cook = f.member(kitchen)

    def queries(address: str) -> int:
        client = f.signed_in(viewer)
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    pages = ["/", f"/edge/{edge.pk}/"]
    few = [queries(page) for page in pages]
    stored(differing())
    today = timezone.localdate()
    for number in range(SOME):
        rule(cook, kitchen, words=f"Rule {number}", ends_on=today + timedelta(days=3))
        draft = CycleDraft(noticed=f"Noticed {number}", code=draw_code(), team_id=kitchen.pk)
        open_cycle(cook, draft, today=today)
    many = [queries(page) for page in pages]
    assert many == few
    assert max(many) <= 12


def test_more_leads_to_the_rooms_and_guests_find_none() -> None:
    kitchen = f.party("Kitchen")
    rooms = ("waves", "rules", "barriers", "cycles", "line-of-sight", "plain-words", "gaps")
    for role in Role:
        page = home(f.member(kitchen, role=role))
        for room in rooms:
            assert (f'<a href="/{room}/"' in page) is (role != Role.GUEST), (role, room)
    page = f.signed_in(f.member(kitchen)).get("/rules/").content.decode()
    assert '<a href="/rules/" aria-current="page">' in page
