"""The plan of a wave: who would sit with whom, who would be asked about what, or why not."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from upturn.graph import queries as graph
from upturn.partners.engine import asks_about_leaders, is_under_leaders
from upturn.partners.engine.errors import WaveRefused
from upturn.partners.queries.drafts import (
    DAYS_MOST,
    K_LEAST,
    RELATIONS_MOST,
    Draft,
    Plan,
    PlannedRelation,
    PlannedSeat,
)
from upturn.partners.queries.instruments import instrument
from upturn.partners.queries.led import under_their_leaders
from upturn.partners.queries.rosters import Roster, rosters
from upturn.partners.queries.strong_mode import LACKS, strong_mode_lacks
from upturn.people import queries as people
from upturn.privacy import Missing, TooFewPeople, Unit, pre_blocks

if TYPE_CHECKING:
    from upturn.people.models import Person

ANYWHERE = frozenset({"executive", "facilitator"})


def may_open_waves(viewer: "Person") -> bool:
    """Leaders over what they lead, executives and facilitators over all; nobody by machine."""
    if not viewer.is_active:
        return False
    return viewer.role in ANYWHERE or (viewer.role == "leader" and bool(people.led_by(viewer)))


def edges_to_ask(viewer: "Person") -> tuple[graph.EdgeRow, ...]:
    """Relationships the viewer may ask about, customers first."""
    if not may_open_waves(viewer):
        return ()
    edges = graph.snapshot().customers_first
    if viewer.role in ANYWHERE:
        return edges
    led = people.led_by(viewer)
    return tuple(e for e in edges if e.server_id in led or e.served_id in led)


def plan(viewer: "Person", draft: Draft, *, today: date) -> Plan:
    """Say who would answer with whom, and what.

    Raises
    ------
    WaveRefused
        With the smallest change that would do.
    """
    edges = _edges(viewer, draft)
    _check_words(draft, today=today)
    asks = instrument(draft.instrument)
    found = rosters(_parties(edges), per_relation=asks.per_relation)
    if asks_about_leaders(asks):
        found = under_their_leaders(found, k=draft.k)
    seats = _seats(found, k=draft.k)
    if not asks.per_relation:
        _need_both_sides(seats, k=draft.k)
        return Plan(instrument=asks, seats=seats, relations=(), within=())
    relations, within = _relations(edges, seats)
    without: tuple[str, ...] = ()
    if draft.as_many_as_fit:
        relations, without = _fitting(relations)
    _check_sheets(seats, relations)
    if not relations:
        raise WaveRefused(_("Nobody is on either side of these relationships. Choose others."))
    asked = {number for each in relations for number in _seats_of(each)}
    seated = tuple(seat for seat in seats if seat.number in asked)
    return Plan(instrument=asks, seats=seated, relations=relations, within=within, without=without)


def _check_words(draft: Draft, *, today: date) -> None:
    if not draft.title.strip():
        raise WaveRefused(_("Give the wave a title; it stands on every card."))
    if draft.k < K_LEAST:
        raise WaveRefused(_("Answers are shown with those of at least five. Choose 5 or more."))
    if not 0 <= draft.deniable <= 0.5:
        raise WaveRefused(_("Between none and half of the answers can be drawn by lot."))
    if draft.mode == "blind" and (lacks := strong_mode_lacks()):
        raise WaveRefused(LACKS[lacks])
    if not today < draft.closes_on <= today + timedelta(days=DAYS_MOST):
        raise WaveRefused(
            _("Choose a closing day from tomorrow up to %(days)d days ahead.") % {"days": DAYS_MOST}
        )


def _edges(viewer: "Person", draft: Draft) -> tuple[graph.EdgeRow, ...]:
    may = edges_to_ask(viewer)
    if not may:
        raise WaveRefused(
            _("Waves are opened by leaders over what they lead, by executives and facilitators.")
        )
    if draft.relations == "all":
        return may
    by_id = {edge.id: edge for edge in may}
    if not draft.relations:
        raise WaveRefused(_("Choose at least one relationship."))
    if missing := [one for one in draft.relations if one not in by_id]:
        raise WaveRefused(
            ngettext(
                "%(n)d of these relationships is not there or not yours to ask about.",
                "%(n)d of these relationships are not there or not yours to ask about.",
                len(missing),
            )
            % {"n": len(missing)}
        )
    return tuple(by_id[one] for one in dict.fromkeys(draft.relations))


def _parties(edges: Iterable[graph.EdgeRow]) -> frozenset[int]:
    return frozenset(end for edge in edges for end in (edge.server_id, edge.served_id))


def _seats(found: Sequence[Roster], *, k: int) -> tuple[PlannedSeat, ...]:
    by_key = {(each.side, each.key): each for each in found}
    units = [Unit(each.key, each.side, each.parents, len(each.people)) for each in found]
    try:
        blocks = pre_blocks(units, k=k)
    except TooFewPeople as error:
        raise WaveRefused(" ".join(map(_too_few, error.missing))) from None
    seats = []
    for number, block in enumerate(blocks):
        members = [by_key[block.side, key] for key in block.units]
        names = tuple(each.name or unit_name(each.key) for each in members)
        seats.append(
            PlannedSeat(
                number=number,
                key=block.key,
                name=", ".join(names),
                side=block.side,
                units=block.units,
                parents=block.parents,
                people=tuple(person for each in members for person in each.people),
                pooled=names if len(names) > 1 else (),
            )
        )
    return tuple(seats)


def unit_name(key: str) -> str:
    """What a unit is called: a party, or those who lead somewhere."""
    if key.startswith("leaders:"):
        place = key.removeprefix("leaders:")
        return _("those who lead at %(place)s") % {"place": place} if place else _("those who lead")
    if is_under_leaders(key):
        return _("those who serve")
    party = graph.snapshot().by_key.get(key)
    return graph.full_name(party) if party else key


def _too_few(missing: Missing) -> str:
    said = ngettext(
        "%(units)s: %(got)d person, and %(needed)d are needed. "
        "Add relationships with %(more)d more, or leave them out.",
        "%(units)s: %(got)d people together, and %(needed)d are needed. "
        "Add relationships with %(more)d more, or leave them out.",
        missing.people,
    )
    units = ", ".join(map(unit_name, missing.units))
    given = {"units": units, "got": missing.people, "needed": missing.needed}
    return said % (given | {"more": missing.more})


def _need_both_sides(seats: Sequence[PlannedSeat], *, k: int) -> None:
    for side, name in (("servers", _("those who serve")), ("leaders", _("those who lead"))):
        if not any(seat.side == side for seat in seats):
            raise WaveRefused(
                _(
                    "Nobody is there on the side of %(side)s, and %(k)d are needed. "
                    "Choose relationships of more teams, or of the whole."
                )
                % {"side": name, "k": k}
            )


def _relations(
    edges: Sequence[graph.EdgeRow], seats: Sequence[PlannedSeat]
) -> tuple[tuple[PlannedRelation, ...], tuple[str, ...]]:
    """Edges between the same two seats are one relationship; within one seat there is none."""
    party = graph.snapshot().party
    seat_of = {unit: seat for seat in seats for unit in seat.units}
    pairs: dict[tuple[str, str], list[graph.EdgeRow]] = defaultdict(list)
    within = []
    for edge in edges:
        ends = party[edge.server_id].key, party[edge.served_id].key
        sides = tuple(seat_of[end].key if end in seat_of else end for end in ends)
        if sides[0] == sides[1]:
            within.append(f"{party[edge.server_id].name} → {party[edge.served_id].name}")
        elif any(end in seat_of for end in ends):
            pairs[sides[0], sides[1]].append(edge)
    return tuple(
        _relation(number, group, seat_of) for number, group in enumerate(pairs.values())
    ), tuple(within)


def _relation(
    number: int, edges: Sequence[graph.EdgeRow], seat_of: Mapping[str, PlannedSeat]
) -> PlannedRelation:
    party = graph.snapshot().party
    server, served = party[edges[0].server_id], party[edges[0].served_id]
    places = {party[end].place for edge in edges for end in (edge.server_id, edge.served_id)}
    seats = [seat_of.get(end.key) for end in (server, served)]
    return PlannedRelation(
        number=number,
        server=server.key,
        served=served.key,
        server_name=_end_name(server, seats[0]),
        served_name=_end_name(served, seats[1]),
        place=server.place or served.place if len(places - {""}) <= 1 else "",
        server_seat=seats[0].number if seats[0] else None,
        served_seat=seats[1].number if seats[1] else None,
    )


def _end_name(party: graph.PartyRow, seat: PlannedSeat | None) -> str:
    """Name a side as its people are asked: those who answer together answer for all of them."""
    return seat.name if seat else graph.full_name(party)


def _check_sheets(seats: Sequence[PlannedSeat], relations: Sequence[PlannedRelation]) -> None:
    asked = Counter(number for each in relations for number in _seats_of(each))
    for seat in seats:
        if (most := asked[seat.number]) > RELATIONS_MOST:
            raise WaveRefused(
                _(
                    "%(seat)s would be asked about %(asked)d relationships; "
                    "%(most)d is the most on one sheet. Leave out %(less)d of them."
                )
                % {
                    "seat": seat.name,
                    "asked": most,
                    "most": RELATIONS_MOST,
                    "less": most - RELATIONS_MOST,
                }
            )


def _fitting(
    relations: Sequence[PlannedRelation],
) -> tuple[tuple[PlannedRelation, ...], tuple[str, ...]]:
    """Keep, in order, what fits on the sheets of both sides; name what does not."""
    asked: Counter[int] = Counter()
    kept: list[PlannedRelation] = []
    without = []
    for each in relations:
        if all(asked[number] < RELATIONS_MOST for number in _seats_of(each)):
            asked.update(_seats_of(each))
            kept.append(replace(each, number=len(kept)))
        else:
            without.append(f"{each.server_name} → {each.served_name}")
    return tuple(kept), tuple(without)


def _seats_of(relation: PlannedRelation) -> list[int]:
    ends = relation.server_seat, relation.served_seat
    return [number for number in ends if number is not None]
