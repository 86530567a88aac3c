"""Processor time and queries of every page of a plan as large as the product promises to carry.

`python -m benchmarks.plan.pages FOLDER`, from the checkout, builds a plan of 40 moments with their
touchpoints, 400 lines and 3 years of weekly figures of 60 units in that folder, or takes the one
it built. Each page is opened in this process through Django's test client, as the plan's leader and
as a server; beside it stands its first view after a change of the plan's words or of its figures,
whichever takes longer, and a page of plain Django, opened by turns with it, so that a busy machine
shows (0.9 ms on a quiet one).
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

RUNS, WARM, CHANGES = 15, 3, 15
QUERIES, PAGE_MS, PDF_S = 12, 15.0, 3.0
FILES = {"csv", "json"}
MARK = "plan.txt"
PLAIN = (
    "<table>{% for row in rows %}<tr><th>{{ row.name }}</th><td>{{ row.value }}</td></tr>"
    "{% endfor %}</table>"
)


@dataclass(frozen=True)
class Cost:
    """What a page cost as one viewer opens it: queries of one run, milliseconds of all."""

    page: str
    role: str
    queries: int
    times: list[float]
    plain: list[float]
    changed: list[float]

    @property
    def is_over(self) -> bool:
        """Whether a bar is missed; files are no pages."""
        is_page = self.page not in FILES | {"pdf"}
        return is_page and (
            self.queries > QUERIES or max(median(self.times), median(self.changed)) > PAGE_MS
        )

    def __str__(self) -> str:
        times = f"{median(self.times):6.1f} ({min(self.times):.1f}-{max(self.times):.1f})"
        changed = f"{median(self.changed):6.1f} ({max(self.changed):.1f})"
        plain, over = median(self.plain), "  OVER" if self.is_over else ""
        return (
            f"{self.page:12} {self.role:8} {self.queries:3} {times:22} {changed:16} {plain:5.2f} "
            f"{median(self.times) / plain:6.1f}{over}\n"
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

    kinds = ([_after_a_change(plan, open_once, figures=each) for _ in range(CHANGES)]
             for each in (0, 1))  # fmt: skip
    changed = max(kinds, key=median)
    for _ in range(WARM):
        open_once()
    with connection.execute_wrapper(note):
        open_once()
    gc.collect()
    pairs = [(_ms(open_once), _ms(plain_page)) for _ in range(RUNS)]
    times, plain = [here for here, _ in pairs], [other for _, other in pairs]
    return Cost(page, role, len(statements), times, plain, changed)


def plain_page() -> str:
    """Write fifty rows by Django alone: no room, no database, no session."""
    rows = [{"name": f"Row {number}", "value": number} for number in range(50)]
    return engines["django"].from_string(PLAIN).render({"rows": rows})


def _after_a_change(plan: Any, open_once: Callable[[], Any], *, figures: int) -> float:
    """Time a page when words of the plan have just changed, or figures of it."""
    from django.db.models import F  # noqa: PLC0415 - after the settings

    changes = {"version": F("version") + 1, "figures_version": F("figures_version") + figures}
    type(plan).objects.filter(pk=plan.pk).update(**changes)
    gc.collect()
    return _ms(open_once)


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
        f"page, viewer, queries, ms of processor (n {RUNS}), after a change (most of {CHANGES}), "
        "plain page, times that"
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
