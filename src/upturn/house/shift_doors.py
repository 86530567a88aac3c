"""The way of played phones to the board: over the network, as real ones come."""

import json
import threading
from collections.abc import Callable, Mapping
from functools import partial
from http.cookiejar import CookieJar
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, ProxyHandler, Request, build_opener
from uuid import uuid4

from django.conf import settings
from django.utils import timezone

from upturn.floor.engine.lab.recorded import Arising
from upturn.house.shift_phones import Json

if TYPE_CHECKING:
    from upturn.floor.models import Shift

TRIES, PAUSE_S, TIMEOUT_S = 10, 0.3, 30.0
"""How often the same tap is sent until it is answered, and how long to wait in between."""
OK, REFUSED, TOO_MANY, UNAVAILABLE = 200, 409, 429, 503
SETTLED, LATER = (OK, REFUSED), (TOO_MANY, UNAVAILABLE)


class Ended(Exception):
    """Nothing more is to be played: somebody ended it, or the board does not answer."""


class Browser:
    """A phone of its own, with its own cookies."""

    def __init__(self, base: str) -> None:
        self._base = base
        self._jar = CookieJar()
        self._open = build_opener(HTTPCookieProcessor(self._jar), ProxyHandler({})).open

    def get(self, path: str) -> tuple[int, bytes]:
        return self._send(Request(self._base + path))  # noqa: S310 - our own server

    def post(self, path: str, **fields: str) -> tuple[int, bytes]:
        """Send a form as its page would."""
        given = fields | {"csrfmiddlewaretoken": self._token()}
        return self._send(Request(self._base + path, data=urlencode(given).encode()))  # noqa: S310

    def post_json(self, path: str, body: Json) -> tuple[int, bytes]:
        """Send a tap as the script of the page would."""
        headers = {"Content-Type": "application/json", "X-CSRFToken": self._token()}
        return self._send(Request(self._base + path, json.dumps(body).encode(), headers))  # noqa: S310

    def _token(self) -> str:
        found = (cookie.value for cookie in self._jar if cookie.name == settings.CSRF_COOKIE_NAME)
        return next(found, "") or ""

    def _send(self, request: Request) -> tuple[int, bytes]:
        try:
            with self._open(request, timeout=TIMEOUT_S) as answer:
                return answer.status, answer.read()
        except HTTPError as error:
            with error:
                return error.code, error.read()
        except OSError:  # the connection was refused, or broke
            return UNAVAILABLE, b""


class OverHttp:
    """Phones and guests at the addresses of a house that answers at `base`.

    `tables` gives the address of each table's page, `shift` the seconds that go by.
    """

    def __init__(
        self, base: str, *, shift: "Shift", tables: Mapping[str, str], ends: threading.Event
    ) -> None:
        self._base, self._shift, self._tables = base, shift, tables
        self._ends = ends
        self._began_s = 0.0
        self._phones: dict[str, Browser] = {}
        self._guests = Browser(base)

    def sit_down(self, seat: str, *, address: str) -> None:
        """Scan a code and pick a seat, as on the page it leads to."""
        phone = self._phones[seat] = Browser(self._base)
        phone.get(address)
        status, _ = phone.post(address, seat=seat, nickname=seat)
        if status != OK:
            msg = f"The seat {seat!r} could not be taken ({status})."
            raise Ended(msg)

    def begin(self) -> None:
        """Let the hour begin at this moment."""
        self._began_s = self._shift.seconds(timezone.now())

    def wait_until(self, at_s: float) -> float:
        while (left_s := at_s - self._now_s()) > 0:
            if self._ends.wait(left_s / self._shift.pace):
                break
        if self._ends.is_set():
            raise Ended
        return self._now_s()

    def _now_s(self) -> float:
        return self._shift.seconds(timezone.now()) - self._began_s

    def state(self, seat: str) -> Json:
        phone = self._phones[seat]
        return self._settled(partial(phone.get, "/board/state.json"))

    def tap(self, seat: str, act: str, **more: Any) -> Json:
        body = {"key": str(uuid4()), "act": act, **more}
        return self._settled(partial(self._phones[seat].post_json, "/board/tap/", body))

    def ask(self, arising: Arising) -> None:
        address, key = self._tables[arising.place], str(uuid4())
        self._guests.post(address, kind=arising.kind, key=key)

    def _settled(self, send: Callable[[], tuple[int, bytes]]) -> Json:
        """Send until it is answered, the same each time."""
        for _ in range(TRIES):
            status, answer = send()
            if status not in LATER:
                break
            self._ends.wait(PAUSE_S)
        if status not in SETTLED:
            msg = f"The board answered {status}. {answer[:200].decode(errors='replace')}"
            raise Ended(msg)
        found: Json = json.loads(answer)
        return found
