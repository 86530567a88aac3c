"""What the guard costs an author in a real browser: to load it once, and to read one message.

One page of Chromium and texts of the learning part; milliseconds of the page's own clock, which
moves in steps, so every message is read several times over. Run
``python -m benchmarks.exchange.guard_browser``; the answer is 1 if the bar is missed: 20 ms a
message.
"""

import json
import os
import sys
from statistics import quantiles
from typing import Any

from benchmarks.exchange.guard import EXCHANGE, rows
from tests.journeys.alone import page_with

NAMES = ("guard.js", "guard_rules.json", "guard_model.json")
EVERY, AGAIN, BAR_MS = 8, 5, 20.0
MEASURE = """async ({ texts, again }) => {
    const { checkText, prepared } = await import("/guard.js");
    const read = async (name) => (await fetch(name)).json();
    const began = performance.now();
    const guard = prepared(await read("/guard_rules.json"), await read("/guard_model.json"));
    const load = performance.now() - began;
    const each = texts.map((text) => {
        const from = performance.now();
        for (let time = 0; time < again; time += 1) checkText(text, guard, []);
        return (performance.now() - from) / again;
    });
    return { load, each };
}"""


def measured(page: Any) -> dict[str, Any]:
    """Read every eighth text of the learning part."""
    texts = [row["text"] for row in rows("train", "own", "hands")][::EVERY]
    found: dict[str, Any] = page.evaluate(MEASURE, {"texts": texts, "again": AGAIN})
    return found


def main() -> int:
    """Measure and print."""
    with page_with({name: EXCHANGE / "static" / "exchange" / name for name in NAMES}) as page:
        page.set_default_timeout(0)
        found = measured(page)
    cuts = quantiles(found["each"], n=100)
    told = {
        "load_ms": round(found["load"], 1),
        "median_ms": round(cuts[49], 2),
        "p95_ms": round(cuts[94], 2),
        "most_ms": round(max(found["each"]), 2),
        "n": len(found["each"]),
        "load_of_the_machine": round(os.getloadavg()[0], 1),
    }
    sys.stdout.write(json.dumps(told) + "\n")
    return int(cuts[94] > BAR_MS)


if __name__ == "__main__":
    sys.exit(main())
