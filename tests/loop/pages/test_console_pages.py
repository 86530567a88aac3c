"""The facilitator's pages: keys, the wall, closing, day 100, scripts."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from tests import factories as f
from tests.loop.held import facilitator, held
from tests.loop.pages.rooms import address, card, fresh, joined, pressed, sent, signed_in
from upturn.loop.commands.opening import join_as_host
from upturn.loop.engine import read_script, shipped_script, write_script
from upturn.loop.models import CardGroup, LoopMove, Statement, StoredScript, Workshop
from upturn.people.models import Person, Role

pytestmark = pytest.mark.django_db


def test_an_empty_list_teaches(host: Person) -> None:
    page = signed_in(host).get("/workshops/").content.decode()
    assert "No workshop yet" in page
    assert 'href="/workshops/new/"' in page


def test_two_answers_open_a_workshop_and_its_code_stands_there(host: Person) -> None:
    console = signed_in(host)
    form = console.get("/workshops/new/").content.decode()
    key = re.search(r'name="key" value="([^"]+)"', form)
    assert key
    given = {"name": "Mill", "script": "solution_focused", "language": "en", "key": key[1]}
    first, again = (console.post("/workshops/new/", given)["Location"] for _n in range(2))
    assert first == again
    made = Workshop.objects.get()
    page = console.get(first).content.decode()
    assert f"{made.code[:3]} {made.code[3:]}" in page
    assert "<svg" in page


def test_the_projector_opens_without_a_sign_in_by_the_consoles_address(host: Person) -> None:
    workshop = held(host)
    page = signed_in(host).get(address(workshop)).content.decode()
    found = re.search(r"http://testserver(/workshops/\w+/screen/in/\w+/)", page)
    assert found
    screen = Client()
    assert screen.get(found[1])["Location"] == address(workshop, "screen/")
    shown = screen.get(address(workshop, "screen/")).content.decode()
    assert "What do you want" in shown
    assert workshop.code[:3] in shown
    assert screen.get(address(workshop)).status_code == 302


def test_the_second_of_two_facilitators_is_told_and_nothing_of_it_is_done(host: Person) -> None:
    workshop, second = held(host), facilitator()
    join_as_host(second, workshop)
    consoles = signed_in(host), signed_in(second)
    joined(workshop)
    pressed(consoles[0], workshop, "begin")
    turn = fresh(workshop).turn
    assert pressed(consoles[0], workshop, "open_cards", turn=turn) == 302
    answer = consoles[1].post(address(workshop, "move/"), {"move": "back", "turn": turn})
    assert answer.status_code == 409
    assert "Somebody else moved on before you" in answer.content.decode()
    assert fresh(workshop).phase == "read"


def test_who_does_not_hold_it_moves_nothing(host: Person) -> None:
    workshop, other = held(host), facilitator()
    console = signed_in(other)
    assert pressed(console, workshop, "begin") == 403
    assert fresh(workshop).turn == 0
    console.post(address(workshop, "host/"))
    assert pressed(console, workshop, "begin") == 302


def test_sounds_challenging_is_one_key_and_then_a_question(host: Person) -> None:
    workshop, console = held(host), signed_in(host)
    pressed(console, workshop, "begin")
    pressed(console, workshop, "open_cards")
    page = console.get(address(workshop)).content.decode()
    assert 'value="objection" data-key="c"' in page
    assert pressed(console, workshop, "objection") == 302
    page = console.get(address(workshop)).content.decode()
    assert "Wow…that sounds challenging." in page
    assert "sounds challenging.</b> What do you want the customers to do?" in page
    assert pressed(console, workshop, "next") == 409
    assert pressed(console, workshop, "objection_met") == 302


def test_the_facilitator_has_the_last_word_on_groups(host: Person) -> None:
    workshop, console = held(host), signed_in(host)
    phone = joined(workshop)
    pressed(console, workshop, "begin")
    one = card("Plates are warm")
    sent(phone, "card", one)
    regroup = address(workshop, "regroup/")
    console.post(regroup, {"act": "move", "card": one["ref"], "to": "new"})
    made = CardGroup.objects.get()
    console.post(regroup, {"act": "name", "group": made.ref, "name": "Heat"})
    assert CardGroup.objects.get().name == "Heat"
    assert "Heat" in phone.get("/workshop/read/0/").content.decode()
    console.post(regroup, {"act": "split", "group": made.ref})
    assert not CardGroup.objects.exists()


def _at_the_end(host: Person) -> tuple[Client, Client, Workshop]:
    """A workshop whose last step is open to read, with one statement and nobody's task."""
    workshop, console = held(host), signed_in(host)
    phone = joined(workshop)
    pressed(console, workshop, "begin")
    last = len(shipped_script("solution_focused").steps) - 1
    for step in range(last + 1):
        if fresh(workshop).phase == "experts":
            pressed(console, workshop, "everybody")
        if step == last:
            said = card("Hot dishes came on warm plates", step=last, sure=4, done=False)
            sent(phone, "card", said)
        pressed(console, workshop, "open_cards")
        if step < last:
            assert pressed(console, workshop, "next") == 302
    return console, phone, fresh(workshop)


