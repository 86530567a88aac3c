"""Lines put into action, settled, and taken back."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.utils.translation import gettext as _

from upturn.commitments import commands as commitments
from upturn.commitments import queries as spine
from upturn.commitments.engine import RaisedAs, State
from upturn.graph import queries as graph
from upturn.plan.commands.allowed import (
    NAME_MAX,
    check_kept,
    check_may_edit,
    check_protected,
    check_seen,
    checked,
    line_of,
)
from upturn.plan.commands.edits import facts_of, overtaken, tell
from upturn.plan.commands.lines import check_noted
from upturn.plan.engine import (
    LEVELS_NEEDED,
    MOST_ACTIVE,
    InAction,
    Incomplete,
    NoProvider,
    NotYours,
    OneLevelOnly,
    TooManyActive,
    owners_span_levels,
)
from upturn.plan.models import Column, LineOwner, LineState, Plan, PlanLine, PlanState
from upturn.plan.queries.lines import GONE, JUDGED
from upturn.plan.queries.roadmap import active_lines
from upturn.plan.queries.sight import belongs_to
from upturn.record import journal

if TYPE_CHECKING:
    from upturn.people.models import Person

MOST_DAYS = 366


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """With what a line goes into action.

    ``owners`` are parties and in whose name each answers for it, of two levels at least; ``code``
    is drawn by the page and makes a HAVE's ask the same when it is sent twice. ``override`` is the
    reason for a line beyond the three, ``anyway`` the one for touching what works well enough.
    """

    turn: int
    code: str
    due_on: date | None
    owners: tuple[tuple[int, str], ...]
    override: str = ""
    anyway: str = ""


@transaction.atomic
def put_into_action(viewer: "Person", plan: Plan, ref: str, *, act: Act, today: date) -> PlanLine:
    """Put a line into action: a HAVE becomes an ask on its edge, and asks for a promise.

    Raises
    ------
    NotYours
        If the plan is not in action, or a HAVE's ask is for its served side to raise.
    NoProvider
        If nobody is said to provide a HAVE, or no edge is drawn.
    OneLevelOnly, TooManyActive, Protected
        If owners stand on one level, the party carries three lines, or the moment is to stay.
    Overtaken
        If somebody changed the line since it was read.
    """
    check_may_edit(viewer, plan)
    line = line_of(plan, ref)
    if line.state == LineState.ACTIVE and line.turn == act.turn + 1:
        return line
    _check_act(viewer, plan, line, act=act, today=today)
    override = _override(line, act)
    asked = _ask(viewer, plan, line, act=act, today=today) if line.column == Column.HAVE else ""
    _move(
        line,
        turn=act.turn,
        state=LineState.ACTIVE,
        active_on=today,
        due_on=act.due_on,
        settled_on=None,
        ask_ref=asked,
        override=override,
    )
    line.owners.all().delete()
    LineOwner.objects.bulk_create(
        LineOwner(line=line, party_id=party, who=who.strip()) for party, who in act.owners
    )
    _told(viewer, plan, line, "put line into action", detail=override)
    _check_load(line, act, standing=active_lines().get(line.party_id, 0) - 1)
    return line


@transaction.atomic
def settle(viewer: "Person", plan: Plan, ref: str, *, turn: int, today: date) -> PlanLine:
    """Say that a line is settled: its team says so, and of a HAVE the ask must be over.

    Raises
    ------
    NotYours
        If the viewer is not of the line's party.
    InAction
        If a HAVE's ask still runs: only the side that asked can end it.
    """
    line = _acting(plan, ref)
    if not belongs_to(viewer, line.party_id):
        raise NotYours(_("Only those whose line it is say that it is settled."))
    if line.ask_ref and not _stands(viewer, line.ask_ref, at=JUDGED):
        raise InAction(_("Its ask still runs. Say there whether it is better; then it settles."))
    _move(line, turn=turn, state=LineState.SETTLED, settled_on=today)
    return _told(viewer, plan, line, "settle line")


@transaction.atomic
def take_back(viewer: "Person", plan: Plan, ref: str, *, turn: int) -> PlanLine:
    """Put a line in action back on paper; a HAVE's ask must have been withdrawn or settled.

    Raises
    ------
    InAction
        If its ask still runs.
    """
    check_may_edit(viewer, plan)
    line = _acting(plan, ref)
    if line.ask_ref and not _stands(viewer, line.ask_ref, at=GONE):
        raise InAction(_("Its ask still runs. Withdraw the ask first; then take the line back."))
    _move(line, turn=turn, state=LineState.NOTED, ask_ref="", active_on=None, due_on=None)
    line.owners.all().delete()
    return _told(viewer, plan, line, "take line back")


def _check_act(viewer: "Person", plan: Plan, line: PlanLine, *, act: Act, today: date) -> None:
    if plan.state != PlanState.STARTED:
        raise NotYours(_("Lines go into action once the plan has started."))
    check_noted(line)
    if act.due_on is None or act.due_on <= today:
        raise Incomplete(_("Say by when: a day after today."))
    if act.due_on > today + timedelta(days=MOST_DAYS):
        raise Incomplete(_("Months, not years: choose a day within a year, or cut it smaller."))
    _check_owners(viewer, act.owners)
    check_protected(line.moment, act.anyway or line.override)
    parties = line.party_id, line.provider_id
    check_kept(viewer, line.words, parties=parties, anyway=act.anyway or line.override)


def _check_owners(viewer: "Person", owners: tuple[tuple[int, str], ...]) -> None:
    distance = graph.snapshot().distance
    for party_id, who in owners:
        check_seen(viewer, party_id)
        checked(who, what=_("in whose name"), most=NAME_MAX)
    parties = [party_id for party_id, _who in owners]
    if len(parties) != len(set(parties)):
        raise Incomplete(_("Each party answers for a line once."))
    if not owners_span_levels(distance.get(party_id) for party_id in parties):
        raise OneLevelOnly(
            _("A line is owned on %(needed)d levels: add somebody nearer to the customer, or "
              "somebody who serves them.") % {"needed": LEVELS_NEEDED}
        )  # fmt: skip


def _override(line: PlanLine, act: Act) -> str:
    """Reason kept with the line; raises TooManyActive where one is needed and there is none."""
    active = active_lines().get(line.party_id, 0)
    override = checked(act.override, what=_("why a further line"), needed=False)
    _check_load(line, act, standing=active)
    anyway = checked(act.anyway, what=_("why you touch it"), needed=False)
    return (override if active >= MOST_ACTIVE else "") or anyway or line.override


def _check_load(line: PlanLine, act: Act, *, standing: int) -> None:
    """Refuse a line beyond the three without a reason.

    Asked once more after the journal's entry: that is written by one transaction at a time, so two
    plans cannot both take a party's last place.
    """
    if standing >= MOST_ACTIVE and not act.override.strip():
        party = graph.snapshot().party[line.party_id]
        raise TooManyActive(
            _("%(party)s has %(active)d lines in action. One more needs a reason for them to read.")
            % {"party": graph.full_name(party), "active": standing},
            active=standing,
        )


def _ask(viewer: "Person", plan: Plan, line: PlanLine, *, act: Act, today: date) -> str:
    if line.edge_id is None:
        raise NoProvider(_("Nobody is said to provide this yet. Name who, then ask for it."))
    edge = graph.edge(viewer, line.edge_id)
    if not spine.may_raise(viewer, edge):
        party = graph.full_name(graph.snapshot().party[line.party_id])
        raise NotYours(_("This waits for somebody of %(party)s: they ask.") % {"party": party})
    draft = commitments.Draft(
        words=line.words,
        raised_as=RaisedAs.TEAM,
        code=act.code,
        touchpoint=line.moment.touchpoint,
        because=plan.name,
    )
    return commitments.raise_ask(viewer, edge=edge, draft=draft, today=today).ref


def _stands(viewer: "Person", ask_ref: str, *, at: frozenset[State]) -> bool:
    """Whether the ask stands at one of these; out of the viewer's sight it counts as running."""
    try:
        return State(spine.ask_by_ref(viewer, ask_ref).state) in at
    except ObjectDoesNotExist:
        return False


def _acting(plan: Plan, ref: str) -> PlanLine:
    if plan.state != PlanState.STARTED:
        raise NotYours(_("Lines are settled while the plan is in action."))
    line = line_of(plan, ref)
    if line.state != LineState.ACTIVE:
        raise NotYours(_("This line is not in action."))
    return line


def _move(line: PlanLine, *, turn: int, **changes: object) -> None:
    rows = PlanLine.objects.filter(pk=line.pk)
    if not rows.filter(turn=turn).update(**changes, turn=turn + 1):
        raise overtaken("line", rows.first(), yours=facts_of("line", line))
    line.refresh_from_db()


def _told(viewer: "Person", plan: Plan, line: PlanLine, verb: str, *, detail: str = "") -> PlanLine:
    journal.write(
        verb,
        subject_kind="plan line",
        subject_ref=line.ref,
        actor_id=viewer.pk,
        detail=detail[:200],
    )
    tell(plan, kind="line", ref=line.ref, turn=line.turn)
    return line
