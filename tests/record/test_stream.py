"""What a browser receives under /live/, from the first header to the end."""

import asyncio
from collections.abc import Awaitable, Callable, Set
from typing import Any

import pytest

from tests.record.outboxes import Outbox, ids
from upturn.record.hub import Hub
from upturn.record.stream import LOOKS, Stream, topics_asked


class Browser:
    """One request, held by the test from the other side."""

    def __init__(self, query: str = "", *, last_event_id: str | None = None) -> None:
        headers = [(b"last-event-id", last_event_id.encode())] if last_event_id else []
        self.scope = {"type": "http", "query_string": query.encode(), "headers": headers}
        self.messages: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.hung_up = asyncio.Event()
        self.stuck = False

    async def receive(self) -> dict[str, Any]:
        await self.hung_up.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        if self.stuck:
            await asyncio.Event().wait()
        await self.messages.put(message)

    def open(self, stream: Stream) -> "asyncio.Task[None]":
        return asyncio.create_task(stream(self.scope, self.receive, self.send))

    async def begin(self) -> dict[bytes, bytes]:
        start = await self.messages.get()
        assert start["status"] == 200
        return dict(start["headers"])

    async def read(self) -> str:
        body: bytes = (await self.messages.get())["body"]
        return body.decode()


class Door:
    """Who may hear what, as the test says at the moment."""

    def __init__(self, *topics: str) -> None:
        self.topics: Set[str] | None = frozenset(topics)
        self.asked = 0

    async def __call__(self, scope: Any) -> Set[str] | None:
        self.asked += 1
        return self.topics


def play(scenario: Callable[[Stream, Outbox, Hub, Door], Awaitable[None]], **how: Any) -> None:
    async def run() -> None:
        tail, door = Outbox(), Door("party:12", "organisation")
        hub = Hub(tail)
        await scenario(Stream(authorise=door, hub=hub, **how), tail, hub, door)

    asyncio.run(run())


def test_a_stream_opens_with_its_place_and_passes_events_on() -> None:
    async def scenario(stream: Stream, tail: Outbox, hub: Hub, door: Door) -> None:
        tail.commit(count=3)
        browser = Browser()
        browser.open(stream)
        headers = await browser.begin()
        assert headers[b"content-type"].startswith(b"text/event-stream")
        assert headers[b"cache-control"] == b"no-store"
        assert headers[b"x-accel-buffering"] == b"no"
        assert await browser.read() == "id: 3\nevent: open\ndata: {}\n\n"
        tail.commit()
        await hub.deliver()
        event = 'id: 4\nevent: party:12\ndata: {"kind": "ask", "ref": "1"}\n\n'
        assert await browser.read() == event

    play(scenario)


@pytest.mark.parametrize(
    "browser",
    [
        lambda: Browser(last_event_id="2"),
        lambda: Browser("after=2"),
        lambda: Browser("after=0", last_event_id="2"),
    ],
)
def test_a_stream_resumes_behind_what_the_browser_or_its_page_knows(
    browser: Callable[[], Browser],
) -> None:
    async def scenario(stream: Stream, tail: Outbox, hub: Hub, door: Door) -> None:
        tail.commit(count=4)
        resumed = browser()
        resumed.open(stream)
        await resumed.begin()
        assert (await resumed.read()).startswith("id: 2\nevent: open\n")
        assert ids((await resumed.read()).encode()) == [3, 4]

    play(scenario)


@pytest.mark.parametrize("nonsense", ["-1", "x", "1e9", "9" * 40, "²"])
def test_a_place_that_is_none_is_not_believed(nonsense: str) -> None:
    async def scenario(stream: Stream, tail: Outbox, hub: Hub, door: Door) -> None:
        tail.commit(count=4)
        browser = Browser(f"after={nonsense}")
        browser.open(stream)
        await browser.begin()
        assert (await browser.read()).startswith("id: 4\nevent: open\n")

    play(scenario)


def test_a_stranger_is_refused() -> None:
    async def scenario(stream: Stream, tail: Outbox, hub: Hub, door: Door) -> None:
        door.topics = None
        browser = Browser()
        await browser.open(stream)
        start = await browser.messages.get()
        assert start["status"] == 403
        assert dict(start["headers"])[b"cache-control"] == b"no-store"

    play(scenario)


