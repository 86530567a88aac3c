"""A plan as large as the product promises to carry: rows put in at once, for budgets."""

from datetime import timedelta

from django.db.models import F

from tests import factories as f
from tests.plan import planned as p
from upturn.commitments.models import Ask, RaisedAs
from upturn.graph.commands import touch
from upturn.graph.models import Party, Serves
from upturn.people.models import Person
from upturn.plan.models import (
    DayMoment,
    LineOwner,
    LineState,
    MomentParty,
    Plan,
    PlanLine,
    PlanSeat,
)


def whole_plan(here: p.Setting, *, moments: int = 40, lines: int = 400, parties: int = 20) -> Plan:
    """A plan in action: moments by the quarter of an hour, lines of every kind, some with asks."""
    plan, _have, _do = p.ready(here)
    plan = p.started(here.leader, plan)
    teams = [f.party(f"Team {n}", place="Mill") for n in range(parties)]
    edges = [f.serves(here.kitchen, team) for team in teams]
    day = DayMoment.objects.bulk_create(
        DayMoment(
            plan=plan, ref=f"{plan.ref[:6]}m{n}", at=430 + 15 * n, name=f"Moment {n}", wants="x"
        )
        for n in range(moments - 1)
    )
    MomentParty.objects.bulk_create(
        MomentParty(moment=moment, party=teams[n % parties], direct=bool(n % 2))
        for n, moment in enumerate(day)
    )
    _lines(plan, day, teams, edges, lines - 2)
    _seats(plan, teams)
    Plan.objects.filter(pk=plan.pk).update(version=F("version") + 1)
    touch()
    plan.refresh_from_db()
    return plan


def _lines(
    plan: Plan, day: list[DayMoment], teams: list[Party], edges: list[Serves], many: int
) -> None:
    def row(n: int) -> PlanLine:
        team, have = n % len(teams), n % 3 == 0
        edge = edges[team] if have and n % 2 else None
        active = n % 8 == 1
        return PlanLine(
            plan=plan,
            moment=day[n % len(day)],
            ref=f"{plan.ref[:6]}l{n}",
            party=teams[team],
            column="have" if have else ("be", "do")[n % 2],
            words=f"What team {team} needs there, said in a sentence as long as people write ({n})",
            provider=edge.server if edge else None,
            edge=edge,
            state=LineState.ACTIVE if active else LineState.NOTED,
            active_on=f.TODAY if active else None,
            due_on=f.TODAY + timedelta(days=n % 200 + 5) if active else None,
            ask_ref=f"{plan.ref[:6]}a{n}" if active and edge else "",
        )

    rows = PlanLine.objects.bulk_create(row(n) for n in range(many))
    asked = [line for line in rows if line.ask_ref]
    for line in asked:
        Ask.objects.create(
            ref=line.ask_ref,
            edge=line.edge,
            words=line.words,
            raised_as=RaisedAs.TEAM,
            raised_on=f.TODAY,
        )
    promises = [line for line in rows if line.column != "have"]
    haves = [line for line in rows if line.column == "have"]
    for n, line in enumerate(haves[::2]):
        line.enables = promises[n % len(promises)]
    PlanLine.objects.bulk_update(haves, ["enables"])
    LineOwner.objects.bulk_create(
        LineOwner(line=line, party=line.party, who="Mia") for line in rows if line.due_on
    )


def _seats(plan: Plan, teams: list[Party]) -> None:
    people = [f.member(team, role="leader", leads=True) for team in teams[:8]]
    PlanSeat.objects.bulk_create(
        PlanSeat(plan=plan, person=someone, party=team)
        for someone, team in zip(people, teams, strict=False)
    )


def viewers(here: p.Setting, plan: Plan) -> dict[str, Person]:
    """Somebody of each kind of sight."""
    team = PlanSeat.objects.filter(plan=plan).earliest("pk").party
    return {
        "leader": here.leader,
        "server": f.member(team),
        "executive": f.person(role="executive"),
        "facilitator": f.person(role="facilitator"),
    }
