"""What a round of the sealed benchmark costs, party by party, in processor time.

Twenty metrics at the default bins, all companies in one process. Run
``python -m benchmarks.exchange.ballot`` (about a minute), or with ``--companies 6`` for the small
round alone; the answer is 1 if a bar is missed.
"""

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from secrets import randbelow, token_bytes
from statistics import median
from time import process_time
from typing import TypeVar

from upturn.exchange.engine.ballot import (
    AcceptedList,
    AuditBundle,
    Ballot,
    Benchmark,
    Confirmation,
    Key,
    Member,
    Memory,
    Metric,
    Received,
    Roster,
    Sheet,
    Sums,
    Totals,
    accept,
    add_up,
    all_signed,
    bins_for,
    colluders,
    confirm,
    for_holder,
    new_key,
    open_sums,
    seal,
    sign_roster,
    take,
    thresholds,
    verify,
    with_verdict,
    write_bundle,
)

METRICS, CONFIRM_AT_MOST = 20, 6
BARS = {
    6: {"seal": 0.2, "open": 0.03, "add up": 0.1, "whole round": 3.0},
    50: {"seal": 0.5, "open": 0.03, "add up": 0.5, "a company": 0.6},
}
Found = TypeVar("Found")


@dataclass
class Times:
    """Processor seconds of each kind of work."""

    of: dict[str, list[float]] = field(default_factory=dict)

    def __call__(self, what: str, work: Callable[[], Found]) -> Found:
        """Do it, and write down how long it took."""
        begun = process_time()
        found = work()
        self.of.setdefault(what, []).append(process_time() - begun)
        return found

    def line(self, what: str, most: float | None) -> str:
        """Median, least and most in milliseconds, and the bar."""
        some = self.of[what]
        bar = f"  bar {1000 * most:.0f}" if most else ""
        spread = " - ".join(f"{1000 * one:.1f}" for one in (min(some), max(some)))
        return f"  {what:18}{1000 * median(some):9.1f} ms  ({spread}, n {len(some)}){bar}"


@dataclass
class Companies:
    """Everybody's keys and memories, and the round they are in."""

    benchmark: Benchmark
    keys: dict[int, Key]
    memories: dict[int, Memory]
    ballots: dict[int, Ballot] = field(default_factory=dict)

    def received(self, holder: int) -> dict[int, Received]:
        """What the host sends to one of them."""
        return {at: for_holder(ballot, holder) for at, ballot in self.ballots.items()}


def companies(n: int) -> Companies:
    """A made-up roster and a sheet of twenty metrics."""
    keys = {at: new_key(token_bytes) for at in range(1, n + 1)}
    members = (Member(f"C{at}", f"C{at}", key.public) for at, key in keys.items())
    roster, asked, round_id = Roster("Made up", tuple(members)), thresholds(n), token_bytes(16)
    edges = tuple(str(10 * at) for at in range(1, bins_for(n) - 1))
    metrics = (Metric(f"Metric {at}", "%", edges, "0", "1000") for at in range(METRICS))
    sheet = Sheet(
        round_id=round_id,
        roster=roster.hash,
        metrics=tuple(metrics),
        period=("2026-04-01", "2026-06-30"),
        opens_at=0,
        closes_at=1,
        members=n,
        asked=asked,
        promised=colluders(n, asked),
    )
    memories = dict.fromkeys(keys, Memory(round_id))
    return Companies(Benchmark(roster, sheet), keys, memories)


def submit(all_of: Companies, times: Times) -> None:
    """Everybody seals; the host checks at the door."""
    benchmark = all_of.benchmark
    for at, key in all_of.keys.items():
        bins = [randbelow(metric.bins) for metric in benchmark.sheet.metrics]
        made, all_of.memories[at] = times(
            "seal",
            lambda key=key, bins=bins, at=at: seal(
                key, benchmark, bins, memory=all_of.memories[at], draw=token_bytes
            ),
        )
        all_of.ballots[at] = times(
            "check a ballot", lambda made=made: take(benchmark, made, held=None, received_at=0)
        )


