"""Processor time and queries of every page of a plan as large as the product promises to carry.

`python -m benchmarks.plan.pages FOLDER`, from the checkout, builds a plan of 40 moments with their
touchpoints, 400 lines and 3 years of weekly figures of 60 units in that folder, or takes the one
it built. Each page is opened in this process through Django's test client, as the plan's leader and
as a server; beside it stands its first view after a change of the plan's words or of its figures,
whichever takes longer. Each time is paired with a page of plain Django opened right after it, which
takes 0.9 ms on a quiet machine: what a page takes is the median of these ratios by 0.9 ms, so that
a slow or busy machine measures the same. The milliseconds themselves stand beside it.
Bars: 12 queries, 15 ms of processor time, 3 s for the PDF. The answer is 1 if one is missed.
"""

import gc
import importlib
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

import django
from django.core.management import call_command
from django.template import engines
from django.test import Client

RUNS, WARM, CHANGES, BESIDE = 15, 3, 15, 5
QUERIES, PAGE_MS, PDF_S = 12, 15.0, 3.0
PLAIN_MS = 0.9
"""What the plain page takes on a quiet machine."""
FILES = {"csv", "json", "pdf"}
MARK = "plan.txt"
PLAIN = (
    "<table>{% for row in rows %}<tr><th>{{ row.name }}</th><td>{{ row.value }}</td></tr>"
    "{% endfor %}</table>"
)


@dataclass(frozen=True)
class Timed:
    """Milliseconds of a page and of the plain page beside it, by turns."""

    page: list[float]
    plain: list[float]

    @property
    def quiet(self) -> list[float]:
        """What each would have taken where the plain page takes its usual time."""
        return [here / there * PLAIN_MS for here, there in zip(self.page, self.plain, strict=True)]

    def __str__(self) -> str:
        took = f"{median(self.quiet):5.1f} ({min(self.quiet):.1f}-{max(self.quiet):.1f})"
        return f"{took:18} {median(self.page):6.1f} {median(self.plain):5.2f}"


@dataclass(frozen=True)
class Cost:
    """What a page cost as one viewer opens it: queries of one run, times of all."""

    page: str
    role: str
    queries: int
    opened: Timed
    changed: Timed

    @property
    def is_over(self) -> bool:
        """Whether a bar is missed; files are no pages."""
        took = max(median(self.opened.quiet), median(self.changed.quiet))
        return self.page not in FILES and (self.queries > QUERIES or took > PAGE_MS)

    def __str__(self) -> str:
        over = "  OVER" if self.is_over else ""
        return (
            f"{self.page:12} {self.role:8} {self.queries:3} {self.opened}   {self.changed}{over}\n"
        )


