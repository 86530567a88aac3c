"""The first page of an exchange: who takes part, and what waits for who looks."""

from dataclasses import dataclass

from upturn.exchange.models import Exchange
from upturn.exchange.queries.hosting import PartySeen, parties
from upturn.exchange.queries.sight import Viewer
from upturn.exchange.queries.waiting import Waiting, waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """What an exchange is to somebody who comes in."""

    parties: tuple[PartySeen, ...]
    waiting: tuple[Waiting, ...]


def here(viewer: Viewer, exchange: Exchange) -> Here:
    """Give the first page to anybody of the exchange.

    Raises
    ------
    Exchange.DoesNotExist
    """
    return Here(parties=parties(viewer, exchange), waiting=waiting(viewer, exchange))
