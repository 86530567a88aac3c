"""How much of a step speaks of solutions: only on a press, only for who holds it, never of few."""

from html import unescape

import pytest

from tests.loop.held import facilitator, held
from tests.loop.pages.rooms import address, card, joined, pressed, sent, signed_in
from upturn.loop.models import Card, Workshop
from upturn.people.models import Person

pytestmark = pytest.mark.django_db

KEY, COUNTED = "How much speaks of solutions", "Counted here, by lists of words"


def said(host: Person, *cards: str) -> Workshop:
    workshop = held(host)
    phones = [joined(workshop) for _words in cards]
    pressed(signed_in(host), workshop, "begin")
    for phone, words in zip(phones, cards, strict=True):
        sent(phone, "card", card(words, language="en"))
    return workshop


def asked(person: Person, workshop: Workshop) -> str:
    return unescape(signed_in(person).get(f"{address(workshop)}?talk=1").content.decode())


SIX = ("We asked, they helped",) * 4 + ("Always broken",) * 2


def test_it_is_off_until_the_key_is_pressed_and_off_again_after(host: Person) -> None:
    workshop = said(host, *SIX, "Tuesday")
    console = signed_in(host)
    page = console.get(address(workshop)).content.decode()
    assert KEY in page
    assert COUNTED not in page
    page = asked(host, workshop)
    assert '<b class="num">67 %</b> of 6 cards' in page
    assert "1 card speaks of neither." in page
    assert COUNTED in page
    assert COUNTED not in console.get(address(workshop)).content.decode()


def test_of_few_cards_nothing_is_said_but_how_many_are_needed(host: Person) -> None:
    page = asked(host, said(host, *SIX[:3], "Tuesday"))
    assert "cards that speak of either: 3, 5 needed" in page
    assert " %</b>" not in page


def test_nothing_is_counted_before_the_cards_are_open(host: Person) -> None:
    workshop = held(host)
    phones = [joined(workshop) for _n in range(7)]
    pressed(signed_in(host), workshop, "begin")
    for phone in phones[:6]:
        sent(phone, "card", card("We asked, they helped", language="en"))
    assert COUNTED not in asked(host, workshop)


def test_who_does_not_hold_the_workshop_neither_sees_the_key_nor_the_count(host: Person) -> None:
    page = asked(facilitator(), said(host, *SIX))
    assert KEY not in page
    assert COUNTED not in page


def test_a_card_off_the_wall_is_not_counted_and_no_card_is_marked(host: Person) -> None:
    workshop = said(host, *SIX)
    rude = Card.objects.filter(words="Always broken").first()
    assert rude is not None
    given = {"card": rude.ref, "because": "It is about people"}
    signed_in(host).post(address(workshop, "hide/"), given)
    page = asked(host, workshop)
    assert '<b class="num">80 %</b> of 5 cards' in page
