"""The strategy session with six phones, from its first step to its close; then its plan (S2.11)."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from tests import factories as f
from tests.loop.held import held, held_with, step
from tests.loop.pages.rooms import address, card, fresh, joined, pressed, sent, signed_in
from tests.plan import planned as p
from upturn.loop.engine import StepKind
from upturn.loop.models import Card, Nomination, Statement, Workshop
from upturn.people.models import Person
from upturn.plan.models import DayMoment, Plan, PlanEdit, PlanLine

pytestmark = pytest.mark.django_db

DAY = (
    "19:05 Finding a table",
    "Ordering at 19:30",
    "9 pm: the bill",
    "A coat",
    "19:50 Food",
    "A coat",
)
BE = ("awake", "kind to cooks", "curious", "on time", "Kind to cooks", "calm")
DO = tuple(f"tell table {n} how long it takes" for n in range(1, 7))
HAVE = tuple(f"a list of {n} dishes that are off, from the kitchen" for n in range(1, 7))
SAYS = {1: DAY, 3: BE, 4: DO, 5: HAVE}
STATEMENTS, LAST = 9, 9


def setting() -> p.Setting:
    return p.Setting()


class Session:
    """A room with six phones and a facilitator's browser."""

    def __init__(self, host: Person, here: p.Setting) -> None:
        self.workshop = held(host, script="strategy_session", party_id=here.floor.pk)
        self.console = signed_in(host)
        self.phones = [joined(self.workshop) for _ in range(6)]

    @property
    def now(self) -> Workshop:
        return fresh(self.workshop)

    def says(self, at: int, phone: int, words: str, **more: object) -> None:
        given = card(words, step=at, **more)
        assert sent(self.phones[phone], "card", given).status_code == 200, (at, words)

    def step(self, at: int) -> None:
        """Everybody writes at a step; nothing is read before all have."""
        said = SAYS.get(at, tuple(f"phone {n} at step {at}" for n in range(6)))
        for n, words in enumerate(said):
            assert self.now.phase == "write", at
            if at == 3:
                self.says(at, n, words, signed=f"Ana {n}")
            elif at == STATEMENTS:
                self.says(at, n, words, sure=3)
                self.says(at, n, f"task {n}", kind="task", done=False)
            else:
                self.says(at, n, words)
        assert self.now.phase == "read", at

    def experts(self) -> None:
        """One phone names somebody, who agrees and tells; then everybody goes on."""
        given = {"key": "k" * 24, "nominee": "Mia", "noticed": "Mia warns in time"}
        assert sent(self.phones[0], "nominate", given).status_code == 200
        nominee, at = Client(), f"/nominated/{Nomination.objects.get().code}/"
        for turn, act in enumerate(("agree", "tell", "approve")):
            nominee.post(at, {"act": act, "turn": turn, "how": "I look at the board"})
        pressed(self.console, self.workshop, "everybody")
        pressed(self.console, self.workshop, "open_cards")
        page = self.phones[5].get("/workshop/read/6/").content.decode()
        assert "I look at the board" in page

    def runs(self) -> None:
        """All its steps, one after the other, and the close."""
        assert pressed(self.console, self.workshop, "begin") == 302
        for at in range(LAST + 1):
            assert self.now.step == at
            self.experts() if at == 6 else self.step(at)
            if at < LAST:
                assert pressed(self.console, self.workshop, "next") == 302
        self.closes()

    def closes(self) -> None:
        for one in Statement.objects.all():
            owned = {"owner": "Mia", "first_step": "Ask", "sign": "Nobody waits", "turn": one.turn}
            at = address(self.workshop, f"closing/{one.ref}/")
            assert self.console.post(at, owned).status_code == 302
        day = (timezone.localdate() + timedelta(days=100)).isoformat()
        given = {"day_100_on": day, "turn": self.now.turn}
        assert self.console.post(address(self.workshop, "closing/"), given).status_code == 302
        assert self.now.state == "closed"


def page_of(client: Client, at: str) -> str:
    answer = client.get(at)
    assert answer.status_code == 200, at
    return unescape(answer.content.decode())


