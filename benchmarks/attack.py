"""Attack what others publish and what the house publishes of three organisations of 2,000.

`python benchmarks/attack.py --seeds 3` prints one table a matter: sums and differences (E1) by rule
and surface, worlds and insiders (E2, E3) on ten departments, history and live results (E4), every
gate on the blocks of two waves, utility, and what the guard costs and hides. The answer is 1 if a
gate does not hold on the blocks, or the naive rule singles out fewer than 150.
"""

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from upturn.privacy import guard_unanimous, may_show_trend, outside_category, outside_end
from upturn.privacy.attacks import (
    Surface,
    linear,
    over_time,
    run_attacks,
    with_informers,
    worlds,
)
from upturn.privacy.policies import (
    block_members,
    blocks_policy,
    counted,
    filtering_policy,
    histograms,
)
from upturn.privacy.simulation import Organisation, next_wave, simulated_organisation

CANARY, OWN_AT_LEAST, QUESTIONS = 150, 130, 20
RULES = {"naive": 0, "threshold 2": 2, "remainder": 5}


def say(*cells: object) -> None:
    """Print one row."""
    sys.stdout.write(
        " | ".join(f"{cell:.3f}" if isinstance(cell, float) else str(cell) for cell in cells) + "\n"
    )
    sys.stdout.flush()


def organisations(seeds: int) -> Iterator[tuple[int, Organisation, Organisation]]:
    """Draw each organisation and its next wave."""
    for seed in range(1, seeds + 1):
        rng = np.random.default_rng(seed)
        before = simulated_organisation(rng, questions=QUESTIONS)
        yield seed, before, next_wave(rng, before)


def sums_and_differences(seeds: int) -> int:
    """Print E1 and give the least the naive rule singled out at S1."""
    say("seed", "rule", "surface", "cells", "singled out", "%", "in groups of 1-4", "%")
    least = 10**9
    for seed, organisation, _ in organisations(seeds):
        people = int(organisation.answered.sum())
        for filters in (0, 1, 2):
            for rule, hidden in RULES.items():
                surface = filtering_policy(organisation, filters=filters, hidden_at_least=hidden)
                found = linear(surface, k=5)
                alone, small = len(found.singled_out), len(found.in_small)
                if (rule, filters) == ("naive", 1):
                    least = min(least, alone)
                say(
                    seed,
                    rule,
                    f"S{filters}",
                    found.cells,
                    alone,
                    100 * alone / people,
                    small,
                    100 * small / people,
                )
        found = linear(blocks_policy(organisation, rng=np.random.default_rng(seed)), k=5)
        say(seed, "blocks", "-", found.cells, len(found.singled_out), 0.0, len(found.in_small), 0.0)
    return least


def consistent_worlds(seeds: int) -> None:
    """Print E2 on ten departments and on all forty, alone and with one insider a team."""
    alone = "answers known", "low ends known, of"
    say("seed", "rule", "people", *alone, "with insiders: others' answers, of", "low ends, of")
    for seed, organisation, _ in organisations(seeds):
        for departments in (10, 40):
            here = organisation.department[organisation.team] < departments
            part = replace(organisation, answered=organisation.answered & here)
            surfaces = {
                "naive S0": filtering_policy(part, filters=0),
                "naive S1": filtering_policy(part, filters=1),
                "remainder S1": filtering_policy(part, filters=1, hidden_at_least=5),
                "blocks": blocks_policy(part, rng=np.random.default_rng(seed)),
            }
            for rule, surface in surfaces.items():
                say(seed, rule, int(part.answered.sum()), *_told(part, surface, rule=rule))


def _told(part: Organisation, surface: Surface, *, rule: str) -> Iterator[object]:
    """Count what is certain; blocks are guarded, so that true answers of insiders may not fit."""
    low = set(np.flatnonzero(part.answered & (part.answers[:, 0] <= 2)).tolist())
    plain = worlds(surface)
    yield len(plain.exact)
    yield f"{len(_low(plain.ends, low))} of {len(low)}"
    if rule != "blocks":
        told = {int(part.team[who]): int(who) for who in np.flatnonzero(part.answered)}.values()
        informers = [(who, 0, int(part.answers[who, 0]) - 1) for who in told]
        more = worlds(with_informers(surface, informers))
        others = {who for _, who, _ in more.exact}.difference(told)
        yield f"{len(others)} of {int(part.answered.sum()) - len(told)}"
        yield f"{len(_low(more.ends, low).difference(told))} of {len(low.difference(told))}"


def _low(ends: tuple[tuple[int, int, int], ...], low: set[int]) -> set[int]:
    return {who for _, who, end in ends if end == 0} & low


def history(seeds: int) -> None:
    """Print what charts of three waves over one wave's answers, and live results, give away."""
    say(
        "seed",
        "naive re-cut",
        "remainder re-cut",
        "blocks re-cut",
        "blocks frozen",
        "live: alone, of",
    )
    for seed, first, second in organisations(seeds):
        rng = np.random.default_rng(seed)
        third = next_wave(rng, second)
        charts = [replace(first, team=one.team) for one in (first, second, third)]
        row = []
        for hidden in (0, 5):
            cut = [filtering_policy(one, filters=0, hidden_at_least=hidden) for one in charts]
            row.append(over_time([_together(cut)], k=5).singled_out)
        again = [counted(one, list(block_members(one, k=5).values()), [0]) for one in charts]
        row.append(over_time([_together(again)], k=5).singled_out)
        row.append(over_time([blocks_policy(first, rng=rng)], k=5).singled_out)
        live = over_time([_live(first, rng)], k=5).alone
        say(seed, *row, f"{live} of {int(first.answered.sum())}")


