"""The programming interface for words and measures."""

import json
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from tests import factories as f
from tests.voice.said import comment, heard, stored, theme, weeks_ago
from upturn.graph.models import Kind, Touchpoint
from upturn.people.models import Person, Token
from upturn.record.errors import WriterBusy
from upturn.record.models import ReadingLog
from upturn.record.proofs import hash_of
from upturn.voice import commands
from upturn.voice.models import Feedback, Measure, MeasureWeek

pytestmark = pytest.mark.django_db
KEY = "a-key-of-at-least-128-random-bits"
EVERYTHING = "feedback:write feedback:read measures:write graph:read"


def token(scopes: str = EVERYTHING, *, maker: Person | None = None) -> Person:
    made_by = maker or f.person(role="administrator")
    Token.objects.create(
        name="till", key_hash=hash_of(KEY), scopes=scopes, made_by=made_by, made_on=f.TODAY
    )
    return made_by


def post(address: str, body: object, *, key: str = KEY, **headers: str) -> HttpResponse:
    given = {"Authorization": f"Bearer {key}"} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    payload = body if isinstance(body, bytes) else json.dumps(body)
    return Client(headers=given).post(f"/api/{address}", payload, content_type="application/json")


def get(address: str) -> HttpResponse:
    return Client(headers={"Authorization": f"Bearer {KEY}"}).get(f"/api/{address}")


def paying() -> Touchpoint:
    return f.touchpoint("Paying", customers=f.party(kind=Kind.CUSTOMERS), place="Mill")


def refused(response: HttpResponse, status: int, error: str) -> str:
    answer: dict[str, Any] = response.json()
    assert (response.status_code, set(answer), answer["error"]) == (
        status,
        {"error", "message"},
        error,
    )
    return str(answer["message"])


def test_one_comment_comes_in_with_its_touchpoint_and_scale() -> None:
    token()
    point = paying()
    body = {
        "text": " The till was quick ",
        "score": 4,
        "scale": "1-5",
        "at": "2026-11-03T12:00:00+01:00",
        "touchpoint": point.key,
        "channel": "till",
        "id": "r-1",
    }
    assert post("feedback", body).json() == {"new": 1, "same": 0}
    assert post("feedback", body).json() == {"new": 0, "same": 1}
    row = Feedback.objects.get()
    assert (row.text, row.score, row.score_raw, row.scale) == (
        "The till was quick",
        7.5,
        "4",
        "1-5",
    )
    assert (row.touchpoint, row.channel, f"{row.at:%H:%M}") == (point, "till", "11:00")


def test_up_to_500_come_in_together_all_or_none() -> None:
    token()
    many = [{"text": f"Words {n}", "id": f"r-{n}"} for n in range(500)]
    assert post("feedback", {"comments": many}).json() == {"new": 500, "same": 0}
    refused(post("feedback", {"comments": [*many, {"text": "x"}]}), 422, "invalid")
    broken = [{"text": "Fine", "id": "new"}, {"text": "Off", "score": 11}]
    sentence = refused(post("feedback", {"comments": broken}), 422, "invalid")
    assert "11 is not on the scale 0-10" in sentence
    assert Feedback.objects.count() == 500


def test_the_same_key_stores_once_and_other_words_under_it_are_refused() -> None:
    token()
    body = {"comments": [{"text": "Great"}, {"text": "Great"}]}
    assert post("feedback", body, Idempotency_Key="k1").json() == {"new": 2, "same": 0}
    assert post("feedback", body, Idempotency_Key="k1").json() == {"new": 0, "same": 2}
    other = {"comments": [{"text": "Great"}, {"text": "Awful"}]}
    refused(post("feedback", other, Idempotency_Key="k1"), 409, "key_reused")
    assert post("feedback", body).json() == {"new": 2, "same": 0}
    assert Feedback.objects.count() == 4


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": ""},
        {"text": "   "},
        {"text": "x" * 4001},
        {"text": "a\u0000b"},
        {"text": "\ud800"},
        {"text": "x", "score": 10.5},
        {"text": "x", "score": 1e400},
        {"text": "x", "score": "NaN"},
        {"text": "x", "score": 3, "scale": "5-1"},
        {"text": "x", "score": 3, "scale": "stars"},
        {"text": "x", "at": "1823-01-01T00:00:00Z"},
        {"text": "x", "at": "9999-12-31T23:59:59-14:00"},
        {"text": "x", "at": "2026-11-03"},
        {"text": "x", "at": 1e300},
        {"text": "x", "email": "ann@example.org"},
        {"text": "x", "channel": "c" * 41},
        {"text": "x", "id": "i" * 201},
        {"comments": []},
        {"comments": "x"},
        {"comments": [{"text": 5}]},
        [],
        "x",
        None,
    ],
)
def test_what_cannot_be_stored_is_refused_in_one_shape(body: object) -> None:
    token()
    refused(post("feedback", body), 422, "invalid")
    assert not Feedback.objects.exists()


