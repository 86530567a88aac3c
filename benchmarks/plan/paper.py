"""How long a plan of 40 moments and 400 lines takes to its PDF, and what is left of it in memory.

The plan stands in memory; what its page reads of tables is no part of this. Run
`python benchmarks/plan/paper.py` in an environment where Upturn is installed; it is no timed test.
"""

import os
import sys
import tempfile
from datetime import date
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

RUNS, MOMENTS, LINES = 15, 40, 400
DAY = date(2026, 11, 22)


def plan():
    """Draw up a plan with something of everything."""
    from upturn.plan.engine import exporting as e  # noqa: PLC0415 - after the settings
    from upturn.stats import Figure, Withheld  # noqa: PLC0415

    moments = tuple(
        e.ExportedMoment(
            f"m{n}", 480 + 20 * n, f"Moment {n} of the guest’s day", "hot food hot",
            "Food at the table", "",
            (e.Meeting("Floor", direct=True), e.Meeting("Kitchen", direct=False)),
            Withheld("too_few", 5, 3) if n % 5 == 4 else Figure(6 + n % 7 / 3, 5.8, 8.4, 90 + n),
        )
        for n in range(MOMENTS)
    )  # fmt: skip
    lines = tuple(
        e.ExportedLine(
            ref=f"l{n}", moment=f"m{n % MOMENTS}", party="Floor",
            column=("be", "do", "have")[n % 3],
            words=f"Say before the order which of the {n} dishes take half an hour, every time",
            provider="Dish room" if n % 3 == 2 and n % 6 else "", enables=f"l{n - 1}",
            stands="promised" if n % 6 else "gap", state="active" if n % 9 == 0 else "noted",
            due_on=DAY if n % 9 == 0 else None,
            owners=(e.Owner("Floor", "Mia"), e.Owner("Group office", "Ruth")),
        )
        for n in range(LINES)
    )  # fmt: skip
    return e.ExportedPlan(
        ref="p", name="A Friday with an average guest", place="Mill", customers="Guests",
        serve_first="Those who wash up are asked first.", day_from=420, day_until=1380,
        state="started", opened_on=DAY, started_on=DAY, moments=moments, lines=lines,
    )  # fmt: skip


def resident_mb() -> int:
    """Megabytes of this process that lie in memory."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 1_000_000


def main() -> None:
    """Print times and sizes."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["UPTURN_DATA"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "upturn.house.settings"
        import django  # noqa: PLC0415

        django.setup()
        from upturn.paper import print_pdf  # noqa: PLC0415
        from upturn.plan.engine.day_drawing import Moment, draw_day  # noqa: PLC0415
        from upturn.plan.views.sheets import plan_sheet  # noqa: PLC0415

        told, before = plan(), resident_mb()
        day = draw_day([Moment(each.ref, each.at, each.score) for each in told.moments])
        times, processor, files = [], [], set()
        for _ in range(RUNS):
            began, spent = perf_counter(), process_time()
            made = print_pdf(plan_sheet(told, day, today=DAY))
            times.append(perf_counter() - began)
            processor.append(process_time() - spent)
            files.add(made)
    same = "the same bytes" if len(files) == 1 else "different bytes"
    say(f"{MOMENTS} moments, {LINES} lines, n {RUNS}: {len(made) // 1000} kB, {same}")
    say(f"first {times[0]:.2f} s, all {median(times):.2f} s ({min(times):.2f}-{max(times):.2f})")
    spread = f"{min(processor):.2f}-{max(processor):.2f}"
    say(
        f"processor {median(processor):.2f} s ({spread}); {before} MB before, {resident_mb()} after"
    )


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
