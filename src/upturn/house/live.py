"""Which topics the holder of a sign-in may hear."""

import asyncio
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY, get_user
from django.db import close_old_connections
from django.http import HttpRequest

from upturn.people.queries import parties_of
from upturn.record.stream import Scope

EVERYBODY = "organisation"


async def authorise(scope: Scope) -> set[str] | None:
    """Topics of the person behind a request, or None; the database is asked in a thread."""
    key = _session_key(scope)
    return await asyncio.to_thread(_topics, key) if key else None


def _session_key(scope: Scope) -> str:
    header = dict(scope["headers"]).get(b"cookie", b"").decode("latin-1")
    try:
        cookie = SimpleCookie(header).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return ""
    return cookie.value if cookie else ""


def _topics(key: str) -> set[str] | None:
    close_old_connections()
    request = HttpRequest()
    store: Any = import_module(settings.SESSION_ENGINE)
    request.session = store.SessionStore(key)
    if SESSION_KEY not in request.session:
        return None
    viewer = get_user(request)
    if not viewer.is_authenticated:
        return None
    return {EVERYBODY} | {f"party:{party}" for party in parties_of(viewer)}
