"""Every page and export that a browser finds."""

import re
from collections.abc import Iterator
from io import BytesIO
from zipfile import ZipFile

from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver

from tests.attacks.scene import Scene
from tests.test_house import _addresses


def crawl(scene: Scene, client: Client) -> Iterator[tuple[str, str]]:
    """Open the list of addresses, all that the scene made, then whatever a page links to."""
    waiting = [scene.address(a) for a in _addresses(get_resolver().url_patterns)]
    waiting += [f"/asks/{ask.ref}/" for ask in scene.asks.values()]
    waiting += [f"/edge/{edge.pk}/" for edge in scene.edges.values()]
    waiting += [f"/party/{party.key}/" for party in scene.parties.values()]
    waiting += [f"/customers/{scene.point.key}/{scene.theme.key}/?as=csv", "/find/?q=a"]
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
    """What an answer says; of a packed file all that is in it."""
    body = b"".join(response) if response.streaming else response.content
    if response["Content-Type"] == "application/zip":
        with ZipFile(BytesIO(body)) as packed:
            body = b"\n".join(packed.read(name) for name in packed.namelist())
    if response["Content-Type"] == "application/pdf":
        return ""  # no markup, and its words lie packed in it
    text: str = body.decode()
    return text
