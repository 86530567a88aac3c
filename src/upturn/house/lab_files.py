"""What the lab found as files: every figure as a row, everything as JSON, an hour as a film."""

import json
from collections.abc import Iterator, Mapping
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from upturn.floor.engine.lab.conclusions import Conclusions, Finding
from upturn.floor.engine.lab.film import Event, Film, Happening, events, film, film_json, hour_of
from upturn.floor.engine.lab.scenario import Scenario
from upturn.floor.engine.lab.summary import Summary
from upturn.stats import Figure, Withheld

if TYPE_CHECKING:
    from upturn.floor.engine.lab.pooling import PoolingStops

COLUMNS = ("policy", "measure", "of", "name", "value", "low", "high", "n")
HAPPENS = {
    Happening.ARISES: "arises",
    Happening.NOTICED: "noticed in passing",
    Happening.ASKED: "the guest asks",
    Happening.BEGINS: "begun",
    Happening.ENDS: "met",
    Happening.GIVES_UP: "given up",
}


class Found(NamedTuple):
    """What one call of the lab found."""

    scenarios: tuple[Scenario, ...]
    summaries: tuple[Summary, ...]
    conclusions: Conclusions
    pooling: "tuple[tuple[str, PoolingStops], ...]" = ()


def write_csv(found: Found, path: Path) -> None:
    """Every figure as a row, with names that no spreadsheet takes for a formula."""
    from upturn.graph.engine.tabular_export import csv_lines  # noqa: PLC0415 - slow to load

    path.write_bytes(b"".join(csv_lines(_rows(found), columns=COLUMNS)))


def _rows(found: Found) -> Iterator[tuple[str | float, ...]]:
    for scenario, summary in zip(found.scenarios, found.summaries, strict=True):
        for cell, figure in summary.figures.items():
            if isinstance(figure, Figure):
                numbers = (figure.value, figure.low, figure.high, figure.n)
                yield (scenario.text, cell.measure, cell.scope, cell.name, *numbers)


def write_json(found: Found, path: Path) -> None:
    """Everything that was found, with the seed it can be found again from."""
    first = found.summaries[0]
    whole = {
        "seed": first.seed,
        "reps": first.reps,
        "hours": first.hours,
        "policies": [_policy(*each) for each in zip(found.scenarios, found.summaries, strict=True)],
        "comparisons": [
            {
                "first": found.scenarios[one.first].text,
                "second": found.scenarios[one.second].text,
                "measure": one.measure.value,
                "verdict": one.verdict.value,
                "ratio": _figure(one.change.ratio),
                "difference": _figure(one.change.difference),
            }
            for one in found.conclusions.comparisons
        ],
        "coverage": found.conclusions.coverage,
        "follows": [_finding(one) for one in found.conclusions.follows],
        "pooling": [_pooling(name, stops) for name, stops in found.pooling],
        "does_not_follow": [_finding(one) for one in found.conclusions.does_not_follow],
    }
    path.write_text(json.dumps(whole, indent=1, allow_nan=False), encoding="utf-8")


def _policy(scenario: Scenario, summary: Summary) -> dict[str, object]:
    return {
        "policy": scenario.text,
        "ends": summary.ends._asdict(),
        "figures": [
            {"measure": cell.measure, "of": cell.scope, "name": cell.name, **figure}
            for cell, found in summary.figures.items()
            if (figure := _figure(found))
        ],
        "sections": [_row(row._asdict()) for row in summary.sections],
        "seats": [_row(row._asdict()) for row in summary.seats],
    }


def _pooling(name: str, stops: "PoolingStops") -> dict[str, object]:
    return {
        "against": name,
        "measure": stops.measure,
        "pays": stops.pays,
        "loafing_share": _figure(stops.loafing_share),
        "points": [
            {
                "loafing_share": point.loafing_share,
                "pooled": _figure(point.pooled),
                "difference": _figure(point.difference),
            }
            for point in stops.points
        ],
    }


def _row(row: Mapping[str, str | Figure | Withheld]) -> dict[str, object]:
    return {name: each if isinstance(each, str) else _figure(each) for name, each in row.items()}


def _figure(found: Figure | Withheld) -> dict[str, float | None] | None:
    if isinstance(found, Withheld):
        return None
    ends = (end if isfinite(end) else None for end in (found.low, found.high))
    return dict(zip(("value", "low", "high", "n"), (found.value, *ends, found.n), strict=True))


def _finding(found: Finding) -> dict[str, object]:
    return {"code": found.code.value, "numbers": dict(found.numbers)}


def write_film(found: Found, path: Path) -> None:
    """An hour of the first evening under each policy: JSON for a player, anything else as text."""
    films = {scenario.text: _filmed(scenario, found) for scenario in found.scenarios}
    if path.suffix == ".json":
        text = json.dumps({name: film_json(one) for name, one in films.items()}, allow_nan=False)
    else:
        text = "".join(f"{name}\n{_told(one)}\n" for name, one in films.items())
    path.write_text(text, encoding="utf-8")


def _filmed(scenario: Scenario, found: Found) -> Film:
    first = found.summaries[0]
    from_s, seconds = hour_of(first.hours)
    return film(scenario.floor, scenario.policy, seed=first.seed, from_s=from_s, seconds=seconds)


def _told(one: Film) -> str:
    return "".join(f"{_clock(event.at_s)}  {_line(event)}\n" for event in events(one))


def _clock(at_s: float) -> str:
    hours, rest = divmod(int(at_s), 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}"


def _line(event: Event) -> str:
    by = f" by {event.seat}" if event.seat else ""
    help_ = ", a neighbour" if event.helped else ""
    return f"{event.place}  {event.kind}  {HAPPENS[event.happening]}{by}{help_}"
