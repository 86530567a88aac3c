"""Home pages: the tail first, for each role its own."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import member, moved, party, person, raised, serves, signed_in
from upturn.commitments import commands
from upturn.commitments.engine import Move, Outcome

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    kitchen, floor = party("Kitchen"), party("Floor")
    edge = serves(kitchen, floor, what="plated dishes")
    nadia = member(kitchen, name="Nadia", role="leader", leads=True)
    return edge, nadia, member(floor, name="Maria")


def _promise(*, days: int = 7):
    due = timezone.localdate() + timedelta(days=days)
    return {"what": "A slate at the pass", "who": "Tomás", "sign": "Nobody walks", "due_on": due}


def test_a_leader_finds_whom_she_serves_and_the_oldest_unanswered_ask_first(scene) -> None:
    edge, nadia, maria = scene
    first = raised(maria, edge, words="First of all")
    raised(maria, edge, words="Second of all")
    moved(nadia, first, Move.PROMISE, today=timezone.localdate(), **_promise())
    raised(maria, edge, words="Third of all")
    page = signed_in(nadia).get("/").content.decode()
    of_the_same_day = [page.index(f"{word} of all") for word in ("Second", "Third")]
    assert page.index("First of all") > max(of_the_same_day)
    assert "You serve 1 team." in page
    assert "plated dishes" in page
    assert page.count("btn go") == 1


def test_a_server_finds_what_became_of_her_asks(scene) -> None:
    edge, nadia, maria = scene
    ask = raised(maria, edge, words="Lids on the boxes")
    today = timezone.localdate()
    moved(nadia, ask, Move.PROMISE, today=today, **_promise())
    moved(nadia, ask, Move.SAY_DONE, today=today)
    page = signed_in(maria).get("/").content.decode()
    assert "1 thing you asked for" in page
    assert "Is it better?" in page


def test_thanks_reach_the_team_and_have_no_total(scene) -> None:
    edge, nadia, maria = scene
    ask = raised(maria, edge)
    today = timezone.localdate()
    moved(nadia, ask, Move.PROMISE, today=today, **_promise())
    moved(nadia, ask, Move.SAY_DONE, today=today)
    ask = moved(maria, ask, Move.JUDGE, outcome=Outcome.BETTER, today=today)
    commands.thank(maria, ask, words="For every lid, thank you", today=today)
    page = signed_in(nadia).get("/").content.decode()
    assert "For every lid, thank you" in page
    assert "Maria" not in page


def test_an_executive_finds_promises_due_and_verdicts(scene) -> None:
    edge, nadia, maria = scene
    ask = raised(maria, edge, words="Warm plates")
    moved(nadia, ask, Move.PROMISE, today=timezone.localdate(), **_promise())
    page = signed_in(person(role="executive")).get("/").content.decode()
    assert "1 promise is due within two weeks" in page
    assert "A slate at the pass" in page
    assert "No path can be called thin yet" in page


def test_whoever_carries_the_whole_finds_open_asks_of_whom_she_serves_first() -> None:
    office, house_ = party("Office"), party("House")
    edge = serves(office, house_, what="the plan of the week")
    raised(member(house_), edge, words="The plan on Mondays")
    carrying = member(office, role="executive", leads=True)
    page = signed_in(carrying).get("/").content.decode()
    asks, serving = page.index("The plan on Mondays"), page.index("Who I serve")
    assert page.index("<h2") < asks < serving
    assert page.index('<h2 id="asks"') == page.index("<h2")
    assert "the plan of the week" in page[serving:]


def test_an_administrator_finds_the_next_step_and_no_asks(scene) -> None:
    edge, _nadia, maria = scene
    raised(maria, edge, words="Not for machines")
    page = signed_in(person(role="administrator")).get("/").content.decode()
    assert "2 parties" in page
    assert "Not for machines" not in page


def test_what_changes_while_the_page_is_open_comes_as_a_part(scene) -> None:
    edge, nadia, maria = scene
    raised(maria, edge, words="Fresh from the floor")
    client = signed_in(nadia)
    part = client.get("/", headers={"HX-Request": "true"}).content.decode()
    assert "Fresh from the floor" in part
    assert "<html" not in part


def test_finding_knows_parties_and_says_what_is_near(scene) -> None:
    _edge, nadia, _maria = scene
    client = signed_in(nadia)
    assert "Kitchen" in client.get("/find/?q=kit").content.decode()
    assert "Nearest names" in client.get("/find/?q=Kitchn").content.decode()


def test_readiness_asks_the_database(client) -> None:
    assert client.get("/healthz").json() == {"ok": True}
    assert client.get("/readyz").json() == {"ok": True}