def test_nobody_stands_up_before_owner_step_sign_and_a_task(host: Person) -> None:
    console, phone, workshop = _at_the_end(host)
    closing = address(workshop, "closing/")
    day = timezone.localdate() + timedelta(days=100)
    given = {"day_100_on": day.isoformat(), "turn": workshop.turn}
    refused = console.post(closing, given)
    assert refused.status_code == 409
    text = unescape(refused.content.decode())
    assert "1 statement has no owner, first step or sign yet." in text
    assert "1 phone has no small task of its own yet." in text
    statement = Statement.objects.get()
    owned = {"owner": "Ana", "first_step": "Count plates", "sign": "None come back", "turn": 0}
    assert console.post(f"{closing}{statement.ref}/", owned).status_code == 302
    sent(phone, "card", card("Count plates on Friday", step=9, kind="task", done=False))
    given["turn"] = fresh(workshop).turn
    assert console.post(closing, given)["Location"] == address(workshop, "day-100/")
    assert fresh(workshop).day_100_on == day


def test_day_100_shows_every_statement_and_keeps_what_became_of_it(host: Person) -> None:
    console, _phone, workshop = _at_the_end(host)
    statement = Statement.objects.get()
    owned = {"owner": "Ana", "first_step": "Count plates", "sign": "None come back", "turn": 0}
    console.post(address(workshop, f"closing/{statement.ref}/"), owned)
    day = (timezone.localdate() + timedelta(days=100)).isoformat()
    given = {"day_100_on": day, "without_tasks": "on", "turn": fresh(workshop).turn}
    assert console.post(address(workshop, "closing/"), given).status_code == 302
    calendar = console.get(address(workshop, "day-100.ics")).content.decode()
    assert f"DTSTART;VALUE=DATE:{day.replace('-', '')}" in calendar
    meeting, judge = address(workshop, "day-100/"), f"day-100/{statement.ref}/"
    told = {"verdict": "better", "evidence": "Two came back, not ten", "turn": 1}
    assert console.post(address(workshop, judge), told).status_code == 409
    now = {"now": "1", "turn": fresh(workshop).turn}
    endless = now | {"turn": "1" * 5000}
    assert console.post(address(workshop, "day-100/move/"), endless).status_code == 409
    assert console.post(address(workshop, "day-100/move/"), now).status_code == 302
    assert "Hot dishes came on warm plates" in console.get(meeting).content.decode()
    assert console.post(address(workshop, judge), told).status_code == 302
    page = console.get(meeting).content.decode()
    assert "Two came back, not ten" in page
    assert "five are needed" in page


@pytest.mark.parametrize(
    ("end", "kind"),
    [("wall.pdf", "application/pdf"), ("wall.csv", "text/csv"), ("wall.json", "application/json")],
)
def test_the_wall_is_taken_along(host: Person, end: str, kind: str) -> None:
    console, _phone, workshop = _at_the_end(host)
    answer = console.get(address(workshop, end))
    assert answer["Content-Type"].startswith(kind)
    body = b"".join(answer) if answer.streaming else answer.content
    assert body.startswith(b"%PDF") if end == "wall.pdf" else b"Hot dishes" in body


def test_a_shipped_script_is_translated_in_a_copy(host: Person) -> None:
    console, at = signed_in(host), "/scripts/huddle/in/de/"
    page = console.get(at).content.decode()
    given = dict(re.findall(r'<textarea name="([^"]+)"[^>]*>\s*([^<]*)</textarea>', page))
    key = re.search(r'name="key" value="([^"]+)"', page)
    assert key
    given = {name: unescape(words) for name, words in given.items()}
    given |= {"key": key[1], "name": "Kurze Runde"}
    answer = console.post(at, given)
    assert answer.status_code == 302
    made = StoredScript.objects.get()
    assert made.content["name"]["de"] == "Kurze Runde"
    assert shipped_script("huddle").name["de"] != "Kurze Runde"


def test_a_script_is_shared_as_a_file_and_a_wrong_one_says_where(host: Person) -> None:
    console = signed_in(host)
    shared = console.get("/scripts/huddle/download/").content
    assert read_script(shared) == shipped_script("huddle")
    file = SimpleUploadedFile("huddle.toml", shared)
    assert console.post("/scripts/", {"file": file}).status_code == 302
    broken = write_script(shipped_script("own")).replace(b'kind = "question"', b'kind = "quiz"')
    answer = console.post("/scripts/", {"file": SimpleUploadedFile("own.toml", broken)})
    assert answer.status_code == 400
    assert re.search(r"Line \d+, step 1, kind: “quiz”", unescape(answer.content.decode()))
    assert StoredScript.objects.count() == 1


def test_a_loop_of_a_relationship_changes_by_what_somebody_noticed() -> None:
    kitchen, floor = f.party("Kitchen"), f.party("Floor")
    edge = f.serves(kitchen, floor)
    client = signed_in(f.member(floor, role=Role.SERVER))
    at = f"/edge/{edge.pk}/loop/"
    given = {"state": "cooperation", "by_party_id": floor.pk, "key": "k1", "turn": 0}
    assert client.post(at, {**given, "noticed": ""}).status_code == 400
    assert not LoopMove.objects.exists()
    noticed = {**given, "noticed": "They called before the rush", "next_move": "Say thank you"}
    assert client.post(at, noticed).status_code == 302
    page = client.get(at).content.decode()
    assert "the cooperation loop" in page
    assert "They called before the rush" in page
    both = {**noticed, "state": "both", "key": "k2", "turn": 1}
    assert client.post(at, both).status_code == 400
