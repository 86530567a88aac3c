"""A device fetches what reads meaning, once; until it is there words wait, or are counted only."""

import json
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import Browser, Locator, Page, Request, Route, expect

import upturn.exchange
from tests.exchange import factories as make
from tests.exchange import talk
from tests.journeys.house import DESKTOP, IN_A_BROWSER, chromium_that_seals, sent_in
from upturn.exchange.models import Post, Round
from upturn.exchange.queries.sittings import COOKIE
from upturn.exchange.views.guarding import SAYS

STATIC = Path(upturn.exchange.__file__).parent / "static" / "exchange"
WITH_PAGES = [IN_A_BROWSER, pytest.mark.django_db(transaction=True)]
SIZE, ABOUT = 1_000_000, "27 MB"
FINE = "We thank each other after every shift."
VEILED = "Our team listens like a heron."
"""Counting words lets it pass; the model of these tests finds that it means what is not told."""
ENDLESS = "without end"
HARD = "We charge 42 euros an hour for weekend work."
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
SAVES_DATA = 'Object.defineProperty(navigator, "connection", { get: () => ({ saveData: true }) })'
MEANING = "This device reads meaning."
COUNTS = "This device counts words only. A guard"
UNTIL = "This device counts words only, until"
ONLY = "Send after counting words only"

browser = pytest.fixture(chromium_that_seals)


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


@pytest.fixture
def host() -> Iterator[Host]:
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

    def write(self, words: str) -> None:
        self.page.get_by_label("Your company’s answer").fill(words)

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


@pytest.fixture
def scene(browser: Browser, address: str, host: Host, monkeypatch: pytest.MonkeyPatch) -> Scene:
    talk.begin_now(monkeypatch)
    made = make.opened()
    return Scene(browser, address, host, made, talk.asked(made))


def handed_in(amber: Device) -> None:
    expect(amber.page.get_by_text("Your company has handed in.")).to_be_visible()


