"""One port, two ways: live streams go to async code, everything else to Django in threads.

Django's own async handler costs twice the processor time of a page, so pages take the other way.
"""

import os

from a2wsgi import WSGIMiddleware
from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "upturn.house.settings")
pages = get_wsgi_application()

# The rooms can be imported only now that Django is set up.
from upturn.house.live import authorise  # noqa: E402
from upturn.record.stream import Receive, Scope, Send, Stream  # noqa: E402
from upturn.record.writer import writer  # noqa: E402

stream = Stream(authorise=authorise)
_in_threads = WSGIMiddleware(pages, workers=settings.THREADS)


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await _start_and_stop(receive, send)
    elif scope["type"] == "http" and scope["path"].startswith("/live/"):
        await stream(scope, receive, send)
    elif scope["type"] == "http":
        await _in_threads(scope, receive, send)
    else:
        await send({"type": "websocket.close", "code": 1000})


async def _start_and_stop(receive: Receive, send: Send) -> None:
    await receive()
    stream.start()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await stream.stop()
    writer.stop()
    await send({"type": "lifespan.shutdown.complete"})
