"""Which topics the holder of a sign-in, or of a seat on a floor, may hear."""

import asyncio
from importlib import import_module
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY, get_user
from django.db import close_old_connections
from django.http import HttpRequest, parse_cookie

from upturn.floor.queries.seats import COOKIE
from upturn.floor.queries.topics import topics_of_lead, topics_of_seat
from upturn.people.queries import parties_of
from upturn.plan.queries.live import topics_of_plans
from upturn.record.stream import Scope

if TYPE_CHECKING:
    from upturn.people.models import Person

EVERYBODY = "organisation"


async def authorise(scope: Scope) -> set[str] | None:
    """Topics of whoever is behind a request, or None; the database is asked in a thread."""
    cookies = _cookies(scope)
    session, seat = cookies.get(settings.SESSION_COOKIE_NAME, ""), cookies.get(COOKIE, "")
    return await asyncio.to_thread(_topics, session, seat) if session or seat else None


def _cookies(scope: Scope) -> dict[str, str]:
    headers = [value for name, value in scope["headers"] if name == b"cookie"]
    return parse_cookie(b"; ".join(headers).decode("latin-1"))


def _topics(session: str, seat: str) -> set[str] | None:
    close_old_connections()
    viewer = _signed_in(session) if session else None
    signed_in = _topics_of(viewer) if viewer else None
    served = topics_of_seat(seat) if seat else None
    if signed_in is None and served is None:
        return None
    return (signed_in or set()) | (served or set())


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
    return {EVERYBODY, *topics_of_lead(viewer), *topics_of_plans(viewer)} | parties
