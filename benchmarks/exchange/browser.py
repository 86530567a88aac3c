"""What a ballot costs in a real browser: sealing it, checking another's, confirming a list.

Twenty metrics at the default bins, one page of Chromium, wall seconds inside the page, after one
run to warm up. Run ``python -m benchmarks.exchange.browser``; the answer is 1 if the bar is missed:
a submission at fifty companies under 5 s.
"""

import argparse
import os
import sys
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.exchange.ballot import METRICS
from tests.exchange.engine.rounds import benchmark_of, choices, key_of, signed_roster, submitted
from tests.journeys.alone import page_with
from upturn.exchange.engine.ballot import for_holder

CODE = Path(__file__).parents[2] / "src/upturn/exchange/static/exchange/sealed_ballot.js"
BAR_S = 5.0
MEASURE = """async ({ seed, roster, sheet, bins, others, times, list }) => {
    const half = await import("/sealed_ballot.js");
    const { messages, unhex } = half;
    const signed = half.readRoster(unhex(roster));
    const round = { roster: signed, sheet: half.readSheet(unhex(sheet), signed) };
    const key = half.keys.keyOf(unhex(seed));
    const timed = (work) => {
        const found = [];
        for (let at = 0; at <= times; at += 1) {
            const begun = performance.now();
            work();
            if (at) found.push((performance.now() - begun) / 1000);
        }
        return found;
    };
    const memory = half.newMemory(round.sheet.roundId);
    const sealed = () => half.seal(key, round, bins, { memory })[0];
    const told = { seal: timed(() => messages.writeBallot(sealed())) };
    const received = new Map(others.map(([ballot, box]) => {
        const read = messages.readBallot(unhex(ballot));
        return [read.index, { ballot: read, box: unhex(box) }];
    }));
    const [first] = received.values();
    told.check = timed(() => half.checkBallot(round, first.ballot));
    if (list) {
        const listed = messages.readList(unhex(list));
        const own = listed.ballots.find(([index]) => index === 1)[1];
        told.confirm = timed(() => half.confirm(key, round, listed, {
            received, memory: { ...memory, serial: 1, ballot: own },
        }));
    }
    return told;
}"""


def measured(page: Any, companies: int, *, times: int) -> dict[str, list[float]]:
    """Seconds of each kind of work at so many companies; lists are confirmed at six alone."""
    benchmark, bins = benchmark_of(companies, metrics=METRICS), choices(companies, METRICS)
    sent = range(1, companies + 1) if companies <= 6 else (2,)
    held = submitted(benchmark, {at: bins[at] for at in sent})
    received = [for_holder(held.ballots[at], 1) for at in sent]
    found: dict[str, list[float]] = page.evaluate(
        MEASURE,
        {
            "seed": key_of(1).seed.hex(),
            "roster": signed_roster(benchmark.roster).written().hex(),
            "sheet": benchmark.sheet.written.hex(),
            "bins": bins[1],
            "others": [[one.ballot.written().hex(), one.box.hex()] for one in received],
            "times": times,
            "list": held.listed().written.hex() if companies <= 6 else "",
        },
    )
    return found


def main() -> int:
    """Measure and print a line a kind of work."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--times", type=int, default=7)
    times = asked.parse_args().times
    missed = False
    with page_with({CODE.name: CODE}) as page:
        page.set_default_timeout(0)
        for companies in (6, 50):
            for work, seconds in measured(page, companies, times=times).items():
                sys.stdout.write(
                    f"{companies} companies, {work}: {median(seconds):.2f} s "
                    f"({min(seconds):.2f}-{max(seconds):.2f}, n {len(seconds)})\n"
                )
                missed |= work == "seal" and median(seconds) > BAR_S
    sys.stdout.write(f"load of the machine: {os.getloadavg()[0]:.1f}\n")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
