"""The first page of an exchange: who looks, how far that party is in, and what waits for it."""

from dataclasses import dataclass
from datetime import date

from upturn.exchange.models import Exchange
from upturn.exchange.queries.hosting import PartySeen, parties
from upturn.exchange.queries.sight import Viewer, own_party, reads_inside
from upturn.exchange.queries.sittings import Sitting
from upturn.exchange.queries.waiting import Waiting, waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """How somebody stands in an exchange; the own party's steps are empty for who keeps it.

    `inside` says that what was released may be read: the charter that holds is signed.
    """

    parties: tuple[PartySeen, ...]
    mine: PartySeen | None
    rung: int
    has_keys: bool
    compared_on: date | None
    inside: bool
    waiting: tuple[Waiting, ...]


def here(viewer: Viewer, exchange: Exchange) -> Here:
    """Give the first page to anybody of the exchange.

    Raises
    ------
    Exchange.DoesNotExist
    """
    all_here = parties(viewer, exchange)
    mine = next((each for each in all_here if each.mine), None)
    rung = own_party(viewer).rung if isinstance(viewer, Sitting) else 0
    return Here(
        parties=all_here,
        mine=mine,
        rung=rung,
        has_keys=mine is not None and bool(mine.signs),
        compared_on=mine.compared_on if mine else None,
        inside=reads_inside(viewer, exchange),
        waiting=waiting(viewer, exchange),
    )
