"""What a workshop names as well enough asks a plan for a reason, through the pages of both."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from tests.loop.held import held_with, step
from tests.loop.pages.rooms import address, card, fresh, joined, pressed, sent, signed_in
from tests.plan import planned as p
from upturn.graph.models import Party
from upturn.loop.engine import StepKind
from upturn.loop.models import Kept, Workshop
from upturn.people.models import Person
from upturn.plan.models import DayMoment, Plan, PlanLine
from upturn.record.models import JournalEntry

pytestmark = pytest.mark.django_db

HANDOVER = "The handover in the evening"


def closed(host: Person, *cards: str, party: Party | None = None, hidden: int = 0) -> Workshop:
    """A workshop that named these as well enough, the first so many off the wall, and closed."""
    workshop = held_with(host, step(StepKind.LIST_WELL_ENOUGH, many=True))
    Workshop.objects.filter(pk=workshop.pk).update(party=party)
    console, phone = signed_in(host), joined(workshop)
    given = [card(words, signed="Ana") for words in cards]
    for each in given:
        assert sent(phone, "card", each).status_code == 200
    pressed(console, workshop, "open_cards")
    for each in given[:hidden]:
        console.post(address(workshop, "hide/"), {"card": each["ref"], "because": "Not about work"})
    day = (timezone.localdate() + timedelta(days=100)).isoformat()
    told = {"day_100_on": day, "without_tasks": "on", "turn": fresh(workshop).turn}
    assert console.post(address(workshop, "closing/"), told).status_code == 302
    return fresh(workshop)


class Planning:
    """A leader's browser at a moment of a plan."""

    def __init__(self, here: p.Setting) -> None:
        self.plan: Plan = p.plan_of(here.leader, here.guests)
        self.at: DayMoment = p.moment(here.leader, self.plan)
        self.browser: Client = signed_in(here.leader)
        self.page = f"/plans/{self.plan.ref}/moments/{self.at.ref}/"

    def writes(self, here: p.Setting, words: str, **more: str) -> tuple[int, str]:
        given = {"key": p.key(), "column": "have", "party": here.floor.pk, "words": words}
        answer = self.browser.post(f"{self.page}lines/", given | more)
        return answer.status_code, unescape(answer.content.decode())


def test_a_line_that_touches_what_works_asks_for_a_reason_and_the_reason_stays(
    host: Person,
) -> None:
    closed(host, HANDOVER)
    here = p.Setting()
    planning = Planning(here)
    status, page = planning.writes(here, "A new list for handovers every evening")
    assert status in {400, 409}
    assert "works well enough and is to stay" in page
    assert HANDOVER in page
    assert "Say why you touch it all the same" in page
    assert 'name="anyway"' in page
    assert not PlanLine.objects.exists()
    status, _page = planning.writes(
        here, "A new list for handovers every evening", anyway="Night staff asked for it"
    )
    assert status == 302
    assert PlanLine.objects.get().override == "Night staff asked for it"
    assert planning.writes(here, "Warm plates")[0] == 302


def test_the_moment_shows_what_workshops_want_to_stay(host: Person) -> None:
    closed(host, HANDOVER)
    planning = Planning(p.Setting())
    page = planning.browser.get(planning.page).content.decode()
    assert HANDOVER in page
    assert "Ana" not in page


def test_it_holds_for_the_party_whose_workshop_it_was(host: Person) -> None:
    here = p.Setting()
    closed(host, HANDOVER, party=here.bakery)
    planning = Planning(here)
    words = "Shorter handovers every evening"
    assert planning.writes(here, words)[0] == 302
    assert planning.writes(here, words, provider=str(here.bakery.pk))[0] != 302


def test_a_line_from_before_is_asked_when_it_goes_into_action(host: Person) -> None:
    here = p.Setting()
    plan, have, _do = p.ready(here)
    p.started(here.leader, plan)
    closed(host, "Warm plates")
    browser, at = signed_in(here.leader), f"/plans/{plan.ref}/lines/{have.ref}/act/"
    page = browser.get(at).content.decode()
    assert 'name="anyway"' in page
    assert "This works well enough, as the workshop “Mill” said:" in page
    act = p.act(here)
    given = {
        "turn": have.turn, "code": act.code, "due_on": (timezone.localdate() + timedelta(60)),
        "first_party": here.floor.pk, "first_who": "Mia",
        "second_party": here.kitchen.pk, "second_who": "Jo",
    }  # fmt: skip
    assert browser.post(at, given).status_code == 400
    assert browser.post(at, given | {"anyway": "They cool down"}).status_code == 302
    assert PlanLine.objects.get(pk=have.pk).state == "active"


def test_the_list_holds_no_name_nothing_hidden_and_the_same_once(host: Person) -> None:
    closed(host, "Useless people", "Warm plates", "warm  plates", "Bread", hidden=1)
    assert dict(Kept.objects.values_list("words", "cards")) == {"Warm plates": 2, "Bread": 1}
    page = signed_in(host).get("/workshops/keep-list/").content.decode()
    assert "<b>2 things</b> work well enough" in page
    assert "Ana" not in page
    assert "Useless" not in page


def test_nothing_is_kept_before_the_workshop_closes(host: Person) -> None:
    workshop = held_with(host, step(StepKind.LIST_WELL_ENOUGH, many=True))
    sent(joined(workshop), "card", card(HANDOVER))
    pressed(signed_in(host), workshop, "open_cards")
    assert not Kept.objects.exists()


def test_a_phone_reads_where_its_words_will_go(host: Person) -> None:
    workshop = held_with(host, step(StepKind.LIST_WELL_ENOUGH, many=True))
    page = joined(workshop).get("/workshop/").content.decode()
    assert "these go on the keep-list, without names" in page


def test_what_is_let_go_with_a_reason_is_asked_about_no_more(host: Person) -> None:
    closed(host, HANDOVER)
    one, console = Kept.objects.get(), signed_in(host)
    at = f"/workshops/keep-list/{one.ref}/"
    assert console.post(at, {"because": " ", "turn": 0}).status_code == 409
    assert console.post(at, {"because": "We moved house", "turn": 0}).status_code == 302
    assert console.post(at, {"because": "Twice", "turn": 0}).status_code == 409
    page = console.get("/workshops/keep-list/").content.decode()
    assert "We moved house" in page
    here = p.Setting()
    planning = Planning(here)
    assert planning.writes(here, "Shorter handovers every evening")[0] == 302
    assert console.post(at, {"again": "1", "turn": 1}).status_code == 302
    assert planning.writes(here, "Longer handovers every evening")[0] != 302
    verbs = list(JournalEntry.objects.values_list("verb", flat=True))
    assert {"let go of what was kept", "keep again"} <= set(verbs)


def test_who_did_not_hold_the_workshop_lets_nothing_go(host: Person) -> None:
    closed(host, HANDOVER)
    here, one = p.Setting(), Kept.objects.get()
    leader = signed_in(here.leader)
    page = leader.get("/workshops/keep-list/").content.decode()
    assert HANDOVER in page
    assert not re.search(r'name="because"', page)
    answer = leader.post(f"/workshops/keep-list/{one.ref}/", {"because": "Mine", "turn": 0})
    assert answer.status_code == 403
    assert Kept.objects.get().let_go_on is None
