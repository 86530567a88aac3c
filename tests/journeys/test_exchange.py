"""Eight browsers of an exchange: from sealed answers to a verified benchmark and a signed GO."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from tests.exchange import factories as make
from tests.exchange.pages import convener_of
from tests.exchange.test_pages_host_browser import (
    Device,
    all_hand_in,
    come_in,
    compare,
    device,
    host_in,
    invite,
    seal,
    sign,
)
from tests.journeys.house import IN_A_BROWSER, PHONE, WAIT_MS, chromium_that_seals
from upturn.exchange.commands import closing_benchmarks
from upturn.exchange.models import Benchmark, Exchange, ExchangeParty, Programme
from upturn.house.cli import main

pytestmark = [IN_A_BROWSER, pytest.mark.django_db(transaction=True)]

KINDS = dict.fromkeys(make.NAMES, "member") | {"Client": "client", "Steward": "steward"}
METRICS = ("Contacts that come back within seven days", "Coaching each server gets")
STEP_MS = 60_000


browser = pytest.fixture(chromium_that_seals)


@pytest.fixture
def patience(browser: Browser) -> Iterator[None]:
    """Eight browsers at once are slower than one."""
    expect.set_options(timeout=STEP_MS)
    yield
    expect.set_options(timeout=WAIT_MS)


@dataclass
class Together:
    """The exchange, who keeps it, and the eight devices of its parties."""

    exchange: Exchange
    host: Page
    devices: dict[str, Device]

    @property
    def members(self) -> dict[str, Device]:
        return {name: self.devices[name] for name in make.NAMES}

    @property
    def asked(self) -> dict[str, Device]:
        return {name: each for name, each in self.devices.items() if name != "Steward"}

    def at(self, *parts: str) -> str:
        return "/".join(["", "exchanges", self.exchange.ref, *parts, ""])


@pytest.mark.usefixtures("patience")
def test_from_sealed_answers_to_a_verified_benchmark_and_a_go(
    browser: Browser, address: str, tmp_path: Path
) -> None:
    made = make.prepared()
    host = host_in(browser, address, convener_of(made))
    phones = {"Birch": PHONE, "Client": PHONE}
    devices = {name: device(browser, address, tmp_path, **phones.get(name, {})) for name in KINDS}
    for page in (host, *(each.page for each in devices.values())):
        page.context.set_default_timeout(STEP_MS)
    together = Together(made.exchange, host, devices)
    everybody_comes_in(together)
    all_sign(together)
    all_say_yes(together)
    climb(together)
    ref = benchmark(together)
    verified(together.devices["Client"].page, tmp_path)
    assert Benchmark.objects.get(ref=ref).state == "opened"
    go(together)
    nothing_of_a_device_was_sent(together)


def everybody_comes_in(together: Together) -> None:
    host = together.host
    host.goto(together.at("parties"))
    codes = {name: invite(host, name, kind) for name, kind in KINDS.items()}
    for name, party in together.devices.items():
        compare(host, together.exchange, name, come_in(party, codes[name], together.exchange))


def all_sign(together: Together) -> None:
    host = together.host
    host.goto(together.at("charter", "write"))
    host.get_by_label("Vision").fill("Whoever calls is served as by one house")
    host.get_by_label("What you are here for", exact=True).fill("To learn from each other")
    host.get_by_label("What you are not here for").fill("Nothing about prices or wages")
    host.get_by_label("Whose work").fill("Customers of the client")
    host.get_by_label("What you talk about").fill("Caring about customers")
    host.get_by_role("button", name="This holds from now on").click()
    host.wait_for_url("**/charter/")
    for party in together.devices.values():
        sign(party, together.exchange)


def all_say_yes(together: Together) -> None:
    host = together.host
    for party in ExchangeParty.objects.exclude(kind="steward").order_by("pk"):
        host.goto(together.at("calls", party.ref))
        host.get_by_role("button", name="I called").click()
        host.wait_for_url("**/calls/")
    for party in together.asked.values():
        seal(party, together.exchange, "Yes")
    all_hand_in(together.asked.values(), together.exchange)
    host.goto(together.at("calls"))
    expect(host.get_by_role("heading", level=1)).to_have_text("All said yes.")
    host.goto(together.at("desk"))
    host.get_by_role("button", name="Open the exchange").click()
    expect(host.get_by_role("heading", level=1)).to_contain_text("The exchange is open")


def climb(together: Together) -> None:
    for party in together.members.values():
        page = party.go(together.exchange, "trust")
        for name in ("Share practice", "Share in a benchmark", "Plan together"):
            page.get_by_role("button", name="Step up to here").click()
            expect(page.get_by_role("heading", level=1)).to_contain_text(name)


def step(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(words, timeout=STEP_MS)


def benchmark(together: Together) -> str:
    host = together.host
    host.goto(together.at("benchmarks", "new"))
    host.get_by_label("Name of the round").fill("Spring")
    for name in METRICS:
        host.get_by_label(name).first.check()
    host.get_by_role("button", name="Hold it against the rules").click()
    step(host, "6 companies")
    ref = Benchmark.objects.get().ref
    for party in together.members.values():
        sign_key = party.go(together.exchange, f"benchmarks/{ref}").get_by_role(
            "button", name="Sign the roster"
        )
        sign_key.click()
        expect(sign_key).to_be_hidden()
    for at, party in enumerate(together.members.values()):
        page = party.go(together.exchange, f"benchmarks/{ref}")
        page.get_by_label(METRICS[0]).fill(f"{6.281937 + 4 * at}")
        page.get_by_label(METRICS[1]).fill(f"{0.718293 + 0.8 * at}")
        page.get_by_role("button", name="Seal and send").click()
        step(page, "Your ballot is in")
    over = timezone.now() + timedelta(days=30)
    closing_benchmarks.close_due(over)
    for _turn in ("confirm", "add up"):
        for party in together.members.values():
            party.go(together.exchange, f"benchmarks/{ref}")
    for party in together.members.values():
        step(party.page, "Where the companies lie")
    amber = together.devices["Amber"].page
    amber.reload()
    expect(amber.locator(".place").first).to_have_text("below the band")
    client = together.devices["Client"].go(together.exchange, f"benchmarks/{ref}")
    step(client, "Where the companies lie")
    assert client.locator(".place, .own-mark").count() == 0
    return ref


def verified(page: Page, folder: Path) -> None:
    with page.expect_download() as saved:
        page.get_by_role("link", name="Take round.zip").click()
    bundle = folder / "round.zip"
    saved.value.save_as(bundle)
    done = CliRunner().invoke(main, ["verify", str(bundle)])
    assert done.exit_code == 0, done.output
    copies = list(tampered(bundle, folder))
    assert len(copies) == 10
    for copy in copies:
        refused = CliRunner().invoke(main, ["verify", str(copy)])
        assert refused.exit_code == 1, copy.name
        assert "Traceback" not in refused.output


def tampered(bundle: Path, folder: Path) -> Iterator[Path]:
    """Ten copies, each with one bit of one of its files turned over."""
    with zipfile.ZipFile(bundle) as packed:
        files = {name: packed.read(name) for name in sorted(packed.namelist())}
    for at in range(10):
        name = list(files)[at % len(files)]
        content = bytearray(files[name])
        place = (at + 1) * len(content) // 12
        content[place] ^= 1
        copy = folder / f"tampered-{at}.zip"
        with zipfile.ZipFile(copy, "w") as packed:
            for each, whole in files.items():
                packed.writestr(each, bytes(content) if each == name else whole)
        yield copy


def go(together: Together) -> None:
    amber, client = together.devices["Amber"], together.devices["Client"]
    page = amber.go(together.exchange, "programmes")
    page.get_by_label("What is it called?").fill("One voice in a water outage")
    page.get_by_role("button", name="Begin, and ask the client").click()
    page.wait_for_url(re.compile(r"/programmes/\w+/$"))
    where = f"programmes/{Programme.objects.get().ref}"
    expects = client.go(together.exchange, where)
    expects.get_by_label("What do you expect of it?").fill("A customer hears the same from all.")
    expects.get_by_role("button", name="Say it").click()
    expect(expects.get_by_text("A customer hears the same from all.")).to_be_visible()
    page = amber.go(together.exchange, where)
    page.get_by_role("button", name="Begin to build").click()
    page.get_by_label("A short name for it").fill("words")
    page.get_by_label("What it is").first.fill("One page of plain words for the first hour")
    page.get_by_role("button", name="Add the part").click()
    page.get_by_role("button", name="Ask all members").click()
    for party in together.members.values():
        page = party.go(together.exchange, where)
        with page.expect_navigation():
            page.get_by_role("button", name="We consent").click()
    page = amber.go(together.exchange, where)
    page.get_by_role("button", name="Put it to the client").click()
    expect(page.get_by_role("button", name="Say GO")).to_have_count(0)
    decides = client.go(together.exchange, where)
    decides.get_by_role("button", name="Say GO, signed with your key").click()
    step(decides, "is live")
    row = Programme.objects.get()
    assert (row.state, row.live_version) == ("live", 1)


def nothing_of_a_device_was_sent(together: Together) -> None:
    figures = [f"{6.281937 + 4 * at}" for at in range(len(make.NAMES))]
    for party in together.devices.values():
        seed = party.key_file.read_text("utf-8").partition('"seed": "')[2][:64]
        assert len(seed) == 64
        for row in party.sent:
            assert seed not in row
            assert not [figure for figure in figures if figure in row]
