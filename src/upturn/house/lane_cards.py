"""The short lane of cards: a phone in a workshop hands in something plain.

A page of another house cannot come this way: its script may not send JSON with this cookie, and
the origin that every browser tells is compared.
"""

import asyncio
import json
from dataclasses import fields
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from django.db import connection
from django.http import parse_cookie

from upturn.house.lane import sound_headers
from upturn.loop.commands.drafts import Draft
from upturn.loop.commands.handing_in import hand_in_plain
from upturn.loop.queries.holders import COOKIE, Holder, holder_of
from upturn.record.stream import Scope

PATH = "/workshop/card/"
KNOWN_S = 10
"""Seconds for which a phone that was found is taken to be there still; the writer looks again."""
MOST_KNOWN = 4_000
_TYPES = {"step": int, "done": bool}
_NAMES = {field.name for field in fields(Draft)}


class Cards:
    """Cards that phones hand in; those of a whole room share a few transactions."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[float, Holder]] = {}

    def takes(self, scope: Scope) -> bool:
        return bool(scope["path"] == PATH)

    async def answer(self, scope: Scope, body: bytes) -> bytes | None:
        headers = sound_headers(scope)
        draft = read_draft(body) if _is_own_page(headers) else None
        holder = await self._holder(headers) if draft else None
        if draft is None or holder is None:
            return None
        handed = await hand_in_plain(holder, draft)
        if handed is None:
            return None
        told = {"again": handed.again, "handed": handed.handed, "of": handed.of}
        return json.dumps({"ok": True, **told, "turn": handed.turn}).encode()

    async def _holder(self, headers: dict[str, str]) -> Holder | None:
        cookie = parse_cookie(headers.get("cookie", "")).get(COOKIE, "")
        until, known = self._known.get(cookie, (0.0, None))
        if until > monotonic():
            return known
        found = await asyncio.to_thread(_look_up, cookie) if cookie else None
        if found is not None:
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            self._known[cookie] = (monotonic() + KNOWN_S, found)
        return found


def _look_up(cookie: str) -> Holder | None:
    try:
        return holder_of(cookie)
    finally:
        connection.close()


def _is_own_page(headers: dict[str, str]) -> bool:
    kind = headers.get("content-type", "").partition(";")[0].strip()
    origin = urlsplit(headers.get("origin", ""))
    return kind == "application/json" and bool(origin.netloc) and origin.netloc == headers["host"]


def read_draft(body: bytes) -> Draft | None:
    """Read a card; None for whatever has another form, which the whole way words."""
    try:
        found: Any = json.loads(body)
    except ValueError:
        return None
    if not isinstance(found, dict) or not {"ref", "key", "step", "words"} <= found.keys() <= _NAMES:
        return None
    sure = found.get("sure")
    if not (sure is None or type(sure) is int):
        return None
    plain = all(type(found[name]) is _TYPES.get(name, str) for name in found.keys() - {"sure"})
    return Draft(**found) if plain else None
