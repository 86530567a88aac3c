"""Every engine counts the same integers, and those are the ones a slow count gives."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from upturn.counts import (
    ENGINES,
    UncountableAnswers,
    UnknownEngine,
    cross_products,
    histogram,
    scale_squares,
)

# Spark's bridge leaves its sockets to the garbage collector.
UNRAISABLE = "ignore::pytest.PytestUnraisableExceptionWarning"


@st.composite
def waves(draw, most_people=60):
    """Answers, their blocks and how many blocks and categories there are."""
    people, questions = draw(st.integers(0, most_people)), draw(st.integers(1, 19))
    blocks, categories = draw(st.integers(1, 9)), draw(st.integers(1, 11))
    numbers = np.random.default_rng(draw(st.integers(0, 2**32)))
    answers = numbers.integers(draw(st.integers(0, 1)), categories + 1, (people, questions))
    block = numbers.integers(0, blocks, people)
    if draw(st.booleans()):
        block.sort()
    return answers.astype(np.int8), block.astype(np.int32), blocks, categories


def slow_histogram(answers, block, blocks, categories):
    counts = np.zeros((blocks, answers.shape[1], categories + 1), int)
    for row, number in zip(answers.tolist(), block.tolist(), strict=True):
        for question, answer in enumerate(row):
            counts[number, question, (answer or categories + 1) - 1] += 1
    return counts


def slow_cross_products(answers, block, blocks):
    whole = answers.astype(int)
    complete = (whole > 0).all(axis=1)
    rows = [whole[complete & (block == each)] for each in range(blocks)]
    return (
        np.array([len(each) for each in rows]),
        np.array([each.sum(axis=0) for each in rows]),
        np.array([each.T @ each for each in rows]),
    )


def check(wave: Any, engine: str = "numpy", at: Any = None) -> None:
    answers, block, blocks, categories = wave
    counts = histogram(
        answers, block=block, blocks=blocks, categories=categories, engine=engine, at=at
    )
    assert counts.dtype == np.int64
    np.testing.assert_array_equal(counts, slow_histogram(*wave), strict=False)
    found = cross_products(answers, block=block, blocks=blocks, engine=engine, at=at)
    for have, want in zip(found, slow_cross_products(answers, block, blocks), strict=True):
        assert have.dtype == np.int64
        np.testing.assert_array_equal(have, want)


@given(waves())
def test_numpy_counts_what_a_slow_count_gives(wave):
    check(wave)


@settings(max_examples=15)
@given(waves())
def test_duckdb_counts_the_same_integers(wave):
    check(wave, "duckdb")


@settings(max_examples=25)
@given(wave=waves())
def test_postgresql_counts_the_same_integers(postgresql, wave):
    check(wave, "postgresql", postgresql)


@pytest.mark.filterwarnings("ignore::ResourceWarning", UNRAISABLE)
@settings(max_examples=2)
@given(wave=waves())
def test_spark_counts_the_same_integers(spark, wave):
    check(wave, "spark", spark)


@pytest.mark.parametrize("engine", ["numpy", "duckdb"])
def test_blocks_larger_than_a_byte_can_count_are_whole(engine):
    numbers = np.random.default_rng(4)
    block = numbers.choice([0, 1, 2, 5], 40_000, p=[0.6, 0.38, 0.01, 0.01]).astype(np.int32)
    answers = numbers.integers(0, 6, (40_000, 3)).astype(np.int8)
    answers[block == 1] = 4
    check((answers, block, 6, 5), engine)


def test_an_empty_block_beside_a_large_one_stays_empty():
    check((np.full((300, 2), 3, np.int8), np.zeros(300, np.int32), 2, 5))
    check((np.full((300, 2), 3, np.int8), np.ones(300, np.int32), 2, 5))


def test_more_blocks_than_sixteen_bits_number_are_told_apart():
    block = np.array([70_001, 4_465, 70_001, 131_072, 0], np.int32)
    answers = np.array([[1], [2], [1], [3], [2]], np.int8)
    counts = histogram(answers, block=block, blocks=131_073)
    assert counts[70_001, 0].tolist() == [2, 0, 0, 0, 0, 0]
    assert counts[4_465, 0].tolist() == [0, 1, 0, 0, 0, 0]
    assert counts.sum() == 5


@given(waves())
def test_squares_are_those_of_the_products(wave):
    answers, _block, _blocks, _categories = wave
    n, sums, products = cross_products(answers, block=np.zeros(len(answers), int), blocks=1)
    found = scale_squares(answers)
    assert (found.n, found.sums.tolist()) == (int(n[0]), sums[0].tolist())
    assert (found.squares, found.of_totals) == (np.trace(products[0]), products[0].sum())


def test_squares_stay_exact_where_single_precision_would_round():
    answers = np.full((9_001, 40), 127, dtype=np.int8)
    answers[0, 0] = 0
    found = scale_squares(answers)
    assert (found.n, found.squares) == (9_000, 9_000 * 40 * 127**2)
    assert found.of_totals == 9_000 * (40 * 127) ** 2


def test_products_stay_exact_where_single_precision_would_round():
    answers = np.full((300_001, 2), 127, np.int8)
    n, sums, products = cross_products(answers, block=np.zeros(300_001, np.int32), blocks=1)
    assert n.tolist() == [300_001]
    assert sums.tolist() == [[127 * 300_001] * 2]
    assert products.tolist() == [[[127 * 127 * 300_001] * 2] * 2]


def test_a_table_wider_than_postgresql_allows_is_asked_in_portions():
    numbers = np.random.default_rng(5)
    wave = (numbers.integers(0, 12, (9, 70)).astype(np.int8), np.zeros(9, np.int32), 1, 11)
    answers, block, blocks, categories = wave
    asked = {"block": block, "blocks": blocks, "categories": categories, "engine": "duckdb"}
    np.testing.assert_array_equal(histogram(answers, **asked), slow_histogram(*wave))


@given(waves(), st.randoms(use_true_random=False))
def test_the_order_of_people_does_not_matter(wave, shuffler):
    answers, block, blocks, categories = wave
    order = list(range(len(block)))
    shuffler.shuffle(order)
    shuffled = (answers[order], block[order], blocks, categories)
    check(shuffled)
    np.testing.assert_array_equal(slow_histogram(*shuffled), slow_histogram(*wave))


@pytest.mark.filterwarnings("ignore::ResourceWarning", UNRAISABLE)
@pytest.mark.parametrize("engine", [each for each in ENGINES if each != "numpy"])
def test_nothing_stays_in_the_database(engine, request):
    at = request.getfixturevalue(engine) if engine in {"postgresql", "spark"} else None
    wave = (np.ones((4, 2), np.int8), np.zeros(4, np.int32), 1, 5)
    check(wave, engine, at)
    check(wave, engine, at)
    if engine == "postgresql":
        found = at.execute("SELECT count(*) FROM pg_class WHERE relname = 'upturn_answers'")
        assert found.fetchone() == (0,)
    if engine == "spark":
        assert not at.catalog.tableExists("upturn_answers")


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"answers": np.array([[6]])}, "an answer of 6"),
        ({"answers": np.array([[-1]])}, "an answer of -1"),
        ({"answers": np.array([[300]])}, "an answer of 300"),
        ({"answers": np.array([[2.5]])}, "float64"),
        ({"answers": np.array([1])}, "shape"),
        ({"answers": np.zeros((1, 0), np.int8)}, "shape"),
        ({"block": np.array([1])}, "a block of 1"),
        ({"block": np.array([-1])}, "a block of -1"),
        ({"block": np.array([0, 0])}, "shape"),
        ({"blocks": 0}, "a block of 0"),
        ({"categories": 0}, "0 categories"),
        ({"categories": 128}, "128 categories"),
    ],
)
def test_what_cannot_be_counted_is_refused_by_value(changed, says):
    fine = {"answers": np.array([[5]]), "block": np.array([0]), "blocks": 1} | changed
    with pytest.raises(UncountableAnswers, match=says):
        histogram(**fine)


def test_unknown_engines_and_missing_connections_are_refused():
    fine = {"answers": np.array([[5]]), "block": np.array([0]), "blocks": 1}
    with pytest.raises(UnknownEngine, match=r"oracle.*numpy"):
        histogram(**fine, engine="oracle")
    with pytest.raises(UnknownEngine, match="psycopg"):
        histogram(**fine, engine="postgresql")
    with pytest.raises(UnknownEngine, match="SparkSession"):
        cross_products(**fine, engine="spark")
