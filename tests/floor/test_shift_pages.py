"""The pages of a shift: for its lead, for guests at tables, and what stays when it closes."""

import re
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from tests import factories as f
from tests.floor.drawn import TODAY, body, leader, small
from tests.floor.live import opened, phone, raised, tap
from upturn.floor import commands, queries
from upturn.floor.engine.grid import grid
from upturn.floor.engine.shapes import Floor
from upturn.floor.models import (
    LabFloor,
    PracticeCard,
    Seated,
    Shift,
    ShiftNeed,
    ShiftSeat,
    ShiftTap,
)

pytestmark = pytest.mark.django_db


def three() -> Floor:
    """Three sections of six tables, so that totals may be shown."""
    like = small()
    made = grid(sections=3, tables=6, need_types=like.need_types, hands={"pot": 4})
    return replace(made, name="Mill")


def one() -> Floor:
    made = grid(sections=1, tables=6, need_types=small().need_types[1:])
    return replace(made, name="Mill")


def held(shift: Shift) -> list[queries.SeatHolder]:
    return [phone(shift, seat.name) for seat in queries.seats_of(shift)]


def address(shift: Shift, end: str = "") -> str:
    return f"/floor/shift/{shift.ref}/{end}"


def table_at(shift: Shift, number: int = 1) -> str:
    return f"/table/{queries.table_code(leader(), shift.floor, number)}/"


def keyed(page: str) -> str:
    found = re.search(r'name="key" value="(\w+)"', page)
    assert found
    return found[1]


# ---- opened


def test_an_empty_list_teaches_and_the_way_in_is_five_taps(client: Client) -> None:
    page = body(client.get("/floor/"))
    assert "Draw your floor once" in page
    made = client.post("/lab/new/", {"name": "Mill", "sections": "3", "tables": "7", "code": "a"})
    ref = LabFloor.objects.get().ref
    assert made["Location"] == f"/lab/{ref}/draw/"
    assert "Open a shift on it" in body(client.get(f"/lab/{ref}/"))
    taps = [client.post(f"/floor/{ref}/open/") for _ in range(2)]
    assert taps[0]["Location"] == taps[1]["Location"]
    assert Shift.objects.count() == 1
    board = body(client.get(taps[0]["Location"]))
    assert "Codes for the sections" in board
    codes = body(client.get(taps[0]["Location"] + "codes/"))
    assert codes.count('class="qr"') == 4  # the whole floor and three sections


def test_every_code_on_paper_leads_to_the_seats_of_its_section(client: Client) -> None:
    shift = opened(three())
    page = body(client.get(address(shift, "codes/")))
    scanned = re.findall(r"http://testserver(/seat/[\w-]+/)", page)
    sections = [queries.read_seat_code(each.split("/")[2]).section for each in scanned]
    assert sections == ["", "section 1", "section 2", "section 3"]
    for each in scanned:
        assert Client().get(each).status_code == 200


def test_one_code_is_shown_large_and_sheets_are_one_or_four_a_page(client: Client) -> None:
    shift = opened()
    assert body(client.get(address(shift, "codes/?show=2"))).count('class="qr"') == 1
    assert "by-1" in body(client.get(address(shift, "codes/")))
    assert "by-4" in body(client.get(address(shift, "codes/?page=4")))
    assert "by-1" in body(client.get(address(shift, "codes/?page=5")))


def test_the_code_of_a_table_outlives_shifts_and_a_new_drawing(client: Client) -> None:
    shift = opened()
    page = body(client.get(f"/floor/{shift.floor.ref}/tables/"))
    assert page.count('class="qr"') == 6
    guest = table_at(shift, 4)
    commands.close_shift(leader(), shift, now=timezone.now())
    assert "Nobody serves by phone just now" in body(Client().get(guest))
    commands.open_shift(leader(), shift.floor, now=timezone.now())
    assert "What would you like" in body(Client().get(guest))


def test_members_are_told_where_their_seat_is_and_lead_nothing() -> None:
    shift = opened()
    member = f.signed_in(f.person(role="server"))
    assert "Scan the code of your section" in body(member.get("/floor/"))
    for at in ("", "codes/", "close/", "without/1/", "state.json", "totals.csv"):
        assert member.get(address(shift, at)).status_code in {403, 404}
    assert member.post(f"/floor/{shift.floor.ref}/open/").status_code == 403
    assert member.post(address(shift, "close/")).status_code == 404
    shift.refresh_from_db()
    assert shift.state == "open"


