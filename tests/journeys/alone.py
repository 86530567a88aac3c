"""A page without a house: it loads the files it is given and reaches nobody."""

import mimetypes
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from playwright.sync_api import Page

from tests.journeys.house import any_chromium


@contextmanager
def page_with(files: Mapping[str, Path]) -> Iterator[Page]:
    """Open a page that finds each file under its name; one that ends in gz is sent as gzip."""
    with _served(files) as origin, any_chromium() as browser:
        page = browser.new_page()
        page.set_default_timeout(60_000)
        page.route(lambda url: not url.startswith(origin), lambda route: route.abort())
        page.goto(f"{origin}/")
        yield page


@contextmanager
def _served(files: Mapping[str, Path]) -> Iterator[str]:
    """Serve the files to this machine alone; localhost may use the browser's cryptography."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.strip("/")
            found = files.get(name)
            self.send_response(404 if name and found is None else 200)
            self.send_header("Content-Type", mimetypes.guess_type(name)[0] or "text/html")
            if found is not None and found.suffix == ".gz":
                self.send_header("Content-Encoding", "gzip")
            self.end_headers()
            self.wfile.write(found.read_bytes() if found else b"<!doctype html>")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
