"""What holds for every run, need by need."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from upturn.floor.engine.checks.judging import Check, Ground, identity
from upturn.floor.engine.checks.queues import calls, queue
from upturn.floor.engine.grid import grid
from upturn.floor.engine.laid import Flags, Floats, lay_out
from upturn.floor.engine.policy import OneAtATime, OwnTheWhole, Policy, SkillRouting
from upturn.floor.engine.runs import Outcome, Records, Runs
from upturn.floor.engine.shapes import Durations, Floor, NeedType

ROUNDING = 1e-9
HOURS, REPS = 40.0, 4


def busy_floor() -> Floor:
    """Give floor F with a carried item, needs nobody asks for at once, patience, and owners."""
    return grid(
        need_types=(
            NeedType("order", 4.0, Durations(40.0), due_s=120, owner_only=True),
            NeedType("coffee", 4.0, Durations(12.0), item="pot", asks_after=Durations(200.0)),
            NeedType("request", 4.0, Durations(15.0), patience=Durations(300.0)),
        ),
        hands={"pot": 5},
    )


def _run(ground: Ground, floor: Floor, policy: Policy, *, hours: float = HOURS) -> Runs:
    return ground.simulate(floor, policy=policy, hours=hours, reps=REPS, seed=ground.seed)


def little(ground: Ground) -> Iterator[Check]:
    """13: mean number open = rate times mean time, per section and kind."""
    floor = busy_floor()
    laid = lay_out(floor)
    for policy in (OneAtATime(), OwnTheWhole()):
        records = _run(ground, floor, policy).records
        section = laid.section[records.node]
        worst = max(
            (
                _both_sides(records, (section == s) & (records.kind == kind))
                for s in range(len(floor.sections))
                for kind in range(len(floor.need_types))
            ),
            key=lambda sides: np.nan_to_num(abs(sides[0] - sides[1]), nan=np.inf),
        )
        name = f"{type(policy).__name__}, worst section and kind: mean number open"
        yield identity("13", name, expected=worst[0], measured=worst[1], within=ROUNDING)


def _both_sides(records: Records, rows: Flags) -> tuple[float, float]:
    """Rate times mean time, and the number open over time, counted from one event to the next."""
    came, left = records.created_s[rows], records.ended_s[rows]
    span = float(left.max())
    times = np.concatenate([came, left])
    order = np.argsort(times, kind="stable")
    steps = np.concatenate([np.ones(len(came)), -np.ones(len(left))])[order]
    spread: Floats = np.diff(times[order])
    once = float((np.cumsum(steps)[:-1] * spread).sum()) / (span * REPS)
    return len(came) / (span * REPS) * float((left - came).mean()), once


def conservation(ground: Ground) -> Iterator[Check]:
    """14: nothing is lost, and credit never moves."""
    floor = busy_floor()
    laid = lay_out(floor)
    owners = []
    for policy in (OneAtATime(), OwnTheWhole()):
        runs, name = _run(ground, floor, policy), type(policy).__name__
        records = runs.records
        ends = [
            np.isfinite(records.started_s),
            np.isinf(records.started_s) & np.isfinite(records.ended_s),
            np.isinf(records.ended_s),
        ]
        told = [
            int((rows & (records.outcome == outcome)).sum())
            for rows, outcome in zip(ends, Outcome, strict=True)
        ]
        came, ended = float(len(records.kind)), float(sum(told))
        yield identity(
            "14", f"{name}: came = served + gave up + open", expected=came, measured=ended
        )
        busy = float(runs.work.busy_s.sum())
        yield identity(
            "14",
            f"{name}: time serving, s",
            expected=_serving(records),
            measured=busy,
            within=ROUNDING,
        )
        owners.append(np.bincount(records.owner, minlength=4))
    at_own = np.bincount(laid.owner[records.node], minlength=4)
    for credit, called in zip(owners, ("alone", "with help"), strict=True):
        gone = float(abs(credit - at_own).sum())
        yield identity("14", f"credit of owners that moved, {called}", expected=0.0, measured=gone)
    yield _walks(ground)


def _serving(records: Records) -> float:
    """Seconds of all services; needs met in one go begin and end together."""
    served = records.outcome == Outcome.SERVED
    rows = (records.replication, records.server, records.started_s, records.ended_s)
    each = np.unique(np.column_stack([row[served] for row in rows]), axis=0)
    return float((each[:, 3] - each[:, 2]).sum())


def _walks(ground: Ground) -> Check:
    """One at a time walks there and back for each need."""
    floor = grid()
    laid = lay_out(floor)
    runs = _run(ground, floor, OneAtATime())
    legs = 2 * float(laid.walk_s[laid.stations[0], runs.records.node].sum())
    walked = float(runs.work.walk_s.sum())
    return identity("14", "walk = sum of legs, s", expected=legs, measured=walked, within=ROUNDING)


def invariance(ground: Ground) -> Iterator[Check]:
    """15: the same seed gives the same to the last bit, however the work is split."""
    floor, hours = busy_floor(), 2 * HOURS

    def run(*, reps: int, threads: int) -> Records:
        runs = ground.simulate(
            floor, policy=OwnTheWhole(), hours=hours, reps=reps, seed=ground.seed, threads=threads
        )
        return runs.records

    whole, shared, few = run(reps=24, threads=1), run(reps=24, threads=3), run(reps=5, threads=1)
    first = [column[whole.replication < 5] for column in whole]
    for name, a, b in (("three threads", whole, shared), ("a smaller batch", first, few)):
        other = float(sum(np.sum(x != y) for x, y in zip(a, b, strict=True)))
        yield identity("15", f"{name}: figures that differ", expected=0.0, measured=other)


def monotone(ground: Ground) -> Iterator[Check]:
    """16: on the same needs, one more server or a faster walk never makes anybody wait longer."""
    kind = calls("call", rate=0.9, service=Durations(10.0))
    policy = SkillRouting(by_preference=False)
    fewer = _run(ground, queue(kind, servers=10), policy).records
    more = _run(ground, queue(kind, servers=11), policy).records
    later = float(np.maximum(more.started_s - fewer.started_s, 0).max())
    name = "one more agent: longest delay that it adds, s"
    yield identity("16", name, expected=0.0, measured=later, within=ROUNDING)
    floor = grid()
    brisk = replace(floor, servers=tuple(replace(s, speed_m_s=1.5) for s in floor.servers))
    slow = _run(ground, floor, OneAtATime()).records
    fast = _run(ground, brisk, OneAtATime()).records
    later = float(np.maximum(fast.started_s - slow.started_s, 0).max())
    name = "faster walking: longest delay that it adds, s"
    yield identity("16", name, expected=0.0, measured=later, within=ROUNDING)
