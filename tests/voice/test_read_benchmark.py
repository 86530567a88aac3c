"""The benchmark of reading learns from the training part alone."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
from read_data import Rows, Split, few, halved

TRAIN = Rows([f"said {n}" for n in range(60)], [f"class {n % 3}" for n in range(60)])
TEST = Rows([f"kept {n}" for n in range(30)], [f"class {n % 3}" for n in range(30)])
SPLIT = Split("Invented", TRAIN, TEST, ["other 1", "other 2"], ["kept other"])


@pytest.mark.parametrize("count", [1, 8])
def test_labels_are_drawn_from_the_training_part_equally_many_a_class(count: int) -> None:
    drawn = few(TRAIN, count=count, draw=0)
    assert set(zip(drawn.texts, drawn.keys, strict=True)) <= set(
        zip(TRAIN.texts, TRAIN.keys, strict=True)
    )
    assert len(set(drawn.texts)) == 3 * count
    assert all(drawn.keys.count(key) == count for key in set(TRAIN.keys))


def test_draws_differ_and_repeat() -> None:
    assert few(TRAIN, count=4, draw=1) == few(TRAIN, count=4, draw=1)
    assert few(TRAIN, count=4, draw=1) != few(TRAIN, count=4, draw=2)


def test_settings_are_chosen_without_one_comment_of_the_test() -> None:
    inner = halved(SPLIT)
    assert sorted(inner.train.texts + inner.test.texts) == sorted(TRAIN.texts)
    assert not set(inner.train.texts) & set(inner.test.texts)
    assert sorted(inner.none_train + inner.none_test) == SPLIT.none_train
