"""A backup is one moment of the house, and restoring brings exactly that moment back."""

import subprocess
import sys
from contextlib import closing
from pathlib import Path
from stat import S_IMODE
from typing import Any

import pysqlite3
import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.house.installed import Place, answers, serving, tables, upturn
from upturn.house import backup_postgresql, backup_sqlite
from upturn.house.backup import put_back
from upturn.house.sealed import BackupRefused, appearing, check_seal

WRITING = """
import sys, django
django.setup()
from django.db import transaction
from upturn.graph.models import Party
from upturn.record import journal
for number in range(100_000):
    with transaction.atomic():
        Party.objects.create(key=f"party-{number}", name=f"Party {number}", kind="team")
        journal.write("wrote", subject_kind="party", subject_ref=str(number), actor_id=1)
    sys.stdout.write("stored\\n")
    sys.stdout.flush()
"""
GROWING = ("graph_party", "record_journalentry")


def lasting(place: Place) -> dict[str, list[tuple[Any, ...]]]:
    """Every row, save what pages were told, which no backup holds."""
    return {name: rows for name, rows in tables(place).items() if name != "record_outboxevent"}


@pytest.fixture
def written(place: Place) -> tuple[Place, Path]:
    """A place and a backup of it."""
    target = place.data / "written.upturn"
    done = upturn(place, "backup", target)
    assert done.returncode == 0, done.stderr
    assert f"Backed up to {target}" in done.stdout
    return place, target


def test_a_backup_made_while_somebody_writes_is_a_prefix_of_what_was_stored(
    place: Place, empty: Place
) -> None:
    target = place.data / "busy.upturn"
    environment = place.environment | {"DJANGO_SETTINGS_MODULE": "upturn.house.settings"}
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITING], env=environment, stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None
    backup = None
    try:
        before = [writer.stdout.readline() for _ in range(20)]
        backup = subprocess.Popen(
            [sys.executable, "-m", "upturn.house.cli", "backup", target], env=place.environment
        )
        during = list(iter(lambda: writer.stdout.readline() if backup.poll() is None else "", ""))
        after = [writer.stdout.readline() for _ in range(20)]
    finally:
        writer.kill()
        writer.communicate()
    assert backup.returncode == 0
    assert upturn(empty, "restore", target).returncode == 0

    everything, restored = tables(place), tables(empty)
    stored = len(restored["graph_party"])
    assert len(before) <= stored <= len(before) + len(during) + 1
    assert during
    assert after == ["stored\n"] * 20
    assert restored.keys() == everything.keys()
    for name, rows in restored.items():
        if name in GROWING:
            assert rows == everything[name][: len(rows)], name
        else:
            assert rows == everything[name], name
    assert len(everything["graph_party"]) >= stored + len(after)
    assert "first broken entry: none" in upturn(empty, "doctor").stdout


def test_nothing_is_restored_while_the_house_is_open(written: tuple[Place, Path]) -> None:
    place, backup = written
    with serving(place) as address:
        refused = upturn(place, "restore", backup)
        assert refused.returncode == 1
        assert "in use. Stop upturn serve first." in refused.stderr
        assert answers(address)
    assert not list(place.data.glob("before-restore*"))


def test_what_was_there_before_is_kept_and_can_be_put_back(written: tuple[Place, Path]) -> None:
    place, backup = written
    first = lasting(place)
    parties = place.data / "parties.csv"
    parties.write_text("key,name,kind\nguests,Guests,customers\nfloor,Floor,team\n")
    serves = place.data / "serves.csv"
    serves.write_text("server,served,what\nfloor,guests,the meal\n")
    done = upturn(place, "import", "organisation", parties, serves, "--yes")
    assert done.returncode == 0, done.stderr
    second = lasting(place)
    assert len(second["graph_party"]) == 2

    restored = upturn(place, "restore", backup)
    assert restored.returncode == 0, restored.stderr
    assert lasting(place) == first
    (kept,) = place.data.glob("before-restore-*.upturn")
    assert f"What was there is kept in {kept}." in restored.stdout
    assert upturn(place, "restore", kept).returncode == 0
    assert lasting(place) == second


def test_a_backup_is_for_its_owner_alone_and_leaves_nothing_beside(
    written: tuple[Place, Path],
) -> None:
    place, backup = written
    assert S_IMODE(backup.stat().st_mode) == 0o600
    assert not list(place.data.glob("*.partial"))


