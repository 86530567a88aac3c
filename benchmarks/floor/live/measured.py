"""The server with a stop-watch: processor time of each tap, and of each plan made for one.

`python -m benchmarks.floor.live.measured --port 8001` serves, and writes what it measured, as
JSON, to `measured.json` in the folder of the data when it is told to end.
"""

import argparse
import json
import threading
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from time import thread_time
from typing import Any

Found = defaultdict[str, list[float]]


def main() -> None:
    """Serve, and measure."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--port", type=int, required=True)
    port = asked.parse_args().port
    import django  # noqa: PLC0415 - the settings are in the environment

    django.setup()
    from django.conf import settings  # noqa: PLC0415

    from upturn.floor.queries import rounds  # noqa: PLC0415
    from upturn.house import asgi  # noqa: PLC0415
    from upturn.house.server import serve  # noqa: PLC0415

    found: Found = defaultdict(list)
    rounds.rounds_of = _timed_plan(rounds.rounds_of, found)
    handler = asgi.in_threads
    handler._pages = _timed_page(handler._pages, found)  # noqa: SLF001 - for this measure alone
    serve(host="127.0.0.1", port=port)
    (Path(settings.DATA) / "measured.json").write_text(json.dumps(found))


def _timed_plan(plan: Callable[..., Any], found: Found) -> Callable[..., Any]:
    def timed(*given: Any, **how: Any) -> Any:
        began = thread_time()
        try:
            return plan(*given, **how)
        finally:
            where = "tap" if threading.current_thread().name.startswith("pages") else "second look"
            found[f"plan in a {where}"].append((thread_time() - began) * 1000)

    return timed


def _timed_page(pages: Callable[..., Any], found: Found) -> Callable[..., Any]:
    def timed(environ: dict[str, Any], start: Any) -> Any:
        began = thread_time()
        try:
            return pages(environ, start)
        finally:
            if environ["PATH_INFO"] == "/board/tap/":
                found["whole tap"].append((thread_time() - began) * 1000)

    return timed


if __name__ == "__main__":
    main()
