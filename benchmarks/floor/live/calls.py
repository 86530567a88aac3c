"""The least of HTTP: one connection that asks, and one that listens."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

NETWORK = (OSError, EOFError, ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError)
"""What a request meets when the other end is gone."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    cookies: Mapping[str, str]
    body: bytes

    def json(self) -> dict[str, Any]:
        """Read the body."""
        found: dict[str, Any] = json.loads(self.body)
        return found


@dataclass
class Caller:
    """A browser without a screen: cookies, and one connection that is kept.

    Everything raised while the other end is gone is one of `NETWORK`.
    """

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    _open: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, path: str) -> Answer:
        """Ask for a page."""
        return await self.ask("GET", path)

    async def post(self, path: str, body: Mapping[str, Any]) -> Answer:
        """Send JSON as the page's own script would."""
        return await self.ask("POST", path, json.dumps(body).encode(), kind="application/json")

    async def ask(self, method: str, path: str, body: bytes = b"", *, kind: str = "") -> Answer:
        """Send one request and read its answer whole."""
        try:
            reader, writer = await self._connected()
            writer.write(self._head(method, path, length=len(body), kind=kind) + body)
            answer = await _read(reader)
        except BaseException:
            self.hang_up()
            raise
        self.cookies |= answer.cookies
        if answer.headers.get("connection") == "close":
            self.hang_up()
        return answer

    async def send_only(self, path: str, body: Mapping[str, Any]) -> None:
        """Send and hang up, so that nobody hears the answer."""
        try:
            _, writer = await self._connected()
            sent = json.dumps(body).encode()
            head = self._head("POST", path, length=len(sent), kind="application/json")
            writer.write(head + sent)
            await writer.drain()
        finally:
            self.hang_up()

    async def listen(self, path: str, last: int) -> "AsyncIterator[tuple[str, int, str]]":
        """Give name, id (or 0) and data of each event until the stream ends.

        Raises
        ------
        PermissionError
            If the stream is refused; the message is the status.
        """
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            head = self._head("GET", path, length=0, kind="")
            resume = f"Last-Event-ID: {last}\r\n\r\n".encode() if last else b"\r\n"
            writer.write(head.removesuffix(b"\r\n") + resume)
            status = int((await reader.readuntil(b"\r\n\r\n")).split(b" ", 2)[1])
            if status != 200:
                raise PermissionError(status)
            async for event in _events(reader):
                yield event
        finally:
            writer.close()

    def hang_up(self) -> None:
        """Close the connection."""
        if self._open:
            with suppress(OSError):
                self._open[1].close()
            self._open = None

    async def _connected(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._open is None or self._open[0].at_eof():
            self._open = await asyncio.open_connection("127.0.0.1", self.port)
        return self._open

    def _head(self, method: str, path: str, *, length: int, kind: str) -> bytes:
        lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}"]
        if self.cookies:
            lines.append("Cookie: " + "; ".join(f"{n}={v}" for n, v in self.cookies.items()))
        if method == "POST":
            lines += [f"Content-Type: {kind}", f"Content-Length: {length}"]
            lines += [f"X-CSRFToken: {self.cookies.get('csrf', '')}"]
            lines += [f"Origin: http://127.0.0.1:{self.port}", "Accept: application/json"]
        return "\r\n".join([*lines, "", ""]).encode()


async def _read(reader: asyncio.StreamReader) -> Answer:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.strip().split("\r\n")
    pairs = [(n.lower(), v.strip()) for n, _, v in (line.partition(":") for line in lines)]
    cookies = dict(v.split(";")[0].split("=", 1) for n, v in pairs if n == "set-cookie")
    headers = dict(pairs)
    if headers.get("transfer-encoding") == "chunked":
        body = b"".join([part async for part in _chunks(reader)])
    else:
        body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Answer(int(first.split(" ")[1]), headers, cookies, body)


async def _chunks(reader: asyncio.StreamReader) -> "AsyncIterator[bytes]":
    while size := int(await reader.readuntil(b"\r\n"), 16):
        yield await reader.readexactly(size)
        await reader.readexactly(2)
    await reader.readexactly(2)


async def _events(reader: asyncio.StreamReader) -> "AsyncIterator[tuple[str, int, str]]":
    name, number, data = "", 0, ""
    while line := await reader.readline():
        word, _, value = line.decode().rstrip("\r\n").partition(": ")
        if word == "event":
            name = value
        elif word == "id":
            number = int(value)
        elif word == "data":
            data = value
        elif not line.strip() and name:
            yield name, number, data
            name, number, data = "", 0, ""
