"""A trace kept for good: text that says everything and reads back exactly."""

import json
from dataclasses import asdict
from datetime import date
from hashlib import sha256
from typing import Any

import numpy as np

from upturn.trace.engine.errors import WrittenBadly
from upturn.trace.engine.shapes import (
    Alarm,
    Confidence,
    CounterEvidence,
    Measures,
    Moved,
    Noticed,
    Ranking,
    Reason,
    Remark,
    RunnerUp,
    ServiceGraph,
    Step,
    Trace,
    Wanted,
)

ADDED: dict[str, Any] = {"also_fell": [], "ask_for": None}
"""Fields that traces kept by version 1 lack."""


def inputs_hash(measures: Measures, graph: ServiceGraph) -> str:
    """Digest everything a trace rests on: figures, weeks, keys, edges, which are touchpoints.

    Examples
    --------
    >>> from datetime import date
    >>> graph = ServiceGraph(("a",), np.zeros((1, 1), bool), np.ones(1, bool))
    >>> inputs_hash(Measures(np.array([[7.0]]), (date(2026, 1, 5),)), graph)[:12]
    '7b8f14713c78'
    """
    digest = sha256()
    value = np.where(np.isnan(measures.value), np.nan, measures.value + 0.0)
    words = json.dumps([[week.isoformat() for week in measures.weeks], list(graph.keys)])
    for part in (
        words.encode(),
        value.astype("<f8").tobytes(),
        np.packbits(graph.serves).tobytes(),
        np.packbits(graph.touchpoint).tobytes(),
    ):
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def to_json(trace: Trace, graph: ServiceGraph) -> str:
    """Write a trace as text, with the keys of the nodes it names."""
    data = asdict(trace)
    data["first_week"] = trace.first_week.isoformat()
    data["keys"] = {str(node): graph.keys[node] for node in sorted(_nodes(trace))}
    return json.dumps(data, sort_keys=True, allow_nan=False)


def keys_in(text: str) -> dict[int, str]:
    """Read the keys of the nodes that a kept trace names: graphs change, kept traces do not."""
    return {int(node): str(key) for node, key in _load(text)["keys"].items()}


def from_json(text: str) -> Trace:
    """Read a kept trace.

    Raises
    ------
    WrittenBadly
        If the text is not what `to_json` writes.
    """
    data = _load(text)
    try:
        return Trace(
            alarm=Alarm(**data["alarm"]),
            suspect=data["suspect"],
            path=tuple(_step(step) for step in data["path"]),
            rankings=tuple(_ranking(one) for one in data["rankings"]),
            confidence=Confidence(data["confidence"]),
            reasons=tuple(Reason(reason) for reason in data["reasons"]),
            against=_against(data["against"]),
            noticed=tuple(Noticed(one["node"], Remark(one["remark"])) for one in data["noticed"]),
            share_on_path=data["share_on_path"],
            onset_window=_pair(data["onset_window"]),
            first_week=date.fromisoformat(data["first_week"]),
            n_weeks=data["n_weeks"],
            inputs_hash=data["inputs_hash"],
            version=data["version"],
        )
    except (KeyError, TypeError, ValueError) as error:
        raise WrittenBadly(str(error)) from None


def _load(text: str) -> dict[str, Any]:
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise WrittenBadly(str(error)) from None
    if not isinstance(data, dict) or not isinstance(data.get("keys"), dict):
        raise WrittenBadly("no keys")
    return data


def _step(data: dict[str, Any]) -> Step:
    moved = data["moved"]
    return Step(**{**data, "moved": Moved(**moved) if moved else None})


def _ranking(data: dict[str, Any]) -> Ranking:
    return Ranking(data["method"], tuple(data["node"]), tuple(data["score"]))


def _pair(values: list[int]) -> tuple[int, int]:
    first, second = values
    return first, second


def _against(data: dict[str, Any]) -> CounterEvidence:
    data = {**ADDED, **data}
    changed = {
        "common_factor": data["common_factor"],
        "ask_next": data["ask_next"],
        "also_fell": tuple(data["also_fell"]),
        "ask_for": Wanted(data["ask_for"]) if data["ask_for"] else None,
        "spared": tuple(data["spared"]),
        "unmeasured": tuple(data["unmeasured"]),
        "allowed_for": tuple(data["allowed_for"]),
        "runner_up": RunnerUp(**data["runner_up"]) if data["runner_up"] else None,
        "disagree": _pair(data["disagree"]) if data["disagree"] else None,
    }
    return CounterEvidence(**{**data, **changed})


def _nodes(trace: Trace) -> set[int]:
    against = trace.against
    named = {trace.alarm.touchpoint, trace.suspect, against.ask_next, *against.spared}
    named |= {step.node for step in trace.path} | {one.node for one in trace.noticed}
    named |= {node for ranking in trace.rankings for node in ranking.node}
    named |= {*against.unmeasured, *against.allowed_for, *against.also_fell}
    named |= set(against.disagree or ())
    named |= {against.runner_up.node} if against.runner_up else set()
    return {node for node in named if node is not None}
