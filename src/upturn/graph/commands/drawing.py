"""Every change of the graph: one transaction, a journal entry, and a new version number."""

import secrets
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from upturn.graph import queries
from upturn.graph.engine import ServesItself, StillUsed, UnknownParty, nearest
from upturn.graph.models import GraphVersion, Party, Serves, Touchpoint, TouchpointServer
from upturn.people import queries as people
from upturn.record import journal, outbox

if TYPE_CHECKING:
    from upturn.people.models import Person

CODE_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that a reader takes for another
CODE_LENGTH = 10
KEY_LENGTH = 80
BATCH = 200

K = TypeVar("K")
M = TypeVar("M", bound=models.Model)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyRecord:
    """A party to store, by its key."""

    key: str
    name: str
    kind: str
    place: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServesRecord:
    """``server`` and ``served`` are keys of parties."""

    server: str
    served: str
    what: str = ""
    direct: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class TouchpointRecord:
    """``customers`` is the key of a party, ``servers`` are keys with "in the customer's sight"."""

    key: str
    name: str
    customers: str
    moment: str = ""
    place: str = ""
    position: int = 0
    servers: Sequence[tuple[str, bool]] = ()


class Counts(NamedTuple):
    """What became of the records of one table."""

    added: int = 0
    changed: int = 0
    same: int = 0


@dataclass(frozen=True, slots=True)
class Stored:
    """What a whole organisation did to the tables."""

    parties: Counts
    serves: Counts
    touchpoints: Counts
    serving: Counts

    @property
    def total(self) -> Counts:
        """All tables together."""
        every = (self.parties, self.serves, self.touchpoints, self.serving)
        return Counts(*(sum(counts) for counts in zip(*every, strict=True)))


def touch() -> None:
    """Give the graph a new version number, so that every process reads it anew.

    The clock takes the place of a counter: a number never comes back, not even after a rolled-back
    change or a restored backup, so no process can take an old graph for the present one.
    """
    GraphVersion.objects.update_or_create(pk=1, defaults={"number": time.time_ns()})
    queries.look_again()


def _record(actor: "Person | None", verb: str, *, kind: str, ref: str, detail: str = "") -> None:
    touch()
    journal.write(
        verb,
        subject_kind=kind,
        subject_ref=ref[:64],
        actor_id=actor.pk if actor else None,
        detail=detail[:200],
    )
    outbox.publish("organisation", kind="graph", ref=ref[:64])


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
    _record(actor, "added", kind="party", ref=added.key, detail=name)
    return added


def _free_key(wish: str, *, taken: models.QuerySet[Party] | models.QuerySet[Touchpoint]) -> str:
    key = slugify(wish)[: KEY_LENGTH - 7].strip("-")
    if key and not taken.filter(key=key).exists():
        return key
    return f"{key or 'x'}-{_letters(6)}"


def _letters(count: int) -> str:
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
    _record(actor, "added", kind="edge", ref=str(edge.pk), detail=f"{server.key} {served.key}")
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
        code=_letters(CODE_LENGTH),
    )
    for party, direct in servers:
        TouchpointServer.objects.create(touchpoint=added, party=party, direct=direct)
        if direct:
            Serves.objects.get_or_create(server=party, served=customers)
    _record(actor, "added", kind="touchpoint", ref=added.key, detail=name)
    return added


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
    if party.pk in people.head_counts():
        raise StillUsed(party.name, by="people")
    if party.touchpoints.exists():
        raise StillUsed(party.name, by="touchpoints")
    key, name = party.key, party.name
    _delete(party)
    _record(actor, "let go", kind="party", ref=key, detail=name)


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
    _record(actor, "let go", kind="edge", ref=ref, detail=f"{edge.server.key} {edge.served.key}")


def _delete(row: Party | Serves) -> None:
    try:
        row.delete()
    except models.ProtectedError as error:
        raise StillUsed(str(row), by="asks") from error


@transaction.atomic
def store_organisation(
    actor: "Person | None",
    *,
    parties: Sequence[PartyRecord],
    serves: Sequence[ServesRecord] = (),
    touchpoints: Sequence[TouchpointRecord] = (),
) -> Stored:
    """Add or change what the records name, by key; leave alone what they do not.

    The same records again change nothing and leave no trace.

    Raises
    ------
    UnknownParty
        If an edge or a touchpoint names a party that is neither stored nor among the records.
    """
    check_may_edit(actor)
    counted = _store_parties(parties)
    ids = dict(Party.objects.values_list("key", "id"))
    _check_keys(serves, touchpoints, known=ids)
    stored = Stored(
        parties=counted,
        serves=_store_serves(serves, touchpoints, ids=ids),
        touchpoints=_store_touchpoints(touchpoints, ids=ids),
        serving=_store_serving(touchpoints, ids=ids),
    )
    total = stored.total
    if total.added or total.changed:
        detail = f"added {total.added}, changed {total.changed}"
        _record(actor, "stored", kind="organisation", ref="organisation", detail=detail)
    return stored


