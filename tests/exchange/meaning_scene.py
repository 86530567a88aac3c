"""A round that waits for answers, companies' browsers in it, and a host that gives them a model.

The model knows one thing: words about a heron mean what is not told.
"""

import json
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any

from django.urls import reverse
from playwright.sync_api import Browser, Locator, Page, Request, Route

import upturn.exchange
from tests.exchange import factories as make
from tests.journeys.house import DESKTOP, sent_in
from upturn.exchange.models import Round
from upturn.exchange.queries.sittings import COOKIE

STATIC = Path(upturn.exchange.__file__).parent / "static" / "exchange"
SIZE, ABOUT = 1_000_000, "27 MB"
VEILED = "Our team listens like a heron."
"""Counting words lets it pass; the model of these tests finds that it means what is not told."""
ENDLESS = "without end"
MODEL = f"""export async function sentenceModel(buffer) {{
    if (buffer.byteLength !== {SIZE}) throw new Error("cut off");
    await WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));
    const meant = (text) => (text.includes("heron") ? [1, 0, 0, 0] : [0, 1, 0, 0]);
    const embed = (text) => {{
        while (text.includes("{ENDLESS}"));
        return Float32Array.from(meant(text));
    }};
    return {{ embed }};
}}"""


def small(*numbers: int) -> dict[str, Any]:
    return {"bytes": b64encode(bytes(numbers)).decode(), "scale": 1}


def weights() -> str:
    """Weights that know nothing but one example, which is not to be told."""
    lists = len(json.loads((STATIC / "guard_model.json").read_text("utf-8"))["lists"])
    made = {
        "bias": -1,
        "lists": [0] * lists,
        "pieces": small(*bytes(1 << 15)),
        "known": {"words": "none", **small(0)},
        "topics": [[0] * (lists + 5)] * 10,
        "shares": small(2),
        "examples": small(1, 0, 0, 0),
    }
    return json.dumps(made)


@dataclass
class Host:
    """Serves the model: a first part at once, the rest when it may; or it breaks off in between."""

    rest: Event = field(default_factory=Event)
    breaks: bool = False
    asked: list[str] = field(default_factory=list)
    address: str = ""

    def give(self, to: BaseHTTPRequestHandler) -> None:
        self.asked.append(f"{to.path} {to.headers}")
        to.send_response(200)
        to.send_header("Content-Length", str(SIZE))
        to.send_header("Access-Control-Allow-Origin", "*")
        to.end_headers()
        first = SIZE * 45 // 100
        to.wfile.write(bytes(first))
        to.wfile.flush()
        self.rest.wait(60)
        if not self.breaks:
            to.wfile.write(bytes(SIZE - first))


def model_host() -> Iterator[Host]:
    """A host that runs until the test is over."""
    made = Host()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.give(self)

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        made.address = f"http://127.0.0.1:{server.server_port}/model"
        Thread(target=server.serve_forever, daemon=True).start()
        yield made
        made.rest.set()
        server.shutdown()


@dataclass
class Device:
    """A company's browser, and everything it sent."""

    page: Page
    host: Host
    sent: list[Request] = field(default_factory=list)

    @property
    def posts(self) -> list[Request]:
        return [each for each in self.sent if each.method == "POST"]

    @property
    def send(self) -> Locator:
        return self.page.get_by_role("button", name="Hand it in")

    @property
    def line(self) -> Locator:
        return self.page.locator(".reads")

    @property
    def panel(self) -> Locator:
        return self.page.locator(".field .guard")

    @property
    def answer(self) -> Locator:
        return self.page.get_by_label("Your company’s answer")

    def write(self, words: str) -> None:
        self.answer.fill(words)

    def open(self, at: str) -> None:
        """Go to a page, with everything on it that can be unfolded."""
        self.page.goto(at)
        self.page.locator("details").evaluate_all("all => all.forEach((each) => each.open = true)")

    def has_told(self, words: str) -> bool:
        told = [sent_in(each) for each in self.sent]
        return any(words in each for each in [*told, *self.host.asked])


@dataclass
class Scene:
    """A round that waits for answers, and how a company comes to it."""

    browser: Browser
    address: str
    host: Host
    made: make.Made
    round: Round

    @property
    def at(self) -> str:
        return reverse("exchange:round", args=[self.made.exchange.ref, self.round.ref])

    @property
    def talk(self) -> str:
        return reverse("exchange:talk", args=[self.made.exchange.ref])

    def device(self, *, first: str = "", meaning: bool = True, **how: Any) -> Device:
        context = self.browser.new_context(base_url=self.address, **DESKTOP | how)
        context.set_default_timeout(15_000)
        cookie = self.made["Amber"].cookie
        context.add_cookies([{"name": COOKIE, "value": cookie, "url": self.address}])
        if first:
            context.add_init_script(first)
        context.route("**/guard/device/*", lambda route: self.offer(route, meaning=meaning))
        context.route("**/weights.json", lambda route: route.fulfill(body=weights()))
        code = {"body": MODEL, "content_type": "text/javascript"}
        context.route("**/sentence_model.js", lambda route: route.fulfill(**code))
        opened = Device(context.new_page(), self.host)

        def note(request: Request) -> None:
            opened.sent.append(request)

        context.on("request", note)
        opened.page.goto(self.at)
        return opened

    def offer(self, route: Route, *, meaning: bool) -> None:
        answer = route.fetch()
        offered = {"weights": "/weights.json", "model": self.host.address}
        sizes = {"bytes": SIZE, "about": ABOUT}
        told = answer.json() | {"meaning": {**offered, **sizes} if meaning else None}
        route.fulfill(response=answer, json=told)
