"""Kept traces: the hash moves with every input, and text that is none is refused."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from tests.trace.engines import alarm_of, hotel, with_column
from upturn.trace.engine import (
    Reason,
    WrittenBadly,
    from_json,
    inputs_hash,
    keys_in,
    to_json,
    trace,
)


def test_the_hash_changes_with_any_input() -> None:
    measures, graph = hotel()
    serves, touchpoint = graph.serves.copy(), graph.touchpoint.copy()
    serves[3, 7] = not serves[3, 7]
    touchpoint[4] = True
    later = tuple(week + timedelta(weeks=1) for week in measures.weeks)
    column = measures.value[:, 2].copy()
    column[5] = np.nextafter(column[5], np.inf)
    others = [
        (with_column(measures, 2, column), graph),
        (with_column(measures, 2, np.nan), graph),
        (replace(measures, weeks=later), graph),
        (measures, replace(graph, serves=serves)),
        (measures, replace(graph, touchpoint=touchpoint)),
        (measures, replace(graph, keys=("renamed", *graph.keys[1:]))),
    ]
    hashes = {inputs_hash(measures, graph), *(inputs_hash(*pair) for pair in others)}
    assert len(hashes) == 7


def test_the_hash_does_not_depend_on_how_figures_lie_in_memory() -> None:
    measures, graph = hotel()
    turned = replace(measures, value=np.asfortranarray(measures.value))
    assert inputs_hash(turned, graph) == inputs_hash(measures, graph)


def test_a_kept_trace_names_its_nodes_by_key() -> None:
    measures, graph = hotel(size=7)
    text = to_json(trace(measures, graph=graph, alarm=alarm_of(measures, graph)), graph)
    keys = keys_in(text)
    assert {"check-in", "desk", "rooms", "laundry"} <= set(keys.values())
    assert all(graph.keys[node] == key for node, key in keys.items())


def test_a_trace_kept_before_there_were_new_fields_reads_back_without_them() -> None:
    measures, graph = hotel(size=7)
    found = trace(measures, graph=graph, alarm=alarm_of(measures, graph))
    data = json.loads(to_json(found, graph))
    for field in ("also_fell", "ask_for"):
        del data["against"][field]
    data["reasons"] = ["weak"]
    old = replace(found.against, also_fell=(), ask_for=None)
    assert from_json(json.dumps(data)) == replace(found, against=old, reasons=(Reason.WEAK,))


def fields_of(data: dict[str, object], *where: str) -> Iterator[tuple[str, ...]]:
    for name, value in data.items():
        yield (*where, name)
        if name in {"alarm", "against"}:
            yield from fields_of(value, *where, name)  # type: ignore[arg-type] # a dict in JSON


def test_any_other_field_too_few_or_too_many_is_refused() -> None:
    measures, graph = hotel(size=7)
    text = to_json(trace(measures, graph=graph, alarm=alarm_of(measures, graph)), graph)
    new = {("against", "also_fell"), ("against", "ask_for")}
    for *where, name in set(fields_of(json.loads(text))) - new:
        data = json.loads(text)
        holder = data[where[0]] if where else data
        value = holder.pop(name)
        with pytest.raises(WrittenBadly):
            from_json(json.dumps(data))
        holder |= {name: value, "unknown": value} if where else {name: value}
        if where:
            with pytest.raises(WrittenBadly):
                from_json(json.dumps(data))


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"keys": {}}', "null", '{"keys": {"0": "a"'])
def test_text_that_is_no_kept_trace_is_refused(text: str) -> None:
    with pytest.raises(WrittenBadly, match="no kept trace"):
        from_json(text)