def test_an_unknown_touchpoint_is_named_with_the_nearest() -> None:
    token()
    point = f.touchpoint(key="paying", customers=f.party(kind=Kind.CUSTOMERS))
    sentence = refused(
        post("feedback", {"text": "x", "touchpoint": "payin"}), 422, "unknown_touchpoint"
    )
    assert point.key in sentence


@pytest.mark.parametrize("address", ["feedback", "webhook", "measures"])
@pytest.mark.parametrize("scopes", ["", "graph:read", "feedback:read"])
def test_writing_needs_its_scope(address: str, scopes: str) -> None:
    token(scopes)
    refused(post(address, {"text": "x"}), 401, "no_token")
    refused(post(address, {"text": "x"}, key="wrong"), 401, "no_token")
    assert not Feedback.objects.exists()


def test_a_busy_writer_says_when_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    token()

    def busy(*args: object, **kwargs: object) -> list[bool]:
        raise WriterBusy("2048 writes are waiting.")

    monkeypatch.setattr(commands, "hand_in_all", busy)
    answer = post("feedback", {"text": "x"})
    refused(answer, 503, "busy")
    assert answer["Retry-After"] == "5"


def test_a_webhook_may_call_things_as_it_likes() -> None:
    token()
    point = paying()
    body = {
        "event": "review.created",
        "data": {
            "review_id": "y-77",
            "customer_review": "The till was slow and nobody looked up",
            "stars": 2,
            "created_at": "2026-11-03T10:00:00Z",
            "moment": "Paying",
            "customer_email": "ann@example.org",
        },
    }
    answer = post("webhook?map=score=data stars:1-5", body)
    assert answer.json() == {"new": 1, "same": 0}, answer.content
    assert post("webhook?map=score=data stars:1-5", body).json() == {"new": 0, "same": 1}
    row = Feedback.objects.get()
    assert row.text == "The till was slow and nobody looked up"
    assert (row.score, row.touchpoint, f"{row.at:%Y-%m-%d}") == (2.5, point, "2026-11-03")
    kept = " ".join(str(value) for value in Feedback.objects.values().get().values())
    assert "ann@example.org" not in kept


def test_a_webhook_tells_two_equal_comments_apart_unless_the_key_repeats() -> None:
    token()
    body = {"comment": "Great"}
    for key in ("a", "b", "b"):
        assert post("webhook", body, Idempotency_Key=key).status_code == 200
    assert post("webhook", body).json() == {"new": 1, "same": 0}
    assert Feedback.objects.count() == 3


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({"comment": "Great service here", "stars": 4}, "scale is not known"),
        ({"stars": 4}, "holds customers' words"),
        ([], "a list of 1 to 500"),
        ([1], "a list of 1 to 500"),
        ({"comment": ["nested"]}, "holds customers' words"),
    ],
)
def test_a_webhook_that_cannot_be_read_says_what_helps(body: object, sentence: str) -> None:
    token()
    assert sentence in refused(post("webhook", body), 422, "invalid")


@pytest.mark.parametrize("address", ["feedback", "webhook", "measures"])
def test_a_body_that_is_not_json_or_too_big_is_refused(address: str) -> None:
    token()
    for body in (b"{", b"\xff", b"[" * 100_000):
        refused(post(address, body), 400, "not_json")
    refused(post(address, b" " * 2_500_001), 413, "too_big")


