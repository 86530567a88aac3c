"""Messages of a sealed benchmark, whichever way they come: from a page, or by a signed request."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.http import HttpRequest

from upturn.exchange.commands import benchmarks, sealed
from upturn.exchange.models import MessageKind
from upturn.exchange.queries.benchmarks import for_device

if TYPE_CHECKING:
    from upturn.exchange.models import Benchmark
    from upturn.exchange.queries.sittings import Sitting

OCTETS = "application/octet-stream"
Take = Callable[["Sitting", str, bytes, datetime], "Benchmark"]
_TAKES: Mapping[str, Take] = {
    MessageKind.ROSTER: lambda sitting, ref, content, _now: benchmarks.sign_roster(
        sitting, ref, signature=content
    ),
    MessageKind.BALLOT: lambda sitting, ref, content, now: sealed.take_ballot(
        sitting, ref, content, now=now
    ),
    MessageKind.CONFIRMATION: lambda sitting, ref, content, _now: sealed.take_confirmation(
        sitting, ref, content
    ),
    MessageKind.SUMS: lambda sitting, ref, content, now: sealed.take_sums(
        sitting, ref, content, now=now
    ),
}
KINDS = frozenset(_TAKES)


def body_of(request: HttpRequest) -> bytes:
    """Read what came, and one byte more than is taken: a command says so of too large ones."""
    return bytes(request.read(sealed.LARGEST + 1))


def take(
    sitting: "Sitting", ref: str, kind: str, content: bytes, *, now: datetime
) -> dict[str, object]:
    """Hand a message to its command, and tell its sender where the round stands now."""
    row = _TAKES[kind](sitting, ref, content, now)
    return {"ok": True, "state": str(row.state)}


def packet_for(sitting: "Sitting", ref: str) -> bytes:
    """Write down what the sitting's own device needs for its next step."""
    from upturn.exchange.engine.ballot import Packet  # noqa: PLC0415 - libsodium

    found = for_device(sitting, ref)
    return Packet(
        state=str(found.state),
        roster=found.roster,
        signatures=found.signatures,
        sheet=found.sheet,
        index=found.index,
        serial=found.serial,
        accepted=found.accepted,
        ballots=tuple((at, *parts) for at, parts in sorted(found.ballots.items())),
        confirmations=found.confirmations,
        totals=found.totals,
    ).written()
