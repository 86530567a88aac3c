"""What waits of sealed benchmarks."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from upturn.exchange.queries.benchmarks import benchmarks_of
from upturn.exchange.queries.sight import reads_inside
from upturn.exchange.queries.waiting.one import Waiting

if TYPE_CHECKING:
    from upturn.exchange.models import Exchange
    from upturn.exchange.queries.sight import Viewer

SAID: Mapping[str, Any] = {
    "roster": _("{name}: sign the roster of the benchmark."),
    "ballot": _("{name}: enter your figures and seal them."),
    "confirmation": _("{name}: confirm the list of ballots."),
    "sums": _("{name}: open the benchmark together with the others."),
}


def waiting(viewer: "Viewer", exchange: "Exchange") -> "Iterator[Waiting]":
    """Give the rounds that wait for the viewer's company."""
    if not reads_inside(viewer, exchange):
        return
    for each in benchmarks_of(viewer, exchange, running=True):
        if each.waits_for:
            said = format_lazy(SAID[each.waits_for], name=each.name)
            yield Waiting(said, "benchmark", (exchange.ref, each.ref))
