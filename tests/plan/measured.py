"""Houses with a year of figures, and a plan that changes them."""

from datetime import date, timedelta
from typing import Any

import numpy as np

from tests import factories as f
from upturn.graph.models import Kind, Party
from upturn.people.models import Person, Role
from upturn.plan.commands import rolling_out, targets
from upturn.plan.commands.edits import Edit
from upturn.plan.models import Outcome, Plan, PlanState
from upturn.plan.queries.conditions import conditions
from upturn.stats.draws import generator
from upturn.stats.swings import autoregression
from upturn.voice import commands as voice
from upturn.voice.models import TouchpointWeek
from upturn.voice.queries import monday

TODAY = date(2026, 11, 23)
MONDAY = monday(TODAY)
HELPED = "served well"
TAKINGS = "covers"


def houses(
    number: int = 8,
    *,
    weeks: int = 60,
    starts: dict[int, int] | None = None,
    effect: float = 1.0,
    n: int = 40,
    seed: int = 3,
) -> list[Party]:
    """House after house with a team, a moment with scores, and two weekly measures of the team.

    `starts` says how many weeks before today a house began; from then on scores are `effect` higher
    and the team says so too.
    """
    rng = generator(seed, "tests", "plan", "houses")
    swing = 0.25 * autoregression((number, 2, weeks), memory=0.3, rng=rng)
    own = 6.5 + rng.normal(0, 0.5, (number, 2, 1))
    began = np.array([(starts or {}).get(house, 0) for house in range(number)])
    since = np.arange(weeks) >= (weeks - began)[:, None]
    figures = own + swing + effect * since[:, None, :]
    teams = []
    for house in range(number):
        place = f"House {house}"
        guests = f.party(f"Guests {house}", kind=Kind.CUSTOMERS, place=place)
        team = f.party(f"Team {house}", place=place)
        f.serves(team, guests)
        point = f.touchpoint("Arrival", customers=guests, servers=(team,), place=place)
        store_scores(point.pk, figures[house, 0], n=n)
        store_measure(team, HELPED, figures[house, 1], n=n)
        store_measure(team, TAKINGS, 1_000 + 50 * figures[house, 0])
        teams.append(team)
    return teams


def week(back: int) -> date:
    """The Monday so many weeks before the week that runs."""
    return MONDAY - timedelta(weeks=back)


def store_scores(point_id: int, means: Any, *, n: int) -> None:
    """Weekly sums as the reader would leave them, the last whole week last."""
    last = len(means)
    TouchpointWeek.objects.bulk_create(
        TouchpointWeek(
            touchpoint_id=point_id, week=week(last - at), count=n, positive=0, negative=0,
            scored=n, total=n * mean, squares=n * (mean**2 + 1),
        )
        for at, mean in enumerate(means)
    )  # fmt: skip


def store_measure(team: Party, name: str, values: Any, n: int | None = None) -> None:
    last = len(values)
    voice.store_measures(
        None,
        [
            voice.MeasureRecord(
                name=name, week=week(last - at), value=float(value), party=team.key, n=n
            )
            for at, value in enumerate(values)
        ],
    )


def a_plan(facilitator: Person | None = None, **fields: Any) -> tuple[Person, Plan]:
    """A plan that is being made, and who carries it."""
    viewer = facilitator or f.person("Imke", role=Role.FACILITATOR)
    guests = f.party("Guests", kind=Kind.CUSTOMERS)
    given = {"ref": f"plan{guests.pk}", "name": "A day", "customers": guests, "opened_on": TODAY}
    return viewer, Plan.objects.create(opened_by=viewer, **{**given, **fields})


def edit(key: str, turn: int = 0) -> Edit:
    return Edit(key=key, turn=turn)


def pair(viewer: Person, plan: Plan, *, money: bool = False) -> dict[str, Outcome]:
    """Customers' scores, what the team says, and takings if wanted."""
    sides = {"customer": ("score", ""), "employee": ("measure", HELPED)}
    if money:
        sides["money"] = ("measure", TAKINGS)
    return {
        side: targets.save_outcome(
            viewer,
            plan,
            targets.OutcomeWords(pair=1, side=side, source=source, name=name, unit="points"),
            edit=edit(f"o-{side}"),
        )
        for side, (source, name) in sides.items()
    }


def taking_part(viewer: Person, plan: Plan, starts: dict[int, int], number: int = 8) -> None:
    """Put the houses into the plan, each begun so many weeks ago; the others do not begin."""
    rolling_out.choose_units(viewer, plan, places=[f"House {each}" for each in range(number)])
    steps = {back: at for at, back in enumerate(sorted(set(starts.values()), reverse=True), 1)}
    for unit in plan.units.all():
        back = starts.get(int(unit.place.removeprefix("House ")))
        if back is not None:
            unit.step, unit.starts_on = steps[back], week(back)
            unit.save()


def started(plan: Plan, back: int) -> Plan:
    """The plan in action since so many weeks, with what was agreed then."""
    plan.state, plan.started_on = PlanState.STARTED, week(back)
    plan.frozen = conditions(plan)
    plan.save()
    return plan
