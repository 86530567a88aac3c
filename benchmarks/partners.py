"""How fast answers are counted and figures made of them, beside pandas, Polars, DuckDB, pingouin.

Twenty questions of 1 to 5, 25 people a block, nothing sorted, a tenth left out. Everything has one
thread, and its processor time is taken; runs are interleaved, so that a busy machine slows all of
them; a ratio is the median of the ratios of the rounds. Peers hold the answers in their own form
before the clock starts. Run `pip install -e ".[benchmarks]"` and `python benchmarks/partners.py`;
the answer is 1 if a bar is missed.
"""

import argparse
import os

os.environ |= dict.fromkeys(("OMP_NUM_THREADS", "POLARS_MAX_THREADS"), "1")

from collections.abc import Callable, Mapping
from functools import partial
from statistics import median
from time import process_time
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pingouin
import polars as pl
from numba import njit

from upturn.counts import cross_products, histogram, scale_squares
from upturn.stats.components import shrink, totals_of_counts, variance_components
from upturn.stats.draws import generator
from upturn.stats.reliability import alpha_of_squares, cronbach_alpha
from upturn.stats.superiority import probability_of_superiority, superiority_intervals
from upturn.stats.superiority_peers import superiority_bootstrap

QUESTIONS, CATEGORIES, IN_BLOCK, DRAWS = 20, 5, 25, 1000
HISTOGRAM_LEAST, BOOTSTRAP_LEAST, ALPHA_LEAST, ALL_MOST_S = 20, 200, 10, 0.1
Contenders = Mapping[str, Callable[[], Any]]


def say(text: str) -> None:
    """Print a line at once."""
    print(text, flush=True)  # noqa: T201


