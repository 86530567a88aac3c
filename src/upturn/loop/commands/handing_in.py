"""Handing in: each card once, however often it comes, and those that wait together.

Which phone wrote what is not kept: the phone's row learns only that it handed in, the card's only
the hash of a key that stays on the phone.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from django.db.models import Model
from django.utils import timezone

from upturn.loop.commands.changing import tell_to_look
from upturn.loop.commands.counting import tell_counts
from upturn.loop.commands.drafts import OBJECTION, Draft, becomes, check_draft, language_of
from upturn.loop.commands.refusals import OtherCard, PhoneGone, RoomClosed, TooEarly
from upturn.loop.engine.errors import LoopError
from upturn.loop.engine.script import Gives
from upturn.loop.models import (
    Card,
    CardKind,
    Participant,
    Phase,
    PocketTask,
    Statement,
    Workshop,
    WorkshopState,
)
from upturn.loop.queries.holders import Holder, holder_from
from upturn.loop.queries.rooms import Room, room_of
from upturn.loop.queries.scripts import script_of_workshop
from upturn.loop.queries.sight import is_open_to_read
from upturn.record.writer import writer

KINDS: tuple[type[Card | Statement | PocketTask], ...] = (Card, Statement, PocketTask)


@dataclass(frozen=True, slots=True)
class Handed:
    """What the phone is told; `again` when the same had come before."""

    again: bool
    handed: int
    of: int
    turn: int


@dataclass(frozen=True, slots=True)
class _Sent:
    holder: Holder
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
    RoomClosed, PhoneGone, OtherCard
        If the workshop has closed, the phone is not in it, or the ref is another card's.
    NotStored, WriterBusy
        If the same may be sent again.
    """
    check_draft(draft)
    outcome = writer.together(hand_in_all, _Sent(holder, draft))
    if isinstance(outcome, Handed):
        return outcome
    raise outcome


async def hand_in_plain(holder: Holder, draft: Draft) -> Handed | None:
    """`hand_in` for the event loop; None where there is a refusal, which `hand_in` words."""
    try:
        check_draft(draft)
    except LoopError:
        return None
    outcome = await writer.together_async(hand_in_all, _Sent(holder, draft))
    return outcome if isinstance(outcome, Handed) else None


def hand_in_all(sent: Sequence[_Sent]) -> list[Outcome]:
    """Store what waits; refusals are outcomes, so that no card spoils the others."""
    rows = Workshop.objects.filter(pk__in={one.holder.workshop for one in sent})
    desk = {row.pk: _Desk(row) for row in rows.order_by("pk").select_for_update()}
    here = _here(sent)
    known = _known({one.draft.ref for one in sent})
    taken = [_taken(one, here, desk, known) for one in sent]
    rooms = {pk: each.store() for pk, each in desk.items()}
    return [
        _told(again, rooms[one.holder.workshop]) if isinstance(again, bool) else again
        for one, again in zip(sent, taken, strict=True)
    ]


def _told(again: bool, room: Room) -> Handed:  # noqa: FBT001 - it is what was found out
    return Handed(again, room.handed, room.of, room.turn)


def _here(sent: Sequence[_Sent]) -> dict[int, Holder]:
    """Give the phones as they are now, whatever was known of them when they sent."""
    rows = Participant.objects.filter(pk__in={one.holder.pk for one in sent})
    return {row.pk: holder_from(row) for row in rows.select_related("workshop")}


def _taken(
    one: _Sent, here: dict[int, Holder], desk: "dict[int, _Desk]", known: dict[str, tuple[str, int]]
) -> bool | LoopError:
    now = here.get(one.holder.pk)
    if now is None or now.token_hash != one.holder.token_hash or now.workshop not in desk:
        return PhoneGone()
    return desk[now.workshop].take(_Sent(now, one.draft), known)


