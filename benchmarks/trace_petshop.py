"""How often the true cause is named in a shop of services that serve services.

Data: amazon-science/petshop-root-cause-analysis, dataset/low_traffic (CC BY 4.0), no part of the
project. The official protocol: the cause among the first one, the first three, of a ranking, per
injected issue. `train` is for tuning; only `test` is reported. The repository's own best method,
anomaly traversal, is written here again from its description and runs beside.
"""

import csv
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from upturn.stats import Figure, share_interval
from upturn.trace.engine import ServiceGraph, walk_falls

Floats = NDArray[np.float64]
Figures = Mapping[tuple[str, str, str], Floats]

THRESHOLD = 5.0  # of the traversal
ALARM_ROWS = (2, 3, 4)  # where the traversal looks for the alarm: the third row, or the next ones
ROWS = slice(2, 4)  # of the product: the ten minutes after the alarm
GATE = 3.0  # robust standard errors below which nothing is said to be lost
NORMAL_LEAST = 10
MAD_OF_NORMAL = 0.6745
EVERY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Issue:
    """One injected fault."""

    target: str
    metric: str
    cause: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class Shop:
    """The graph of calls, the figures of normal days, and the issues of one split."""

    graph: ServiceGraph
    normal: Figures
    issues: tuple[Issue, ...]


def load(folder: Path, split: str) -> Shop:
    """Read one split."""
    with (folder / "graph.csv").open(encoding="utf-8", newline="") as file:
        names, *rows = csv.reader(file)
    calls = np.array([[float(cell) > 0 for cell in row[1:]] for row in rows])
    issues = tuple(_issues(folder / split))
    touchpoint = np.array([name in {issue.target for issue in issues} for name in names[1:]])
    graph = ServiceGraph(tuple(names[1:]), calls.T.copy(), touchpoint)
    return Shop(graph, _figures(folder / "noissue" / "metrics.csv"), issues)


def _issues(folder: Path) -> Iterator[Issue]:
    for place in sorted(folder.iterdir(), key=lambda path: int(path.name.removeprefix("issue_"))):
        told = json.loads((place / "target.json").read_text(encoding="utf-8"))
        target = told["target"]
        cause = told["root_cause"]["node"]
        yield Issue(target["node"], target["metric"], cause, _figures(place / "metrics.csv"))


def _figures(path: Path) -> Figures:
    with path.open(encoding="utf-8", newline="") as file:
        nodes, metrics, statistics, _times, *rows = csv.reader(file)
    columns = zip(*[[float(cell) if cell else np.nan for cell in row] for row in rows], strict=True)
    heads = zip(nodes, metrics, statistics, strict=True)
    return {head: np.array(column) for head, column in zip(heads, columns, strict=True)}


def _usual(shop: Shop, node: str, metric: str) -> tuple[float, float] | None:
    """Median and robust spread on normal days."""
    found = shop.normal.get((node, metric, "Average"), np.array([]))
    found = found[~np.isnan(found)]
    if len(found) < NORMAL_LEAST:
        return None
    middle = float(np.median(found))
    return middle, float(np.median(np.abs(found - middle))) / MAD_OF_NORMAL


def _now(issue: Issue, node: str) -> Floats | None:
    return issue.figures.get((node, issue.metric, "Average"))


def product(shop: Shop, issue: Issue) -> list[str]:
    """Name causes as the product does where losses add up.

    Lost at a node: seconds beyond the usual latency, or requests failed beyond the usual, over the
    ten minutes after the alarm; nothing where the average is within three robust standard errors.
    """
    lost = np.zeros(len(shop.graph.keys))
    for at, node in enumerate(shop.graph.keys):
        usual, now = (
            _usual(shop, node, issue.metric),
            issue.figures.get((node, issue.metric, "Average")),
        )
        if usual is None or now is None:
            continue
        worse = now - usual[0] if issue.metric == "latency" else (usual[0] - now) / 100
        spread = usual[1] if issue.metric == "latency" else usual[1] / 100
        asked = issue.figures[node, "requests", "Sum"]
        beyond = np.where(worse > GATE * spread, worse * asked, 0.0)
        lost[at] = np.nansum(beyond[ROWS])
    start = shop.graph.keys.index(issue.target)
    return [shop.graph.keys[at] for at in walk_falls(lost, graph=shop.graph, touchpoint=start).node]


def traversal(shop: Shop, issue: Issue) -> list[str]:
    """Name causes as the repository's anomaly traversal does."""
    start = shop.graph.keys.index(issue.target)
    for row in ALARM_ROWS:
        score = np.array([_anomaly(shop, issue, node, row) for node in shop.graph.keys])
        if score[start] > THRESHOLD:
            return _deepest(shop.graph, score, start)
    return []


def _anomaly(shop: Shop, issue: Issue, node: str, row: int) -> float:
    usual, now = (
        _usual(shop, node, issue.metric),
        issue.figures.get((node, issue.metric, "Average")),
    )
    if usual is None or now is None or row >= len(now) or np.isnan(now[row]):
        return 0.0
    away = abs(float(now[row]) - usual[0])
    if usual[1] > 0:
        return away / usual[1]
    return 1e6 if away > 0 else 0.0


def _deepest(graph: ServiceGraph, score: Floats, start: int) -> list[str]:
    """Anomalous nodes without an anomalous server, by the best sum along an anomalous path."""
    anomalous = score > THRESHOLD
    best: dict[int, float] = {}
    ways = [(start, float(score[start]), frozenset({start}))]
    while ways:
        node, total, seen = ways.pop()
        best[node] = max(best.get(node, 0.0), total)
        servers = np.flatnonzero(graph.serves[:, node] & anomalous).tolist()
        ways += [(at, total + float(score[at]), seen | {at}) for at in servers if at not in seen]
    last = [at for at in best if not (graph.serves[:, at] & anomalous).any()]
    return [graph.keys[at] for at in sorted(last, key=lambda at: (-best[at], at))]


Method = Callable[[Shop, Issue], list[str]]
METHODS: Mapping[str, Method] = {"product": product, "anomaly traversal": traversal}


def table(folder: Path, split: str = "test") -> str:
    """Every cell with its n and 95 % interval, both methods side by side."""
    shop = load(folder, split)
    text = f"PetShop low traffic, {split}: cause first / among the first three\n"
    for metric in ("latency", "availability"):
        issues = [issue for issue in shop.issues if issue.metric == metric]
        for name, method in METHODS.items():
            named = [method(shop, issue) for issue in issues]
            cells = [_cell(issues, named, most) for most in (1, 3)]
            text += f"  {metric:14}{name:20}{' / '.join(cells)}\n"
    return text


def _cell(issues: list[Issue], named: list[list[str]], most: int) -> str:
    hits = sum(issue.cause in names[:most] for issue, names in zip(issues, named, strict=True))
    share = share_interval(hits, len(issues))
    if not isinstance(share, Figure):
        return "no issues"
    return f"{share.value:.3f} ({share.low:.2f}-{share.high:.2f}, {hits} of {share.n})"


if __name__ == "__main__":
    sys.stdout.write(table(Path(sys.argv[1]), *sys.argv[2:3]))
