"""Whose asks somebody sees, and on which side of one somebody stands."""

import hashlib
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Q, QuerySet

from upturn.commitments.engine import RaisedAs, Side
from upturn.commitments.models import Ask
from upturn.graph.queries import answered_by, snapshot
from upturn.people.queries import parties_of, sees_every_ask

if TYPE_CHECKING:
    from datetime import date

    from upturn.graph.models import Serves
    from upturn.people.models import Person


class AskRow(NamedTuple):
    """An ask as it is read for showing; ``touchpoint`` is a name, empty without one."""

    pk: int
    ref: str
    edge_id: int
    words: str
    because: str
    raised_as: str
    raised_by_id: int | None
    ticket_hash: str
    raised_on: "date"
    state: str
    turn: int
    touchpoint: str
    asker_stays: bool


def ticket_hash(code: str) -> str:
    """Hash under which a ticket is kept; spaces, hyphens and case of the code do not matter."""
    plain = "".join(code.split()).replace("-", "").upper()
    return hashlib.sha256(plain.encode()).hexdigest()


def our_edges(viewer: "Person") -> frozenset[int]:
    """Edges on which the viewer's parties answer; worked out once a request."""
    kept: frozenset[int] | None = viewer.__dict__.get("edges_we_answer")
    if kept is None:
        kept = viewer.__dict__["edges_we_answer"] = answered_by(parties_of(viewer))
    return kept


def asking_edges(viewer: "Person") -> frozenset[int]:
    """Edges on which the viewer's parties are served, and so can ask; once a request too."""
    kept: frozenset[int] | None = viewer.__dict__.get("edges_we_ask_on")
    if kept is None:
        down = snapshot().down
        kept = frozenset(edge.id for party in parties_of(viewer) for edge in down.get(party, ()))
        viewer.__dict__["edges_we_ask_on"] = kept
    return kept


def visible(viewer: "Person") -> QuerySet[Ask]:
    """Asks of both sides for their members; all of them for those who lead or facilitate."""
    if sees_every_ask(viewer):
        return Ask.objects.all()
    near = Q(edge__in=asking_edges(viewer) | our_edges(viewer))
    return Ask.objects.filter(near | Q(raised_by=viewer))


def ask_by_ref(viewer: "Person", ref: str) -> Ask:
    """Raise ``Ask.DoesNotExist`` also when it exists but is not for this viewer."""
    return visible(viewer).get(ref=ref)


def ask_by_ticket(code: str) -> Ask:
    """The ask that the holder of ``code`` raised."""
    return Ask.objects.get(ticket_hash=ticket_hash(code))


def may_raise(viewer: "Person", edge: "Serves") -> bool:
    """Only those who are served on an edge can ask on it."""
    return edge.served_id in parties_of(viewer)


def sides_of(viewer: "Person | None", ask: Ask | AskRow, *, code: str = "") -> frozenset[Side]:
    """Sides of ``ask`` on which the viewer, or the holder of ``code``, stands.

    A ticket's only asking side is its holder; a person's is that person, or the team once the
    person has left.
    """
    sides = set()
    if viewer is not None and ask.edge_id in our_edges(viewer):
        sides.add(Side.SERVING)
    if _asks(viewer, ask, code=code):
        sides.add(Side.ASKING)
    return frozenset(sides)


def _asks(viewer: "Person | None", ask: Ask | AskRow, *, code: str) -> bool:
    if ask.raised_as == RaisedAs.TICKET:
        return bool(code) and ticket_hash(code) == ask.ticket_hash
    if viewer is None:
        return False
    if ask.raised_as == RaisedAs.PERSON and ask.asker_stays:
        return ask.raised_by_id == viewer.pk
    return ask.edge_id in asking_edges(viewer)
