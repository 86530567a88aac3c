"""What a phone sends: by its script as JSON, without one as a form."""

import json
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from upturn.loop.commands.drafts import Draft
from upturn.loop.commands.nominating import NominationDraft

MOST_BYTES = 65_536


def sent(request: HttpRequest) -> Mapping[str, Any]:
    """Give what was sent, nothing where it cannot be read."""
    if request.content_type != "application/json":
        return request.POST.dict()
    if len(request.body) > MOST_BYTES:
        return {}
    try:
        read = json.loads(request.body)
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}


def read_draft(said: Mapping[str, Any]) -> Draft:
    """Read a card; what is missing or of another kind is refused where cards are looked at."""
    return Draft(
        ref=_text(said, "ref"),
        key=_text(said, "key"),
        step=_number(said, "step"),
        words=_text(said, "words"),
        kind=_text(said, "kind"),
        language=_text(said, "language"),
        signed=_text(said, "signed"),
        done=said.get("done") not in (False, "", "no"),
        sure=_number(said, "sure", missing=0) or None,
    )


def read_nomination(said: Mapping[str, Any]) -> NominationDraft:
    """Read who does it already, and what was noticed."""
    return NominationDraft(
        key=_text(said, "key"), nominee=_text(said, "nominee"), noticed=_text(said, "noticed")
    )


def _text(said: Mapping[str, Any], name: str) -> str:
    given = said.get(name, "")
    return given if isinstance(given, str) else ""


def _number(said: Mapping[str, Any], name: str, *, missing: int = -1) -> int:
    given = said.get(name)
    if isinstance(given, str) and given.isascii() and given.isdecimal() and len(given) < 6:
        return int(given)
    if isinstance(given, int) and not isinstance(given, bool) and 0 <= given < 100_000:
        return given
    return missing
