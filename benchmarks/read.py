"""How well and how fast comments are read, beside TF-IDF with logistic regression.

Run `python benchmarks/read.py accuracy --data FOLDER`; FOLDER (or UPTURN_BENCHMARK_DATA) holds
`banking77` and `clinc150`, which are no part of the project, see `read_data.py`. The other rows,
`group`, `speed` and `table`, need no data. The answer is 1 where a bar is missed.
"""

import argparse
import os
import resource
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from time import perf_counter, process_time

import numpy as np
from read_data import Rows, Split, banking77, clinc150, few, halved
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.pipeline import make_pipeline, make_union
from threadpoolctl import threadpool_limits

from upturn.stats import share_interval
from upturn.stats.draws import generator
from upturn.voice.engine import Embedder, Reader, ReasonClass, reader_for

DRAWS = 5
BARS = {
    ("Banking77", "0 labels, pool"): 0.66,
    ("Banking77", "8 a class, pool"): 0.85,
    ("Banking77", "all, pool"): 0.94,
    ("CLINC150", "0 labels, pool"): 0.72,
    ("CLINC150", "8 a class, pool"): 0.91,
    ("CLINC150", "all, pool"): 0.955,
}
Predict = Callable[[Sequence[str]], Sequence[str]]


class Remembering:
    """An embedder that turns each text into a vector once in a run."""

    def __init__(self, inner: Embedder) -> None:
        self.inner, self.seen = inner, dict[str, np.ndarray]()
        self.name, self.digest, self.dims = inner.name, inner.digest, inner.dims

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        """Give the vectors of texts."""
        new = list({text for text in texts if text not in self.seen})
        self.seen |= dict(zip(new, self.inner.embed(new), strict=True))
        rows = [self.seen[text] for text in texts]
        return np.stack(rows) if rows else np.zeros((0, self.dims), dtype=np.float32)


def peer(train: Rows) -> Predict:
    """Fit scikit-learn: words and pairs, pieces inside words, C = 5."""
    rare = len(train.texts) >= 2_000
    words = TfidfVectorizer(ngram_range=(1, 2), min_df=2 if rare else 1, sublinear_tf=True)
    pieces = TfidfVectorizer(
        analyzer="char_wb",
        ngram_range=(3, 5),
        min_df=3 if rare else 1,
        max_features=60_000,
        sublinear_tf=True,
    )
    head = LogisticRegression(C=5, max_iter=300)
    fitted = make_pipeline(make_union(words, pieces), head).fit(train.texts, train.keys)
    return lambda texts: fitted.predict(texts).tolist()


def ours(split: Split, embedder: Embedder, labelled: Rows | None, *, pool: bool) -> Reader:
    """Fit the product's reader; the pool is the training part without its labels."""
    return Reader.fit(
        split.classes,
        labelled=None if labelled is None else (labelled.texts, labelled.keys),
        embedder=embedder,
        unlabelled=split.train.texts if pool else (),
    )


def best(reader: Reader) -> Predict:
    """Take the best class, also where the reader cannot tell."""
    return lambda texts: [reader.classes[at].key for at in reader.evidence(texts).argmax(axis=1)]


def scored(predict: Predict, test: Rows) -> tuple[float, float]:
    """Give accuracy and macro-F1."""
    said = predict(test.texts)
    right = np.mean([one == other for one, other in zip(said, test.keys, strict=True)])
    return float(right), float(f1_score(test.keys, said, average="macro", zero_division=0))


def line(name: str, found: Sequence[tuple[float, float]], beside: float | None, n: int) -> str:
    """Write a row: mean, spread over draws or interval, macro-F1, ratio to the peer."""
    accuracy = float(np.mean([each for each, _ in found]))
    if len(found) > 1:
        spread = f"± {np.std([each for each, _ in found], ddof=1):.3f}, {len(found)} draws"
    else:
        interval = share_interval(round(accuracy * n), n)
        spread = f"{interval.low:.3f}-{interval.high:.3f}"
    f1 = np.mean([each for _, each in found])
    ratio = "" if beside is None else f", {accuracy / beside:.2f} of TF-IDF"
    return f"  {name:34} {accuracy:.3f} ({spread}) / {f1:.3f}{ratio}\n"


def rows_of(split: Split, embedder: Embedder) -> list[tuple[str, Callable[[int], Predict], int]]:
    """Name every row of one embedder, how its reader is made, and how many draws it has."""
    rows = []
    for words, pool in (("", False), (", pool", True)):
        rows += [
            (
                f"0 labels{words}",
                lambda _, pool=pool: best(ours(split, embedder, None, pool=pool)),
                1,
            ),
            (
                f"8 a class{words}",
                lambda draw, pool=pool: best(
                    ours(split, embedder, few(split.train, count=8, draw=draw), pool=pool)
                ),
                DRAWS,
            ),
            (f"all{words}", lambda _, pool=pool: best(ours(split, embedder, split.train, pool=pool)), 1),
        ]
    return rows


def accuracy(split: Split, embedders: Sequence[Embedder]) -> list[str]:
    """Print every row of one set; give what was missed."""
    n = len(split.test.texts)
    say(f"{split.name}: {len(split.train.texts):,} + {n:,}, accuracy / macro-F1\n")
    few_peers = [scored(peer(few(split.train, count=8, draw=at)), split.test) for at in range(DRAWS)]
    peers = {"8 a class": few_peers, "all": [scored(peer(split.train), split.test)]}
    for name, found in peers.items():
        say(line(f"TF-IDF, {name}", found, None, n))
    missed = []
    for embedder in embedders:
        for name, make, draws in rows_of(split, embedder):
            found = [scored(make(draw), split.test) for draw in range(draws)]
            mean = float(np.mean([each for each, _ in found]))
            beside = peers.get(name.removesuffix(", pool"))
            ratio = None if beside is None else float(np.mean([each for each, _ in beside]))
            say(line(f"{embedder.name}, {name}", found, ratio, n))
            bar = BARS.get((split.name, name), 0.0) if embedder.name == "minilm" else 0.0
            if mean < bar:
                missed.append(f"{split.name}, {name}: {mean:.3f}, bar {bar}")
    return missed


def scope(split: Split, embedder: Embedder) -> None:
    """Print how well comments about no class are found: F1, precision, recall."""
    for name, nones in (("with examples", split.none_train), ("without", [])):
        reader = Reader.fit(
            split.classes,
            labelled=(split.train.texts, split.train.keys),
            embedder=embedder,
            none_of_these=nones,
        )
        theme, _ = reader.classify([*split.test.texts, *split.none_test])
        is_none = np.repeat([False, True], [len(split.test.texts), len(split.none_test)])
        said = theme < 0
        hits = int((said & is_none).sum())
        precision, recall = hits / max(1, said.sum()), hits / is_none.sum()
        f1 = 2 * precision * recall / max(precision + recall, 1e-9)
        keys = np.array([each.key for each in reader.classes])
        right = (keys[theme] == np.array([*split.test.keys, *[""] * len(split.none_test)])) & ~said
        say(
            f"  {embedder.name}, none of these, {name}: F1 {f1:.3f}, precision {precision:.3f}, "
            f"recall {recall:.3f}; in scope right and told {right.sum() / (~is_none).sum():.3f}\n"
        )


def say(text: str) -> None:
    """Print at once."""
    sys.stdout.write(text)
    sys.stdout.flush()
