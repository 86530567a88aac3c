"""Lines of be, do and have: written and dropped."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from upturn.graph import queries as graph
from upturn.plan.commands.allowed import (
    check_kept,
    check_may_edit,
    check_protected,
    check_seen,
    checked,
    line_of,
    moment_of,
    tell_why,
)
from upturn.plan.commands.edits import (
    Edit,
    Facts,
    facts_of,
    overtaken,
    repeated,
    take_turn,
    write_edit,
)
from upturn.plan.commands.hanging import hang, loosen, provider_name
from upturn.plan.commands.moments import ref_for
from upturn.plan.engine import InAction, Incomplete, ServersFirst
from upturn.plan.models import Column, DayMoment, LineState, Plan, PlanLine

if TYPE_CHECKING:
    from upturn.people.models import Person

MOST_LINES = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class LineWords:
    """A line as somebody writes it down.

    Column, party and moment stay as they are once it stands. ``provider_id`` and ``enables``, the
    ref of a BE or DO, belong to a HAVE.
    """

    words: str
    column: str
    party_id: int
    moment: str = ""
    provider_id: int | None = None
    enables: str = ""


@transaction.atomic
def save_line(
    viewer: "Person", plan: Plan, words: LineWords, *, edit: Edit, ref: str = ""
) -> PlanLine:
    """Write a line down, or change the one called ``ref``.

    Raises
    ------
    ServersFirst
        If it is a BE or DO and the plan holds no HAVE of those who serve.
    Protected
        If the moment works well enough, or the line touches what a workshop wants to stay, and
        ``edit.anyway`` gives no reason.
    InAction
        If the line was put into action.
    Overtaken
        If somebody changed it since it was read.
    Incomplete, NotYours
        If it cannot stand like this.
    """
    check_may_edit(viewer, plan)
    done = repeated(plan, edit)
    if done:
        return line_of(plan, done.row)
    line = line_of(plan, ref) if ref else _new(viewer, plan, words, edit)
    check_protected(line.moment, edit.anyway)
    values = _values(viewer, plan, words, line)
    parties = line.party_id, values.get("provider_id")
    check_kept(viewer, values["words"], parties=parties, anyway=edit.anyway or line.override)
    if not ref:
        return _add(viewer, plan, line, values, edit)
    return _change(viewer, plan, line, values, edit)


@transaction.atomic
def drop_line(viewer: "Person", plan: Plan, ref: str, *, edit: Edit) -> None:
    """Take a line out; undo brings it back.

    Raises
    ------
    InAction
        If it was put into action.
    Protected
        If its moment works well enough and no reason is given.
    """
    check_may_edit(viewer, plan)
    if repeated(plan, edit):
        return
    line = line_of(plan, ref)
    check_noted(line)
    if line.turn != edit.turn:
        raise overtaken("line", line, yours=None)
    check_protected(line.moment, edit.anyway)
    before, edge_id, drew = line_whole(line), line.edge_id, line.drew_edge
    line.delete()
    if drew:
        loosen(viewer, edge_id)
    write_edit(plan, key=edit.key, kind="line", ref=ref, before=before, after=None)
    tell_why(viewer, plan, edit)


def check_noted(line: PlanLine) -> None:
    """Raise InAction once a line has left the paper."""
    if line.state != LineState.NOTED:
        raise InAction(_("This line was put into action. Take it back first."))


def line_whole(line: PlanLine) -> Facts:
    """A line and what points to it."""
    pointing = PlanLine.objects.filter(enables=line).order_by("pk").values_list("pk", flat=True)
    enabled_by = [[pk, line.pk] for pk in pointing]
    return facts_of("line", line) | {"enabled_by": enabled_by}


def serves_servers(plan: Plan) -> bool:
    """Whether the plan holds a HAVE of somebody who serves (S2.10)."""
    haves = plan.lines.filter(column=Column.HAVE)
    return haves.exclude(party__in=graph.snapshot().customers).exists()


def _new(viewer: "Person", plan: Plan, words: LineWords, edit: Edit) -> PlanLine:
    if words.column not in Column.values:
        raise Incomplete(_("A line stands under be, do or have."))
    if words.column != Column.HAVE and not serves_servers(plan):
        raise ServersFirst(
            _("First what those have who serve: write down one HAVE, then what they do and are.")
        )
    if plan.lines.count() >= MOST_LINES:
        raise Incomplete(_("A plan ends at %(most)d lines.") % {"most": MOST_LINES})
    return PlanLine(
        plan=plan,
        moment=moment_of(plan, words.moment),
        ref=ref_for("line", plan, edit.key),
        party_id=check_seen(viewer, words.party_id),
        column=words.column,
    )


def _values(viewer: "Person", plan: Plan, words: LineWords, line: PlanLine) -> dict[str, Any]:
    given: dict[str, Any] = {"words": checked(words.words, what=_("your words"))}
    if line.column != Column.HAVE:
        return given
    provider = words.provider_id
    if provider is not None and provider != line.provider_id:
        check_seen(viewer, provider)
    if provider == line.party_id:
        raise Incomplete(_("Nobody gives it to oneself. Name another party."))
    return given | {
        "provider_id": provider,
        "provider_was": provider_name(provider),
        "enables_id": _enabled(plan, words.enables),
    }


def _enabled(plan: Plan, ref: str) -> int | None:
    if not ref:
        return None
    found = line_of(plan, ref)
    if found.column == Column.HAVE:
        raise Incomplete(_("A HAVE makes possible what somebody does or is. Choose such a line."))
    return found.pk


def _add(
    viewer: "Person", plan: Plan, line: PlanLine, values: dict[str, Any], edit: Edit
) -> PlanLine:
    for name, value in values.items():
        setattr(line, name, value)
    line.position = _next_position(line.moment, line.party_id, line.column)
    line.override = checked(edit.anyway, what=_("why you touch it"), needed=False)
    line.save(force_insert=True)
    hang(viewer, line)
    after = facts_of("line", line)
    write_edit(plan, key=edit.key, kind="line", ref=line.ref, before=None, after=after)
    return line


def _change(
    viewer: "Person", plan: Plan, line: PlanLine, values: dict[str, Any], edit: Edit
) -> PlanLine:
    check_noted(line)
    before = facts_of("line", line)
    anyway = checked(edit.anyway, what=_("why you touch it"), needed=False)
    changes = values | ({"override": anyway} if anyway else {})
    yours = before | values
    take_turn(line, kind="line", turn=edit.turn, changes=changes, yours=yours)
    hang(viewer, line)
    after = facts_of("line", line)
    write_edit(plan, key=edit.key, kind="line", ref=line.ref, before=before, after=after)
    return line


def _next_position(moment: DayMoment, party_id: int, column: str) -> int:
    rows = moment.lines.filter(party_id=party_id, column=column)
    last: int | None = rows.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1
