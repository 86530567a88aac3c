"""Every page and export that a browser finds."""

import re
import zlib
from collections.abc import Iterator
from html import escape
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
        return escape(words_of(body))  # no markup: what looks like it is words
    text: str = body.decode()
    return text


def words_of(made: bytes) -> str:
    """All words of a PDF: each line as each of its fonts would read it, the right one among them.

    A font writes a letter as two bytes and says which it stands for; a line's letters lie in one
    array, with the distances between them.
    """
    parts = list(_unpacked(made))
    fonts = [font for part in parts if (font := _letters(part))]
    arrays = [b"".join(_strings(row)) for part in parts for row in TEXT.findall(part)]
    told = made.decode("latin-1")  # the title and what drawings say
    return " ".join([told, *(_read_by(font, arrays) for font in fonts)])


TEXT = re.compile(rb"\[((?:\((?:\\.|[^\\()])*\)|[^\]()])*)\]\s*TJ", re.DOTALL)
SIGNS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def _unpacked(made: bytes) -> Iterator[bytes]:
    for packed in re.findall(rb"stream\r?\n(.*?)endstream", made, re.DOTALL):
        try:
            yield zlib.decompress(packed)
        except zlib.error:
            continue


def _letters(part: bytes) -> dict[int, str]:
    pairs = re.findall(rb"^<([0-9A-F]{4})> <([0-9A-F]+)>$", part, re.MULTILINE)
    return {int(at, 16): bytes.fromhex(to.decode()).decode("utf-16-be") for at, to in pairs}


def _strings(row: bytes) -> Iterator[bytes]:
    def plain(found: re.Match[bytes]) -> bytes:
        sign = found[1]
        return bytes([int(sign, 8)]) if sign.isdigit() else SIGNS.get(sign, sign)

    for string in re.findall(rb"\(((?:\\.|[^\\()])*)\)", row, re.DOTALL):
        yield re.sub(rb"\\([0-7]{1,3}|.)", plain, string, flags=re.DOTALL)


def _read_by(font: dict[int, str], arrays: list[bytes]) -> str:
    def letter(row: bytes, at: int) -> str:
        return font.get(int.from_bytes(row[at : at + 2], "big"), "?")

    return " ".join("".join(letter(row, at) for at in range(0, len(row), 2)) for row in arrays)