def test_asking_for_a_topic_does_not_open_it() -> None:
    async def scenario(stream: Stream, tail: Outbox, hub: Hub, door: Door) -> None:
        browser = Browser("topic=party:12&topic=party:13")
        browser.open(stream)
        await browser.begin()
        await browser.read()
        tail.commit("party:13")
        tail.commit("organisation")
        tail.commit("party:12")
        await hub.deliver()
        assert ids((await browser.read()).encode()) == [3]

    play(scenario)


def test_a_removed_member_loses_the_stream() -> None:
    async def scenario(stream: Stream, tail: Outbox, hub: Hub, door: Door) -> None:
        browser = Browser()
        opened = browser.open(stream)
        await browser.begin()
        await browser.read()
        door.topics = None
        await opened
        assert (await browser.messages.get())["more_body"] is False
        assert hub._readers == set()

    play(scenario, recheck_s=0.01)


def test_a_member_of_other_parties_hears_those_at_the_next_look() -> None:
    async def scenario(stream: Stream, tail: Outbox, hub: Hub, door: Door) -> None:
        browser = Browser()
        browser.open(stream)
        await browser.begin()
        await browser.read()
        door.topics = {"party:13"}
        looked = door.asked
        while door.asked < looked + 2:  # the second look begins when the first is done
            await asyncio.sleep(0)
        tail.commit("party:12")
        tail.commit("party:13")
        await hub.deliver()
        assert ids((await browser.read()).encode()) == [2]

    play(scenario, recheck_s=0.01)


def test_the_sign_in_is_not_looked_at_for_every_event() -> None:
    async def scenario(stream: Stream, tail: Outbox, hub: Hub, door: Door) -> None:
        browser = Browser()
        browser.open(stream)
        await browser.begin()
        await browser.read()
        for _ in range(20):
            tail.commit()
            await hub.deliver()
            await browser.read()
        assert door.asked == 1

    play(scenario)


def test_a_browser_that_hangs_up_is_forgotten_even_in_the_middle_of_a_part() -> None:
    async def scenario(stream: Stream, tail: Outbox, hub: Hub, door: Door) -> None:
        browser = Browser()
        opened = browser.open(stream)
        await browser.begin()
        await browser.read()
        browser.stuck = True
        tail.commit()
        await hub.deliver()
        browser.hung_up.set()
        await opened
        assert hub._readers == set()

    play(scenario)


def test_a_reader_that_is_dropped_is_told_so_and_let_go() -> None:
    async def scenario(stream: Stream, tail: Outbox, hub: Hub, door: Door) -> None:
        tail.commit(count=5)
        del tail.kept[:4]
        browser = Browser(last_event_id="1")
        opened = browser.open(stream)
        await browser.begin()
        assert "event: open" in await browser.read()
        assert await browser.read() == "id: 5\nevent: reload\ndata: {}\n\n"
        await opened

    play(scenario)


def test_at_the_end_all_streams_close_stuck_or_not_and_none_opens() -> None:
    async def scenario(stream: Stream, tail: Outbox, hub: Hub, door: Door) -> None:
        browsers = [Browser() for _ in range(3)]
        stream.start()
        opened = [browser.open(stream) for browser in browsers]
        for browser in browsers:
            await browser.begin()
            await browser.read()
        browsers[0].stuck = True
        hub.comment()
        await stream.stop()
        await asyncio.gather(*opened)
        late = Browser()
        await late.open(stream)
        assert (await late.messages.get())["status"] == 503

    play(scenario)


def test_the_topics_asked_for_are_read_from_the_address() -> None:
    assert topics_asked({"query_string": b""}) == frozenset()
    assert topics_asked({"query_string": b"topic=a%3A1&topic=b&x=c"}) == {"a:1", "b"}


def test_looks_at_a_room_of_streams_fall_on_a_few_moments() -> None:
    async def scenario(stream: Stream, tail: Outbox, hub: Hub, door: Door) -> None:
        now = asyncio.get_running_loop().time
        due = [now() + stream._until_a_look(after_s=n * 0.06) for n in range(500)]
        assert len({round(each, 2) for each in due}) <= LOOKS + 1
        assert all(each >= now() for each in due)

    play(scenario, recheck_s=30.0)