def _check_keys(
    serves: Iterable[ServesRecord],
    touchpoints: Iterable[TouchpointRecord],
    *,
    known: Mapping[str, int],
) -> None:
    named = [key for edge in serves for key in (edge.server, edge.served)]
    named += [key for point in touchpoints for key in (point.customers, *dict(point.servers))]
    for key in named:
        if key not in known:
            raise UnknownParty(key, nearest=nearest(key, list(known)))


def _store_parties(records: Iterable[PartyRecord]) -> Counts:
    wanted = {r.key: Party(**asdict(r)) for r in records}
    stored = {row.key: row for row in Party.objects.all()}
    return _upsert(
        Party.objects, wanted, stored=stored, fields=("name", "kind", "place", "description")
    )


def _store_serves(
    records: Iterable[ServesRecord], points: Iterable[TouchpointRecord], *, ids: Mapping[str, int]
) -> Counts:
    wanted: dict[tuple[int, int], Serves] = {}
    for edge in records:
        pair = (ids[edge.server], ids[edge.served])
        if pair[0] == pair[1]:
            raise ServesItself(edge.server)
        wanted[pair] = _edge(pair, what=edge.what, direct=edge.direct)
    stored = {(row.server_id, row.served_id): row for row in Serves.objects.all()}
    for pair in _in_sight(points, ids=ids) - wanted.keys():
        wanted[pair] = stored.get(pair) or _edge(pair)
    return _upsert(Serves.objects, wanted, stored=stored, fields=("what", "direct"))


def _edge(pair: tuple[int, int], *, what: str = "", direct: bool = True) -> Serves:
    return Serves(server_id=pair[0], served_id=pair[1], what=what, direct=direct)


def _in_sight(
    points: Iterable[TouchpointRecord], *, ids: Mapping[str, int]
) -> set[tuple[int, int]]:
    """Whoever serves in the customer's sight serves the customers, said in a file or not."""
    return {
        (ids[server], ids[point.customers])
        for point in points
        for server, direct in point.servers
        if direct
    }


def _store_touchpoints(records: Iterable[TouchpointRecord], *, ids: Mapping[str, int]) -> Counts:
    points = {r.key: r for r in records}
    wanted = {
        key: Touchpoint(
            key=key,
            name=r.name,
            customers_id=ids[r.customers],
            moment=r.moment,
            place=r.place,
            position=r.position,
            code=_letters(CODE_LENGTH),
        )
        for key, r in points.items()
    }
    stored = {row.key: row for row in Touchpoint.objects.all()}
    fields = ("name", "moment", "place", "position", "customers_id")
    return _upsert(Touchpoint.objects, wanted, stored=stored, fields=fields)


def _store_serving(records: Iterable[TouchpointRecord], *, ids: Mapping[str, int]) -> Counts:
    """Who serves at a touchpoint becomes what its record says, if it says anything."""
    points = dict(Touchpoint.objects.values_list("key", "id"))
    wanted = {
        (points[r.key], ids[server]): TouchpointServer(
            touchpoint_id=points[r.key], party_id=ids[server], direct=direct
        )
        for r in records
        for server, direct in r.servers
    }
    rows = TouchpointServer.objects.filter(touchpoint__in={point for point, _ in wanted})
    stored = {(row.touchpoint_id, row.party_id): row for row in rows}
    gone = stored.keys() - wanted.keys()
    TouchpointServer.objects.filter(pk__in=[stored[pair].pk for pair in gone]).delete()
    counts = _upsert(TouchpointServer.objects, wanted, stored=stored, fields=("direct",))
    return counts._replace(changed=counts.changed + len(gone))


def _upsert(
    table: models.Manager[M], wanted: Mapping[K, M], *, stored: Mapping[K, M], fields: Sequence[str]
) -> Counts:
    new = [row for key, row in wanted.items() if key not in stored]
    changed = []
    for key, row in wanted.items():
        kept = stored.get(key)
        if kept and any(getattr(kept, field) != getattr(row, field) for field in fields):
            row.pk = kept.pk
            changed.append(row)
    table.bulk_create(new, batch_size=BATCH)
    table.bulk_update(changed, fields, batch_size=BATCH)
    return Counts(len(new), len(changed), len(wanted) - len(new) - len(changed))
