"""Two houses in which something fell, in weekly sums and measures alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from time import time_ns

import numpy as np

from tests import factories as f
from tests.voice.said import weeks_ago
from upturn.graph.models import Kind, Party, Serves, Touchpoint
from upturn.stats.draws import generator
from upturn.trace import engine
from upturn.trace.engine import Confidence
from upturn.trace.models import Inputs, Screening, StoredAlarm, StoredTrace
from upturn.trace.queries import assemble, made_of
from upturn.voice.models import Measure, MeasureWeek, Tally, TouchpointWeek

WEEKS = 26
FELL = 14  # the week in which the dish room's trouble begins, counted from the first
LAST = weeks_ago(1)
A_WEEK = 20  # scores at a touchpoint


@dataclass
class Houses:
    """Dish room serves Kitchen serves Floor; the Group office serves kitchens and floors."""

    parties: dict[str, Party]
    edges: dict[str, Serves]
    points: dict[str, Touchpoint]

    @property
    def fell(self) -> Touchpoint:
        return self.points["food at Mill"]


def mondays() -> list[date]:
    return [LAST - timedelta(weeks=back) for back in range(WEEKS - 1, -1, -1)]


def scored(point: Touchpoint, means: Iterable[float], *, n: int = A_WEEK) -> None:
    """Weekly sums with these means; every week's scores spread by two points."""
    TouchpointWeek.objects.bulk_create(
        TouchpointWeek(
            touchpoint=point,
            week=week,
            count=n,
            positive=0,
            negative=0,
            scored=n,
            total=n * mean,
            squares=n * (mean * mean + 4),
        )
        for week, mean in zip(mondays(), means, strict=True)
    )
    _changed()


def measured(
    of: Party | Serves, name: str, values: Iterable[float], *, better: str = "more"
) -> None:
    """A weekly measure of a party or an edge."""
    what = {"party": of} if isinstance(of, Party) else {"edge": of}
    measure = Measure.objects.create(name=name, better=better, **what)
    MeasureWeek.objects.bulk_create(
        MeasureWeek(measure=measure, week=week, value=value)
        for week, value in zip(mondays(), values, strict=True)
    )
    _changed()


def _changed() -> None:
    now = time_ns()
    Tally.objects.update_or_create(pk=1, defaults={"words": now, "measures": now})


def step(size: float, *, at: int = FELL) -> np.ndarray:
    """Nothing, then so much lower from a week on."""
    return np.where(np.arange(WEEKS) < at, 0.0, -size)


def built(*, seed: int = 1, fall: float = 1.5, suspect_measured: bool = True) -> Houses:
    """Draw both houses; at Mill the dish room gets worse, and with it what is served hot."""
    rng = generator(seed, "two houses")
    group = f.party("Group office")
    parties, edges, points = {"Group office": group}, {}, {}
    for place in ("Mill", "Harbour"):
        guests = f.party("Guests", kind=Kind.CUSTOMERS, place=place)
        names = ("Floor", "Kitchen", "Dish room", "Bar")
        floor, kitchen, dishes, bar = (f.party(name, place=place) for name in names)
        parties |= {f"{p.name} at {place}": p for p in (guests, floor, kitchen, dishes, bar)}
        edges[f"floor at {place}"] = f.serves(floor, guests)
        edges[f"kitchen at {place}"] = f.serves(kitchen, floor)
        edges[f"dishes at {place}"] = f.serves(dishes, kitchen)
        edges[f"bar at {place}"] = f.serves(bar, floor)
        for served in (kitchen, floor):
            f.serves(group, served)
        for name, servers in (("food", (kitchen,)), ("drinks", (bar,)), ("bill", (floor,))):
            points[f"{name} at {place}"] = f.touchpoint(
                name, customers=guests, servers=servers, place=place
            )
    houses = Houses(parties, edges, points)
    trouble = step(fall)
    for name, point in points.items():
        drop = trouble if name == "food at Mill" else 0.0
        scored(point, np.clip(8 + drop + rng.normal(0, 0.25, WEEKS), 0, 10))
    for name, party in parties.items():
        share = {"Dish room at Mill": 2.0, "Kitchen at Mill": 1.2}.get(name, 0.0)
        if party.kind != Kind.CUSTOMERS and (suspect_measured or name != "Dish room at Mill"):
            values = 6 + share * step(2.0 if fall else 0.0) + rng.normal(0, 0.4, WEEKS)
            measured(party, "plates ready", values)
    return houses


def kept(
    point: Touchpoint,
    *path: Party,
    confidence: Confidence = Confidence.TWO_AGREE,
    against: engine.CounterEvidence | None = None,
) -> StoredTrace:
    """A trace from a touchpoint down this path as if it had been found, stored with its alarm."""
    assembled = assemble(LAST)
    keys = [f"touchpoint:{point.key}", *(f"party:{party.key}" for party in path)]
    nodes = [assembled.graph.keys.index(key) for key in keys]
    tells = confidence != Confidence.CANNOT_TELL
    steps = tuple(engine.Step(n, min(at, 1), 0.9 - at / 10, None) for at, n in enumerate(nodes))
    found = engine.Trace(
        alarm=engine.Alarm(nodes[0], FELL, -5.0, 0.01),
        suspect=nodes[-1] if tells else None,
        path=steps if tells else (),
        rankings=(engine.Ranking("walk", tuple(nodes[1:]), tuple(1.0 for _ in path)),),
        confidence=confidence,
        reasons=() if tells else (engine.Reason.WEAK,),
        against=against
        or engine.CounterEvidence(
            runner_up=engine.RunnerUp(nodes[1], 0.2), ask_next=nodes[-1], common_factor=0.1
        ),
        noticed=(engine.Noticed(nodes[-1], engine.Remark.GAPS),),
        share_on_path=0.6 if tells else None,
        onset_window=(FELL - 1, FELL + 1),
        first_week=assembled.measures.weeks[0],
        n_weeks=WEEKS,
        inputs_hash="0" * 64,
        version="by hand",
    )
    made = made_of(assembled, found, today=LAST + timedelta(weeks=1))
    made.inputs, _ = Inputs.objects.get_or_create(digest="0" * 64, defaults={"packed": b"by hand"})
    made.save(force_insert=True)
    given = {"done_on": made.made_on, "touchpoints": len(assembled.scores)}
    screening, _ = Screening.objects.get_or_create(week=LAST, defaults=given)
    StoredAlarm.objects.create(
        screening=screening,
        touchpoint=point.key,
        onset=made.onset,
        z=-5.0,
        adjusted_p=0.01,
        change=-1.4,
        low=-1.7,
        high=-1.1,
        n=400,
        trace=made,
    )
    return made
