"""Whatever a program sends: no answer that the description does not name, and nothing breaks."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.attacks.scene import Scene

pytestmark = pytest.mark.django_db

CASES = 60
Operation = tuple[str, str, dict[str, Any]]
TEXT = st.text(max_size=30) | st.sampled_from(["\0", "\ud800", "x" * 3_000, "1e309", "-1", "NaN"])
NUMBERS = st.integers(-(10**25), 10**25) | st.floats() | st.sampled_from([2**63, -(2**63), 1e308])
LEAVES = st.none() | st.booleans() | NUMBERS | TEXT
ANYTHING = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)


@pytest.fixture(scope="module")
def description(django_db_setup: None, django_db_blocker: Any) -> dict[str, Any]:
    with django_db_blocker.unblock():
        found: dict[str, Any] = Client().get("/api/openapi.json").json()
    return found


def operations(description: dict[str, Any]) -> Iterator[Operation]:
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


def near(schema: dict[str, Any], parts: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values that fit a schema, or miss it by one thing."""
    if "$ref" in schema:
        return near(parts[schema["$ref"].rsplit("/", 1)[1]], parts)
    several = schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf")
    if several:
        return st.one_of([near(one, parts) for one in several])
    return _near(schema, parts) | (ANYTHING if "properties" not in schema else LEAVES)


def _near(schema: dict[str, Any], parts: dict[str, Any]) -> st.SearchStrategy[Any]:
    kind = schema.get("type")
    if kind == "object" and "properties" in schema:
        fields = {name: near(one, parts) for name, one in schema["properties"].items()}
        needed = {name: fields.pop(name) for name in schema.get("required", ()) if name in fields}
        return st.fixed_dictionaries(needed, optional=fields)
    if kind == "array":
        return st.lists(near(schema["items"], parts), max_size=3)
    if kind in {"integer", "number"}:
        low, high = schema.get("minimum", -5), schema.get("maximum", 5)
        return st.sampled_from([low, high, low - 1, high + 1, 3, 3.5])
    if schema.get("format") == "date-time":
        return st.datetimes().map(lambda at: f"{at.isoformat()}Z")
    if schema.get("format") == "date":
        return st.dates().map(str)
    return st.sampled_from(["touchpoint-1", "party-1", "0-10", "1-5", "", "warm"])


def send(
    scene: Scene, operation: Operation, *, data: st.DataObject, parts: dict[str, Any]
) -> HttpResponse:
    method, path, told = operation
    query, headers = {}, {"authorization": f"Bearer {scene.key}"}
    for parameter in told.get("parameters", []):
        if data.draw(st.booleans()):
            value = data.draw(near(parameter["schema"], parts) | LEAVES)
            text = str(value).encode(errors="replace").decode()
            if parameter["in"] == "query":
                query[parameter["name"]] = text
            else:
                headers[parameter["name"]] = "".join(filter(str.isprintable, text))
    body: Any = None
    if method == "post":
        content = told.get("requestBody", {}).get("content", {}).get("application/json", {})
        body = data.draw(near(content.get("schema", {}), parts) | ANYTHING)
    client = Client(raise_request_exception=False)
    with transaction.atomic():
        answer = client.generic(
            method.upper(),
            path,
            json.dumps(body) if method == "post" else "",
            "application/json",
            headers=headers,
            query_params=query,
        )
        transaction.set_rollback(True)
    return answer


@settings(
    max_examples=CASES,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_every_answer_is_one_that_is_described(
    scene: Scene, description: dict[str, Any], data: st.DataObject
) -> None:
    parts = description["components"]["schemas"]
    operation = data.draw(st.sampled_from(list(operations(description))))
    answer = send(scene, operation, data=data, parts=parts)
    assert str(answer.status_code) in operation[2]["responses"], answer.content[:300]
    assert answer.status_code < 500
    told = answer.json()
    if answer.status_code != 200:
        assert set(told) == {"error", "message"}
        assert told["message"].endswith((".", "?"))


BODIES = (
    b"",
    b"{",
    b"[" * 100_000,
    b'{"a":' * 50_000,
    b"\xff\xfe",
    b'"\\ud800"',
    b"NaN",
    b"1" * 10_000,
    b"null",
    b"[]",
    b"{}",
    b'{"review": "\\u0000"}',
    b'{"review": "\\ud800", "date": "2026-01-05"}',
    b'{"text": "\\ud800"}',
    b'{"comments": {"0": {}}}',
    b'{"review":"a","review":"b"}',
    b'[{"review":"a"}, 1]',
)


def test_no_body_breaks_anything(scene: Scene, description: dict[str, Any]) -> None:
    client = Client(raise_request_exception=False)
    for method, path, operation in operations(description):
        if method == "post":
            for body in BODIES:
                for kind in ("application/json", "text/plain", "application/x-www-form-urlencoded"):
                    answer = client.generic(
                        "POST", path, body, kind, headers={"authorization": f"Bearer {scene.key}"}
                    )
                    assert str(answer.status_code) in operation["responses"], (path, body[:40])
                    assert answer.status_code < 500, (path, body[:40])


def test_a_body_too_large_is_told(scene: Scene) -> None:
    for path in ("/api/feedback", "/api/webhook", "/api/measures"):
        answer = Client(raise_request_exception=False).generic(
            "POST",
            path,
            b'{"text": "' + b"x" * 3_000_000 + b'"}',
            "application/json",
            headers={"authorization": f"Bearer {scene.key}"},
        )
        assert answer.status_code in {413, 422}, path
        assert set(answer.json()) == {"error", "message"}
