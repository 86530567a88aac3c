"""A request as the server sees it, sent in parts, and what came back."""

import asyncio
from typing import Any


class Phone:
    """One request, sent in parts, and what came back."""

    def __init__(self, *parts: bytes, hangs_up: bool = False, **scope: Any) -> None:
        self.to_send: list[dict[str, Any]] = [
            {"type": "http.request", "body": part, "more_body": True} for part in parts
        ]
        end = {"type": "http.disconnect"} if hangs_up else {"type": "http.request", "body": b""}
        self.to_send.append(end)
        self.scope = {
            "type": "http",
            "method": "POST",
            "path": "/",
            "query_string": b"",
            "http_version": "1.1",
            "scheme": "http",
            "headers": [],
        } | scope
        self.messages: list[dict[str, Any]] = []
        self.reads = asyncio.Event()
        self.reads.set()

    async def receive(self) -> dict[str, Any]:
        return self.to_send.pop(0)

    async def send(self, message: Any) -> None:
        await self.reads.wait()
        self.messages.append(message)

    @property
    def status(self) -> int:
        return self.messages[0]["status"]

    @property
    def headers(self) -> dict[bytes, bytes]:
        return dict(self.messages[0]["headers"])

    @property
    def body(self) -> bytes:
        return b"".join(message["body"] for message in self.messages[1:])
