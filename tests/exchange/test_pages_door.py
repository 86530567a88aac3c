"""The door of an exchange: in by a code once, back by a key, and nothing told to others."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.exchange import factories as make
from tests.exchange import talk
from tests.exchange.pages import browser_of, convener_of
from tests.factories import person
from upturn.exchange.commands import decisions, entering, hosting, rounds
from upturn.exchange.engine import COME_BACK, to_sign
from upturn.exchange.queries.sittings import COOKIE

pytestmark = pytest.mark.django_db


def test_a_code_opens_once_and_says_no_more_the_second_time() -> None:
    made = make.prepared()
    invited = hosting.invite_party(
        made.convener, made.exchange, hosting.Invitation(name="Amber"), today=timezone.localdate()
    )
    client = Client()
    answer = client.post(reverse("exchange:code"), {"code": f" {invited.code.lower()} "})
    assert answer.url == reverse("exchange:here", args=[made.exchange.ref])
    assert answer.cookies[COOKIE]["httponly"]
    assert client.get(answer.url).status_code == 200
    again = Client().post(reverse("exchange:code"), {"code": invited.code})
    unknown = Client().post(reverse("exchange:code"), {"code": "A" * 28})
    assert again.status_code == unknown.status_code == 409
    assert again.context["refused"] == unknown.context["refused"]


def test_a_key_file_takes_a_seat_on_another_device_and_a_nonce_is_taken_once() -> None:
    made = make.opened()
    amber = made["Amber"]
    nonce = entering.new_nonce(timezone.now())
    said = to_sign(COME_BACK, made.exchange.ref, amber.row.ref, nonce)
    sent = {"party": amber.row.ref, "nonce": nonce, "signature": amber.key.sign(said).hex()}
    client = Client()
    answer = client.post(reverse("exchange:back"), sent)
    assert answer.url == reverse("exchange:here", args=[made.exchange.ref])
    assert "Amber" in client.get(answer.url).content.decode()
    assert Client().post(reverse("exchange:back"), sent).status_code == 409


def test_the_first_page_is_for_parties_and_who_keeps_it_and_nobody_else() -> None:
    made, other = make.opened(), make.opened("Another one")
    at = reverse("exchange:here", args=[made.exchange.ref])
    assert browser_of(made["Amber"]).get(at).status_code == 200
    assert convener_of(made).get(at).status_code == 200
    stranger = Client()
    stranger.force_login(person(role="executive"))
    assert stranger.get(at).status_code == 404
    door = reverse("exchange:code")
    assert browser_of(other["Amber"]).get(at).url == door
    assert Client().get(at).url == Client().get(at.replace(made.exchange.ref, "none")).url == door


def test_a_browser_can_be_forgotten_and_the_party_stays() -> None:
    made = make.opened()
    client = browser_of(made["Amber"])
    at = reverse("exchange:here", args=[made.exchange.ref])
    client.post(reverse("exchange:leave_browser", args=[made.exchange.ref]))
    assert client.get(at).url == reverse("exchange:code")
    assert made["Amber"].row.left_on is None


def _close_a_round(made: make.Made, key: str) -> None:
    row = talk.asked(made, key=key)
    talk.answer(made, row)
    rounds.go_on(made.convener, row.ref, "over", now=talk.NOW)


def _close_a_decision(made: make.Made, key: str) -> None:
    topic, consent = talk.topic(made).ref, decisions.Standing(position="consent")
    draft = decisions.DecisionDraft(key=key, topic=topic, words=talk.SAID, until=talk.UNTIL)
    row = decisions.propose(made["Amber"].sitting, draft, talk.checked(), now=talk.NOW)
    for name in make.NAMES:
        decisions.take_position(made[name].sitting, row.ref, consent, talk.checked())
    decisions.read_dissent(made.convener, row.ref, today=make.TODAY)
    decisions.close_decision(made.convener, row.ref, today=make.TODAY)


def test_the_first_page_asks_no_more_often_for_what_is_over() -> None:
    made = make.opened()
    at = reverse("exchange:here", args=[made.exchange.ref])

    def asked(name: str) -> int:
        client = browser_of(made[name])
        with CaptureQueriesContext(connection) as queries:
            assert client.get(at).status_code == 200
        return len(queries)

    names = ("Amber", "Client", "Steward")
    asked("Amber")
    before = [asked(name) for name in names]
    for key in "abc":
        _close_a_round(made, key)
        _close_a_decision(made, key)
    assert [asked(name) for name in names] == before
