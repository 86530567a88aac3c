"""How well and how fast comments are read, beside TF-IDF with logistic regression.

Run `python benchmarks/read.py accuracy --data FOLDER`; FOLDER (or UPTURN_BENCHMARK_DATA) holds
`banking77` and `clinc150`, which are no part of the project, see `read_data.py`. `lessons` uses
what there is, the rows after it and `group` need no data. The answer is 1 where a bar is missed.
"""

import argparse
import os
import resource
import sys
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from time import perf_counter, process_time

import numpy as np
from read_data import Rows, Split, banking77, clinc150, few, halved
from read_lessons import Drawn, drawn_from, lesson
from read_translations import read_by_english, retrieved
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.pipeline import make_pipeline, make_union
from threadpoolctl import threadpool_limits

from upturn.stats import share_interval
from upturn.stats.draws import generator
from upturn.voice.engine import Embedder, Reader, ReasonClass, polarity, reader_for

sys.path.insert(0, str(Path(__file__).parents[1] / "examples"))
from restaurant_group import draw

DRAWS = 5
COMMENTS = 12_000
TAUGHT = 2_000
ROWS = ("accuracy", "scope", "group", "lessons", "speed", "translations")
READERS = ("minilm", "fast", "multilingual")
SETS = {"banking77": banking77, "clinc150": clinc150}
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

    def make(count: int | None, *, pool: bool) -> Callable[[int], Predict]:
        def made(draw: int) -> Predict:
            labelled = split.train if count is None else few(split.train, count=count, draw=draw)
            return best(ours(split, embedder, None if count == 0 else labelled, pool=pool))

        return made

    return [
        ("0 labels", make(0, pool=False), 1),
        ("0 labels, pool", make(0, pool=True), 1),
        ("8 a class", make(8, pool=False), DRAWS),
        ("8 a class, pool", make(8, pool=True), DRAWS),
        ("all, pool", make(None, pool=True), 1),
    ]


def accuracy(split: Split, embedders: Sequence[Embedder]) -> list[str]:
    """Print every row of one set; give what was missed."""
    n = len(split.test.texts)
    say(f"{split.name}: {len(split.train.texts):,} + {n:,}, accuracy / macro-F1\n")
    few_peers = [
        scored(peer(few(split.train, count=8, draw=at)), split.test) for at in range(DRAWS)
    ]
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
        say(
            line(
                "  in scope, told or not",
                [scored(best(reader), split.test)],
                None,
                len(split.test.texts),
            )
        )


def fifths(confidence: np.ndarray, right: np.ndarray) -> str:
    """Say mean confidence and hit rate, from the surest fifth to the least sure."""
    parts = np.array_split(np.argsort(-confidence, kind="stable"), 5)
    return ", ".join(f"{confidence[at].mean():.2f} {right[at].mean():.2f}" for at in parts)


def group() -> None:
    """Print readings of the example restaurant group: invented, skewed, several themes at once."""
    found = draw(date(2026, 11, 21), seed=7, comments=COMMENTS)
    classes = [ReasonClass(each.key, each.name, tuple(each.description)) for each in found.themes]
    keys = np.array([each.key for each in classes])
    pairs = list(zip(found.feedback, found.truths, strict=True))
    about = [at for at, (_, truth) in enumerate(pairs) if truth.theme in set(keys)]
    order = generator(2026, "group").permutation(about)[:6_000].tolist()
    texts = [pairs[at][0].text for at in order]
    themes = [pairs[at][1].theme for at in order]
    signs = np.array([pairs[at][1].polarity for at in order])[TAUGHT:]
    say(f"Restaurant group, {len(texts) - TAUGHT:,} comments, {len(classes)} themes\n")
    for name, embedder in (("words", None), ("fast", Remembering(reader_for("fast")))):
        for count in (0, 200, TAUGHT):
            labelled = (texts[:count], themes[:count]) if count else None
            reader = Reader.fit(classes, labelled=labelled, embedder=embedder)
            evidence = reader.evidence(texts[TAUGHT:])
            right = keys[evidence.argmax(axis=1)] == np.array(themes[TAUGHT:])
            say(f"  {name}, {count:,} labels: right {right.mean():.3f}; confidence and hits by ")
            say(f"fifths: {fifths(evidence.max(axis=1), right)}\n")
    sign, _ = polarity(texts[TAUGHT:])
    say(f"  polarity from words alone: right {(sign == signs)[signs != 0].mean():.3f}, ")
    say(f"told {(sign != 0)[signs != 0].mean():.3f}\n")


