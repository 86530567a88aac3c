"""A short lane for what comes most often: one sound comment with a token that is known.

It is answered on the event loop, for a twelfth of the processor time of the whole way through
Django. Whatever is not plain, and whatever is refused, goes the whole way with the same bytes, so
that every refusal is made and worded in one place.
"""

import asyncio
from collections.abc import Callable
from time import monotonic
from typing import Any, cast

from django.conf import settings
from django.db import DatabaseError, connection
from django.http.request import split_domain_port, validate_host

from upturn.graph.queries import touchpoints_by_key
from upturn.house.bridge import InThreads
from upturn.people.queries import token_person
from upturn.record.errors import NotStored
from upturn.record.stream import Message, Receive, Scope, Send
from upturn.voice.api.plain import plain_comment
from upturn.voice.commands import hand_in_alone
from upturn.voice.engine import Comment

PATH = "/api/feedback"
SMALL = 65_536
"""Bytes that are worth reading here."""
KNOWN_S = 30
"""Seconds for which a token or a touchpoint that was found is taken to be there still."""
_ANSWERS = {True: b'{"new": 1, "same": 0}', False: b'{"new": 0, "same": 1}'}
_HEADERS = [
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"content-type", b"application/json; charset=utf-8"),
    (b"content-length", b"%d" % len(_ANSWERS[True])),
    (b"x-content-type-options", b"nosniff"),
]


class Known:
    """Remembers for a while what a look into the database, away from the event loop, found."""

    def __init__(self, look: Callable[[str], bool]) -> None:
        self._look = look
        self._until: dict[str, float] = {}

    async def __call__(self, key: str) -> bool:
        if self._until.get(key, 0) > monotonic():
            return True
        found = await asyncio.to_thread(self._look_up, key)
        if found:
            self._until[key] = monotonic() + KNOWN_S
        return found

    def _look_up(self, key: str) -> bool:
        try:
            return self._look(key)
        finally:
            connection.close()


class Lane:
    """The ASGI application of `PATH`, with the whole way behind it."""

    def __init__(self, whole_way: InThreads) -> None:
        self._whole_way = whole_way
        self._may_write = Known(_may_write)
        self._is_touchpoint = Known(lambda key: key in touchpoints_by_key())

    def takes(self, scope: Scope) -> bool:
        """Whether this may be a comment."""
        return bool(scope["path"] == PATH and scope["method"] == "POST")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        received, body = await _read(receive)
        comment = await self._plain(scope, body) if body else None
        try:
            new = await hand_in_alone(comment) if comment else None
        except (NotStored, DatabaseError):
            new = None
        if new is None:
            await self._whole_way(scope, _again(received, receive), send)
            return
        await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        await send({"type": "http.response.body", "body": _ANSWERS[new], "more_body": False})

    async def _plain(self, scope: Scope, body: bytes) -> Comment | None:
        token = _token(scope)
        if not token or not await self._may_write(token):
            return None
        comment = plain_comment(body)
        if comment and comment.touchpoint and not await self._is_touchpoint(comment.touchpoint):
            return None
        return comment


def _may_write(token: str) -> bool:
    return token_person(token, scope=cast("Any", "feedback:write")) is not None


def _token(scope: Scope) -> str:
    """Return the token, or nothing where Django has more to say than yes."""
    headers = dict(scope["headers"])
    host, _ = split_domain_port(headers.get(b"host", b"").decode("latin-1"))
    kind, _, token = headers.get(b"authorization", b"").decode("latin-1").partition(" ")
    sound = kind == "Bearer" and b"idempotency-key" not in headers
    return token if sound and validate_host(host, settings.ALLOWED_HOSTS) else ""


async def _read(receive: Receive) -> tuple[list[Message], bytes]:
    """Return what came, and the body if it came whole and is small."""
    received: list[Message] = []
    size = 0
    while size <= SMALL:
        message = await receive()
        received.append(message)
        if message["type"] != "http.request":
            break
        size += len(message.get("body", b""))
        if not message.get("more_body", False):
            return received, b"".join(each.get("body", b"") for each in received)
    return received, b""


def _again(received: list[Message], receive: Receive) -> Receive:
    waiting = iter(received)

    async def next_message() -> Message:
        message = next(waiting, None)
        return await receive() if message is None else message

    return next_message
