"""How the twelve conditions of collaborating held, meeting by meeting."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from upturn.exchange.engine.trends import Trend, counted, trends
from upturn.exchange.models import Exchange, Meeting

SHOWN = 8
"""The latest meetings; older ones would make the picture of a phone a comb."""


@dataclass(frozen=True, slots=True)
class HeldSoFar:
    """Meetings of which at least five people said what held, the first first, and the trends."""

    meetings: tuple[datetime, ...]
    trends: Mapping[str, Trend]


def held_in(exchange: Exchange) -> HeldSoFar:
    """Give the trend of each condition to a read that has looked at its viewer."""
    rows = Meeting.objects.filter(exchange=exchange).order_by("at", "pk")
    told = [row for row in rows.values_list("at", "made_it_work") if counted(row[1])][-SHOWN:]
    return HeldSoFar(tuple(at for at, _held in told), trends([held for _at, held in told]))
