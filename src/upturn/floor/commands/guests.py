"""What guests tap at their table: heard once, however often."""

from collections.abc import Callable
from datetime import datetime

from django.utils.translation import gettext as _

from upturn.floor.commands.changes import Change, begin, remember, written
from upturn.floor.commands.raising import Brought, check_known, raise_all
from upturn.floor.commands.refusals import BadTap, TapRefused
from upturn.floor.commands.tapped import Tap, check_tap
from upturn.floor.commands.undoing import undo
from upturn.floor.models import NeedState, Shift, ShiftTap, Source, memory
from upturn.floor.queries import WAITING, TableCode, guest_kinds, mark_of, need_shown

PAUSE_S = 30.0
"""Seconds in which asking again is heard and does not count again."""


def ask(at: TableCode, kind: str, *, key: str, words: str = "", now: datetime) -> str:
    """Bring in what a guest asks for; give the ref of the need it became.

    Raises
    ------
    TapRefused
        If nobody is on shift.
    BadTap
        If there is no such kind.
    """
    check_tap(Tap(key=key, act="ask"))
    shift = _open(at)
    if kind not in {one.name for one in guest_kinds(shift.version_id)}:
        said = _("“%(kind)s” cannot be asked for here. Choose what the page shows.")
        raise BadTap(said % {"kind": kind[:80]})
    known = memory.of(shift.ref)
    at_s, last_s = shift.seconds(now), known.asked.get((at.table, kind))
    counts = last_s is None or at_s - last_s >= PAUSE_S
    one = Brought(f"g:{mark_of(key)}", at.table, kind, Source.GUEST, words=words, counts=counts)
    check_known(shift, one)
    refs: list[str] = []

    def work(change: Change) -> None:
        refs[:] = raise_all(change, [one])

    if _once(shift, key, "ask", work, now=now) and counts:
        known.asked[at.table, kind] = at_s
    return refs[0] if refs else one.ref


def take_back(at: TableCode, need: str, *, key: str, now: datetime) -> None:
    """Take back what was asked for at a table.

    Raises
    ------
    TapRefused
        If it is done, or was never asked for there.
    """
    check_tap(Tap(key=key, act="take back"))

    def work(change: Change) -> None:
        found = change.needs([need]).get(need)
        if found is None or found.place != at.table or not found.asked:
            raise TapRefused(_("Nobody asked for this at your table. Nothing was changed."))
        if found.state not in WAITING:
            raise TapRefused(_("This was done a moment ago."), need_shown(found))
        change.change(found, state=NeedState.GONE, taken_key="")

    _once(_open(at), key, "take back", work, now=now)


def think_again(at: TableCode, undoes: str, *, key: str, now: datetime) -> None:
    """Undo the tap of a guest by its key.

    Raises
    ------
    TapRefused
        If it changed since.
    """
    check_tap(Tap(key=key, act="undo"))
    _once(_open(at), key, "undo", lambda change: undo(change, undoes), now=now)


def _open(at: TableCode) -> Shift:
    if at.shift is None:
        said = _("Nobody serves by phone just now. Call somebody of the team, they will help you.")
        raise TapRefused(said)
    return at.shift


def _once(
    shift: Shift, key: str, act: str, work: Callable[[Change], object], *, now: datetime
) -> bool:
    """Do a piece of work for a tap unless it was done before; say whether it was done now."""

    def carry_out() -> Change:
        change = begin(shift.pk, now)
        if not ShiftTap.objects.filter(shift=shift, key=key).exists():
            work(change)
            change.store(key=key, act=act)
        return change

    change = written(carry_out)
    remember(shift.ref, change.settled)
    return bool(change.settled)
