"""The sealed benchmark of the example exchange, each ballot made as its company's device would."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from upturn.exchange.commands import benchmarks, closing_benchmarks, sealed
from upturn.exchange.engine.ballot import (
    Benchmark,
    Draw,
    Memory,
    Received,
    confirm,
    open_sums,
    read_ballot,
    read_confirmation,
    read_list,
    read_roster,
    read_sheet,
    seal,
)
from upturn.exchange.queries.benchmarks import ForDevice, for_device

if TYPE_CHECKING:
    from upturn.house.demo_exchange import DemoExchange, DemoParty

OPENED_BEFORE, LASTED, PERIOD, OLD_ENOUGH = 40, 7, 90, 95
"""Days: since it began, how long ballots came in, what it is about, and how old that was."""


def hold_benchmark(made: "DemoExchange", figures: Sequence[Mapping[str, float]]) -> None:
    """Draft it, sign the roster, seal, close, confirm and open."""
    asked = made.told["benchmark"]
    opens, closes = made.at(OPENED_BEFORE), made.at(OPENED_BEFORE - LASTED)
    ends = made.day(OPENED_BEFORE + OLD_ENOUGH)
    draft = benchmarks.BenchmarkDraft(
        key="demo benchmark 1",
        name=asked["name"],
        metrics=tuple(benchmarks.MetricAsked(code) for code in asked["metrics"]),
        period=(ends - timedelta(days=PERIOD), ends),
        opens_at=opens,
        closes_at=closes,
    )
    ref = benchmarks.draft_sheet(made.convener, made.exchange, draft, now=opens).ref
    for party in made.members:
        roster = for_device(party.sitting, ref).roster
        benchmarks.sign_roster(party.sitting, ref, signature=party.key.sign(roster))
    own = [[told[code] for code in asked["metrics"]] for told in figures]
    memories = [
        _seal(party, ref, each, now=opens + timedelta(hours=at))
        for at, (party, each) in enumerate(zip(made.members, own, strict=True))
    ]
    closing_benchmarks.close_due(closes)
    memories = [
        _confirm(party, ref, memory) for party, memory in zip(made.members, memories, strict=True)
    ]
    for party, memory in zip(made.members, memories, strict=True):
        packet = for_device(party.sitting, ref)
        if not packet.totals:  # it opens as soon as enough sums are in
            sealed.take_sums(party.sitting, ref, _sums(party, packet, memory), now=closes)


def _benchmark(packet: ForDevice) -> Benchmark:
    return Benchmark(read_roster(packet.roster), read_sheet(packet.sheet))


def _seal(party: "DemoParty", ref: str, figures: Sequence[float], *, now: datetime) -> Memory:
    benchmark = _benchmark(for_device(party.sitting, ref))
    sheet = benchmark.sheet
    bins = [metric.bin_of(figure) for metric, figure in zip(sheet.metrics, figures, strict=True)]
    ballot, memory = seal(
        party.key, benchmark, bins, memory=Memory(sheet.round_id), draw=_drawing(party.name)
    )
    sealed.take_ballot(party.sitting, ref, ballot.written(), now=now)
    return memory


def _drawing(name: str) -> Draw:
    """Bytes that repeat, so that the demo is the same each time; real devices draw by chance."""
    blocks = _blocks(name)
    left = bytearray()

    def draw(many: int) -> bytes:
        while len(left) < many:
            left.extend(next(blocks))
        drawn = bytes(left[:many])
        del left[:many]
        return drawn

    return draw


def _blocks(name: str) -> Iterator[bytes]:
    at = 0
    while True:
        at += 1
        yield hashlib.sha512(f"upturn demo ballot {name} {at}".encode()).digest()


def _received(packet: ForDevice) -> dict[int, Received]:
    return {at: Received(read_ballot(sent), box) for at, (sent, box) in packet.ballots.items()}


def _confirm(party: "DemoParty", ref: str, memory: Memory) -> Memory:
    packet = for_device(party.sitting, ref)
    said, memory = confirm(
        party.key,
        _benchmark(packet),
        read_list(packet.accepted),
        received=_received(packet),
        memory=memory,
    )
    sealed.take_confirmation(party.sitting, ref, said.written())
    return memory


def _sums(party: "DemoParty", packet: ForDevice, memory: Memory) -> bytes:
    sums, _memory = open_sums(
        party.key,
        _benchmark(packet),
        read_list(packet.accepted),
        received=_received(packet),
        confirmations=map(read_confirmation, packet.confirmations),
        memory=memory,
    )
    return sums.written()
