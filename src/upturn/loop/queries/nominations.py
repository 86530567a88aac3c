"""Who is doing it already, as far as the nominee has consented to be known."""

from dataclasses import dataclass

from upturn.loop.models import Nomination, NominationState, Workshop
from upturn.loop.queries.sight import Viewer, check_see, may_run
from upturn.record.proofs import proof_of


def proof_of_nominee(ref: str) -> str:
    """Draw the code of a nomination from its ref, so that sent twice it is the same."""
    return proof_of(f"loop nominee {ref}")[:16]


@dataclass(frozen=True, slots=True)
class NominationSeen:
    """A nomination as its viewer may know it; `nominee` and `how` are empty where they may not."""

    ref: str
    code: str
    state: str
    nominee: str
    noticed: str
    how: str
    turn: int
    further: bool = False


def nominations(viewer: Viewer, workshop: Workshop) -> tuple[NominationSeen, ...]:
    """Give those of a workshop: all to who holds it, to bring the code; approved ones to the room.

    Raises
    ------
    Workshop.DoesNotExist
        If the workshop is out of sight.
    """
    check_see(viewer, workshop)
    rows = Nomination.objects.filter(workshop=workshop).order_by("pk")
    if may_run(viewer, workshop):
        return tuple(_to_host(row) for row in rows)
    return tuple(_to_room(row) for row in rows.filter(state=NominationState.APPROVED))


def nomination(code: str) -> NominationSeen:
    """Give the nomination to whoever holds its code: the nominee, who may read all of it.

    Raises
    ------
    Nomination.DoesNotExist
    """
    row = Nomination.objects.get(code=code)
    told = (row.nominee, row.noticed, row.how)
    return NominationSeen(row.ref, row.code, row.state, *told, row.turn, row.further)


def _to_host(row: Nomination) -> NominationSeen:
    """Keep what is told from the facilitator too, until the nominee approves it."""
    how = row.how if row.state == NominationState.APPROVED else ""
    return NominationSeen(row.ref, row.code, row.state, row.nominee, row.noticed, how, row.turn)


def _to_room(row: Nomination) -> NominationSeen:
    return NominationSeen(row.ref, "", row.state, row.nominee, row.noticed, row.how, row.turn)
