"""What the guard costs in a real browser, light and with meaning, and what it stops there.

    python -m benchmarks.exchange.guard_browser               # to load it once, to read one message
    python -m benchmarks.exchange.guard_browser judge "why"   # the frozen part; the look is logged

One page of Chromium; texts of the learning part, milliseconds of the page's own clock, which moves
in steps, so every message is read several times over. The answer is 1 if the bar is missed: 20 ms a
message.
"""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.exchange.guard import EXCHANGE, FROZEN, judged, log_look, rows
from tests.journeys.alone import page_with
from upturn.exchange.engine.guard import Finding, Topic, shipped_rules
from upturn.voice.engine.packed_model import pack_for_browsers

NAMES = (
    "guard.js",
    "guard_rules.json",
    "guard_model.json",
    "guard_meaning.json",
    "sentence_model.js",
)
EVERY, AGAIN, BAR_MS = 8, 5, 20.0
LOAD = """async () => {
    const { checkText, prepared, withMeaning } = await import("/guard.js");
    const { sentenceModel } = await import("/sentence_model.js");
    const read = async (name) => (await fetch(name)).json();
    const began = performance.now();
    const light = prepared(await read("/guard_rules.json"), await read("/guard_model.json"));
    const between = performance.now();
    const meaning = withMeaning(light, await read("/guard_meaning.json"));
    const { embed } = await sentenceModel(await (await fetch("/model.bin")).arrayBuffer());
    window.read = (text, kind) =>
        checkText(text, kind === "light" ? light : meaning, [], kind === "light" ? null : embed);
    return { light: between - began, meaning: performance.now() - between };
}"""
TIME = """([texts, again, kind]) => {
    texts.slice(0, 30).forEach((text) => window.read(text, kind));
    return texts.map((text) => {
        const from = performance.now();
        for (let time = 0; time < again; time += 1) window.read(text, kind);
        return (performance.now() - from) / again;
    });
}"""
KINDS = ("light", "meaning")


@contextmanager
def loaded() -> Iterator[tuple[Any, dict[str, float]]]:
    """Open a page with both guards; give what loading them took."""
    with TemporaryDirectory() as room:
        packed = Path(room, "model.bin")
        packed.write_bytes(pack_for_browsers())
        files = {name: EXCHANGE / "static" / "exchange" / name for name in NAMES}
        with page_with(files | {"model.bin": packed}) as page:
            page.set_default_timeout(0)
            yield page, page.evaluate(LOAD)


def clock() -> int:
    """Print the time of a message of every eighth text of the learning part."""
    texts = [row["text"] for row in rows("train", "own", "hands")][::EVERY]
    late = 0
    with loaded() as (page, loading):
        for kind in KINDS:
            cuts = quantiles(each := page.evaluate(TIME, [texts, AGAIN, kind]), n=100)
            late += cuts[94] > BAR_MS
            told = {
                "kind": kind,
                "load_ms": round(loading[kind], 1),
                "median_ms": round(cuts[49], 2),
                "p95_ms": round(cuts[94], 2),
                "most_ms": round(max(each), 2),
                "n": len(each),
                "load_of_the_machine": round(os.getloadavg()[0], 1),
            }
            sys.stdout.write(json.dumps(told) + "\n")
    return int(late > 0)


def judge(why: str) -> None:
    """Judge the guard with meaning on the frozen part as a browser reads it, and log the look."""
    told = rows(FROZEN)
    with loaded() as (page, _):
        read = "(texts) => texts.map((text) => window.read(text, 'meaning'))"
        found = page.evaluate(read, [row["text"] for row in told])
    line = judged(told, "meaning in a browser", [[*map(_finding, each)] for each in found])
    log_look(why, [line])


def _finding(told: dict[str, Any]) -> Finding:
    return Finding(
        span=tuple(told["span"]),
        rule=shipped_rules().by_id[told["id"]],
        topic=Topic(told["topic"]),
        score=told["score"],
        said=told["said"],
    )


def main() -> int:
    """Measure, or judge."""
    match sys.argv[1:]:
        case []:
            return clock()
        case ["judge", why]:
            judge(why)
            return 0
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    sys.exit(main())
