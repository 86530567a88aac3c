"""A phone that sends too much, and somebody who guesses codes: a sentence each."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from tests.loop.held import held
from tests.loop.pages.rooms import card, joined, sent
from upturn.loop.commands.limits import CARDS_A_MINUTE, WRONG_CODES_A_MINUTE
from upturn.loop.models import Card
from upturn.people.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_is_counted() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def stand_still(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep a test within one minute of the limits."""
    now = timezone.now()
    monkeypatch.setattr("upturn.record.limits.timezone.now", lambda: now)


def test_200_cards_in_a_minute_from_one_phone_are_slowed_and_none_is_lost(
    host: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_still(monkeypatch)
    workshop = held(host)
    fast, other = joined(workshop), joined(workshop)
    cards = [card(f"Card {n}") for n in range(200)]
    answers = [sent(fast, "card", each) for each in cards]
    assert [each.status_code for each in answers] == [200] * CARDS_A_MINUTE + [429] * (
        200 - CARDS_A_MINUTE
    )
    told = answers[-1].json()
    assert told["code"] == "too_fast"
    assert told["said"].startswith("Too much from this phone in one minute. It stays here")
    assert Card.objects.count() == CARDS_A_MINUTE
    assert sent(other, "card", card("Warm plates")).status_code == 200
    cache.clear()  # the next minute
    assert sent(fast, "card", cards[-1]).json()["again"] is False


def test_somebody_who_guesses_codes_is_stopped_and_the_room_is_not(
    host: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_still(monkeypatch)
    workshop = held(host)
    phone = joined(workshop)
    guesser = Client(REMOTE_ADDR="198.51.100.7")
    for n in range(WRONG_CODES_A_MINUTE):
        guesser.post("/w/", {"code": f"Z{n:05}"})
    answer = guesser.post("/w/", {"code": workshop.code})
    assert answer.status_code == 429
    assert answer["Retry-After"] == "60"
    assert "Too many wrong codes from here." in answer.content.decode()
    assert guesser.get(f"/w/{workshop.code}/").status_code == 429
    assert guesser.post(f"/w/{workshop.code}/").status_code == 429
    assert Client(REMOTE_ADDR="203.0.113.9").get(f"/w/{workshop.code}/").status_code == 200
    assert phone.get("/workshop/").status_code == 200
    cache.clear()
    assert guesser.post("/w/", {"code": workshop.code}).status_code == 302


def test_a_whole_room_behind_one_router_comes_in_with_the_right_code(host: Person) -> None:
    workshop = held(host)
    for _n in range(WRONG_CODES_A_MINUTE + 5):
        assert Client().get(f"/w/{workshop.code}/").status_code == 200
