"""What works flows out: an approved story of a closed workshop is a practice card of the house."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format

from tests import factories as f
from tests.loop.held import held_with, step
from tests.loop.pages.rooms import address, fresh, joined, pressed, sent, signed_in
from upturn.loop.engine import StepKind
from upturn.loop.models import Card, Nomination, Practice, Workshop
from upturn.people.models import Person

pytestmark = pytest.mark.django_db

HOW = "I ask what they want before they sit"


def told(
    host: Person, *, approves: bool = True, further: bool = True
) -> tuple[Workshop, Client, str]:
    """A workshop in which Ana told her story; the browser of Ana, and where it opens."""
    workshop = held_with(host, step(StepKind.EXPERTS, many=True))
    given = {"key": "k" * 24, "nominee": "Ana Ruiz", "noticed": "Ana asks first"}
    sent(joined(workshop), "nominate", given)
    nominee, at = Client(), f"/nominated/{Nomination.objects.get(workshop=workshop).code}/"
    nominee.post(at, {"act": "agree", "turn": 0})
    nominee.post(at, {"act": "tell", "turn": 1, "how": HOW})
    if approves:
        nominee.post(at, {"act": "approve", "turn": 2} | ({"further": "yes"} if further else {}))
    return workshop, nominee, at


def closed(host: Person, workshop: Workshop) -> Workshop:
    console = signed_in(host)
    pressed(console, workshop, "open_cards")
    day = (timezone.localdate() + timedelta(days=100)).isoformat()
    given = {"day_100_on": day, "without_tasks": "on", "turn": fresh(workshop).turn}
    assert console.post(address(workshop, "closing/"), given).status_code == 302
    return fresh(workshop)


def story(workshop: Workshop) -> str:
    return address(workshop, f"stories/{Nomination.objects.get(workshop=workshop).ref}/")


def body(client: Client, at: str) -> str:
    return unescape(client.get(at).content.decode())


def out(host: Person) -> tuple[Workshop, Client, str]:
    """A story that is a practice card by the button of its page; Ana's browser, and where."""
    workshop, nominee, at = told(host)
    workshop = closed(host, workshop)
    console = signed_in(host)
    page = body(console, address(workshop, "day-100/"))
    button = re.search(r'action="([^"]+stories[^"]+)".*?<button class="btn">(.*?)</button>', page)
    assert button
    assert button[2] == "Make it a practice card"
    assert console.post(button[1]).status_code == 302
    return workshop, nominee, at


def test_an_approved_story_stands_among_the_practice_cards_and_says_where_it_is_from(
    host: Person,
) -> None:
    workshop, _nominee, _at = out(host)
    page = body(signed_in(f.person(role="server")), "/practice/")
    assert HOW in page
    assert f"Told in the workshop “Mill”, {date_format(workshop.closed_on, 'j F Y')}" in page
    assert "Nobody measured it, and whether it helps elsewhere is not known." in page
    assert "Ana" not in page
    assert "Take it down" not in page


def test_pressed_twice_it_is_one_card(host: Person) -> None:
    workshop, _nominee, _at = out(host)
    assert signed_in(host).post(story(workshop)).status_code == 302
    assert Practice.objects.count() == 1
    assert body(signed_in(host), "/practice/").count(f"{HOW}</blockquote>") == 1


def test_an_unapproved_story_has_no_button_and_the_address_refuses(host: Person) -> None:
    workshop, _nominee, _at = told(host, approves=False)
    closed(host, workshop)
    console = signed_in(host)
    assert "practice card" not in body(console, address(workshop, "day-100/"))
    answer = console.post(story(workshop))
    assert answer.status_code == 409
    assert "no such story here that whoever tells it has let go further" in answer.content.decode()
    assert HOW not in body(console, "/practice/")
    assert not Practice.objects.exists()


def test_what_is_approved_for_the_room_stays_in_the_room(host: Person) -> None:
    workshop, nominee, at = told(host, further=False)
    assert "It stays in the room." in body(nominee, at)
    closed(host, workshop)
    console = signed_in(host)
    page = body(console, address(workshop, "day-100/"))
    assert "Whoever told it keeps it in the room." in page
    assert "Make it a practice card" not in page
    assert console.post(story(workshop)).status_code == 409
    assert not Practice.objects.exists()


