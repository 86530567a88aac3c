"""Every address of the room, by everybody, with everything that stands in each answer."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern

from tests.exchange import factories as make
from tests.exchange.planting import encodings
from tests.exchange.scene import PLACES
from tests.factories import person
from upturn.exchange.models import Pair, Seat, SignOff
from upturn.exchange.queries.sittings import COOKIE
from upturn.exchange.urls import urlpatterns
from upturn.record.proofs import hash_of

NUMBERS = {"withdraw_counsel": SignOff, "pair": Pair}
PLACE = re.compile(r"<(?:(\w+):)?(\w+)>")
TOKEN = "t" * 43
FORMS = frozenset(
    {
        "answer_knock", "answer_report", "api_message", "api_post", "benchmark_counsel",
        "benchmark_end", "benchmark_send", "boat", "brakes", "chair", "counsel", "gain",
        "guard_held", "guard_hold", "guard_notes", "guard_withdraw", "leave_browser", "move",
        "new_door", "report", "ring", "steward_decide", "vision_line", "withdraw",
        "withdraw_counsel", "words",
    }
)  # fmt: skip
"""Addresses that take forms and show no page."""


@dataclass(frozen=True)
class Read:
    """An answer that somebody got."""

    name: str
    who: str
    method: str
    status: int
    text: bytes
    to: str = ""

    @property
    def let_in(self) -> bool:
        """Whether the door let somebody in; an address for forms alone is asked by one."""
        door = self.to == "/exchange/" and self.method == "GET"
        seatless = self.status == 403 and b'"code": "Gone"' in self.text
        if self.status in {401, 404} or door or seatless or self.to.startswith("/account/login/"):
            return False
        return self.method == ("POST" if self.name in FORMS else "GET") and self.status < 500


def addresses() -> dict[str, str]:
    """Every address of the room by its name."""
    assert all(isinstance(each, URLPattern) for each in urlpatterns)
    return {str(each.name): str(each.pattern) for each in urlpatterns}


def filled(name: str, pattern: str, made: make.Made, *, within: make.Made) -> str:
    """An address within one exchange, about what was planted in another, or in the same."""

    def place(found: re.Match[str]) -> str:
        if found[2] == "ref" and not pattern.startswith(("api/", "exchange/out/")):
            return within.exchange.ref
        if found[1] == "int":
            table = NUMBERS.get(name)
            return str(made.planted[table].pk) if table else "1"
        about = {"ref": "benchmark", "which": "benchmark", "report": "breach"}.get(found[2])
        if pattern.startswith("exchange/out/"):
            return made.exchange.ref
        table = PLACES.get(about or found[2])
        return made.planted[table].ref if table else "ballot"

    return "/" + PLACE.sub(place, pattern)


def sat_down(company: make.Company) -> Client:
    """A browser of a company, by a token of this test: the planted words took the first one's."""
    seat = Seat.objects.filter(party=company.party).order_by("pk")[0]
    new = Seat.objects.create(party=seat.party, token_hash=hash_of(f"{TOKEN}{company.party}"))
    client = Client()
    client.cookies[COOKIE] = f"{new.pk}.{TOKEN}{company.party}"
    return client


def signed_in(who: Any) -> Client:
    client = Client()
    client.force_login(who)
    return client


def within(made: make.Made) -> dict[str, Client]:
    first, second = made.members[:2]
    return {
        "own": sat_down(first),
        "member": sat_down(second),
        "client": sat_down(made["Client"]),
        "steward": sat_down(made["Steward"]),
        "convener": signed_in(made.convener),
    }


def outside(elsewhere: make.Made) -> dict[str, Client]:
    """Parties and keepers of another exchange, those who keep none, and nobody at all."""
    others = {f"{kind} elsewhere": client for kind, client in within(elsewhere).items()}
    people = {role: signed_in(person(role=role)) for role in ("leader", "administrator", "guest")}
    return others | people | {"anonymous": Client()}


def ask(client: Client, method: str, address: str) -> HttpResponse:
    """Ask, with whatever that changed undone."""
    cookies = client.cookies.copy()
    with transaction.atomic():
        sent = {"words": "?", "key": "?", "content": "?"}
        answer = client.post(address, sent) if method == "POST" else client.get(address)
        body = b"".join(answer) if answer.streaming else answer.content
        answer.said = body + str(answer.headers).encode() + answer.cookies.output().encode()
        transaction.set_rollback(True)
    client.cookies = cookies
    return answer


def walk(
    browsers: dict[str, Client],
    about: make.Made,
    *,
    inside: make.Made | None = None,
    raising: bool = True,
) -> Iterator[Read]:
    """Open every address about an exchange, by every browser; `inside` is the one it names."""
    for name, pattern in addresses().items():
        address = filled(name, pattern, about, within=inside or about)
        for who, client in browsers.items():
            client.raise_request_exception = raising
            for method in ("GET", "POST"):
                answer = ask(client, method, address)
                to = answer.headers.get("Location", "")
                yield Read(name, who, method, answer.status_code, answer.said, to)


def told(read: Read, words: dict[str, str]) -> set[str]:
    """Which of these words stand in an answer, however they are written there."""
    return {
        name for name, word in words.items() if any(way in read.text for way in encodings(word))
    }


def modules_of(package: ModuleType) -> Iterator[ModuleType]:
    for each in pkgutil.iter_modules(package.__path__):
        yield importlib.import_module(f"{package.__name__}.{each.name}")
