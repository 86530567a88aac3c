"""The short lane says what the whole way would say, or leaves it to the whole way."""

import asyncio
import json
from collections.abc import Iterable
from typing import Any

import pytest
from django.core.wsgi import get_wsgi_application
from django.db import connection

from tests import factories as f
from tests.house.phone import Phone
from upturn.graph.models import Kind
from upturn.house import lane_words
from upturn.house.bridge import InThreads
from upturn.house.lane import SMALL, Lane
from upturn.house.lane_words import Comments
from upturn.people.models import Token
from upturn.record.errors import WriterBusy
from upturn.record.proofs import hash_of
from upturn.record.writer import writer
from upturn.voice.models import Feedback

pytestmark = pytest.mark.django_db(transaction=True)
WRITES, READS = "a-key-that-writes-comments", "a-key-that-only-reads"
SOUND = {"text": "The soup was cold", "score": 2, "id": "till-1"}


@pytest.fixture(autouse=True)
def keys() -> Iterable[None]:
    made_by = f.person(role="administrator")
    for key, scopes in ((WRITES, "feedback:write graph:read"), (READS, "feedback:read")):
        Token.objects.create(
            name=key, key_hash=hash_of(key), scopes=scopes, made_by=made_by, made_on=f.TODAY
        )
    yield
    writer.stop()


def phone(body: object, **headers: str) -> Phone:
    given = {"host": "localhost", "authorization": f"Bearer {WRITES}"} | headers
    payload = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Phone(
        *[payload[start : start + 40] for start in range(0, min(len(payload), 4000), 40)],
        payload[4000:],
        path="/api/feedback",
        headers=[
            (b"content-type", b"application/json"),
            *((name.replace("_", "-").encode(), value.encode()) for name, value in given.items()),
        ],
    )


class WholeWay:
    """Django's own answer, and how often it was asked for one."""

    def __init__(self) -> None:
        self.asked = 0
        self._pages = get_wsgi_application()

    def __call__(self, environ: dict[str, Any], start: Any) -> list[bytes]:
        self.asked += 1
        try:
            response = self._pages(environ, start)
            return list(response)
        finally:
            connection.close()


def ask(*phones: Phone, by_lane: bool = True) -> int:
    """Let the phones ask one after another; return how many went the whole way."""
    pages = WholeWay()

    async def run() -> None:
        whole_way = InThreads(pages, threads=1, body_bytes_max=10_000_000)
        lane = Lane(whole_way, [Comments()])
        for each in phones:
            assert lane.takes(each.scope)
            await (lane if by_lane else whole_way)(each.scope, each.receive, each.send)
        await whole_way.stop()

    asyncio.run(run())
    return pages.asked


def test_a_sound_comment_is_stored_beside_django() -> None:
    first, again = phone(SOUND), phone(SOUND)
    assert ask(first, again) == 0
    assert (first.status, json.loads(first.body)) == (200, {"new": 1, "same": 0})
    assert (again.status, json.loads(again.body)) == (200, {"new": 0, "same": 1})
    stored = Feedback.objects.get()
    assert (stored.text, stored.score_raw, stored.scale) == ("The soup was cold", "2", "0-10")


def test_it_says_and_stores_what_django_would() -> None:
    ask(by_lane := phone(SOUND))
    kept = Feedback.objects.values().get()
    Feedback.objects.all().delete()
    ask(by_django := phone(SOUND), by_lane=False)
    told = Feedback.objects.values().get()
    differing = {"id", "at", "week"}
    assert {key: kept[key] for key in kept.keys() - differing} == {
        key: told[key] for key in told.keys() - differing
    }
    assert (by_lane.status, by_lane.body) == (by_django.status, by_django.body)
    for name in (b"content-type", b"content-length", b"x-content-type-options"):
        assert by_lane.headers[name] == by_django.headers[name]


def test_a_comment_finds_its_touchpoint() -> None:
    point = f.touchpoint("Paying", customers=f.party(kind=Kind.CUSTOMERS))
    assert ask(phone(SOUND | {"touchpoint": point.key})) == 0
    assert Feedback.objects.get().touchpoint_id == point.pk


NOT_PLAIN: dict[str, tuple[Phone, int]] = {
    "no JSON": (phone(b"{"), 400),
    "nothing": (phone(b""), 422),
    "no text": (phone({"score": 1}), 422),
    "a nul": (phone({"text": "a\0b"}), 422),
    "a score off its scale": (phone(SOUND | {"score": 11}), 422),
    "an unknown touchpoint": (phone(SOUND | {"touchpoint": "nowhere"}), 422),
    "a word too many": (phone(SOUND | {"colour": "red"}), 422),
    "several comments": (phone({"comments": [SOUND, {"text": "Good"}]}), 200),
    "an idempotency key": (phone({"text": "Good"}, idempotency_key="k"), 200),
    "an unknown token": (phone(SOUND, authorization="Bearer wrong"), 401),
    "a token without the scope": (phone(SOUND, authorization=f"Bearer {READS}"), 401),
    "no token": (phone(SOUND, authorization=""), 401),
    "a foreign host": (phone(SOUND, host="attacker.example"), 400),
    "a large body": (phone(SOUND | {"text": "x" * (SMALL + 1)}), 422),
}


@pytest.mark.parametrize("case", NOT_PLAIN)
def test_whatever_is_not_plain_goes_the_whole_way_with_the_same_bytes(case: str) -> None:
    sent, status = NOT_PLAIN[case]
    messages = [dict(message) for message in sent.to_send]
    assert ask(sent) == 1
    assert sent.status == status
    stored = {"several comments": 2, "an idempotency key": 1}.get(case, 0)
    assert Feedback.objects.count() == stored
    direct = Phone(**{key: sent.scope[key] for key in ("path", "headers")})
    direct.to_send = messages
    Feedback.objects.all().delete()
    ask(direct, by_lane=False)
    assert (direct.status, direct.body) == (sent.status, sent.body)


def test_what_could_not_be_stored_is_handed_in_the_whole_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def busy(comment: object) -> bool:
        raise WriterBusy("2048 writes are waiting.")

    monkeypatch.setattr("upturn.voice.commands.hand_in_alone", busy)
    sent = phone(SOUND)
    assert ask(sent) == 1
    assert json.loads(sent.body) == {"new": 1, "same": 0}


def test_a_token_that_was_ended_is_refused_when_it_is_looked_at_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before, soon, later = phone(SOUND), phone(SOUND), phone(SOUND)
    now = [0.0]
    monkeypatch.setattr(lane_words, "monotonic", lambda: now[0])

    class Ending(Phone):
        async def receive(self) -> dict[str, Any]:
            await asyncio.to_thread(end)
            return await super().receive()

    def end() -> None:
        Token.objects.all().delete()
        connection.close()
        now[0] += lane_words.KNOWN_S - 1 if now[0] == 0 else 2

    for each in (soon, later):
        each.__class__ = Ending
        each.to_send = [{"type": "http.request", "body": json.dumps(SOUND).encode()}]
    assert ask(before, soon, later) == 1
    assert (before.status, soon.status, later.status) == (200, 200, 401)


def test_only_comments_take_the_lane() -> None:
    whole_way = InThreads(lambda environ, start: [], threads=1, body_bytes_max=1)
    lane = Lane(whole_way, [Comments()])
    for method, path in (("GET", "/api/feedback"), ("POST", "/api/feedback/x"), ("POST", "/")):
        assert not lane.takes({"method": method, "path": path})
