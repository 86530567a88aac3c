"""How well and how fast comments are read.

The example restaurant group is always read. With `--banking77 FOLDER` (train.csv and test.csv of
PolyAI-LDN/task-specific-datasets, banking_data, CC BY 4.0, no part of the project) the published
figures are reproduced too, with scikit-learn's own TF-IDF as the peer in the same run. Run
`python benchmarks/reading.py`; the answer is 1 if a published figure is missed by more than .02.
"""

import argparse
import csv
import resource
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.pipeline import make_pipeline, make_union
from threadpoolctl import threadpool_limits

from upturn.stats.draws import generator
from upturn.voice.engine import Reader, ReasonClass, default_themes, learn_polarity, polarity

sys.path.insert(0, str(Path(__file__).parents[1] / "examples"))
from restaurant_group import draw

WITHIN = 0.02
PUBLISHED = {"scikit-learn, words, 8 labels": 0.634, "scikit-learn, all labels": 0.912}
DRAWS, SEED = 3, 2026
COMMENTS, MANY_COMMENTS = 12_000, 100_000
LABELS = (0, 100, 400, 2_000)

Rows = tuple[list[str], list[str]]
Predict = Callable[[Sequence[str]], Sequence[str]]


def load(path: Path) -> Rows:
    """Read texts and intents of one file."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [row["text"] for row in rows], [row["category"] for row in rows]


def scored(name: str, predict: Predict, test: Rows) -> tuple[float, str]:
    """Give accuracy, and a line with macro-F1 and time."""
    start = process_time()
    said = predict(test[0])
    accuracy = float(np.mean([one == other for one, other in zip(said, test[1], strict=True)]))
    f1 = f1_score(test[1], said, average="macro", zero_division=0)
    spent = process_time() - start
    return accuracy, f"  {name:34} {accuracy:.3f} / {f1:.3f}   {spent:6.1f} CPU-s\n"


def few(train: Rows, *, n: int, draw_number: int) -> Rows:
    """Draw n labels a class."""
    draws = generator(SEED, "banking77", str(n), str(draw_number))
    keys = np.array(train[1])
    chosen = [draws.choice(np.flatnonzero(keys == key), n, replace=False) for key in set_of(train)]
    places = np.concatenate(chosen).tolist()
    return [train[0][at] for at in places], [train[1][at] for at in places]


def set_of(rows: Rows) -> list[str]:
    """Give the classes in order."""
    return sorted(set(rows[1]))


def peer(train: Rows, *, words_only: bool = False) -> Predict:
    """Fit scikit-learn as `reference` figures were measured: C = 20 on words, 5 with pieces."""
    rare = len(train[0]) >= 2_000
    columns = [TfidfVectorizer(ngram_range=(1, 2), min_df=2 if rare else 1, sublinear_tf=True)]
    if not words_only:
        pieces = {"analyzer": "char_wb", "ngram_range": (3, 5), "max_features": 60_000}
        columns.append(TfidfVectorizer(min_df=3 if rare else 1, sublinear_tf=True, **pieces))
    head = LogisticRegression(C=20 if words_only else 5, max_iter=300)

    def predict(texts: Sequence[str]) -> Sequence[str]:
        return make_pipeline(make_union(*columns), head).fit(*train).predict(texts).tolist()

    return predict


def ours(train: Rows | None, classes: Sequence[ReasonClass]) -> Predict:
    """Read with names as descriptions; where it cannot tell, take the best all the same."""

    def predict(texts: Sequence[str]) -> Sequence[str]:
        evidence = Reader.fit(classes, labelled=train).evidence(texts)
        return [classes[at].key for at in evidence.argmax(axis=1)]

    return predict


def banking77(folder: Path) -> tuple[str, list[str]]:
    """Measure with 0, 8 and all labels; also say which published figures were missed."""
    train, test = load(folder / "train.csv"), load(folder / "test.csv")
    classes = [ReasonClass(key, key.replace("_", " ")) for key in set_of(train)]
    runs: list[tuple[str, Predict]] = [("upturn, names only", ours(None, classes))]
    for number in range(DRAWS):
        some = few(train, n=8, draw_number=number)
        runs.append(("scikit-learn, words, 8 labels", peer(some, words_only=True)))
        runs.append(("scikit-learn, with pieces, 8 labels", peer(some)))
        runs.append(("upturn, 8 labels", ours(some, classes)))
    runs.append(("scikit-learn, all labels", peer(train)))
    runs.append(("upturn, all labels", ours(train, classes)))
    text = f"Banking77, {len(train[0]):,} + {len(test[0]):,}: accuracy / macro-F1, {DRAWS} draws\n"
    reached: dict[str, list[float]] = {}
    for name, predict in runs:
        accuracy, line = scored(name, predict, test)
        reached.setdefault(name, []).append(accuracy)
        text += line
    missed = [
        f"{name}: published {figure}, here {np.mean(reached[name]):.3f}"
        for name, figure in PUBLISHED.items()
        if abs(np.mean(reached[name]) - figure) > WITHIN
    ]
    return text, missed


def fifths(confidence: Any, right: Any) -> str:
    """Say mean confidence and hit rate, from the surest fifth to the least sure."""
    order = np.argsort(-confidence, kind="stable")
    parts = [(confidence[at].mean(), right[at].mean()) for at in np.array_split(order, 5)]
    return ", ".join(f"{sure:.2f} {hit:.2f}" for sure, hit in parts)


def told_of(told: Any, right: Any) -> str:
    """Say how many are right of all, and of those where something was told."""
    return (
        f"right {right.mean():.3f} of all, told {told.mean():.2f}, "
        f"right {right[told].mean():.3f} of these"
    )


def restaurant_group() -> str:
    """Compare readings of the example organisation with what each comment was drawn to say."""
    group = draw(date(2026, 11, 21), seed=7, comments=COMMENTS)
    texts = [each.text for each in group.feedback]
    scores = np.array([np.nan if each.score is None else each.score for each in group.feedback])
    themes = np.array([each.theme for each in group.truths])
    signs = np.array([each.polarity for each in group.truths])
    order = generator(SEED, "restaurant group").permutation(len(texts))
    teaching, reading = order[: max(LABELS)], order[max(LABELS) :]
    classes = [ReasonClass(each.key, each.name, each.description) for each in group.themes]
    keys = np.array([each.key for each in classes])
    test = [texts[at] for at in reading]
    most = max(Counter(themes[reading].tolist()).values()) / len(reading)
    text = f"Restaurant group, {len(reading):,} comments; always the commonest theme {most:.3f}\n"
    for n in LABELS:
        some = [texts[at] for at in teaching[:n]]
        labels = themes[teaching[:n]].tolist()
        reader = Reader.fit(classes, labelled=(some, labels))
        evidence = reader.evidence(test)
        right = keys[evidence.argmax(axis=1)] == themes[reading]
        text += f"  theme, {n:5} labels: {told_of(reader.classify(test)[0] >= 0, right)}\n"
        text += f"    confidence and hits by fifths: {fifths(evidence.max(axis=1), right)}\n"
    learned = learn_polarity([texts[at] for at in teaching], scores[teaching])
    unscored = np.isnan(scores[reading]) & (signs[reading] != 0)
    for name, knows in (("words", None), ("learned from scores", learned)):
        sign, _ = polarity(test, learned=knows)
        right = (sign == signs[reading])[unscored]
        told = (sign != 0)[unscored]
        text += f"  polarity without score, {name}: {told_of(told, right)}\n"
    sign, _ = polarity(test, scores[reading], learned=learned)
    return text + f"  polarity, all comments: {(sign == signs[reading]).mean():.3f}\n"


def memory() -> str:
    """Read a hundred thousand comments; run first, since the peak of a process only grows."""
    texts = [each.text for each in draw(date(2026, 11, 21), seed=7, comments=COMMENTS).feedback]
    many = [f"{text} {n}" for n in range(-(-MANY_COMMENTS // COMMENTS)) for text in texts]
    reader = Reader.fit(default_themes(("en", "de", "es")))
    reader.read(texts[:100])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = process_time()
    reader.read(many[:MANY_COMMENTS])
    spent = process_time() - start
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    return (
        f"Generic themes in three languages, {MANY_COMMENTS:,} comments: {spent:.1f} CPU-s, "
        f"peak memory grew by {grown:.0f} MB\n"
    )


def speed() -> str:
    """Time fitting and reading without and with labels."""
    group = draw(date(2026, 11, 21), seed=7, comments=COMMENTS)
    texts = [each.text for each in group.feedback]
    classes = [ReasonClass(each.key, each.name, each.description) for each in group.themes]
    themes = [each.theme for each in group.truths]
    scores = [9.0 if each.polarity > 0 else 2.0 for each in group.truths]
    taught = {"labelled": (texts[:400], themes[:400]), "scored": (texts[:2_000], scores[:2_000])}
    length = np.mean([len(text.split()) for text in texts])
    text = f"{COMMENTS:,} comments of {length:.0f} words, theme and polarity, one thread\n"
    for name, given in (("descriptions, word list", {}), ("400 labels, 2,000 scores", taught)):
        start = process_time()
        reader = Reader.fit(classes, **given)
        fitted = process_time()
        reader.read(texts)
        done = process_time()
        text += f"  {name:26} fit {fitted - start:.1f} CPU-s, read {done - fitted:.1f} CPU-s\n"
    return text


def main() -> int:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--banking77", type=Path, help="folder with train.csv and test.csv")
    folder = parser.parse_args().banking77
    missed: list[str] = []
    with threadpool_limits(limits=1):
        sys.stdout.write(f"{memory()}\n{speed()}\n{restaurant_group()}\n")
        if folder is None:
            sys.stdout.write("Banking77: left out, no folder was given.\n")
        else:
            text, missed = banking77(folder)
            sys.stdout.write(text)
    sys.stdout.writelines(f"Missed: {line}\n" for line in missed)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
