"""Whoever keeps the machine, with every file in hand, cannot tell which ballot is whose.

And a process that dies at any moment loses no ballot and doubles none.
"""

import logging
import os
import signal
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.db import connection, connections
from pysqlite3 import dbapi2
from pytest_django import Settings

from tests.attacks.scene import build
from tests.factories import TODAY
from tests.partners.waves_scene import answers, cast_all, draft, house, opened
from tests.test_sight import table
from upturn.house.export import write_everything
from upturn.partners import commands, queries
from upturn.partners.commands import closing
from upturn.partners.models import PublishedCount, PublishedGroup, PublishedWave, Wave
from upturn.record import ballot_box, ballot_seal, journal
from upturn.record.models import JournalEntry
from upturn.record.proofs import hash_of

SEATS, CARDS, SIZE = 24, 10, 300


def laid_out(wave: str) -> dict[int, list[str]]:
    """Seats full of cards, by their hashes."""
    cards = {seat: [hash_of(f"{wave} {seat} {n}") for n in range(CARDS)] for seat in range(SEATS)}
    ballot_box.lay_out(
        wave,
        [ballot_box.Laid(seat, mine, hash_of(f"{wave} {seat}")) for seat, mine in cards.items()],
        size=SIZE,
    )
    return cards


def ballot(card: str) -> ballot_box.Ballot:
    """A ballot that says whose it is, so that a guess can be checked."""
    return ballot_box.Ballot(card, bytes.fromhex(card) + bytes(SIZE - 32))


def in_order(file: bytes, wanted: list[bytes]) -> list[bytes]:
    return sorted(wanted, key=file.find)


def linked(guess: list[bytes], truth: list[bytes]) -> int:
    return sum(one == other for one, other in zip(guess, truth, strict=True))


def test_the_file_of_the_box_links_no_better_than_chance() -> None:
    """Physical order of ballots against that of used cards, and both against that of arrival."""
    cards = laid_out("w")
    rng = np.random.default_rng(2026)
    arrival = {seat: [mine[n] for n in rng.permutation(CARDS)[:8]] for seat, mine in cards.items()}
    for turn in range(8):
        for seat in rng.permutation(SEATS):
            assert ballot_box.put_all([ballot(arrival[int(seat)][turn])]) == [""]
    file = ballot_box.path().read_bytes()
    found = {"by place in the file": 0, "first come": 0, "by random key": 0}
    for seat, came in arrival.items():
        used = [bytes.fromhex(card) for card in came]
        # A ballot begins with the hash that also stands in the table of cards: look from behind.
        at_ballot = sorted(used, key=lambda one: file.find(one + bytes(20)))
        at_card = sorted(used, key=lambda one: _card_at(file, one))
        by_key = [sealed[:32] for sealed in ballot_box.ballots("w")[seat]]
        found["by place in the file"] += linked(at_ballot, at_card)
        found["first come"] += linked(at_ballot, used)
        found["by random key"] += linked(by_key, sorted(used))
    # A lottery links one of each seat on the average, with a variance of one.
    assert {how: n for how, n in found.items() if n > SEATS + 4 * SEATS**0.5} == {}


def _card_at(file: bytes, digest: bytes) -> int:
    at = file.find(digest)
    while file[at + 32 : at + 52] == bytes(20):
        at = file.find(digest, at + 1)
    return at


def test_a_plain_table_would_have_been_linked(tmp_path: Path) -> None:
    """The same attack on rows as they come finds every one: it is not blind."""
    plain = dbapi2.connect(str(tmp_path / "plain.sqlite3"), isolation_level=None)
    plain.execute("CREATE TABLE ballot (id INTEGER PRIMARY KEY, sealed BLOB)")
    came = [sha256(b"%d" % n).digest() for n in range(CARDS)]
    for one in came:
        plain.execute("INSERT INTO ballot (sealed) VALUES (?)", (one + bytes(20),))
    plain.close()
    file = (tmp_path / "plain.sqlite3").read_bytes()
    by_place = sorted(came, key=lambda one: -file.find(one))
    assert linked(by_place, came) == CARDS


@pytest.mark.django_db(transaction=True)
def test_casting_changes_no_byte_of_the_database_and_writes_no_line(
    caplog: pytest.LogCaptureFixture,
) -> None:
    scene = house(floor=8)
    wave = opened(scene)
    caplog.set_level(logging.DEBUG)
    logging.getLogger("django.db.backends").setLevel(logging.WARNING)
    moments = [(_of_database(), _told())]
    for token in next(iter(wave.cards.values())):
        commands.cast(token, answers(token), {"0.words": "what I never said before"})
        moments.append((_of_database(), _told()))
    assert len(set(moments)) == 1
    assert [each.getMessage() for each in caplog.records if each.name != "asyncio"] == []
    journal_file = ballot_box.path().with_name("ballots.sqlite3-journal")
    assert not journal_file.exists() or journal_file.stat().st_size == 0
    assert b"never said" not in ballot_box.path().read_bytes()


