"""Processor time and queries of every page with a million comments in the database.

`python benchmarks/pages.py FOLDER` builds that database (see `scale.py`), opens each page in this
process through Django's test client, and says what it cost beside the bars: 12 queries, 15 ms, and
10 ms for home pages. Milliseconds are processor time and belong to the machine and to what else it
does; beside each page stands a page of plain Django, opened by turns with it, and their ratio. The
answer is 1 if a page is over a bar.
"""

import gc
import importlib
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from time import process_time
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import Context, engines
from django.test import Client, RequestFactory
from scale import TOKEN, open_in
from scale_rows import VIEWERS, viewer_places

RUNS, WARM = 15, 3
QUERIES, PAGE_MS, HOME_MS = 12, 15.0, 10.0
SCREENING_S = 60
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
    plain: list[float]

    @property
    def is_over(self) -> bool:
        """Whether a bar is missed."""
        return self.queries > QUERIES or median(self.times) > self.page.bar


def pages() -> Iterator[Page]:
    """Name every page; those of the graph where the viewers belong, for there is most to show."""
    yield Page("the frame alone", "/keeps/", "leader")
    for role in VIEWERS:
        yield Page(f"home, {role}", "/", role, HOME_MS)
    yield from _graph_pages()
    yield from _voice_pages()
    yield from _trace_pages()
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
    yield Page("confirm what was understood", "/themes/confirm/", "leader")


def _trace_pages() -> Iterator[Page]:
    """Open the newest trace that names a suspect, as two roles, and the form to ask from it."""
    traces = apps.get_model("trace.StoredTrace").objects.order_by("-week", "pk")
    trace = traces.exclude(suspect="").first() or traces[0]
    yield Page("traces", "/traces/", "leader")
    yield Page("trace", f"/traces/{trace.ref}/", "server")
    yield Page("trace, executive", f"/traces/{trace.ref}/", "executive")
    if trace.suspect:
        yield Page("ask from a trace", f"/traces/{trace.ref}/ask/", "leader")


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


def measured(page: Page, open_once: Callable[[], Any], plain: Callable[[], Any]) -> Cost:
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
    gc.collect()
    times = [(_time(open_once), _time(plain)) for _ in range(RUNS)]
    return Cost(page, len(statements), [here for here, _ in times], [other for _, other in times])


def _time(work: Callable[[], object]) -> float:
    start = process_time()
    work()
    return (process_time() - start) * 1_000


def line(cost: Cost) -> str:
    """Write what a page cost, what the plain page cost meanwhile, and how often that is."""
    low, middle, high = quantiles(cost.times, n=4)
    spread, plain = f"({low:.1f} to {high:.1f})", median(cost.plain)
    mark = "  OVER" if cost.is_over else ""
    return (
        f"{cost.page.name:30} {cost.queries:7} {middle:7.1f}  {spread:16} {cost.page.bar:4g}"
        f" {plain:6.2f} {middle / plain:6.1f}{mark}\n"
    )


def plain_page() -> Callable[[], Any]:
    """Give what opens a page of fifty rows by Django alone: no room, no database, no session."""
    rows = [{"name": f"Row {number}", "value": number} for number in range(50)]
    template = engines["django"].from_string(
        "<table>{% for row in rows %}<tr><th>{{ row.name }}</th><td>{{ row.value }}</td></tr>"
        "{% endfor %}</table>"
    )
    request = RequestFactory().get("/")

    def page(_request: HttpRequest) -> HttpResponse:
        return HttpResponse(template.template.render(Context({"rows": rows})))

    return lambda: page(request)


def screening() -> str:
    """Look at all touchpoints and trace those that fell, as on a Monday, and store nothing."""
    engine = importlib.import_module("upturn.trace.engine")
    queries = importlib.import_module("upturn.trace.queries")
    week = apps.get_model("trace.Screening").objects.latest("week").week
    start = process_time()
    found = queries.assemble(week)
    alarms = engine.screen_alarms(found.measures, graph=found.graph)
    for alarm in alarms:
        engine.trace(found.measures, graph=found.graph, alarm=alarm)
    return (
        f"screening {int(found.graph.touchpoint.sum())} touchpoints of {len(found.graph.keys)} "
        f"nodes, {len(alarms)} alarms traced: {process_time() - start:.1f} s of the processor, "
        f"bar {SCREENING_S} s\n"
    )


def main() -> int:
    """Build what is missing, open everything, print the table."""
    if len(sys.argv) != 2:
        sys.exit("Say where the database is: python benchmarks/pages.py FOLDER")
    folder = Path(sys.argv[1]).absolute()
    folder.mkdir(parents=True, exist_ok=True)
    sys.stdout.write(f"{open_in(folder)}\n")
    importlib.import_module("django.core.wsgi").get_wsgi_application()
    visitors, plain = Visitors(), plain_page()
    sys.stdout.write(screening())
    sys.stdout.write(f"{'page':30} queries      ms  (quartiles, n {RUNS:2}) bar  plain  ratio\n")
    over = 0
    for page in pages():
        cost = measured(page, visitors.opener(page), plain)
        over += cost.is_over
        sys.stdout.write(line(cost))
    visitors.leave()
    sys.stdout.write(f"{over} over a bar of {QUERIES} queries or of milliseconds.\n")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
