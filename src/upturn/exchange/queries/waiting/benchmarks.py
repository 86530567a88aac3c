"""What waits of sealed benchmarks."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from upturn.exchange.models import Exchange
    from upturn.exchange.queries.sight import Viewer
    from upturn.exchange.queries.waiting.one import Waiting


def waiting(viewer: "Viewer", exchange: "Exchange") -> "Iterator[Waiting]":  # noqa: ARG001
    """Give what waits for the viewer here."""
    yield from ()
