"""Who may see and do what in an exchange. Everything else of this room asks here.

A convener sees who takes part and what was released, and no draft, side, answer or ballot. A
sitting sees its own party's and what was released to all. Anybody else sees nothing, and is not
told that there is anything.
"""

from typing import TYPE_CHECKING, TypeAlias, Union

from django.db.models import Exists, OuterRef, QuerySet

from upturn.exchange.models import Convener, Exchange, ExchangeParty, ExchangeState, PartyKind
from upturn.exchange.queries.sittings import Sitting
from upturn.people.queries import sees_every_ask

if TYPE_CHECKING:
    from upturn.people.models import Person

Viewer: TypeAlias = Union["Person", Sitting]


def may_prepare(viewer: "Person") -> bool:
    """Those who lead, carry the whole or facilitate prepare exchanges."""
    return sees_every_ask(viewer)


def exchanges_seen(viewer: Viewer) -> QuerySet[Exchange]:
    """Exchanges in sight: those a person convenes, or the one a sitting belongs to."""
    if isinstance(viewer, Sitting):
        here = ExchangeParty.objects.filter(
            exchange=OuterRef("pk"), pk=viewer.party, left_on__isnull=True, seats=viewer.pk
        )
        return Exchange.objects.filter(Exists(here), pk=viewer.exchange)
    if not viewer.is_active:
        return Exchange.objects.none()
    return Exchange.objects.filter(
        Exists(Convener.objects.filter(exchange=OuterRef("pk"), person=viewer))
    )


def exchange_by_ref(viewer: Viewer, ref: str) -> Exchange:
    """Find an exchange.

    Raises
    ------
    Exchange.DoesNotExist
        If there is none, or none in the viewer's sight.
    """
    return exchanges_seen(viewer).get(ref=ref)


def may_see(viewer: Viewer, exchange: Exchange) -> bool:
    """Whether the viewer knows of an exchange: its name, its parties, its charter."""
    return exchanges_seen(viewer).filter(pk=exchange.pk).exists()


def check_see(viewer: Viewer, exchange: Exchange) -> None:
    """Raise Exchange.DoesNotExist unless the viewer knows of it."""
    if not may_see(viewer, exchange):
        raise Exchange.DoesNotExist


def may_convene(viewer: Viewer, exchange: Exchange) -> bool:
    """Whether the viewer keeps the exchange."""
    return not isinstance(viewer, Sitting) and may_see(viewer, exchange)


def check_convene(viewer: Viewer, exchange: Exchange) -> None:
    """Raise Exchange.DoesNotExist unless the viewer keeps the exchange."""
    if not may_convene(viewer, exchange):
        raise Exchange.DoesNotExist


def exchanges_inside(viewer: Viewer) -> QuerySet[Exchange]:
    """Exchanges of which the viewer reads what was released.

    A party that has not signed the charter that holds reads the charter and its own page of trust
    and nothing else; one that is suspended reads what all read.
    """
    if isinstance(viewer, Sitting) and not viewer.charter_signed:
        return Exchange.objects.none()
    return exchanges_seen(viewer)


def reads_inside(viewer: Viewer, exchange: Exchange) -> bool:
    """Whether the viewer reads what was released in it."""
    return exchanges_inside(viewer).filter(pk=exchange.pk).exists()


def check_inside(viewer: Viewer, exchange: Exchange) -> None:
    """Raise Exchange.DoesNotExist unless the viewer reads what was released in it."""
    if not reads_inside(viewer, exchange):
        raise Exchange.DoesNotExist


def is_member(viewer: Viewer, exchange: Exchange) -> bool:
    """Whether the viewer sits for a company that takes part."""
    return _sits(viewer, exchange, PartyKind.MEMBER)


def is_client(viewer: Viewer, exchange: Exchange) -> bool:
    """Whether the viewer sits for the common client."""
    return _sits(viewer, exchange, PartyKind.CLIENT)


def is_steward(viewer: Viewer, exchange: Exchange) -> bool:
    """Whether the viewer sits for the neutral steward."""
    return _sits(viewer, exchange, PartyKind.STEWARD)


def _sits(viewer: Viewer, exchange: Exchange, kind: PartyKind) -> bool:
    return isinstance(viewer, Sitting) and viewer.kind == kind and may_see(viewer, exchange)


def own_party(viewer: Sitting) -> ExchangeParty:
    """Give the party a sitting speaks for; raise ExchangeParty.DoesNotExist once it left."""
    rows = ExchangeParty.objects.select_related("exchange").filter(left_on__isnull=True)
    return rows.get(pk=viewer.party, seats=viewer.pk)


def parties_of(exchange: Exchange) -> QuerySet[ExchangeParty]:
    """Parties that take part now, in the order of the invitations; the same for whoever asks."""
    rows = ExchangeParty.objects.filter(exchange=exchange, left_on__isnull=True)
    return rows.order_by("pk")


def members_of(exchange: Exchange) -> QuerySet[ExchangeParty]:
    """Companies that take part now, in the order of joining; the same for whoever asks."""
    return parties_of(exchange).filter(kind=PartyKind.MEMBER)


def has_client(exchange: Exchange) -> bool:
    """Whether a common client takes part now; the same for whoever asks."""
    return parties_of(exchange).filter(kind=PartyKind.CLIENT).exists()


def is_open(exchange: Exchange) -> bool:
    """Whether it is neither being prepared, nor resting, nor closed."""
    return exchange.state == ExchangeState.OPEN
