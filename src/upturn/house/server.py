"""The web server: one process, one event loop, Django in threads beside it."""

import asyncio
import gc
import signal
import socket
import sys
from importlib import import_module

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.embed import Server

from upturn.record.ballot_box import forbid_reading

GRACE_S = 1.0
"""Seconds that readers who take nothing any more may hold up the end."""
TURN_S = 0.001
"""How long a thread that reckons may hold up the event loop before it lets go."""
OPEN_AT_ONCE = 8192
"""Connections, most of them streams that wait."""


def serve(*, host: str, port: int) -> None:
    """Serve until Ctrl-C or SIGTERM, then answer what was begun, write what waits, and return.

    There is no access log: addresses and times side by side would tie words to people.
    """
    _refuse_if_taken(host, port)
    sys.setswitchinterval(TURN_S)
    forbid_reading()
    asyncio.run(_serve(host, port))


def _refuse_if_taken(host: str, port: int) -> None:
    # The server itself would share the port, and two of them would share one database.
    try:
        (family, kind, _, _, address), *_ = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        msg = f"Upturn cannot answer at {host}:{port}: {error.strerror}. Give another --port."
        raise SystemExit(msg) from error


async def _serve(host: str, port: int) -> None:
    gc.disable()
    house = import_module("upturn.house.asgi")
    gc.freeze()  # what is there stays: no stream waits while the collector looks through it
    gc.enable()
    server = Server(
        house.application,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        websockets=False,
        backlog=1024,
        backpressure=OPEN_AT_ONCE,
        log_level=LogLevels.error,
    )
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)
    serving = loop.create_task(server.serve())
    asked = loop.create_task(stopping.wait())
    await asyncio.wait({serving, asked}, return_when=asyncio.FIRST_COMPLETED)
    asked.cancel()
    house.stream.end_all()
    server.stop()  # type: ignore[no-untyped-call]
    done, _ = await asyncio.wait({serving}, timeout=GRACE_S)
    for ended in done:
        ended.result()
    await house.close()