def draw_answers(people: int, *, missing: float) -> tuple[np.ndarray, np.ndarray, int]:
    """Answers that hang together a little, their blocks, and how many blocks there are."""
    numbers = generator(2026, f"partners {people}")
    blocks = max(2, people // IN_BLOCK // 2 * 2)
    block = numbers.integers(0, blocks, people).astype(np.int32)
    leaning = numbers.normal(0, 0.5, blocks)[block] + numbers.normal(0, 0.6, people)
    answers = np.empty((people, QUESTIONS), np.int8)
    for question in range(QUESTIONS):
        drawn = np.rint(3.2 + leaning + numbers.normal(0, 0.8, people))
        answers[:, question] = np.clip(drawn, 1, CATEGORIES)
        answers[numbers.random(people) < missing, question] = 0
    return answers, block, blocks


def race(title: str, contenders: Contenders, *, rounds: int) -> dict[str, list[float]]:
    """Run all in turn, after one turn to warm up; print medians and ratios to the first."""
    took: dict[str, list[float]] = {name: [] for name in contenders}
    for turn in range(rounds + 1):
        for name, run in contenders.items():
            begun = process_time()
            run()
            if turn:
                took[name].append(process_time() - begun)
    first = next(iter(took.values()))
    for name, times in took.items():
        ratio = [one / ours for one, ours in zip(times, first, strict=True)]
        say(
            f"{title:16} {name:34} {median(times) * 1e3:9.2f} ms ({min(times) * 1e3:.2f}-"
            f"{max(times) * 1e3:.2f}, n {rounds}), {median(ratio):7.1f} times the first "
            f"({min(ratio):.1f}-{max(ratio):.1f})"
        )
    return took


def ratio(took: dict[str, list[float]], name: str) -> float:
    """Median ratio of a contender to the first."""
    first = next(iter(took.values()))
    return median(other / ours for other, ours in zip(took[name], first, strict=True))


@njit
def kernel(answers: np.ndarray, block: np.ndarray, blocks: int) -> np.ndarray:
    """Count in one loop, compiled."""
    counts = np.zeros((blocks, QUESTIONS, CATEGORIES + 1), np.int64)
    for person in range(len(answers)):
        for question in range(QUESTIONS):
            counts[block[person], question, answers[person, question]] += 1
    return counts


def plain(answers: np.ndarray, block: np.ndarray, blocks: int) -> np.ndarray:
    """Count with one bincount."""
    width = CATEGORIES + 1
    cell = (block.astype(np.int64)[:, None] * QUESTIONS + np.arange(QUESTIONS)) * width + answers
    return np.bincount(cell.ravel(), minlength=blocks * QUESTIONS * width)


def counting(people: int) -> Contenders:
    """Everybody who counts, with the answers laid out in its own form."""
    answers, block, blocks = draw_answers(people, missing=0.1)
    order = np.argsort(block, kind="stable")
    sorted_answers, sorted_block = answers[order], block[order]
    long = {
        "b": np.repeat(block, QUESTIONS),
        "q": np.tile(np.arange(QUESTIONS, dtype=np.int8), people),
        "a": answers.ravel(),
    }
    wide = {"b": block} | {f"q{at}": answers[:, at].copy() for at in range(QUESTIONS)}
    panda, panda_wide, bear = pd.DataFrame(long), pd.DataFrame(wide), pl.DataFrame(long)
    duck = duckdb.connect(config={"threads": 1})
    for name, columns in (("long", long), ("wide", wide)):
        duck.register("given", columns)
        duck.execute(f"CREATE TABLE {name} AS FROM given")
    sums = ", ".join(
        f"CAST(SUM(CASE WHEN q{question} = {category} THEN 1 ELSE 0 END) AS BIGINT)"
        for question in range(QUESTIONS)
        for category in range(CATEGORIES + 1)
    )
    of_long = "SELECT b, q, a, COUNT(*) FROM long GROUP BY ALL"
    of_wide = f"SELECT b, {sums} FROM wide GROUP BY b"  # noqa: S608 - own words
    return {
        "upturn": partial(histogram, answers, block=block, blocks=blocks),
        "upturn, sorted by block": partial(
            histogram, sorted_answers, block=sorted_block, blocks=blocks
        ),
        "numpy, one bincount": partial(plain, answers, block, blocks),
        "numba, one loop": partial(kernel, answers, block, blocks),
        "pandas, groupby size": lambda: panda.groupby(["b", "q", "a"]).size(),
        "pandas, groupby size a question": lambda: [
            panda_wide.groupby(["b", f"q{at}"]).size() for at in range(QUESTIONS)
        ],
        "pandas, the same as a table": lambda: [
            panda_wide.groupby(["b", f"q{at}"]).size().unstack(fill_value=0)
            for at in range(QUESTIONS)
        ],
        "Polars, group_by len": lambda: bear.group_by("b", "q", "a").len(),
        "DuckDB, group by": lambda: duck.execute(of_long).fetchnumpy(),
        "DuckDB, sum of cases": lambda: duck.execute(of_wide).fetchnumpy(),
    }


def alpha_of(answers: np.ndarray) -> Any:
    """Cronbach's alpha from the answers themselves."""
    found = scale_squares(answers)
    return alpha_of_squares(found.n, found.sums, found.squares, found.of_totals)


def alpha_and_products_of(answers: np.ndarray) -> Any:
    """The same beside the products that omega and the drivers need."""
    together = np.zeros(len(answers), np.int32)
    n, sums, products = cross_products(answers, block=together, blocks=1)
    return cronbach_alpha(int(n[0]), sums[0], products[0])


def resample_rows(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Draw people anew, a thousand times, and compare the sides each time."""
    numbers = generator(2026, "rows")
    found = np.empty(DRAWS)
    for draw in range(DRAWS):
        sides = [side[numbers.integers(0, len(side), len(side))] for side in (one, other)]
        a, b = (np.bincount(side, minlength=CATEGORIES + 1)[1:] for side in sides)
        found[draw] = probability_of_superiority(a, b)
    return np.quantile(found, [0.025, 0.975])


def bootstrapping(people: int) -> Contenders:
    """One interval of one question between two sides of ``people`` altogether."""
    answers, block, _blocks = draw_answers(people, missing=0.0)
    one, other = answers[block % 2 == 0, 0], answers[block % 2 == 1, 0]
    a, b = (np.bincount(side, minlength=CATEGORIES + 1)[1:] for side in (one, other))
    return {
        "upturn, on counts": lambda: superiority_bootstrap(
            a, b, draws=DRAWS, rng=generator(2026, "counts")
        ),
        "numpy, drawing rows": partial(resample_rows, one, other),
    }


def everything(people: int, *, rounds: int) -> float:
    """All figures of all pages of a wave, in seconds of the processor after loading.

    Loading hands the answers over seat by seat, so they are sorted by block here.
    """
    answers, block, blocks = draw_answers(people, missing=0.1)
    order = np.argsort(block, kind="stable")
    answers, block = answers[order], block[order]
    counts = histogram(answers, block=block, blocks=blocks)[..., :CATEGORIES]
    units = totals_of_counts(np.moveaxis(counts, 1, 0))
    sides = block % 2
    steps: dict[str, Callable[[], Any]] = {
        "histogram": partial(histogram, answers, block=block, blocks=blocks),
        f"{blocks // 2 * QUESTIONS:,} intervals": lambda: superiority_intervals(
            counts[0::2], counts[1::2]
        ),
        "20 intervals of whole sides": lambda: superiority_intervals(
            *counts.reshape(-1, 2, QUESTIONS, CATEGORIES).sum(axis=0)
        ),
        f"{blocks * QUESTIONS:,} shrunken means": lambda: shrink(
            totals_of_counts(np.moveaxis(counts, 1, 0)),
            variance_components(units, method="moments"),
        ),
        "products of two sides, alphas": lambda: [
            cronbach_alpha(int(n), *rest)
            for n, *rest in zip(*cross_products(answers, block=sides, blocks=2), strict=True)
        ],
    }
    took: dict[str, list[float]] = {name: [] for name in [*steps, "everything"]}
    for turn in range(rounds + 1):
        spent = []
        for step in steps.values():
            begun = process_time()
            step()
            spent.append(process_time() - begun)
        for times, each in zip(took.values(), [*spent, sum(spent)], strict=True):
            times.extend([each] if turn else [])
    for name, times in took.items():
        say(
            f"{'all figures':16} {name:34} {median(times) * 1e3:9.2f} ms "
            f"({min(times) * 1e3:.2f}-{max(times) * 1e3:.2f}, n {rounds}) of the processor"
        )
    return median(took["everything"])


def bar(what: str, have: float, least: float) -> bool:
    """Say whether a bar is reached."""
    say(f"{'bar':16} {what:34} {have:9.2f}, asked {least:g}: {'ok' if have >= least else 'MISSED'}")
    return have >= least


def main() -> int:
    """Print everything; 1 if a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--most", type=float, default=1e7, help="answers")
    chosen = parser.parse_args()
    rounds, people = chosen.rounds, int(chosen.most) // QUESTIONS
    for answers in (1e5, 1e6):
        race(f"histogram {answers:.0e}", counting(int(answers) // QUESTIONS), rounds=rounds)
    counted = race(f"histogram {chosen.most:.0e}", counting(people), rounds=rounds)
    whole = draw_answers(people, missing=0.0)[0]
    frame = pd.DataFrame(whole)
    alphas = race(
        f"alpha {chosen.most:.0e}",
        {
            "upturn": partial(alpha_of, whole),
            "upturn, with all products": partial(alpha_and_products_of, whole),
            "pingouin": lambda: pingouin.cronbach_alpha(frame),
        },
        rounds=rounds,
    )
    intervals = race("interval 1e+06", bootstrapping(10**6 // QUESTIONS), rounds=rounds)
    spent = everything(people, rounds=rounds)
    reached = [
        bar(
            "histogram, times pandas",
            ratio(counted, "pandas, the same as a table"),
            HISTOGRAM_LEAST,
        ),
        bar(
            "interval, times drawing rows",
            ratio(intervals, "numpy, drawing rows"),
            BOOTSTRAP_LEAST,
        ),
        bar("alpha, times pingouin", ratio(alphas, "pingouin"), ALPHA_LEAST),
        bar("all figures, runs in 0.1 s", ALL_MOST_S / spent, 1),
    ]
    return 0 if all(reached) else 1


if __name__ == "__main__":
    raise SystemExit(main())
