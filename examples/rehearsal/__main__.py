"""Plays the host and five other companies, so that you can rehearse a sealed benchmark.

Run it again whenever you have sealed or opened: it does what the others do next.
"""

import argparse
import sys
from collections.abc import Callable
from hashlib import shake_256
from pathlib import Path
from typing import TypeVar

from upturn.exchange.engine import METRICS, default_edges
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
    Roster,
    Sheet,
    accept,
    add_up,
    all_signed,
    bins_for,
    colluders,
    confirm,
    for_holder,
    name_in,
    open_sums,
    read_ballot,
    read_confirmation,
    read_key_file,
    read_list,
    read_sheet,
    read_signed_roster,
    read_sums,
    seal,
    sign_roster,
    thresholds,
    with_verdict,
    write_bundle,
)

ROUND = shake_256(b"rehearsal").digest(16)
OPENS, CLOSES = 1_795_000_000, 1_795_600_000
OTHERS = ("Amber Line", "Harbour Calls", "Northwind Care", "Tandem Voice", "Willow Desk")
ASKED = {
    # What each of the others would answer, drawn once by hand; synthetic like all examples.
    "repeat_contact": (12.5, 17.0, 9.8, 21.4, 14.2),
    "transferred": (8.1, 6.9, 13.0, 9.5, 18.8),
    "not_solved_first": (24.0, 31.5, 20.2, 39.0, 27.7),
}
Message = TypeVar("Message")
OWN = {"repeat_contact": 15.5, "transferred": 7.0, "not_solved_first": 41.0}


def drawn_from(seed: str) -> Draw:
    """Random bytes that repeat, so that the others send the same at every run."""
    state = {"taken": 0}

    def draw(count: int) -> bytes:
        start = state["taken"]
        state["taken"] = start + count
        return shake_256(seed.encode()).digest(start + count)[start:]

    return draw


def key_of(other: str) -> Key:
    """The key of one of the others."""
    return Key(shake_256(f"key of {other}".encode()).digest(32))


