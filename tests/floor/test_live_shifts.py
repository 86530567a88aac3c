"""A shift from opening to close: cut anew, drawn anew, asked by guests."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import connection

from tests import factories as f
from tests.floor.drawn import TODAY, leader, small
from tests.floor.live import board, key, moment, needs, opened, phone, raised, tap
from upturn.floor import commands, queries
from upturn.floor.commands import BadTap, SeatGone, SeatTaken, TapRefused
from upturn.floor.engine.grid import grid
from upturn.floor.engine.live import Opportunity, Totals
from upturn.floor.engine.shapes import Floor, Node
from upturn.floor.models import (
    NeedState,
    PracticeCard,
    Seated,
    Shift,
    ShiftNeed,
    ShiftSeat,
    ShiftTap,
    memory,
)
from upturn.record.models import JournalEntry, OutboxEvent
from upturn.record.writer import writer
from upturn.stats.figures import Withheld

pytestmark = pytest.mark.django_db


def three() -> Floor:
    kinds = small().need_types
    return replace(grid(sections=3, tables=3, need_types=kinds, hands={"pot": 4}), name="Three")


def drawn_anew(shift: Shift, floor: Floor) -> None:
    newest = shift.floor.versions.count()
    commands.redraw_floor(leader(), shift.floor, floor, read=newest, today=TODAY)


def without_table(floor: Floor, table: str) -> Floor:
    return replace(floor, nodes=tuple(node for node in floor.nodes if node.id != table))


def test_a_floor_has_one_open_shift() -> None:
    shift = opened()
    assert commands.open_shift(leader(), shift.floor, now=moment(9)).pk == shift.pk
    assert set(shift.tables) == {f"{s}-{t}" for s in (1, 2) for t in (1, 2, 3)}
    assert shift.owners == {"section 1": "server 1", "section 2": "server 2"}
    with pytest.raises(PermissionDenied):
        commands.open_shift(f.person(role="server"), shift.floor, now=moment(9))


def test_codes_prove_themselves_and_stay_with_their_table() -> None:
    shift = opened(three())
    viewer = leader()
    code = queries.table_code(viewer, shift.floor, 5)
    assert queries.read_table_code(code).table == "2-2"
    drawn_anew(shift, without_table(three(), "1-1"))
    assert queries.read_table_code(code).table == "2-2"
    section = queries.seat_code(viewer, shift, 2)
    assert queries.read_seat_code(section).section == "section 2"
    assert queries.read_seat_code(queries.seat_code(viewer, shift, 0)).section == ""
    forged = section[:-1] + ("0" if section[-1] != "0" else "1")
    for wrong in (forged, "", "x", code.replace("-", "", 1), section.replace("-2-", "-٢-")):
        with pytest.raises(ObjectDoesNotExist):
            queries.read_seat_code(wrong)
    with pytest.raises(ObjectDoesNotExist):
        queries.read_table_code(section)
    with pytest.raises(PermissionDenied):
        queries.seat_code(f.person(role="server"), shift, 1)
    commands.close_shift(viewer, shift, now=moment(60))
    assert not queries.read_seat_code(section).is_open


def test_guests_ask_once_and_may_take_it_back() -> None:
    shift = opened()
    holder = phone(shift)
    at = queries.read_table_code(queries.table_code(leader(), shift.floor, 1))
    asked = key()
    ref = commands.ask(at, "bill", key=asked, now=moment(10))
    assert commands.ask(at, "bill", key=asked, now=moment(11)) == ref
    for seconds in (12, 20, 45):
        commands.ask(at, "bill", key=key(), now=moment(seconds))
    assert needs(holder)[ref]["count"] == 2
    back = key()
    commands.take_back(at, ref, key=back, now=moment(50))
    assert needs(holder) == {}
    commands.think_again(at, back, key=key(), now=moment(51))
    assert [need.ref for need in queries.asked_at(shift, "1-1")] == [ref]
    with pytest.raises(BadTap, match="song"):
        commands.ask(at, "song", key=key(), now=moment(60))
    with pytest.raises(TapRefused, match="Nobody asked"):
        commands.take_back(at, "nothing", key=key(), now=moment(60))
    commands.close_shift(leader(), shift, now=moment(70))
    at = queries.read_table_code(queries.table_code(leader(), shift.floor, 1))
    with pytest.raises(TapRefused, match="Nobody serves by phone"):
        commands.ask(at, "bill", key=key(), now=moment(80))


def test_the_rhythm_brings_each_opportunity_once() -> None:
    """Seed S0.1: it waits though nobody asked."""
    shift = opened()
    holder = phone(shift)
    cup, look = Opportunity("1-1", "coffee", 30.0, 30_000), Opportunity("1-2", "", 40.0, 40_000)
    for seconds in (60, 65):
        commands.raise_opportunities(shift.ref, [cup, look], now=moment(seconds))
    found = {need["place"]: need for need in needs(holder).values()}
    assert {place: (need["asked"], need["raised_s"]) for place, need in found.items()} == {
        "1-1": (False, 30.0),
        "1-2": (False, 40.0),
    }
    tap(holder, "done", need=found["1-1"]["ref"])
    commands.raise_opportunities(shift.ref, [cup], now=moment(70))
    assert [need["place"] for need in needs(holder).values()] == ["1-2"]
    tap(holder, "seated", place="1-2")
    gone = key()
    tap(holder, "left", place="1-2", key=gone)
    assert needs(holder) == {}
    tap(holder, "undo", undoes=gone)
    assert [need["place"] for need in needs(holder).values()] == ["1-2"]


def test_a_sick_call_gives_the_tables_away_and_can_be_undone() -> None:
    shift = opened(three())
    viewer, lost = leader(), phone(shift, "server 2")
    other = phone(shift, "server 3")
    mine, others = raised(lost, "2-1", "coffee"), raised(other, "3-1", "coffee")
    tap(lost, "take", need=mine)
    tap(other, "take", need=others)
    cut = queries.propose_without(viewer, shift, "server 2")
    off = key()
    for _twice in range(2):
        commands.call_off(viewer, shift, "server 2", tables=cut.tables, key=off, now=moment(80))
    shift.refresh_from_db()
    assert set(shift.owners.values()) == {"server 1", "server 3"}
    assert set(shift.tables.values()) == set(shift.owners)
    assert needs(other)[mine]["state"] == "open"
    assert needs(other)[others]["state"] == "taken"
    with pytest.raises(SeatGone):
        tap(lost, "done", need=mine)
    with pytest.raises(SeatTaken):
        phone(shift, "server 2")
    commands.call_back(viewer, shift, undoes=off, now=moment(90))
    shift.refresh_from_db()
    assert shift.owners["section 2"] == "server 2"
    assert memory.of(shift.ref).taker_of(mine) == "server 2"
    tap(lost, "done", need=mine)
    with pytest.raises(TapRefused, match="cut again"):
        commands.call_back(viewer, shift, undoes=off, now=moment(95))


def test_a_proposal_that_is_old_is_refused() -> None:
    shift = opened(three())
    viewer = leader()
    first, second = (queries.propose_without(viewer, shift, f"server {n}") for n in (1, 2))
    commands.call_off(viewer, shift, "server 1", tables=first.tables, key=key(), now=moment(5))
    with pytest.raises(TapRefused, match="cut since"):
        commands.call_off(viewer, shift, "server 2", tables=second.tables, key=key(), now=moment(6))


def test_what_nobody_is_known_to_have_taken_waits_again_after_a_sick_call() -> None:
    """The house was started anew in between, and no phone has told anything again."""
    shift = opened(three())
    viewer, lost = leader(), phone(shift, "server 2")
    ref = raised(lost, "2-1", "coffee")
    tap(lost, "take", need=ref)
    memory.forget(shift.ref)
    cut = queries.propose_without(viewer, shift, "server 2")
    commands.call_off(viewer, shift, "server 2", tables=cut.tables, key=key(), now=moment(80))
    assert ShiftNeed.objects.get(ref=ref).state == NeedState.OPEN


def test_a_table_that_leaves_the_drawing_stays_until_it_is_served() -> None:
    shift = opened(three())
    viewer, holder = leader(), phone(shift)
    ref = raised(holder, "1-1", "coffee")
    tap(holder, "seated", place="1-1")
    drawn_anew(shift, without_table(three(), "1-1"))
    assert commands.redraw(viewer, shift, now=moment(80))
    (leaving,) = [place for place in board(holder)["places"] if place["leaving"]]
    assert (leaving["id"], leaving["section"], leaving["x"]) == ("1-1", "section 1", 1.0)
    tap(holder, "done", need=ref)
    assert [place for place in board(holder)["places"] if place["id"] == "1-1"] == []
    assert not commands.redraw(viewer, shift, now=moment(90))


def test_tables_and_seats_come_and_go_with_the_drawing() -> None:
    shift = opened(three())
    viewer, gone = leader(), phone(shift, "server 3")
    floor = three()
    grown = replace(
        floor,
        nodes=(*floor.nodes, Node("bar", floor.nodes[0].kind, 3.0, 9.0, "section 1")),
        servers=(*floor.servers[:2], replace(floor.servers[2], id="server 9")),
        sections=(*floor.sections[:2], replace(floor.sections[2], owner="server 9")),
    )
    drawn_anew(shift, grown)
    assert commands.redraw(viewer, shift, now=moment(80))
    assert shift.tables["bar"] == "section 1"
    assert shift.owners["section 3"] == "server 9"
    with pytest.raises(SeatGone):
        tap(gone, "seated", place="3-1")
    phone(shift, "server 9")
    before = shift.floor.versions.get(number=1)
    assert commands.redraw(viewer, shift, now=moment(90), version=before)
    assert "bar" not in shift.tables
    phone(shift, "server 3")


def all_text() -> str:
    """Everything the database holds, in one."""
    said = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - a name of our own
            said.append(repr(cursor.fetchall()))
    return "\n".join(said)


def test_what_was_declined_is_nowhere_in_the_database() -> None:
    """Seed S0.14: the whole database is the same before and after."""
    holder = phone(opened(), nickname="Maria")
    ref = raised(holder, "1-1", "coffee")
    before = all_text()
    tap(holder, "decline", needs=(ref,))
    tap(holder, "hold", item="pot", left=2)
    tap(holder, "at", place="1-1")
    tap(holder, "quiet", words="no")
    assert all_text() == before
    assert "Maria" not in before


def test_after_the_close_totals_stay_and_nothing_else() -> None:
    shift = opened(three())
    viewer = leader()
    phones = [phone(shift, f"server {n}", nickname=f"Nick{n}") for n in (1, 2, 3)]
    keys = [key() for _ in range(4)]
    refs = [raised(phones[0], place, "coffee", at_s=10) for place in ("1-1", "2-1", "3-1")]
    tap(phones[0], "take", needs=tuple(refs[:2]), key=keys[0], at_s=20)
    tap(phones[0], "done", need=refs[0], key=keys[1], at_s=40)
    tap(phones[1], "done", need=refs[1], key=keys[2], at_s=50)
    tap(phones[0], "seated", place="1-1", key=keys[3])
    memory.of(shift.ref).walked_by = 5
    traces = [*keys, *(one.token_hash for one in phones), "Nick", *refs]
    closed = commands.close_shift(viewer, shift, now=moment(600))
    again = commands.close_shift(viewer, shift, now=moment(601))
    totals = queries.totals_of(viewer, again)
    assert totals == queries.totals_of(viewer, closed)
    assert isinstance(totals, Totals)
    assert (totals.needs, totals.met, totals.walk_bys) == (3, 2, 5)
    left = all_text()
    assert [trace for trace in traces if trace in left] == []
    for table in (ShiftNeed, ShiftSeat):
        assert not table.objects.exists()
    told = OutboxEvent.objects.filter(topic=f"shift:{shift.ref}")
    assert [event.kind for event in told] == ["closed"]
    signed = JournalEntry.objects.filter(subject_ref=shift.ref)
    assert [entry.verb for entry in signed.order_by("id")] == ["open shift", "close shift"]
    assert {entry.detail for entry in signed} == {""}
    with pytest.raises(SeatGone) as gone:
        tap(phones[0], "seated", place="1-1")
    assert gone.value.closed


def test_below_three_seats_only_their_number_is_kept() -> None:
    shift = opened(three())
    for n in (1, 2):
        phone(shift, f"server {n}")
    closed = commands.close_shift(leader(), shift, now=moment(600))
    assert closed.summary == {"seats": 2}
    assert queries.totals_of(leader(), closed) == Withheld("too_few", needed=3, got=2)


def test_a_card_is_put_up_in_one_go_and_taken_down_with_undo() -> None:
    """Seed S0.15."""
    shift = opened(three())
    holder, viewer = phone(shift), leader()
    commands.close_shift(viewer, shift, now=moment(600))
    card = commands.put_up(shift.ref, "  Ask  before they do ", now=moment(700))
    assert commands.put_up(shift.ref, "Ask before they do", now=moment(701)).pk == card.pk
    assert [one.words for one in queries.practice_cards(holder)] == ["Ask before they do"]
    for n in range(2):
        commands.put_up(shift.ref, f"More {n}", now=moment(700))
    with pytest.raises(TapRefused):
        commands.put_up(shift.ref, "A fourth of one seat", now=moment(700))
    with pytest.raises(BadTap):
        commands.put_up(shift.ref, " ", now=moment(700))
    commands.take_down(viewer, card, now=moment(800))
    assert len(queries.practice_cards(viewer)) == 2
    commands.put_back_up(viewer, queries.practice_card(viewer, card.ref))
    assert len(queries.practice_cards(viewer)) == 3
    commands.take_down(viewer, card, now=moment(900))
    commands.take_down(viewer, queries.practice_cards(viewer)[0], now=moment(90_000))
    assert PracticeCard.objects.filter(taken_down_on=None).count() == 1
    assert PracticeCard.objects.count() == 2
    with pytest.raises(TapRefused, match="longer than a day"):
        commands.put_up(shift.ref, "Too late", now=moment(3 * 86_400))


def test_the_lead_acts_without_a_seat() -> None:
    shift = opened()
    viewer, holder = leader(), phone(shift)
    tap(viewer, "raise", shift=shift, need="n1", place="1-1", kind="bill")
    met = key()
    tap(viewer, "done", shift=shift, need="n1", key=met)
    tap(viewer, "undo", shift=shift, undoes=met)
    assert needs(holder)["n1"]["state"] == "open"
    state = queries.lead_state(viewer, shift.ref, now=moment(90))
    assert state["me"] is None
    for act in ("take", "decline"):
        with pytest.raises(PermissionDenied):
            tap(viewer, act, shift=shift, need="n1")
    with pytest.raises(PermissionDenied):
        tap(f.person(role="server"), "done", shift=shift, need="n1")
    with pytest.raises(ObjectDoesNotExist):
        queries.lead_state(f.person(role="server"), shift.ref, now=moment(90))


def test_no_table_of_a_shift_has_room_for_who_did_what() -> None:
    """Needs and taps point at their shift alone; seats at nothing but it."""
    for model in (ShiftNeed, ShiftSeat, ShiftTap, Seated):
        points = [field for field in model._meta.get_fields() if field.is_relation]
        assert [field.name for field in points] == ["shift"]


def test_a_phone_tells_again_what_a_restart_forgot() -> None:
    shift = opened()
    holder = phone(shift)
    ref, took = raised(holder, "1-1", "coffee"), key()
    tap(holder, "take", need=ref, key=took)
    memory.forget(shift.ref)
    told: dict[str, Any] = {"nickname": "Maria", "at": "1-1", "hands": {"pot": 2}}
    commands.hello(holder, commands.Retold(claims={ref: "forged-key"}), now=moment(70))
    assert memory.of(shift.ref).taker_of(ref) == ""
    commands.hello(holder, commands.Retold(claims={ref: took}, **told), now=moment(71))
    assert memory.of(shift.ref).taker_of(ref) == "server 1"
    state = board(holder)
    assert state["sections"][0]["owner_name"] == "Maria"
    assert state["me"]["hands"] == {"pot": 2}


@pytest.mark.django_db(transaction=True)
def test_after_the_close_no_byte_of_the_database_names_a_tap() -> None:
    """Written by the writer's own thread, as in a running house."""
    shift = opened(three())
    phones = [phone(shift, f"server {n}") for n in (1, 2, 3)]
    keys = [key() for _ in range(3)]
    for one, mark, place in zip(phones, keys, ("1-1", "2-1", "3-1"), strict=True):
        tap(one, "take", need=raised(one, place, "coffee"), key=mark)
    traces = [trace.encode() for trace in (*keys, *(one.token_hash for one in phones))]
    assert all(bytes_hold(trace) for trace in traces)
    commands.close_shift(leader(), shift, now=moment(600))
    writer.stop()
    assert [trace for trace in traces if bytes_hold(trace)] == []


def bytes_hold(trace: bytes) -> bool:
    """Whether the database holds it: in its files, or on a server in its tables."""
    if connection.vendor != "sqlite":
        return trace.decode() in all_text()
    path = str(connection.settings_dict["NAME"])
    files = [Path(path), Path(path + "-wal")]
    return any(trace in file.read_bytes() for file in files if file.exists())


def test_a_seat_of_a_lost_phone_is_freed_for_another_and_what_it_took_waits() -> None:
    shift = opened()
    lost = phone(shift)
    ref = raised(lost, "1-1", "coffee")
    tap(lost, "take", need=ref)
    commands.free_seat(leader(), shift, lost.seat, now=moment(90))
    assert ShiftNeed.objects.get(ref=ref).state == NeedState.OPEN
    with pytest.raises(SeatGone):
        tap(lost, "done", need=ref)
    again = phone(shift)
    assert again.seat == lost.seat
    tap(again, "done", need=ref)
