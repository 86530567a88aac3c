"""What a reader of every page and file of a wave holds in the hand, taken off what was rendered.

Pages are followed from link to link as a stranger follows them, and figures are read off their
words. Each must stand for a whole union of blocks; one that does not is what an attacker would
begin with.
"""

import csv
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING, NamedTuple

from django.http import Http404, HttpResponse
from django.test import RequestFactory
from django.urls import resolve

from upturn.partners import queries

if TYPE_CHECKING:
    from upturn.partners.engine import Published
    from upturn.people.models import Person

COUNTS_NO_ANSWERS = {"correlation over teams"}
EDGES_NOT_ANSWERS = "pairs"
API = "/api/gaps"
SHOWN_N = re.compile(r"\bn[\s\u00a0]*(\d+)")
LINKS = re.compile(r'href="([^"#]+)"')


class Row(NamedTuple):
    """A row of the base table as its file has it."""

    relation: int
    edge: str
    side: str
    place: str
    block: str
    item: str
    counts: tuple[int, ...]


class Reader(NamedTuple):
    """Somebody who looks, with a key for programs."""

    person: "Person"
    key: str


@dataclass(frozen=True, slots=True)
class Read:
    """Everything one wave shows.

    Parameters
    ----------
    rows : tuple of Row
        The base table as its file has it.
    opened : int
        Pages and files that were opened, over all readers.
    figures : int
        Figures in them that say how many answers they stand for.
    strange : tuple of str
        Figures that stand for no union of blocks, with where they were read.
    """

    rows: tuple[Row, ...]
    opened: int
    figures: int
    strange: tuple[str, ...]


def read_wave(readers: Iterable[Reader], found: "Published", *, earlier: frozenset[int]) -> Read:
    """Open all that shows a wave as each of the readers, and take off what it says.

    ``earlier`` are the numbers that unions of earlier waves stand for, which trends speak of too.
    """
    rows: tuple[Row, ...] = ()
    opened = figures = 0
    strange: dict[str, None] = {}
    for reader in readers:
        base = _open(reader, f"/gaps/{found.wave}/base.csv")
        if base is None:
            continue
        rows = rows or tuple(_rows(base))
        known = unions(rows) | earlier | {wide.n for wide in found.wide}
        for where, text in _follow(reader, found):
            said = answers_said(where, text)
            opened, figures = opened + 1, figures + len(said)
            strange.update(dict.fromkeys(f"{where}: n {n}" for n in said if n not in known))
    return Read(rows, opened, figures, tuple(strange))


def unions(rows: Iterable[Row]) -> frozenset[int]:
    """Numbers of answers that a block, a place or a whole side gave to one question.

    A gap stands for one of them and for one of the other side: of the same block or place, or of
    those who are not at any place.
    """
    totals: dict[tuple[str, int], dict[tuple[str, str], int]] = {}
    for row in rows:
        of_item = totals.setdefault((row.item, row.relation), {})
        for scope in (row.block, f"place {row.place}", "whole"):
            key = (row.side, scope)
            of_item[key] = of_item.get(key, 0) + sum(row.counts)
    found: set[int] = set()
    for of_item in totals.values():
        found.update(of_item.values())
        found.update(
            one + other
            for (side, scope), one in of_item.items()
            for (facing, beside), other in of_item.items()
            if side != facing and (scope == beside or beside in {"place ", "whole"})
        )
        found.update(_of_relation(of_item) if len(of_item) else ())
    return frozenset(found)


def _of_relation(of_item: dict[tuple[str, str], int]) -> set[int]:
    """Both blocks of one relationship together."""
    blocks = {key: n for key, n in of_item.items() if key[1] != "whole"}
    return {
        one + other
        for (side, _scope), one in blocks.items()
        for (facing, _beside), other in blocks.items()
        if side == "served" and facing == "serving"
    }


def answers_said(where: str, text: str) -> list[int]:
    """How many answers each figure of a page or file says it stands for."""
    path = where.partition("?")[0]
    if EDGES_NOT_ANSWERS in path:
        return []
    if path.endswith(".csv"):
        lines: Iterable[dict[str, str]] = csv.DictReader(StringIO(text))
    elif path.endswith(".json") or path.startswith(API):
        lines = json.loads(text).get("figures", ())
    else:
        return [int(n) for n in SHOWN_N.findall(re.sub(r"<[^>]+>", " ", text))]
    return [
        int(line["n"])
        for line in lines
        if line.get("n") and line["figure"] not in COUNTS_NO_ANSWERS
    ]


def _follow(reader: Reader, found: "Published") -> Iterator[tuple[str, str]]:
    """Every page and file of the wave that a link leads to, and what programs are given."""
    home = f"/gaps/{found.wave}/"
    waiting = [home, *(f"{API}/{found.wave}/{page}" for page in queries.pages_of(found))]
    seen: set[str] = set()
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        text = _open(reader, address)
        if text is not None:
            yield address, text
            waiting += _links(address, text, within=home)


def _links(address: str, text: str, *, within: str) -> list[str]:
    if "<html" not in text:
        return []
    path = address.partition("?")[0]
    links = [link.replace("&amp;", "&") for link in LINKS.findall(text)]
    whole = [path + link if link.startswith("?") else link for link in links]
    return [link for link in whole if link.startswith(within)]


def _open(reader: Reader, address: str) -> str | None:
    """Open an address as somebody; None where it is not for that person."""
    request = RequestFactory().get(address, HTTP_AUTHORIZATION=f"Bearer {reader.key}")
    request.user = reader.person
    match = resolve(request.path)
    try:
        response = match.func(request, *match.args, **match.kwargs)
    except Http404:
        return None
    if response.status_code in {301, 302}:
        return _open(reader, response["Location"])
    return _text(response) if response.status_code == 200 else None


def _text(response: HttpResponse) -> str:
    body = b"".join(response) if response.streaming else response.content
    return body.decode("utf-8-sig")


def _rows(text: str) -> Iterator[Row]:
    for line in csv.DictReader(StringIO(text)):
        cells = [line[f"c{n}"] for n in range(1, 12)]
        yield Row(
            int(line["relation"]),
            f"{line['server']} > {line['served']}",
            line["side"],
            line["place"],
            line["block"],
            line["item"],
            tuple(int(cell) for cell in cells if cell),
        )
