"""The web server: one process, one event loop, Django in threads beside it."""

import asyncio
import os
import signal
from typing import TYPE_CHECKING

from django.utils.module_loading import import_string
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.embed import Server

if TYPE_CHECKING:
    from upturn.record.stream import Stream
    from upturn.record.writer import Writer

GRACE_S = 1.0
"""Seconds that readers who take nothing any more may hold up the end."""


def serve(*, host: str, port: int) -> None:
    """Serve until Ctrl-C or SIGTERM, then answer what was begun, write what waits, and return.

    There is no access log: addresses and times side by side would tie words to people.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "upturn.house.settings")
    asyncio.run(_serve(host, port))


async def _serve(host: str, port: int) -> None:
    stream: Stream = import_string("upturn.house.asgi.stream")
    writer: Writer = import_string("upturn.house.asgi.writer")
    server = Server(
        import_string("upturn.house.asgi.application"),
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        websockets=False,
        log_level=LogLevels.error,
    )
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)
    serving = asyncio.create_task(server.serve())
    await asyncio.wait({serving, loop.create_task(stopping.wait())}, return_when="FIRST_COMPLETED")
    stream.end_all()
    server.stop()
    _, stuck = await asyncio.wait({serving}, timeout=GRACE_S)
    if stuck:
        await stream.stop()
        await asyncio.to_thread(writer.stop)
