"""What stands on the board of a shift: the same for everybody on the floor."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from math import isfinite
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ObjectDoesNotExist

from upturn.floor.engine.shapes import Floor, Kind, NeedType
from upturn.floor.models import NeedState, Seated, Shift, ShiftNeed, ShiftSeat, ShiftState, memory
from upturn.floor.queries.kinds import in_words
from upturn.floor.queries.seats import SeatHolder, sections_of
from upturn.floor.queries.shifts import floor_of, leaving_nodes, shift
from upturn.record import outbox

if TYPE_CHECKING:
    from upturn.people.models import Person

WAITING = (NeedState.OPEN, NeedState.TAKEN)
Shown = dict[str, Any]


def topic(ref: str) -> str:
    """Name what the phones of a shift listen to."""
    return f"shift:{ref}"


def mark_of(taken_key: str) -> str:
    """What a phone knows its own take by, and nobody else anything."""
    return hashlib.sha256(taken_key.encode()).hexdigest()[:12] if taken_key else ""


def need_shown(need: ShiftNeed) -> Shown:
    """Give a need as everybody on the floor sees it."""
    return {
        "ref": need.ref,
        "place": need.place,
        "kind": need.kind,
        "state": str(need.state),
        "source": str(need.source),
        "asked": need.asked,
        "count": need.count,
        "words": need.words,
        "raised_s": need.raised_s,
        "asked_s": need.asked_s,
        "turn": need.turn,
        "mark": mark_of(need.taken_key),
    }


def waiting_needs(shift_pk: int) -> list[ShiftNeed]:
    """Every need of a shift that waits, the longest waiting first."""
    rows = ShiftNeed.objects.filter(shift=shift_pk, state__in=WAITING)
    return list(rows.order_by("raised_s", "pk"))


def asked_at(shift: Shift, table: str) -> list[ShiftNeed]:
    """Give what guests at a table asked for and still wait for, the eldest first."""
    rows = ShiftNeed.objects.filter(shift=shift, place=table, state__in=WAITING, asked=True)
    return list(rows.order_by("asked_s", "pk"))


def board_state(holder: SeatHolder, *, now: datetime) -> Shown:
    """Give the whole board as one phone shows it, save the round.

    Raises
    ------
    ObjectDoesNotExist
        If the shift is closed.
    """
    event = outbox.position()
    opened = Shift.objects.select_related("floor").get(pk=holder.shift, state=ShiftState.OPEN)
    return {**_board(opened, event=event, now=now), "me": _me(holder, opened)}


def lead_state(viewer: "Person", ref: str, *, now: datetime) -> Shown:
    """Give the whole board as the lead sees it, who sits nowhere.

    Raises
    ------
    ObjectDoesNotExist
        If there is no such open shift, or the viewer does not lead.
    """
    event = outbox.position()
    opened = shift(viewer, ref)
    if opened.state != ShiftState.OPEN:
        raise ObjectDoesNotExist
    return {**_board(opened, event=event, now=now), "me": None, "offer": None}


def _board(opened: Shift, *, event: int, now: datetime) -> Shown:
    floor = floor_of(opened.version_id)
    seats = list(opened.seats.order_by("number"))
    since = dict(Seated.objects.filter(shift=opened).values_list("table", "since_s"))
    return {
        "now_s": opened.seconds(now),
        "event": event,
        "pace": opened.pace,
        "shift": {
            "ref": opened.ref,
            "name": opened.floor.name,
            "opened": opened.opened_at.isoformat(),
        },
        "places": _places(floor, opened, since),
        "sections": _sections(opened),
        "kinds": [_kind(kind, floor) for kind in floor.need_types],
        "needs": [need_shown(need) for need in waiting_needs(opened.pk)],
        "seats": [_seat(seat) for seat in seats],
        "round": None,
        "offer": None,
        "phones": sum(seat.token_hash is not None for seat in seats),
    }


def _places(floor: Floor, opened: Shift, since: dict[str, float]) -> list[Shown]:
    here = [(node, False) for node in floor.nodes]
    going = [(node, True) for node in leaving_nodes(opened)]
    return [
        {
            "id": node.id,
            "kind": str(node.kind),
            "x": node.x_m,
            "y": node.y_m,
            "section": opened.tables.get(node.id, ""),
            "leaving": leaving,
            "since_s": since.get(node.id),
        }
        for node, leaving in here + going
    ]


def _sections(opened: Shift) -> list[Shown]:
    known = memory.of(opened.ref)
    with known.lock:
        names = {name: seat.nickname for name, seat in known.seats.items()}
    return [
        {"id": section, "owner": owner, "owner_name": names.get(owner) or owner}
        for section, owner in opened.owners.items()
    ]


def guest_kinds(version: int) -> tuple[NeedType, ...]:
    """What guests at tables may ask for."""
    floor = floor_of(version)
    return tuple(kind for kind in floor.need_types if _is_for_guests(kind, floor))


def _is_for_guests(kind: NeedType, floor: Floor) -> bool:
    tables = {node.id for node in floor.nodes if node.kind is Kind.TABLE}
    return bool(tables.intersection(kind.at)) if kind.at else bool(tables)


def kinds_at(floor: Floor, queue: str) -> frozenset[str]:
    """Name the kinds of call that come in at a queue."""
    return frozenset(kind.name for kind in floor.need_types if queue in _queues(kind, floor))


def _queues(kind: NeedType, floor: Floor) -> list[str]:
    """Name the queues where a kind comes in; one drawn for no place is for tables, if any are."""
    queues = [node.id for node in floor.nodes if node.kind is Kind.QUEUE]
    if kind.at:
        return [queue for queue in queues if queue in kind.at]
    return [] if _is_for_guests(kind, floor) else queues


def _kind(kind: NeedType, floor: Floor) -> Shown:
    return {
        "name": kind.name,
        "label": in_words(kind.name),
        "item": kind.item,
        "owner_only": kind.owner_only,
        "due_s": kind.due_s if isfinite(kind.due_s) else None,
        "guest": _is_for_guests(kind, floor),
        "queues": _queues(kind, floor),
    }


def _seat(seat: ShiftSeat) -> Shown:
    return {
        "name": seat.name,
        "number": seat.number,
        "held": seat.token_hash is not None,
        "called_off": seat.called_off,
    }


def _me(holder: SeatHolder, opened: Shift) -> Shown:
    floor = floor_of(opened.version_id)
    own = list(sections_of(opened, holder.seat))
    hands = next((one.hands for one in floor.servers if one.id == holder.seat), {})
    known = memory.of(opened.ref)
    with known.lock:
        seat = known.seat(holder.seat)
        return {
            "seat": holder.seat,
            "number": holder.number,
            "nickname": seat.nickname,
            "sections": own,
            "beside": _beside(floor, own),
            "tables": _tables(opened, own),
            "hands": dict(seat.hands),
            "items": [
                {"name": item, "label": in_words(item), "capacity": hands[item]} for item in hands
            ],
            "declined": sorted(seat.declined),
        }


def _beside(floor: Floor, own: list[str]) -> list[str]:
    """Name the sections beside those a seat owns."""
    mine = [section for section in floor.sections if section.id in own]
    beside = dict.fromkeys(name for section in mine for name in section.neighbours)
    return [name for name in beside if name not in own]


def _tables(opened: Shift, sections: Iterable[str]) -> list[str]:
    own = set(sections)
    return [table for table, section in opened.tables.items() if section in own]
