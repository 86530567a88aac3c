"""Undo: what a tap changed stands again as it had stood, where nothing changed since."""

from typing import Any

from django.utils.translation import gettext as _

from upturn.floor.commands.changes import Change
from upturn.floor.commands.refusals import TapRefused
from upturn.floor.models import NeedState, Seated, ShiftNeed, ShiftTap, memory
from upturn.floor.queries import WAITING


def undo(change: Change, key: str) -> list[str]:
    """Undo the tap with this key, which its phone alone knows; give what had changed since.

    Raises
    ------
    TapRefused
        If there is no such tap, it was itself an undo, or all it changed has changed since.
    """
    tap = ShiftTap.objects.filter(shift=change.shift, key=key).first() if key else None
    if tap is None or tap.act == "undo" or not isinstance(tap.before, list):
        raise TapRefused(_("There is nothing to undo. Nothing is lost."))
    entries: list[dict[str, Any]] = tap.before
    found = change.needs(entry["need"] for entry in entries if "need" in entry)
    missed: list[str] = []
    for entry in entries:
        if "table" in entry:
            restored = _table(change, entry)
        else:
            restored = _need(change, found.get(entry["need"]), entry)
        if not restored:
            missed.append(entry.get("need", ""))
    if len(missed) == len(entries):
        raise TapRefused(_("It changed since, so it stays as it is. Nothing is lost."))
    return [ref for ref in missed if ref]


def _need(change: Change, need: ShiftNeed | None, entry: dict[str, Any]) -> bool:
    if need is None or need.turn != entry["turn"]:
        return False
    was = entry["was"]
    if was and was["taken_key"] and not memory.of(change.shift.ref).knows(was["taken_key"]):
        was = {**was, "state": NeedState.OPEN, "taken_key": ""}  # who took it has left since
    if was is None:
        change.change(need, **_off_the_board(NeedState.GONE))
    elif was["state"] in WAITING and (other := _other(change, need)):
        _fold(change, need, into=other, was=was)
    else:
        change.change(need, **was)
    return True


def _other(change: Change, need: ShiftNeed) -> ShiftNeed | None:
    """Give what came to wait in the same place since; a call waits beside others."""
    if need.is_call:
        return None
    waits = change.waiting(need.place, need.kind)
    return waits if waits and waits.pk != need.pk else None


def _fold(change: Change, need: ShiftNeed, *, into: ShiftNeed, was: dict[str, Any]) -> None:
    """Make one of two needs of a kind at a place: the elder call is not forgotten."""
    moments = [moment for moment in (into.asked_s, was["asked_s"]) if moment is not None]
    change.change(need, **_off_the_board(NeedState.GONE))
    change.change(
        into,
        count=into.count + was["count"],
        asked=into.asked or was["asked"],
        asked_s=min(moments, default=None),
        words=into.words or was["words"],
    )


def _off_the_board(state: NeedState) -> dict[str, Any]:
    return {"state": state, "taken_key": "", "done_key": "", "done_s": None}


def _table(change: Change, entry: dict[str, Any]) -> bool:
    row = Seated.objects.filter(shift=change.shift, table=entry["table"]).first()
    if (row.since_s if row else None) != entry["left"]:
        return False
    change.seat_guests(entry["table"], entry["was"])
    return True
