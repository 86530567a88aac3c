"""The short lane of cards: a phone in a workshop hands in something plain.

A page of another house cannot come this way: its script may not send JSON with this cookie, and
the origin that every browser tells is compared.
"""

import json
from dataclasses import fields
from typing import Any
from urllib.parse import urlsplit

from django.http import parse_cookie

from upturn.house.lane import sound_headers
from upturn.loop.commands.drafts import Draft
from upturn.loop.commands.handing_in import hand_in_plain
from upturn.loop.queries.holders import COOKIE
from upturn.record.stream import Scope

PATH = "/workshop/card/"
_TYPES = {"step": int, "done": bool}
_NAMES = {field.name for field in fields(Draft)}


class Cards:
    """Cards that phones hand in; those of a whole room share a few transactions."""

    def takes(self, scope: Scope) -> bool:
        return bool(scope["path"] == PATH)

    async def answer(self, scope: Scope, body: bytes) -> bytes | None:
        headers = sound_headers(scope)
        draft = read_draft(body) if _is_own_page(headers) else None
        cookie = parse_cookie(headers.get("cookie", "")).get(COOKIE, "")
        handed = await hand_in_plain(cookie, draft) if draft and cookie else None
        if handed is None:
            return None
        told = {"again": handed.again, "handed": handed.handed, "of": handed.of}
        return json.dumps({"ok": True, **told, "turn": handed.turn}).encode()


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
