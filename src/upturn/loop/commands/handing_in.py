"""Handing in: each card once, however often it comes, and those that wait together.

Which phone wrote what is not kept: the phone's row learns only that it handed in, the card's only
the hash of a key that stays on the phone.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from upturn.loop.commands.desk import Desk, Kept, Known
from upturn.loop.commands.drafts import Draft, check_draft
from upturn.loop.commands.limits import check_pace
from upturn.loop.commands.refusals import PhoneGone
from upturn.loop.engine.errors import LoopError
from upturn.loop.models import Participant, Workshop
from upturn.loop.queries.holders import Holder, token_of
from upturn.loop.queries.rooms import Room
from upturn.record.writer import writer

APART_S = 0.05
"""How far apart a room's cards are stored: what comes in between shares one transaction."""


@dataclass(frozen=True, slots=True)
class Handed:
    """What the phone is told; `again` when the same had come before."""

    again: bool
    handed: int
    of: int
    turn: int


@dataclass(frozen=True, slots=True)
class Sent:
    """What came from a phone: the workshop and the hash of the token it showed, and a draft."""

    workshop: str
    token_hash: str
    draft: Draft


Outcome: TypeAlias = Handed | LoopError


def hand_in(holder: Holder, draft: Draft) -> Handed:
    """Store what a phone hands in, durably and once.

    Raises
    ------
    Incomplete, TooLong
        If it cannot be taken as it is.
    TooEarly
        While those who do it already speak, from anybody else.
    TooFast
        If this phone sent too much within a minute.
    RoomClosed, PhoneGone, OtherCard
        If the workshop has closed, the phone is not in it, or the ref is another card's.
    NotStored, WriterBusy
        If the same may be sent again.
    """
    check_draft(draft)
    check_pace(holder.token_hash)
    outcome = writer.together(hand_in_all, Sent(holder.ref, holder.token_hash, draft))
    if isinstance(outcome, Handed):
        return outcome
    raise outcome


async def hand_in_plain(cookie: str, draft: Draft) -> Handed | None:
    """`hand_in` for the event loop; None where there is a refusal, which `hand_in` words."""
    shown = token_of(cookie)
    if shown is None:
        return None
    try:
        check_draft(draft)
        check_pace(shown[1])
    except LoopError:
        return None
    await asyncio.sleep(APART_S - asyncio.get_running_loop().time() % APART_S)
    outcome = await writer.together_async(hand_in_all, Sent(*shown, draft))
    return outcome if isinstance(outcome, Handed) else None


def hand_in_all(sent: Sequence[Sent]) -> list[Outcome]:
    """Store what waits; refusals are outcomes, so that no card spoils the others."""
    rows = Workshop.objects.filter(ref__in={one.workshop for one in sent}).defer("script")
    desks = {row.pk: Desk(row) for row in rows.order_by("pk").select_for_update()}
    here = _here(sent, desks)
    known = _known(sent, desks.values())
    taken = [_taken(one, here, desks, known) for one in sent]
    rooms = {desk.workshop.ref: desk.store() for desk in desks.values()}
    return [
        _told(again, rooms[one.workshop]) if isinstance(again, bool) else again
        for one, again in zip(sent, taken, strict=True)
    ]


def _told(again: bool, room: Room) -> Handed:  # noqa: FBT001 - it is what was found out
    return Handed(again, room.handed, room.of, room.turn)


def _here(sent: Sequence[Sent], desks: dict[int, Desk]) -> dict[tuple[str, str], Holder]:
    """Give the phones as they are now, by the workshop and the hash of the token they showed."""
    rows = Participant.objects.filter(token_hash__in={one.token_hash for one in sent})
    found = [
        Holder(
            pk=row.pk,
            workshop=row.workshop_id,
            ref=desks[row.workshop_id].workshop.ref,
            token_hash=row.token_hash,
            expert=row.expert,
            left=row.left,
        )
        for row in rows
        if row.workshop_id in desks
    ]
    return {(holder.ref, holder.token_hash): holder for holder in found}


def _taken(
    one: Sent, here: dict[tuple[str, str], Holder], desks: dict[int, Desk], known: Known
) -> bool | LoopError:
    holder = here.get((one.workshop, one.token_hash))
    if holder is None:
        return PhoneGone()
    return desks[holder.workshop].take(holder, one.draft, known)


def _known(sent: Sequence[Sent], desks: Iterable[Desk]) -> Known:
    """Find what came before, in the tables where it would stand."""
    by_ref = {desk.workshop.ref: desk for desk in desks}
    refs: defaultdict[type[Kept], set[str]] = defaultdict(set)
    for one in sent:
        if one.workshop in by_ref:
            refs[by_ref[one.workshop].table_of(one.draft)].add(one.draft.ref)
    return {
        ref: (key_hash, workshop)
        for table, names in refs.items()
        for ref, key_hash, workshop in table._default_manager.filter(  # noqa: SLF001 - its name
            ref__in=names
        ).values_list("ref", "key_hash", "workshop_id")
    }
