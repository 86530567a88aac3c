"""Which topics the holder of a sign-in, a seat on a floor or a phone in a workshop may hear."""

import asyncio
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY, get_user
from django.db import close_old_connections
from django.http import HttpRequest, parse_cookie

from upturn.floor.queries.seats import COOKIE
from upturn.floor.queries.topics import topics_of_lead, topics_of_seat
from upturn.loop.queries import holders
from upturn.loop.queries.live import topics_of_host, topics_of_phone, topics_of_screen
from upturn.people.queries import parties_of
from upturn.plan.queries.live import topics_of_plans
from upturn.record.stream import Scope

if TYPE_CHECKING:
    from upturn.people.models import Person

EVERYBODY = "organisation"


WITHOUT_ACCOUNT: Mapping[str, Callable[[str], set[str] | None]] = {
    COOKIE: topics_of_seat,
    holders.COOKIE: topics_of_phone,
    holders.SCREEN_COOKIE: topics_of_screen,
}
"""What a cookie that is no sign-in lets its holder hear."""


async def authorise(scope: Scope) -> set[str] | None:
    """Topics of whoever is behind a request, or None; the database is asked in a thread."""
    cookies = _cookies(scope)
    session = cookies.get(settings.SESSION_COOKIE_NAME, "")
    shown = {name: cookies[name] for name in WITHOUT_ACCOUNT if cookies.get(name)}
    return await asyncio.to_thread(_topics, session, shown) if session or shown else None


def _cookies(scope: Scope) -> dict[str, str]:
    headers = [value for name, value in scope["headers"] if name == b"cookie"]
    return parse_cookie(b"; ".join(headers).decode("latin-1"))


def _topics(session: str, shown: Mapping[str, str]) -> set[str] | None:
    close_old_connections()
    viewer = _signed_in(session) if session else None
    heard = [_topics_of(viewer)] if viewer else []
    for name, value in shown.items():
        if (topics := WITHOUT_ACCOUNT[name](value)) is not None:
            heard.append(topics)
    return set().union(*heard) if heard else None


def _signed_in(session: str) -> "Person | None":
    request = HttpRequest()
    store: Any = import_module(settings.SESSION_ENGINE)
    request.session = store.SessionStore(session)
    if SESSION_KEY not in request.session:
        return None
    viewer = get_user(request)
    return viewer if viewer.is_authenticated else None


def _topics_of(viewer: "Person") -> set[str]:
    parties = {f"party:{each}" for each in parties_of(viewer)}
    live = (*topics_of_lead(viewer), *topics_of_plans(viewer), *topics_of_host(viewer))
    return {EVERYBODY, *live} | parties
