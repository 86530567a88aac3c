"""Signing in and out: nothing planted, nothing guessed, nothing told to strangers."""

from typing import Any
from unittest.mock import patch

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from tests.factories import person, signed_in
from upturn.people import commands
from upturn.people.models import Person, Role

pytestmark = pytest.mark.django_db
PHRASE = "three plain words"
LOGIN = "/account/login/"


def maria(**fields: Any) -> Person:
    given = {"username": "maria", "password": make_password(PHRASE)} | fields
    return person("Maria", **given)


def enter(client: Client, *, username: str = "maria", password: str = PHRASE, **more: str) -> Any:
    return client.post(LOGIN, {"login": username, "password": password, **more})


def test_name_and_password_open_the_home_page() -> None:
    maria()
    client = Client()
    answer = enter(client, username=" MARIA ")
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.session["_auth_user_id"]


def test_the_key_of_a_session_changes_at_sign_in() -> None:
    maria()
    client = Client()
    client.get(LOGIN)
    planted = client.session
    planted["planted"] = True
    planted.save()
    client.cookies["session"] = planted.session_key
    enter(client)
    assert client.session.session_key != planted.session_key
    assert not Session.objects.filter(session_key=planted.session_key).exists()


def test_strangers_and_members_get_the_same_answer() -> None:
    maria()
    person("Gone", username="gone", password=make_password(PHRASE), is_active=False)
    said = {
        enter(Client(), username=name, password="wrong wrong wrong")
        .context["form"]
        .errors.as_json()
        for name in ("maria", "nobody", "gone")
    }
    assert len(said) == 1


def test_a_password_is_hashed_whether_or_not_the_name_is_known() -> None:
    maria()
    for name in ("maria", "nobody"):
        with patch(
            "django.contrib.auth.hashers.MD5PasswordHasher.encode", return_value="x"
        ) as hashed:
            enter(Client(), username=name, password="wrong wrong wrong")
        assert hashed.call_count == 1


def test_a_closed_account_is_told_only_to_whoever_knows_its_password() -> None:
    maria(is_active=False)
    client = Client()
    answer = enter(client)
    assert answer["Location"] == "/account/inactive/"
    assert "_auth_user_id" not in client.session
    assert b"closed" in client.get("/account/inactive/").content


def test_guessing_stops_after_five_wrong_passwords() -> None:
    maria()
    client = Client()
    for _ in range(5):
        enter(client, password="wrong wrong wrong")
    answer = enter(client)
    assert "_auth_user_id" not in client.session
    assert "Too many" in answer.content.decode()


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "http:///x",
    ],
)
def test_nobody_is_led_elsewhere(elsewhere: str) -> None:
    maria()
    assert enter(Client(), next=elsewhere)["Location"] == "/"
    onward = Client().post(reverse("people:language"), {"language": "de", "next": elsewhere})
    assert onward["Location"] == "/"


def test_a_page_asked_for_before_is_opened_after() -> None:
    maria()
    client = Client()
    first = client.get("/people/")
    assert first["Location"] == "/account/login/?next=/people/"
    assert 'value="/people/"' in client.get(first["Location"]).content.decode()
    assert enter(client, next="/people/")["Location"] == "/people/"


def test_signing_out_needs_a_post_and_ends_the_session() -> None:
    client = signed_in(maria())
    key = client.session.session_key
    assert client.get("/account/logout/").status_code == 200
    assert "_auth_user_id" in client.session
    client.post("/account/logout/")
    assert not Session.objects.filter(session_key=key).exists()


def test_a_new_password_ends_other_sign_ins() -> None:
    here, there = Client(), Client()
    maria()
    enter(here)
    enter(there)
    new = "four more plain words"
    asked = {"oldpassword": PHRASE, "password1": new, "password2": new}
    assert here.post("/account/password/change/", asked).status_code == 302
    assert here.get("/people/").status_code == 403
    assert there.get("/people/").status_code == 302


def test_whoever_is_let_go_is_out_at_the_next_page() -> None:
    somebody = maria(role=Role.ADMINISTRATOR)
    client = signed_in(somebody)
    assert client.get("/people/").status_code == 200
    commands.close_account(person(role=Role.ADMINISTRATOR), somebody)
    assert client.get("/people/").status_code == 302


def test_accounts_are_not_opened_without_an_invitation() -> None:
    page = Client().get("/account/signup/")
    assert "by a link or a printed code" in page.content.decode()
    asked = {"username": "eve", "password1": PHRASE}
    Client().post("/account/signup/", asked)
    assert not Person.objects.filter(username="eve").exists()


def test_sign_in_brings_the_language_of_the_person() -> None:
    maria(language="ar")
    client = Client()
    answer = enter(client)
    assert answer.cookies["django_language"].value == "ar"
    assert answer.cookies["django_language"]["httponly"]


@pytest.mark.parametrize(
    "address", ["email/", "password/reset/", "confirm-email/", "login/code/confirm/"]
)
def test_addresses_without_a_meaning_do_not_exist(address: str) -> None:
    assert Client().get(f"/account/{address}").status_code == 404
