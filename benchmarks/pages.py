"""Processor time and queries of every page with a million comments in the database.

`python benchmarks/pages.py FOLDER` builds that database (see `scale.py`), opens each page in this
process through Django's test client, and says what it cost beside the bars: 12 queries, 15 ms, and
10 ms for home pages. Milliseconds are processor time and belong to the machine; the ratio to the
smallest page of the same run does not. The answer is 1 if a page is over a bar.
"""

import gc
import importlib
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from time import process_time
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from scale import TOKEN, VIEWERS, open_in, viewer_places

RUNS, WARM = 15, 3
QUERIES, PAGE_MS, HOME_MS = 12, 15.0, 10.0
DEEP = 5_000


@dataclass(frozen=True)
class Page:
    """One page as one viewer opens it; without a viewer nobody is signed in."""

    name: str
    path: str
    viewer: str = ""
    bar: float = PAGE_MS


@dataclass(frozen=True)
class Cost:
    """What a page cost: queries of one run, milliseconds of all."""

    page: Page
    queries: int
    times: list[float]

    @property
    def is_over(self) -> bool:
        """Whether a bar is missed."""
        return self.queries > QUERIES or median(self.times) > self.page.bar


def pages() -> Iterator[Page]:
    """Name every page; those of the graph where the viewers belong, for there is most to show."""
    yield Page("trivial: is the process there", "/healthz")
    yield Page("the frame alone", "/keeps/", "leader")
    for role in VIEWERS:
        yield Page(f"home, {role}", "/", role, HOME_MS)
    yield from _graph_pages()
    yield from _voice_pages()
    yield from _ask_pages()
    yield from _people_pages()
    yield Page("bring in", "/bring-in/", "executive")
    yield Page("find, two words", "/find/?q=team+21", "leader")
    yield Page("API, 100 comments", "/api/feedback?after=500000&limit=100", "token")
    yield Page("API, 100 touchpoints", "/api/touchpoints?skip=200&limit=100", "token")


def _graph_pages() -> Iterator[Page]:
    party = apps.get_model("graph.Party").objects
    edge = apps.get_model("graph.Serves").objects
    team = party.get(pk=viewer_places()["leader"][1][0])
    central = party.get(pk=viewer_places()["executive"][0][0])
    down = edge.filter(served=team).order_by("-pk")[0]
    to_customers = edge.filter(served__kind="customers")[7]
    yield Page("pyramid, as it opens", "/pyramid/", "leader")
    yield Page("pyramid, a place", "/pyramid/?place=House+11", "executive")
    yield Page("pyramid, the whole", "/pyramid/?place=", "executive")
    yield Page("pyramid, table page 2", "/pyramid/?place=&page=2", "executive")
    yield Page("pyramid, guest", "/pyramid/", "guest")
    yield Page("party, a team", f"/party/{team.key}/", "leader")
    yield Page("party, of all houses", f"/party/{central.key}/", "executive")
    yield Page("edge, with asks", f"/edge/{down.pk}/", "leader")
    yield Page("edge, to customers", f"/edge/{to_customers.pk}/", "leader")


def _voice_pages() -> Iterator[Page]:
    point = apps.get_model("graph.Touchpoint").objects.get(key="place-0-moment-0")
    readings = apps.get_model("voice.Reading").objects.filter(touchpoint=point, theme=1)
    deep = readings.order_by("-week", "-feedback_id")[min(DEEP, readings.count() - 60)]
    words = f"/customers/{point.key}/theme-1/"
    yield Page("customers", "/customers/", "leader")
    yield Page("customers, a place", "/customers/?place=House+11", "server")
    yield Page("touchpoint", f"/customers/{point.key}/", "server")
    yield Page("words at no touchpoint", "/customers/_unplaced/", "server")
    yield Page("words of a theme", words, "server")
    yield Page("words of a theme, deep", f"{words}?after={deep.week}.{deep.pk}", "server")
    yield Page("words of a theme, praise", f"{words}?mood=good", "server")
    yield Page("code to print", f"/customers/{point.key}/code/", "server")
    yield Page("say, as customers see it", f"/say/{point.code}/")
    yield Page("themes", "/themes/", "leader")


