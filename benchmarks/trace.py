"""How often a trace names the cause, and how often each class is right.

Synthetic organisations whose cause is known (`upturn.trace.engine.worlds` has their law), plain
methods beside the product's in the same run, and PetShop where a folder is given. Developed on the
seeds 0 to 9; reported on 2026 to 2028. Run `python benchmarks/trace.py --petshop FOLDER`, or set
UPTURN_BENCHMARK_DATA to a folder that holds `petshop`; the answer is 1 if a bar is missed.
"""

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from time import process_time

import numpy as np
from threadpoolctl import threadpool_limits

from upturn.stats import Figure, share_interval
from upturn.stats.draws import generator
from upturn.trace.engine import (
    FAMILIES,
    Alarm,
    Confidence,
    Ranking,
    ServiceWorld,
    Trace,
    WorldLaw,
    alarm_at,
    draw_world,
    draw_worlds,
    score_tracers,
    screen_alarms,
    signature_posterior,
    trace,
    walk_upstream,
)

sys.path.insert(0, str(Path(__file__).parent))
from trace_petshop import table
from trace_plain import PLAIN

WORLDS, SEED = 150, 2027
BARS = {("base", 1): 0.60, ("base", 3): 0.78, ("factor", 1): 0.50, ("factor", 3): 0.68}
RIGHT_LEAST, FALSE_MOST = 0.70, 0.02
LARGE = WorldLaw(layers=(600, 700, 700, 600))
QUIET = tuple(family for family in FAMILIES if family.startswith("none"))


def loudest(world: ServiceWorld) -> Alarm:
    """Touchpoint that fell furthest, whether or not the screening would show it."""
    points = np.flatnonzero(world.graph.touchpoint).tolist()
    found = [alarm_at(world.measures, graph=world.graph, touchpoint=at) for at in points]
    return min((alarm for alarm in found if alarm), key=lambda alarm: alarm.z)


def signature(world: ServiceWorld) -> Ranking:
    """All parties near the loudest touchpoint."""
    return signature_posterior(world.measures, graph=world.graph, alarm=loudest(world))


def walk(world: ServiceWorld) -> Ranking:
    """What serves the loudest touchpoint."""
    return walk_upstream(world.measures, graph=world.graph, alarm=loudest(world))


TRACERS = {"signature, all parties": signature, "walk upstream": walk, **PLAIN}


def rankings(family: str, worlds: Sequence[ServiceWorld]) -> tuple[str, list[str]]:
    """Compare all methods on one family."""
    text, missed = "", []
    for name, score in score_tracers(worlds, TRACERS).items():
        cells = [f"{x:.3f} ± {_error(x, score.n):.3f}" for x in (score.first, score.first_three)]
        text += f"  {family:20}{name:36}{cells[0]} / {cells[1]}   n {score.n}\n"
        for most, reached in ((1, score.first), (3, score.first_three)):
            bar = BARS.get((family, most), 0) if name.startswith("signature") else 0
            if reached < bar:
                missed.append(f"{family}, among the first {most}: {reached:.3f} of {bar}")
    return text, missed


def _error(share: float, n: int) -> float:
    return sqrt(share * (1 - share) / n)


@dataclass(frozen=True, slots=True)
class Closed:
    """One trace and whether it was right; `screened` if the screening raised the alarm."""

    trace: Trace
    right: bool
    screened: bool


def closed(worlds: Sequence[ServiceWorld]) -> list[Closed]:
    """Trace the surest alarm of every world, or else its loudest touchpoint."""
    found = []
    for world in worlds:
        alarms = screen_alarms(world.measures, graph=world.graph)
        alarm = alarms[0] if alarms else loudest(world)
        done = trace(world.measures, graph=world.graph, alarm=alarm)
        found.append(Closed(done, done.suspect in world.causes, bool(alarms)))
    return found


