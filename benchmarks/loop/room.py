"""A workshop with a phone for each cookie, on a house that may be killed."""

import asyncio
import json
import re
from dataclasses import dataclass
from time import monotonic_ns
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from upturn.people.models import Person

EVENT = re.compile(rb"id: (\d+)\nevent: (\S+)\ndata: (.*)\n")
PLACE = re.compile(rb"id: (\d+)\n")
LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)


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
        self.is_open = asyncio.Event()
        self.is_gone = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the stream."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - for the type checker
        self._transport = transport
        transport.write(self._asks)

    def data_received(self, data: bytes) -> None:
        """Note what came."""
        self.came.append((monotonic_ns(), data))
        if b"event: open" in data:
            self.is_open.set()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - its signature
        """Note that the other end is gone."""
        self.is_gone.set()

    def last(self) -> int:
        """Give the event up to which the phone heard."""
        return max((int(each) for _, data in self.came for each in PLACE.findall(data)), default=0)

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


class Sender(asyncio.Protocol):
    """A phone's connection for what it hands in; one request at a time."""

    def __init__(self, port: int, cookie: str) -> None:
        self._port = port
        self._head = (
            f"POST /workshop/card/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
            f"Cookie: workshop={cookie}; csrf={'x' * 32}\r\nX-CSRFToken: {'x' * 32}\r\n"
            f"Origin: http://127.0.0.1:{port}\r\nAccept: application/json\r\n"
            "Content-Type: application/json\r\nContent-Length: "
        ).encode()
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None
        self._came = b""

    async def send(self, body: bytes) -> tuple[int, bytes]:
        """Give status and body of the answer; ConnectionError if there is none."""
        loop = asyncio.get_running_loop()
        if self._transport is None:
            await loop.create_connection(lambda: self, "127.0.0.1", self._port)
        assert self._transport is not None  # noqa: S101 - connection_made has set it
        self._came, self._answer = b"", loop.create_future()
        self._transport.write(self._head + b"%d\r\n\r\n" % len(body) + body)
        return await self._answer

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the connection."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - for the type checker
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Read the answer once all of it is there."""
        self._came += data
        head, _, body = self._came.partition(b"\r\n\r\n")
        length = LENGTH.search(head)
        if length and len(body) == int(length[1]) and self._answer and not self._answer.done():
            self._answer.set_result((int(head[9:12]), body))

    def connection_lost(self, exc: Exception | None) -> None:
        """Let go of whoever waits."""
        self._transport = None
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(exc or ConnectionResetError())

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.close()


async def open_stream(port: int, each: Listener) -> None:
    """Connect, and ask for the stream; OSError if nobody is there."""
    loop = asyncio.get_running_loop()
    await loop.create_connection(lambda: each, "127.0.0.1", port)


async def listen(port: int, room: Room) -> list[Listener]:
    """Open the stream of each phone, and wait until all have begun."""
    listeners = [Listener(cookie, f"workshop:{room.ref}") for cookie in room.cookies]
    for each in listeners:
        await open_stream(port, each)
    for each in listeners:
        await each.is_open.wait()
    return listeners
