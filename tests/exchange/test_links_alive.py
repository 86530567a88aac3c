"""No link of an exchange is dead, and none leads off the host: what is shown is kept here."""

from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from django.test import Client

from tests.exchange import factories as make
from tests.exchange import planting, rounds, walking

pytestmark = pytest.mark.django_db
ALIVE = frozenset({200, 206, 302})
ELSEWHERE = ("http:", "https:", "//", "ftp:")
NO_PAGE = ("#", "mailto:", "tel:", "data:", "/static/")


class Links(HTMLParser):
    """Every address that a page leads to or takes something from."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del tag
        self.found |= {to for name, to in attrs if name in {"href", "src", "poster"} and to}


@pytest.fixture
def made() -> make.Made:
    here = make.opened("Here")
    rounds.whole(here)
    return planting.plant(here, whose="Amber")


def links(client: Client, made: make.Made) -> Iterator[tuple[str, str]]:
    """Where each page leads that somebody may open."""
    for name, pattern in walking.addresses().items():
        answer = client.get(walking.filled(name, pattern, made, within=made))
        if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
            for link in Links(answer.content.decode()).found:
                yield name, link


def dead(client: Client, made: make.Made) -> list[tuple[str, str]]:
    found, looked = [], {}
    for page, link in links(client, made):
        if link.startswith(NO_PAGE):
            continue
        if link not in looked and not link.startswith(ELSEWHERE):
            looked[link] = client.get(link, headers={"accept": "text/html"}).status_code
        if looked.get(link) not in ALIVE:
            found.append((page, link))
    return found


def test_every_link_leads_somewhere_on_this_host(made: make.Made) -> None:
    for who, client in walking.within(made).items():
        assert len({page for page, _ in links(client, made)}) > 15, who
        assert dead(client, made) == [], who


@pytest.mark.parametrize("gone", ["https://slides.example/1", "/exchanges/no/such/"])
def test_a_dead_link_to_slides_is_found(monkeypatch: pytest.MonkeyPatch, gone: str) -> None:
    made = make.opened("Here")
    pages = {("talk", gone)}
    monkeypatch.setattr("tests.exchange.test_links_alive.links", lambda *_: pages)
    assert dead(walking.sat_down(made["Amber"]), made) == [("talk", gone)]