def filled_in(page: str) -> dict[str, str]:
    """What the form of the page holds already: nobody types anything."""
    form = page[page.index('id="plan"') :]
    name = re.search(r'<input[^>]* name="name"[^>]*value="([^"]*)"', form) or re.search(
        r'<input[^>]*value="([^"]*)"[^>]* name="name"', form
    )
    assert name
    chosen = {}
    for select in ("customers_id", "party_id"):
        inside = re.search(rf'<select[^>]*name="{select}".*?</select>', form, re.S)
        assert inside
        picked = re.search(r'<option value="(\d+)" selected', inside[0])
        assert picked, select
        chosen[select] = picked[1]
    return {"name": name[1], **chosen}


def begun(client: Client, workshop: Workshop) -> str:
    """Press the button as the page stands; gives where it leads."""
    page = page_of(client, address(workshop, "day-100/"))
    assert "Begin a plan with these cards" in page
    answer = client.post(address(workshop, "plan/"), filled_in(page))
    assert answer.status_code == 302
    return str(answer["Location"])


def test_six_phones_go_through_the_session_to_its_close_and_its_cards_stand_in_a_plan(
    host: Person,
) -> None:
    here = setting()
    room = Session(host, here)
    room.runs()
    led_to = begun(room.console, room.workshop)
    plan = Plan.objects.get()
    assert led_to == f"/plans/{plan.ref}/lines/"
    assert (plan.name, plan.customers_id, plan.state) == ("Mill", here.guests.pk, "draft")
    lines = page_of(room.console, led_to)
    for words in (*DO, *HAVE, *BE):
        assert words.casefold() in lines.casefold(), words
    assert "Ana" not in lines
    found = PlanLine.objects.filter(plan=plan)
    assert {each.party_id for each in found} == {here.floor.pk}
    columns = sorted(found.values_list("column", flat=True))
    assert [columns.count(name) for name in ("be", "do", "have")] == [5, 6, 6]
    day = page_of(room.console, f"/plans/{plan.ref}/day/")
    for name in ("Finding a table", "Ordering at 19:30", "the bill", "A coat (time to be set)"):
        assert name in day, name
    times = dict(DayMoment.objects.values_list("name", "at"))
    assert times["Finding a table"] == 19 * 60 + 5
    assert times["the bill"] == 21 * 60
    assert times["A coat (time to be set)"] == plan.day_from
    assert len(times) == 6
    whole = DayMoment.objects.get(name="All day, as said in “Mill”")
    assert DO[0] in page_of(room.console, f"/plans/{plan.ref}/moments/{whole.ref}/")


def test_pressed_twice_and_by_another_it_leads_to_the_same_plan(host: Person) -> None:
    here = setting()
    workshop = small(host, here)
    first = begun(signed_in(host), workshop)
    assert signed_in(host).post(address(workshop, "plan/")).headers["Location"] == first
    other = signed_in(f.person(role="executive"))
    given = {"name": "Mine", "customers_id": here.guests.pk, "party_id": here.floor.pk}
    assert other.post(address(workshop, "plan/"), given)["Location"] == first
    assert Plan.objects.count() == 1
    page = page_of(signed_in(host), address(workshop, "day-100/"))
    assert "Begin a plan with these cards" not in page
    assert f'href="/plans/{Plan.objects.get().ref}/"' in page


def small(host: Person, here: p.Setting, *, have: str = "Warm plates") -> Workshop:
    """A workshop with a card of each column and a moment, closed."""
    workshop = held_with(
        host,
        *(step(plan=each, many=True) for each in ("moment", "be", "do", "have")),
        step(StepKind.LIST_WELL_ENOUGH, many=True),
    )
    Workshop.objects.filter(pk=workshop.pk).update(party=here.floor)
    console, phone = signed_in(host), joined(workshop)
    for at, words in enumerate(
        ("19:30 Food", "awake", "bring it hot", have, "The evening handover")
    ):
        if words:
            assert sent(phone, "card", card(words, step=at)).status_code == 200
        if fresh(workshop).phase == "write":
            pressed(console, workshop, "open_cards")
        if at < 4:
            pressed(console, workshop, "next")
    day = (timezone.localdate() + timedelta(days=100)).isoformat()
    given = {"day_100_on": day, "without_tasks": "on", "turn": fresh(workshop).turn}
    assert console.post(address(workshop, "closing/"), given).status_code == 302
    return fresh(workshop)


