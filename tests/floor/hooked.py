"""A floor with an address for programs, and messages as a program signs them."""

import hashlib
import hmac
import json
import secrets
from base64 import b64decode, b64encode
from itertools import count
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from tests.floor.drawn import TODAY, leader, stored
from upturn.floor.commands.hooks import make_hook
from upturn.floor.models import FloorHook, LabFloor
from upturn.floor.queries.hooks import hook_secret

_ids = count(1)


def hooked(lab_floor: LabFloor | None = None, *, name: str = "the till") -> FloorHook:
    code = f"hook {next(_ids)}"
    return make_hook(leader(), lab_floor or stored(), name=name, code=code, today=TODAY)


def signed(secret: str, body: bytes, **said: str) -> dict[str, str]:
    """The three headers, worked out by the page of the standard and none of the product's code."""
    id_ = said.get("id") or secrets.token_hex(8)
    moment = said.get("moment") or str(int(timezone.now().timestamp()))
    key = b64decode(secret.removeprefix("whsec_"))
    content = f"{id_}.{moment}.".encode() + body
    proof = b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    return {"webhook-id": id_, "webhook-timestamp": moment, "webhook-signature": f"v1,{proof}"}


def address(ref: str) -> str:
    return f"/api/floor/{ref}/needs"


def send(
    hook: FloorHook, body: object, *, headers: dict[str, str] | None = None, **said: str
) -> HttpResponse:
    """What the program sends, and what it is told."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    given = headers or signed(hook_secret(hook.ref), raw, **said)
    return Client().post(address(hook.ref), raw, content_type="application/json", headers=given)


def told(answer: HttpResponse, status: int = 200) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(answer.content)
    assert answer.status_code == status, found
    return found
