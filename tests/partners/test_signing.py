"""Blind signatures: one a card, one answer a token, and nothing that joins the two."""

import logging
from base64 import b64encode
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from itertools import product
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.test import Client
from pysqlite3 import dbapi2
from pytest_django import Settings

from tests.factories import TODAY, member
from tests.partners.test_operator import _of_database, _told
from tests.partners.waves_scene import CLOSES, draft, house, opened
from upturn.house.logs import JsonLines, QuietRoutes
from upturn.partners import commands, queries
from upturn.partners.commands import BlindToken
from upturn.partners.engine import Sheet, questions
from upturn.partners.engine.errors import NotCast, WaveRefused
from upturn.partners.engine.shapes import Form
from upturn.partners.models import WaveSeat
from upturn.people.models import Role
from upturn.privacy import blind_tokens
from upturn.record import ballot_box, ballot_seal
from upturn.record.proofs import hash_of

pytestmark = pytest.mark.django_db
Answered = dict[str, int]


@pytest.fixture(autouse=True)
def nothing_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the browser's half was not built: the server's half needs none of it."""
    monkeypatch.setattr("upturn.partners.queries.seating.strong_mode_lacks", lambda: "")


def blind(floor: int = 6) -> commands.Opened:
    return opened(house(floor=floor), mode="blind")


def seat_of(wave: commands.Opened) -> WaveSeat:
    return WaveSeat.objects.filter(wave__ref=wave.ref).order_by("number")[0]


def cards_of(wave: commands.Opened) -> tuple[str, ...]:
    return wave.cards[seat_of(wave).key]


class Phone:
    """What a browser does, in Python."""

    def __init__(self, seat: WaveSeat) -> None:
        self.key = blind_tokens.public_from_spki(bytes(seat.public_key))
        self.prepared = blind_tokens.prepare(bytes(32))
        self.begun = blind_tokens.blind(self.key, self.prepared)

    def exchange(self, card: str) -> BlindToken:
        signed = commands.sign(card, self.begun.message)
        found = blind_tokens.finalize(
            self.key, self.prepared, signed=signed, inverse=self.begun.inverse
        )
        return BlindToken(self.prepared, found)


def said(seat: WaveSeat, step: int) -> Answered:
    asked = queries.blind_sheet(seat.wave.ref, seat.number)
    if isinstance(asked, queries.Refused):
        return {}
    scales = [each for each in questions(asked[1]) if each.item.form is not Form.WORDS]
    return {each.key: step for each in scales}


def why(act: Callable[[], object]) -> str:
    """The reason of a refusal; nothing where there is none."""
    try:
        act()
    except NotCast as error:
        return error.reason
    return ""


def redeemed(seat: WaveSeat, token: BlindToken, step: int = 4) -> str:
    given = said(seat, step)
    return why(lambda: commands.redeem(seat.wave.ref, seat.number, token, given, {}))


def test_every_state_of_a_card_and_of_a_token_has_its_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = house(floor=6, kitchen=6)
    wave, other, plain = opened(made, mode="blind"), opened(made, mode="blind"), opened(made)
    here, beside = WaveSeat.objects.filter(wave__ref=wave.ref).order_by("number")
    elsewhere = seat_of(other)
    good, used, late, *_ = wave.cards[here.key]
    phone = Phone(here)
    token = phone.exchange(used)

    def asked(card: str, message: bytes = Phone(here).begun.message) -> str:
        return why(lambda: commands.sign(card, message))

    assert asked(used) == "used"
    assert asked(used, phone.begun.message) == ""  # the answer was lost: the same once more
    assert phone.exchange(used) == token
    assert asked(good, bytes(12)) == "unfit"
    assert asked(good, b"\xff" * 256) == "unfit"
    assert asked(f"{wave.ref}-{'x' * 22}") == "forged"
    assert asked(other.cards[elsewhere.key][0].replace(other.ref, wave.ref)) == "forged"
    assert asked(plain.cards[here.key][0]) == "forged"
    assert asked("0123456789-of-another-house") == "foreign"
    assert asked(good) == ""

    forged = BlindToken(token.prepared, bytes(256))
    another_message = BlindToken(blind_tokens.prepare(bytes(32)), token.signature)
    for wrong in (forged, another_message, BlindToken(b"", b""), BlindToken(b"", bytes(256))):
        assert redeemed(here, wrong) == "forged"
    assert redeemed(beside, token) == "forged"
    assert redeemed(elsewhere, token) == "forged"
    assert ballot_box.turnout(wave.ref) == (0, 12)
    assert redeemed(here, token, step=9) == "unfit"
    assert redeemed(here, token, step=2) == ""
    assert redeemed(here, token, step=5) == ""
    assert ballot_box.turnout(wave.ref) == (1, 12)
    ungiven = WaveSeat(wave=here.wave, number=7)
    assert redeemed(ungiven, token) == "foreign"
    unblind = seat_of(plain)
    assert redeemed(unblind, token) == "foreign"

    monkeypatch.setattr(
        "upturn.partners.queries.sheets.timezone.localdate",
        lambda *_given: CLOSES + timedelta(days=1),
    )
    assert asked(late) == redeemed(here, token) == "expired"
    ballot_box.shut(other.ref)
    commands.end_wave(made.boss, wave.ref)
    commands.cancel_wave(made.boss, other.ref)
    assert asked(late) == asked(used) == redeemed(here, token) == "closed"
    assert redeemed(elsewhere, token) == "cancelled"


def test_what_comes_after_the_box_was_shut_is_refused_by_the_box() -> None:
    wave = blind()
    first, second, *_ = cards_of(wave)
    phone, late = Phone(seat_of(wave)), Phone(seat_of(wave))
    token = phone.exchange(first)
    ballot_box.shut(wave.ref)
    assert why(lambda: late.exchange(second)) == "closed"
    assert redeemed(seat_of(wave), token) == "closed"


def test_more_tokens_than_people_are_forged() -> None:
    """Whoever stole the signing key can stuff no more than the places of a seat."""
    wave = blind(floor=5)
    seat = seat_of(wave)
    key = blind_tokens.private_from_pem(ballot_seal.signing_key(wave.ref, seat.number))
    told = []
    for _n in range(6):
        phone = Phone(seat)
        signed = blind_tokens.blind_sign(key, phone.begun.message)
        inverse = phone.begun.inverse
        made = blind_tokens.finalize(phone.key, phone.prepared, signed=signed, inverse=inverse)
        told.append(redeemed(seat, BlindToken(phone.prepared, made)))
    assert told == [*[""] * 5, "forged"]


def test_the_last_answer_of_a_token_is_counted_once_and_the_keys_are_gone(
    settings: Settings,
) -> None:
    wave = blind(floor=7)
    seat = seat_of(wave)
    tokens = [Phone(seat).exchange(card) for card in cards_of(wave)]
    keys = ballot_seal.folder()
    assert sorted(each.name for each in keys.iterdir()) == [f"{wave.ref}.0.key", f"{wave.ref}.key"]
    assert oct((keys / f"{wave.ref}.0.key").stat().st_mode)[-3:] == "600"
    for token, step in product(tokens, (1, 2, 3)):
        assert redeemed(seat, token, step=step) == ""
    assert ballot_box.turnout(wave.ref) == (7, 7)
    commands.close_wave(seat.wave.opened_by, wave.ref, today=TODAY)
    assert seat.wave.opened_by is not None
    found = queries.published(seat.wave.opened_by, wave.ref)
    assert found is not None
    assert found.answered == 7
    assert found.counts.sum(axis=(0, 2)).tolist() == [7, 7, 7]
    assert found.counts[0, 0, 2] >= 5  # all said 3; the guard moved at most two
    assert list(keys.iterdir()) == []
    assert ballot_box.states() == {}


def test_a_card_of_a_blind_wave_answers_nothing_itself() -> None:
    wave = blind()
    card = cards_of(wave)[0]
    assert queries.sheet(card) == queries.Refused("forged")
    assert why(lambda: commands.cast(card, {"0.well": 3}, {})) == "forged"
    assert isinstance(queries.blind_sheet(wave.ref, 0), tuple)


# Whoever copies everything


def rows(table: str) -> set[tuple[object, ...]]:
    box = dbapi2.connect(str(ballot_box.path()))
    found = set(box.execute(f"SELECT * FROM {table}").fetchall())  # noqa: S608 - a constant
    box.close()
    return found


@pytest.mark.django_db(transaction=True)
def test_copies_of_the_box_around_every_step_join_no_card_and_no_answer(
    caplog: pytest.LogCaptureFixture,
) -> None:
    wave = blind()
    seat, cards = seat_of(wave), cards_of(wave)
    caplog.set_level(logging.DEBUG)
    logging.getLogger("django.db.backends").setLevel(logging.WARNING)
    moments, phones = [(_of_database(), _told())], [Phone(seat) for _card in cards]
    places, tokens = rows("place"), []
    for card, phone in zip(cards, phones, strict=True):
        before = rows("card")
        tokens.append(phone.exchange(card))
        (changed,) = rows("card") - before
        assert changed[0] == bytes.fromhex(hash_of(card))
        assert changed[3:] == (1, sha256(phone.begun.message).digest())
        moments.append((_of_database(), _told()))
    assert rows("place") == places
    exchanged = rows("card")
    known = {each for row in exchanged for each in row if isinstance(each, bytes)}
    for token in reversed(tokens):
        before = rows("place")
        assert redeemed(seat, token) == ""
        ((_wave, _seat, key, filled, kept, sealed),) = rows("place") - before
        assert rows("card") == exchanged
        assert (filled, kept) == (1, blind_tokens.token_hash(token.prepared))
        assert not known & {key, kept, sealed}
        before = rows("place")
        assert redeemed(seat, token, step=1) == ""
        ((*_same, again, _sealed),) = rows("place") - before
        assert again == kept
        assert len(rows("place")) == len(before)
        moments.append((_of_database(), _told()))
    assert len(set(moments)) == 1
    assert [each.getMessage() for each in caplog.records if each.name != "asyncio"] == []


def test_every_card_fits_every_token() -> None:
    """With all messages, all tokens and the private key: each pair has a blinding of its own."""
    wave = blind()
    seat = seat_of(wave)
    phones = [Phone(seat) for _card in cards_of(wave)]
    tokens = [phone.exchange(c) for phone, c in zip(phones, cards_of(wave), strict=True)]
    n, e = phones[0].key.n, phones[0].key.e
    for phone, token in product(phones, tokens):
        hidden = int.from_bytes(phone.begun.message, "big")
        signed = commands.sign(cards_of(wave)[phones.index(phone)], phone.begun.message)
        signature = int.from_bytes(token.signature, "big")
        factor = int.from_bytes(signed, "big") * pow(signature, -1, n) % n
        assert pow(factor * signature, e, n) == hidden  # nothing tells the right factor


# Opening, cards and pages


def test_it_cannot_be_chosen_where_the_browsers_half_lacks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = house(floor=6)
    for lacks, says in {"code": "was not built", "published": "not the published one"}.items():
        monkeypatch.setattr(
            "upturn.partners.queries.seating.strong_mode_lacks", lambda lacks=lacks: lacks
        )
        with pytest.raises(WaveRefused, match=says):
            commands.open_wave(made.boss, draft=draft(mode="blind"), today=TODAY)
        assert commands.open_wave(made.boss, draft=draft(), today=TODAY)
    assert not list(ballot_seal.folder().glob("*.*.key"))


def test_a_wave_that_cannot_open_leaves_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_given: object, **_named: object) -> None:
        raise OSError

    monkeypatch.setattr(ballot_box, "lay_out", full)
    with pytest.raises(OSError):
        blind()
    assert list(ballot_seal.folder().iterdir()) == []


def test_each_group_has_one_key_which_cards_screen_and_promise_print() -> None:
    made = house(floor=6, kitchen=6)
    wave = opened(made, mode="blind")
    boss, anybody = Client(), Client()
    boss.force_login(made.boss)
    prints = {seat.key: seat.fingerprint for seat in WaveSeat.objects.all()}
    assert len(set(prints.values())) == 2
    promise = anybody.get(f"/waves/{wave.ref}/promise/").content.decode()
    for key, code in wave.codes.items():
        printed = boss.post(f"/waves/{wave.ref}/cards/", {"code": code}).content.decode()
        card = wave.cards[key][0]
        assert f"/sign/{card}/#{prints[key]}" in printed
        assert "/answer/" not in printed
        assert f"#{prints[key]}" in anybody.get(f"/draw/{code}/screen/").content.decode()
        drawn = Client().post(f"/draw/{code}/")
        assert drawn["Location"].startswith(f"/sign/{wave.ref}-")
        assert prints[key] in anybody.get(f"/sign/{card}/").content.decode()
        assert prints[key] in promise
    assert blind_tokens.BROWSER_SHA256 in promise


def test_the_pages_give_a_signature_and_take_an_answer_without_a_cookie() -> None:
    wave = blind()
    seat, card = seat_of(wave), cards_of(wave)[0]
    phone, client = Phone(seat), Client()
    where = f"/sign/{card}/"
    page = client.get(where)
    assert page.headers["Cache-Control"] == "no-store"
    assert f"/redeem/{wave.ref}/0/" in page.content.decode()
    kind = "application/octet-stream"
    assert client.post(where, bytes(2000), content_type=kind).status_code == 413
    assert client.post(where, b"short", content_type=kind).status_code == 400
    signed = client.post(where, phone.begun.message, content_type=kind)
    assert signed.status_code == 200
    other = client.post(where, Phone(seat).begun.message, content_type=kind)
    assert (other.status_code, other.content) == (410, b"used")
    made = blind_tokens.finalize(
        phone.key, phone.prepared, signed=signed.content, inverse=phone.begun.inverse
    )
    held = {
        "prepared": b64encode(phone.prepared).decode(),
        "signature": b64encode(made).decode(),
    }
    fields = {f"q.{key}": "3" for key in said(seat, 3)}
    redeem = f"/redeem/{wave.ref}/0/"
    assert "hidden" in client.get(redeem).content.decode().partition('id="sheet"')[2][:20]
    for wrong in ({}, held | {"signature": "%"}, held | {"signature": held["prepared"]}):
        refused = client.post(redeem, fields | wrong)
        assert refused.status_code == 404
        assert "not signed for this group" in refused.content.decode()
    unfit = client.post(redeem, held | {"q.0.well": "77"})
    assert unfit.status_code == 400
    assert held["signature"] in unfit.content.decode()
    for _time in range(2):
        put = client.post(redeem, fields | held)
        assert put.status_code == 200
        assert "this device can replace it" in put.content.decode()
    assert ballot_box.turnout(wave.ref) == (1, 6)
    assert dict(client.cookies) == {}


def test_the_routes_leave_no_line(caplog: pytest.LogCaptureFixture) -> None:
    quiet = QuietRoutes()
    for path in ("/sign/0123-card/", "/redeem/0123/0/"):
        for level in (logging.INFO, logging.WARNING):
            line = logging.LogRecord("django.request", level, "", 0, "Gone: %s", (path,), None)
            line.request = SimpleNamespace(path=path)
            assert not quiet.filter(line)
        assert "0123" not in JsonLines().format(line)


def test_the_draft_page_offers_both_and_says_what_each_protects(settings: Settings) -> None:
    made = house(floor=6)
    leader = member(made.parties["floor"], role=Role.EXECUTIVE)
    client = Client()
    client.force_login(leader)
    page = client.get("/waves/new/").content.decode()
    assert "only two copies of the box" in page
    assert "an address that begins with https" in page
    given = {"title": "Both", "instrument": "pulse", "closes_on": str(CLOSES), "k": "5"}
    assert client.post("/waves/new/", {**given, "mode": "blind"}).status_code == 200
    assert seat_of_last().wave.is_blind
    assert client.post("/waves/new/", given).status_code == 200
    assert not seat_of_last().wave.is_blind


def seat_of_last() -> WaveSeat:
    return WaveSeat.objects.select_related("wave").order_by("-pk")[0]


def test_the_sheet_says_what_is_different() -> None:
    wave = blind()
    found = queries.blind_sheet(wave.ref, 0)
    assert not isinstance(found, queries.Refused)
    assert isinstance(found[1], Sheet)
    assert found[1].blind
    page = Client().get(f"/redeem/{wave.ref}/0/").content.decode()
    assert "a token that was signed unseen" in page
    assert "not even you" not in page
    assert "partners/redeem.js" in page
    assert Path(ballot_box.path()).exists()
