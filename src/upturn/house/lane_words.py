"""The short lane of customers' words: one sound comment with a token that is known."""

import asyncio
from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING, Any, cast

from django.db import connection

from upturn.graph.queries import touchpoints_by_key
from upturn.house.lane import sound_headers
from upturn.people.queries import token_person
from upturn.record.stream import Scope

if TYPE_CHECKING:
    from upturn.voice.engine import Comment

PATH = "/api/feedback"
KNOWN_S = 30
"""Seconds for which a token or a touchpoint that was found is taken to be there still."""
_ANSWERS = {True: b'{"new": 1, "same": 0}', False: b'{"new": 0, "same": 1}'}


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


class Comments:
    """Comments that programs hand in one at a time."""

    def __init__(self) -> None:
        self._may_write = Known(_may_write)
        self._is_touchpoint = Known(lambda key: key in touchpoints_by_key())

    def takes(self, scope: Scope) -> bool:
        return bool(scope["path"] == PATH)

    async def answer(self, scope: Scope, body: bytes) -> bytes | None:
        from upturn.voice.commands import hand_in_alone  # noqa: PLC0415 - see below

        comment = await self._plain(scope, body)
        return _ANSWERS[await hand_in_alone(comment)] if comment else None

    async def _plain(self, scope: Scope, body: bytes) -> "Comment | None":
        token = _token(scope)
        if not token or not await self._may_write(token):
            return None
        # A start is sooner over without it, and most houses' words come another way.
        from upturn.voice.api.plain import plain_comment  # noqa: PLC0415

        comment = plain_comment(body)
        if comment and comment.touchpoint and not await self._is_touchpoint(comment.touchpoint):
            return None
        return comment


def _may_write(token: str) -> bool:
    return token_person(token, scope=cast("Any", "feedback:write")) is not None


def _token(scope: Scope) -> str:
    headers = sound_headers(scope)
    kind, _, token = headers.get("authorization", "").partition(" ")
    return token if kind == "Bearer" and "idempotency-key" not in headers else ""