def confirmed(all_of: Companies, listed: AcceptedList, times: Times) -> list[Confirmation]:
    """The first few check everything; the others sign without, to save time here."""
    said = []
    for at, key in all_of.keys.items():
        received = all_of.received(at)
        if at <= CONFIRM_AT_MOST and (at == 1 or len(all_of.keys) <= CONFIRM_AT_MOST):
            one, all_of.memories[at] = times(
                "confirm",
                lambda key=key, received=received, at=at: confirm(
                    key,
                    all_of.benchmark,
                    listed,
                    received=received,
                    memory=all_of.memories[at],
                ),
            )
        else:
            one = unchecked(key, listed, at)
            seen = all_of.memories[at]
            all_of.memories[at] = Memory(seen.round_id, 1, seen.ballot, listed.hash)
        said.append(one)
    return said


def unchecked(key: Key, listed: AcceptedList, index: int) -> Confirmation:
    """A signature on a list that nobody looked at."""
    bare = Confirmation(listed.round_id, listed.hash, index)
    return Confirmation(listed.round_id, listed.hash, index, key.sign(bare.said()))


def opened(
    all_of: Companies, listed: AcceptedList, said: list[Confirmation], times: Times
) -> list[Sums]:
    """Everybody's sums."""
    boxes = {at: all_of.received(at) for at in all_of.keys}
    return [
        times(
            "open",
            lambda key=key, at=at: open_sums(
                key,
                all_of.benchmark,
                listed,
                received=boxes[at],
                confirmations=said,
                memory=all_of.memories[at],
            ),
        )[0]
        for at, key in all_of.keys.items()
    ]


def audited(
    all_of: Companies,
    listed: AcceptedList,
    said: list[Confirmation],
    sums: list[Sums],
    totals: Totals,
) -> bytes:
    """The bundle of this round."""
    roster = all_of.benchmark.roster
    signed = (sign_roster(roster, key) for key in all_of.keys.values())
    return write_bundle(
        with_verdict(
            AuditBundle(
                roster=all_signed(roster, dict(signed)),
                sheet=all_of.benchmark.sheet,
                listed=listed,
                ballots=tuple(ballot.public() for ballot in all_of.ballots.values()),
                confirmations=tuple(said),
                sums=tuple(sums),
                totals=totals,
            )
        )
    )


def one_round(n: int, times: Times) -> tuple[int, int]:
    """Play a round; bytes of a ballot and of the bundle."""
    all_of = companies(n)
    submit(all_of, times)
    listed = accept(all_of.benchmark, all_of.ballots.values())
    said = confirmed(all_of, listed, times)
    sums = opened(all_of, listed, said, times)
    tally = times(
        "add up",
        lambda: add_up(all_of.benchmark, listed, ballots=all_of.ballots, sums=sums),
    )
    written = audited(all_of, listed, said, sums, tally.totals)
    if not all(step.holds for step in times("verify", lambda: verify(written))):
        sys.exit("The bundle of this round does not hold.")
    return len(all_of.ballots[1].written()), len(written)


def report(n: int, rounds: int) -> bool:
    """Print one size of exchange; whether every bar holds."""
    times, bars = Times(), BARS[n]
    for _ in range(rounds):
        ballot, bundle = one_round(n, times)
        each = {what: median(times.of[what]) for what in times.of}
        once = n * (each["seal"] + each["check a ballot"] + each["open"]) + each["add up"]
        times.of.setdefault("whole round", []).append(once + n * each["confirm"])
        times.of.setdefault("a company", []).append(once / n)
    k = METRICS * bins_for(n)
    formula = 64 * n * k + 48 * n + 224 * k
    sys.stdout.write(
        f"{n} companies, {METRICS} metrics, K = {k}; ballot {ballot:,} bytes, formula {formula:,} "
        f"({ballot / formula - 1:+.1%}); bundle {bundle:,} bytes\n"
    )
    for what in times.of:
        sys.stdout.write(times.line(what, bars.get(what)) + "\n")
    return all(median(times.of[what]) <= most for what, most in bars.items())


def main() -> int:
    """Both sizes, or the one asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--companies", type=int, choices=sorted(BARS))
    asked = parser.parse_args().companies
    sizes = [asked] if asked else sorted(BARS)
    missed = [n for n in sizes if not report(n, 7 if n == 6 else 1)]
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