def lessons(data: str | None, embedders: Sequence[Embedder], draws: int) -> None:
    """Print what twenty corrections did for the next hundred comments."""
    found = draw(date(2026, 11, 21), seed=7, comments=COMMENTS)
    classes = [ReasonClass(each.key, each.name, tuple(each.description)) for each in found.themes]
    known = {each.key for each in classes}
    pairs = [
        (said.text, truth.theme or "")
        for said, truth in zip(found.feedback, found.truths, strict=True)
        if truth.theme in known
    ]
    sets: dict[str, Callable[[int], Drawn]] = {}
    if data is not None:
        for split in (banking77(Path(data)), clinc150(Path(data))):
            sets[split.name] = partial(drawn_from, rows=split.train, classes=split.classes)
    group_rows = Rows([text for text, _ in pairs], [key for _, key in pairs])
    sets["restaurant group"] = partial(
        drawn_from, rows=group_rows, classes=classes, themes=len(classes)
    )
    for embedder in embedders:
        for name, drawing in sets.items():
            rows = np.array([lesson(embedder, drawing(at)) for at in range(draws)])
            (before, after), gains = rows.mean(axis=0), rows[:, 1] - rows[:, 0]
            half = 1.96 * gains.std(ddof=1) / np.sqrt(draws)
            say(
                f"  {embedder.name}, {name}: {before:.3f} before, {after:.3f} after; gained "
                f"{gains.mean():.3f} (± {half:.3f}, {draws} draws), less than 0 in "
                f"{(gains < 0).mean():.2f}\n"
            )


def translations(embedders: Sequence[Embedder]) -> None:
    """Print how often a translated wording, or sentence of a theme, finds its English one."""
    for embedder in embedders:
        for what, rows in (
            ("nearest English wording", retrieved(embedder)),
            ("theme by English descriptions", read_by_english(embedder)),
        ):
            for code, hits, n in rows:
                told = share_interval(hits, n)
                interval = f"{told.low:.3f}-{told.high:.3f}"
                say(f"  {embedder.name}, {code}, {what}: {hits / n:.3f} ({interval}, n {n})\n")


def speed(texts: Sequence[str], name: str) -> None:
    """Print comments a second for every tier, and the highest memory of this process."""
    words = np.mean([len(text.split()) for text in texts])
    for tier, threads, count in (
        ("fast", 1, len(texts)),
        ("minilm", 1, 2_000),
        ("minilm", 2, 2_000),
        ("multilingual", 1, 2_000),
    ):
        embedder = reader_for(tier, threads=threads)
        embedder.embed(texts[:200])
        some = list(dict.fromkeys(texts))[200 : 200 + count]
        start, used = perf_counter(), process_time()
        embedder.embed(some)
        wall, used = perf_counter() - start, process_time() - used
        say(
            f"  {name}, {words:.0f} words, {tier}, {threads} threads: {len(some) / wall:,.0f}/s, "
            f"{len(some) / used:,.0f} a CPU-second (n {len(some):,})\n"
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    say(f"  highest memory so far {peak:.0f} MB\n")


def speeds(data: str | None) -> None:
    """Print the speed on comments of a restaurant, and on short messages where there are some."""
    comments = draw(date(2026, 11, 21), seed=7, comments=COMMENTS).feedback
    speed([each.text for each in comments], "restaurant group")
    if data is not None:
        speed(banking77(Path(data)).train.texts, "Banking77")


def say(text: str) -> None:
    """Print at once."""
    sys.stdout.write(text)
    sys.stdout.flush()


def main() -> int:
    """Print what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("row", choices=ROWS)
    parser.add_argument("--data", default=os.environ.get("UPTURN_BENCHMARK_DATA"))
    parser.add_argument("--set", choices=("banking77", "clinc150"), action="append")
    parser.add_argument("--embedder", choices=READERS, action="append")
    parser.add_argument("--draws", type=int, default=30, help="of the row lessons")
    parser.add_argument("--on", choices=("train", "test"), default="test")
    given = parser.parse_args()
    if given.row in {"group", "speed"}:
        group() if given.row == "group" else speeds(given.data)
        return 0
    embedders = [Remembering(reader_for(name)) for name in given.embedder or ("minilm", "fast")]
    if given.row in {"lessons", "translations"}:
        with threadpool_limits(limits=1):
            if given.row == "lessons":
                lessons(given.data, embedders, given.draws)
            else:
                translations(embedders)
        return 0
    if given.data is None:
        parser.error("give the folder of the data with --data or UPTURN_BENCHMARK_DATA")
    missed: list[str] = []
    with threadpool_limits(limits=1):
        for name in given.set or ("banking77", "clinc150"):
            split = SETS[name](Path(given.data))
            split = halved(split) if given.on == "train" else split
            if given.row == "accuracy":
                missed += accuracy(split, embedders)
            else:
                for embedder in embedders:
                    scope(split, embedder)
    sys.stdout.writelines(f"Missed: {each}\n" for each in missed)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
