"""Drawing by hand: every change is one transaction, a journal entry, a new version number."""

import secrets
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from upturn.graph import queries
from upturn.graph.engine import ServesItself, StillUsed
from upturn.graph.models import GraphVersion, Party, Serves, Touchpoint, TouchpointServer
from upturn.people import queries as people
from upturn.record import journal, outbox

if TYPE_CHECKING:
    from upturn.people.models import Person

CODE_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that a reader takes for another
CODE_LENGTH = 10
KEY_LENGTH = 80


def touch() -> None:
    """Give the graph a new version number, so that every process reads it anew.

    The clock takes the place of a counter: a number never comes back, not even after a rolled-back
    change or a restored backup, so no process can take an old graph for the present one.
    """
    GraphVersion.objects.update_or_create(pk=1, defaults={"number": time.time_ns()})
    queries.look_again()


def record(actor: "Person | None", verb: str, *, kind: str, ref: str, detail: str = "") -> None:
    """End a change: new version, journal entry, word to the pages on show."""
    touch()
    journal.write(
        verb,
        subject_kind=kind,
        subject_ref=ref,
        actor_id=actor.pk if actor else None,
        detail=detail[:200],
    )
    outbox.publish("organisation", kind="graph", ref=ref)


def check_may_edit(actor: "Person | None") -> None:
    """Leaders, executives and administrators draw the graph; None is the command line.

    Raises
    ------
    PermissionDenied
        For everybody else.
    """
    if actor is not None and not queries.may_edit(actor):
        raise PermissionDenied(_("Leaders and administrators draw who serves whom. Ask one."))


@transaction.atomic
def add_party(actor: "Person | None", *, name: str, kind: str, place: str = "") -> Party:
    """Add a party under a key made from its place and name."""
    check_may_edit(actor)
    key = _free_key(f"{place} {name}", taken=Party.objects.all())
    added = Party.objects.create(key=key, name=name, kind=kind, place=place)
    record(actor, "added", kind="party", ref=added.key, detail=name)
    return added


def _free_key(wish: str, *, taken: models.QuerySet[Party] | models.QuerySet[Touchpoint]) -> str:
    key = slugify(wish)[: KEY_LENGTH - 7].strip("-")
    if key and not taken.filter(key=key).exists():
        return key
    return f"{key or 'x'}-{draw_letters(6)}"


def draw_letters(count: int) -> str:
    """Letters that nobody can guess and everybody can read from a printed card."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(count))


@transaction.atomic
def add_serves(
    actor: "Person | None", *, server: Party, served: Party, what: str = "", direct: bool = True
) -> Serves:
    """Say that ``server`` serves ``served``; said again, it changes with what.

    Raises
    ------
    ServesItself
        If both are the same party.
    """
    check_may_edit(actor)
    if server.pk == served.pk:
        raise ServesItself(server.name)
    edge, _made = Serves.objects.update_or_create(
        server=server, served=served, defaults={"what": what, "direct": direct}
    )
    record(actor, "added", kind="edge", ref=str(edge.pk), detail=f"{server.key} {served.key}")
    return edge


@transaction.atomic
def add_touchpoint(
    actor: "Person | None",
    *,
    name: str,
    customers: Party,
    place: str = "",
    moment: str = "",
    servers: Iterable[tuple[Party, bool]] = (),
) -> Touchpoint:
    """Add a moment; ``servers`` in the customer's sight (True) are said to serve the customers."""
    check_may_edit(actor)
    added = Touchpoint.objects.create(
        key=_free_key(f"{place} {name}", taken=Touchpoint.objects.all()),
        name=name,
        customers=customers,
        place=place,
        moment=moment,
        position=Touchpoint.objects.filter(place=place).count(),
        code=draw_letters(CODE_LENGTH),
    )
    for party, direct in servers:
        TouchpointServer.objects.create(touchpoint=added, party=party, direct=direct)
        if direct:
            Serves.objects.get_or_create(server=party, served=customers)
    record(actor, "added", kind="touchpoint", ref=added.key, detail=name)
    return added


@transaction.atomic
def describe_touchpoint(actor: "Person | None", point: Touchpoint, description: str) -> None:
    """Say in one sentence what the moment is about, as the reader of customers' words knows it."""
    check_may_edit(actor)
    point.description = description
    point.save(update_fields=["description"])
    record(actor, "described", kind="touchpoint", ref=point.key, detail=description)


@transaction.atomic
def let_go(actor: "Person | None", party: Party) -> None:
    """Forget a party that serves nobody.

    Raises
    ------
    StillUsed
        While it serves somebody, has people, touchpoints or edges with asks.
    """
    check_may_edit(actor)
    if party.serving.exists():
        raise StillUsed(party.name, by="serves")
    if people.head_count(party.pk):
        raise StillUsed(party.name, by="people")
    if party.touchpoints.exists():
        raise StillUsed(party.name, by="touchpoints")
    key, name = party.key, party.name
    _delete(party)
    record(actor, "let go", kind="party", ref=key, detail=name)


@transaction.atomic
def let_go_edge(actor: "Person | None", edge: Serves) -> None:
    """Forget that one party serves another; its measures go with it.

    Raises
    ------
    StillUsed
        If asks were raised on it.
    """
    check_may_edit(actor)
    ref = str(edge.pk)
    _delete(edge)
    record(actor, "let go", kind="edge", ref=ref, detail=f"{edge.server.key} {edge.served.key}")


def _delete(row: Party | Serves) -> None:
    try:
        row.delete()
    except models.ProtectedError as error:
        raise StillUsed(str(row), by="asks") from error
