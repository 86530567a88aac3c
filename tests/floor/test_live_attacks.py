"""What hostile phones, jokers at a table and curious leads try on an open shift, and do not get."""

import json
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from tests import factories as f
from tests.floor.drawn import leader
from tests.floor.live import board, key, moment, needs, opened, phone, raised, tap
from tests.floor.test_board_page import code, seated
from upturn.floor import commands, queries
from upturn.floor.commands import SeatTaken, TapRefused
from upturn.floor.models import NeedState, ShiftNeed, memory

pytestmark = pytest.mark.django_db
HALF = "\ud83d"
"""Half of a sign of two: JSON can say it, no page and no database can."""


def sent(client: Client, body: str, *, to: str = "tap") -> HttpResponse:
    return client.post(f"/board/{to}/", body, content_type="application/json")


@pytest.mark.parametrize(
    "how",
    [
        {"act": "hold", "item": "pot", "left": 10**400},
        {"act": "done", "need": "a", "age_ms": 10**400},
        {"act": "done", "need": HALF},
        {"act": "take", "needs": [HALF]},
        {"act": "raise", "need": "a", "place": HALF, "kind": "coffee"},
        {"act": "seated", "place": HALF},
        {"act": "undo", "undoes": HALF},
        {"act": "done", "need": "a\0", "needs": ["\0"]},
        {"act": "decline", "needs": [HALF]},
        {"act": "at", "place": HALF},
        {"act": "at", "place": "no such place"},
        {"act": "looked", "place": "no such place"},
        {"act": "hold", "item": "no such item", "left": 3},
    ],
)
def test_what_no_thumb_can_say_is_refused(how):
    client = seated(opened())
    answer = sent(client, json.dumps({"key": key(), **how}))
    assert answer.status_code in (400, 409), (answer.status_code, answer.content)
    assert client.get("/board/").status_code == 200


def test_hello():
    shift = opened()
    client = seated(shift)
    for hello in (
        {"hands": {"pot": 10**400}},
        {"hands": {"pot": 1e300}},
        {"nickname": HALF},
        {"nickname": "a\u202eb"},
        {"language": "../../xx"},
        {"language": HALF},
        {"at": HALF},
        {"claims": {HALF: HALF}},
        {"hands": {HALF: 2}},
        {"hands": {str(n): 2 for n in range(300)}},
    ):
        answer = sent(client, json.dumps(hello), to="hello")
        print(hello if len(str(hello)) < 200 else "", answer.status_code, client.get("/board/").status_code, client.get("/board/state.json").status_code)
        print(memory.of(shift.ref).seat("server 1"))
    assert 0