class TestOnPages:
    pytestmark = WITH_PAGES

    def test_meaning_stops_what_counting_lets_pass(self, scene: Scene) -> None:
        scene.host.rest.set()
        amber = scene.device()
        expect(amber.line).to_have_text(MEANING)
        amber.write(VEILED)
        expect(amber.panel.locator("mark")).to_have_text(VEILED)
        amber.send.click()
        expect(amber.panel).to_be_focused()
        assert not amber.has_told("heron")
        assert amber.posts == []
        amber.write(FINE)
        amber.send.click()
        handed_in(amber)
        assert Post.objects.get(round=scene.round).words == FINE

    def test_words_are_counted_at_once_and_read_again_with_meaning(self, scene: Scene) -> None:
        amber = scene.device()
        expect(amber.line).to_contain_text(UNTIL)
        amber.write(HARD)
        expect(amber.panel.locator("mark")).to_have_text(HARD)
        amber.write(VEILED)
        expect(amber.panel).to_be_hidden()
        scene.host.rest.set()
        expect(amber.panel.locator("mark")).to_have_text(VEILED)
        expect(amber.line).to_have_text(MEANING)
        assert not amber.has_told("heron")
        assert not amber.has_told("42 euros")

    def test_sending_waits_for_meaning_and_is_done_once(self, scene: Scene) -> None:
        amber = scene.device()
        amber.write(FINE)
        amber.send.dblclick()
        expect(amber.line).to_contain_text("(12 of 27 MB). Your words stay here.")
        bar = amber.line.get_by_role("progressbar")
        assert bar.evaluate("each => each.value") == pytest.approx(0.45, abs=0.01)
        amber.send.click()
        assert amber.posts == []
        assert not amber.has_told(FINE)
        scene.host.rest.set()
        handed_in(amber)
        assert len([each for each in amber.posts if FINE in sent_in(each)]) == 1

    def test_what_meaning_stops_is_not_sent_after_the_wait(self, scene: Scene) -> None:
        amber = scene.device()
        amber.write(VEILED)
        amber.send.click()
        expect(amber.line.get_by_role("progressbar")).to_be_visible()
        scene.host.rest.set()
        expect(amber.panel).to_be_focused()
        expect(amber.line).to_have_text(MEANING)
        assert amber.posts == []

    def test_what_counting_stops_does_not_wait(self, scene: Scene) -> None:
        amber = scene.device()
        amber.write(HARD)
        amber.send.click()
        expect(amber.panel).to_be_focused()
        expect(amber.line).to_contain_text(UNTIL)
        assert amber.posts == []

    def test_words_that_are_changed_meanwhile_do_not_go_by_themselves(self, scene: Scene) -> None:
        amber = scene.device()
        amber.write("We thank each")
        amber.send.click()
        expect(amber.line.get_by_role("progressbar")).to_be_visible()
        amber.write(FINE)
        expect(amber.line).to_contain_text(UNTIL)
        scene.host.rest.set()
        expect(amber.line).to_have_text(MEANING)
        assert amber.posts == []
        amber.send.click()
        handed_in(amber)

    def test_who_does_not_want_to_wait_sends_after_counting(self, scene: Scene) -> None:
        amber = scene.device()
        amber.write(VEILED)
        amber.send.click()
        only = amber.line.get_by_role("button", name=ONLY)
        only.click()  # as a second tap that meets it where it has just appeared
        expect(only).to_be_visible()
        assert amber.posts == []
        amber.page.wait_for_timeout(700)
        only.click()
        handed_in(amber)
        assert Post.objects.get(round=scene.round).words == VEILED

    def test_a_fetch_that_breaks_off_sends_nothing_by_itself(self, scene: Scene) -> None:
        scene.host.breaks = True
        amber = scene.device()
        amber.write(FINE)
        amber.send.click()
        expect(amber.line.get_by_role("progressbar")).to_be_visible()
        scene.host.rest.set()
        expect(amber.line).to_contain_text("could not be fetched")
        assert amber.posts == []
        scene.host.breaks = False
        amber.line.get_by_role("button", name="Try again").click()
        handed_in(amber)

    def test_after_a_fetch_that_broke_off_words_are_counted(self, scene: Scene) -> None:
        scene.host.breaks = True
        scene.host.rest.set()
        amber = scene.device()
        expect(amber.line).to_contain_text(COUNTS)
        expect(amber.line.get_by_role("button", name="Fetch it (27 MB)")).to_be_visible()
        amber.write(VEILED)
        amber.send.click()
        handed_in(amber)

    def test_a_device_that_saves_data_fetches_only_when_asked(self, scene: Scene) -> None:
        scene.host.rest.set()
        amber = scene.device(first=SAVES_DATA)
        fetch = amber.line.get_by_role("button", name="Fetch it (27 MB)")
        expect(amber.line).to_contain_text(COUNTS)
        amber.write(VEILED)
        amber.send.click()
        handed_in(amber)
        assert scene.host.asked == []
        amber.page.goto(reverse("exchange:side", args=[scene.made.exchange.ref]))
        fetch.click()
        expect(amber.line).to_have_text(MEANING)
        assert len(scene.host.asked) == 1

    @pytest.mark.parametrize("gone", ["no workers", "no worker's script"])
    def test_without_a_worker_the_page_counts_words(self, scene: Scene, gone: str) -> None:
        amber = scene.device(first="delete globalThis.Worker" if gone == "no workers" else "")
        if gone != "no workers":
            amber.page.route("**/guard_worker.js", lambda route: route.abort())
            amber.page.reload()
        expect(amber.line).to_contain_text(COUNTS)
        expect(amber.line.get_by_role("button")).to_have_count(0)
        amber.write(HARD)
        expect(amber.panel.locator("mark")).to_have_text(HARD)
        amber.write(FINE)
        amber.send.click()
        handed_in(amber)

    def test_a_fetch_that_stands_still_is_given_up(self, scene: Scene) -> None:
        amber = scene.device()
        amber.page.clock.install()
        amber.page.reload()
        amber.write(FINE)
        amber.send.click()
        expect(amber.line).to_contain_text("(12 of 27 MB). Your words stay here.")
        amber.page.clock.fast_forward(59_000)
        expect(amber.line.get_by_role("progressbar")).to_be_visible()
        amber.page.clock.fast_forward(2_000)
        expect(amber.line).to_contain_text("could not be fetched")
        assert amber.posts == []
        scene.host.rest.set()
        amber.line.get_by_role("button", name="Try again").click()
        handed_in(amber)

    def test_a_reader_that_hangs_is_given_up_and_words_are_counted(self, scene: Scene) -> None:
        scene.host.rest.set()
        amber = scene.device()
        amber.page.clock.install()
        amber.page.reload()
        expect(amber.line).to_have_text(MEANING)
        amber.write(f"We thank each other {ENDLESS}.")
        amber.send.click()
        amber.page.clock.fast_forward(61_000)
        handed_in(amber)

    def test_a_host_without_the_model_offers_nothing(self, scene: Scene) -> None:
        amber = scene.device(meaning=False)
        expect(amber.line).to_contain_text(COUNTS)
        expect(amber.line.get_by_role("button")).to_have_count(0)
        amber.write(FINE)
        amber.send.click()
        handed_in(amber)
        assert scene.host.asked == []

    def test_a_second_tap_while_it_goes_sends_nothing(self, scene: Scene) -> None:
        amber = scene.device(meaning=False)
        expect(amber.line).to_contain_text(COUNTS)
        amber.write(FINE)
        held: list[Route] = []
        amber.page.route(f"**{scene.at}", lambda route: held.append(route))  # noqa: PLW0108
        press = "each => { each.click(); setTimeout(() => each.click(), 900); }"
        amber.send.evaluate(press)
        amber.page.wait_for_timeout(1500)
        posted = [each for each in amber.posts if each.url.endswith(scene.at)]
        assert len(posted) == 1

    def test_two_forms_fetch_it_once(self, scene: Scene) -> None:
        amber = scene.device(first=SAVES_DATA)
        amber.page.goto(reverse("exchange:talk", args=[scene.made.exchange.ref]))
        for closed in amber.page.locator("details:has(form[data-guard])").all():
            closed.evaluate("each => { each.open = true }")
        assert amber.line.count() > 1
        fetch = amber.line.get_by_role("button")
        expect(fetch).to_have_count(amber.line.count())
        fetch.evaluate_all("all => all.forEach((each) => each.click())")
        scene.host.rest.set()
        for line in amber.line.all():
            expect(line).to_have_text(MEANING)
        assert len(scene.host.asked) == 1


@pytest.mark.parametrize("language", ["de", "es", "ar"])
def test_which_guard_reads_is_said_in_the_languages_of_the_floor(language: str) -> None:
    words = list(SAYS)
    for name in words[words.index("reads_meaning") :]:
        with translation.override(None):
            english = str(SAYS[name])
        with translation.override(language):
            said = str(SAYS[name])
        assert said != english
        assert [each for each in ("{about}", "{got}", "{part}") if each in said] == [
            each for each in ("{about}", "{got}", "{part}") if each in english
        ]
