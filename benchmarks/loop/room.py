"""A workshop with a phone for each cookie, on a house that may be killed."""

import asyncio
import json
import re
from dataclasses import dataclass
from functools import partial
from time import monotonic_ns
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from upturn.people.models import Person

EVENT = re.compile(rb"id: (\d+)\nevent: (\S+)\ndata: (.*)\n")


@dataclass(frozen=True, slots=True)
class Room:
    """An open workshop that has begun, and what its phones show."""

    ref: str
    cookies: tuple[str, ...]


def open_room(lead: "Person", *, phones: int, steps: int = 1) -> Room:
    """Open a workshop of questions without a timer, let phones in, and begin."""
    from django.utils import timezone  # noqa: PLC0415 - Django is set up by now

    from upturn.loop.commands import joining, opening  # noqa: PLC0415
    from upturn.loop.engine.script_writing import script_as_table  # noqa: PLC0415
    from upturn.loop.models import Workshop  # noqa: PLC0415

    lead.role = "facilitator"
    lead.save()
    now = timezone.now()
    draft = opening.WorkshopDraft(key="room", script="huddle", name="A full room")
    made: Any = opening.open_workshop(lead, draft, now=now)
    Workshop.objects.update(script=script_as_table(_script(steps)))
    cookies = tuple(joining.join(made.code).cookie for _phone in range(phones))
    opening.begin(lead, Workshop.objects.get(), now=now)
    return Room(made.ref, cookies)


def _script(steps: int) -> Any:
    from upturn.loop.engine import Script, Step, StepKind  # noqa: PLC0415

    words = {"en": "What do you want the customers to do?"}
    nothing: dict[str, str] = {}
    step = Step(kind=StepKind.QUESTION, ask=words, lead=nothing, then=nothing, hint=nothing)
    return Script(
        language="en",
        name=words,
        purpose=nothing,
        objection=words,
        farewell=nothing,
        steps=(step,) * steps,
    )


class Listener(asyncio.Protocol):
    """Notes what comes and when, and reads it afterwards, so that no phone waits for another."""

    def __init__(self, cookie: str, topic: str, *, after: int = 0) -> None:
        self._asks = f"GET /live/?topic={topic} HTTP/1.1\r\nHost: localhost\r\n".encode()
        resume = f"Last-Event-ID: {after}\r\n" if after else ""
        self._asks += f"Cookie: workshop={cookie}\r\n{resume}\r\n".encode()
        self._transport: asyncio.Transport | None = None
        self.came: list[tuple[int, bytes]] = []
        self.is_gone = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the stream."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - for the type checker
        self._transport = transport
        transport.write(self._asks)

    def data_received(self, data: bytes) -> None:
        """Note what came."""
        self.came.append((monotonic_ns(), data))

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - its signature
        """Note that the other end is gone."""
        self.is_gone = True

    def is_open(self) -> bool:
        """Whether the stream has begun."""
        return any(b"event: open" in data for _, data in self.came)

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.close()

    def heard(self, kind: str) -> list[tuple[int, int, dict[str, Any]]]:
        """Give the events of a kind: when each came, its id, and what it said."""
        found = []
        for at, data in self.came:
            for number, _topic, said in EVENT.findall(data):
                read = json.loads(said)
                if read.get("kind") == kind:
                    found.append((at, int(number), read))
        return found


async def listen(port: int, room: Room) -> list[Listener]:
    """Open the stream of each phone, and wait until all have begun."""
    topic = f"workshop:{room.ref}"
    listeners = [Listener(cookie, topic) for cookie in room.cookies]
    loop = asyncio.get_running_loop()
    for each in listeners:
        await loop.create_connection(partial(_same, each), "127.0.0.1", port)
    while not all(each.is_open() for each in listeners):
        await asyncio.sleep(0.05)
    return listeners


def _same(each: Listener) -> Listener:
    return each
