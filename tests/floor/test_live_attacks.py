"""What hostile phones, jokers at a table and curious leads try on an open shift, and do not get."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from tests.floor.drawn import leader
from tests.floor.live import key, moment, needs, opened, phone, raised, tap
from tests.floor.shift_pages import table_at
from tests.floor.test_board_page import seated, send
from tests.floor.test_live_shifts import drawn_anew, three, without_table
from upturn.floor import commands, queries
from upturn.floor.commands import Retold, SeatGone, TapRefused
from upturn.floor.engine.live import Met, totals
from upturn.floor.forms import guests
from upturn.floor.jobs.lookout import OPEN_S, Lookouts
from upturn.floor.models import (
    PracticeCard,
    Seated,
    ShiftNeed,
    ShiftSeat,
    ShiftTap,
    memory,
)
from upturn.floor.queries.standing import standing_of
from upturn.record.writer import writer
from upturn.stats.figures import Withheld

pytestmark = pytest.mark.django_db
HALF = "\ud83d"
"""Half of a sign of two: JSON can say it, no page and no database can."""
TURNED = "\u202etxt.exe\u2066"


def hello(client: Client, **told: Any) -> HttpResponse:
    return client.post("/board/hello/", json.dumps(told), content_type="application/json")


@pytest.mark.parametrize(
    ("how", "status"),
    [
        ({"act": "hold", "item": "pot", "left": 10**400}, 400),
        ({"act": "hold", "item": "pot", "left": 1e308}, 400),
        ({"act": "hold", "item": "a planet", "left": 1}, 400),
        ({"act": "done", "need": "a", "age_ms": 10**400}, 400),
        ({"act": "done", "need": "a", "age_ms": 1e308}, 400),
        ({"act": "done", "need": "a", "age_ms": [1]}, 400),
        ({"act": "done", "need": HALF}, 400),
        ({"act": "take", "needs": [f"{n}{HALF}\0" for n in range(30)]}, 409),
        ({"act": "take", "needs": [str(n) for n in range(41)]}, 400),
        ({"act": "take", "needs": [["a"]]}, 400),
        ({"act": "raise", "need": "a", "place": HALF, "kind": "coffee"}, 400),
        ({"act": "raise", "need": "a" * 65, "place": "1-1", "kind": "coffee"}, 400),
        ({"act": "seated", "place": HALF}, 400),
        ({"act": "undo", "undoes": HALF}, 409),
        ({"act": "undo", "undoes": "\0"}, 409),
        ({"act": "at", "place": "nowhere"}, 400),
        ({"act": "looked", "place": "nowhere"}, 400),
        ({"act": "__class__"}, 400),
    ],
)
def test_what_no_thumb_can_say_is_refused_and_stores_nothing(
    how: dict[str, Any], status: int
) -> None:
    shift = opened()
    client = seated(shift)
    answer = client.post(
        "/board/tap/", json.dumps({"key": key(), **how}), content_type="application/json"
    )
    assert answer.status_code == status
    assert not answer.json()["ok"]
    assert not ShiftTap.objects.exists()
    known = memory.of(shift.ref)
    assert (known.looked, known.seat("server 1").at, known.seat("server 1").hands) == ({}, "", {})
    assert client.get("/board/").status_code == 200


def test_no_phone_spoils_the_board_of_another() -> None:
    """Half a sign in one nickname would keep the page of every other phone from being written."""
    shift = opened()
    joker, other = seated(shift), seated(shift, "server 2")
    for told in (
        {"nickname": f"{HALF}{TURNED}\n{HALF}", "at": HALF, "language": HALF},
        {"language": "../../x", "at": "nowhere", "claims": {HALF: HALF, "a": [1]}},
        {"hands": {"pot": 1e300, HALF: 2, **{f"item {n}": 2 for n in range(300)}}},
    ):
        assert hello(joker, **told).status_code == 200
    assert hello(joker, hands={"pot": 10**400}).status_code == 400
    send(joker, "raise", need="n", place="1-1", kind="coffee", words=f"now {TURNED}\n!")
    for where in ("/board/", "/board/state.json"):
        assert other.get(where).status_code == 200
    known = memory.of(shift.ref).seat("server 1")
    assert (known.nickname, known.language, known.at) == ("txt.exe", "en", "")
    assert known.hands == {"pot": 100}
    assert ShiftNeed.objects.get().words == "now txt.exe !"


def test_what_somebody_writes_is_never_part_of_the_page() -> None:
    shift = opened()
    markup = "</script><img src=x onerror=go()>"
    joker, other = seated(shift, nickname=markup[:24]), seated(shift, "server 2")
    send(joker, "raise", need='"><i>', place="1-1", kind="coffee", words=markup)
    assert "<img" not in other.get("/board/").content.decode()
    assert '"><i>' not in other.get("/board/").content.decode()


def test_declining_what_is_no_need_is_remembered_nowhere() -> None:
    shift = opened()
    holder = phone(shift)
    ref = raised(holder, "1-1", "coffee")
    for at in range(0, 4_000, 39):
        tap(holder, "decline", needs=(ref, *(f"made up {at + n}" for n in range(39))))
    assert memory.of(shift.ref).seat("server 1").declined == {ref}


def test_the_key_of_a_tap_stands_on_no_board() -> None:
    """Whoever knew it could undo the tap of another. A page without script names no need."""
    shift = opened()
    one, other = seated(shift), seated(shift, "server 2")
    mine = "0123-4567-89ab-cdef"
    one.post("/board/tap/", {"key": mine, "act": "raise", "place": "1-1", "kind": "coffee"})
    (need,) = other.get("/board/state.json").json()["needs"]
    assert mine not in other.get("/board/").content.decode()
    assert send(other, "undo", undoes=need["ref"]).status_code == 409
    assert ShiftNeed.objects.get().state == "open"


def test_no_phone_undoes_puts_back_or_claims_what_another_did() -> None:
    shift = opened()
    one, other = phone(shift), phone(shift, "server 2")
    ref, took = raised(one, "1-1", "coffee"), key()
    tap(one, "take", need=ref, key=took)
    (need,) = needs(other).values()
    for guess in (need["mark"], need["ref"], ref, "", "tap-key-", took[:-1], took.upper()):
        for act in ("undo", "put_back"):
            with pytest.raises(TapRefused):
                tap(other, act, need=ref, undoes=guess)
        commands.hello(other, Retold(claims={ref: guess}), now=moment(70))
    assert memory.of(shift.ref).taker_of(ref) == "server 1"
    commands.leave(other, now=moment(70), claims={ref: need["mark"]})
    assert ShiftNeed.objects.get().state == "taken"


def test_a_guest_undoes_nothing_of_the_team() -> None:
    shift = opened()
    holder = phone(shift)
    at = queries.read_table_code(queries.table_code(leader(), shift.floor, 1))
    others = raised(holder, "1-2", "coffee")
    for guess in (others, needs(holder)[others]["ref"], "", "x" * 64):
        with pytest.raises(TapRefused):
            commands.think_again(at, guess, key=key(), now=moment(60))
    with pytest.raises(TapRefused):
        commands.take_back(at, others, key=key(), now=moment(60))
    assert needs(holder)[others]["state"] == "open"


def test_a_tap_of_another_shift_changes_nothing_in_this_one() -> None:
    """A phone slept through a close; its holder serves on the next shift by now."""
    first = opened()
    commands.close_shift(leader(), first, now=moment(60))
    again = commands.open_shift(leader(), first.floor, now=timezone.now())
    client = seated(again)
    body = {"need": "n", "place": "1-1", "kind": "coffee", "age_ms": 3_600_000}
    old = send(client, "raise", shift=first.ref, **body)
    assert (old.status_code, "another shift" in old.json()["said"]) == (409, True)
    assert not ShiftNeed.objects.exists()
    assert send(client, "raise", shift=again.ref, **body).status_code == 200
    assert ShiftNeed.objects.get().raised_s == 0.0
    assert Client(headers={"cookie": f"seat={first.ref}.x"}).get("/board/").status_code == 410


def test_a_late_tap_makes_nobody_silent_and_no_table_unseen() -> None:
    """What was tapped without a network comes hours later: the phone is there now."""
    shift = opened()
    holder = phone(shift)
    ref = raised(holder, "1-1", "coffee", at_s=10)
    tap(holder, "looked", place="1-1", at_s=5_000)
    for how in ({"act": "looked"}, {"act": "done", "need": ref}):
        tap(holder, at_s=6_000, age_ms=5_900_000, **how)
        assert memory.of(shift.ref).seat("server 1").seen_s == 6_000
    assert memory.of(shift.ref).looked["1-1"] == 5_000


def test_one_table_cannot_use_up_what_all_tables_may_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    """Under however many spellings of its code a joker taps, the next table is heard."""
    shift, guest, minute = opened(), Client(), timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: minute)
    monkeypatch.setattr(guests, "A_MINUTE", 50)
    cache.clear()
    ref, number, proof = table_at(shift).strip("/").split("/")[1].split("-")
    said = [
        guest.post(f"/table/{ref}-{spelt}-{proof}/", {"key": f"joker-{n:05}", "kind": "coffee"})
        for n, spelt in enumerate([number, "2", "0002", "9999"] * 20)
    ]
    assert [answer.status_code for answer in said] == [302] * 30 + [429] * 50
    other = guest.post(table_at(shift, 2), {"key": "honest-guest", "kind": "bill"})
    assert other.status_code == 302
    assert sorted(ShiftNeed.objects.values_list("place", "count")) == [("1-1", 1), ("1-2", 1)]


def test_one_person_on_three_seats_is_no_team() -> None:
    """Else a lead would read totals of one server, who sat here and there in the evening."""
    shift = opened(three())
    for n in (1, 2, 3):
        holder = phone(shift, f"server {n}")
        tap(holder, "done", need=raised(holder, f"{n}-1", "coffee"))
        commands.leave(holder, now=moment(70))
    closed = commands.close_shift(leader(), shift, now=moment(600))
    assert closed.summary == {"seats": 1}
    assert queries.totals_of(leader(), closed) == Withheld("too_few", needed=3, got=1)


def test_a_figure_of_two_needs_is_withheld_for_it_is_of_two_people_at_most() -> None:
    met = [Met("coffee", 0.0, None, 5.0, 9.0)] * 2
    few = totals(met, seats_held=9, walk_bys=0, need_types=three().need_types)
    enough = totals(met * 2, seats_held=9, walk_bys=0, need_types=three().need_types)
    for name in ("before_asked", "within_due", "to_notice", "to_meet"):
        assert getattr(few, name) == Withheld("too_few", needed=3, got=2)
        assert getattr(enough, name).n == 4


def test_only_a_phone_that_held_a_seat_puts_up_a_card() -> None:
    """The code on the wall names the shift too, and can be photographed."""
    shift = opened(three())
    client, stranger = seated(shift), Client()
    mine = client.cookies[queries.COOKIE].value
    commands.close_shift(leader(), shift, now=timezone.now())
    where = f"/helped/{shift.ref}/"
    other = opened()
    taken_over = f"{other.ref}.{mine.partition('.')[2]}"
    for forged in (shift.ref, f"{shift.ref}.", f"{shift.ref}.x", mine[:-1], taken_over, "é.é"):
        stranger.cookies[queries.COOKIE] = forged
        assert stranger.post(where, {"words": "Come to the rival"}).status_code == 404
    assert client.post(where, {"words": f"Ask {TURNED}\0 first"}).status_code == 200
    assert PracticeCard.objects.get().words == "Ask txt.exe first"


def test_nothing_is_remembered_of_a_shift_that_is_closed() -> None:
    """Also when the last tap of a phone, on its way at the close, comes back to the memory."""
    shift = opened()
    holder = phone(shift, nickname="Maria")
    lookouts = Lookouts(say=lambda *_said: None, listening=lambda _topic: 0)
    for seconds in (10, 30):
        lookouts.look(moment(seconds))
        commands.close_shift(leader(), shift, now=moment(20))
    tap(holder, "hold", item="pot", left=2)
    commands.hello(holder, Retold(nickname="Maria"), now=moment(20))
    assert shift.ref in memory.known()
    lookouts.look(moment(30 + 2 * OPEN_S))
    assert shift.ref not in memory.known()


def test_a_floor_that_cannot_be_looked_at_hides_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    broken, sound = opened(), opened()
    holder, told = phone(sound), []
    lookouts = Lookouts(
        say=lambda topic, said: told.append((topic, said["kind"])),
        listening=lambda topic: topic == f"seat:{sound.ref}:1",
    )
    read = standing_of

    def standing(ref: str, **how: Any) -> Any:
        if ref == broken.ref:
            raise OverflowError
        return read(ref, **how)

    monkeypatch.setattr("upturn.floor.jobs.lookout.standing_of", standing)
    raised(holder, "1-1", "coffee")
    for seconds in (61, 62):
        with pytest.raises(OverflowError):
            lookouts.look(moment(seconds))
    assert (f"seat:{sound.ref}:1", "round") in told


def test_two_leads_at_once_cut_and_close_and_nothing_is_half_done() -> None:
    shift = opened(three())
    first, second = leader(), leader()
    holder = phone(shift, "server 2")
    ref = raised(holder, "2-1", "bill")
    tap(holder, "take", need=ref)
    cut = queries.propose_without(second, shift, "server 2")
    commands.close_shift(first, shift, now=moment(60))
    with pytest.raises(SeatGone):
        commands.call_off(second, shift, "server 2", tables=cut.tables, key=key(), now=moment(61))
    with pytest.raises(SeatGone):
        commands.redraw(second, shift, now=moment(61))
    assert commands.close_shift(second, shift, now=moment(62)).summary == {"seats": 1}
    for table in (ShiftNeed, ShiftSeat, ShiftTap, Seated):
        assert not table.objects.exists()


def test_an_undo_after_a_redraw_loses_no_need() -> None:
    """The table is not in the drawing any more, and what it waits for is still on every board."""
    shift = opened(three())
    client, lead = seated(shift), leader()
    holder = queries.seat_holder(client.cookies[queries.COOKIE].value)
    assert holder
    ref, met = raised(holder, "1-1", "coffee"), key()
    tap(holder, "done", need=ref, key=met)
    drawn_anew(shift, without_table(three(), "1-1"))
    commands.redraw(lead, shift, now=moment(80))
    tap(holder, "undo", undoes=met)
    assert ref in needs(holder)
    for where in ("/board/", "/board/state.json"):
        assert ref in client.get(where).content.decode()
    tap(holder, "done", need=ref)
    assert needs(holder) == {}


@pytest.mark.django_db(transaction=True)
def test_taps_on_their_way_at_the_close_are_counted_or_refused_and_leave_nothing() -> None:
    shift = opened(three())
    phones = [phone(shift, f"server {n}") for n in (1, 2, 3)]
    lead = leader()

    def serve(at: int) -> list[str]:
        said: list[str] = []
        try:
            for n in range(40):
                ref = f"need-{at}-{n}"
                tap(phones[at], "raise", need=ref, place=f"{at + 1}-1", kind="coffee")
                said.append(ref)
                tap(phones[at], "done", need=ref)
        except SeatGone as gone:
            assert gone.closed
        finally:
            connection.close()
        return said

    with ThreadPoolExecutor(3) as pool:
        serving = [pool.submit(serve, at) for at in range(3)]
        while ShiftNeed.objects.count() < 6:
            pass
        closed = commands.close_shift(lead, shift, now=moment(600))
        told = [ref for each in serving for ref in each.result()]
    writer.stop()
    assert 6 <= len(told) < 120
    assert closed.summary["totals"]["needs"] == len(told)
    for table in (ShiftNeed, ShiftSeat, ShiftTap, Seated):
        assert not table.objects.exists()
