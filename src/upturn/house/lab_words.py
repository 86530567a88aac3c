"""Sentences for what the lab found, for a terminal."""

from collections.abc import Callable, Mapping, Sequence
from math import isfinite
from typing import TYPE_CHECKING

from upturn.floor.engine.lab.conclusions import Code, Finding, Number, Verdict
from upturn.floor.engine.lab.measures import Measure
from upturn.stats import Figure

if TYPE_CHECKING:
    from upturn.floor.engine.lab.pooling import PoolingStops

MEASURES = {
    Measure.WAIT_MEAN: "wait, mean, s",
    Measure.WAIT_P50: "half begin within, s",
    Measure.WAIT_P90: "90 of 100 within, s",
    Measure.WAIT_P95: "95 of 100 within, s",
    Measure.IN_TIME: "begun in time, %",
    Measure.GAVE_UP: "gave up, %",
    Measure.OPEN: "never begun, %",
    Measure.NOTICE: "until noticed, mean, s",
    Measure.BEFORE_ASKED: "met before asked, %",
    Measure.HELPED: "met by another section, %",
    Measure.WAITING: "waiting at the same time",
    Measure.WALK_A_NEED: "walk a need, m",
    Measure.WALK_AN_HOUR: "walk a server's hour, m",
    Measure.NEEDS_A_TRIP: "needs a trip",
    Measure.IDLE: "nothing to do, %",
    Measure.CREDIT_GINI: "unevenness of credit, 0-1",
    Measure.WORK_GINI: "unevenness of work, 0-1",
}
SHARES = frozenset(measure for measure in MEASURES if measure.endswith("_share"))
SETTINGS: Mapping[str, Callable[[str], str]] = {
    "cadence": lambda value: "no rounds" if value == "never" else f"a round every {value} s",
    "serves": lambda value: f"{value} service",
    "detour": lambda value: f"detour {value} s",
    "own-first": lambda value: f"owner first {value} s",
    "free": lambda value: "any way when free" if value == "yes" else "free or not",
    "adjacent": lambda value: "next section alone" if value == "yes" else "all sections",
    "by-preference": lambda value: "by preference" if value == "yes" else "oldest first",
    "loafing": lambda value: f"loafing {value}",
    "help-cost": lambda value: f"help costs {value}",
}


def name_of(text: str) -> str:
    """What a scenario is called: its policy, and what was set otherwise than usual."""
    word, _, settings = text.partition(":")
    said = [_setting(*part.split("=", 1)) for part in filter(None, settings.split(","))]
    name = word.replace("-", " ")
    return f"{name} ({', '.join(said)})" if said else name


def _setting(name: str, value: str) -> str:
    if name.startswith("hands."):
        return f"{name.removeprefix('hands.')} for {value}"
    return SETTINGS[name](value)


def minutes(seconds: float) -> str:
    """A wait as one says it."""
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.1f} min"


def sentence(finding: Finding, names: Sequence[str]) -> str:
    """One sentence of what follows, or does not."""
    return SENTENCES[finding.code](_Numbers(finding.numbers, names))


def pooling_sentence(stops: "PoolingStops", name: str) -> str:
    """Where pooling stops paying, or that it does not within what was looked at."""
    share = stops.loafing_share
    if isinstance(share, Figure):
        until = f"from there to {share.high:.1%}" if isfinite(share.high) else "above it"
        return (
            f"Pooling has shorter long waits than {name} up to a slow-down of {share.low:.1%}; "
            f"{until} it cannot be told (best guess: alike at {share.value:.1%})."
        )
    largest = stops.points[-1].loafing_share
    if stops.pays == "nowhere":
        return f"Pooling does not shorten long waits against {name}, even if nobody slows down."
    return f"Pooling has shorter long waits than {name} up to the largest slow-down, {largest:.0%}."


class _Numbers:
    """The numbers of a finding as words."""

    def __init__(self, numbers: Mapping[str, Number], names: Sequence[str]) -> None:
        self.numbers, self.names = numbers, names

    def policy(self, key: str) -> str:
        return self.names[int(self.numbers[key])]

    def number(self, key: str) -> float:
        return float(self.numbers[key])

    def percent(self, key: str) -> str:
        return f"{self.number(key):.1%}"

    def change(self, less: str, more: str) -> str:
        """How a ratio differs from 1, with its interval."""
        ratio, low, high = (self.number(key) - 1 for key in ("ratio", "low", "high"))
        if high < 0:
            return f"{-ratio:.0%} {less} ({-high:.0%} to {-low:.0%})"
        if low > 0:
            return f"{ratio:.0%} {more} ({low:.0%} to {high:.0%})"
        return f"between {-low:.0%} {less} and {high:.0%} {more}"


