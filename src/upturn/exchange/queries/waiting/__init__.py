"""What waits for a viewer of an exchange, from every side of it, for its first page."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from upturn.exchange.queries.waiting import benchmarks, hosting, meeting, talking
from upturn.exchange.queries.waiting.one import Waiting

if TYPE_CHECKING:
    from upturn.exchange.models import Exchange
    from upturn.exchange.queries.sight import Viewer

__all__ = ["Waiting", "waiting"]
SIDES = (hosting, talking, benchmarks, meeting)


def waiting(viewer: "Viewer", exchange: "Exchange") -> Iterator[Waiting]:
    """Give what waits for the viewer, each with the page on which it is done."""
    for side in SIDES:
        yield from side.waiting(viewer, exchange)
