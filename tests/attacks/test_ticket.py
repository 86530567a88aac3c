"""Whoever keeps the machine opens the database and wants to know who raised which ticket.

The attack takes every table, every column and every row number as an order in time, every time of
day as a trace, every row about an ask as a hint. Among twelve people it may find what guessing
finds. Two planted leaks show that it would find more if there were more.

Out of its reach: what a running server holds beside its tables (SQLite's write-ahead log and places
within pages, PostgreSQL's numbers of transactions and, until the night, its places of rows), for
those keep the order of all writes.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from itertools import count
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from tests.attacks.dump import Dump, Row, dump
from tests.factories import member, party, raised, serves, signed_in, touchpoint
from upturn.commitments import commands, queries
from upturn.commitments.engine import Move, RaisedAs
from upturn.commitments.models import Ask
from upturn.house.laid_out import lay_out
from upturn.people.models import Person
from upturn.record import outbox
from upturn.record.models import JournalEntry
from upturn.stats.draws import generator

pytestmark = pytest.mark.django_db

PEOPLE = 12
TICKETS = 24
BY_LUCK = TICKETS // 2  # guessing finds two on average, and half of them once in three million runs
Guess = Callable[[Row], str | None]


@dataclass
class Day:
    """A morning on which a team asks, signed and by ticket; ``author`` is what nobody may learn."""

    now: datetime = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
    team: list[Person] = field(default_factory=list)
    author: dict[str, str] = field(default_factory=dict)

    def pass_by(self, minutes: float) -> None:
        self.now += timedelta(minutes=minutes)


@pytest.fixture
def day(monkeypatch: pytest.MonkeyPatch) -> Day:
    made = Day()
    monkeypatch.setattr(timezone, "now", lambda: made.now)
    return made


def live_through(day: Day, *, planted: Callable[[Ask], None] = lambda _ask: None) -> Dump:
    """Everybody signs in, reads, asks as the team and by ticket, and judges what was promised."""
    draw = generator(4)
    floor, kitchen = party("Floor"), party("Kitchen")
    edge, guests = serves(kitchen, floor), party(kind="customers")
    day.team = [member(floor) for _n in range(PEOPLE)]
    nadia = member(kitchen)
    points = [touchpoint(customers=guests, servers=(floor,)).key for _n in range(PEOPLE)]
    clients: list[Client] = []
    for person in day.team:
        day.pass_by(draw.uniform(1, 4))
        clients.append(signed_in(person))
    tickets = []
    for n in draw.permutation([n % PEOPLE for n in range(TICKETS)]):
        day.pass_by(draw.uniform(3, 9))
        clients[n].get(f"/customers/{points[n]}/")
        for raised_as in ("team", "ticket"):
            day.pass_by(draw.uniform(0.2, 1))
            code = commands.draw_code()
            sent = {"words": "Tell us", "raised_as": raised_as, "code": code}
            clients[n].post(f"/edge/{edge.pk}/ask/", sent | {"touchpoint": points[n]})
            if raised_as == "ticket":
                ask = queries.ask_by_ticket(code)
                day.author[ask.ref] = str(day.team[n].pk)
                planted(ask)
                tickets.append((ask, code, n))
    for at in draw.permutation(TICKETS):
        day.pass_by(draw.uniform(1, 3))
        _promised(nadia, tickets[at][0])
    for at in draw.permutation(TICKETS):
        ask, code, n = tickets[at]
        day.pass_by(draw.uniform(3, 9))
        _judged(day, ask, code)
        mine = Ask.objects.filter(raised_by=day.team[n], state="asked").first()
        assert clients[n].post(f"/asks/{mine.ref}/withdraw/", {"turn": 0}).status_code == 302
    connection.check_constraints()
    lay_out()
    return dump()


def _promised(nadia: Person, ask: Ask) -> None:
    today = timezone.localdate()
    given = {"what": "A slate", "who": "the pass", "sign": "no walk", "due_on": today}
    content = commands.Content(turn=0, **given)
    commands.take(nadia, ask, move=Move.PROMISE, content=content, today=today)


def _judged(day: Day, ask: Ask, code: str) -> None:
    """Whoever holds the code judges, without signing in, and a minute later acts as a member."""
    sent = {"turn": 1, "outcome": "better", "words": "It shows", "code": code}
    assert Client().post(f"/asks/{ask.ref}/judge/", sent).status_code == 200
    day.pass_by(1)


# The attack ------------------------------------------------------------------------------------


def attack(found: Dump, day: Day) -> dict[str, int]:
    """How many tickets each way of guessing gives to the right person."""
    hits: Counter[str] = Counter()
    for name, guess in _ways(found, day):
        hits[name] = sum(
            guess(ask) == day.author[ask["ref"]] for ask in _asks(found) if _is_ticket(ask)
        )
    return dict(hits)


def _asks(found: Dump) -> list[Row]:
    return found.tables["commitments_ask"]


def _is_ticket(ask: Row) -> bool:
    return ask["raised_as"] == "ticket"


def _ways(found: Dump, day: Day) -> Iterator[tuple[str, Guess]]:
    owners = _Owners(found, {str(person.pk) for person in day.team})
    for table, column in owners.orders():
        yield f"before it in {table}.{column}", owners.neighbour(table, column, -1)
        yield f"after it in {table}.{column}", owners.neighbour(table, column, +1)
    yield "named beside it", owners.named
    yield "a time beside it", owners.at_the_time
    yield "read where it comes from", owners.reader
    yield "in the sign-in", owners.signed_in


class _Owners:
    """Whose a row is, where a signature tells, and how tickets lie among such rows."""

    def __init__(self, found: Dump, team: set[str]) -> None:
        self.found, self.team = found, team
        self.about = {
            ask["ref"]: found.about("commitments_ask", ask, names={ask["ref"]})
            for ask in _asks(found)
        }
        self.signed = {
            entry["subject_ref"]: str(entry["actor_id"])
            for entry in found.tables["record_journalentry"]
            if str(entry["actor_id"]) in team
        }

    def orders(self) -> Iterator[tuple[str, str]]:
        tables = {table for rows in self.about.values() for table in rows}
        for table in sorted(tables):
            for column in self.found.tables[table][0]:
                yield table, column

    def neighbour(self, table: str, column: str, step: int) -> Guess:
        rows = self.found.tables[table]
        place = {id(row): n for n, row in enumerate(sorted(rows, key=lambda r: _order(r[column])))}
        whose = {
            place[id(row)]: self.signed[ref]
            for ref, about in self.about.items()
            if ref in self.signed
            for row in about.get(table, ())
        }

        def guess(ask: Row) -> str | None:
            for row in self.about[ask["ref"]].get(table, ()):
                at = place[id(row)] + step
                while 0 <= at < len(rows):
                    if at in whose:
                        return whose[at]
                    at += step
            return None

        return guess

    def _beside(self, ask: Row) -> Iterator[tuple[str, str, Any]]:
        for table, rows in self.about[ask["ref"]].items():
            for row in rows:
                yield from ((table, column, cell) for column, cell in row.items())

    def named(self, ask: Row) -> str | None:
        """Somebody of the team whose number stands in a row about the ticket."""
        columns = {"actor_id", "reader_id", "raised_by_id", "person_id", "_auth_user_id"}
        cells = {str(cell) for _t, column, cell in self._beside(ask) if column in columns}
        return next(iter(sorted(cells & self.team)), None)

    def at_the_time(self, ask: Row) -> str | None:
        """Whoever signed something nearest to a time of day that stands beside the ticket."""
        times = [
            cell
            for table, column, cell in self._beside(ask)
            if (table, column) != ("record_journalentry", "at") or not _signed(self, ask, cell)
            if isinstance(cell, datetime) and (cell.hour or cell.minute or cell.second)
        ]
        acts = [
            (entry["at"], str(entry["actor_id"]))
            for entry in self.found.tables["record_journalentry"]
            if str(entry["actor_id"]) in self.team
        ]
        return min(acts, key=lambda act: abs(act[0] - times[0]))[1] if times and acts else None

    def reader(self, ask: Row) -> str | None:
        """The one who read about the moment from which the ticket comes, on its day."""
        came_from = {
            cell
            for (table, column), (target, key) in self.found.points_to.items()
            if table == "commitments_ask"
            for row in self.found.tables[target]
            if row[key] == ask[column]
            for cell in row.values()
            if isinstance(cell, str)
        }
        for line in self.found.tables["record_readinglog"]:
            if line["ref"] in came_from and line["day"] == ask["raised_on"]:
                return str(line["reader_id"])
        return None

    def signed_in(self, ask: Row) -> str | None:
        """Whoever's sign-in holds the reference, the hash or the code."""
        for session in self.found.tables["django_session"]:
            data = session["session_data"]
            if ask["ref"] in data or ask["ticket_hash"] in data:
                return next((who for who in self.team if f'"_auth_user_id": "{who}"' in data), None)
        return None