def plan_in(folder: Path) -> tuple[Any, Any]:
    """Let the house use this folder; give the plan in it and its setting, built if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    os.environ["UPTURN_DATA"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "upturn.house.settings"
    django.setup()
    mark = folder / MARK
    if not mark.exists():
        begun = perf_counter()
        ref = _build()
        mark.write_text(ref, encoding="ascii")
        say(f"built in {perf_counter() - begun:.0f} s")
    plans = importlib.import_module("upturn.plan.models").Plan.objects
    people = importlib.import_module("upturn.people.models").Person.objects
    plan = plans.get(ref=mark.read_text(encoding="ascii"))
    seated = plan.seats.earliest("pk").party_id
    viewers = {
        "leader": people.get(pk=plan.opened_by_id),
        "server": people.filter(role="server", memberships__party=seated)[0],
    }
    return plan, viewers


def _build() -> str:
    """Store everything in one go, and readings of it as the worker would."""
    from django.db import transaction  # noqa: PLC0415 - after the settings

    call_command("migrate", verbosity=0)
    planned = importlib.import_module("tests.plan.planned")
    large = importlib.import_module("tests.plan.largest_plan")
    whole = importlib.import_module("tests.plan.whole_plan")
    with transaction.atomic():
        here = planned.Setting()
        plan = large.largest_plan(here)
        whole.viewers(here, plan)
    return str(plan.ref)


def costs(plan: Any, viewers: dict[str, Any]) -> Iterator[Cost]:
    """Open every address that shows something to the viewer."""
    pages_of = importlib.import_module("tests.plan.largest_plan").pages_of
    for role, viewer in viewers.items():
        client = Client(HTTP_HOST="localhost")
        client.force_login(viewer)
        for page, path in pages_of(plan).items():
            if client.get(path).status_code == 200:
                yield _cost(page, role, lambda at=path, by=client: by.get(at), plan=plan)
        client.logout()


def _cost(page: str, role: str, open_once: Callable[[], Any], *, plan: Any) -> Cost:
    from django.db import connection  # noqa: PLC0415 - after the settings

    statements: list[str] = []

    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        statements.append(sql)
        return execute(sql, *rest)

    kinds = [_timed(open_once, CHANGES, before=_change_of(plan, figures=each)) for each in (0, 1)]
    for _ in range(WARM):
        open_once()
    with connection.execute_wrapper(note):
        open_once()
    changed = max(kinds, key=lambda kind: median(kind.quiet))
    return Cost(page, role, len(statements), _timed(open_once, RUNS), changed)


def _timed(open_once: Callable[[], Any], runs: int, before: Callable[[], Any] = bool) -> Timed:
    page, plain = [], []
    for _ in range(runs):
        before()
        gc.collect()
        page.append(_ms(open_once))
        plain.append(_ms(lambda: [plain_page() for _ in range(BESIDE)]) / BESIDE)
    return Timed(page, plain)


def plain_page() -> str:
    """Write fifty rows by Django alone: no room, no database, no session."""
    rows = [{"name": f"Row {number}", "value": number} for number in range(50)]
    return engines["django"].from_string(PLAIN).render({"rows": rows})


def _change_of(plan: Any, *, figures: int) -> Callable[[], Any]:
    """Give what changes words of the plan just before a page is opened, or figures of it."""
    from django.db.models import F  # noqa: PLC0415 - after the settings

    changes = {"version": F("version") + 1, "figures_version": F("figures_version") + figures}
    return lambda: type(plan).objects.filter(pk=plan.pk).update(**changes)


def _ms(work: Callable[[], object]) -> float:
    begun = process_time()
    work()
    return (process_time() - begun) * 1_000


def paper(plan: Any, viewer: Any) -> list[float]:
    """Seconds on the clock from asking for the PDF to having it."""
    client, times = Client(HTTP_HOST="localhost"), []
    client.force_login(viewer)
    for _ in range(RUNS):
        begun = perf_counter()
        made = client.get(f"/plans/{plan.ref}/plan.pdf").content
        times.append(perf_counter() - begun)
    client.logout()
    say(f"PDF of {len(made) // 1000} kB, load {os.getloadavg()[0]:.1f}: first {times[0]:.2f} s, "
        f"all {median(times):.2f} ({min(times):.2f}-{max(times):.2f}, n {RUNS})")  # fmt: skip
    return times


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> int:
    """Build what is missing, open everything, print the table."""
    if len(sys.argv) != 2:
        sys.exit("Say where the database is: python -m benchmarks.plan.pages FOLDER")
    plan, viewers = plan_in(Path(sys.argv[1]).absolute())
    importlib.import_module("django.core.wsgi").get_wsgi_application()
    say(f"{plan.moments.count()} moments, {plan.lines.count()} lines, {plan.units.count()} units")
    say(
        f"page, viewer, queries, opened (n {RUNS}: ms as where plain Django takes {PLAIN_MS}, "
        f"least-most; ms here; plain here), the same after a change (n {CHANGES})"
    )
    over = 0
    for cost in costs(plan, viewers):
        over += cost.is_over
        sys.stdout.write(str(cost))
    late = median(paper(plan, viewers["leader"])) > PDF_S
    say(f"{over} over a bar of {QUERIES} queries or {PAGE_MS:g} ms.")
    return 1 if over or late else 0


if __name__ == "__main__":
    sys.exit(main())
