"""Cards and ballots: one answer a card, whatever happens, and nothing that tells whose it was."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from django.db import connection
from pysqlite3 import dbapi2
from pytest_django import Settings

from tests.factories import TODAY
from tests.partners.waves_scene import CLOSES, answers, house, opened
from upturn.partners import commands, queries
from upturn.partners.engine import Sheet, Side
from upturn.partners.engine.errors import NotCast
from upturn.record import ballot_box, ballot_seal
from upturn.record.models import JournalEntry, OutboxEvent
from upturn.record.proofs import hash_of

pytestmark = pytest.mark.django_db


def refused(token: str) -> str:
    """Why a card is refused, by the sheet and by the box alike; nothing if it is good."""
    asked = queries.sheet(token)
    if isinstance(asked, Sheet):
        return ""
    with pytest.raises(NotCast) as error:
        commands.cast(token, {}, {})
    assert error.value.reason == asked.reason
    return asked.reason


def test_every_state_of_a_card_has_its_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = house(floor=6, kitchen=6)
    wave, other = opened(scene), opened(scene)
    seat = next(iter(wave.cards))
    good, used, late, *_ = wave.cards[seat]
    commands.cast(used, answers(used), {})
    grafted = other.cards[seat][0].replace(other.ref, wave.ref)
    assert refused(good) == ""
    assert refused(used) == "used"
    assert refused(f"{wave.ref}-{'x' * 22}") == "forged"
    assert refused(grafted) == "forged"
    assert refused("0123456789-of-another-house") == "foreign"
    assert refused("") == "foreign"
    monkeypatch.setattr(
        "upturn.partners.queries.sheets.timezone.localdate",
        lambda *_given: CLOSES + timedelta(days=1),
    )
    assert refused(late) == "expired"
    commands.end_wave(scene.boss, wave.ref)
    commands.cancel_wave(scene.boss, other.ref)
    assert refused(good) == refused(used) == "closed"
    assert refused(other.cards[seat][0]) == "cancelled"
    commands.close_wave(None, wave.ref, today=TODAY)
    commands.close_wave(None, other.ref, today=TODAY)
    assert refused(good) == "closed"
    assert refused(other.cards[seat][0]) == "cancelled"


def test_an_answer_that_the_box_got_after_the_end_is_refused() -> None:
    """A phone that read its sheet before the end, and sends after it."""
    scene = house(floor=6, kitchen=6)
    wave = opened(scene)
    token = next(iter(wave.cards.values()))[0]
    ballot_box.shut(wave.ref)
    with pytest.raises(NotCast, match="closed"):
        commands.cast(token, answers(token), {})


@pytest.mark.django_db(transaction=True)
def test_a_card_tapped_many_times_at_once_counts_once() -> None:
    scene = house(floor=5, kitchen=5)
    wave = opened(scene)
    token = next(iter(wave.cards.values()))[0]
    given = answers(token)

    def tap(_n: int) -> str:
        try:
            commands.cast(token, given, {})
        except NotCast as error:
            return error.reason
        finally:
            connection.close()
        return "put"

    with ThreadPoolExecutor(8) as phones:
        heard = list(phones.map(tap, range(8)))
    assert sorted(heard) == ["put"] + ["used"] * 7
    assert ballot_box.turnout(wave.ref) == (1, 10)
    assert sum(map(len, ballot_box.ballots(wave.ref).values())) == 1


def test_answers_that_are_not_the_sheets_are_not_taken() -> None:
    scene = house(floor=5, kitchen=5)
    token = next(iter(opened(scene).cards.values()))[0]
    for wrong in ({"0.well": 6}, {"0.well": 0}, {"7.well": 3}, {"0.words": 1}, {"sign-1": 3}, {}):
        with pytest.raises(NotCast, match="unfit"):
            commands.cast(token, wrong, {})
    assert isinstance(queries.sheet(token), Sheet)


def test_the_process_that_puts_cannot_read() -> None:
    scene = house(floor=5, kitchen=5)
    wave = opened(scene)
    with ballot_box._connected() as box:
        box.execute("SELECT key FROM place WHERE filled = 0").fetchall()
        for statement in (
            "SELECT sealed FROM place",
            "SELECT * FROM place",
            "SELECT hex(max(sealed)) FROM place",
            "SELECT seat FROM place WHERE sealed > x'00'",
            "UPDATE place SET filled = 0 RETURNING sealed",
            "UPDATE place SET key = sealed",
            "INSERT INTO code SELECT sealed, wave, seat, 1, 1 FROM place",
            "CREATE TABLE copy AS SELECT * FROM place",
            "CREATE INDEX by_content ON place (sealed)",
            "ALTER TABLE place RENAME COLUMN sealed TO other",
            "ATTACH ':memory:' AS elsewhere",
            "VACUUM INTO '/tmp/elsewhere.sqlite3'",
            "DELETE FROM place",
            "PRAGMA writable_schema=ON",
        ):
            with pytest.raises(dbapi2.DatabaseError, match=r"denied|not authorized|prohibited"):
                box.execute(statement)
    assert ballot_box.turnout(wave.ref) == (0, 10)


def test_a_process_that_serves_pages_cannot_count(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = house(floor=5, kitchen=5)
    wave = opened(scene)
    monkeypatch.setitem(ballot_box._reading, "allowed", True)
    ballot_box.forbid_reading()
    for read in (ballot_box.ballots, ballot_box.erase):
        with pytest.raises(ballot_box.MayNotRead, match="upturn close"):
            read(wave.ref)
    with pytest.raises(ballot_box.MayNotRead):
        commands.close_wave(scene.boss, wave.ref, today=TODAY)


def test_a_ballot_leaves_no_trace_beside_the_box(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    scene = house(floor=5, kitchen=5)
    wave = opened(scene)
    token = next(iter(wave.cards.values()))[0]
    before = JournalEntry.objects.count(), OutboxEvent.objects.count()
    caplog.clear()
    commands.cast(token, answers(token), {})
    assert (JournalEntry.objects.count(), OutboxEvent.objects.count()) == before
    assert caplog.records == []
    kept = sorted(each.name for each in Path(settings.DATA).rglob("*") if each.stat().st_size)
    assert set(kept) == {"ballot-keys", "ballots.sqlite3", f"{wave.ref}.key"}


def test_a_seal_opens_with_its_key_alone_and_hides_the_length(settings: Settings) -> None:
    public, other = ballot_seal.make_key("one"), ballot_seal.make_key("two")
    sealed = [ballot_seal.seal(text, public=public, size=200) for text in (b"", b"a", b"a" * 148)]
    assert {len(one) for one in sealed} == {200}
    assert len(set(sealed)) == 3
    private = ballot_seal.read_key("one")
    assert [ballot_seal.unseal(one, private=private) for one in sealed] == [b"", b"a", b"a" * 148]
    for wrong in (ballot_seal.seal(b"", public=other, size=200), sealed[1][:-1] + b"\0"):
        with pytest.raises(ballot_seal.CannotOpen, match="damaged or"):
            ballot_seal.unseal(wrong, private=private)
    with pytest.raises(ValueError, match="149 bytes; 148"):
        ballot_seal.seal(b"a" * 149, public=public, size=200)
    ballot_seal.destroy_key("one")
    ballot_seal.destroy_key("one")
    with pytest.raises(ballot_seal.CannotOpen, match="nobody can open"):
        ballot_seal.read_key("one")


def test_an_on_screen_code_hands_out_each_card_once_and_no_used_one() -> None:
    scene = house(floor=6, kitchen=5)
    wave = opened(scene)
    seat = next(key for key, cards in wave.cards.items() if len(cards) == 6)
    printed = wave.cards[seat][2]
    commands.cast(printed, answers(printed), {})
    drawn = [commands.take_card(wave.codes[seat]) for _ in range(5)]
    assert sorted([*drawn, printed]) == sorted(wave.cards[seat])
    for code in (wave.codes[seat], f"{wave.ref}-nothing"):
        with pytest.raises(NotCast, match="all_taken"):
            commands.take_card(code)


def test_a_sheet_says_with_whom_and_what() -> None:
    scene = house(floor=6, kitchen=3, bar=3)
    wave = opened(scene)
    sheets = {key: queries.sheet(cards[0]) for key, cards in wave.cards.items()}
    found = [one for one in sheets.values() if isinstance(one, Sheet)]
    pooled = next(one for one in found if "Bar" in one.seat_name)
    assert pooled.people == 6
    assert (pooled.k, pooled.words_k, pooled.closes_on) == (5, 10, CLOSES)
    assert [(each.side, each.other) for each in pooled.asked] == [(Side.SERVING, "Floor at Inn")]
    floor = next(one for one in found if one is not pooled)
    assert [(each.side, each.other) for each in floor.asked] == [
        (Side.SERVING, "Guests at Inn"),
        (Side.SERVED, "Kitchen at Inn, Bar at Inn"),
    ]


def test_deniable_answers_are_drawn_before_they_are_sealed() -> None:
    scene = house(floor=60, kitchen=60)
    wave = opened(scene, instrument="pulse", deniable=0.5)
    for cards in wave.cards.values():
        for token in cards:
            commands.cast(token, answers(token, step=5), {})
    commands.close_wave(scene.boss, wave.ref, today=TODAY)
    found = queries.published(scene.boss, wave.ref)
    assert found is not None
    assert found.deniable == 0.5
    own = found.counts[:, 0, 4].sum() / found.counts[:, 0, :].sum()
    assert 0.45 < own < 0.75  # half stay, and a fifth of the others come back to it
    assert np.count_nonzero(found.counts[0, 0, :5]) > 2


def test_cards_say_nothing_of_their_order_and_differ_in_every_wave() -> None:
    scene = house(floor=30)
    first, second = opened(scene), opened(scene)
    cards = [token for wave in (first, second) for each in wave.cards.values() for token in each]
    assert len(set(cards)) == 60
    assert len({hash_of(token) for token in cards}) == 60
    assert {len(token.partition("-")[2]) for token in cards} == {22}
