"""Browsers around a workshop: a facilitator's, and phones without an account."""

import json
from itertools import count
from typing import Any

from django.http import HttpResponse
from django.test import Client

from upturn.loop.models import Workshop
from upturn.people.models import Person

_numbers = count(1)


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def joined(workshop: Workshop, *, language: str = "en", **answers: str) -> Client:
    """A phone that read what is kept, and came in."""
    phone = Client(headers={"accept-language": language})
    answer = phone.post(f"/w/{workshop.code}/", answers)
    assert answer.status_code == 302
    return phone


def sent(phone: Client, to: str, body: dict[str, Any]) -> HttpResponse:
    """What a phone's script sends."""
    return phone.post(  # type: ignore[return-value]
        f"/workshop/{to}/",
        json.dumps(body),
        content_type="application/json",
        headers={"accept": "application/json"},
    )


def card(words: str, *, step: int = 0, **more: Any) -> dict[str, Any]:
    n = next(_numbers)
    drawn = {"ref": f"{n:032x}", "key": f"key-of-a-card-{n:08}"}
    return {**drawn, "step": step, "words": words, **more}


def address(workshop: Workshop, end: str = "") -> str:
    return f"/workshops/{workshop.ref}/{end}"


def fresh(workshop: Workshop) -> Workshop:
    return Workshop.objects.get(pk=workshop.pk)


def pressed(host: Client, workshop: Workshop, move: str, *, turn: int | None = None) -> int:
    """A key of the console; gives the status of the answer."""
    at = fresh(workshop).turn if turn is None else turn
    return host.post(address(workshop, "move/"), {"move": move, "turn": at}).status_code
