"""The signed interface: who signed is let in, once, for this path, body, round and moment."""

import json
import secrets
from datetime import timedelta
from hashlib import sha256

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.exchange import bench, talk
from tests.exchange import factories as make
from upturn.exchange.commands import rounds
from upturn.exchange.engine.ballot import new_key, read_packet, verify
from upturn.exchange.models import Nonce, SealedMessage

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> make.Made:
    return make.opened()


def path(view: str, *parts: str) -> str:
    return reverse(f"exchange:{view}", args=parts)


def test_a_round_goes_through_by_signed_requests_alone(made: make.Made) -> None:
    asked = bench.begun(made)
    speaks = {each.name: bench.Installation(each, asked.ref) for each in made.members}

    def send(name: str, kind: str, content: bytes) -> None:
        answer = speaks[name].post(path("api_message", asked.ref, kind), content)
        assert answer.status_code == 200, answer.content

    for name, each in speaks.items():
        send(name, "roster", each.company.key.sign(bytes(asked.row.roster)))
    for name, own in bench.figures(made).items():
        send(name, "ballot", asked.devices[name].seal(*own))
    asked.close()
    for name in speaks:
        send(name, "confirmation", asked.devices[name].confirm())
    for name in make.NAMES[:5]:
        send(name, "sums", asked.devices[name].open())
    packet = read_packet(speaks["Fern"].get(path("api_packet", asked.ref)).content)
    assert packet.state == "opened"
    proof = speaks["Fern"].get(path("api_bundle", asked.ref)).content
    assert all(step.holds for step in verify(proof))


def test_it_says_what_waits(made: make.Made) -> None:
    asked = bench.begun(made)
    told = json.loads(bench.Installation(made["Amber"]).get(path("api_about")).content)
    assert told["exchange"] == made.exchange.ref
    assert [(each["ref"], each["waits_for"]) for each in told["benchmarks"]] == [
        (asked.ref, "roster")
    ]


def test_a_request_is_taken_once(made: make.Made) -> None:
    asked = bench.begun(made)
    where = path("api_packet", asked.ref)
    headers = bench.Installation(made["Amber"], asked.ref).headers("GET", where)
    assert Client().get(where, headers=headers).status_code == 200
    again = Client().get(where, headers=headers)
    assert again.status_code == 401
    assert json.loads(again.content)["code"] == "BadSignature"


@pytest.mark.parametrize(
    "changes",
    [
        {"method": "POST"},
        {"path": "/api/exchange/"},
        {"digest": sha256(b"x").hexdigest()},
        {"round": "-"},
        {"round": "0" * 32},
        {"party": "0" * 12},
        {"nonce": "short"},
        {"at": "0"},
        {"at": "late"},
        {"at": "early"},
        {"at": "9" * 13},
    ],
)
def test_what_is_signed_for_something_else_is_refused(
    made: make.Made, changes: dict[str, str]
) -> None:
    asked = bench.begun(made)
    where = path("api_packet", asked.ref)
    now = int(timezone.now().timestamp())
    minutes = {"late": str(now - 360), "early": str(now + 360)}
    signed = {name: minutes.get(value, value) for name, value in changes.items()}
    speaks = bench.Installation(made["Amber"], asked.ref)
    method, said_path = signed.pop("method", "GET"), signed.pop("path", where)
    answer = Client().get(where, headers=speaks.headers(method, said_path, **signed))
    assert answer.status_code == 401
    assert not Nonce.objects.exists()


def test_a_body_that_was_changed_on_the_way_is_refused(made: make.Made) -> None:
    asked = bench.begun(made)
    where = path("api_message", asked.ref, "roster")
    signature = made["Amber"].key.sign(bytes(asked.row.roster))
    headers = bench.Installation(made["Amber"], asked.ref).headers("POST", where, signature)
    other = made["Birch"].key.sign(bytes(asked.row.roster))
    answer = Client().post(where, other, content_type="application/octet-stream", headers=headers)
    assert answer.status_code == 401
    assert not SealedMessage.objects.exists()


def test_a_foreign_key_no_header_and_a_broken_one_are_refused_alike(made: make.Made) -> None:
    asked = bench.begun(made)
    where = path("api_packet", asked.ref)
    speaks = bench.Installation(made["Amber"], asked.ref)
    good = speaks.headers("GET", where)["Authorization"]
    speaks.company.key = new_key(secrets.token_bytes)
    foreign = speaks.headers("GET", where)["Authorization"]
    words = ["", "Upturn", "Bearer x", foreign, good[:-2], good + " x", f"{good[:-2]}zz"]
    answers = [Client().get(where, headers={"Authorization": word}) for word in words]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1


def test_a_cookie_is_no_signature_and_a_signature_no_seat(made: make.Made) -> None:
    asked = bench.begun(made)
    where = path("api_packet", asked.ref)
    assert asked.browser("Amber").get(where).status_code == 401
    page = asked.address()
    headers = bench.Installation(made["Amber"], asked.ref).headers("GET", page)
    assert Client().get(page, headers=headers).status_code == 302


def test_what_a_party_may_not_have_is_not_there(made: make.Made) -> None:
    asked = bench.submitted(made)
    for name, status in (("Client", 404), ("Steward", 404), ("Amber", 200)):
        speaks = bench.Installation(made[name], asked.ref)
        assert speaks.get(path("api_packet", asked.ref)).status_code == status
    amber = bench.Installation(made["Amber"], asked.ref)
    assert amber.get(path("api_bundle", asked.ref)).status_code == 404
    assert amber.post(path("api_message", asked.ref, "figures"), b"1").status_code == 404
    nowhere = bench.Installation(made["Amber"], "0" * 32)
    assert nowhere.get(path("api_packet", "0" * 32)).status_code == 404


def test_a_refusal_says_why(made: make.Made) -> None:
    asked = bench.begun(made)
    asked.sign()
    speaks = bench.Installation(made["Birch"], asked.ref)
    ballot = asked.devices["Amber"].seal(4.0, 1.0)
    answer = speaks.post(path("api_message", asked.ref, "ballot"), ballot)
    assert answer.status_code == 403
    assert "speaks for another company" in bench.said(answer)


def test_an_answer_in_a_round_of_talk_is_handed_in_by_signature(made: make.Made) -> None:
    now = timezone.now()
    draft = rounds.RoundDraft(
        key="r1", topic=talk.topic(made).ref, kind="question", question="What helps people care?",
        until=now + timedelta(days=1),
    )  # fmt: skip
    asked = rounds.open_round(made.convener, draft, talk.checked(), now=now).ref
    speaks = bench.Installation(made["Amber"], asked)
    where = path("api_post", asked)
    fields = {
        "ref": secrets.token_hex(16),
        "key": secrets.token_hex(16),
        "words": "We thank each other after every shift.",
        "guard_version": json.loads(
            bench.Installation(made["Amber"]).get(path("api_about")).content
        )["guard"],
        "guard_stop": "none",
    }
    assert speaks.post(where, b"[]").status_code == 409
    assert speaks.post(where, b"{").status_code == 409
    unchecked = speaks.post(where, json.dumps(fields | {"guard_version": "0"}).encode())
    assert unchecked.status_code == 409
    assert "Rule 17" in bench.said(unchecked)
    assert speaks.post(where, json.dumps(fields).encode()).status_code == 200
    assert speaks.post(where, json.dumps(fields).encode()).status_code == 200
