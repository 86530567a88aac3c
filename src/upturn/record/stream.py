"""The live stream as the server sees it: server-sent events under ``/live/``.

The sign-in is looked at when a stream opens and every half minute, never for each event.
"""

import asyncio
import math
from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Set
from typing import Any
from urllib.parse import parse_qs

from upturn.record.hub import Hub, Reader, sign
from upturn.record.tail import tail_of_database

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Authorise = Callable[[Scope], Awaitable[Set[str] | None]]

COMMENT_S = 15
RECHECK_S = 30
LOOKS = 30
"""Moments within `RECHECK_S` at which sign-ins are looked at, those whose turn it is together."""
GOLDEN = 0.618034
"""A share of a turn whose multiples lie spread, however many there are."""
_HEADERS = [
    (b"cache-control", b"no-store"),
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"x-accel-buffering", b"no"),
]


def topics_asked(scope: Scope) -> frozenset[str]:
    """Return the topics named in the address: ``/live/?topic=party:12&topic=organisation``.

    >>> sorted(topics_asked({"query_string": b"topic=party:12&topic=organisation&after=3"}))
    ['organisation', 'party:12']
    """
    return frozenset(parse_qs(scope["query_string"].decode("latin-1")).get("topic", ()))


class Stream:
    """The ASGI application behind ``/live/``, one a process.

    Parameters
    ----------
    authorise
        Says which topics the sender of a request may hear, or None for a stranger.
    hub
        Where the readers wait.
    recheck_s
        Seconds after which a sign-in is looked at again.
    """

    def __init__(
        self, *, authorise: Authorise, hub: Hub | None = None, recheck_s: float = RECHECK_S
    ) -> None:
        self._authorise = authorise
        self._recheck_s = recheck_s
        self._hub = hub or Hub(tail_of_database())
        self._tasks: list[asyncio.Task[None]] = []
        self._pumps: set[asyncio.Task[None]] = set()
        self._open = True
        self._opened = 0
        self._loop: asyncio.AbstractEventLoop | None = None

    def start(self) -> None:
        """Begin to read the outbox, on the running event loop."""
        self._open = True
        self._loop = asyncio.get_running_loop()
        self._tasks = [asyncio.create_task(self._hub.run()), asyncio.create_task(self._comment())]

    def say(self, topic: str, said: Mapping[str, Any]) -> None:
        """Tell the readers of a topic something that is kept nowhere; from any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._hub.say, topic, said)

    def listening(self, topic: str) -> int:
        """Return how many streams hear a topic; from any thread, and soon old."""
        return self._hub.listening(topic)

    def end_all(self) -> None:
        """End every stream and open no other, or the server would wait for them at its own end."""
        self._open = False
        self._hub.end_all()

    async def stop(self) -> None:
        """End every stream, be its reader stuck or not, and give back the connections."""
        self.end_all()
        tasks = [*self._tasks, *self._pumps]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._hub.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one stream until either side ends it."""
        topics = await self._topics(scope)
        if topics is None or not self._open:
            await _refuse(send, 403 if topics is None else 503)
            return
        reader = await self._hub.join(topics, after=_after(scope))
        gone = asyncio.create_task(_until_gone(receive))
        watch = asyncio.create_task(self._watch(reader, scope))
        pump = asyncio.create_task(self._pump(reader, send))
        self._pumps.add(pump)
        try:
            done, _ = await asyncio.wait({gone, pump}, return_when=asyncio.FIRST_COMPLETED)
            if pump in done and not pump.cancelled():
                pump.result()
        finally:
            gone.cancel()
            watch.cancel()
            pump.cancel()
            self._pumps.discard(pump)
            self._hub.leave(reader)

    async def _watch(self, reader: Reader, scope: Scope) -> None:
        """Look at the sign-in again, streams at many moments, and beside what they are told."""
        self._opened += 1
        wait_s = self._recheck_s * (self._opened * GOLDEN % 1)
        while not reader.ended:
            await asyncio.sleep(self._until_a_look(after_s=wait_s))
            topics = None
            try:
                topics = await self._topics(scope)
            finally:  # who cannot be looked up hears nothing more either
                if topics is None:
                    reader.end()
            if topics is not None:
                self._hub.change(reader, topics)
            wait_s = self._recheck_s

    def _until_a_look(self, *, after_s: float) -> float:
        apart_s, now = self._recheck_s / LOOKS, asyncio.get_running_loop().time()
        return math.ceil((now + after_s) / apart_s) * apart_s - now

    async def _pump(self, reader: Reader, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        await _send_part(send, sign("open", reader.since))
        while True:
            chunk = await reader.take()
            if chunk:
                await _send_part(send, chunk)
            if reader.ended:
                break
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _topics(self, scope: Scope) -> frozenset[str] | None:
        allowed, asked = await self._authorise(scope), topics_asked(scope)
        if allowed is None:
            return None
        return asked.intersection(allowed) if asked else frozenset(allowed)

    async def _comment(self) -> None:
        while True:
            await asyncio.sleep(COMMENT_S)
            self._hub.comment()


def _after(scope: Scope) -> int | None:
    """Return the event the reader knows of: what its browser kept, else what its page was from."""
    kept = dict(scope["headers"]).get(b"last-event-id", b"").decode("latin-1")
    from_page = parse_qs(scope["query_string"].decode("latin-1")).get("after", [""])[0]
    known = kept or from_page
    return int(known) if known.isdecimal() and len(known) < 19 else None


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _send_part(send: Send, chunk: bytes) -> None:
    await send({"type": "http.response.body", "body": chunk, "more_body": True})


async def _refuse(send: Send, status: int) -> None:
    headers = [(b"cache-control", b"no-store"), (b"content-length", b"0")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"", "more_body": False})
