"""A whole round at a host that runs: one company in a browser, five with the command line.

The host is cut off in mid-opening, a browser forgets everything, and nothing of anybody's figures
is in the host's folder at the end.
"""

import json
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from playwright.sync_api import Browser, Page, expect

from tests.house.installed import answers, still_runs
from tests.journeys import axe
from tests.journeys.house import IN_A_BROWSER, PHONE, House, any_chromium
from upturn.house.cli import main

pytestmark = IN_A_BROWSER

BY_SHELL = ("Birch", "Cedar", "Dune", "Elder", "Fern")
FIGURES = {
    "Amber": ("8.273641", "1.918273"),
    "Birch": ("12.546372", "2.645281"),
    "Cedar": ("17.372819", "3.281936"),
    "Dune": ("22.819273", "4.372645"),
    "Elder": ("27.645382", ""),
    "Fern": ("33.918264", "0.281937"),
}
NAMES = ("Contacts that come back within seven days", "Coaching each server gets")


class Site(House):
    """A host with an exchange in it, served as anybody would."""

    def begin(self) -> None:
        port = self.address.rpartition(":")[2]
        command = [Path(sys.executable).with_name("upturn"), "serve", "--port", port]
        with (self.data / "printed").open("a") as printed:
            server = subprocess.Popen(
                command,
                env=self.environment(),
                stdout=printed,
                stderr=printed,
                start_new_session=True,
            )
        self.running.append(server)
        while not answers(self.address):
            assert still_runs(server), (self.data / "printed").read_text()

    def page(self, browser: Browser, cookie: list[str], **options: Any) -> Page:
        context = self.context(browser, **options)
        context.add_cookies([{"name": cookie[0], "value": cookie[1], "url": self.address}])
        return context.new_page()

    def over(self) -> None:
        """Let the time of the round be over."""
        [database] = list(self.data.glob("*.sqlite3"))
        with closing(sqlite3.connect(database, timeout=30)) as held, held:
            held.execute("UPDATE exchange_benchmark SET closes_at = '2026-01-01 00:00:00'")


@dataclass
class Planted:
    """The host, who may come in, and a folder for what companies keep on their own side."""

    site: Site
    told: dict[str, Any]
    own: Path

    def shell(self, name: str, command: str, address: str, *more: str) -> Result:
        words = [command, "--to", address, "--key", str(self.own / f"{name}.key")]
        proof = ["-o", str(self.own / f"{name}.zip")] if command == "open" else []
        figures = ["--figures", str(self.own / f"{name}.csv")]
        done = CliRunner().invoke(main, [*words, *figures, *proof, *more])
        assert done.exit_code == 0, done.output
        return done


