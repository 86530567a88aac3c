"""A sealed benchmark through the commands, with each company's device beside it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any

from tests.exchange import factories as make
from upturn.exchange.commands import benchmarks, closing_benchmarks, sealed
from upturn.exchange.engine.ballot import Benchmark as Sealed
from upturn.exchange.engine.ballot import (
    Memory,
    Received,
    read_ballot,
    read_confirmation,
    read_list,
    read_roster,
    read_sheet,
    seal,
)
from upturn.exchange.engine.ballot import confirm as confirm_list
from upturn.exchange.engine.ballot import open_sums as open_round
from upturn.exchange.models import Benchmark, BenchmarkState
from upturn.exchange.queries.benchmarks import ForDevice, for_device

OPENS = datetime(2026, 11, 23, 9, tzinfo=UTC)
CLOSES = OPENS + timedelta(days=7)
SENT = OPENS + timedelta(hours=3)
CODES = ("repeat_contact", "coaching")


def draft(**changes: Any) -> benchmarks.BenchmarkDraft:
    given: dict[str, Any] = {
        "key": "0123456789abcdef",
        "name": "Spring",
        "metrics": tuple(benchmarks.MetricAsked(code) for code in CODES),
        "period": (date(2026, 4, 1), date(2026, 6, 30)),
        "opens_at": OPENS,
        "closes_at": CLOSES,
    }
    return benchmarks.BenchmarkDraft(**given | changes)


@dataclass
class Device:
    """A company's own side: its key and what it remembers."""

    company: make.Company
    ref: str
    memory: Memory = field(default_factory=lambda: Memory(b""))

    @property
    def packet(self) -> ForDevice:
        return for_device(self.company.sitting, self.ref)

    @property
    def benchmark(self) -> Sealed:
        packet = self.packet
        return Sealed(read_roster(packet.roster), read_sheet(packet.sheet))

    def seal(self, *figures: float | None) -> bytes:
        asked = self.benchmark
        if not self.memory.round_id:
            self.memory = Memory(asked.sheet.round_id)
        bins = [
            metric.bin_of(figure)
            for metric, figure in zip(asked.sheet.metrics, figures, strict=True)
        ]
        ballot, self.memory = seal(
            self.company.key, asked, bins, memory=self.memory, draw=self._draw()
        )
        return ballot.written()

    def _draw(self) -> Any:
        name, said = self.company.name, {"at": 0}

        def draw(many: int) -> bytes:
            blocks = b""
            while len(blocks) < many:
                said["at"] += 1
                seed = f"{name} {self.memory.serial} {said['at']}"
                blocks += sha256(seed.encode()).digest()
            return blocks[:many]

        return draw

    def received(self) -> dict[int, Received]:
        return {
            at: Received(read_ballot(ballot), box)
            for at, (ballot, box) in self.packet.ballots.items()
        }

    def confirm(self) -> bytes:
        listed = read_list(self.packet.accepted)
        said, self.memory = confirm_list(
            self.company.key,
            self.benchmark,
            listed,
            received=self.received(),
            memory=self.memory,
        )
        return said.written()

    def open(self) -> bytes:
        packet = self.packet
        sums, self.memory = open_round(
            self.company.key,
            self.benchmark,
            read_list(packet.accepted),
            received=self.received(),
            confirmations=map(read_confirmation, packet.confirmations),
            memory=self.memory,
        )
        return sums.written()


@dataclass
class Round:
    """A drafted round and the devices of its companies."""

    made: make.Made
    ref: str
    devices: dict[str, Device]

    @property
    def row(self) -> Benchmark:
        return Benchmark.objects.get(ref=self.ref)

    def sign(self, *names: str) -> None:
        for name in names or tuple(self.devices):
            company = self.made[name]
            signature = company.key.sign(bytes(self.row.roster))
            benchmarks.sign_roster(company.sitting, self.ref, signature=signature)

    def hand_in(self, figures: Mapping[str, tuple[float | None, ...]]) -> dict[str, bytes]:
        sent = {}
        for name, own in figures.items():
            sent[name] = self.devices[name].seal(*own)
            sealed.take_ballot(self.made[name].sitting, self.ref, sent[name], now=SENT)
        return sent

    def close(self, now: datetime = CLOSES) -> None:
        closing_benchmarks.close_due(now)

    def confirm(self, names: Iterable[str] = ()) -> None:
        for name in names or tuple(self.devices):
            said = self.devices[name].confirm()
            sealed.take_confirmation(self.made[name].sitting, self.ref, said)

    def open(self, names: Iterable[str] = ()) -> None:
        for name in names or tuple(self.devices):
            if self.row.state == BenchmarkState.OPENED:
                return  # the boxes are erased, and nobody's sums are waited for
            sums = self.devices[name].open()
            sealed.take_sums(self.made[name].sitting, self.ref, sums, now=CLOSES)


def drafted(made: make.Made, **changes: Any) -> Round:
    row = benchmarks.draft_sheet(made.convener, made.exchange, draft(**changes), now=OPENS)
    devices = {each.name: Device(each, row.ref) for each in made.members}
    return Round(made, row.ref, devices)


def figures(made: make.Made) -> dict[str, tuple[float, float]]:
    """What each company counted, different for each."""
    return {each.name: (4.0 + 4 * at, 0.4 + 0.7 * at) for at, each in enumerate(made.members)}


def submitted(made: make.Made, **changes: Any) -> Round:
    asked = drafted(made, **changes)
    asked.sign()
    asked.hand_in(figures(made))
    return asked


def whole(made: make.Made, **changes: Any) -> Round:
    asked = submitted(made, **changes)
    asked.close(changes.get("closes_at", CLOSES))
    asked.confirm()
    asked.open()
    return asked


def later(made: make.Made, asked: Round, **changes: Any) -> Round:
    """Draft the next round, a quarter later."""
    quarter = timedelta(days=100)
    given = {
        "key": "fedcba9876543210",
        "period": (date(2026, 7, 1), date(2026, 9, 30)),
        "opens_at": OPENS + quarter,
        "closes_at": CLOSES + quarter,
    }
    return replace(drafted(made, **given | changes), made=asked.made)
