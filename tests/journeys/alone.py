"""A page without a house: it loads the files it is given and reaches nobody."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, Route

from tests.journeys.house import any_chromium

ORIGIN = "http://localhost"  # never asked: a page there may use the browser's cryptography


@contextmanager
def page_with(files: Mapping[str, Path]) -> Iterator[Page]:
    """Open a page that finds each file under its name."""

    def answer(route: Route) -> None:
        name = route.request.url.rpartition("/")[2]
        if name in files:
            route.fulfill(path=files[name])
        elif name:
            route.abort()
        else:
            route.fulfill(content_type="text/html", body="<!doctype html>")

    with any_chromium() as browser:
        page = browser.new_page()
        page.set_default_timeout(60_000)
        page.route("**/*", answer)
        page.goto(f"{ORIGIN}/")
        yield page