@pytest.mark.parametrize("target", ["no/such/folder/backup", "live"])
def test_where_a_backup_cannot_go(place: Place, target: str) -> None:
    before = tables(place)
    live = place.data / "upturn.sqlite3"
    if target == "live" and not place.is_sqlite:
        live.mkdir()
    done = upturn(place, "backup", live if target == "live" else place.data / target)
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    assert tables(place) == before


def _database(path: Path, *statements: str) -> Path:
    with closing(pysqlite3.connect(str(path))) as database:
        for statement in statements:
            database.execute(statement)
        database.commit()
    return path


MANY = """WITH RECURSIVE n(i) AS (SELECT 1 UNION SELECT i + 1 FROM n WHERE i < 900)
    INSERT INTO people_person SELECT 'somebody ' || i FROM n"""
OURS = ("CREATE TABLE people_person (words)", MANY)


@pytest.mark.parametrize("content", [b"", b"review,score\nwarm,3\n", b"PGDMP and more"])
def test_a_file_that_is_no_database_is_refused(tmp_path: Path, content: bytes) -> None:
    other = tmp_path / "other"
    other.write_bytes(content)
    with pytest.raises(BackupRefused, match="not a backup of Upturn on SQLite"):
        backup_sqlite.put_in_place(other, kept=tmp_path / "kept")
    assert not (tmp_path / "kept").exists()


def test_a_database_of_another_program_is_refused(tmp_path: Path) -> None:
    other = _database(tmp_path / "other", "CREATE TABLE songs (name)")
    with pytest.raises(BackupRefused, match="but not a backup of Upturn"):
        backup_sqlite.put_in_place(other, kept=tmp_path / "kept")


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_a_database_cut_short_is_refused(tmp_path: Path, share: float) -> None:
    whole = _database(tmp_path / "what?%20is#this", *OURS)
    content = whole.read_bytes()
    assert len(content) > 4 * 4096
    whole.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(BackupRefused, match="is damaged"):
        backup_sqlite.put_in_place(whole, kept=tmp_path / "kept")


def test_a_backup_in_which_a_word_changed_is_refused(tmp_path: Path) -> None:
    plain = _database(tmp_path / "plain", *OURS).read_bytes()
    sealed = tmp_path / "sealed"
    with appearing(sealed) as partial:
        partial.write_bytes(plain)
    with closing(pysqlite3.connect(str(sealed))) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    sealed.write_bytes(sealed.read_bytes().replace(b"somebody 444", b"somebody 445"))
    with pytest.raises(BackupRefused, match="is not what was written"):
        put_back(sealed, kept=tmp_path / "kept")


@settings(max_examples=40)
@given(content=st.binary(max_size=200), at=st.integers(0, 10**6), by=st.integers(1, 255))
def test_a_seal_tells_when_any_byte_of_the_content_changed(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, at: int, by: int
) -> None:
    target = tmp_path_factory.mktemp("sealed") / "file"
    with appearing(target) as partial:
        partial.write_bytes(content)
    check_seal(target)
    sealed = bytearray(target.read_bytes())
    sealed[at % len(sealed)] ^= by
    target.write_bytes(sealed)
    try:
        check_seal(target)
    except BackupRefused:
        return
    assert sealed.startswith(content)


def test_a_file_that_could_not_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    target = tmp_path / "file"
    target.write_bytes(b"old")
    with pytest.raises(BackupRefused, match="No space left"), appearing(target) as partial:
        partial.write_bytes(b"half of the n")
        raise OSError(28, "No space left on device")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"old"]


def test_a_place_whose_file_is_no_database_any_more_is_restored_too(
    written: tuple[Place, Path], empty: Place
) -> None:
    place, backup = written
    empty.data.mkdir()
    live = empty.data / "upturn.sqlite3"
    live.write_bytes(b"what a broken disk left")
    done = upturn(empty, "restore", backup)
    assert done.returncode == 0, done.stderr
    assert tables(empty) == tables(place)
    left = [path.read_bytes() for path in empty.data.glob("before-restore-*")]
    assert left == ([b"what a broken disk left"] if empty.is_sqlite else [])


