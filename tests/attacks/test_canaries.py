"""A word of its own in every field: it comes up where somebody may see it, and nowhere else."""

import csv
import io
import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver
from pytest_django import Settings

from tests.attacks.scene import ROLES, Scene, build
from tests.test_house import _addresses
from upturn.commitments import queries
from upturn.house import export
from upturn.house.logs import JsonLines

pytestmark = pytest.mark.django_db

EVERYBODY = frozenset(ROLES) - {"anonymous"}
WORDS_OF_CUSTOMERS = EVERYBODY - {"guest"}
LEADING = frozenset({"leader", "executive", "facilitator"})
BRING_IN = frozenset({"executive", "administrator"})
NOBODY: frozenset[str] = frozenset()
# Whoever may see the word, by the name of its field; the first that fits holds.
MAY_SEE: tuple[tuple[str, frozenset[str]], ...] = (
    ("customer words", WORDS_OF_CUSTOMERS),
    ("others (ask|because)", LEADING | {"stranger"}),
    (".* (ask|because)|.* promise .*|decline words|verdict words|thanks", LEADING | {"server"}),
    ("file .*|bad .*", BRING_IN),
    ("token name", frozenset({"administrator"})),
    ("server person", BRING_IN | {"server"}),
    ("(cook|leader) person", BRING_IN | {"leader"}),
    ("(busser|guest|stranger) person", BRING_IN),
    ("(bakery|kitchen) name|what bakery serves", EVERYBODY),
    (".* name|what .* serves|place", EVERYBODY - {"guest"}),
    ("touchpoint|moment|theme|served well|wait", WORDS_OF_CUSTOMERS),
)
PUBLIC = {"touchpoint", "place", "moment", "organisation", "kitchen name", "bakery name"}


def canary(slot: str) -> str:
    return f"Kanari {slot.replace(' ', 'x')} Vogel"


CANARY = re.compile(r"Kanari (\w+) Vogel")


@pytest.fixture
def scene(settings: Settings, tmp_path: Path) -> Scene:
    settings.DATA = tmp_path
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()
    return build(canary)


def crawl(scene: Scene, client: Client) -> Iterator[tuple[str, str]]:
    """Every page and export: the list of addresses first, then whatever a page links to."""
    waiting = [scene.address(a) for a in _addresses(get_resolver().url_patterns)]
    waiting += [f"/asks/{ask.ref}/" for ask in scene.asks.values()]
    waiting += [f"/edge/{edge.pk}/" for edge in scene.edges.values()]
    waiting += [f"/party/{party.key}/" for party in scene.parties.values()]
    waiting += [f"/customers/{scene.point.key}/{scene.theme.key}/?as=csv", "/find/?q=Kanari"]
    seen: set[str] = set()
    while waiting:
        address = waiting.pop()
        if address in seen or address.startswith("/account/logout"):
            continue
        seen.add(address)
        text = read(client.get(address))
        yield address, text
        waiting += re.findall(r'href="(/[^"#]*)"', text.replace("&amp;", "&"))


def read(response: HttpResponse) -> str:
    body = b"".join(response) if response.streaming else response.content
    text: str = body.decode()
    return text


def allowed(slot: str, role: str) -> bool:
    if slot in PUBLIC and role == "anonymous":
        return True
    return role in next(roles for pattern, roles in MAY_SEE if re.fullmatch(pattern, slot))


@pytest.mark.parametrize("role", ROLES)
def test_a_word_comes_up_only_for_those_who_may_see_it(scene: Scene, role: str) -> None:
    found: dict[str, str] = {}
    secrets = [scene.ticket, scene.key, scene.link, "password of"]
    for address, text in crawl(scene, scene.client(role)):
        for word in CANARY.findall(text):
            slot = word.replace("x", " ").replace("e ecutive", "executive")
            if not allowed(slot, role):
                found[slot] = address
        for secret in secrets:
            if secret in text and not address.startswith("/join/"):
                found[secret] = address
    assert found == {}