def _signed(owners: _Owners, ask: Row, at: datetime) -> bool:
    entries = owners.about[ask["ref"]]["record_journalentry"]
    return any(entry["at"] == at and entry["actor_id"] is not None for entry in entries)


def _order(cell: Any) -> tuple[str, Any]:
    return type(cell).__name__, cell if cell is not None else 0


# What it finds ---------------------------------------------------------------------------------


def test_the_tables_tell_no_more_of_a_ticket_than_guessing(day: Day) -> None:
    found = live_through(day)
    hits = attack(found, day)
    assert len(hits) > 40
    assert {way: n for way, n in hits.items() if n > BY_LUCK} == {}
    # Who signed in that day is known for twelve hours, then forgotten.
    assert len(found.tables["django_session"]) == PEOPLE
    day.pass_by(12 * 60 + 1)
    call_command("clearsessions")
    assert dump().tables["django_session"] == []


def test_the_attack_finds_what_is_planted(day: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    def told(ask: Ask) -> None:
        with transaction.atomic():
            outbox.publish(f"party:{ask.edge.server_id}", kind="ask", ref=ask.ref)

    monkeypatch.setattr(Ask._meta.pk, "_get_default", count(1).__next__)
    hits = attack(live_through(day, planted=told), day)
    for leak in ("commitments_ask.id", "record_outboxevent.id"):
        assert hits[f"before it in {leak}"] > BY_LUCK


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/Los_Angeles"])
def test_ask_and_journal_tell_the_same_day(day: Day, zone: str) -> None:
    """Two calendars side by side would tell on which side of midnight it was."""
    edge = serves(party(), party())
    asker = member(edge.served)
    for hour in range(24):
        day.now = datetime(2026, 11, 23, hour, tzinfo=UTC)
        with timezone.override(zone):
            code, today = commands.draw_code(), timezone.localdate()
            draft = commands.Draft(words="Tell us", raised_as=RaisedAs.TICKET, code=code)
            ask = commands.raise_ask(asker, edge=edge, draft=draft, today=today)
        entry = JournalEntry.objects.get(subject_ref=ask.ref)
        assert entry.at == datetime.combine(ask.raised_on, time(), tzinfo=UTC)


def test_a_ticket_cannot_even_be_stored_with_its_author_or_where_it_came_from() -> None:
    edge = serves(party(), party())
    point = touchpoint(customers=party(kind="customers"))
    ask = raised(member(edge.served), edge, raised_as=RaisedAs.TICKET, touchpoint=point)
    assert ask.touchpoint is None
    for traitor in ({"touchpoint": point}, {"raised_by": member(edge.served)}, {"ticket_hash": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Ask.objects.filter(pk=ask.pk).update(**traitor)
