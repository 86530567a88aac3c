"""Cards on the short lane: stored once and together; all else goes the whole way, unread."""

import asyncio
import json
from collections.abc import Iterable
from typing import Any

import pytest
from django.utils import timezone

from tests.house.phone import Phone
from tests.loop.held import facilitator, held
from upturn.house import live
from upturn.house.bell import Bell
from upturn.house.lane import Lane
from upturn.house.lane_cards import PATH, Cards, read_draft
from upturn.loop.commands import joining, opening
from upturn.loop.models import Card, Participant, Workshop
from upturn.loop.queries.holders import code_of_screen
from upturn.record.models import OutboxEvent
from upturn.record.stream import Receive, Scope, Send
from upturn.record.writer import writer

pytestmark = pytest.mark.django_db(transaction=True)
CARD = {"ref": "a" * 32, "key": "key-of-a-card-00001", "step": 0, "words": "Warm plates"}


@pytest.fixture
def workshop() -> Iterable[Workshop]:
    host = facilitator()
    yield opening.begin(host, held(host), now=timezone.now())
    writer.stop()


def phone(shown: str, body: object, **said: str) -> Phone:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    given = {
        "host": "localhost",
        "origin": "http://localhost",
        "content-type": "application/json",
        "cookie": f"workshop={shown}",
    } | said
    headers = [(name.encode(), value.encode()) for name, value in given.items() if value]
    return Phone(raw, path=PATH, headers=headers)


def ask(*phones: Phone) -> int:
    """Let the phones ask all at once; return how many went the whole way."""
    whole = 0

    async def whole_way(_scope: Scope, _receive: Receive, send: Send) -> None:
        nonlocal whole
        whole += 1
        await send({"type": "http.response.start", "status": 204, "headers": []})

    async def run() -> None:
        lane: Any = Lane(whole_way, [Cards()])  # type: ignore[arg-type]
        assert all(lane.takes(each.scope) for each in phones)
        await asyncio.gather(*(lane(each.scope, each.receive, each.send) for each in phones))

    asyncio.run(run())
    return whole


def test_a_card_is_stored_once_and_its_phone_is_told_how_many(workshop: Workshop) -> None:
    cookie = joining.join(workshop.code).cookie
    joining.join(workshop.code)
    first, again = phone(cookie, CARD), phone(cookie, CARD)
    assert ask(first) == ask(again) == 0
    told = {"ok": True, "again": False, "handed": 1, "of": 2, "turn": 1}
    assert json.loads(first.body) == told
    assert json.loads(again.body) == told | {"again": True}
    assert Card.objects.get().words == "Warm plates"


def test_a_whole_room_shares_a_few_transactions(workshop: Workshop) -> None:
    cookies = [joining.join(workshop.code).cookie for _ in range(60)]
    OutboxEvent.objects.all().delete()
    sent = [phone(cookie, CARD | {"ref": f"{n:032x}"}) for n, cookie in enumerate(cookies)]
    assert ask(*sent) == 0
    assert Card.objects.count() == 60
    assert OutboxEvent.objects.filter(topic__startswith="workshop-host").count() < 10
    workshop.refresh_from_db()
    assert workshop.phase == "read"


@pytest.mark.parametrize(
    "said",
    [
        {"origin": ""},
        {"origin": "http://elsewhere"},
        {"origin": "null"},
        {"content-type": "text/plain"},
        {"content-type": "application/x-www-form-urlencoded"},
        {"cookie": ""},
        {"cookie": "workshop=aa.bb"},
        {"host": "elsewhere", "origin": "http://elsewhere"},
    ],
)
def test_other_pages_and_strangers_go_the_whole_way(
    workshop: Workshop, said: dict[str, str]
) -> None:
    cookie = joining.join(workshop.code).cookie
    assert ask(phone(cookie, CARD, **said)) == 1
    assert not Card.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        b"not json",
        [1],
        {"ref": "a" * 32},
        CARD | {"more": 1},
        CARD | {"step": "0"},
        CARD | {"step": True},
        CARD | {"done": 1},
        CARD | {"sure": "4"},
        CARD | {"words": "x" * 20_000},
        CARD | {"words": " "},
        CARD | {"step": 99},
    ],
)
def test_what_is_refused_is_worded_on_the_whole_way(workshop: Workshop, body: object) -> None:
    assert ask(phone(joining.join(workshop.code).cookie, body)) == 1
    assert not Card.objects.exists()


def test_a_card_may_say_all_that_a_card_can() -> None:
    more = {"kind": "", "language": "ar", "signed": "Ana", "done": False, "sure": None}
    found = read_draft(json.dumps(CARD | more).encode())
    assert found is not None and (found.language, found.done) == ("ar", False)


def test_the_bell_opens_cards_and_outlives_an_error(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    Workshop.objects.update(until=timezone.now())
    bell = Bell()
    assert (bell.turn(), bell.turn()) == (True, False)
    assert Workshop.objects.get().phase == "read"

    def fails(_now: object) -> bool:
        raise RuntimeError("somebody's words")

    monkeypatch.setattr("upturn.loop.jobs.open_cards", fails)
    assert (bell.turn(), bell.pause_s) == (False, 5.0)


def test_a_stream_hears_what_its_cookies_prove(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "close_old_connections", lambda: None)
    cookie = joining.join(workshop.code).cookie
    own = {f"workshop:{workshop.ref}"}
    screen = f"{workshop.ref}.{code_of_screen(workshop.ref)}"
    everything = own | {f"workshop-host:{workshop.ref}"}
    asked = [
        {"workshop": cookie},
        {"workshop": cookie, "screen": screen},
        {"workshop": "aa.bb", "screen": "aa.bb"},
    ]
    assert live.topics_of(asked) == [own, everything, None]
    Participant.objects.all().delete()
    assert live.topics_of(asked[:1]) == [None]
