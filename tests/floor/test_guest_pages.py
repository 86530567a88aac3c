"""The pages of guests at tables, and practice cards."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from tests import factories as f
from tests.floor.drawn import body
from tests.floor.live import opened, phone, tap
from tests.floor.shift_pages import keyed, table_at
from upturn.floor import commands, queries
from upturn.floor.models import (
    PracticeCard,
    Shift,
    ShiftNeed,
)

pytestmark = pytest.mark.django_db


# ---- a guest's table


def test_a_guest_taps_and_reads_that_it_was_heard() -> None:
    shift = opened()
    Shift.objects.update(opened_at=timezone.now() - timedelta(minutes=30))
    guest = Client(enforce_csrf_checks=True)
    at = table_at(shift)
    page = body(guest.get(at))
    assert "What would you like" in page
    given = {"key": keyed(page), "kind": "bill"}
    taps = [guest.post(at, given) for _ in range(3)]
    assert {answer.status_code for answer in taps} == {302}
    need = ShiftNeed.objects.get()
    assert (need.place, need.kind, need.source, need.count) == ("1-1", "bill", "guest", 1)
    assert need.asked
    shown = body(guest.get(at))
    assert "We heard you" in shown
    assert "just now" in shown
    ShiftNeed.objects.update(asked_s=need.asked_s - 125)
    assert "2 minutes ago" in body(guest.get(at))
    assert guest.cookies == {}


def test_another_tap_counts_again_only_after_a_pause() -> None:
    shift = opened()
    guest, at = Client(), table_at(shift)
    for n in range(8):
        guest.post(at, {"key": f"guest-key-{n}", "kind": "bill"})
    assert ShiftNeed.objects.get().count == 1


def test_a_guest_takes_back_and_thinks_again() -> None:
    shift = opened()
    guest, at = Client(), table_at(shift)
    guest.post(at, {"key": "guest-key-1", "kind": "coffee"})
    need = ShiftNeed.objects.get()
    back = guest.post(at, {"key": "guest-key-2", "take_back": need.ref})
    assert ShiftNeed.objects.get().state == "gone"
    page = body(guest.get(back["Location"]))
    assert "Taken back" in page
    guest.post(at, {"key": "guest-key-3", "undoes": "guest-key-2"})
    assert ShiftNeed.objects.get().state == "open"


def test_a_guest_reads_that_somebody_is_on_the_way_and_not_who() -> None:
    shift = opened()
    holder = phone(shift, nickname="Maria")
    guest, at = Client(), table_at(shift)
    guest.post(at, {"key": "guest-key-1", "kind": "coffee"})
    tap(holder, "take", needs=(ShiftNeed.objects.get().ref,))
    page = body(guest.get(at))
    assert "somebody is on the way" in page
    assert "Maria" not in page
    assert "server 1" not in page


def test_a_joker_is_slowed_down_and_nothing_is_flooded() -> None:
    shift = opened()
    guest, at = Client(), table_at(shift)
    said = [
        guest.post(at, {"key": f"joker-key-{n}", "kind": ("bill", "coffee", "crumbs")[n % 3]})
        for n in range(40)
    ]
    assert Counter(answer.status_code for answer in said) == {302: 30, 429: 10}
    assert said[-1]["Retry-After"] == "60"
    assert sorted(ShiftNeed.objects.values_list("kind", flat=True)) == ["bill", "coffee", "crumbs"]
    assert set(ShiftNeed.objects.values_list("count", flat=True)) == {1}


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"kind": "bill"}, 400),
        ({"key": "guest-key-1", "kind": "a unicorn"}, 400),
        ({"key": "guest-key-1", "take_back": "nothing"}, 409),
        ({"key": "guest-key-1", "undoes": "nothing"}, 409),
        ({"key": "guest-key-1", "kind": "x" * 5_000}, 413),
    ],
)
def test_what_no_page_sends_changes_nothing_and_is_answered_with_a_sentence(
    given: dict[str, Any], status: int
) -> None:
    shift = opened()
    answer = Client().post(table_at(shift), given)
    assert answer.status_code == status
    assert 'class="bad"' in body(answer)
    assert ShiftNeed.objects.count() == 0


def test_a_mistyped_code_and_a_table_that_is_gone_say_so_kindly() -> None:
    shift = opened()
    at = table_at(shift)
    assert "This code leads nowhere" in body(Client().get(at.replace("-1-", "-2-")[:-3] + "zz/"))
    assert Client().get("/table/nonsense/").status_code == 404


def test_a_guest_reads_his_or_her_own_language() -> None:
    at = table_at(opened())
    with override(None):
        page = Client(headers={"accept-language": "ar"}).get(at)
    assert 'lang="ar" dir="rtl"' in body(page)


# ---- practice cards


def test_a_card_is_read_by_members_and_taken_down_by_a_lead_who_can_undo(client: Client) -> None:
    shift = opened()
    commands.put_up(
        shift.ref, "Whoever passed the station topped up the water.", now=timezone.now()
    )
    member = f.signed_in(f.person(role="server"))
    assert "topped up the water" in body(member.get("/practice/"))
    assert "Take it down" not in body(member.get("/practice/"))
    ref = PracticeCard.objects.get().ref
    assert member.post("/practice/", {"take_down": ref}).status_code == 404
    answer = client.post("/practice/", {"take_down": ref})
    page = body(client.get(answer["Location"]))
    assert "topped up the water" not in page
    assert "The card is taken down" in page
    client.post("/practice/", {"put_back": ref})
    assert "topped up the water" in body(client.get("/practice/"))


def test_without_cards_the_page_says_how_one_comes_to_be(client: Client) -> None:
    assert "what helped today?" in body(client.get("/practice/"))


def test_a_phone_of_the_shift_reads_the_cards_and_takes_none_down() -> None:
    shift = opened()
    commands.put_up(shift.ref, "We called the full trays early.", now=timezone.now())
    claimed = commands.claim(shift, "server 1", now=timezone.now())
    seat = Client()
    seat.cookies[queries.COOKIE] = claimed.cookie
    assert "full trays" in body(seat.get("/practice/"))
    ref = PracticeCard.objects.get().ref
    assert seat.post("/practice/", {"take_down": ref}).status_code == 404
    assert Client().get("/practice/").status_code == 302
