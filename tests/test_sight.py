"""Who gets which answer at which address, cell by cell, and what every answer carries."""

import csv
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache as kept
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from tests.attacks.scene import ROLES, Scene, build
from upturn.house import live

pytestmark = pytest.mark.django_db

WITHOUT_TOKEN = {
    "draw/<str:code>/": {404, 405},
    "say/<str:code>/": {400, 405},
    "answer/<str:token>/": {404, 405},
    "redeem/<slug:ref>/<int:seat>/": {404, 405},
    "sign/<str:card>/": {404, 405},
    "table/<str:code>/": {400, 405},
    "api/exchange/": {405},
    "api/exchange/benchmarks/<slug:ref>/": {405},
    "api/exchange/benchmarks/<slug:ref>/round.zip": {405},
    "api/exchange/benchmarks/<slug:ref>/<slug:kind>/": {401, 405},
    "api/exchange/talk/<slug:ref>/": {401, 405},
    "api/feedback": {401, 405},
    "api/floor/<hook>/needs": {401, 405},
    "api/gaps": {405},
    "api/gaps/<ref>/<page>": {405},
    "api/gaps/<ref>/base": {405},
    "api/measures": {401, 405},
    "api/touchpoints": {405},
    "api/webhook": {401, 405},
}
WITHOUT_COOKIE = (
    "keeps/", "healthz", "readyz", "say/", "answer/", "redeem/", "sign/", "table/",
    "practise/", "api/",
)  # fmt: skip


@cache
def table() -> list[dict[str, str]]:
    with (Path(__file__).parent / "sight.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def scene(settings: Settings, tmp_path: Path) -> Scene:
    settings.DATA = tmp_path
    settings.DEMO = False
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    kept.clear()
    return build()


def answer(client: Client, method: str, address: str) -> HttpResponse:
    """The answer, with whatever it changed undone, so that every cell finds the same scene."""
    cookies = client.cookies.copy()
    with transaction.atomic():
        response = client.generic(method, address)
        transaction.set_rollback(True)
    _checked(client, response)
    client.cookies = cookies
    return response


def _checked(client: Client, response: HttpResponse) -> None:
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    if django_settings.SESSION_COOKIE_NAME in client.cookies:
        assert response["Cache-Control"] == "no-store", response.request["PATH_INFO"]


@pytest.mark.parametrize("role", ROLES)
def test_every_cell_of_the_table(scene: Scene, role: str) -> None:
    client = scene.client(role)
    found = {}
    for row in table():
        address = scene.address(row["address"])
        response = answer(client, row["method"], address)
        if str(response.status_code) != row[role]:
            found[row["method"], row["address"]] = response.status_code
    assert found == {}, f"not as in the column {role} of tests/sight.csv"


def test_nobody_is_sent_anywhere_but_to_the_sign_in(scene: Scene) -> None:
    client = scene.client("anonymous")
    for row in table():
        if row["anonymous"] == "302" and row["address"] != "language/":
            response = answer(client, row["method"], scene.address(row["address"]))
            assert response["Location"].startswith(("/account/login/", "/")), row["address"]
            assert "//" not in response["Location"].split("?")[0]


@pytest.mark.parametrize("role", ["administrator", "anonymous"])
def test_every_unsafe_method_needs_the_token_of_a_form(scene: Scene, role: str) -> None:
    client = scene.client(role, enforce_csrf_checks=True)
    addresses = {row["address"] for row in table()}
    for address in sorted(addresses):
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            status = answer(client, method, scene.address(address)).status_code
            assert status in WITHOUT_TOKEN.get(address, {403}), (method, address)


def test_no_other_method_does_anything(scene: Scene) -> None:
    client = scene.client("administrator")
    for address in {row["address"] for row in table()}:
        for method in ("PUT", "PATCH", "DELETE", "TRACE", "PURGE"):
            status = answer(client, method, scene.address(address)).status_code
            assert status >= 300 or address.startswith(("account/", "api/")), (method, address)


def test_public_pages_leave_no_cookie(scene: Scene) -> None:
    for row in table():
        if row["address"].startswith(WITHOUT_COOKIE):
            for method in ("GET", "POST"):
                client = Client()
                answer(client, method, scene.address(row["address"]))
                assert client.cookies == {}, row["address"]


OWN = {"server": "floor", "leader": "kitchen", "guest": "bakery", "stranger": "elsewhere"}
LEADING_FLOORS = ("leader", "executive", "facilitator", "administrator")
HOSTING = ("leader", "executive", "facilitator")


@pytest.mark.parametrize("role", ROLES)
def test_a_stream_tells_of_the_own_parties_alone(
    scene: Scene, role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "close_old_connections", lambda: None)
    key = scene.client(role).session.session_key or ""
    [topics] = live.topics_of([{django_settings.SESSION_COOKIE_NAME: key}])
    if role == "anonymous":
        assert topics is None
    else:
        own = {f"party:{scene.parties[OWN[role]].pk}"} if role in OWN else set()
        shifts = {f"shift:{scene.shift.ref}"} if role in LEADING_FLOORS else set()
        plans = set() if role == "guest" else {f"plan:{scene.planned['plans']}"}
        held = scene.held["workshops"]
        rooms = {f"workshop:{held}", f"workshop-host:{held}"} if role in HOSTING else set()
        assert topics == {"organisation"} | own | shifts | plans | rooms