def test_each_line_is_dropped_and_comes_back_as_any_other(host: Person) -> None:
    workshop = small(host, setting())
    console = signed_in(host)
    begun(console, workshop)
    line = PlanLine.objects.get(words="Warm plates")
    at = f"/plans/{line.plan.ref}/moments/{line.moment.ref}/lines/{line.ref}/drop/"
    assert console.post(at, {"key": "drop-it", "turn": line.turn}).status_code == 302
    assert not PlanLine.objects.filter(words="Warm plates").exists()
    console.post(f"/plans/{line.plan.ref}/undo/", {"key": "drop-it"})
    assert PlanLine.objects.filter(words="Warm plates").exists()
    assert not any("Ana" in str(edit.after) for edit in PlanEdit.objects.all())


def test_only_who_may_open_a_plan_and_sees_the_workshop_begins_one(host: Person) -> None:
    here = setting()
    workshop = small(host, here)
    given = {"name": "Mine", "customers_id": here.guests.pk, "party_id": here.floor.pk}
    for role in ("server", "leader", "administrator", "guest"):
        stranger = signed_in(f.person(role=role))
        assert stranger.post(address(workshop, "plan/"), given).status_code == 404, role
    assert (
        Client().post(address(workshop, "plan/"), given)["Location"].startswith("/account/login/")
    )
    assert not Plan.objects.exists()
    assert begun(signed_in(here.leader), workshop).startswith("/plans/")


def test_who_sees_the_workshop_and_not_its_plan_is_told_whom_to_ask(host: Person) -> None:
    here = setting()
    workshop = small(host, here)
    begun(signed_in(host), workshop)
    leader = signed_in(here.leader)
    page = page_of(leader, address(workshop, "day-100/"))
    assert "Ask its group for a seat" in page
    assert Plan.objects.get().ref not in page
    answer = leader.post(address(workshop, "plan/"))
    assert answer["Location"] == address(workshop, "day-100/")


def test_no_plan_begins_while_the_workshop_is_open_nor_without_cards(host: Person) -> None:
    here = setting()
    workshop = held_with(host, step(plan="have"), step())
    console = signed_in(host)
    sent(joined(workshop), "card", card("Warm plates"))
    given = {"name": "Mine", "customers_id": here.guests.pk, "party_id": here.floor.pk}
    assert console.post(address(workshop, "plan/"), given).status_code == 302
    assert not Plan.objects.exists()
    empty = held_with(host, step())
    pressed(console, empty, "open_cards")
    day = (timezone.localdate() + timedelta(days=100)).isoformat()
    close = {"day_100_on": day, "without_tasks": "on", "turn": fresh(empty).turn}
    console.post(address(empty, "closing/"), close)
    assert "Begin a plan" not in page_of(console, address(empty, "day-100/"))
    console.post(address(empty, "plan/"), given)
    assert not Plan.objects.exists()


def test_a_form_that_cannot_stand_keeps_what_was_typed(host: Person) -> None:
    here = setting()
    workshop = small(host, here)
    given = {"name": "A Friday at Mill", "customers_id": "0", "party_id": here.floor.pk}
    answer = signed_in(host).post(address(workshop, "plan/"), given)
    assert answer.status_code == 400
    assert 'value="A Friday at Mill"' in answer.content.decode()
    assert not Plan.objects.exists()


def test_a_card_that_touches_what_is_to_stay_is_left_and_named(host: Person) -> None:
    workshop = small(host, setting(), have="A new list for every evening handover")
    browser = signed_in(host)
    page = page_of(browser, begun(browser, workshop))
    assert not PlanLine.objects.exists()
    assert "they touch what is to stay: “A new list for every evening handover”" in page
    assert "for no HAVE stands yet: “bring it hot”, “awake”." in page


def test_hidden_cards_stay_behind(host: Person) -> None:
    workshop = small(host, setting())
    Card.objects.filter(words="awake").update(hidden_because="About somebody")
    begun(signed_in(host), workshop)
    assert set(PlanLine.objects.values_list("words", flat=True)) == {"bring it hot", "Warm plates"}