# ---- the lead's board


def test_the_lead_sees_which_seats_are_held_and_nothing_of_who_does_what(client: Client) -> None:
    shift = opened()
    seat = phone(shift, "server 1", nickname="Maria")
    need = raised(seat, "1-1", "coffee")
    before = body(client.get(address(shift)))
    tap(seat, "take", needs=(need,))
    after = body(client.get(address(shift)))
    assert "1 seat is held" in after
    part = body(client.get(address(shift), headers={"HX-Request": "true"}))
    assert "held" in part
    assert "Maria" not in part
    assert "<html" not in part
    seats = [
        re.sub(r'\s+|value="\w{64}"', " ", each[each.index('id="seats"') :][:1500])
        for each in (before, after)
    ]
    assert seats[0] == seats[1]


def test_a_lead_helps_without_script_and_undoes_it(client: Client) -> None:
    shift = opened()
    holder = phone(shift)
    need = raised(holder, "1-1", "coffee")
    key = "lead-tap-00000001"
    done = client.post(address(shift, "tap/"), {"key": key, "act": "done", "need": need})
    assert done["Location"] == address(shift) + f"?undo={key}"
    assert ShiftNeed.objects.get(ref=need).state == "done"
    page = body(client.get(done["Location"]))
    assert f'name="undoes" value="{key}"' in page
    undo = {"key": "lead-tap-00000002", "act": "undo", "undoes": key}
    client.post(address(shift, "tap/"), undo)
    assert ShiftNeed.objects.get(ref=need).state == "open"


def test_what_is_refused_is_said_on_the_board(client: Client) -> None:
    shift = opened()
    answer = client.post(address(shift, "tap/"), {"key": "lead-tap-00000003", "act": "raise"})
    assert answer.status_code == 400
    assert "There is no place" in body(answer)
    as_script = client.post(
        address(shift, "tap/"),
        {"key": "lead-tap-00000004", "act": "done", "need": "nothing"},
        content_type="application/json",
    )
    assert as_script.status_code == 409
    assert as_script.json()["ok"] is False


# ---- somebody does not come


def test_without_a_seat_its_tables_go_to_the_others_on_one_tap_and_back_on_another(
    client: Client,
) -> None:
    shift = opened(three())
    maria = phone(shift, "server 2")
    need = raised(maria, "2-1", "coffee")
    tap(maria, "take", needs=(need,))
    page = body(client.get(address(shift, "without/2/")))
    assert "6 tables change hands" in page
    assert page.count("<svg") >= 2
    given = dict(re.findall(r'name="(cut\|[^"]+)" value="([^"]*)"', page)) | {"key": keyed(page)}
    answers = [client.post(address(shift, "without/2/"), given) for _ in range(2)]
    assert answers[0]["Location"] == answers[1]["Location"]
    shift.refresh_from_db()
    assert Counter(shift.tables.values()) == {"section 1": 9, "section 3": 9}
    assert ShiftNeed.objects.get(ref=need).state == "open"
    board = body(client.get(answers[0]["Location"]))
    assert "not here today" in board
    assert "The sections are cut anew" in board
    client.post(address(shift, "undo-cut/"), {"key": given["key"]})
    shift.refresh_from_db()
    assert Counter(shift.tables.values()) == {"section 1": 6, "section 2": 6, "section 3": 6}
    assert "not here today" not in body(client.get(address(shift)))


def test_a_proposal_that_is_out_of_date_is_refused_and_made_anew(client: Client) -> None:
    shift = opened(three())
    page = body(client.get(address(shift, "without/2/")))
    given = dict(re.findall(r'name="(cut\|[^"]+)" value="([^"]*)"', page))
    other = queries.propose_without(leader(), shift, "server 1")
    commands.call_off(
        leader(), shift, "server 1", tables=other.tables, key="another-lead", now=timezone.now()
    )
    forged = given | {"cut|1-1": "section 1", "key": "late"}
    late = client.post(address(shift, "without/2/"), forged)
    assert late.status_code == 409
    assert "The sections were cut since" in body(late)


