"""What a reader of every page and file of a wave holds in the hand, taken off what was rendered.

Pages are followed from link to link as a stranger follows them, and figures are read off their
words. Each must stand for a whole union of blocks; one that does not is what an attacker would
begin with.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING, NamedTuple

from django.http import Http404, HttpResponse
from django.test import RequestFactory
from django.urls import resolve

from upturn.house.attack_said import API, Known, Row, Said, figures_said, known_of, too_near
from upturn.partners import queries

if TYPE_CHECKING:
    from upturn.partners.engine import Published
    from upturn.people.models import Person

LINKS = re.compile(r'href="([^"#]+)"')


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
    known : Known
        What its figures may say, with those of earlier waves.
    opened : int
        Pages and files that were opened, over all readers.
    figures : int
        Figures in them that say how many answers they stand for.
    strange : tuple of str
        Figures that stand for no union of blocks, with where they were read.
    """

    rows: tuple[Row, ...]
    known: Known
    opened: int
    figures: int
    strange: tuple[str, ...]


def read_wave(readers: Iterable[Reader], found: "Published", *, earlier: Known) -> Read:
    """Open all that shows a wave as each of the readers, and take off what it says.

    ``earlier`` is what unions of earlier waves may say, of which trends speak too.
    """
    rows: tuple[Row, ...] = ()
    opened = figures = 0
    strange: dict[str, None] = {}
    known = Known()
    for reader in readers:
        base = _open(reader, f"/gaps/{found.wave}/base.csv")
        if base is None:
            continue
        if not rows:
            rows = tuple(_rows(base))
            known = _known(rows, found).also(earlier)
            strange.update(dict.fromkeys(too_near(rows, found.wide, k=found.k)))
        for where, text in _follow(reader, found):
            said = figures_said(where, text)
            opened, figures = opened + 1, figures + len(said)
            strange.update(
                dict.fromkeys(_named(where, one) for one in said if not known.holds(one))
            )
    return Read(rows, known, opened, figures, tuple(strange))


def _known(rows: tuple[Row, ...], found: "Published") -> Known:
    """Where answers may be denied, means on pages are corrected for it and no union's own."""
    known = known_of(rows, found.wide, k=found.k)
    return Known(known.numbers) if found.deniable else known


def _named(where: str, said: Said) -> str:
    return f"{where}: n {said.n}" if said.mean is None else f"{where}: {said.mean:.4g}, n {said.n}"


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
