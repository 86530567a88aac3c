"""Who sits in much the same boat as the viewer's company: in what, and never a band of another."""

from collections.abc import Mapping

from upturn.exchange.engine.likeness import BANDS, same_boat
from upturn.exchange.models import Exchange, Likeness
from upturn.exchange.queries.rounds import taking_part
from upturn.exchange.queries.sight import Viewer, check_inside, own_party
from upturn.exchange.queries.sittings import Sitting


def own_likeness(viewer: Sitting) -> Mapping[str, str]:
    """Give what the viewer's company says of itself; nobody else reads it, the host included.

    Raises
    ------
    ExchangeParty.DoesNotExist
        Once the party left.
    """
    row = Likeness.objects.filter(party=own_party(viewer)).values(*BANDS).first() or {}
    return {matter: band for matter, band in row.items() if band}


def alike(viewer: Viewer, exchange: Exchange) -> Mapping[str, tuple[str, ...]]:
    """Say by the other's name in what it is like the viewer's company; nothing to anybody else.

    Only companies that share practice now are told about, and told.
    """
    check_inside(viewer, exchange)
    if not isinstance(viewer, Sitting):
        return {}
    rows = Likeness.objects.filter(party__in=taking_part(exchange)).select_related("party")
    parties = {row.party.ref: row.party for row in rows}
    told = {row.party.ref: {matter: getattr(row, matter) for matter in BANDS} for row in rows}
    groups = {ref: party.owner or party.name for ref, party in parties.items()}
    found = same_boat(told, groups=groups, party=viewer.party_ref)
    return {parties[ref].name: matters for ref, matters in found.items()}