def test_the_last_seat_cannot_be_called_off(client: Client) -> None:
    shift = opened(one())
    assert "nobody is left" in body(client.get(address(shift, "without/1/")))
    assert client.get(address(shift, "without/9/")).status_code == 404


def test_a_new_drawing_is_taken_over_and_given_back(client: Client) -> None:
    shift = opened()
    assert "Take over the new drawing" not in body(client.get(address(shift)))
    commands.redraw_floor(leader(), shift.floor, three(), read=1, today=TODAY)
    assert "Take over the new drawing" in body(client.get(address(shift)))
    answer = client.post(address(shift, "redraw/"))
    shift.refresh_from_db()
    assert len(shift.owners) == 3
    page = body(client.get(answer["Location"]))
    assert "The new drawing is taken over" in page
    client.post(address(shift, "redraw/"), {"version": "1"})
    shift.refresh_from_db()
    assert len(shift.owners) == 2


# ---- closed


def test_closing_says_what_is_open_and_erased_and_leaves_totals_of_the_floor(
    client: Client,
) -> None:
    shift = opened(three())
    phones = held(shift)
    done = raised(phones[0], "1-1", "coffee")
    raised(phones[0], "2-2", "bill")
    tap(phones[1], "done", need=done, at_s=90)
    page = body(client.get(address(shift, "close/")))
    assert "1 need is still open" in page
    assert "never written down" in page
    answer = client.post(address(shift, "close/"))
    assert answer["Location"] == address(shift)
    for table in (ShiftNeed, ShiftTap, ShiftSeat, Seated):
        assert table.objects.count() == 0
    totals = body(client.get(address(shift)))
    assert "The floor met 1 of 2 needs" in totals
    assert "section 1" not in totals
    assert "server" not in totals.replace("those who served", "")
    again = client.post(address(shift, "close/"))
    assert again["Location"] == address(shift)


def test_totals_are_withheld_below_three_seats_and_say_so(client: Client) -> None:
    shift = opened()
    held(shift)
    page = body(client.get(address(shift, "close/")))
    assert "2 seats were held, 3 needed" in page
    client.post(address(shift, "close/"))
    totals = body(client.get(address(shift)))
    assert '<p class="held">2 seats were held, 3 needed' in totals
    csv = client.get(address(shift, "totals.csv"))
    assert (
        "withheld" in b"".join(csv.streaming_content if csv.streaming else [csv.content]).decode()
    )


def test_totals_come_as_a_file_without_sections_or_seats(client: Client) -> None:
    shift = opened(three())
    phones = held(shift)
    for place in ("1-1", "2-1", "3-1"):
        need = raised(phones[0], place, "coffee")
        tap(phones[0], "done", need=need, at_s=100)
    assert client.get(address(shift, "totals.csv"))["Location"] == address(shift, "close/")
    client.post(address(shift, "close/"))
    file = client.get(address(shift, "totals.csv")).content.decode()
    assert "needs met,3" in file
    assert "seconds until met, median" in file
    assert "coffee, minute 0 to 15" in file
    assert not re.search(r"server \d|section \d|1-1", file)


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


# ---- all of them


def test_the_way_to_floors_stands_where_each_role_looks(client: Client) -> None:
    member = f.signed_in(f.person(role="server"))
    pages = body(client.get("/practice/")), body(member.get("/practice/"))
    assert ['<a href="/floor/"' in page for page in pages] == [True, True]
    menus = [page[page.index('<nav class="rooms"') : page.index("</nav>")] for page in pages]
    assert ['href="/floor/"' in menu for menu in menus] == [True, False]
    assert all('href="/practice/"' in menu for menu in menus)


@pytest.mark.parametrize("end", ["", "codes/", "close/", "without/1/"])
def test_no_page_of_a_shift_asks_the_database_often(
    client: Client, end: str, django_assert_max_num_queries: Any
) -> None:
    shift = opened(three())
    phones = held(shift)
    for number in range(1, 7):
        raised(phones[0], f"1-{number}", "coffee")
    client.get(address(shift, end))
    with django_assert_max_num_queries(12):
        client.get(address(shift, end))
    with django_assert_max_num_queries(10):
        Client().get(table_at(shift))
