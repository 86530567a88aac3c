"""Hearing of new events without the ORM: on SQLite by asking cheaply, on PostgreSQL by being told.

A tail reads what is there and waits until more may be there. It lives on the event loop, with
connections of its own.
"""

import asyncio
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from django.db import connections

if TYPE_CHECKING:
    import psycopg

POLL_S = 0.02
PAGE = 1000
EVERYTHING = 2**63 - 1
_BOUNDS = "SELECT COALESCE(MIN(id), 0), COALESCE(MAX(id), 0) FROM record_outboxevent"
_EVENTS = """SELECT id, topic, kind, ref, data FROM record_outboxevent
             WHERE id > %s AND id <= %s ORDER BY id LIMIT %s"""


class Event(NamedTuple):
    """One row of the outbox."""

    id: int
    topic: str
    kind: str
    ref: str
    data: str = "{}"


class Tail(Protocol):
    """What the stream asks of a database."""

    @property
    def lost(self) -> tuple[type[Exception], ...]:
        """The errors after which the tail is to be closed and asked again."""

    async def bounds(self) -> tuple[int, int]:
        """Return the ids of the first and the last event that are kept, or zeros."""

    async def events(self, after: int, upto: int = EVERYTHING) -> list[Event]:
        """Return at most ``PAGE`` events, in order."""

    async def changed(self) -> None:
        """Wait until something may have been committed."""

    async def close(self) -> None:
        """Give the connections back; the next question opens them again."""


class SqliteTail:
    """Asks for SQLite's ``data_version``, 2 microseconds a time, and reads when it has moved."""

    def __init__(self) -> None:
        database: Any = connections["default"]
        self._sqlite = database.Database
        self.lost: tuple[type[Exception], ...] = (self._sqlite.Error,)
        self._connection: Any = None
        self._version = -1

    async def bounds(self) -> tuple[int, int]:
        """Return the ids of the first and the last event that are kept, or zeros."""
        first, last = self._opened().execute(_BOUNDS).fetchone()
        return first, last

    async def events(self, after: int, upto: int = EVERYTHING) -> list[Event]:
        """Return at most ``PAGE`` events, in order."""
        rows = self._opened().execute(_EVENTS.replace("%s", "?"), (after, upto, PAGE))
        return [Event(*row) for row in rows]

    async def changed(self) -> None:
        """Wait until something may have been committed."""
        while (version := self._data_version()) == self._version:
            await asyncio.sleep(POLL_S)
        self._version = version

    async def close(self) -> None:
        """Give the connections back; the next question opens them again."""
        if self._connection is not None:
            self._connection.close()
            self._connection, self._version = None, -1

    def _data_version(self) -> int:
        (version,) = self._opened().execute("PRAGMA data_version").fetchone()
        return int(version)

    def _opened(self) -> Any:
        if self._connection is None:
            # No waiting for locks: this is the event loop, and readers of a WAL need none.
            path = connections["default"].settings_dict["NAME"]
            self._connection = self._sqlite.connect(path, timeout=0, isolation_level=None)
            self._connection.execute("PRAGMA query_only=ON")
        return self._connection


class PostgresqlTail:
    """Listens for the notification that comes with each commit of events (migration 0002)."""

    def __init__(self) -> None:
        import psycopg  # noqa: PLC0415 - a tenth of a second at start, which SQLite does without

        self._connect = psycopg.AsyncConnection.connect
        self.lost: tuple[type[Exception], ...] = (psycopg.Error, OSError)
        self._opening = asyncio.Lock()
        self._reading: psycopg.AsyncConnection | None = None
        self._listening: psycopg.AsyncConnection | None = None

    async def bounds(self) -> tuple[int, int]:
        """Return the ids of the first and the last event that are kept, or zeros."""
        ((first, last),) = await self._ask(_BOUNDS)
        return first, last

    async def events(self, after: int, upto: int = EVERYTHING) -> list[Event]:
        """Return at most ``PAGE`` events, in order."""
        return [Event(*row) for row in await self._ask(_EVENTS, after, upto, PAGE)]

    async def changed(self) -> None:
        """Wait until something may have been committed."""
        if self._listening is None:
            self._listening = await self._open()
            await self._listening.execute("LISTEN upturn_outbox")
            return  # what was committed before this moment was told to nobody
        async for _ in self._listening.notifies(stop_after=1):
            pass

    async def close(self) -> None:
        """Give the connections back; the next question opens them again."""
        for each in (self._reading, self._listening):
            if each is not None:
                await each.close()
        self._reading = self._listening = None

    async def _open(self) -> "psycopg.AsyncConnection":
        given = connections["default"].settings_dict
        named = {
            "dbname": given["NAME"],
            "user": given["USER"],
            "password": given["PASSWORD"],
            "host": given["HOST"],
            "port": given["PORT"],
        }
        address = {key: value for key, value in named.items() if value} | given["OPTIONS"]
        return await self._connect(**address, autocommit=True)

    async def _ask(self, question: Any, *values: int) -> list[tuple[Any, ...]]:
        async with self._opening:
            if self._reading is None:
                self._reading = await self._open()
        rows = await self._reading.execute(question, values)
        return await rows.fetchall()


def tail_of_database() -> Tail:
    """Return the tail that fits the installation's database."""
    return SqliteTail() if connections["default"].vendor == "sqlite" else PostgresqlTail()
