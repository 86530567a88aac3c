"""Who listens to what: each event is rendered once and pushed to the readers of its topic.

A reader who comes back is first told what it missed; one who cannot be told everything is told to
``reload``. No reader can slow another, or the house.
"""

import asyncio
import json
import logging
from collections import deque
from collections.abc import Iterable, Mapping
from typing import Any

from upturn.record.tail import PAGE, POLL_S, Event, Tail

WAITING = 2 * PAGE
"""Events that may wait for one reader before it is told to reload instead."""
RETRY_S = 1.0
"""Seconds after a loss of the database."""

logger = logging.getLogger(__name__)


def render(event: Event) -> bytes:
    r"""Render an event as bytes for the browser, where its topic is the name it arrives under.

    >>> render(Event(17, "party:12", "ask-raised", "34"))
    b'id: 17\nevent: party:12\ndata: {"kind": "ask-raised", "ref": "34"}\n\n'
    """
    said = {"kind": event.kind, "ref": event.ref, **json.loads(event.data)}
    return f"id: {event.id}\nevent: {event.topic}\ndata: {json.dumps(said)}\n\n".encode()


def render_unkept(topic: str, said: Mapping[str, Any]) -> bytes:
    """Render what is told to whoever listens now, and kept nowhere: the place stays where it is."""
    return f"event: {topic}\ndata: {json.dumps(said)}\n\n".encode()


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
        """Add to what waits."""
        self._waiting.append(chunk)
        self._wake.set()

    def push_first(self, chunks: Iterable[bytes]) -> None:
        """Put in front of what waits."""
        self._waiting = deque([*chunks, *self._waiting])
        self._wake.set()

    def is_full(self) -> bool:
        """Whether the reader is too slow."""
        return len(self._waiting) >= WAITING

    def is_idle(self) -> bool:
        """Whether nothing waits."""
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
        self._rendered: dict[int, bytes] = {}
        self._missed: dict[tuple[int, int], list[Event]] = {}

    async def run(self) -> None:
        """Deliver until cancelled, through every loss of the database."""
        while True:
            try:
                await self.deliver()
                await self._tail.changed()
            except self._tail.lost:
                logger.exception("The outbox cannot be read; trying again in a second")
                await self._tail.close()
                await asyncio.sleep(RETRY_S)

    async def deliver(self) -> None:
        """Push what has been committed since the last time; the first time, find the place."""
        while events := await self._tail.events(await self._place()):
            for event in events:
                self._tell(event)
            self._position = events[-1].id
            if len(events) < PAGE:
                break
            await asyncio.sleep(POLL_S)  # the readers' turn, so that only slow ones fall behind

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

    def say(self, topic: str, said: Mapping[str, Any]) -> None:
        """Tell the readers of a topic something that is not kept; who is away never hears it."""
        readers = self._by_topic.get(topic, ())
        chunk = render_unkept(topic, said) if readers else b""
        for reader in tuple(readers):
            if not reader.is_full():
                reader.push(chunk)

    def listening(self, topic: str) -> int:
        """Return how many streams hear a topic."""
        return len(self._by_topic.get(topic, ()))

    def comment(self) -> None:
        """Send a line without meaning, so that nobody on the way closes an idle stream."""
        self._rendered.clear()
        self._missed.clear()
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
            _, newest = await self._tail.bounds()
            if self._position is None:  # still: another stream may have asked meanwhile
                self._position = newest
        return self._position

    def _enter(self, reader: Reader) -> None:
        self._readers.add(reader)
        for topic in reader.topics:
            self._by_topic.setdefault(topic, set()).add(reader)

    def _tell(self, event: Event) -> None:
        readers = self._by_topic.get(event.topic, ())
        chunk = self._written(event) if readers else b""
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
        missed = await self._since(reader.since, upto)
        told = [event for event in missed if event.topic in reader.topics]
        reader.push_first(map(self._written, told))
        return len(missed) < PAGE

    async def _since(self, after: int, upto: int) -> list[Event]:
        """Read what was missed; a room that comes back missed the same, and it is read once."""
        found = self._missed.get((after, upto))
        if found is None:
            found = await self._tail.events(after, upto)
            self._missed = {(after, upto): found}
        return found

    def _written(self, event: Event) -> bytes:
        """Give an event as bytes, the same for a whole room that hears it or comes back to it."""
        found = self._rendered.get(event.id)
        if found is None:
            found = self._rendered[event.id] = render(event)
        return found
