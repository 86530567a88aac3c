"""Public labelled comments for `read.py`, and how they are split.

Settings were chosen on halves of the training part alone (`--on train`); the test part is read
once a row, to report (`--on test`).
"""

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from upturn.stats.draws import generator
from upturn.voice.engine import ReasonClass

SEED = 2026


@dataclass(frozen=True)
class Rows:
    """Texts with the class of each."""

    texts: list[str]
    keys: list[str]

    def take(self, places: Sequence[int]) -> "Rows":
        """Give some of the rows."""
        return Rows([self.texts[at] for at in places], [self.keys[at] for at in places])


@dataclass(frozen=True)
class Split:
    """What may be learned from, and what is only read; `none` are about no class at all."""

    name: str
    train: Rows
    test: Rows
    none_train: list[str] = field(default_factory=list)
    none_test: list[str] = field(default_factory=list)

    @property
    def classes(self) -> list[ReasonClass]:
        """The classes by name alone."""
        return [ReasonClass(key, key.replace("_", " ")) for key in sorted(set(self.train.keys))]


def banking77(folder: Path) -> Split:
    """Read train.csv and test.csv of PolyAI-LDN/task-specific-datasets (CC BY 4.0)."""
    parts = []
    for name in ("train.csv", "test.csv"):
        with (folder / "banking77" / name).open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        parts.append(Rows([row["text"] for row in rows], [row["category"] for row in rows]))
    return Split("Banking77", *parts)


def clinc150(folder: Path) -> Split:
    """Read data_full.json of clinc/oos-eval (CC BY 3.0); its validation part is left alone."""
    text = (folder / "clinc150" / "data_full.json").read_text(encoding="utf-8")
    parts = json.loads(text)
    rows = {
        name: Rows([said for said, _ in part], [key for _, key in part])
        for name, part in parts.items()
    }
    return Split(
        "CLINC150",
        rows["train"],
        rows["test"],
        rows["oos_train"].texts,
        rows["oos_test"].texts,
    )


def halved(split: Split) -> Split:
    """Split the training part into one half to learn from and one to choose by; no test."""
    order = generator(SEED, split.name, "halves").permutation(len(split.train.texts)).tolist()
    middle = len(order) // 2
    nones = split.none_train
    return Split(
        f"{split.name}, halves of train",
        split.train.take(order[:middle]),
        split.train.take(order[middle:]),
        nones[: len(nones) // 2],
        nones[len(nones) // 2 :],
    )


def few(train: Rows, *, count: int, draw: int) -> Rows:
    """Draw `count` labels a class from the training part."""
    draws = generator(SEED, "few", str(count), str(draw))
    keys = np.array(train.keys)
    chosen = [
        draws.choice(np.flatnonzero(keys == key), count, replace=False).tolist()
        for key in sorted(set(train.keys))
    ]
    return train.take([at for places in chosen for at in places])
