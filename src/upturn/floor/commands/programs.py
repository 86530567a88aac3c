"""Needs that other programs bring in: messages that wait together share one transaction."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import TypeAlias

from upturn.floor.commands.bringing_in import (
    BroughtIn,
    Message,
    OnShift,
    OtherWords,
    save,
    tap_key,
)
from upturn.floor.engine.errors import BadNeeds
from upturn.floor.engine.hooks.reading import Ends, read_rows
from upturn.floor.engine.hooks.signing import Signed, check_signed
from upturn.floor.models import FloorHook, ShiftNeed, ShiftTap
from upturn.floor.queries.board import WAITING
from upturn.floor.queries.hooks import hook_key, known_on, shifts_to_write
from upturn.record.writer import writer


class HookEnded(Exception):
    """An address that takes nothing any more."""

    def __init__(self) -> None:
        super().__init__(
            "This address has ended, and nothing was stored. Whoever leads the floor makes a new "
            "one."
        )


class NoOpenShift(Exception):
    """Nobody serves on this floor now."""

    def __init__(self) -> None:
        super().__init__(
            "No shift is open on this floor; nothing was stored. Send it again when one is."
        )


Calls: TypeAlias = defaultdict[tuple[str, str], list[ShiftNeed]]
Outcome: TypeAlias = BroughtIn | HookEnded | NoOpenShift | OtherWords | BadNeeds


def received(hook: str, signed: Signed, *, now: datetime) -> Message:
    """Read what came at an address, without a look into the database.

    Raises
    ------
    NotSigned, SignedAnotherTime, NotJson, TooManyNeeds, BadNeeds
        In this order: whoever has not signed learns nothing else, not even whether the address is
        one.
    """
    check_signed(signed, hook_key(hook), now_s=now.timestamp())
    rows, several = read_rows(signed.body)
    return Message(hook, signed.id, rows, several, now)


def bring_in(message: Message) -> BroughtIn:
    """Store what a program needs, durably, all or none; the second time nothing happens.

    Raises
    ------
    HookEnded, NoOpenShift, OtherWords, BadNeeds
        With what helps; nothing of the message was stored.
    NotStored
        If the database could not commit, or too many writes wait; the same may be sent again.
    """
    outcome = writer.together(_bring_in_all, message)
    if isinstance(outcome, BroughtIn):
        return outcome
    raise outcome


async def bring_in_plain(message: Message) -> BroughtIn | None:
    """`bring_in` for the event loop; None where there is a refusal, which `bring_in` words."""
    outcome = await writer.together_async(_bring_in_all, message)
    return outcome if isinstance(outcome, BroughtIn) else None


def _bring_in_all(messages: Sequence[Message]) -> list[Outcome]:
    """Carry out what waits; refusals are outcomes, so that no message spoils the others."""
    refs = {message.hook for message in messages}
    rows = FloorHook.objects.filter(ref__in=refs, ended_on=None)
    floor_of = dict(rows.values_list("ref", "floor_id"))
    on_floor = _opened(messages, floor_of)
    outcomes = [_outcome(message, floor_of, on_floor) for message in messages]
    save(list(on_floor.values()))
    return outcomes


def _outcome(message: Message, floor_of: dict[str, int], on_floor: dict[int, OnShift]) -> Outcome:
    if message.hook not in floor_of:
        return HookEnded()
    on = on_floor.get(floor_of[message.hook])
    if on is None:
        return NoOpenShift()
    try:
        return on.bring_in(message)
    except (OtherWords, BadNeeds) as refusal:
        return refusal


def _opened(messages: Sequence[Message], floor_of: dict[str, int]) -> dict[int, OnShift]:
    shifts = shifts_to_write(floor_of.values())
    if not shifts:
        return {}
    keys = {key for message in messages for key in _keys(message)}
    taps: defaultdict[int, dict[str, ShiftTap]] = defaultdict(dict)
    for tap in ShiftTap.objects.filter(shift__in=shifts.values(), key__in=keys):
        taps[tap.shift_id][tap.key] = tap
    waiting: defaultdict[int, dict[tuple[str, str], ShiftNeed]] = defaultdict(dict)
    calls: defaultdict[int, Calls] = defaultdict(lambda: defaultdict(list))
    rows = ShiftNeed.objects.filter(shift__in=shifts.values(), state__in=WAITING)
    for need in rows.order_by("raised_s", "pk"):
        if need.is_call:
            calls[need.shift_id][need.place, need.kind].append(need)
        else:
            waiting[need.shift_id][need.place, need.kind] = need
    return {
        floor: OnShift(shift, known_on(shift), waiting[shift.pk], calls[shift.pk], taps[shift.pk])
        for floor, shift in shifts.items()
    }


def _keys(message: Message) -> list[str]:
    """Under which keys this message, and those it withdraws, are remembered."""
    marks = {row.ref.partition(".")[0] for row in message.rows if isinstance(row, Ends)}
    return [tap_key(message.hook, mark) for mark in (message.mark, *marks)]
