"""Whole rounds in one process: companies, host and everything they send each other."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from upturn.exchange.engine.ballot import (
    AcceptedList,
    AuditBundle,
    Ballot,
    Benchmark,
    Confirmation,
    Draw,
    Key,
    Member,
    Memory,
    Metric,
    Received,
    Roster,
    Sheet,
    SignedRoster,
    Sums,
    Tally,
    accept,
    add_up,
    all_signed,
    bins_for,
    colluders,
    confirm,
    for_holder,
    open_sums,
    seal,
    sign_roster,
    take,
    thresholds,
    with_verdict,
)
from upturn.exchange.engine.ballot.group import (
    ORDER,
    commit,
    draw_scalars,
    read_scalars,
    write_scalars,
)
from upturn.exchange.engine.ballot.proofs import prove_tick, write_sum

ROUND_ID = bytes(range(16))
OPENS, CLOSES = 1_790_000_000, 1_790_604_800


def drawn_from(seed: str) -> Draw:
    """Bytes that repeat: SHA-512 of the seed and a counter, block after block.

    The very source with which the vectors for other languages were made.
    """
    state = {"block": 0, "left": b""}

    def draw(count: int) -> bytes:
        parts, have = [state["left"]], len(state["left"])
        while have < count:
            block = int(state["block"]).to_bytes(8, "big")
            parts.append(hashlib.sha512(seed.encode() + block).digest())
            state["block"], have = int(state["block"]) + 1, have + 64
        whole = b"".join(parts)
        state["left"] = whole[count:]
        return whole[:count]

    return draw


def key_of(index: int) -> Key:
    return Key(hashlib.sha256(f"company {index}".encode()).digest())


def metric(bins: int, name: str = "Answered in time") -> Metric:
    edges = tuple(str(70 + 5 * at) for at in range(bins - 2))
    return Metric(name, "%", edges, "60", str(70 + 5 * bins))


def roster_of(n: int, *, called: Sequence[str] | None = None) -> Roster:
    names = called or [f"Company {index}" for index in range(1, n + 1)]
    members = (Member(name, name, key_of(at).public) for at, name in enumerate(names, 1))
    return Roster("Suppliers of Northern Water", tuple(members))


def benchmark_of(
    n: int,
    *,
    metrics: int = 2,
    all_confirm: bool = False,
    promised: int | None = None,
    before: tuple[str, ...] = (),
) -> Benchmark:
    roster, asked = roster_of(n), thresholds(n, all_confirm=all_confirm)
    sheet = Sheet(
        round_id=ROUND_ID,
        roster=roster.hash,
        metrics=tuple(metric(bins_for(n), f"Metric {at}") for at in range(1, metrics + 1)),
        period=("2026-04-01", "2026-06-30"),
        opens_at=OPENS,
        closes_at=CLOSES,
        members=n,
        asked=asked,
        promised=promised or colluders(n, asked),
        before=before,
    )
    return Benchmark(roster, sheet)


@dataclass
class Company:
    """One company's device: a key, a memory of the round, and what it put in."""

    index: int
    benchmark: Benchmark
    memory: Memory = field(default_factory=lambda: Memory(ROUND_ID))

    @property
    def key(self) -> Key:
        return key_of(self.index)

    def seal(self, bins: Sequence[int]) -> Ballot:
        draw = drawn_from(f"ballot {self.index} {self.memory.serial + 1}")
        ballot, self.memory = seal(self.key, self.benchmark, bins, memory=self.memory, draw=draw)
        return ballot

    def confirm(self, listed: AcceptedList, ballots: Mapping[int, Ballot]) -> Confirmation:
        received = self.receive(listed, ballots)
        said, self.memory = confirm(
            self.key, self.benchmark, listed, received=received, memory=self.memory
        )
        return said

    def open(
        self,
        listed: AcceptedList,
        ballots: Mapping[int, Ballot],
        confirmations: Iterable[Confirmation],
    ) -> Sums:
        sums, self.memory = open_sums(
            self.key,
            self.benchmark,
            listed,
            received=self.receive(listed, ballots),
            confirmations=confirmations,
            memory=self.memory,
        )
        return sums

    def receive(self, listed: AcceptedList, ballots: Mapping[int, Ballot]) -> dict[int, Received]:
        return {i: for_holder(ballots[i], self.index) for i, _ in listed.ballots if i in ballots}


