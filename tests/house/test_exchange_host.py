"""A host of exchanges is set up by one command, which says what to do next."""

import re

import pytest
from click.testing import CliRunner, Result
from django.db import connection
from django.test import Client
from pytest_django import Settings

from tests.exchange import factories as make
from tests.house.installed import PHRASE
from upturn.house import cli_exchange
from upturn.house.cli_exchange import init_
from upturn.people.models import Person
from upturn.people.queries import organisation_name

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_role(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests on PostgreSQL run as a superuser; a host does not."""
    monkeypatch.setattr(cli_exchange, "fences_fall", lambda: False)


def init(*words: str) -> Result:
    return CliRunner().invoke(init_, [], input="\n".join([*words, ""]))


def test_it_makes_an_owner_and_a_link_by_which_one_person_comes_in_to_prepare() -> None:
    done = init("Trade body", "Ann", PHRASE, PHRASE)
    assert done.exit_code == 0, done.output
    assert organisation_name() == "Trade body"
    assert PHRASE not in done.output
    link = re.search(r"/join/\S+/", done.output)
    assert link
    client = Client()
    sent = {"username": "kim", "display_name": "Kim", "password": PHRASE, "language": "en"}
    assert client.get(link[0]).status_code == 200
    client.post(link[0], sent)
    assert Person.objects.get(username="kim").role == "facilitator"
    assert client.get("/exchanges/").status_code == 200


def test_a_file_keeps_one_exchange_and_a_server_many(settings: Settings) -> None:
    init("Trade body", "ann", PHRASE, PHRASE)
    make.prepared()
    done = init()
    if connection.vendor == "sqlite":
        assert done.exit_code == 1
        assert f"{settings.DATA} keeps an exchange already" in done.output
        assert "UPTURN_DATA" in done.output
    else:
        assert done.exit_code == 0


def test_a_role_that_passes_every_fence_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli_exchange, "fences_fall", lambda: True)
    done = init("Trade body", "ann", PHRASE, PHRASE)
    assert done.exit_code == 1
    assert "CREATE ROLE" in done.output
    assert not Person.objects.exists()
