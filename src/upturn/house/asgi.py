"""One port, two ways: live streams go to async code, everything else to Django in threads.

Django's own async handler costs twice the processor time of a page, so pages take the other way.
"""

import asyncio
import os
from contextlib import suppress

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "upturn.house.settings")
pages = get_wsgi_application()

# The rooms can be imported only now that Django is set up.
from upturn.house.bell import Bell  # noqa: E402
from upturn.house.bridge import InThreads  # noqa: E402
from upturn.house.laboratory import Laboratory  # noqa: E402
from upturn.house.lane import Lane  # noqa: E402
from upturn.house.lane_cards import Cards  # noqa: E402
from upturn.house.lane_needs import Needs  # noqa: E402
from upturn.house.lane_words import Comments  # noqa: E402
from upturn.house.live import authorise  # noqa: E402
from upturn.house.lookout import Lookout  # noqa: E402
from upturn.house.worker import Worker  # noqa: E402
from upturn.record.stream import Receive, Scope, Send, Stream  # noqa: E402
from upturn.record.writer import writer  # noqa: E402

FORM_BYTES = 1_000_000
"""What a form may send besides its file."""

stream = Stream(authorise=authorise)
worker = Worker()
bell = Bell()
laboratory = Laboratory()
lookout = Lookout(say=stream.say, listening=stream.listening)
in_threads = InThreads(
    pages, threads=settings.THREADS, body_bytes_max=settings.UPLOAD_BYTES_MAX + FORM_BYTES
)
lane = Lane(in_threads, [Comments(), Needs(), Cards()])


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await _start_and_stop(receive, send)
    elif scope["type"] == "http":
        with suppress(asyncio.CancelledError):  # who asked has hung up; what was begun is done
            await _way(scope)(scope, receive, send)
    else:
        await send({"type": "websocket.close", "code": 1000})


def _way(scope: Scope) -> Stream | Lane | InThreads:
    if scope["path"].startswith("/live/"):
        return stream
    return lane if lane.takes(scope) else in_threads


async def _start_and_stop(receive: Receive, send: Send) -> None:
    await receive()
    stream.start()
    worker.start()
    bell.start()
    laboratory.start()
    lookout.start()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await close()
    await send({"type": "lifespan.shutdown.complete"})


async def close() -> None:
    """End the streams, then the pages, then write what waits; the second time does nothing."""
    await stream.stop()
    await in_threads.stop()
    await asyncio.to_thread(lookout.stop)
    await asyncio.to_thread(laboratory.stop)
    await asyncio.to_thread(bell.stop)
    await asyncio.to_thread(worker.stop)
    await asyncio.to_thread(writer.stop)
