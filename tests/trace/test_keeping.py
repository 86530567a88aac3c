"""Kept traces: the hash moves with every input, and text that is none is refused."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from tests.trace.engines import alarm_of, hotel, with_column
from upturn.trace.engine import WrittenBadly, from_json, inputs_hash, keys_in, to_json, trace


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


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"keys": {}}', "null", '{"keys": {"0": "a"'])
def test_text_that_is_no_kept_trace_is_refused(text: str) -> None:
    with pytest.raises(WrittenBadly, match="no kept trace"):
        from_json(text)
