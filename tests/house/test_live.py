"""Who may hear what on the stream: a sign-in, a seat of a floor, both, or nobody."""

import asyncio
from collections.abc import Awaitable, Iterator, Sequence
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, connections
from django.test.utils import CaptureQueriesContext

from tests import factories as f
from tests.floor.drawn import leader, stored
from tests.loop.held import facilitator, held
from upturn.floor.commands import claim, close_shift, leave, open_shift
from upturn.floor.models import Shift
from upturn.floor.queries import COOKIE
from upturn.house import live
from upturn.house.live import authorise
from upturn.loop.commands import joining
from upturn.people.models import Person
from upturn.record.writer import writer

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def ended(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Connections of other threads would hold the database of the tests."""
    look = live.topics_of

    def look_and_close(asked: Sequence[live.Shown]) -> Sequence[live.Topics | Exception]:
        try:
            return look(asked)
        finally:
            connections.close_all()

    monkeypatch.setattr(live, "topics_of", look_and_close)
    yield
    writer.stop()


def opened() -> Shift:
    return open_shift(leader(), stored(), now=NOW)


def heard(**cookies: str) -> set[str] | None:
    """Ask as a browser does, one header a cookie, as HTTP/2 may send them."""
    found = heard_at_once(cookies)[0]
    assert not isinstance(found, BaseException)
    return found


def heard_at_once(*browsers: dict[str, str]) -> list[set[str] | BaseException | None]:
    """Let browsers ask in the same moment."""

    def ask(cookies: dict[str, str]) -> Awaitable[set[str] | None]:
        headers = [(b"cookie", f"{name}={value}".encode()) for name, value in cookies.items()]
        return authorise({"type": "http", "headers": headers})

    async def ask_all() -> list[set[str] | BaseException | None]:
        return await asyncio.gather(*map(ask, browsers), return_exceptions=True)

    return asyncio.run(ask_all())


def signed(someone: Person) -> dict[str, str]:
    name = settings.SESSION_COOKIE_NAME
    return {name: str(f.signed_in(someone).cookies[name].value)}


def test_a_seat_hears_its_shift_and_its_own_rounds_and_nothing_else() -> None:
    shift = opened()
    first, second = [claim(shift, f"server {n}", now=NOW) for n in (1, 2)]
    assert heard(**{COOKIE: first.cookie}) == {f"shift:{shift.ref}", f"seat:{shift.ref}:1"}
    assert heard(**{COOKIE: second.cookie}) == {f"shift:{shift.ref}", f"seat:{shift.ref}:2"}


@pytest.mark.parametrize("cookie", ["", "x", ".", "x.y", "é.1", '"', "a" * 500])
def test_a_cookie_that_is_none_hears_nothing(cookie: str) -> None:
    ref = opened().ref
    assert heard(**{COOKIE: cookie}) is None
    assert heard(**{COOKIE: f"{ref}.{cookie}"}) is None
    assert heard() is None


def test_a_token_is_of_one_shift() -> None:
    held = claim(opened(), "server 1", now=NOW).cookie
    other = opened()
    token = held.partition(".")[2]
    assert heard(**{COOKIE: f"{other.ref}.{token}"}) is None


def test_a_seat_given_back_and_a_shift_that_is_closed_are_refused() -> None:
    shift = opened()
    gone, stays = [claim(shift, f"server {n}", now=NOW) for n in (1, 2)]
    leave(gone.holder, now=NOW)
    assert heard(**{COOKIE: gone.cookie}) is None
    assert heard(**{COOKIE: stays.cookie}) is not None
    close_shift(leader(), shift, now=NOW)
    assert heard(**{COOKIE: stays.cookie}) is None


def test_who_leads_hears_every_open_shift_and_who_serves_at_home_none() -> None:
    shift, other = opened(), opened()
    close_shift(leader(), other, now=NOW)
    led = heard(**signed(leader()))
    assert led is not None
    assert led == {"organisation", f"shift:{shift.ref}"}
    assert heard(**signed(f.person())) == {"organisation"}


def test_who_is_signed_in_and_holds_a_seat_hears_both() -> None:
    shift = opened()
    held = claim(shift, "server 1", now=NOW).cookie
    kitchen = f.party("Kitchen")
    both = heard(**signed(f.member(kitchen)), **{COOKIE: held})
    assert both == {
        "organisation",
        f"party:{kitchen.pk}",
        f"shift:{shift.ref}",
        f"seat:{shift.ref}:1",
    }
    assert heard(**{settings.SESSION_COOKIE_NAME: "forged", COOKIE: held}) == {
        f"shift:{shift.ref}",
        f"seat:{shift.ref}:1",
    }


def test_a_whole_room_that_comes_at_once_costs_two_questions(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    workshop = held(facilitator())
    room = [{"workshop": joining.join(workshop.code).cookie} for _ in range(60)]
    asked: list[int] = []
    look = live.topics_of

    def look_and_count(shown: Sequence[live.Shown]) -> Sequence[live.Topics | Exception]:
        with CaptureQueriesContext(connection) as queries:
            found = look(shown)
        asked.append(len(queries))
        return found

    monkeypatch.setattr(live, "topics_of", look_and_count)
    found = heard_at_once(*room, {"workshop": f"{workshop.ref}.forged"})
    assert found == [{f"workshop:{workshop.ref}"}] * 60 + [None]
    assert sum(asked) <= 2


def test_a_sign_in_that_cannot_be_read_spoils_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    workshop = held(facilitator())
    phone = {"workshop": joining.join(workshop.code).cookie}

    def fails(_session: str) -> None:
        raise DatabaseError("locked")

    monkeypatch.setattr(live, "_signed_in", fails)
    found, failed = heard_at_once(phone, {settings.SESSION_COOKIE_NAME: "any"})
    assert found == {f"workshop:{workshop.ref}"}
    assert isinstance(failed, DatabaseError)
