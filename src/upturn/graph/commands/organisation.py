"""A whole organisation at once: add or change by key, in one transaction, twice without a trace."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from django.db import models, transaction

from upturn.graph.commands.drawing import CODE_LENGTH, check_may_edit, draw_letters, record
from upturn.graph.engine import ServesItself, UnknownParty, nearest
from upturn.graph.models import Party, Serves, Touchpoint, TouchpointServer

if TYPE_CHECKING:
    from upturn.people.models import Person

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
    description: str = ""


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
        record(actor, "stored", kind="organisation", ref="organisation", detail=detail)
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
    stored = {row.key: row for row in Touchpoint.objects.all()}
    wanted = {
        key: Touchpoint(
            key=key,
            name=r.name,
            customers_id=ids[r.customers],
            moment=r.moment,
            place=r.place,
            position=r.position,
            # A file without sentences leaves those that somebody wrote.
            description=r.description or (stored[key].description if key in stored else ""),
            code=draw_letters(CODE_LENGTH),
        )
        for key, r in points.items()
    }
    fields = ("name", "moment", "place", "position", "description", "customers_id")
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
