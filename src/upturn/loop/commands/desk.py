"""Where what phones hand in to one workshop is put down, and then stored as a whole."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from django.db.models import Model
from django.utils import timezone

from upturn.loop.commands.changing import tell_to_look
from upturn.loop.commands.counting import tell_counts
from upturn.loop.commands.drafts import OBJECTION, TASK, Draft, becomes, language_of
from upturn.loop.commands.refusals import OtherCard, RoomClosed, TooEarly
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
from upturn.loop.queries.holders import Holder
from upturn.loop.queries.rooms import Room, room_of
from upturn.loop.queries.scripts import script_of_workshop
from upturn.loop.queries.sight import is_open_to_read

Known: TypeAlias = dict[str, tuple[str, int]]
"""For refs that came before, the hash of their key and their workshop."""


Kept: TypeAlias = Card | Statement | PocketTask
TABLES: Mapping[Gives, type[Kept]] = {Gives.STATEMENT: Statement, Gives.TASK: PocketTask}
"""Where what a step gives is kept; all else are cards."""


@dataclass(slots=True)
class Desk:
    """Where what comes for one workshop is put down, and then stored as a whole."""

    workshop: Workshop
    rows: dict[type[Model], list[Model]] = field(default_factory=lambda: defaultdict(list))
    handed: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    with_task: set[int] = field(default_factory=set)
    back: set[int] = field(default_factory=set)
    shown: set[tuple[str, int]] = field(default_factory=set)

    def take(self, holder: Holder, draft: Draft, known: Known) -> bool | LoopError:
        """Put one down; give whether it had come before, or why it cannot be taken."""
        proof = (draft.key_hash, self.workshop.pk)
        if draft.ref in known:
            return True if known[draft.ref] == proof else OtherCard()
        if self.workshop.state != WorkshopState.OPEN:
            return RoomClosed()
        try:
            what = becomes(draft, script_of_workshop(self.workshop))
        except LoopError as error:
            return error
        if self._listens_first(holder, draft):
            return TooEarly()
        known[draft.ref] = proof
        self._put(holder, draft, what)
        return False

    def table_of(self, draft: Draft) -> type[Kept]:
        """Say where a draft would be kept."""
        if draft.kind:
            return PocketTask if draft.kind == TASK else Card
        steps = script_of_workshop(self.workshop).steps
        gives = steps[draft.step].gives if draft.step < len(steps) else Gives.NOTHING
        return TABLES.get(gives, Card)

    def _listens_first(self, holder: Holder, draft: Draft) -> bool:
        speaking = self.workshop.phase == Phase.EXPERTS and draft.step == self.workshop.step
        return speaking and not draft.kind and not holder.expert

    def _put(self, holder: Holder, draft: Draft, what: Gives | str) -> None:
        if holder.left:
            self.back.add(holder.pk)
        if what == Gives.TASK:
            self._add(
                PocketTask(
                    workshop=self.workshop,
                    ref=draft.ref,
                    key_hash=draft.key_hash,
                    words=draft.words.strip(),
                )
            )
            self.with_task.add(holder.pk)
        elif what == Gives.STATEMENT:
            self._add(self._statement(draft))
            self._show("statements", draft.step)
        else:
            self._add(self._card(holder, draft, what))
            self._show("cards", draft.step)
        if draft.done and not draft.kind:
            self.handed[min(draft.step, self.workshop.step)].add(holder.pk)

    def _add(self, row: Model) -> None:
        self.rows[type(row)].append(row)

    def _show(self, kind: str, step: int) -> None:
        if is_open_to_read(self.workshop, step):
            self.shown.add((kind, step))

    def _card(self, holder: Holder, draft: Draft, what: str) -> Card:
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
            from_expert=holder.expert,
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
        if not self.rows:
            return room_of(self.workshop)
        for kind, rows in self.rows.items():
            kind._default_manager.bulk_create(rows)  # noqa: SLF001 - its documented name
        phones = Participant.objects.filter(workshop=self.workshop)
        fresh = 0
        for step, pks in self.handed.items():
            found = phones.filter(pk__in=pks, handed__lt=step).update(handed=step)
            fresh += found if step == self.workshop.step else 0
        if self.with_task:
            phones.filter(pk__in=self.with_task, took_task=False).update(took_task=True)
        if self.back:
            phones.filter(pk__in=self.back).update(left=False)
        for what, step in sorted(self.shown):
            tell_to_look(self.workshop, what, step=step)
        return tell_counts(self.workshop, fresh=fresh, come=len(self.back), now=timezone.now())
