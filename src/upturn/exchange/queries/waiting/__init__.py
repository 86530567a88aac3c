"""What waits for a viewer of an exchange, from every side of it, for its first page."""

from typing import TYPE_CHECKING

from upturn.exchange.queries.sight import check_see
from upturn.exchange.queries.waiting import benchmarks, hosting, meeting, talking
from upturn.exchange.queries.waiting.one import Waiting

if TYPE_CHECKING:
    from upturn.exchange.models import Exchange
    from upturn.exchange.queries.sight import Viewer

__all__ = ["Waiting", "waiting"]
SIDES = (hosting, talking, benchmarks, meeting)


def waiting(viewer: "Viewer", exchange: "Exchange") -> tuple[Waiting, ...]:
    """Give what waits for the viewer, each with the page on which it is done.

    Raises
    ------
    Exchange.DoesNotExist
    """
    check_see(viewer, exchange)
    return tuple(each for side in SIDES for each in side.waiting(viewer, exchange))
