"""Writes of improvement cycles, each one transaction with its journal entry."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.utils.translation import gettext as _

from upturn.commitments import queries as commitments
from upturn.partners.commands.watches import watched
from upturn.partners.engine import (
    CYCLE_MOVES,
    CycleMove,
    CycleState,
    Incomplete,
    Overtaken,
)
from upturn.partners.models import Cycle, CycleLine
from upturn.partners.queries.barriers import named_barrier
from upturn.partners.queries.cycles import cycle_sides, is_front, leading
from upturn.partners.queries.rules import may_see_rules
from upturn.people import queries as people
from upturn.record import journal, outbox
from upturn.record.keys import ref_of

if TYPE_CHECKING:
    from upturn.people.models import Person

WORDS_MAX = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CycleDraft:
    """A cycle before it is opened; on an ask it belongs to the side that asked."""

    noticed: str
    code: str
    team_id: int | None = None
    ask_ref: str = ""
    barrier_ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CycleContent:
    """What comes with a move; which parts are needed, ``NEEDED`` says."""

    turn: int
    words: str = ""
    who: str = ""
    party_id: int | None = None
    trying: str = ""
    front: str = ""
    until: date | None = None
    sign: str = ""
    watch: str = ""
    watch_weeks: int = 0


NEEDED: dict[CycleMove, tuple[str, ...]] = {
    CycleMove.JOIN: ("who", "party_id"),
    CycleMove.TRY: ("trying", "front", "until"),
    CycleMove.MEASURE: ("sign",),
    CycleMove.TRY_AGAIN: ("words",),
    CycleMove.KEEP: ("words",),
    CycleMove.STOP: ("words",),
}


def raising_team(viewer: "Person", draft: CycleDraft) -> int:
    """Party on whose side the cycle is: the team that asked, or the viewer's own.

    Raises
    ------
    Incomplete
        If the viewer is on neither side of the ask, or not in the team.
    """
    own = people.parties_of(viewer)
    if draft.ask_ref:
        try:
            edge = commitments.ask_by_ref(viewer, draft.ask_ref).edge
        except ObjectDoesNotExist as error:
            raise Incomplete(_("There is no such ask, or it is not for you to see.")) from error
        if not own & {edge.served_id, edge.server_id}:
            raise Incomplete(_("A cycle on an ask is opened by one of its two sides."))
        return edge.served_id
    if draft.team_id not in own:
        raise Incomplete(_("A cycle is opened for a team you belong to; only it can close it."))
    return int(draft.team_id)


def check_cycle(viewer: "Person", draft: CycleDraft) -> None:
    """Raise Incomplete when this cannot be opened."""
    if not may_see_rules(viewer):
        raise Incomplete(_("Cycles are opened by those who work here."))
    if not draft.noticed.strip():
        raise Incomplete(_("A cycle begins with what you noticed."))
    if len(draft.noticed) > WORDS_MAX:
        raise Incomplete(_("This ends at %(most)d characters.") % {"most": WORDS_MAX})
    raising_team(viewer, draft)


@transaction.atomic
def open_cycle(viewer: "Person", draft: CycleDraft, *, today: date) -> Cycle:
    """Open a cycle, or find it if this draft was sent before."""
    check_cycle(viewer, draft)
    barrier = named_barrier(viewer, draft.barrier_ref) if draft.barrier_ref else None
    ref = ref_of(f"cycle {draft.code}")
    cycle, new = Cycle.objects.get_or_create(
        ref=ref,
        defaults={
            "noticed": draft.noticed.strip(),
            "raised_by_id": raising_team(viewer, draft),
            "opened_by": viewer,
            "from_front": is_front(viewer),
            "ask_ref": draft.ask_ref,
            "barrier": barrier,
            "opened_on": today,
        },
    )
    if new:
        _record(cycle, "open cycle", by=viewer)
    return cycle


@transaction.atomic
def move_cycle(
    viewer: "Person", cycle: Cycle, *, move: CycleMove, content: CycleContent, today: date
) -> Cycle:
    """Make one move, or refuse it and store nothing.

    Raises
    ------
    Overtaken
        If somebody moved the cycle since it was read.
    MoveClosed, Incomplete
        If the move is not open to the viewer's side, or lacks a part.
    """
    if cycle.turn != content.turn:
        raise _overtaken()
    state = CycleState(cycle.state)
    after = CYCLE_MOVES.after(state, move=move, sides=cycle_sides(viewer, cycle))
    _check_content(move, content)
    changes = {"state": after, "turn": content.turn + 1}
    changes |= CHANGES[move](viewer, cycle, content, today)
    if not Cycle.objects.filter(pk=cycle.pk, turn=content.turn).update(**changes):
        raise _overtaken()
    words = content.words.strip()
    if words:
        CycleLine.objects.create(
            cycle=cycle, turn=content.turn, move=move, words=words, said_on=today
        )
    cycle.refresh_from_db()
    _record(cycle, f"{move.replace('_', ' ')} cycle", by=viewer)
    return cycle


def _check_content(move: CycleMove, content: CycleContent) -> None:
    for part in NEEDED.get(move, ()):
        value = getattr(content, part)
        if not (value.strip() if isinstance(value, str) else value):
            names = {
                "who": _("who owns it with the team"),
                "party_id": _("for which team"),
                "trying": _("what you try"),
                "front": _("what the front line does in it"),
                "until": _("until when"),
                "sign": _("what you look at"),
                "words": _("what was learned")
                if move in {CycleMove.STOP, CycleMove.KEEP}
                else _("your words"),
            }
            raise Incomplete(_("Missing: %(part)s.") % {"part": names[part]})


def _overtaken() -> Overtaken:
    return Overtaken(
        _("Somebody was faster: look at the cycle again. Nothing of yours was stored.")
    )


Changes = dict[str, object]


def _join(viewer: "Person", _cycle: Cycle, content: CycleContent, _today: date) -> Changes:
    if content.party_id not in leading(viewer):
        raise Incomplete(_("Join for a team that you lead."))
    return {"co_party_id": content.party_id, "co_who": content.who.strip()}


def _try(_viewer: "Person", _cycle: Cycle, content: CycleContent, today: date) -> Changes:
    if content.until is None or content.until <= today:
        raise Incomplete(_("A trial ends on a day after today."))
    return {
        "trying": content.trying.strip(),
        "front": content.front.strip(),
        "until": content.until,
        "tried_on": today,
    }


def _measure(_viewer: "Person", _cycle: Cycle, content: CycleContent, _today: date) -> Changes:
    return {"sign": content.sign.strip(), **watched(content.watch, weeks=content.watch_weeks)}


def _close(_viewer: "Person", _cycle: Cycle, _content: CycleContent, today: date) -> Changes:
    return {"closed_on": today}


def _step_back(_viewer: "Person", cycle: Cycle, _content: CycleContent, _today: date) -> Changes:
    alone = cycle.state == CycleState.SHARED
    return {"co_party_id": None, "co_who": ""} if alone else {}


def _open_again(_viewer: "Person", cycle: Cycle, _content: CycleContent, _today: date) -> Changes:
    stopped = cycle.state == CycleState.STOPPED
    return {"closed_on": None} | ({"co_party_id": None, "co_who": ""} if stopped else {})


def _nothing(_viewer: "Person", _cycle: Cycle, _content: CycleContent, _today: date) -> Changes:
    return {}


CHANGES: dict[CycleMove, Callable[["Person", Cycle, CycleContent, date], Changes]] = {
    CycleMove.JOIN: _join,
    CycleMove.TRY: _try,
    CycleMove.MEASURE: _measure,
    CycleMove.TRY_AGAIN: _nothing,
    CycleMove.KEEP: _close,
    CycleMove.STOP: _close,
    CycleMove.STEP_BACK: _step_back,
    CycleMove.OPEN_AGAIN: _open_again,
}


def _record(cycle: Cycle, verb: str, *, by: "Person") -> None:
    journal.write(verb, subject_kind="cycle", subject_ref=cycle.ref, actor_id=by.pk)
    for party in {cycle.raised_by_id, cycle.co_party_id} - {None}:
        outbox.publish(f"party:{party}", kind="cycle", ref=cycle.ref)
