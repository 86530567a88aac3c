"""Needs on their way in, from whoever sees or knows them first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from upturn.floor.commands.changes import Change, begin, remember, written
from upturn.floor.commands.refusals import BadTap, nowhere
from upturn.floor.models import NeedState, Shift, ShiftNeed, Source
from upturn.floor.queries import floor_of, kinds_at, queues_of

WORDS_MOST = 60
REF_MOST = 64


@dataclass(frozen=True, slots=True)
class Brought:
    """A need as somebody brings it in; `ref` is drawn by whoever does, so that twice is once.

    `counts` is False for another call that comes too soon to count; `since_s` is for what was to
    be expected before it was brought in.
    """

    ref: str
    place: str
    kind: str
    source: Source
    asked: bool = True
    count: int = 1
    words: str = ""
    counts: bool = True
    since_s: float | None = None


def bring_in(shift: Shift, brought: Sequence[Brought], *, now: datetime) -> list[str]:
    """Bring needs in, all or none; give for each the need it became, or was merged with.

    Raises
    ------
    BadTap
        If a place or kind is not of this floor.
    SeatGone
        If the shift is closed.
    """
    for one in brought:
        check_known(shift, one)

    def work() -> tuple[Change, list[str]]:
        change = begin(shift.pk, now)
        refs = raise_all(change, brought)
        change.store()
        return change, refs

    change, refs = written(work)
    remember(shift.ref, change.settled)
    return refs


def raise_all(change: Change, brought: Sequence[Brought]) -> list[str]:
    """Raise needs one after the other, so that those of a kind at a place become one."""
    known = change.needs(one.ref for one in brought)
    waits = change.waiting_at({one.place for one in brought})
    refs = []
    for one in brought:
        need = known.get(one.ref) or _raise(change, one, waits.get((one.place, one.kind)))
        known[one.ref] = waits[one.place, one.kind] = need
        refs.append(need.ref)
    return refs


def _raise(change: Change, one: Brought, waits: ShiftNeed | None) -> ShiftNeed:
    if waits is None or (one.asked and _is_anothers_call(waits)):
        return _new(change, one)
    if one.asked:
        count = waits.count + one.count if one.counts and waits.asked else waits.count
        asked_s = change.at_s if waits.asked_s is None else waits.asked_s
        words = one.words or waits.words
        change.change(waits, asked_anew=True, count=count, asked=True, asked_s=asked_s, words=words)
    return waits


def _is_anothers_call(waits: ShiftNeed) -> bool:
    return waits.is_call and (waits.asked or waits.state == NeedState.TAKEN)


def check_known(shift: Shift, one: Brought) -> None:
    """Refuse a place or a kind that this floor does not have, or a call at another queue."""
    floor = floor_of(shift.version_id)
    places = {node.id for node in floor.nodes}.union(shift.leaving)
    if one.place not in places:
        raise nowhere(one.place)
    kinds = {kind.name for kind in floor.need_types}
    if one.kind not in kinds and not (one.source == Source.RHYTHM and not one.kind):
        said = _("There is no kind of need “%(kind)s” on this floor. Choose one from the board.")
        raise BadTap(said % {"kind": one.kind[:80]})
    if one.place in queues_of(shift.version_id) and one.kind not in kinds_at(floor, one.place):
        said = _("“%(kind)s” does not come in at %(place)s. Choose another kind.")
        raise BadTap(said % {"kind": one.kind[:80], "place": one.place})
    if not 0 < len(one.ref) <= REF_MOST:
        said = _("The need has a name of %(letters)s letters. Give 1 to 64.")
        raise BadTap(said % {"letters": len(one.ref)})
    if len(one.words) > WORDS_MOST:
        said = _("That is %(letters)s letters. Say it in 60.")
        raise BadTap(said % {"letters": len(one.words)})


def _new(change: Change, one: Brought) -> ShiftNeed:
    seen = one.source == Source.COLLEAGUE
    need = ShiftNeed(
        shift=change.shift,
        ref=one.ref,
        place=one.place,
        kind=one.kind,
        source=one.source,
        asked=one.asked,
        count=one.count,
        is_call=one.place in queues_of(change.shift.version_id),
        words=one.words,
        state=NeedState.OPEN,
        raised_s=change.at_s if one.since_s is None else min(one.since_s, change.at_s),
        asked_s=change.at_s if one.asked else None,
        noticed_s=change.at_s if seen else None,
    )
    change.add(need)
    return need