def test_words_are_read_in_order_page_by_page_and_the_reading_is_noted() -> None:
    maker = token()
    point, cold = paying(), theme()
    rows = heard(point, [5.0, None], week=weeks_ago(1), theme=cold, polarity=-1)
    rows += stored(comment("Not read yet"))
    first = get("feedback?limit=2").json()
    assert [each["id"] for each in first["comments"]] == [row.pk for row in rows[:2]]
    assert first["comments"][0] | {"at": "", "text": ""} == {
        "id": rows[0].pk,
        "text": "",
        "score": 5.0,
        "at": "",
        "channel": "",
        "touchpoint": point.key,
        "theme": "cold",
        "polarity": -1,
    }
    rest = get(f"feedback?after={first['next']}&limit=2").json()
    assert [each["text"] for each in rest["comments"]] == ["Not read yet"]
    assert rest["comments"][0]["polarity"] is None
    assert rest["next"] is None
    assert ReadingLog.objects.filter(reader_id=maker.pk, kind="touchpoint").count() == 1


def test_a_token_never_sees_more_than_its_maker() -> None:
    token(maker=f.person(role="guest"))
    stored(comment())
    assert get("feedback").json() == {"comments": [], "next": None}
    paying()
    assert get("touchpoints").json() == {"touchpoints": [], "next": None}


@pytest.mark.parametrize(
    "query",
    [
        "after=-1",
        "after=9223372036854775808",
        "after=x",
        "limit=0",
        "limit=501",
        "limit=1e3",
        "after=99999999999999999999999",
    ],
)
def test_every_number_is_bounded(query: str) -> None:
    token()
    refused(get(f"feedback?{query}"), 422, "invalid")


def test_touchpoints_are_listed_with_what_names_them() -> None:
    token()
    point = paying()
    f.touchpoint(customers=point.customers)
    page = get("touchpoints?limit=1").json()
    rest = get(f"touchpoints?skip={page['next']}").json()
    both = page["touchpoints"] + rest["touchpoints"]
    assert {
        "key": point.key,
        "name": "Paying",
        "moment": "",
        "place": "Mill",
        "customers": point.customers.key,
    } in both
    assert (len(both), rest["next"]) == (2, None)


def measure(**fields: object) -> dict[str, object]:
    return {"name": "served well", "week": "2026-11-18", "value": 6.5, "n": 12} | fields


def test_measures_of_parties_and_edges_come_in_and_take_new_values() -> None:
    token()
    kitchen, floor = f.party(), f.party()
    f.serves(kitchen, floor)
    edge = {"server": kitchen.key, "served": floor.key}
    body = {"measures": [measure(edge=edge), measure(party=kitchen.key, name="warm plates")]}
    assert post("measures", body).json() == {"weeks": 2}
    assert post("measures", {"measures": [measure(edge=edge, value=7)]}).json() == {"weeks": 1}
    values = MeasureWeek.objects.values_list("measure__name", "value")
    assert set(values) == {("served well", 7.0), ("warm plates", 6.5)}
    body = {"measures": [measure(party=kitchen.key, name="warm plates", better="less")]}
    assert post("measures", body).json() == {"weeks": 1}
    better = dict(Measure.objects.values_list("name", "better"))
    assert better == {"served well": "more", "warm plates": "less"}


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"party": "nobody"},
        {"party": "p", "edge": {"server": "a", "served": "b"}},
        {"edge": {"server": "a", "served": "b"}},
        {"party": "p", "n": -1},
        {"party": "p", "n": 2**31},
        {"party": "p", "value": 1e13},
        {"party": "p", "value": None},
        {"party": "p", "week": "0001-01-01"},
        {"party": "p", "week": "2026-02-30"},
        {"party": "p", "name": " "},
        {"party": "p", "better": "higher"},
    ],
)
def test_a_measure_that_cannot_be_stored_is_refused(fields: dict[str, object]) -> None:
    token()
    refused(post("measures", {"measures": [measure(**fields)]}), 422, "invalid")
    assert not MeasureWeek.objects.exists()


def test_every_refusal_is_documented_once_in_one_shape() -> None:
    schema = Client().get("/api/openapi.json").json()
    shapes = set()
    for address in ("/api/feedback", "/api/webhook", "/api/touchpoints", "/api/measures"):
        for operation in schema["paths"][address].values():
            answers = operation["responses"]
            assert {"200", "400", "401", "422"} <= answers.keys()
            assert ("503" in answers) == ("requestBody" in operation or "webhook" in address)
            shapes |= {
                answers[status]["content"]["application/json"]["schema"]["$ref"]
                for status in answers
                if status != "200"
            }
    assert shapes == {"#/components/schemas/Error"}
