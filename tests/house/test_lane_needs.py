"""Needs of programs on the short lane: what Django would say, stored once, in few transactions."""

import asyncio
import json
from collections.abc import Iterable
from typing import Any

import pytest
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.utils import timezone

from tests.floor.drawn import leader
from tests.floor.hooked import address, hooked, signed
from tests.house.phone import Phone
from upturn.floor import commands
from upturn.floor.models import FloorHook, ShiftNeed, ShiftTap
from upturn.floor.queries.hooks import hook_secret
from upturn.house import lane_needs
from upturn.house.bridge import InThreads
from upturn.house.lane import SMALL, Lane
from upturn.house.lane_needs import Needs
from upturn.record.errors import WriterBusy
from upturn.record.writer import writer

pytestmark = pytest.mark.django_db(transaction=True)
BILL = {"place": "1-1", "kind": "bill"}


@pytest.fixture
def hook() -> Iterable[FloorHook]:
    made = hooked()
    commands.open_shift(leader(), made.floor, now=timezone.now())
    yield made
    writer.stop()


def phone(hook: FloorHook, body: object, **said: str) -> Phone:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    host = said.pop("host", "localhost")
    given = {"host": host, "content-type": "application/json"}
    given |= signed(hook_secret(hook.ref), raw, **said)
    headers = [(name.encode(), value.encode()) for name, value in given.items()]
    return Phone(raw, path=address(hook.ref), headers=headers)


def ask(*phones: Phone, by_lane: bool = True) -> int:
    """Let the phones ask all at once; return how many went the whole way."""
    asked, pages = [], get_wsgi_application()

    def whole(environ: dict[str, Any], start: Any) -> list[bytes]:
        asked.append(environ["PATH_INFO"])
        try:
            return list(pages(environ, start))
        finally:
            connection.close()

    async def run() -> None:
        whole_way = InThreads(whole, threads=1, body_bytes_max=10_000_000)
        lane = Lane(whole_way, [Needs()])
        app = lane if by_lane else whole_way
        assert all(lane.takes(each.scope) for each in phones)
        await asyncio.gather(*(app(each.scope, each.receive, each.send) for each in phones))
        await whole_way.stop()

    asyncio.run(run())
    return len(asked)


def test_it_says_and_stores_what_django_would(hook: FloorHook) -> None:
    said = {"id": "one", "moment": str(int(timezone.now().timestamp()))}
    short, again, whole = (phone(hook, BILL | {"words": "card"}, **said) for _ in range(3))
    assert ask(short) == 0
    kept = ShiftNeed.objects.values().get()
    assert ask(again) == 0
    assert ShiftNeed.objects.values().get() == kept
    assert json.loads(again.body) == {"new": 0, "same": 1, "refs": json.loads(short.body)["refs"]}
    ShiftTap.objects.all().delete()
    ShiftNeed.objects.all().delete()
    ask(whole, by_lane=False)
    differing = {"id", "raised_s", "asked_s"}
    stored = ShiftNeed.objects.values().get()
    assert {key: stored[key] for key in stored.keys() - differing} == {
        key: kept[key] for key in kept.keys() - differing
    }
    assert (short.status, short.body) == (whole.status, whole.body)
    for name in (b"content-type", b"content-length", b"x-content-type-options"):
        assert short.headers[name] == whole.headers[name]


def test_a_storm_loses_none_and_doubles_none(hook: FloorHook) -> None:
    places = [f"{section}-{table}" for section in (1, 2) for table in (1, 2, 3)]
    sent = [
        phone(hook, {"place": places[n % 6], "kind": ("bill", "coffee")[n % 2]}, id=f"m{n}")
        for n in range(200)
    ]
    twice = [phone(hook, BILL | {"place": places[0]}, id="m0") for _ in range(20)]
    assert ask(*sent, *twice) == 0
    answers = [json.loads(each.body) for each in (*sent, *twice)]
    assert sum(answer["new"] for answer in answers) == 200
    assert sum(answer["same"] for answer in answers) == 20
    assert sum(ShiftNeed.objects.values_list("count", flat=True)) == 200
    assert ShiftNeed.objects.count() == 6
    assert ShiftTap.objects.count() == 200


def test_a_bad_message_among_good_ones_spoils_none(hook: FloorHook) -> None:
    good = [phone(hook, BILL) for _ in range(5)]
    bad = phone(hook, BILL | {"place": "nowhere"})
    assert ask(*good, bad) == 1
    assert [each.status for each in (*good, bad)] == [200] * 5 + [422]
    assert ShiftNeed.objects.get().count == 5


NOT_PLAIN: dict[str, tuple[object, dict[str, str], int]] = {
    "nothing": (b"", {}, 400),
    "no JSON": (b"{", {}, 400),
    "no kind": ({"place": "1-1"}, {}, 422),
    "an unknown place": (BILL | {"place": "9"}, {}, 422),
    "signed long ago": (BILL, {"moment": "1"}, 401),
    "a foreign host": (BILL, {"host": "attacker.example"}, 400),
    "a large body": (json.dumps(BILL).encode() + b" " * SMALL, {}, 200),
}


@pytest.mark.parametrize("case", NOT_PLAIN)
def test_whatever_is_not_plain_goes_the_whole_way_with_the_same_bytes(
    hook: FloorHook, case: str
) -> None:
    body, said, status = NOT_PLAIN[case]
    sent = phone(hook, body, **said)
    assert ask(sent) == 1
    assert sent.status == status, sent.body
    assert ShiftNeed.objects.count() == (status == 200)


def test_forged_messages_reach_no_table(hook: FloorHook, django_assert_num_queries: Any) -> None:
    sent = phone(hook, BILL)
    proof = b"webhook-signature"
    sent.scope["headers"] = [
        (name, b"v1,AAAA" if name == proof else value) for name, value in sent.scope["headers"]
    ]
    with django_assert_num_queries(0):
        assert asyncio.run(Needs().answer(sent.scope, sent.to_send[0]["body"])) is None
    assert not ShiftNeed.objects.exists()


def test_what_could_not_be_stored_is_sent_the_whole_way(
    hook: FloorHook, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def busy(message: object) -> None:
        raise WriterBusy("2048 writes are waiting.")

    monkeypatch.setattr(lane_needs, "bring_in_plain", busy)
    sent = phone(hook, BILL)
    assert ask(sent) == 1
    assert json.loads(sent.body)["new"] == 1


def test_only_messages_of_programs_take_the_lane() -> None:
    lane = Lane(InThreads(lambda environ, start: [], threads=1, body_bytes_max=1), [Needs()])
    ours = address("0123456789ab")
    for method, path in (("GET", ours), ("POST", f"{ours}/"), ("POST", "/api/floor/x/needs")):
        assert not lane.takes({"method": method, "path": path})
    assert lane.takes({"method": "POST", "path": ours})