@dataclass
class Round:
    """A benchmark with its companies, and what has been sent so far."""

    benchmark: Benchmark
    companies: dict[int, Company]
    ballots: dict[int, Ballot]

    def listed(self, *indices: int) -> AcceptedList:
        chosen = indices or tuple(self.ballots)
        return accept(self.benchmark, [self.ballots[index] for index in chosen])

    def confirmations(self, listed: AcceptedList, *indices: int) -> list[Confirmation]:
        chosen = indices or tuple(self.companies)
        return [self.companies[index].confirm(listed, self.ballots) for index in chosen]

    def sums(
        self, listed: AcceptedList, confirmations: Sequence[Confirmation], *indices: int
    ) -> list[Sums]:
        chosen = indices or tuple(self.companies)
        return [self.companies[at].open(listed, self.ballots, confirmations) for at in chosen]

    def tally(self, listed: AcceptedList, sums: Iterable[Sums]) -> Tally:
        return add_up(self.benchmark, listed, ballots=self.ballots, sums=sums)


def submitted(benchmark: Benchmark, bins: Mapping[int, Sequence[int]]) -> Round:
    """Everybody's ballot at the host's door, taken in time."""
    companies = {at: Company(at, benchmark) for at in range(1, len(benchmark.roster) + 1)}
    ballots = {
        at: take(benchmark, companies[at].seal(chosen), held=None, received_at=OPENS)
        for at, chosen in bins.items()
    }
    return Round(benchmark, companies, ballots)


def choices(n: int, metrics: int = 2) -> dict[int, list[int]]:
    """Bins that differ between companies and metrics."""
    return {
        at: [(at * (m + 2) + m) % bins_for(n) for m in range(metrics)] for at in range(1, n + 1)
    }


def signed_roster(roster: Roster) -> SignedRoster:
    signed = (sign_roster(roster, key_of(at)) for at in range(1, len(roster) + 1))
    return all_signed(roster, dict(signed))


def bundle_of(n: int = 6, *, metrics: int = 2) -> AuditBundle:
    """A round that everybody confirmed and opened."""
    held = submitted(benchmark_of(n, metrics=metrics), choices(n, metrics))
    listed = held.listed()
    confirmations = held.confirmations(listed)
    sums = held.sums(listed, confirmations)
    return with_verdict(
        AuditBundle(
            roster=signed_roster(held.benchmark.roster),
            sheet=held.benchmark.sheet,
            listed=listed,
            ballots=tuple(ballot.public() for ballot in held.ballots.values()),
            confirmations=tuple(confirmations),
            sums=tuple(sums),
            totals=held.tally(listed, sums).totals,
        )
    )


def signed_again(ballot: Ballot, key: Key) -> Ballot:
    """A ballot that was changed, under a fresh signature of whoever changed it."""
    return replace(ballot, signature=key.sign(ballot.head))


@cache
def whole(n: int = 6) -> Round:
    """Everybody's ballot in; tests that confirm or open take `fresh`."""
    return submitted(benchmark_of(n, metrics=1), choices(n, 1))


def fresh(n: int = 6) -> Round:
    """The same round with devices of its own, so that a test may let them sign."""
    made = whole(n)
    companies = {at: Company(at, made.benchmark, one.memory) for at, one in made.companies.items()}
    return Round(made.benchmark, companies, dict(made.ballots))


def opened(n: int = 6) -> tuple[Round, AcceptedList, list[Sums]]:
    held = fresh(n)
    listed = held.listed()
    return held, listed, held.sums(listed, held.confirmations(listed))


def forged(benchmark: Benchmark, index: int, ticks: list[int]) -> Ballot:
    """A ballot whose bins hold what they like, with proofs as good as can be made."""
    held = whole(len(benchmark.roster)).ballots[index]
    blindings = draw_scalars(drawn_from("forged"), len(ticks))
    made = [
        prove_tick(
            benchmark.context(index),
            k,
            tick=int(tick > 0),
            blinding=blinding,
            drawn=draw_scalars(drawn_from(f"forged {k}"), 3),
        )
        for k, (tick, blinding) in enumerate(zip(ticks, blindings, strict=True))
    ]
    values = zip(ticks, blindings, made, strict=True)
    points = [
        proved[0] if tick in (0, 1) else commit(tick % ORDER, blinding)
        for tick, blinding, proved in values
    ]
    changed = replace(
        held,
        commitments=b"".join(points),
        proofs=b"".join(proof for _, proof in made),
        sum_proofs=b"".join(
            write_sum(blindings[first:after]) for first, after in benchmark.sheet.spans
        ),
    )
    return signed_again(changed, key_of(index))


def wrong(sums: Sums, *, by: int = 1) -> Sums:
    """One more in the first bin than there are, signed all the same."""
    values = read_scalars(sums.values)
    values[0] = (values[0] + by) % ORDER
    changed = replace(sums, values=write_scalars(values))
    return replace(changed, signature=key_of(sums.index).sign(changed.said()))


def share_of(held: Round, index: int, holder: int) -> list[int]:
    box = held.ballots[index].boxes[holder - 1]
    return read_scalars(key_of(holder).open(box)[32:])
