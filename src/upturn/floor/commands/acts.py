"""What each tap does to the needs of a shift."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from upturn.floor.commands.changes import Change
from upturn.floor.commands.raising import Brought, check_known, raise_all
from upturn.floor.commands.refusals import BadTap, TapRefused
from upturn.floor.commands.tapped import Tap
from upturn.floor.commands.undoing import undo
from upturn.floor.models import NeedState, ShiftNeed, ShiftSeat, Source, memory
from upturn.floor.queries import floor_of, need_shown


@dataclass(slots=True)
class Outcome:
    """What came of a tap: what to say, which needs it missed, and what it met."""

    said: str = ""
    missed: list[str] = field(default_factory=list)
    met: ShiftNeed | None = None


Act = Callable[[Change, Tap, str], Outcome]
"""The third is the seat; nobody's for the lead."""


def take(change: Change, tap: Tap, seat: str) -> Outcome:
    """Take what is open and permitted; only when nothing is left of it, refuse."""
    if not tap.refs:
        raise BadTap(_("Name the needs to take."))
    found = change.needs(tap.refs)
    outcome = Outcome()
    why, calls = "", 0
    for ref in tap.refs:
        need = _call_to_take(change, found.get(ref))
        refused = _why_not(change, need, seat, states=(NeedState.OPEN,))
        if need and need.is_call and calls:
            refused = _("One call at a time: the others are for whoever is free.")
        if need is None or refused:
            outcome.missed.append(ref)
            why = why or refused
            continue
        noticed = change.at_s if need.noticed_s is None else need.noticed_s
        change.change(need, state=NeedState.TAKEN, taken_key=tap.key, noticed_s=noticed)
        change.note_named(ref)
        calls += need.is_call
    if len(outcome.missed) == len(tap.refs):
        raise _refusal(why, found.get(tap.refs[0]))
    outcome.said = why
    return outcome


def done(change: Change, tap: Tap, seat: str) -> Outcome:
    """Meet a need that waits, also one that somebody else took; of calls the own or a free one."""
    need = _call_to_meet(change, _named(change, tap), seat)
    if refused := _why_not(change, need, seat, states=(NeedState.OPEN, NeedState.TAKEN)):
        raise _refusal(refused, need)
    at_s = max(change.at_s, need.raised_s)
    change.change(
        need,
        state=NeedState.DONE,
        done_s=at_s,
        done_key=tap.key,
        taken_key="",
        noticed_s=at_s if need.noticed_s is None else need.noticed_s,
    )
    return Outcome(met=need)


def put_back(change: Change, tap: Tap, _seat: str) -> Outcome:
    """Put back what this phone took, as it proves by the key of that tap."""
    if not tap.refs:
        raise BadTap(_("Name the need to put back."))
    found = change.needs(tap.refs)
    outcome = Outcome()
    for ref in tap.refs:
        need = found.get(ref)
        if need and need.is_call and need.taken_key != tap.undoes:
            need = change.call_like(need, state=NeedState.TAKEN, taken_key=tap.undoes)
        if need and need.state == NeedState.TAKEN and need.taken_key == tap.undoes:
            change.change(need, state=NeedState.OPEN, taken_key="")
            change.note_named(ref)
        else:
            outcome.missed.append(ref)
    if len(outcome.missed) == len(tap.refs):
        said = _("Only who took it can put it back. Nothing was changed.")
        raise _refusal(said, found.get(tap.refs[0]))
    return outcome


def raise_need(change: Change, tap: Tap, _seat: str) -> Outcome:
    """Bring in what a guest said to somebody of the team."""
    brought = Brought(
        tap.need, tap.place, tap.kind, Source.COLLEAGUE, asked=tap.asked, words=tap.words
    )
    check_known(change.shift, brought)
    raise_all(change, [brought])
    return Outcome()


def seated(change: Change, tap: Tap, _seat: str) -> Outcome:
    """Let guests sit down."""
    _check_table(change, tap)
    change.seat_guests(tap.place, change.at_s)
    return Outcome()


