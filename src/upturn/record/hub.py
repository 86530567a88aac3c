"""Who listens to what: each event is rendered once and pushed to the readers of its topic.

A reader who comes back is first told what it missed; one who cannot be told everything is told to
``reload``. No reader can slow another, or the house.
"""

import asyncio
import json
import logging
from collections import deque
from collections.abc import Iterable

from upturn.record.tail import PAGE, Event, Tail

WAITING = 256
"""Events that may wait for one reader before it is told to reload instead."""
BREATH = 64
"""Events after which the readers get their turn, so that only a slow one fills its queue."""

logger = logging.getLogger(__name__)


def render(event: Event) -> bytes:
    r"""Render an event as bytes for the browser, where it arrives under the name ``change``.

    >>> render(Event(17, "party:12", "ask-raised", "34"))
    b'id: 17\nevent: change\ndata: {"topic": "party:12", "kind": "ask-raised", "ref": "34"}\n\n'
    """
    data = json.dumps({"topic": event.topic, "kind": event.kind, "ref": event.ref})
    return f"id: {event.id}\nevent: change\ndata: {data}\n\n".encode()


def sign(name: str, position: int) -> bytes:
    """Render a word to the page itself: ``open`` or ``reload``."""
    return f"id: {position}\nevent: {name}\ndata: {{}}\n\n".encode()


class Reader:
    """The queue of one open stream."""

    def __init__(self, topics: frozenset[str], since: int) -> None:
        self.topics = topics
        self.since = since
        self.ended = False
        self._waiting: deque[bytes] = deque()
        self._wake = asyncio.Event()

    def push(self, chunk: bytes) -> None:
        self._waiting.append(chunk)
        self._wake.set()

    def push_first(self, chunks: Iterable[bytes]) -> None:
        self._waiting = deque([*chunks, *self._waiting])
        self._wake.set()

    def is_full(self) -> bool:
        return len(self._waiting) >= WAITING

    def is_idle(self) -> bool:
        return not self._waiting

    def end(self, last_word: bytes = b"") -> None:
        """Let the stream close after ``last_word``, or after what waits if there is none."""
        if last_word:
            self._waiting = deque([last_word])
        self.ended = True
        self._wake.set()

    async def take(self) -> bytes:
        """Wait for something to send, or for the end."""
        await self._wake.wait()
        self._wake.clear()
        chunk = b"".join(self._waiting)
        self._waiting.clear()
        return chunk


class Hub:
    """All open streams of a process, and the place in the outbox up to which they were told."""

    def __init__(self, tail: Tail) -> None:
        self._tail = tail
        self._readers: set[Reader] = set()
        self._by_topic: dict[str, set[Reader]] = {}
        self._position: int | None = None

    async def run(self) -> None:
        """Deliver until cancelled, through every loss of the database."""
        while True:
            try:
                await self.deliver()
                await self._tail.changed()
            except self._tail.lost:
                logger.exception("The outbox cannot be read; trying again in a second")
                await self._tail.close()
                await asyncio.sleep(1)

    async def deliver(self) -> None:
        """Push what has been committed since the last time; the first time, find the place."""
        more = True
        while more:
            events = await self._tail.events(await self._place())
            for count, event in enumerate(events, 1):
                self._tell(event)
                self._position = event.id
                if count % BREATH == 0:
                    await asyncio.sleep(0)
            more = len(events) == PAGE

    async def join(self, topics: frozenset[str], *, after: int | None) -> Reader:
        """Open a queue that begins behind the event ``after``, or here and now."""
        place = await self._place()
        reader = Reader(topics, place if after is None else after)
        self._enter(reader)
        try:
            if after is not None and not await self._tell_missed(reader, place):
                self.drop(reader)
        except BaseException:
            self.leave(reader)
            raise
        return reader

    def leave(self, reader: Reader) -> None:
        """Forget a reader."""
        self._readers.discard(reader)
        for topic in reader.topics:
            listening = self._by_topic.get(topic, set())
            listening.discard(reader)
            if not listening:
                self._by_topic.pop(topic, None)

    def change(self, reader: Reader, topics: frozenset[str]) -> None:
        """Let a reader hear other topics from now on."""
        if topics != reader.topics:
            self.leave(reader)
            reader.topics = topics
            self._enter(reader)

    def drop(self, reader: Reader) -> None:
        """Tell a reader to load its page again, for it cannot be told everything it missed."""
        self.leave(reader)
        reader.end(sign("reload", self._position or 0))

    def comment(self) -> None:
        """Send a line without meaning, so that nobody on the way closes an idle stream."""
        for reader in self._readers:
            if reader.is_idle():
                reader.push(b":\n\n")

    def end_all(self) -> None:
        """End every stream; the pages come back by themselves."""
        for reader in self._readers:
            reader.end()

    async def close(self) -> None:
        """Give back the connections to the database."""
        await self._tail.close()

    async def _place(self) -> int:
        if self._position is None:
            _, self._position = await self._tail.bounds()
        return self._position

    def _enter(self, reader: Reader) -> None:
        self._readers.add(reader)
        for topic in reader.topics:
            self._by_topic.setdefault(topic, set()).add(reader)

    def _tell(self, event: Event) -> None:
        readers = self._by_topic.get(event.topic, ())
        chunk = render(event) if readers else b""
        for reader in tuple(readers):
            if reader.is_full():
                self.drop(reader)
            elif event.id > reader.since:
                reader.push(chunk)

    async def _tell_missed(self, reader: Reader, upto: int) -> bool:
        """Whether everything after ``reader.since`` could be told; live events wait behind it."""
        first, last = await self._tail.bounds()
        if not first - 1 <= reader.since <= last:
            return False
        missed = await self._tail.events(reader.since, upto)
        reader.push_first(render(event) for event in missed if event.topic in reader.topics)
        return len(missed) < PAGE
