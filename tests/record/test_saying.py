"""What is told and kept nowhere: heard by who listens now, and by nobody later."""

import asyncio
import json
from threading import Thread

from tests.record.outboxes import Outbox, ids
from tests.record.test_stream import Browser, Door, play
from upturn.record.hub import WAITING, Hub, render_unkept
from upturn.record.stream import Stream

SEAT, OTHER = frozenset({"seat:ab:1"}), frozenset({"seat:ab:2"})


def said(chunk: str) -> dict[str, str]:
    """Read an event of a seat, which must not move the place of its reader."""
    assert not any(line.startswith("id:") for line in chunk.splitlines())
    name, data, *_ = chunk.splitlines()
    assert name == "event: seat:ab:1"
    found: dict[str, str] = json.loads(data.removeprefix("data: "))
    return found


def test_a_word_is_heard_under_its_topic_alone_and_by_nobody_who_comes_later() -> None:
    async def scenario() -> None:
        hub = Hub(Outbox())
        ours, theirs = [await hub.join(topics, after=None) for topics in (SEAT, OTHER)]
        hub.say("seat:ab:1", {"kind": "round"})
        late = await hub.join(SEAT, after=0)
        assert said((await ours.take()).decode()) == {"kind": "round"}
        assert theirs.is_idle()
        assert late.is_idle()

    asyncio.run(scenario())


def test_a_word_stands_between_events_and_moves_no_place() -> None:
    async def scenario() -> None:
        tail = Outbox()
        hub = Hub(tail)
        reader = await hub.join(SEAT | {"party:12"}, after=None)
        tail.commit()
        await hub.deliver()
        hub.say("seat:ab:1", {"kind": "round"})
        tail.commit()
        await hub.deliver()
        chunk = await reader.take()
        assert ids(chunk) == [1, 2]
        assert [part.split(b"\n")[0] for part in chunk.split(b"\n\n")[:-1]] == [
            b"id: 1",
            b"event: seat:ab:1",
            b"id: 2",
        ]

    asyncio.run(scenario())


def test_a_reader_who_takes_nothing_misses_words_and_no_event() -> None:
    async def scenario() -> None:
        tail = Outbox()
        hub = Hub(tail)
        slow = await hub.join(SEAT | {"party:12"}, after=None)
        for _ in range(WAITING + 10):
            hub.say("seat:ab:1", {"kind": "round"})
        assert (await slow.take()).count(b"event: seat:ab:1") == WAITING
        tail.commit()
        await hub.deliver()
        assert ids(await slow.take()) == [1]

    asyncio.run(scenario())


def test_words_cannot_forge_an_event() -> None:
    forged = {"kind": "round", "title": "1\n\nid: 9\nevent: reload\ndata: x\r\n\r\n"}
    chunk = render_unkept("seat:ab:1", forged)
    assert chunk.count(b"\n") == 3
    assert said(chunk.decode()) == forged


def test_another_thread_can_speak_and_hear_how_many_listen() -> None:
    async def scenario(stream: Stream, tail: Outbox, hub: Hub, door: Door) -> None:
        stream.say("seat:ab:1", {"kind": "too early"})
        stream.start()
        door.topics = SEAT
        browser = Browser()
        opened = browser.open(stream)
        await browser.begin()
        await browser.read()
        assert (stream.listening("seat:ab:1"), stream.listening("seat:ab:2")) == (1, 0)
        speaker = Thread(target=stream.say, args=("seat:ab:1", {"kind": "round"}))
        speaker.start()
        speaker.join()
        assert said(await browser.read()) == {"kind": "round"}
        browser.hung_up.set()
        await opened
        assert stream.listening("seat:ab:1") == 0
        stream.say("seat:ab:1", {"kind": "nobody hears this"})
        await stream.stop()

    play(scenario)


def test_a_word_after_the_end_of_the_loop_is_no_error() -> None:
    kept: list[Stream] = []

    async def scenario(stream: Stream, tail: Outbox, hub: Hub, door: Door) -> None:
        stream.start()
        await stream.stop()
        kept.append(stream)

    play(scenario)
    kept[0].say("seat:ab:1", {"kind": "round"})