def _versus(of: str, less: str, more: str) -> Callable[[_Numbers], str]:
    def say(n: _Numbers) -> str:
        first, second = n.policy("first"), n.policy("second")
        verdict = n.numbers["verdict"]
        if verdict == Verdict.ALIKE:
            return f"{of.capitalize()}: {first} and {second} are alike, within 2 %."
        if verdict == Verdict.CANNOT_TELL:
            between = n.change(less, more) if "ratio" in n.numbers else "too few to compare"
            return f"{of.capitalize()}: {first} against {second} cannot be told ({between})."
        return f"{of.capitalize()}: {first} {n.change(less, more)} than {second}."

    return say


def _own(ending: str) -> Callable[[_Numbers], str]:
    def say(n: _Numbers) -> str:
        return (
            f"Own tables: in the section where help elsewhere costs most ({n.numbers['section']}), "
            f"long waits under {n.policy('policy')} are {n.change('shorter', 'longer')} than under "
            f"{n.policy('without')}. {ending}"
        )

    return say


SENTENCES: Mapping[Code, Callable[[_Numbers], str]] = {
    Code.SHORTEST: lambda n: (
        f"The shortest waits come with {n.policy('policy')}: 95 of 100 needs begin within "
        f"{minutes(n.number('wait_s'))} ({minutes(n.number('low_s'))} to "
        f"{minutes(n.number('high_s'))}). That time is called long waits below."
    ),
    Code.COMPARED: _versus("long waits", "shorter", "longer"),
    Code.STEPS: _versus("steps for a need", "fewer", "more"),
    Code.BEFORE_ASKED: lambda n: (
        f"Met before the guest asked, of needs one can see: {n.percent('share')} under "
        f"{n.policy('policy')} ({n.percent('low')} to {n.percent('high')})."
    ),
    Code.OWN_KEPT: _own("The bound of 5 % is kept."),
    Code.OWN_NOT_KEPT: _own("The bound of 5 % is not kept."),
    Code.OWN_CANNOT_TELL: _own("Whether the bound of 5 % is kept cannot be told."),
    Code.OWNERS_ALONE: _versus("long waits for what owners alone may do", "shorter", "longer"),
    Code.NOT_SALES: lambda _: (
        "Fewer needs waiting is not more sales: a table that is served faster may leave sooner."
    ),
    Code.NO_HEADCOUNT: lambda _: (
        "How many people should work: nothing here says so. More is not better in itself."
    ),
    Code.NUMBERS_GIVEN: lambda _: (
        "The floor, how often needs come and how long they take are the numbers of your file; "
        "nobody measured those marked as assumed. The servers are synthetic: they do not tire, "
        "forget, or talk to guests they like."
    ),
    Code.LOAFING_GIVEN: lambda _: (
        "By how much people slow down when a queue belongs to everybody is put in, not found. In "
        "one supermarket it was 6.9 %."
    ),
    Code.POOLED_ANYBODY: lambda n: (
        f"Under {n.policy('policy')} anybody also does what only the owner does otherwise, such as "
        "taking orders; what guests make of that is in no figure."
    ),
    Code.GAVE_UP: lambda n: (
        f"Waits are of those who were served; under {n.policy('policy')} {n.percent('share')} gave "
        "up before. Compare both lines together."
    ),
    Code.LEFT_OPEN: lambda n: (
        f"Under {n.policy('policy')} {n.percent('share')} of all needs were still waiting when the "
        "run was cut off, so its true waits are longer than shown."
    ),
    Code.BEGAN_LATE: lambda n: (
        f"Under {n.policy('policy')} {n.percent('share')} of all needs began after the last hour, "
        "when nothing new came; a longer evening would show longer waits."
    ),
    Code.WARM_UP: lambda n: (
        f"The first {n.number('minutes'):.0f} minutes of each run are left out "
        f"({n.number('needs'):,.0f} needs), because the floor begins empty."
    ),
    Code.FEW_REPS: lambda n: (
        f"Only {n.number('reps'):.0f} repetitions: the ranges are rough. Take --reps 200."
    ),
    Code.FAMILY: lambda n: (
        f"{n.number('verdicts'):.0f} comparisons were made; each interval behind a verdict is "
        f"widened to {n.number('coverage'):.2%}, so that all of them hold together at 95 %."
    ),
}
