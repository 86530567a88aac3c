"""Coaching placed where the service level still holds, from the shell."""

from collections import Counter, defaultdict
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from rich.table import Table as Shown

from upturn.floor.engine.coaching.calendar import COLUMNS, plan_rows, to_calendar
from upturn.floor.engine.coaching.plan import Method, Plan, Why
from upturn.floor.engine.coaching.rosters import read_roster
from upturn.floor.engine.coaching.slots import LEAST_MIN, coaching_slots
from upturn.graph.engine.tabular import csv_lines, open_table
from upturn.graph.engine.tabular_errors import named
from upturn.house.cli_staff import (
    assumed,
    confidence_option,
    console,
    day_cv_option,
    file_argument,
    keep,
    new_file,
    patience_option,
    refusals,
    target_option,
    target_said,
    volumes_in,
    zone_option,
)

SHOWN = 40
BITE_MIN, BITE_IDLE, BITE_MOST, BITE_DAYS = 2, 4, 12, 20
REASONS = {
    Why.OUTSIDE: "no interval of the forecast lies within the time given for it",
    Why.NO_SLACK: "nobody can be spared for so long within the time given for it",
    Why.TAKEN: "who can be spared went to others, or agent or coach were in another session",
}
METHODS = {
    Method.EXACT: "no other packing is better",
    Method.SEARCHED: "found by a search that ended before it was proved best",
    Method.GREEDY: "placed one after the other, who has least first; not proved best",
}


@click.command("coach")
@click.argument("forecast", type=file_argument)
@click.argument("roster", type=file_argument)
@target_option
@confidence_option
@patience_option
@day_cv_option
@click.option("--staff", type=int, help="Agents in every interval, if the forecast has no column.")
@click.option("--least", "least_min", default=LEAST_MIN, show_default=True, help="Minutes for all.")
@zone_option
@click.option("--out", type=new_file, help="Write the plan as CSV.")
@click.option("--ics", type=new_file, help="Write the plan as a calendar.")
def coach_(  # noqa: PLR0913 - one parameter an option
    *,
    forecast: Path,
    roster: Path,
    target: tuple[float, float],
    confidence: float,
    patience_s: float,
    day_cv: float,
    staff: int | None,
    least_min: float,
    zone: ZoneInfo | None,
    out: Path | None,
    ics: Path | None,
) -> None:
    """Place the sessions of ROSTER where FORECAST leaves agents to spare on most days.

    FORECAST has the columns start, calls, aht, staff; ROSTER agent, coach, minutes, and perhaps
    earliest, latest and queues. For contact centres.
    """
    with refusals():
        intervals = volumes_in(forecast, zone=zone, with_staff=staff is None)
        with roster.open("rb") as stream, named(roster.name):
            wanted = read_roster(open_table(stream, name=roster.name), zone=zone)
        plan = coaching_slots(
            intervals,
            staff=staff,
            target=target,
            confidence=confidence,
            wanted=wanted,
            patience_s=patience_s,
            day_cv=day_cv,
            least_min=least_min,
        )
    _show(plan, least_min)
    _show_bites(plan)
    console.print()
    for line in assumed(plan.standard):
        console.print(line, soft_wrap=True)
    _write(plan, out, ics)


def _show(plan: Plan, least_min: float) -> None:
    total = len(plan.sessions) + len(plan.unplaced)
    console.print(
        f"{len(plan.sessions)} of {total} sessions placed. Beside them "
        f"{target_said(plan.standard)} on {plan.standard.confidence:.0%} of days, in each "
        "interval that has a session.\n",
        soft_wrap=True,
    )
    _show_sessions(plan)
    _show_short(plan)
    _show_unplaced(plan)
    _show_fairness(plan, least_min)
    for week, method in plan.methods:
        console.print(f"{week}: {METHODS[method]}.", soft_wrap=True)


def _show_sessions(plan: Plan) -> None:
    table = Shown(box=None, pad_edge=False)
    for head in ("from", "to", "agent", "coach"):
        table.add_column(head)
    for one in plan.sessions[:SHOWN]:
        start, end = f"{one.start:%a %d %b %H:%M}", f"{one.end:%H:%M}"
        table.add_row(start, end, one.wanted.agent, one.wanted.coach)
    if plan.sessions:
        console.print(table)
    more = len(plan.sessions) - SHOWN
    if more > 0:
        console.print(f"… and {more} more: write them all with --out or --ics.")


def _show_short(plan: Plan) -> None:
    short = [one for one in plan.slack if one.free < 0]
    if short:
        worst = min(short, key=lambda one: one.free)
        console.print(
            f"\nIn {len(short)} of {len(plan.slack)} intervals the staff does not keep the target "
            f"even without coaching; most are missing at {worst.interval.start:%a %d %b %H:%M}: "
            f"{-worst.free} (planned {worst.staff}, needed {worst.needed}).",
            soft_wrap=True,
        )


def _show_unplaced(plan: Plan) -> None:
    for why, n in Counter(why for _, why in plan.unplaced).items():
        names = ", ".join(
            f"{one.agent} with {one.coach}" for one, reason in plan.unplaced if reason is why
        )
        console.print(f"\nNot placed, {n}: {REASONS[why]}: {names}.", soft_wrap=True)


def _show_fairness(plan: Plan, least_min: float) -> None:
    """How many come to the least, and nobody's name beside a number."""
    minutes: dict[str, float] = defaultdict(float)
    for one, _ in plan.unplaced:
        minutes[one.agent] += 0.0
    for session in plan.sessions:
        minutes[session.wanted.agent] += session.wanted.length_s / 60
    if minutes:
        reached = sum(has >= least_min for has in minutes.values())
        console.print(
            f"\n{reached} of {len(minutes)} agents come to {least_min:g} minutes or more.",
            soft_wrap=True,
        )


def _show_bites(plan: Plan) -> None:
    """Say what short sessions in idle moments would add; this compiles on its first day."""
    with console.status("Simulating the days of the forecast; the first time takes longer"):
        from upturn.floor.engine.coaching.bites import Rule  # noqa: PLC0415 - numba is slow to load
        from upturn.floor.engine.coaching.extra import bites_on_top  # noqa: PLC0415

        rule = Rule(BITE_MIN * 60.0, BITE_IDLE, BITE_MOST)
        queues = sorted({one.interval.queue for one in plan.slack})
        found = {
            queue: bites_on_top(plan, rule=rule, queue=queue, days=BITE_DAYS) for queue in queues
        }
    for queue, (alone, bitten) in found.items():
        where = f"{queue}: " if queue else ""
        console.print(
            f"\n{where}Bites of {BITE_MIN} minutes, begun whenever {BITE_IDLE} agents are idle, "
            f"would add {bitten.minutes:.1f} minutes to an agent's hour. Over the whole forecast "
            f"{alone.service_level:.1%} of callers are answered in time with the plan alone, "
            f"{bitten.service_level:.1%} ± {2 * bitten.service_level_error:.1%} with bites "
            f"(simulated, {BITE_DAYS} draws of every day).",
            soft_wrap=True,
        )


def _write(plan: Plan, out: Path | None, ics: Path | None) -> None:
    if out:
        keep(out, b"".join(csv_lines(plan_rows(plan), columns=COLUMNS)))
    if ics:
        now = datetime.now(UTC)
        keep(ics, to_calendar(plan, made=now, title="Coaching: {agent} with {coach}"))
    for file in (out, ics):
        if file:
            console.print(f"The plan is written to {file}.", soft_wrap=True)
