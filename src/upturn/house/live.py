"""Which topics the holder of a sign-in, a seat on a floor or a phone in a workshop may hear."""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY, get_user
from django.db import close_old_connections
from django.http import HttpRequest, parse_cookie

from upturn.floor.queries.seats import COOKIE
from upturn.floor.queries.topics import topics_of_lead, topics_of_seat
from upturn.loop.queries import holders
from upturn.loop.queries.live import topics_of_host, topics_of_phones, topics_of_screen
from upturn.people.queries import parties_of
from upturn.plan.queries.live import topics_of_plans
from upturn.record.stream import Scope

if TYPE_CHECKING:
    from upturn.people.models import Person

EVERYBODY = "organisation"

Shown = Mapping[str, str]
"""The cookies of a request that may let it hear something, by their name."""
Topics = set[str] | None
Known = Mapping[str, set[str]]


def _one_by_one(topics_of: Callable[[str], Topics]) -> Callable[[Collection[str]], Known]:
    def topics_of_all(cookies: Collection[str]) -> Known:
        found = {cookie: topics_of(cookie) for cookie in cookies}
        return {cookie: topics for cookie, topics in found.items() if topics is not None}

    return topics_of_all


WITHOUT_ACCOUNT: Mapping[str, Callable[[Collection[str]], Known]] = {
    COOKIE: _one_by_one(topics_of_seat),
    holders.COOKIE: topics_of_phones,
    holders.SCREEN_COOKIE: _one_by_one(topics_of_screen),
}
"""What cookies that are no sign-in let their holders hear; a room of phones is asked at once."""


class Door:
    """Asks in a thread who is behind requests: all that came meanwhile in one turn."""

    def __init__(self) -> None:
        self._waiting: list[tuple[Shown, asyncio.Future[Topics]]] = []
        self._asking: asyncio.Task[None] | None = None

    async def topics(self, shown: Shown) -> Topics:
        answer: asyncio.Future[Topics] = asyncio.get_running_loop().create_future()
        self._waiting.append((shown, answer))
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask())
        return await answer

    async def _ask(self) -> None:
        while self._waiting:
            asked, self._waiting = self._waiting, []
            try:
                found = await asyncio.to_thread(topics_of, [shown for shown, _ in asked])
            except Exception as error:  # noqa: BLE001 - raised where each of them waits
                found = [error] * len(asked)
            for (_, answer), topics in zip(asked, found, strict=True):
                _reply(answer, topics)


def _reply(answer: "asyncio.Future[Topics]", topics: Topics | Exception) -> None:
    if answer.done():  # whoever asked has hung up
        return
    if isinstance(topics, Exception):
        answer.set_exception(topics)
    else:
        answer.set_result(topics)


_door = Door()


async def authorise(scope: Scope) -> Topics:
    """Topics of whoever is behind a request, or None; the database is asked in a thread."""
    cookies = _cookies(scope)
    names = (settings.SESSION_COOKIE_NAME, *WITHOUT_ACCOUNT)
    shown = {name: cookies[name] for name in names if cookies.get(name)}
    return await _door.topics(shown) if shown else None


def _cookies(scope: Scope) -> dict[str, str]:
    headers = [value for name, value in scope["headers"] if name == b"cookie"]
    return parse_cookie(b"; ".join(headers).decode("latin-1"))


def topics_of(asked: Sequence[Shown]) -> Sequence[Topics | Exception]:
    """Give what each of some requests may hear; a sign-in that cannot be read spoils no other."""
    close_old_connections()
    known = {
        name: read({shown[name] for shown in asked if name in shown})
        for name, read in WITHOUT_ACCOUNT.items()
        if any(name in shown for shown in asked)
    }
    return [_topics(shown, known) for shown in asked]


def _topics(shown: Shown, known: Mapping[str, Known]) -> Topics | Exception:
    heard = [known[name][shown[name]] for name in known if shown.get(name) in known[name]]
    try:
        session = shown.get(settings.SESSION_COOKIE_NAME, "")
        viewer = _signed_in(session) if session else None
        heard += [_topics_of(viewer)] if viewer else []
    except Exception as error:  # noqa: BLE001 - raised where this one waits
        return error
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
