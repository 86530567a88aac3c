"""What coaching costs: a fixed number, sessions and bites in idle moments, and fluctuating days.

Prints the reference table anew, then how many hours sessions begun in slack buy beside a timetable,
at a service level no lower: against one that is the same all day, and against one that puts the
same hours where the forecast leaves most to spare. The threshold of slack is the best of `IDLE`.
Run `python benchmarks/floor/coaching.py`.
"""

import sys
from collections.abc import Iterator

import numpy as np

from upturn.floor.engine.coaching.bites import NOBODY, CentreDay, Coached, Rule, watch
from upturn.floor.engine.staffing.standards import Standard, agents_needed

DAYS, SLOTS = 60, 48
IDLE = (6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 60)
SLOT = np.arange(SLOTS) / SLOTS
SHAPES = {
    "flat": np.ones(SLOTS),
    "two peaks": 1 + 0.35 * np.sin(4 * np.pi * SLOT - 0.5),
    "morning rush": 0.75 + 0.6 * np.exp(-(((SLOT - 0.2) / 0.12) ** 2)),
}
RULES = {
    "nobody": NOBODY,
    "10 min, idle 8": Rule(600, 8, 12),
    "10 min, idle 4": Rule(600, 4, 12),
    "10 min, idle 8, most 6": Rule(600, 8, 6),
    "2 min, idle 4": Rule(120, 4, 12),
    "2 min, idle 8": Rule(120, 8, 12),
}
FLUCTUATING = Standard(patience_s=300.0, day_cv=0.1)


def said(seen: Coached) -> str:
    """Service level with its standard error."""
    return f"{seen.service_level:.3f} ± {seen.service_level_error:.3f}"


def stationary() -> Iterator[str]:
    """50 agents, 42 calls a minute, a minute each, patience two minutes."""
    hours = 100
    standard = Standard(patience_s=120.0, day_cv=0.0)
    parts = (2520.0,) * hours, (50,) * hours, (60.0,) * hours
    for name, rule in RULES.items():
        seen = watch(CentreDay(*parts, 3600.0, standard, warm_up_s=3600.0), rule=rule, days=10)
        gone = f"{seen.abandoned_share:.3f}"
        yield f"{name:26}{seen.minutes:5.1f} min/h  {said(seen)}  give up {gone}"


def fluctuating(load: float, shape: str, coached: int) -> str:
    """100 agents, 300 s a call; days stray by 10 %, ten-minute slots by 15 % (correlation 0.8)."""
    rates = SHAPES[shape] / SHAPES[shape].mean() * load * 1200

    def day(agents: np.ndarray[tuple[int], np.dtype[np.int64]]) -> CentreDay:
        parts = tuple(rates.tolist()), tuple(agents.tolist()), (300.0,) * SLOTS
        return CentreDay(*parts, 600.0, FLUCTUATING, noise_cv=0.15, noise_correlation=0.8)

    full = np.full(SLOTS, 100)
    away = np.zeros(SLOTS, int)
    spare = full - agents_needed(rates, aht_s=300.0, standard=FLUCTUATING)
    for _ in range(coached * SLOTS):
        away[int(np.argmax(spare - away))] += 1
    tried = [watch(day(full), rule=Rule(600, idle, 100), days=DAYS) for idle in IDLE]
    text = f"load {load} {shape:13} timetable {0.6 * coached:.1f} min/h"
    for name, agents in (("same all day", full - coached), ("by forecast", full - away)):
        table = watch(day(agents), days=DAYS)
        good = [one.minutes for one in tried if one.service_level >= table.service_level]
        times = f"{max(good, default=0.0) / (0.6 * coached):.1f}"
        text += f"; {name} {said(table)}, slack buys {times} times"
    return text


def main() -> None:
    """Print both tables."""
    for line in stationary():
        sys.stdout.write(line + "\n")
    for load in (0.85, 0.9):
        for shape in SHAPES:
            for coached in (3, 6):
                sys.stdout.write(fluctuating(load, shape, coached) + "\n")


if __name__ == "__main__":
    main()