def _of_database() -> str:
    """Digest of the whole database: of its file with its log, or of every row."""
    if connection.vendor == "sqlite":
        path = Path(connection.settings_dict["NAME"])
        parts = [path, path.with_name(f"{path.name}-wal")]
        return sha256(b"".join(one.read_bytes() for one in parts if one.exists())).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables"
        )
        return repr(sorted(cursor.fetchall()))


def _told() -> int:
    return JournalEntry.objects.count()


# Paths out


@pytest.mark.django_db
def test_no_address_and_no_export_leads_to_an_answer(settings: Settings, tmp_path: Path) -> None:
    scene, other = build(), house(floor=12)
    wave = commands.open_wave(other.boss, draft=draft(other.edges["floor", "guests"]), today=TODAY)
    word = "axolotl"
    sealed = []
    for token in next(iter(wave.cards.values())):
        commands.cast(token, answers(token), {"0.words": f"{word} in the kitchen"})
    for each in ballot_box.ballots(wave.ref).values():
        sealed += each
    for role in ("executive", "administrator", "leader"):
        client = scene.client(role)
        for row in table():
            address = scene.address(row["address"]).replace("openwave", wave.ref)
            if row["method"] == "GET" and not address.startswith("/account"):
                body = client.get(address).getvalue()
                assert word.encode() not in body, address
                assert not any(one[:32] in body for one in sealed), address
    folder = tmp_path / "export"
    folder.mkdir()
    names = [name for name, _rows in write_everything(folder)]
    assert "partners.publishedcount.csv" in names
    for file in folder.rglob("*"):
        if file.is_file():
            assert word.encode() not in file.read_bytes(), file
            assert not any(one[:32].hex().encode() in file.read_bytes() for one in sealed), file


# Dying at any moment


def dies(work: Callable[[], None]) -> None:
    """Let a process of its own do something and die by SIGKILL on the way."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(7)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), "it came to its end"
    assert os.WTERMSIG(status) == signal.SIGKILL


def kill(*_args: Any, **_given: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_killed_while_putting_loses_none_and_doubles_none() -> None:
    cards = [card for mine in laid_out("w").values() for card in mine]
    rng, told = np.random.default_rng(7), set()
    for _kill in range(12):
        heard, tell = os.pipe()
        start = [card for card in cards if card not in told]
        child = os.fork()
        if child == 0:
            os.close(heard)
            for card in start:
                if ballot_box.put_all([ballot(card)])[0] in {"", "used"}:
                    os.write(tell, bytes.fromhex(card))
            os._exit(0)
        os.close(tell)
        text = os.read(heard, 32)
        signal.sigtimedwait([], float(rng.uniform(0, 0.05)))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        while more := os.read(heard, 4096):
            text += more
        os.close(heard)
        told |= {text[at : at + 32].hex() for at in range(0, len(text) // 32 * 32, 32)}
        found = [one[:32].hex() for each in ballot_box.ballots("w").values() for one in each]
        assert len(found) == len(set(found)) == ballot_box.turnout("w")[0]
        assert told <= set(found)
        assert len(found) - len(told) <= _kill + 1  # one put, and killed before it was told
    assert len(told) > 12


STEPS: list[tuple[Any, str]] = [
    (ballot_box, "shut"),
    (ballot_box, "ballots"),
    (closing, "count_wave"),
    (closing, "_publish"),
    (PublishedCount.objects, "bulk_create"),
    (journal, "write"),
    (ballot_box, "erase"),
    (ballot_seal, "destroy_key"),
]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("where", "step"), STEPS, ids=[step for _where, step in STEPS])
def test_killed_at_any_step_of_closing_begins_again(
    where: Any, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = house(floor=9)
    wave = opened(scene)
    cast_all(wave, rng=np.random.default_rng(1))

    def close() -> None:
        monkeypatch.setattr(where, step, kill)
        commands.close_wave(None, wave.ref, today=Wave.objects.get().closes_on.replace(year=2027))

    dies(close)
    commands.close_wave(None, wave.ref, today=Wave.objects.get().closes_on.replace(year=2027))
    assert PublishedWave.objects.get().answered == 9
    assert PublishedGroup.objects.count() == 1
    assert PublishedCount.objects.count() == 3
    assert JournalEntry.objects.filter(verb="close").count() == 1
    assert ballot_box.states() == {}
    found = queries.published(scene.boss, wave.ref)
    assert found is not None
    assert found.counts.sum() == 27


def test_a_key_of_a_wave_is_for_its_owner_alone(settings: Settings) -> None:
    ballot_seal.make_key("w")
    laid_out("w")
    folder = Path(settings.DATA)
    assert oct((folder / "ballot-keys").stat().st_mode)[-2:] == "00"
    assert oct((folder / "ballot-keys" / "w.key").stat().st_mode)[-3:] == "600"
    assert oct(ballot_box.path().stat().st_mode)[-3:] == "600"