def _known(refs: set[str]) -> dict[str, tuple[str, int]]:
    """Give, for refs that came before, the hash of their key and their workshop."""
    return {
        ref: (key_hash, workshop)
        for kind in KINDS
        for ref, key_hash, workshop in kind._default_manager.filter(ref__in=refs).values_list(  # noqa: SLF001 - its documented name
            "ref", "key_hash", "workshop_id"
        )
    }


@dataclass(slots=True)
class _Desk:
    """Where what comes for one workshop is put down, and then stored as a whole."""

    workshop: Workshop
    rows: dict[type[Model], list[Model]] = field(default_factory=lambda: defaultdict(list))
    handed: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    with_task: set[int] = field(default_factory=set)
    present: set[int] = field(default_factory=set)
    shown: set[tuple[str, int]] = field(default_factory=set)

    def take(self, one: _Sent, known: dict[str, tuple[str, int]]) -> bool | LoopError:
        """Put one down; give whether it had come before, or why it cannot be taken."""
        draft = one.draft
        proof = (draft.key_hash, self.workshop.pk)
        if draft.ref in known:
            return True if known[draft.ref] == proof else OtherCard()
        if self.workshop.state != WorkshopState.OPEN:
            return RoomClosed()
        try:
            what = becomes(draft, script_of_workshop(self.workshop))
        except LoopError as error:
            return error
        if self._listens_first(one.holder, draft):
            return TooEarly()
        known[draft.ref] = proof
        self._put(one, what)
        return False

    def _listens_first(self, holder: Holder, draft: Draft) -> bool:
        speaking = self.workshop.phase == Phase.EXPERTS and draft.step == self.workshop.step
        return speaking and not draft.kind and not holder.expert

    def _put(self, one: _Sent, what: Gives | str) -> None:
        draft, pk = one.draft, one.holder.pk
        self.present.add(pk)
        if what == Gives.TASK:
            self._add(
                PocketTask(
                    workshop=self.workshop,
                    ref=draft.ref,
                    key_hash=draft.key_hash,
                    words=draft.words.strip(),
                )
            )
            self.with_task.add(pk)
        elif what == Gives.STATEMENT:
            self._add(self._statement(draft))
            self._show("statements", draft.step)
        else:
            self._add(self._card(one, what))
            self._show("cards", draft.step)
        if draft.done and not draft.kind:
            self.handed[min(draft.step, self.workshop.step)].add(pk)

    def _add(self, row: Model) -> None:
        self.rows[type(row)].append(row)

    def _show(self, kind: str, step: int) -> None:
        if is_open_to_read(self.workshop, step):
            self.shown.add((kind, step))

    def _card(self, one: _Sent, what: str) -> Card:
        draft = one.draft
        kind = CardKind.OBJECTION if what == OBJECTION else CardKind(str(what))
        return Card(
            workshop=self.workshop,
            ref=draft.ref,
            key_hash=draft.key_hash,
            step=draft.step,
            kind=kind,
            words=draft.words.strip(),
            language=language_of(draft.language),
            signed=" ".join(draft.signed.split()),
            from_expert=one.holder.expert,
        )

    def _statement(self, draft: Draft) -> Statement:
        return Statement(
            workshop=self.workshop,
            ref=draft.ref,
            key_hash=draft.key_hash,
            step=draft.step,
            words=draft.words.strip(),
            sure=draft.sure,
        )

    def store(self) -> Room:
        """Store what was put down, and tell the room."""
        before = room_of(self.workshop)
        if not self.rows:
            return before
        for kind, rows in self.rows.items():
            kind._default_manager.bulk_create(rows)  # noqa: SLF001 - its documented name
        phones = Participant.objects.filter(workshop=self.workshop)
        for step, pks in self.handed.items():
            phones.filter(pk__in=pks, handed__lt=step).update(handed=step)
        phones.filter(pk__in=self.with_task, took_task=False).update(took_task=True)
        phones.filter(pk__in=self.present, left=True).update(left=False)
        for what, step in sorted(self.shown):
            tell_to_look(self.workshop, what, step=step)
        return tell_counts(self.workshop, before=before, now=timezone.now())