def _ask_pages() -> Iterator[Page]:
    """Open an ask of the leader's team that was promised, and the form to raise one."""
    team = viewer_places()["leader"][1][0]
    asks = apps.get_model("commitments.Ask").objects.filter(edge__served=team)
    ask = asks.filter(state="promised", raised_as="team").order_by("ref")[0]
    yield Page("asks", "/asks/", "leader")
    yield Page("asks, server", "/asks/", "server")
    yield Page("ask", f"/asks/{ask.ref}/", "leader")
    yield Page("ask, to move its date", f"/asks/{ask.ref}/withdraw/", "leader")
    yield Page("raise an ask", f"/edge/{ask.edge_id}/ask/", "leader")
    yield Page("private ticket", "/ticket/")


def _people_pages() -> Iterator[Page]:
    yield Page("people, administrator", "/people/", "administrator")
    yield Page("people, page 40", "/people/?page=40", "administrator")
    yield Page("people, leader", "/people/", "leader")
    yield Page("person", "/people/person17/", "administrator")
    yield Page("invite", "/people/invite/", "administrator")
    yield Page("keys for programs", "/people/tokens/", "administrator")
    yield Page("sight of a person", "/people/person17/sight/", "administrator")
    yield Page("me, server", "/me/", "server")
    yield Page("me, leader", "/me/", "leader")
    yield Page("readers", "/readers/", "leader")


class Visitors:
    """A client for each viewer, signed in."""

    def __init__(self) -> None:
        self._clients: dict[str, Client] = {"": Client()}
        bearer = {"HTTP_AUTHORIZATION": f"Bearer {TOKEN}"}
        self._clients["token"] = Client(**bearer)
        for role in VIEWERS:
            self._clients[role] = Client()
            self._clients[role].force_login(get_user_model().objects.get(username=role))

    def opener(self, page: Page) -> Callable[[], Any]:
        """Give what opens the page once."""
        client = self._clients[page.viewer]
        return lambda: client.get(page.path, HTTP_HOST="localhost")

    def leave(self) -> None:
        """Sign everybody out, so that the database stays as it was."""
        for role in VIEWERS:
            self._clients[role].logout()


def measured(page: Page, open_once: Callable[[], Any]) -> Cost:
    """Open a page until it is warm, count its queries once, and time the rest."""
    statements: list[str] = []

    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        statements.append(sql)
        return execute(sql, *rest)

    for _ in range(WARM):
        response = open_once()
    if response.status_code != 200:
        sys.exit(f"{page.path} answers {response.status_code}.")
    with connection.execute_wrapper(note):
        open_once()
    return Cost(page, len(statements), list(_times(open_once)))


def _times(work: Callable[[], object]) -> Iterator[float]:
    gc.collect()
    for _ in range(RUNS):
        start = process_time()
        work()
        yield (process_time() - start) * 1_000


def table(costs: Iterable[Cost]) -> str:
    """Write a line for each page, with the ratio to the first of them."""
    rows = list(costs)
    trivial = median(rows[0].times)
    head = f"{'page':34} queries      ms  (quartiles, n {RUNS})   ratio  bar\n"
    return head + "".join(_line(row, trivial) for row in rows)


def _line(cost: Cost, trivial: float) -> str:
    low, middle, high = quantiles(cost.times, n=4)
    spread = f"({low:.1f} to {high:.1f})"
    mark = "  OVER" if cost.is_over else ""
    return (
        f"{cost.page.name:34} {cost.queries:7} {middle:7.1f}  {spread:19}  {middle / trivial:5.1f}"
        f"  {QUERIES} and {cost.page.bar:g} ms{mark}\n"
    )


def main() -> int:
    """Build what is missing, open everything, print the table."""
    if len(sys.argv) != 2:
        sys.exit("Say where the database is: python benchmarks/pages.py FOLDER")
    folder = Path(sys.argv[1]).absolute()
    folder.mkdir(parents=True, exist_ok=True)
    sys.stdout.write(f"{open_in(folder)}\n")
    importlib.import_module("django.core.wsgi").get_wsgi_application()
    visitors = Visitors()
    costs = [measured(page, visitors.opener(page)) for page in pages()]
    visitors.leave()
    sys.stdout.write(table(costs))
    over = [cost.page.name for cost in costs if cost.is_over]
    sys.stdout.write(f"{len(costs) - len(over)} of {len(costs)} within the bars.\n")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
