"""A service plan of the example organisation in action, through the room's own commands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from upturn.commitments.commands import draw_code
from upturn.graph import queries as graph
from upturn.people import queries as people
from upturn.plan.commands import (
    acting,
    editing,
    leaders,
    opening,
    reading,
    reckoning,
    rolling_out,
    targets,
)
from upturn.plan.commands.edits import Edit
from upturn.voice import commands as voice

if TYPE_CHECKING:
    from upturn.people.models import Person
    from upturn.plan.models import Plan, PlanLine

CARRIES = "imke"
LEAD = timedelta(weeks=2)  # from opening the plan to its first step


@dataclass(frozen=True, slots=True)
class _Stage:
    """What every step of storing needs."""

    told: Mapping[str, Any]
    plan: "Plan"
    who: Mapping[str, "Person"]
    ids: Mapping[str, int]
    opened: date

    @property
    def carries(self) -> "Person":
        """Who opened the plan and writes most of it down."""
        return self.who[CARRIES]


def store_plan(examples: Any, *, today: date) -> None:
    """Open it, write its day and lines, deal the teams to steps, start it, and let it act."""
    drawn, who = examples.draw_plan(), people.by_username()
    ids = {row.key: row.id for row in graph.snapshot().party.values()}
    told = drawn.told
    monday = today - timedelta(days=today.weekday())
    first = monday - timedelta(weeks=told["first_weeks_ago"])
    opened = first - LEAD
    draft = opening.PlanDraft(
        name=told["name"],
        customers_id=ids[told["customers"]],
        code=draw_code(),
        serve_first=told["serve_first"],
        day_from=told["day"][0],
        day_until=told["day"][1],
    )
    plan = opening.open_plan(who[CARRIES], draft, today=opened)
    stage = _Stage(told, plan, who, ids, opened)
    for username, party in told["seats"]:
        opening.seat(stage.carries, plan, person=who[username], party_id=ids[party])
    lines = _write_day(stage)
    _deal(stage, drawn.teams, first)
    _measure(stage, examples, today=today)
    _set_targets(stage, today=today)
    plan.refresh_from_db()
    opening.start_plan(stage.carries, plan, turn=plan.turn, today=first)
    _act(stage, lines, today=today)
    _remember(stage, today=today)
    _lead(stage, today=today)


def _write_day(stage: _Stage) -> list["PlanLine"]:
    """Moments with who is met there; then lines, what they enable after all of them stand."""
    points = graph.touchpoints_by_key()
    refs: dict[str, str] = {}
    kept_well = dict(stage.told["well_enough"])
    for at, name, wants, point, parties in stage.told["moments"]:
        touchpoint = points.get(point)
        words = editing.MomentWords(
            at=at,
            name=name,
            wants=wants,
            touchpoint_id=touchpoint.pk if touchpoint else None,
            well_enough=kept_well.get(name, ""),
        )
        made = editing.save_moment(stage.carries, stage.plan, words, edit=_edit())
        seats = {stage.ids[party]: direct for party, direct in parties}
        editing.set_parties(stage.carries, stage.plan, made.ref, seats, edit=_edit(made.turn))
        refs[name] = made.ref
    return _write_lines(stage, refs)


def _write_lines(stage: _Stage, refs: Mapping[str, str]) -> list["PlanLine"]:
    rows = [
        editing.LineWords(
            words=words,
            column=column,
            party_id=stage.ids[party],
            moment=refs[moment],
            provider_id=stage.ids.get(provider),
        )
        for moment, party, column, words, provider, _enables in stage.told["lines"]
    ]
    lines = [editing.save_line(stage.carries, stage.plan, row, edit=_edit()) for row in rows]
    for number, told in enumerate(stage.told["lines"]):
        if told[5]:
            row, line = rows[number], lines[number]
            enabling = editing.LineWords(
                words=row.words,
                column=row.column,
                party_id=row.party_id,
                moment=row.moment,
                provider_id=row.provider_id,
                enables=lines[told[5] - 1].ref,
            )
            edit = _edit(line.turn)
            lines[number] = editing.save_line(
                stage.carries, stage.plan, enabling, edit=edit, ref=line.ref
            )
    return lines


def _deal(stage: _Stage, teams: tuple[str, ...], first: date) -> None:
    parties = [stage.ids[team] for team in teams]
    rolling_out.choose_units(stage.carries, stage.plan, places=(), parties=parties)
    steps = rolling_out.Steps(
        steps=stage.told["steps"],
        first_on=first,
        weeks_apart=stage.told["weeks_apart"],
        seed=stage.told["seed"],
    )
    rolling_out.deal_steps(stage.carries, stage.plan, steps, today=stage.opened)


def _measure(stage: _Stage, examples: Any, *, today: date) -> None:
    """Store what only these teams count: it moves from the day each of them began."""
    party = graph.snapshot().party
    starts = {
        party[unit.party_id].key: unit.starts_on
        for unit in stage.plan.units.all()
        if unit.party_id and unit.starts_on
    }
    seed = stage.told["seed"]
    voice.store_measures(None, examples.plan_measures(starts, today=today, seed=seed))


def _set_targets(stage: _Stage, *, today: date) -> None:
    """Name the outcomes, measure where each comes from, and set what is wished for.

    Guests' words are not read yet and the second pair has too few weeks, so its baseline is open.
    """
    found = {}
    for pair, side, source, name, unit, better, _level, spread, _by in stage.told["outcomes"]:
        words = targets.OutcomeWords(
            pair=pair, side=side, source=source, name=name, unit=unit, better=better
        )
        row = targets.save_outcome(stage.carries, stage.plan, words, edit=_edit())
        if spread:
            found[pair, side] = targets.take_baseline(
                stage.carries, stage.plan, row.ref, edit=_edit(row.turn), today=stage.opened
            )
    for pair, side, value, days in stage.told["wishes"]:
        row = found[pair, side]
        wish = targets.Wish(value, today + timedelta(days=days))
        targets.set_wish(
            stage.carries, stage.plan, row.ref, wish, edit=_edit(row.turn), today=stage.opened
        )
    reckoning.reckon_if_due(stage.plan.ref)


def _act(stage: _Stage, lines: list["PlanLine"], *, today: date) -> None:
    for number, username, since, until, owners in stage.told["acting"]:
        line = lines[number - 1]
        act = acting.Act(
            turn=line.turn,
            code=draw_code(),
            due_on=today + timedelta(days=until),
            owners=tuple((stage.ids[party], who) for party, who in owners),
        )
        lines[number - 1] = acting.put_into_action(
            stage.who[username], stage.plan, line.ref, act=act, today=today - timedelta(days=since)
        )
    for number, username, since in stage.told["settled"]:
        line, on = lines[number - 1], today - timedelta(days=since)
        acting.settle(stage.who[username], stage.plan, line.ref, turn=line.turn, today=on)


def _remember(stage: _Stage, *, today: date) -> None:
    """What else changed, and what others claim; the readings themselves the worker makes."""
    for words, days, where in stage.told["other_changes"]:
        on = today - timedelta(days=days)
        reading.note_change(
            stage.carries, stage.plan, words=words, on=on, where=where, key=draw_code()
        )
    for words, source in stage.told["claims"]:
        reading.note_claim(stage.carries, stage.plan, words=words, source=source, key=draw_code())


def _lead(stage: _Stage, *, today: date) -> None:
    """What those who lead answered last month, and what their teams made of it."""
    said_on = today.replace(day=1) - timedelta(days=9)
    answered_on = said_on + timedelta(days=4)
    for username, party, question, words, member, otherwise in stage.told["leading"]:
        answer = leaders.Answer(party_id=stage.ids[party], question=question, words=words)
        word = leaders.say(stage.who[username], answer, today=said_on)
        if otherwise:
            leaders.put_otherwise(
                stage.who[member], word.ref, words=otherwise, turn=word.turn, today=answered_on
            )
        else:
            leaders.confirm(stage.who[member], word.ref, turn=word.turn, today=answered_on)


def _edit(turn: int = 0) -> Edit:
    return Edit(key=draw_code(), turn=turn)
