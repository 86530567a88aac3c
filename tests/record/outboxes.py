"""An outbox on a list, for streams without a database."""

import asyncio

from upturn.record.tail import PAGE, Event


def ids(chunk: bytes) -> list[int]:
    return [int(line[4:]) for line in chunk.decode().splitlines() if line.startswith("id: ")]


class Outbox:
    """A tail on a list: events that were committed, and those still kept."""

    lost = (ConnectionError,)

    def __init__(self) -> None:
        self.kept: list[Event] = []
        self.failures = self.read = 0
        self.next = 1

    def commit(self, topic: str = "party:12", count: int = 1) -> None:
        for _ in range(count):
            self.kept.append(Event(self.next, topic, "ask", "1"))
            self.next += 1

    async def bounds(self) -> tuple[int, int]:
        await asyncio.sleep(0)
        return (self.kept[0].id, self.kept[-1].id) if self.kept else (0, 0)

    async def events(self, after: int, upto: int = 2**63) -> list[Event]:
        await asyncio.sleep(0)
        self.read += 1
        if self.failures:
            self.failures -= 1
            raise ConnectionError
        return [event for event in self.kept if after < event.id <= upto][:PAGE]

    async def changed(self) -> None:
        await asyncio.sleep(0)

    async def close(self) -> None:
        pass
