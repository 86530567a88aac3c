"""Django's WSGI handler behind an async server: one step to a thread and one back.

The whole request is received before a thread is taken, and an answer of ordinary size is whole
before the thread is given back, so that slow phones hold no thread. a2wsgi 1.10 does neither,
costs twice the processor time, and cannot read the request bodies of granian 2.8.
"""

import asyncio
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from tempfile import SpooledTemporaryFile
from typing import IO, Any, NoReturn
from wsgiref.types import WSGIApplication

from upturn.record.stream import Receive, Scope, Send

IN_MEMORY = 1_000_000
"""Bytes of a request above which it waits on disk."""
WHOLE = 262_144
"""Bytes up to which an answer is sent as a whole; more is sent in such parts as it is made."""
PART_S = 60
"""Seconds that a reader may take for one part before it is given up."""
_TOO_LARGE = b"This is more than this installation takes at once. Send it in smaller parts.\n"

Headers = list[tuple[bytes, bytes]]


class InThreads:
    """An ASGI application that runs the WSGI application ``pages`` in threads.

    Parameters
    ----------
    pages
        Django's handler.
    threads
        Requests that run at the same time; more wait their turn.
    body_bytes_max
        Larger requests are refused before they are received.
    """

    def __init__(self, pages: WSGIApplication, *, threads: int, body_bytes_max: int) -> None:
        self._pages = pages
        self._body_bytes_max = body_bytes_max
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="pages")
        self._sending: set[Future[None]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        loop = asyncio.get_running_loop()
        with SpooledTemporaryFile(IN_MEMORY) as body:
            size = await self._receive(scope, receive, body)
            if size is None:
                return
            if size > self._body_bytes_max:
                await _refuse(send)
                return
            body.seek(0)
            answer = _Answer(send, loop, self._sending)
            environ = environ_of(scope, body, size)
            await loop.run_in_executor(self._pool, answer.make, self._pages, environ)
            await answer.finish()

    async def stop(self) -> None:
        """Wait for the requests that run; readers that are stuck in an answer are given up."""
        for part in tuple(self._sending):
            part.cancel()
        await asyncio.to_thread(self._pool.shutdown, cancel_futures=True)

    async def _receive(self, scope: Scope, receive: Receive, body: IO[bytes]) -> int | None:
        """Return how many bytes came, or None if the sender hung up; the rest of too many waits."""
        announced = dict(scope["headers"]).get(b"content-length", b"")
        size = int(announced) if announced.isdigit() else 0
        if size > self._body_bytes_max:
            return size
        size, more = 0, True
        while more and size <= self._body_bytes_max:
            message = await receive()
            if message["type"] == "http.disconnect":
                return None
            size += body.write(message.get("body", b""))
            more = message.get("more_body", False)
        return size


class _Answer:
    """What the WSGI application says, on its way back from the thread."""

    def __init__(
        self, send: Send, loop: asyncio.AbstractEventLoop, sending: set[Future[None]]
    ) -> None:
        self._send = send
        self._loop = loop
        self._sending = sending
        self._status = 500
        self._headers: Headers = []
        self._begun = False
        self._last = b""

    def make(self, pages: WSGIApplication, environ: dict[str, Any]) -> None:
        """Run the request, in the thread."""
        parts: Any = pages(environ, self._start)
        try:
            for number, chunk in enumerate(_gathered(parts)):
                if number:
                    self._hand_over(self._last)
                self._last = chunk
        finally:
            getattr(parts, "close", lambda: None)()

    async def finish(self) -> None:
        await self._part(self._last, more=False)

    def _start(self, status: str, headers: list[tuple[str, str]], error: Any = None) -> Any:
        self._status = int(status.split(" ", 1)[0])
        self._headers = [
            (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers
        ]
        return _no_write

    def _hand_over(self, chunk: bytes) -> None:
        sent = asyncio.run_coroutine_threadsafe(self._part(chunk, more=True), self._loop)
        self._sending.add(sent)
        try:
            sent.result(PART_S)
        finally:
            sent.cancel()
            self._sending.discard(sent)

    async def _part(self, chunk: bytes, *, more: bool) -> None:
        if not self._begun:
            self._begun = True
            start = {"status": self._status, "headers": self._headers}
            await self._send({"type": "http.response.start", **start})
        await self._send({"type": "http.response.body", "body": chunk, "more_body": more})


def environ_of(scope: Scope, body: IO[bytes], size: int) -> dict[str, Any]:
    """Translate an ASGI scope; names with an underscore are left out, for they can be forged."""
    host, port = scope.get("server") or ("localhost", 80)
    address, remote_port = scope.get("client") or ("", 0)
    environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode().decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "REMOTE_ADDR": address,
        "REMOTE_PORT": str(remote_port),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": body,
        "wsgi.errors": None,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in _joined(scope["headers"]):
        environ[name if name == "CONTENT_TYPE" else f"HTTP_{name}"] = value
    environ["CONTENT_LENGTH"] = str(size)
    return environ


def _joined(headers: Iterable[tuple[bytes, bytes]]) -> Iterator[tuple[str, str]]:
    found: dict[bytes, bytes] = {}
    for name, value in headers:
        if b"_" not in name:
            between = b"; " if name == b"cookie" else b","
            found[name] = found[name] + between + value if name in found else value
    for name, value in found.items():
        yield name.decode("latin-1").upper().replace("-", "_"), value.decode("latin-1")


def _gathered(parts: Iterable[bytes]) -> Iterator[bytes]:
    held: list[bytes] = []
    size = 0
    for part in parts:
        held.append(part)
        size += len(part)
        if size >= WHOLE:
            yield b"".join(held)
            held, size = [], 0
    yield b"".join(held)


def _no_write(chunk: bytes) -> NoReturn:
    msg = "The pages return what they have to say."
    raise NotImplementedError(msg)


async def _refuse(send: Send) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": _TOO_LARGE, "more_body": False})
