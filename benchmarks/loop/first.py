"""From `upturn serve --lan` to the first answer on a phone: the facilitator's actions, and seconds.

Each press, each form and each command of the facilitator counts as one action; the time is what
the house takes for them, with nobody typing, from a folder in which `upturn init` has been run.

`python -m benchmarks.loop.first`. The answer is 1 if a bar is missed.
"""

import argparse
import os
import re
import sys
import tempfile
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path
from statistics import median
from time import perf_counter, sleep
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

from benchmarks.floor.live.house import House
from benchmarks.floor.live.latency import cpu_s

ACTIONS, WITHIN_S = 5, 180.0
FIELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
CODE = re.compile(r"/w/([0-9A-Z]{6})/")
PHRASE = "only for this run"
SERVE = ("-m", "upturn.house.cli", "serve", "--lan")


@dataclass
class Browser:
    """Somebody's browser: follows what it is sent to, and fills in what a form hides."""

    port: int
    page: str = ""
    actions: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Begin without a cookie."""
        self._opener = build_opener(HTTPCookieProcessor(CookieJar()))
        self.at = ""

    def go(self, path: str) -> None:
        """Open a page."""
        self._ask(path, None)

    def act(self, what: str, path: str = "", **given: str) -> None:
        """Send the form of the page, with what is typed into it."""
        self.actions.append(what)
        self._ask(path or self.at, urlencode(dict(FIELD.findall(self.page)) | given).encode())

    def _ask(self, path: str, body: bytes | None) -> None:
        address = f"http://127.0.0.1:{self.port}{path}"
        with self._opener.open(address, body, timeout=60) as answer:
            self.page, self.at = answer.read().decode(), re.sub(r"^.*?:\d+", "", answer.url)


def once(house: House) -> tuple[float, list[str], int]:
    """Serve, open a workshop, let a phone in, answer; give seconds, actions and stored cards."""
    began = perf_counter()
    house.start()
    facilitator, phone = Browser(house.port), Browser(house.port)
    facilitator.actions.append("upturn serve --lan")
    _first_page(facilitator)
    facilitator.act("sign in", "/account/login/", login="lead", password=PHRASE)
    facilitator.go("/workshops/new/")
    facilitator.actions.append("press: a new workshop")
    facilitator.act("open it", name="The first", script="huddle", language="en")
    found = CODE.search(facilitator.page)
    assert found is not None  # noqa: S101 - else the figures mean nothing
    phone.go(found[0])
    phone.act("come in")
    facilitator.act("begin", f"{facilitator.at}move/", move="begin", turn="0")
    phone.act("hand in", "/workshop/card/", step="0", words="On Friday plates were warm.")
    return perf_counter() - began, facilitator.actions, _cards()


def _first_page(browser: Browser) -> None:
    while True:
        try:
            browser.go("/account/login/?next=/workshops/")
        except URLError:
            sleep(0.02)
        else:
            return


def _cards() -> int:
    from upturn.loop.models import Card  # noqa: PLC0415 - Django is set up by now

    return Card.objects.count()


def main() -> int:
    """Measure and print."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rounds", type=int, default=3)
    given = asked.parse_args()
    took, used = [], []
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as data:
        house = House(Path(data), serve=SERVE)
        house.lead.role = "facilitator"
        house.lead.save()
        for number in range(1, given.rounds + 1):
            try:
                seconds, actions, cards = once(house)
                used.append(cpu_s(house.process))
            finally:
                house.stop()
            took.append(seconds)
            if cards != number:
                sys.stdout.write("the answer is not stored\n")
                return 1
    sys.stdout.write(
        f"{len(actions)} actions: {', '.join(actions)}\n{median(took):.2f} s"
        f" ({min(took):.2f}-{max(took):.2f}, n {len(took)}) from the command to the first answer,"
        f" {median(used):.2f} s of a processor; load {os.getloadavg()[0]:.1f}\n"
    )
    return 0 if len(actions) <= ACTIONS and max(took) < WITHIN_S else 1


if __name__ == "__main__":
    sys.exit(main())
