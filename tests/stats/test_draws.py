"""Streams repeat, are told apart by their names, and do not disturb each other."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from upturn.stats.draws import generator

names = st.lists(st.text(max_size=8), max_size=4).map(tuple)


def first(seed, *stream):
    return generator(seed, *stream).integers(2**63, size=4).tolist()


@given(st.integers(0, 2**64), names)
def test_the_same_names_give_the_same_numbers(seed, stream):
    assert first(seed, *stream) == first(seed, *stream)


@given(st.integers(0, 2**64), names, names)
def test_other_names_give_other_numbers(seed, one, other):
    assert (first(seed, *one) == first(seed, *other)) == (one == other)


@given(names, st.integers(0, 2**64), st.integers(0, 2**64))
def test_another_seed_gives_other_numbers(stream, one, other):
    assert (first(one, *stream) == first(other, *stream)) == (one == other)


def test_streams_repeat_in_another_process_with_another_hash_seed():
    code = "from upturn.stats.draws import generator as g; print(g(7, 'a', 'ä').integers(2**63))"
    environments = ({"PYTHONHASHSEED": "1"}, {"PYTHONHASHSEED": "2"})
    runs = {
        subprocess.run([sys.executable, "-c", code], env=e, capture_output=True, check=True).stdout
        for e in environments
    }
    assert runs == {f"{generator(7, 'a', 'ä').integers(2**63)}\n".encode()}


def test_the_numbers_are_frozen():
    assert generator(7, "customers", "words").integers(100, size=3).tolist() == [81, 53, 95]


def test_streams_are_uncorrelated():
    table = np.array([generator(7, "table", str(i)).random(2000) for i in range(20)])
    correlations = np.corrcoef(table)[np.triu_indices(20, 1)]
    assert np.abs(correlations).max() < 4.5 / np.sqrt(2000)


def test_a_negative_seed_is_refused():
    with pytest.raises(ValueError, match="non-negative"):
        generator(-1, "customers")
