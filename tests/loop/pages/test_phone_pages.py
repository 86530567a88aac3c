"""A phone in the room: what it is told, what it hands in, and what nobody learns of it."""

import re
from collections import Counter
from typing import Any

import pytest
from django.test import Client

from tests import factories as f
from tests.loop.held import held
from tests.loop.pages.rooms import address, card, fresh, joined, pressed, sent, signed_in
from upturn.loop.engine import StepKind, shipped_script
from upturn.loop.models import Card, Nomination, Participant, PocketTask
from upturn.loop.views import phone as views
from upturn.people.models import Person

pytestmark = pytest.mark.django_db


def test_a_phone_reads_what_is_kept_before_it_is_in(host: Person) -> None:
    workshop, phone = held(host), Client()
    typed = f"{workshop.code[:3].lower()} {workshop.code[3:]}"
    assert phone.post("/w/", {"code": typed})["Location"] == f"/w/{workshop.code}/"
    page = phone.get(f"/w/{workshop.code}/").content.decode()
    assert "Not who you are" in page
    assert not Participant.objects.exists()
    assert "workshop" not in phone.cookies


def test_a_phone_comes_in_with_one_press_and_no_name(host: Person) -> None:
    workshop = held(host)
    phone = joined(workshop)
    cookie = phone.cookies["workshop"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    row = Participant.objects.get()
    assert cookie.value.partition(".")[2] not in row.token_hash


def test_the_shipped_questions_stand_in_their_order_and_words(host: Person) -> None:
    page = joined(held(host)).get("/workshop/").content.decode()
    places = []
    for step in shipped_script("solution_focused").steps:
        first = step.ask["en"].replace("&", "&amp;").split()[:3]
        places.append(page.index("<b>" + " ".join(first)))
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("language", "ask"),
    [("de", "Was sollen die Kunden tun?"), ("ar", "ماذا تريدون أن يفعل العملاء؟")],
)
def test_each_phone_has_the_same_workshop_in_its_own_language(
    host: Person, language: str, ask: str
) -> None:
    page = joined(held(host), language=language).get("/workshop/").content.decode()
    assert f'<html lang="{language}"' in page
    assert ask.split(maxsplit=1)[0] in page
    assert "Hand in" not in page


def test_cards_are_hidden_until_all_have_handed_in(host: Person) -> None:
    workshop = held(host)
    first, second = joined(workshop), joined(workshop)
    pressed(signed_in(host), workshop, "begin")
    told = sent(first, "card", card("They come back on Tuesdays")).json()
    assert (told["handed"], told["of"]) == (1, 2)
    for viewer in (first, second):
        assert b"Tuesdays" not in viewer.get("/workshop/read/0/").content
    assert b"Tuesdays" not in signed_in(host).get(address(workshop)).content
    sent(second, "card", card("They tell a friend"))
    assert b"Tuesdays" in second.get("/workshop/read/0/").content
    assert b"Tuesdays" in signed_in(host).get(address(workshop)).content


