"""A trial carried out, in a process of its own: what the page keeps of it, as plain data."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from upturn.floor.engine.described.checked import check_floor
from upturn.floor.engine.lab.conclusions import Comparison, Finding, conclude
from upturn.floor.engine.lab.measures import Cell, Measure
from upturn.floor.engine.lab.summary import Summary, paired, summarise
from upturn.floor.engine.lab.trial import Trial, check_trial, policy_of, with_sliders
from upturn.floor.engine.runs import Runs
from upturn.floor.engine.shapes import Floor
from upturn.floor.engine.simulating import simulate
from upturn.stats import Figure, Withheld

Tell = Callable[[int, int], None]
LOAFING_SHARES = (0.0, 0.0275, 0.055, 0.0825, 0.11)
"""Where pooling is tried, to see where it stops paying."""


def carry_out(trial: Trial, tell: Tell = lambda _done, _steps: None) -> dict[str, Any]:
    """Run every policy on the same needs and bring all of it into figures.

    Parameters
    ----------
    trial : Trial
    tell : callable
        Hears after each policy how many steps are done, and of how many.

    Returns
    -------
    dict
        Numbers, texts, lists and dicts alone, fit for JSON: `policies` with their `figures` (by
        "measure|scope|name"), `sections` and `seats`; `compared`, every two policies, by their
        place in the list; `follows` and `does_not_follow`; `pooling`; `ends`.

    Raises
    ------
    FloorError
        As `check_trial`, `check_floor` and the policies raise it.
    """
    check_trial(trial)
    floor = check_floor(with_sliders(trial), hours=trial.hours)
    shares = LOAFING_SHARES if _pools(trial) else ()
    steps, done = len(trial.policies) + len(shares), 0
    tell(0, steps)
    runs: dict[str, Runs] = {}
    for code in trial.policies:
        runs[code] = _simulated(trial, floor, code)
        done += 1
        tell(done, steps)
    warm_up_s = max(run.warm_up_s for run in runs.values())
    found = {code: summarise(run, warm_up_s=warm_up_s) for code, run in runs.items()}
    del runs
    points = []
    for share in shares:
        slower = replace(floor, behaviour=replace(floor.behaviour, loafing_share=share))
        pooled = summarise(_simulated(trial, slower, "pooled"), warm_up_s=warm_up_s)
        points.append(_point(share, pooled, found[_beside(trial)]))
        done += 1
        tell(done, steps)
    return _plain(trial, found, points)


def _simulated(trial: Trial, floor: Floor, code: str) -> Runs:
    policy = policy_of(code, detour_s=trial.detour_s)
    return simulate(floor, policy=policy, hours=trial.hours, reps=trial.reps, seed=trial.seed)


def _pools(trial: Trial) -> bool:
    return "pooled" in trial.policies and len(trial.policies) > 1


def _beside(trial: Trial) -> str:
    """The policy with sections that pooling is compared with."""
    others = [code for code in ("own-the-whole", "scan", *trial.policies) if code != "pooled"]
    return next(code for code in others if code in trial.policies)


def _point(share: float, pooled: Summary, other: Summary) -> dict[str, Any]:
    changes = paired(pooled, other)
    return {
        "share": share,
        "mean": _figure(changes[Cell(Measure.WAIT_MEAN)].difference),
        "p95": _figure(changes[Cell(Measure.WAIT_P95)].difference),
    }


def _plain(
    trial: Trial, found: Mapping[str, Summary], points: list[dict[str, Any]]
) -> dict[str, Any]:
    first, said = found[trial.policies[0]], conclude(list(found.values()))
    return {
        "ends": first.ends._asdict(),
        "policies": [_policy(code, summary) for code, summary in found.items()],
        "compared": [_compared(one) for one in said.comparisons],
        "follows": _findings(said.follows),
        "does_not_follow": _findings(said.does_not_follow),
        "pooling": {"beside": _beside(trial), "points": points} if points else None,
    }


def _policy(code: str, summary: Summary) -> dict[str, Any]:
    return {
        "code": code,
        "figures": {_key(cell): _figure(figure) for cell, figure in summary.figures.items()},
        "sections": [_row(row._asdict()) for row in summary.sections],
        "seats": [_row(row._asdict()) for row in summary.seats],
        "ends": summary.ends._asdict(),
    }


def _compared(one: Comparison) -> dict[str, Any]:
    return {
        "first": one.first,
        "second": one.second,
        "measure": str(one.measure),
        "verdict": str(one.verdict),
        "ratio": _figure(one.change.ratio),
    }


def _key(cell: Cell) -> str:
    return f"{cell.measure}|{cell.scope}|{cell.name}"


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: each if isinstance(each, str) else _figure(each) for name, each in row.items()}


def _figure(figure: Figure | Withheld) -> dict[str, float] | None:
    if isinstance(figure, Withheld):
        return None
    return {"value": figure.value, "low": figure.low, "high": figure.high, "n": figure.n}


def _findings(found: tuple[Finding, ...]) -> list[dict[str, Any]]:
    return [{"code": str(each.code), "numbers": dict(each.numbers)} for each in found]