def test_no_story_goes_out_before_the_workshop_has_closed(host: Person) -> None:
    workshop, _nominee, _at = told(host)
    answer = signed_in(host).post(story(workshop))
    assert answer.status_code == 409
    assert "Close the workshop first" in answer.content.decode()
    assert not Practice.objects.exists()


def test_only_who_held_the_workshop_puts_it_up(host: Person) -> None:
    workshop, _nominee, _at = told(host)
    closed(host, workshop)
    looks_on = signed_in(f.person(role="executive"))
    page = body(looks_on, address(workshop, "day-100/"))
    assert HOW in page
    assert "Make it a practice card" not in page
    assert looks_on.post(story(workshop)).status_code == 403
    for role in ("server", "leader", "administrator", "guest"):
        assert signed_in(f.person(role=role)).post(story(workshop)).status_code == 404, role
    assert Client().post(story(workshop))["Location"].startswith("/account/login/")
    assert not Practice.objects.exists()


def test_guests_and_strangers_see_as_before(host: Person) -> None:
    out(host)
    assert signed_in(f.person(role="guest")).get("/practice/").status_code == 404
    assert Client().get("/practice/").status_code == 302


@pytest.mark.parametrize("act", ["refuse", "tell"])
def test_a_nominee_who_takes_the_story_back_takes_the_card_away(host: Person, act: str) -> None:
    workshop, nominee, at = out(host)
    assert "practice card" in body(nominee, at)
    assert nominee.post(at, {"act": act, "turn": 3, "how": "Other words"}).status_code == 302
    page = body(signed_in(host), "/practice/")
    assert HOW not in page
    assert "Other words" not in page
    assert not Practice.objects.exists()
    assert not Card.objects.filter(kind="story").exists()
    assert signed_in(host).post(story(workshop)).status_code == 409


def test_it_is_taken_down_and_put_back_as_other_cards_are(host: Person) -> None:
    out(host)
    leader = signed_in(f.person(role="leader"))
    ref = Practice.objects.get().ref
    assert f'value="{ref}"' in body(leader, "/practice/")
    answer = leader.post("/practice/", {"take_down": ref})
    assert answer["Location"] == f"/practice/?down={ref}"
    undo = body(leader, answer["Location"])
    assert HOW not in undo
    assert f'name="put_back" value="{ref}"' in undo
    leader.post("/practice/", {"put_back": ref})
    assert HOW in body(leader, "/practice/")
    assert (
        signed_in(f.person(role="server")).post("/practice/", {"take_down": ref}).status_code == 404
    )
    assert leader.post("/practice/", {"take_down": "none"}).status_code == 404


def test_the_room_s_own_page_takes_it_down_and_can_put_it_up_again(host: Person) -> None:
    workshop, _nominee, _at = out(host)
    console, at = signed_in(host), story(workshop)
    assert "A practice card since" in body(console, address(workshop, "day-100/"))
    assert console.post(at, {"take_down": "1"}).status_code == 302
    assert HOW not in body(console, "/practice/")
    assert console.post(at).status_code == 302
    assert HOW in body(console, "/practice/")


def test_a_story_taken_off_the_wall_does_not_go_out(host: Person) -> None:
    workshop, _nominee, _at = told(host)
    console = signed_in(host)
    pressed(console, workshop, "open_cards")
    given = {"card": Card.objects.get().ref, "because": "A name of somebody else"}
    assert console.post(address(workshop, "hide/"), given).status_code == 302
    day = (timezone.localdate() + timedelta(days=100)).isoformat()
    close = {"day_100_on": day, "without_tasks": "on", "turn": fresh(workshop).turn}
    assert console.post(address(workshop, "closing/"), close).status_code == 302
    assert HOW not in body(console, address(workshop, "day-100/"))
    assert console.post(story(workshop)).status_code == 409


def test_the_nominee_reads_before_the_yes_where_it_may_go(host: Person) -> None:
    _workshop, nominee, at = told(host, approves=False)
    page = body(nominee, at)
    assert "It may also become a practice card" in page
    assert 'name="further" value="yes">' in page, "unticked: the yes is the nominee's own"