def left(change: Change, tap: Tap, _seat: str) -> Outcome:
    """Let guests leave; what nobody asked for goes with them."""
    _check_table(change, tap)
    change.seat_guests(tap.place, None)
    rows = ShiftNeed.objects.filter(shift=change.shift, place=tap.place, state=NeedState.OPEN)
    for need in rows.filter(source=Source.RHYTHM, asked=False):
        change.change(need, state=NeedState.GONE)
    return Outcome()


def undone(change: Change, tap: Tap, _seat: str) -> Outcome:
    """Restore what a tap changed, as far as nothing changed since."""
    return Outcome(missed=undo(change, tap.undoes))


ACTS: Mapping[str, Act] = {
    "take": take,
    "done": done,
    "put_back": put_back,
    "raise": raise_need,
    "seated": seated,
    "left": left,
    "undo": undone,
}
LEAD = frozenset({"done", "raise", "seated", "left", "undo"})
"""What the lead may do, who has no seat."""


def _named(change: Change, tap: Tap) -> ShiftNeed:
    if len(tap.refs) != 1:
        raise BadTap(_("Name one need."))
    need = change.needs(tap.refs).get(tap.refs[0])
    if need is None:
        raise TapRefused(_("This need is not on the board any more. Nothing is lost."))
    return need


def _call_to_take(change: Change, need: ShiftNeed | None) -> ShiftNeed | None:
    """Give another open call where this one is not free: two who tap at once get two calls."""
    if need is None or not need.is_call or need.state == NeedState.OPEN:
        return need
    return change.call_like(need, state=NeedState.OPEN) or need


def _call_to_meet(change: Change, need: ShiftNeed, seat: str) -> ShiftNeed:
    """Give the call a seat speaks of: never one a colleague is on, as long as another is there."""
    if not need.is_call or need.state == NeedState.OPEN:
        return need
    known = memory.of(change.shift.ref)
    with known.lock:
        mine = list(known.seat(seat).claims) if seat else []
    if need.state == NeedState.TAKEN and need.ref in mine:
        return need
    own = change.call_like(need, state=NeedState.TAKEN, ref__in=mine) if mine else None
    if own is None and need.state == NeedState.TAKEN:
        own = change.call_like(need, state=NeedState.OPEN)
    return own or need


def _why_not(
    change: Change, need: ShiftNeed | None, seat: str, *, states: tuple[NeedState, ...]
) -> str:
    """Say why a seat may not go for a need; nothing, if it may."""
    if need is None:
        return _("This need is not on the board any more. Nothing is lost.")
    what = {"kind": need.kind, "place": need.place}
    if need.state not in states:
        return {
            NeedState.TAKEN: _("Somebody took “%(kind)s” at %(place)s a moment ago."),
            NeedState.DONE: _("Somebody met “%(kind)s” at %(place)s a moment ago."),
        }.get(NeedState(need.state), _("“%(kind)s” at %(place)s was taken back.")) % what
    if seat and _belongs_to_another(change, need, seat):
        return _("“%(kind)s” at %(place)s is for the owner of that table alone.") % what
    return ""


def _belongs_to_another(change: Change, need: ShiftNeed, seat: str) -> bool:
    """Whether a need is the owner's alone, and somebody else holds the owner's seat."""
    kinds = floor_of(change.shift.version_id).need_types
    if not any(kind.name == need.kind and kind.owner_only for kind in kinds):
        return False
    owner = change.shift.owners.get(change.shift.tables.get(need.place, ""), "")
    if owner in ("", seat):
        return False
    rows = ShiftSeat.objects.filter(shift=change.shift, name=owner, token_hash__isnull=False)
    return rows.exists()


def _check_table(change: Change, tap: Tap) -> None:
    if tap.place not in change.shift.tables:
        said = _("There is no table “%(place)s” on this floor. Choose one from the board.")
        raise BadTap(said % {"place": tap.place[:80]})


def _refusal(why: str, need: ShiftNeed | None) -> TapRefused:
    said = why if why.endswith(_("Nothing is lost.")) else f"{why} {_('Nothing is lost.')}"
    return TapRefused(said, need_shown(need) if need else None)
