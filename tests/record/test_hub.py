"""Every reader hears each event of its topics exactly once, or is told to reload."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.record.outboxes import Outbox, ids
from upturn.record import outbox
from upturn.record.hub import WAITING, Hub, Reader, render
from upturn.record.tail import PAGE, Event, tail_of_database
from upturn.record.writer import writer

PARTY, OTHER = frozenset({"party:12"}), frozenset({"party:13"})


def run(scenario: Callable[[Hub, Outbox], Awaitable[Any]]) -> Any:
    async def play() -> Any:
        tail = Outbox()
        return await scenario(Hub(tail), tail)

    return asyncio.run(play())


def test_an_event_reaches_the_readers_of_its_topic_and_no_other() -> None:
    async def scenario(hub: Hub, tail: Outbox) -> None:
        ours, both, theirs = [
            await hub.join(topics, after=None) for topics in (PARTY, PARTY | OTHER, OTHER)
        ]
        tail.commit("party:12")
        await hub.deliver()
        assert ids(await ours.take()) == ids(await both.take()) == [1]
        assert theirs.is_idle()

    run(scenario)


def test_a_new_reader_hears_what_comes_and_not_what_was() -> None:
    async def scenario(hub: Hub, tail: Outbox) -> None:
        tail.commit(count=3)
        reader = await hub.join(PARTY, after=None)
        await hub.deliver()
        assert reader.is_idle()
        tail.commit()
        await hub.deliver()
        assert ids(await reader.take()) == [4]

    run(scenario)


@pytest.mark.parametrize("after", range(6))
def test_who_comes_back_is_told_what_it_missed_before_what_comes(after: int) -> None:
    async def scenario(hub: Hub, tail: Outbox) -> list[int]:
        tail.commit(count=2)
        await hub.deliver()
        tail.commit(count=2)
        reader = await hub.join(PARTY, after=after) if after <= 4 else None
        tail.commit(count=2)
        await hub.deliver()
        reader = reader or await hub.join(PARTY, after=after)
        return ids(await reader.take())

    assert run(scenario) == list(range(after + 1, 7))


def test_a_page_that_knows_more_than_the_hub_hears_nothing_twice() -> None:
    async def scenario(hub: Hub, tail: Outbox) -> list[int]:
        await hub.deliver()
        tail.commit(count=3)
        reader = await hub.join(PARTY, after=2)
        await hub.deliver()
        return ids(await reader.take())

    assert run(scenario) == [3]


@pytest.mark.parametrize(("after", "why"), [(3, "cleared away"), (99, "from before a restore")])
def test_who_cannot_be_told_everything_is_told_to_reload(after: int, why: str) -> None:
    async def scenario(hub: Hub, tail: Outbox) -> bytes:
        tail.commit(count=10)
        del tail.kept[:5]
        await hub.deliver()
        reader = await hub.join(PARTY, after=after)
        assert reader.ended
        return await reader.take()

    assert run(scenario) == b"id: 10\nevent: reload\ndata: {}\n\n"


def test_who_missed_too_much_is_told_to_reload() -> None:
    async def scenario(hub: Hub, tail: Outbox) -> tuple[bytes, int]:
        tail.commit(count=PAGE)
        await hub.deliver()
        far, near = [await hub.join(PARTY, after=after) for after in (0, 1)]
        return await far.take(), len(ids(await near.take()))

    reload, near = run(scenario)
    assert b"event: reload" in reload
    assert near == PAGE - 1


def test_a_reader_that_takes_nothing_is_dropped_and_the_others_hear_everything() -> None:
    async def scenario(hub: Hub, tail: Outbox) -> None:
        slow, quick = [await hub.join(PARTY, after=None) for _ in range(2)]
        heard: list[int] = []
        for _ in range(WAITING + 1):
            tail.commit()
            await hub.deliver()
            heard += ids(await quick.take())
        assert heard == list(range(1, WAITING + 2))
        assert slow.ended
        assert await slow.take() == f"id: {WAITING}\nevent: reload\ndata: {{}}\n\n".encode()
        tail.commit()
        await hub.deliver()
        assert slow.is_idle()

    run(scenario)


def test_an_event_is_written_once_for_a_room_that_hears_it_and_one_that_comes_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    written: list[int] = []

    def count(event: Event) -> bytes:
        written.append(event.id)
        return render(event)

    async def scenario(hub: Hub, tail: Outbox) -> None:
        room = [await hub.join(PARTY, after=None) for _ in range(50)]
        tail.commit(count=3)
        await hub.deliver()
        read = tail.read
        late = [await hub.join(PARTY, after=0) for _ in range(50)]
        assert tail.read == read + 1
        for reader in (*room, *late):
            assert ids(await reader.take()) == [1, 2, 3]
        assert written == [1, 2, 3]
        tail.commit()
        await hub.deliver()
        assert ids(await (await hub.join(PARTY, after=0)).take()) == [1, 2, 3, 4]

    monkeypatch.setattr("upturn.record.hub.render", count)
    run(scenario)


def test_a_reader_whose_sight_changed_hears_the_new_topics_alone() -> None:
    async def scenario(hub: Hub, tail: Outbox) -> list[int]:
        reader = await hub.join(PARTY, after=None)
        hub.change(reader, OTHER)
        tail.commit("party:12")
        tail.commit("party:13")
        await hub.deliver()
        return ids(await reader.take())

    assert run(scenario) == [2]


def test_comments_go_to_the_idle_and_the_end_to_all() -> None:
    async def scenario(hub: Hub, tail: Outbox) -> None:
        idle, told = [await hub.join(topics, after=None) for topics in (OTHER, PARTY)]
        tail.commit()
        await hub.deliver()
        hub.comment()
        hub.end_all()
        assert (await idle.take(), idle.ended) == (b":\n\n", True)
        assert (ids(await told.take()), told.ended) == ([1], True)

    run(scenario)


def test_the_hub_outlives_a_lost_database(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario(hub: Hub, tail: Outbox) -> list[int]:
        reader = await hub.join(PARTY, after=None)
        tail.failures = 3
        tail.commit(count=2)
        running = asyncio.create_task(hub.run())
        chunk = await reader.take()
        running.cancel()
        return ids(chunk)

    monkeypatch.setattr("upturn.record.hub.RETRY_S", 0)
    assert run(scenario) == [1, 2]


def test_a_reader_that_left_is_forgotten() -> None:
    async def scenario(hub: Hub, tail: Outbox) -> None:
        reader = await hub.join(PARTY, after=None)
        hub.leave(reader)
        tail.commit()
        await hub.deliver()
        assert reader.is_idle()
        assert (hub._readers, hub._by_topic) == (set(), {})

    run(scenario)


STEPS = st.lists(
    st.sampled_from(["commit", "commit other", "deliver", "drop", "join", "take"]), max_size=60
)


@given(steps=STEPS)
def test_through_any_drops_each_event_is_heard_exactly_once(steps: list[str]) -> None:
    async def scenario(hub: Hub, tail: Outbox) -> list[int]:
        heard: list[int] = []
        reader: Reader | None = await hub.join(PARTY, after=None)
        for step in [*steps, "join", "deliver", "take"]:
            if step.startswith("commit"):
                tail.commit("party:13" if step.endswith("other") else "party:12")
            elif step == "deliver":
                await hub.deliver()
            elif step == "drop" and reader:  # what waits in the queue is lost with the stream
                hub.leave(reader)
                reader = None
            elif step == "join" and not reader:
                reader = await hub.join(PARTY, after=max(heard, default=0))
            elif step == "take" and reader and not reader.is_idle():
                heard += ids(await reader.take())
        expected = [event.id for event in tail.kept if event.topic == "party:12"]
        assert heard == expected
        return heard

    run(scenario)


def test_words_in_an_event_cannot_forge_another() -> None:
    forged = Event(1, "party:12", "ask", "1\n\nid: 9\nevent: reload\ndata: x\r\n\r\n")
    assert ids(render(forged)) == [1]
    assert render(forged).count(b"\n") == 4


@pytest.mark.django_db(transaction=True)
def test_the_real_tails_tell_of_commits_and_read_them_in_order() -> None:
    async def scenario() -> None:
        tail = tail_of_database()
        try:
            await tail.changed()
            assert await tail.bounds() == (0, 0)
            woken = asyncio.create_task(tail.changed())
            events = [outbox.event("party:12", kind="ask", ref=str(n)) for n in range(5)]
            await writer.insert_async(*events)
            await asyncio.wait_for(woken, timeout=10)
            found = await tail.events(0)
            assert [event.ref for event in found] == ["0", "1", "2", "3", "4"]
            assert await tail.bounds() == (found[0].id, found[-1].id)
            assert await tail.events(found[1].id, found[3].id) == found[2:4]
            await tail.close()
            assert await tail.events(0) == found
        finally:
            await tail.close()

    asyncio.run(scenario())


@settings(
    max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(cuts=st.lists(st.integers(1, 7), min_size=1, max_size=12))
@pytest.mark.django_db(transaction=True)
def test_through_drops_nothing_of_the_real_outbox_is_lost_or_doubled(cuts: list[int]) -> None:
    async def scenario() -> tuple[list[int], list[int]]:
        hub, heard, stored = Hub(tail_of_database()), [], []
        try:
            await hub.deliver()
            start = await hub._place()
            for count in cuts:
                reader = await hub.join(PARTY, after=max(heard, default=start))
                rows = [outbox.event("party:12", kind="ask", ref="1") for _ in range(count)]
                await writer.insert_async(*rows)
                stored += [row.id for row in rows]
                await hub.deliver()
                if count % 2:
                    heard += ids(await reader.take())
                hub.leave(reader)
            reader = await hub.join(PARTY, after=max(heard, default=start))
            if not reader.is_idle():
                heard += ids(await reader.take())
        finally:
            await hub.close()
        return heard, stored

    heard, stored = asyncio.run(scenario())
    assert heard == stored
