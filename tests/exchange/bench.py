"""A sealed benchmark through its pages, as the browsers of companies and of the host meet it."""

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.exchange import factories as make
from tests.exchange.pages import browser_of, convener_of
from tests.exchange.rounds import Device, figures
from upturn.exchange.commands.closing_benchmarks import close_due
from upturn.exchange.engine import REQUEST, to_sign
from upturn.exchange.models import Benchmark
from upturn.exchange.views.benchmark_drafting import quarter_before

METRICS = ("repeat_contact", "coaching")
LATER = timedelta(days=30)


def form(**changes: Any) -> dict[str, Any]:
    """What a convener fills in; the round runs from now on for a fortnight."""
    today = timezone.localdate()
    first, last = quarter_before(today)
    given: dict[str, Any] = {
        "key": secrets.token_hex(16),
        "name": "Spring",
        "metric": list(METRICS),
        "first": first.isoformat(),
        "last": last.isoformat(),
        "closes_on": (today + timedelta(days=14)).isoformat(),
        "closes_at": "18:00",
    }
    return given | changes


def draft(made: make.Made, **changes: Any) -> HttpResponse:
    """Send the form of a new round, as who keeps the exchange."""
    address = reverse("exchange:benchmark_new", args=[made.exchange.ref])
    answer: HttpResponse = convener_of(made).post(address, form(**changes))
    return answer


@dataclass
class Pages:
    """A round, and a browser and a device for each company."""

    made: make.Made
    ref: str
    devices: dict[str, Device]

    @property
    def row(self) -> Benchmark:
        return Benchmark.objects.get(ref=self.ref)

    def address(self, name: str = "benchmark", *more: str) -> str:
        return reverse(f"exchange:{name}", args=[self.made.exchange.ref, self.ref, *more])

    def browser(self, name: str) -> Client:
        return convener_of(self.made) if name == "convener" else browser_of(self.made[name])

    def page(self, name: str) -> HttpResponse:
        answer: HttpResponse = self.browser(name).get(self.address())
        return answer

    def send(self, name: str, kind: str, content: bytes) -> HttpResponse:
        answer: HttpResponse = self.browser(name).post(
            self.address("benchmark_send", kind), content, content_type="application/octet-stream"
        )
        return answer

    def sign(self, names: Iterable[str] = ()) -> None:
        for name in names or self.devices:
            signature = self.made[name].key.sign(bytes(self.row.roster))
            assert self.send(name, "roster", signature).status_code == 200

    def hand_in(self, figures: Mapping[str, tuple[float | None, ...]]) -> dict[str, bytes]:
        sent = {name: self.devices[name].seal(*own) for name, own in figures.items()}
        for name, content in sent.items():
            assert self.send(name, "ballot", content).status_code == 200
        return sent

    def close(self) -> None:
        close_due(timezone.now() + LATER)

    def confirm(self, names: Iterable[str] = ()) -> None:
        for name in names or self.devices:
            said = self.devices[name].confirm()
            assert self.send(name, "confirmation", said).status_code == 200

    def open(self, names: Iterable[str] = ()) -> None:
        for name in names or self.devices:
            if self.row.state != "opening":
                return
            assert self.send(name, "sums", self.devices[name].open()).status_code == 200


def begun(made: make.Made, **changes: Any) -> Pages:
    answer = draft(made, **changes)
    assert answer.status_code == 302, answer.content.decode()
    ref = answer["Location"].rstrip("/").rpartition("/")[2]
    return Pages(made, ref, {each.name: Device(each, ref) for each in made.members})


def submitted(made: make.Made, **changes: Any) -> Pages:
    asked = begun(made, **changes)
    asked.sign()
    asked.hand_in(figures(made))
    return asked


def opened(made: make.Made, **changes: Any) -> Pages:
    asked = submitted(made, **changes)
    asked.close()
    asked.confirm()
    asked.open()
    assert asked.row.state == "opened"
    return asked


@dataclass
class Installation:
    """A company's own installation, which signs each request."""

    company: make.Company
    round: str = "-"

    def headers(self, method: str, path: str, body: bytes = b"", **changes: str) -> dict[str, str]:
        said = {
            "party": self.company.row.ref,
            "method": method,
            "path": path,
            "digest": sha256(body).hexdigest(),
            "round": self.round,
            "nonce": secrets.token_hex(16),
            "at": str(int(timezone.now().timestamp())),
        } | changes
        signature = self.company.key.sign(to_sign(REQUEST, *said.values())).hex()
        words = (said["party"], said["round"], said["nonce"], said["at"], signature)
        return {"Authorization": f"Upturn {' '.join(words)}"}

    def get(self, path: str) -> HttpResponse:
        answer: HttpResponse = Client().get(path, headers=self.headers("GET", path))
        return answer

    def post(self, path: str, body: bytes) -> HttpResponse:
        headers = self.headers("POST", path, body)
        answer: HttpResponse = Client(enforce_csrf_checks=True).post(
            path, body, content_type="application/octet-stream", headers=headers
        )
        return answer


def said(answer: HttpResponse) -> str:
    """The sentence with which a script was refused."""
    return str(json.loads(answer.content)["said"])