def classes(family: str, traces: Sequence[Closed]) -> tuple[str, list[str]]:
    """How often each class is shown, and how often it is right."""
    text, missed = f"  {family:20}", []
    quiet = family in QUIET
    for confidence in (Confidence.TWO_AGREE, Confidence.ONE_ONLY):
        shown = [one for one in traces if one.trace.confidence is confidence]
        right = sum(one.right for one in shown)
        text += f"{confidence.value} {_shown(len(shown), len(traces))}"
        text += "   " if quiet else f", right {_shown(right, len(shown))}   "
        if confidence is Confidence.ONE_ONLY:
            continue
        if quiet and len(shown) > FALSE_MOST * len(traces):
            missed.append(f"{family}: two agree in {len(shown)} of {len(traces)} without a cause")
        if not quiet and right < RIGHT_LEAST * len(shown):
            missed.append(f"{family}: two agree, right {right} of {len(shown)}")
    screened = sum(one.screened for one in traces)
    alarmed = [one for one in traces if one.screened]
    agreed = sum(one.trace.confidence is Confidence.TWO_AGREE for one in alarmed)
    text += f"screened {_shown(screened, len(traces))}, of these two_agree {agreed}\n"
    return text, missed


def _shown(hits: int, n: int) -> str:
    share = share_interval(hits, n)
    if not isinstance(share, Figure):
        return "none"
    return f"{share.value:.2f} ({share.low:.2f}-{share.high:.2f}) {hits}/{n}"


def speed() -> str:
    """Time one trace and one screening, small and large."""
    text = "Speed, one thread, CPU time\n"
    laws: Mapping[str, WorldLaw] = {"50 nodes": FAMILIES["base"], "2,600 nodes": LARGE}
    for name, law in laws.items():
        worlds = [draw_world(law, rng=generator(SEED, "speed", name, str(at))) for at in range(5)]
        alarms = [loudest(world) for world in worlds]
        pairs = list(zip(worlds, alarms, strict=True))
        jobs: dict[str, Callable[[ServiceWorld, Alarm], object]] = {
            "a trace": lambda w, a: trace(w.measures, graph=w.graph, alarm=a),
            "the signature alone": lambda w, a: signature_posterior(
                w.measures, graph=w.graph, alarm=a
            ),
            "a screening": lambda w, _a: screen_alarms(w.measures, graph=w.graph),
        }
        for what, job in jobs.items():
            spent = sorted(_times(job, pairs))
            middle, most = spent[len(spent) // 2] * 1e3, spent[-1] * 1e3
            text += (
                f"  {name:12}{what:22}median {middle:6.1f} ms, most {most:6.1f}, n {len(spent)}\n"
            )
    return text


def _times(
    job: Callable[[ServiceWorld, Alarm], object], pairs: Sequence[tuple[ServiceWorld, Alarm]]
) -> Iterator[float]:
    for _ in range(3):
        for world, alarm in pairs:
            start = process_time()
            job(world, alarm)
            yield process_time() - start


def synthetic(n: int, seed: int) -> list[str]:
    """Print both tables and give the bars missed."""
    missed: list[str] = []
    second = f"Classes, seed {seed}: how often shown, how often right (95 % interval)\n"
    sys.stdout.write(f"Cause first / among the first three, seed {seed}, ± standard error\n")
    for family in FAMILIES:
        worlds = list(draw_worlds(family, n if family not in QUIET else 2 * n, seed=seed))
        if family not in QUIET:
            text, more = rankings(family, worlds)
            sys.stdout.write(text)
            sys.stdout.flush()
            missed += more
        text, more = classes(family, closed(worlds))
        second += text
        missed += more
    sys.stdout.write(second)
    return missed


def main() -> int:
    """Print what was measured."""
    data = os.environ.get("UPTURN_BENCHMARK_DATA")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--petshop", type=Path, default=Path(data) / "petshop" if data else None)
    parser.add_argument("--worlds", type=int, default=WORLDS)
    parser.add_argument("--seed", type=int, default=SEED)
    asked = parser.parse_args()
    with threadpool_limits(limits=1):
        sys.stdout.write(f"{speed()}\n")
        missed = synthetic(asked.worlds, asked.seed)
    if asked.petshop is None:
        sys.stdout.write("PetShop: left out, no folder was given.\n")
    else:
        sys.stdout.write(table(asked.petshop / "low_traffic"))
    sys.stdout.writelines(f"Missed: {line}\n" for line in missed)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
