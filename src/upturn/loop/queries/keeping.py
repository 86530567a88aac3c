"""The keep-list: what workshops named as working well enough, for everybody who plans."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Q

from upturn.loop.models import Kept, WorkshopHost
from upturn.loop.queries.sight import carries, may_host
from upturn.people.queries import may_read_words

if TYPE_CHECKING:
    from upturn.people.models import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptSeen:
    """A thing that is to stay; `cards` is how many cards said it. `may_let_go` is the viewer's."""

    ref: str
    words: str
    cards: int
    workshop: str
    party_id: int | None
    party: str
    said_on: date
    let_go_on: date | None
    let_go_because: str
    turn: int
    may_let_go: bool


class Standing(NamedTuple):
    """What is to stay, in whose words; of a party, or None: of everybody."""

    words: str
    workshop: str
    said_on: date
    party_id: int | None


def kept(viewer: "Person") -> tuple[KeptSeen, ...]:
    """Give the keep-list, newest first, to whoever may hold a workshop; it holds no name.

    What was let go is among it, with the reason.
    """
    if not may_host(viewer):
        return ()
    rows = Kept.objects.select_related("workshop__party").defer("workshop__script")
    held = _held(viewer)
    return tuple(
        _seen(row, may_let_go=held is None or row.workshop_id in held)
        for row in rows.order_by("-workshop__closed_on", "-cards", "pk")
    )


def standing(viewer: "Person", parties: Collection[int | None]) -> tuple[Standing, ...]:
    """Give what is on the list still of some parties, and of everybody; one query."""
    if not may_read_words(viewer):
        return ()
    of_these = Q(workshop__party=None) | Q(workshop__party__in=parties)
    rows = Kept.objects.filter(of_these, let_go_on=None, workshop__closed_on__isnull=False)
    columns = ("words", "workshop__name", "workshop__closed_on", "workshop__party_id")
    found = rows.order_by("-workshop__closed_on", "-cards", "pk").values_list(*columns)
    return tuple(map(Standing._make, found))


def may_let_go(viewer: "Person", row: Kept) -> bool:
    """Whether the viewer lets a thing be changed again: who holds its workshop, who carries all."""
    held = _held(viewer)
    return held is None or row.workshop_id in held


def _held(viewer: "Person") -> frozenset[int] | None:
    """Give the workshops a viewer holds; None is all of them."""
    if not may_host(viewer):
        return frozenset()
    if carries(viewer):
        return None
    rows = WorkshopHost.objects.filter(person=viewer)
    return frozenset(rows.values_list("workshop_id", flat=True))


def _seen(row: Kept, *, may_let_go: bool) -> KeptSeen:
    party = row.workshop.party
    return KeptSeen(
        ref=row.ref,
        words=row.words,
        cards=row.cards,
        workshop=row.workshop.name,
        party_id=row.workshop.party_id,
        party=party.name if party else "",
        said_on=row.workshop.closed_on or row.workshop.opened_on,
        let_go_on=row.let_go_on,
        let_go_because=row.let_go_because,
        turn=row.turn,
        may_let_go=may_let_go,
    )
