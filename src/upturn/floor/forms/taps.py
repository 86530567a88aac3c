"""What a phone sends, as JSON or as a form of a page without script."""

import json
from collections.abc import Mapping
from math import isfinite
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from upturn.floor.commands import BadTap, Retold, Tap
from upturn.floor.engine.live import in_one_line, storable
from upturn.floor.queries import mark_of

BODY_BYTES_MAX = 20_000
TEXTS = ("key", "act", "need", "place", "kind", "words", "item", "undoes", "shift")
WORDS_MOST = 60
LONGEST = 80
CLAIMS_MOST = 400


def read_tap(request: HttpRequest) -> Tap:
    """Read a tap.

    Raises
    ------
    BadTap
        With what could not be read, and what to send instead.
    """
    given = read_body(request)
    texts = {name: _text(given, name) for name in TEXTS}
    texts["act"] = texts["act"] or "raise"
    if texts["act"] == "raise":
        # A page without script names no new need; its key is nobody's to read on the board.
        texts["need"] = texts["need"] or f"c:{mark_of(texts['key'])}"
    needs = given.get("needs", [])
    if not isinstance(needs, list) or any(not isinstance(ref, str) for ref in needs):
        raise BadTap(_("“needs” is to be a list of names."))
    return Tap(
        **texts,
        needs=tuple(storable(ref[:LONGEST]) for ref in needs),
        left=int(_number(given, "left")),
        age_ms=_number(given, "age_ms"),
        asked=given.get("asked", True) not in (False, "no"),
    )


def read_hello(request: HttpRequest) -> Retold:
    """Read what a phone tells again after a restart.

    Raises
    ------
    BadTap
        With what could not be read.
    """
    given = read_body(request)
    hands = _mapping(given, "hands")
    claims = _mapping(given, "claims")
    return Retold(
        nickname=_text(given, "nickname"),
        language=_text(given, "language"),
        at=_text(given, "at"),
        hands={storable(item)[:LONGEST]: int(_number(hands, item)) for item in hands},
        claims={storable(ref): str(key) for ref, key in claims.items()},
    )


def read_body(request: HttpRequest) -> Mapping[str, Any]:
    """Give the names and values that were sent.

    Raises
    ------
    BadTap
        If it is no object of JSON, or far too long.
    """
    if request.content_type != "application/json":
        form = request.POST
        return {name: form.getlist(name) if name == "needs" else form[name] for name in form}
    if int(request.META.get("CONTENT_LENGTH") or 0) > BODY_BYTES_MAX:
        raise BadTap(_("This is too much for one tap. Load the page again."))
    try:
        given = json.loads(request.body)
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict):
        raise BadTap(_("This is no tap that can be read. Load the page again."))
    return given


def _text(given: Mapping[str, Any], name: str) -> str:
    value = given.get(name, "")
    if not isinstance(value, str):
        raise BadTap(_("“%(name)s” is to be a text.") % {"name": name})
    most = WORDS_MOST if name == "words" else LONGEST
    if len(value) > most:
        said = _("“%(name)s” has %(got)s letters; up to %(most)s have room.")
        raise BadTap(said % {"name": name, "got": len(value), "most": most})
    return in_one_line(value) if name in {"words", "nickname"} else storable(value)


def _number(given: Mapping[str, Any], name: str) -> float:
    try:
        value = float(given.get(name) or 0)
    except (TypeError, ValueError, OverflowError):
        value = float("nan")
    if not isfinite(value):
        raise BadTap(_("“%(name)s” is to be a number.") % {"name": name})
    return value


def _mapping(given: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = given.get(name) or {}
    if not isinstance(value, dict) or len(value) > CLAIMS_MOST:
        raise BadTap(_("“%(name)s” is to be a list of names with values.") % {"name": name})
    return value
