"""The doctor says of each thing whether it is fine, and what helps if not."""

import shutil
import smtplib
import time
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from pytest_django import Settings

from tests.house.installed import Place, upturn
from upturn.house.cli_doctor import CHECKS, Finding, examine
from upturn.record import journal
from upturn.record.models import JournalEntry

guards = import_module("upturn.record.migrations.0002_guards")
pytestmark = pytest.mark.django_db


def found(name: str) -> Finding:
    return dict(examine())[name]


@pytest.fixture(autouse=True)
def quiet(settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["localhost"]


def test_a_healthy_house_is_fine_throughout() -> None:
    findings = dict(examine())
    assert list(findings) == list(CHECKS)
    assert [name for name, finding in findings.items() if not finding.fine] == []


def test_the_database_is_named_with_its_version() -> None:
    known = r"SQLite 3.5" if connection.vendor == "sqlite" else "PostgreSQL 1"
    assert found("database").what.startswith(known)


def test_a_sqlite_that_may_lose_commits_needs_you() -> None:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous").fetchone()
        assert "journal wal, synchronous 2" in found("database").what


def test_missing_migrations_need_you() -> None:
    MigrationRecorder(connection).record_unapplied("record", "0002_guards")
    missing = found("migrations")
    assert not missing.fine
    assert missing.what.startswith("1 migration")


def test_a_full_disk_needs_you(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=499_000_000))
    assert not found("disk").fine


def test_a_clock_that_starts_in_1970_needs_you(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: 3600.0)
    assert not found("clock").fine


@pytest.mark.parametrize(
    ("hosts", "https", "fine"),
    [
        (["localhost", "127.0.0.1"], False, True),
        (["upturn.example"], True, True),
        (["upturn.example"], False, False),
        (["*"], True, False),
    ],
)
def test_hosts_are_named_and_behind_https(
    settings: Settings, hosts: list[str], https: bool, fine: bool
) -> None:
    settings.ALLOWED_HOSTS, settings.HTTPS = hosts, https
    assert found("hosts").fine is fine


def test_a_misspelt_setting_needs_you(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UPTURN_HOST", "a.example")
    assert found("environment") == Finding(
        "settings nobody knows: UPTURN_HOST",
        "Correct the name; docs/guides/deploy.md lists the settings.",
        fine=False,
    )


class Mail:
    """A mail server that lets in whoever has the password."""

    def __init__(self, host: str, port: int, **options: Any) -> None:
        self.secure = False

    def __enter__(self) -> "Mail":
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def starttls(self, **options: Any) -> None:
        self.secure = True

    def login(self, username: str, password: str) -> None:
        assert self.secure
        if password != "right":  # noqa: S105 - of no server
            raise smtplib.SMTPAuthenticationError(535, b"wrong password")


def test_mail_is_tried_with_its_password(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert found("mail").fine
    monkeypatch.setattr(smtplib, "SMTP", Mail)
    settings.MAIL = settings.MAIL | {"host": "mail.example", "username": "a", "password": "right"}
    assert found("mail").what == "mail server mail.example:587 answers"
    settings.MAIL = settings.MAIL | {"password": "wrong"}
    assert not found("mail").fine


def test_a_mail_server_that_is_not_there_needs_you(settings: Settings) -> None:
    settings.MAIL = settings.MAIL | {"host": "127.0.0.1", "port": 9}
    assert "Connection refused" in found("mail").what
    assert not found("mail").fine


def test_a_journal_changed_by_hand_needs_you() -> None:
    with transaction.atomic():
        entry = journal.write("raise", subject_kind="ask", subject_ref="x", actor_id=1)
    lift = guards.SQLITE_LIFT if connection.vendor == "sqlite" else guards.POSTGRESQL_LIFT
    with connection.cursor() as cursor:
        for statement in lift:
            cursor.execute(statement)
    JournalEntry.objects.filter(id=entry.id).update(verb="decline")
    assert not found("journal").fine
    assert str(entry.id) in found("journal").what


def test_the_command_ends_with_0_when_all_is_fine_and_with_1_when_not(place: Place) -> None:
    fine = upturn(place, "doctor")
    assert fine.returncode == 0, fine.stdout
    assert sum(line.startswith("fine") for line in fine.stdout.splitlines()) == len(CHECKS)
    needs = upturn(place, "doctor", UPTURN_HOSTS="upturn.example")
    assert needs.returncode == 1
    assert "NEEDS YOU hosts: hosts upturn.example without HTTPS" in needs.stdout
    assert "Set UPTURN_HTTPS=yes behind TLS." in needs.stdout


def test_an_empty_place_is_told_to_begin(empty: Place) -> None:
    done = upturn(empty, "doctor")
    assert done.returncode == 1
    assert "Run: upturn init" in done.stdout
    assert "Traceback" not in done.stderr