def _tool(folder: Path, monkeypatch: pytest.MonkeyPatch, *lines: str) -> Path:
    """Put a stand-in for pg_dump where it is looked for; it notes what it was given."""
    address = {"NAME": "it's", "HOST": "db.example", "PASSWORD": "hush", "OPTIONS": {}}
    for name, value in address.items():
        monkeypatch.setitem(connection.settings_dict, name, value)
    program = folder / "pg_dump"
    note = f'printf "%s\\n" "$PGPASSWORD" "$@" > {folder}/given'
    program.write_text("\n".join(["#!/bin/sh", note, *lines]))
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    return folder / "given"


def test_tools_older_than_the_server_are_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = "pg_dump: error: aborting because of server version mismatch"
    detail = "pg_dump: detail: server version: 17.2; pg_dump version: 15.14"
    _tool(tmp_path, monkeypatch, f"echo '{said}' >&2", f"echo '{detail}' >&2", "exit 1")
    with pytest.raises(BackupRefused, match=r"server version: 17.2.*Install the client tools of"):
        backup_postgresql.copy_to(tmp_path / "target")
    assert not (tmp_path / "target").exists()


def test_a_tool_that_fails_without_a_word_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _tool(tmp_path, monkeypatch, "exit 3")
    with pytest.raises(BackupRefused, match="pg_dump could not do it: it gave no reason"):
        backup_postgresql.copy_to(tmp_path / "target")


def test_missing_tools_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _tool(tmp_path, monkeypatch).with_name("pg_dump").unlink()
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BackupRefused, match="pg_dump is not installed"):
        backup_postgresql.copy_to(tmp_path / "target")


def test_the_password_is_no_argument_that_others_could_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_to = _tool(tmp_path, monkeypatch)
    backup_postgresql.copy_to(tmp_path / "target")
    in_environment, *arguments = given_to.read_text().splitlines()
    assert in_environment == "hush"
    assert "hush" not in "".join(arguments)
    assert "host=db.example" in arguments[-1]


SERVING_A_SHIFT = """
import django
django.setup()
from datetime import date
from django.utils import timezone
from upturn.floor import commands, queries
from upturn.floor.engine.grid import grid
from upturn.people import queries as people
lead, now = people.by_username()["ann"], timezone.now()
for number in (1, 2):
    floor = commands.draw_floor(lead, grid(), code=f"floor {number}", today=date(2026, 11, 23))
    shift = commands.open_shift(lead, floor, now=now)
    seat = commands.claim(shift, "server 1", now=now)
    asked = commands.Tap(key="k" * 32, act="raise", need="n1", place="1-1", kind="request")
    commands.carry_out(seat.holder, asked, now=now)
    if number == 1:
        commands.close_shift(lead, shift, now=now)
"""
OF_A_SHIFT = ("floor_shiftseat", "floor_shiftneed", "floor_shifttap", "floor_seated")


def test_an_open_shift_is_in_no_backup_and_restoring_leaves_none_open(
    place: Place, empty: Place
) -> None:
    environment = place.environment | {"DJANGO_SETTINGS_MODULE": "upturn.house.settings"}
    subprocess.run([sys.executable, "-c", SERVING_A_SHIFT], env=environment, check=True)
    during = tables(place)
    assert [len(during[name]) for name in OF_A_SHIFT[:3]] == [4, 1, 1]
    assert len(during["floor_shift"]) == 2

    target = place.data / "during.upturn"
    assert upturn(place, "backup", target).returncode == 0
    assert _held_by(target, OF_A_SHIFT) == 0
    assert upturn(empty, "restore", target).returncode == 0
    restored = tables(empty)
    assert [restored[name] for name in OF_A_SHIFT] == [[], [], [], []]
    (closed,) = restored["floor_shift"]
    assert closed in during["floor_shift"]
    assert "closed" in closed
    assert tables(place) == during


def _held_by(backup: Path, names: tuple[str, ...]) -> int:
    """Count the rows of tables as a backup holds them."""
    if backup_sqlite.begins_with(backup, b"PGDMP"):
        words = ["pg_restore", "--file=-", "--data-only", *(f"--table={name}" for name in names)]
        read = subprocess.run([*words, backup], capture_output=True, text=True, check=True)
        lines = read.stdout.partition("COPY ")[2].splitlines()
        return len([line for line in lines if "\t" in line])
    with closing(pysqlite3.connect(f"file:{backup}?mode=ro", uri=True)) as database:
        count = "SELECT count(*) FROM "
        return sum(database.execute(count + name).fetchone()[0] for name in names)