def _together(surfaces: list[Surface]) -> Surface:
    return Surface(surfaces[0].people, tuple(cell for one in surfaces for cell in one.cells))


def _live(organisation: Organisation, rng: np.random.Generator, days: int = 14) -> Surface:
    """Show each team once a day from its fifth answer on."""
    day = rng.integers(days, size=organisation.people)
    members = []
    for team in range(len(organisation.department)):
        mine = (organisation.team == team) & organisation.answered
        shown = [np.flatnonzero(mine & (day <= one)) for one in range(days)]
        members += [who for who in shown if len(who) >= 5]
    distinct = {who.tobytes(): who for who in members}
    return counted(organisation, list(distinct.values()), [0])


def gates(seeds: int) -> bool:
    """Print every gate on the blocks of two waves, and utility; say whether all hold."""
    holds = True
    for seed, before, after in organisations(seeds):
        rng = np.random.default_rng(seed)
        waves = [blocks_policy(one, rng=rng, questions=range(QUESTIONS)) for one in (before, after)]
        teams = [_teams(one) for one in (before, after)]
        report = run_attacks(waves, k=5, teams=teams, answers=[before.answers, after.answers])
        for gate in report.gates:
            say(
                seed,
                gate.name,
                float(gate.found),
                float(gate.at_most),
                "holds" if gate.holds else "FAILS",
            )
        for one in report.utility:
            say(seed, "own figures", one.own, one.teams, "rmse", one.rmse, "bias", one.bias)
        full = [replace(one, answered=np.ones(one.people, bool)) for one in (before, after)]
        lift = over_time([blocks_policy(one, rng=rng, questions=range(4)) for one in full], k=5)
        say(seed, "lift where everybody answers", lift.lift, lift.leavers)
        rosters = [
            {who[1:]: set(map(str, people)) for who, people in block_members(one, k=5).items()}
            for one in full
        ]
        both = [key for key in rosters[0] if key in rosters[1]]
        shown = sum(may_show_trend(rosters[0][key], rosters[1][key], k=5) for key in both)
        say(
            seed, "blocks with the same teams in both waves", len(both), "trend may be shown", shown
        )
        holds &= report.holds and min(one.own for one in report.utility) >= OWN_AT_LEAST
    return holds


def _teams(organisation: Organisation) -> list[NDArray[np.intp]]:
    serves = organisation.answered & ~organisation.leader
    return [
        np.flatnonzero(serves & (organisation.team == team))
        for team in range(len(organisation.department))
    ]


def guard(draws: int) -> None:
    """Print what the guard moves, and how sure of an answer one is who knows its rule."""
    seen: dict[tuple[int, ...], NDArray[np.float64]] = defaultdict(lambda: np.zeros(8))
    off, changed = [], []
    for seed in range(1000, 1000 + draws):
        rng = np.random.default_rng(seed)
        organisation = simulated_organisation(rng, questions=QUESTIONS)
        members = list(block_members(organisation, k=5).values())
        true = histograms(organisation, members, range(QUESTIONS)).reshape(-1, 5)
        shown = guard_unanimous(true, rng=rng)
        off.append((shown - true) @ np.arange(1, 6) / true.sum(axis=1))
        changed.append((shown != true).any(axis=1))
        for before, after in zip(true / true.sum(axis=1, keepdims=True), shown, strict=True):
            ends = [before[:2].sum(), before[3:].sum()]
            seen[tuple(after.tolist())] += [1, *before, *ends]
    moved, bias = np.concatenate(changed), np.concatenate(off)
    say(
        "cells",
        len(moved),
        "changed",
        float(moved.mean()),
        "bias of a mean",
        float(bias.mean()),
        "rms",
        float(np.sqrt((bias**2).mean())),
        "largest",
        float(abs(bias).max()),
    )
    often = {counts: row[1:] / row[0] for counts, row in seen.items() if row[0] >= 30}
    for name, columns in (
        ("answer", slice(0, 5)),
        ("low end", slice(5, 6)),
        ("high end", slice(6, 7)),
    ):
        most, where = max((float(row[columns].max()), counts) for counts, row in often.items())
        say("knowing the rule, most sure of", name, most, "at", where)
    say("kept outside", [(n, outside_category(n), outside_end(n)) for n in (5, 10, 20, 30, 50)])


def main() -> int:
    """Run all and print."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seeds", type=int, default=3)
    asked.add_argument("--guard-draws", type=int, default=30)
    given = asked.parse_args()
    least = sums_and_differences(given.seeds)
    consistent_worlds(given.seeds)
    history(given.seeds)
    guard(given.guard_draws)
    return int(not gates(given.seeds) or least < CANARY)


if __name__ == "__main__":
    sys.exit(main())