def test_a_wall_is_written_once_for_a_room_and_anew_when_it_changes(
    host: Person, django_assert_max_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    workshop, console = held(host), signed_in(host)
    room = [joined(workshop) for _ in range(5)]
    pressed(console, workshop, "begin")
    for n, each in enumerate(room):
        sent(each, "card", card(f"Card number {n}"))
    written = []
    read = views.cards.cards
    monkeypatch.setattr(views.cards, "cards", lambda *of: written.append(of) or read(*of))
    first = room[0].get("/workshop/read/0/").content
    with django_assert_max_num_queries(3 * len(room)):
        assert {each.get("/workshop/read/0/").content for each in room} == {first}
    assert (first.count(b"Card number"), len(written)) == (5, 1)
    found = Card.objects.get(words="Card number 3")
    console.post(address(workshop, "hide/"), {"card": found.ref, "because": "A name"})
    assert {each.get("/workshop/read/0/").content.count(b"Card number") for each in room} == {4}
    assert len(written) == 2
    german = joined(workshop, language="de").get("/workshop/read/0/")
    assert (german.content.count(b"Card number"), len(written)) == (4, 3)


def test_the_same_card_sent_again_is_one_card(host: Person) -> None:
    phone, once = joined(held(host)), card("Warm plates")
    assert [sent(phone, "card", once).json()["again"] for _n in range(3)] == [False, True, True]
    assert Card.objects.count() == 1


def test_a_phone_without_scripts_hands_in_by_its_form(host: Person) -> None:
    phone = joined(held(host))
    given = {**card("By hand"), "task": "Count plates"}
    assert phone.post("/workshop/card/", given)["Location"] == "/workshop/"
    assert Card.objects.get().words == "By hand"
    assert PocketTask.objects.get().words == "Count plates"


@pytest.mark.parametrize(
    ("words", "said"),
    [("", "no words"), ("word " * 61, "a card holds 60"), ("x" * 20_000, "end")],
)
def test_a_card_that_cannot_be_taken_is_refused_with_a_sentence(
    host: Person, words: str, said: str
) -> None:
    answer = sent(joined(held(host)), "card", card(words))
    assert answer.status_code == 422
    assert said in answer.json()["said"]
    assert not Card.objects.exists()


@pytest.mark.parametrize("words", ["👩‍🍳🔥 hot", "أطباق دافئة", "<script>x</script>", "\u202eabc"])
def test_any_writing_is_shown_as_it_was_written(host: Person, words: str) -> None:
    workshop = held(host)
    phone = joined(workshop)
    pressed(signed_in(host), workshop, "begin")
    sent(phone, "card", card(words))
    page = phone.get("/workshop/read/0/").content.decode()
    assert words.replace("<", "&lt;").replace(">", "&gt;") in page


def test_the_writer_of_a_hidden_card_reads_why_and_nobody_else_sees_it(host: Person) -> None:
    workshop = held(host)
    writer_, other = joined(workshop), joined(workshop)
    console = signed_in(host)
    pressed(console, workshop, "begin")
    rude = card("You are all useless")
    sent(writer_, "card", rude)
    sent(other, "card", card("Warm plates"))
    because = {"card": rude["ref"], "because": "It is about people, not about work"}
    assert console.post(address(workshop, "hide/"), because).status_code == 302
    assert b"useless" not in other.get("/workshop/read/0/").content
    told = sent(writer_, "own", {"keys": {rude["ref"]: rude["key"]}}).json()["cards"]
    assert told[0]["hidden_because"] == "It is about people, not about work"
    assert sent(other, "own", {"keys": {rude["ref"]: "another key entirely"}}).json()["cards"] == []


def test_a_card_is_corrected_and_taken_back_by_its_key_alone(host: Person) -> None:
    phone, own = joined(held(host)), card("Warm plate")
    sent(phone, "card", own)
    proof = {"ref": own["ref"], "key": own["key"]}
    assert sent(phone, "mine", {**proof, "act": "correct", "words": "Warm plates"}).json()["ok"]
    assert Card.objects.get().words == "Warm plates"
    stolen = {**proof, "key": "some-other-key-1234", "act": "take_back"}
    assert sent(phone, "mine", stolen).status_code == 409
    assert sent(phone, "mine", {**proof, "act": "take_back"}).json()["ok"]
    assert Card.objects.get().words == ""


def test_a_stranger_is_told_to_type_the_code(host: Person) -> None:
    held(host)
    answer = Client().get("/workshop/")
    assert answer.status_code == 410
    assert 'href="/w/"' in answer.content.decode()


def _nominated(host: Person) -> tuple[Client, str]:
    workshop = held(host)
    phone = joined(workshop)
    given = {"key": "k" * 24, "nominee": "Ana Ruiz", "noticed": "Ana asks first"}
    assert sent(phone, "nominate", given).json()["show"].startswith("/nominated/")
    return Client(), f"/nominated/{Nomination.objects.get().code}/"


def test_a_nominee_agrees_tells_and_approves_before_the_room_reads_a_word(host: Person) -> None:
    nominee, at = _nominated(host)
    nominee.post(at, {"act": "agree", "turn": 0})
    nominee.post(at, {"act": "tell", "turn": 1, "how": "I ask what they want"})
    assert not Card.objects.exists()
    assert "I ask what they want" in nominee.get(at).content.decode()
    nominee.post(at, {"act": "approve", "turn": 2})
    assert Card.objects.get().words == "I ask what they want"


def test_a_nominee_who_refuses_leaves_no_name(host: Person) -> None:
    nominee, at = _nominated(host)
    nominee.post(at, {"act": "refuse", "turn": 0})
    row = Nomination.objects.get()
    assert (row.nominee, row.noticed) == ("", "")
    page = nominee.get(at).content.decode()
    assert "Ana" not in page
    assert "erased" in page


def test_an_answer_to_a_nomination_that_changed_is_shown_again(host: Person) -> None:
    nominee, at = _nominated(host)
    nominee.post(at, {"act": "agree", "turn": 0})
    assert nominee.post(at, {"act": "agree", "turn": 0}).status_code == 409


def test_whoever_leaves_is_not_waited_for(host: Person) -> None:
    workshop = held(host)
    stays, goes = joined(workshop), joined(workshop)
    pressed(signed_in(host), workshop, "begin")
    sent(stays, "card", card("Warm plates"))
    assert goes.post("/workshop/leave/").status_code == 200
    assert fresh(workshop).phase == "read"


def test_in_pairs_each_phone_shows_the_number_of_its_pair(host: Person) -> None:
    workshop, console = held(host, script="appreciative_pairs"), signed_in(host)
    phones = [joined(workshop) for _n in range(5)]
    pressed(console, workshop, "begin")
    kinds = [step.kind for step in shipped_script("appreciative_pairs").steps]
    for _step in range(kinds.index(StepKind.PAIRS)):
        pressed(console, workshop, "open_cards")
        pressed(console, workshop, "next")
    at = f"/workshop/pair/{fresh(workshop).step}/"
    numbers = [re.findall(r"pair <b>(\d)</b>", p.get(at).content.decode())[0] for p in phones]
    assert sorted(Counter(numbers).values()) == [2, 3]
    late = joined(workshop)
    assert "before you came" in late.get(at).content.decode()


@pytest.mark.parametrize("at", ["/practise/", "/pocket/"])
def test_alone_works_without_an_account_and_takes_nothing(at: str) -> None:
    alone = Client()
    assert alone.get(at).status_code == 200
    assert alone.post(at, {"words": "private"}).status_code == 405
    assert "workshop" not in alone.cookies
    page = alone.get("/practise/").content.decode()
    assert page.count("<textarea") == len(shipped_script("solution_focused").steps)
    assert "<form" not in page


def test_nobody_sees_a_workshop_by_guessing(host: Person) -> None:
    workshop = held(host)
    server = signed_in(f.person(role="server"))
    assert server.get(address(workshop)).status_code == 404
    assert Client().get(address(workshop, "screen/")).status_code == 404
    assert Client().get(address(workshop, "screen/in/0123456789abcdef0123/")).status_code == 404