@pytest.fixture
def planted(tmp_path: Path) -> Iterator[Planted]:
    data, own = tmp_path / "host", tmp_path / "own"
    data.mkdir()
    own.mkdir()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    site = Site(f"http://127.0.0.1:{port}", data)
    done = subprocess.run(
        [sys.executable, "-m", "tests.exchange.planted_site"],
        env=site.environment(),
        cwd=Path(__file__).parents[2],
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    told = json.loads(done.stdout)
    for name, key in told["keys"].items():
        (own / f"{name}.key").write_text(json.dumps(key))
        lines = [f"{metric},{figure}" for metric, figure in zip(NAMES, FIGURES[name], strict=True)]
        (own / f"{name}.csv").write_text("metric,figure\n" + "\n".join(lines) + "\n")
    site.begin()
    try:
        yield Planted(site, told, own)
    finally:
        site.end()


def plan(page: Page, exchange: str) -> str:
    page.goto(f"/exchanges/{exchange}/benchmarks/new/")
    faultless(page, "plan")
    page.get_by_label("Name of the round").fill("Spring")
    for name in NAMES:
        page.get_by_label(name).first.check()
    page.get_by_role("button", name="Hold it against the rules").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("6 companies")
    faultless(page, "kept")
    return page.url


def faultless(page: Page, place: str) -> None:
    """Nothing that axe-core knows of is wrong, in the light scheme and in the dark one."""
    axe.begin(page)
    assert list(axe.told(page, place)) == []


def step(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(words, timeout=60_000)


def test_a_round_by_browser_and_shell_at_a_host_that_is_cut_off(planted: Planted) -> None:
    site, told = planted.site, planted.told
    with any_chromium() as browser:
        address = plan(site.page(browser, told["cookies"]["convener"]), told["exchange"])
        amber = site.page(browser, told["cookies"]["Amber"], **PHONE)
        all_seal(planted, amber, address)
        site.over()
        forgets_and_confirms(planted, amber, address)
        all_open(planted, address)
        step(amber, "Where the companies lie")
        amber.locator("#own-file").set_input_files(planted.own / "Amber.csv")
        expect(amber.locator(".place").first).to_have_text("below the band")
        faultless(amber, "results")
        assert amber.evaluate("document.documentElement.scrollWidth") <= 390
        client = site.page(browser, told["cookies"]["Client"])
        client.goto(address)
        step(client, "Where the companies lie")
        assert client.locator(".place, .own-mark").count() == 0
        client.goto("/exchange/seal/")
        faultless(client, "seal")
    fern = planted.shell("Fern", "open", address).output
    assert "it holds: recomputed on this machine" in fern
    assert "above" in fern
    nowhere(site.data)


def all_seal(planted: Planted, amber: Page, address: str) -> None:
    """The roster is signed by six, and sealed by each in its own way."""
    amber.goto(address)
    faultless(amber, "key asked")
    amber.get_by_label("Key file", exact=True).set_input_files(planted.own / "Amber.key")
    amber.get_by_role("button", name="Sign the roster").click()
    step(amber, "The roster waits")
    for name in BY_SHELL[:-1]:
        assert "The roster is signed" in planted.shell(name, "seal", address).output
    assert "Ballot 1 is sealed" in planted.shell("Fern", "seal", address).output
    for name in BY_SHELL[:-1]:
        assert "It is at the host" in planted.shell(name, "seal", address).output
    amber.goto(address)
    seal(amber)


def forgets_and_confirms(planted: Planted, amber: Page, address: str) -> None:
    """The browser lost its storage: its key file is asked for, and whether that ballot was last."""
    step(amber, "confirm")
    amber.evaluate("localStorage.clear()")
    amber.goto(address)
    step(amber, "checks every ballot")
    amber.get_by_label("Key file", exact=True).set_input_files(planted.own / "Amber.key")
    amber.get_by_role("button", name="Yes, confirm the list").click()
    step(amber, "The list waits")


def all_open(planted: Planted, address: str) -> None:
    """Five confirm and open with the command line; the host is cut off after three sums."""
    for name in BY_SHELL:
        assert "confirmed" in planted.shell(name, "open", address).output
    for name in BY_SHELL[:3]:
        assert "Your sums are made" in planted.shell(name, "open", address).output
    planted.site.cut_off()
    planted.site.begin()
    for name in BY_SHELL[3:]:
        planted.shell(name, "open", address)


def seal(page: Page) -> None:
    """Type one figure wrongly first; then seal, and seal anew."""
    first, second = (page.get_by_label(name) for name in NAMES)
    first.fill("8,27x")
    second.fill(FIGURES["Amber"][1])
    page.get_by_role("button", name="Seal and send").click()
    expect(page.get_by_role("alert")).to_contain_text(NAMES[0])
    faultless(page, "figures")
    first.fill(FIGURES["Amber"][0].replace(".", ","))
    page.reload()
    expect(first).to_have_value(FIGURES["Amber"][0].replace(".", ","))
    page.get_by_role("button", name="Seal and send").click()
    step(page, "Your ballot is in")


def nowhere(data: Path) -> None:
    """No figure is in any file of the host, its log included."""
    for file in data.rglob("*"):
        content = file.read_bytes() if file.is_file() else b""
        for own in FIGURES.values():
            for figure in filter(None, own):
                for written in (figure, figure.replace(".", ","), figure.replace(".", "")):
                    assert written.encode() not in content, file