class Rehearsal:
    """The folder of a round, in which each side puts what it would send."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def next(self, key_file: Path) -> str:
        """Do what the host and the others do next, and say what it was."""
        if not (self.folder / "sheet.bin").exists():
            return self.begin(key_file)
        if not (self.folder / "list.bin").exists():
            return self.close()
        if not (self.folder / "round.zip").exists():
            return self.publish()
        return "The round is over. Check it: upturn verify " + str(self.folder / "round.zip")

    def begin(self, key_file: Path) -> str:
        """Put you on the roster, have everybody sign it, and ask three metrics."""
        key, company = read_key_file(key_file.read_text("utf-8"))
        keys = [key, *map(key_of, OTHERS)]
        names = (company, *OTHERS)
        rows = zip(names, keys, strict=True)
        roster = Roster("Rehearsal", tuple(Member(name, name, one.public) for name, one in rows))
        asked = thresholds(len(roster))
        sheet = Sheet(
            round_id=ROUND,
            roster=roster.hash,
            metrics=tuple(metric_of(code, len(roster)) for code in ASKED),
            period=("2026-04-01", "2026-06-30"),
            opens_at=OPENS,
            closes_at=CLOSES,
            members=len(roster),
            asked=asked,
            promised=colluders(len(roster), asked),
        )
        signed = all_signed(roster, dict(sign_roster(roster, one) for one in keys))
        self.put("roster.bin", signed.written())
        self.put("sheet.bin", sheet.written)
        lines = [f"{METRICS[code].name['en']},{figure}" for code, figure in OWN.items()]
        self.put("figures.csv", "\n".join(["metric,figure", *lines, ""]).encode())
        return f"Six companies signed the roster, {company} among them. Now seal your figures."

    def close(self) -> str:
        """Have the others seal, make the accepted list, and have them confirm it."""
        made = [self.sealed(index) for index in range(2, len(OTHERS) + 2)]
        own = read_ballot((self.folder / name_in("ballots", 1)).read_bytes())
        ballots = {ballot.index: ballot for ballot in (own, *(one for one, _ in made))}
        listed = accept(self.benchmark, ballots.values())
        for ballot, memory in made:
            self.put(name_in("ballots", ballot.index), ballot.written())
            said, _ = self.confirmed(listed, ballots, ballot.index, memory)
            self.put(name_in("confirmations", ballot.index), said.written())
        for ballot, memory in made:
            self.opened(listed, ballots, ballot.index, memory)
        self.put("list.bin", listed.written)
        return "All six ballots are on the list; the others confirmed it and opened. Now open."

    def publish(self) -> str:
        """Add up what everybody opened and write the audit bundle."""
        listed = read_list((self.folder / "list.bin").read_bytes())
        ballots = {one.index: one for one in self.all_of("ballots", read_ballot)}
        sums = self.all_of("sums", read_sums)
        bundle = AuditBundle(
            roster=read_signed_roster((self.folder / "roster.bin").read_bytes()),
            sheet=self.benchmark.sheet,
            listed=listed,
            ballots=tuple(ballot.public() for ballot in ballots.values()),
            confirmations=tuple(self.all_of("confirmations", read_confirmation)),
            sums=tuple(sums),
            totals=add_up(self.benchmark, listed, ballots=ballots, sums=sums).totals,
        )
        self.put("round.zip", write_bundle(with_verdict(bundle)))
        return f"Everything of the round is in {self.folder / 'round.zip'}."

    @property
    def benchmark(self) -> Benchmark:
        """The roster and the sheet in the folder."""
        roster = read_signed_roster((self.folder / "roster.bin").read_bytes()).roster
        return Benchmark(roster, read_sheet((self.folder / "sheet.bin").read_bytes()))

    def sealed(self, index: int) -> tuple[Ballot, Memory]:
        """What one of the others puts in; the same whenever it is asked."""
        benchmark, other = self.benchmark, OTHERS[index - 2]
        figures = [row[index - 2] for row in ASKED.values()]
        pairs = zip(benchmark.sheet.metrics, figures, strict=True)
        bins = [metric.bin_of(figure) for metric, figure in pairs]
        draw = drawn_from(f"ballot of {other}")
        return seal(key_of(other), benchmark, bins, memory=Memory(ROUND), draw=draw)

    def confirmed(
        self, listed: AcceptedList, ballots: dict[int, Ballot], index: int, memory: Memory
    ) -> tuple[Confirmation, Memory]:
        """One of the others checks the list and signs it."""
        received = {at: for_holder(ballot, index) for at, ballot in ballots.items()}
        key = key_of(OTHERS[index - 2])
        return confirm(key, self.benchmark, listed, received=received, memory=memory)

    def opened(
        self, listed: AcceptedList, ballots: dict[int, Ballot], index: int, memory: Memory
    ) -> None:
        """One of the others adds up the shares it holds."""
        _, memory = self.confirmed(listed, ballots, index, memory)
        sums, _ = open_sums(
            key_of(OTHERS[index - 2]),
            self.benchmark,
            listed,
            received={at: for_holder(ballot, index) for at, ballot in ballots.items()},
            confirmations=self.all_of("confirmations", read_confirmation),
            memory=memory,
        )
        self.put(name_in("sums", index), sums.written())

    def put(self, name: str, content: bytes) -> None:
        """Write one file of the round."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    def all_of(self, name: str, read: Callable[[bytes], Message]) -> list[Message]:
        """Read every message of a kind."""
        return [read(path.read_bytes()) for path in sorted((self.folder / name).glob("*.bin"))]


def metric_of(code: str, companies: int) -> Metric:
    """A metric of the list, in the bins that so many companies use."""
    allowed = METRICS[code]
    edges = tuple(f"{edge:g}" for edge in default_edges(code, n=companies))
    low, high = allowed.low / 2, allowed.high * 1.2
    if len(edges) + 2 != bins_for(companies):
        raise ValueError(f"{code} has {len(edges) + 2} bins.")
    return Metric(allowed.name["en"], "%", edges, f"{low:g}", f"{high:g}")


def main() -> None:
    """Read the command line and do what is next."""
    parser = argparse.ArgumentParser(description=__doc__, prog="rehearsal")
    parser.add_argument("folder", type=Path)
    parser.add_argument("key", type=Path)
    chosen = parser.parse_args()
    sys.stdout.write(f"{Rehearsal(chosen.folder).next(chosen.key)}\n")


if __name__ == "__main__":
    main()
