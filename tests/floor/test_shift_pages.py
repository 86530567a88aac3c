"""The pages of a shift: for its lead, for guests at tables, and what stays when it closes."""

import re
from collections import Counter
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests import factories as f
from tests.floor.drawn import TODAY, body, leader
from tests.floor.live import opened, phone, raised, tap
from tests.floor.shift_pages import address, held, keyed, one, table_at, three
from upturn.floor import commands, queries
from upturn.floor.models import (
    LabFloor,
    Seated,
    Shift,
    ShiftNeed,
    ShiftSeat,
    ShiftTap,
)

pytestmark = pytest.mark.django_db


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
