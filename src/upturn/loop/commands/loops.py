"""The cooperation loop of a relationship changes only by a behaviour that somebody noticed."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from upturn.loop.commands.changing import written
from upturn.loop.commands.refusals import OtherCard, overtaken, told
from upturn.loop.engine.errors import Incomplete, NotYours
from upturn.loop.models import LoopMove, LoopState
from upturn.loop.queries.loops import sides_here
from upturn.record import journal
from upturn.record.keys import ref_of

if TYPE_CHECKING:
    from upturn.graph.models import Serves
    from upturn.people.models import Person

NOTICED_MAX = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopDraft:
    """What one side noticed, and what it will do next; `key` is drawn when the form opens."""

    key: str
    by_party_id: int
    state: str
    noticed: str
    next_move: str = ""


def notice(
    viewer: "Person", edge: "Serves", draft: LoopDraft, *, turn: int, today: date
) -> LoopMove:
    """Say which loop a relationship shows, by a behaviour that was noticed.

    Raises
    ------
    NotYours
        If the viewer is of neither side.
    Incomplete
        Without a behaviour, or for a state that is none of the two.
    Overtaken
        If the other side noticed something since this was read.
    """
    if draft.by_party_id not in sides_here(viewer, edge):
        raise NotYours(told(_("The two sides of a relationship say how it goes between them.")))
    noticed, next_move = draft.noticed.strip(), draft.next_move.strip()
    if not noticed or not draft.key:
        raise Incomplete(told(_("What did you notice? A loop changes by what somebody did.")))
    if draft.state not in LoopState.values:
        raise Incomplete(told(_("Cooperation or resistance: it is one of the two.")))
    if max(len(noticed), len(next_move)) > NOTICED_MAX:
        raise Incomplete(told(_("Each part ends at {most} letters."), most=NOTICED_MAX))
    ref = ref_of(f"loop {viewer.pk} {edge.pk} {draft.key}", letters=16)

    def work() -> LoopMove:
        if found := LoopMove.objects.filter(ref=ref).first():
            return found
        newest = LoopMove.objects.filter(edge=edge).order_by("-turn").first()
        now = newest.turn if newest else 0
        if now != turn:
            raise overtaken(now)
        made = LoopMove.objects.create(
            edge=edge,
            ref=ref,
            by_party_id=draft.by_party_id,
            state=draft.state,
            noticed=noticed,
            next_move=next_move,
            said_on=today,
            turn=now + 1,
        )
        journal.write("notice", subject_kind="loop", subject_ref=ref, actor_id=viewer.pk)
        return made

    return written(work)


def say_what_came(viewer: "Person", edge: "Serves", ref: str, *, came_of: str) -> LoopMove:
    """Say what happened after a next move; either side may, and may put it better.

    Raises
    ------
    NotYours, OtherCard
    Incomplete
        If it is too long.
    """
    if not sides_here(viewer, edge):
        raise NotYours(told(_("The two sides of a relationship say how it goes between them.")))
    words = came_of.strip()
    if len(words) > NOTICED_MAX:
        raise Incomplete(told(_("Each part ends at {most} letters."), most=NOTICED_MAX))

    def work() -> LoopMove:
        found = LoopMove.objects.filter(edge=edge, ref=ref).first()
        if found is None:
            raise OtherCard
        found.came_of = words
        found.save(update_fields=["came_of"])
        journal.write("say what came", subject_kind="loop", subject_ref=ref, actor_id=viewer.pk)
        return found

    return written(work)
