"""Cards put together by what they say: how well, against TF-IDF, and how fast.

    python benchmarks/loop/grouping.py ../shared/data [--on train]

The labelled sets are public and no part of the project: `banking77/{train,test}.csv` of
PolyAI-LDN/task-specific-datasets (CC BY 4.0) and `clinc150/data_full.json` of clinc/oos-eval
(CC BY 3.0). A draw takes cards of some classes, unevenly many of each (Dirichlet 2), and asks how
far the groups are the classes: normalised mutual information, and the adjusted Rand index, which
chance leaves at 0. Settings were chosen with `--on train`; the figures are of the test parts.
TF-IDF gets the same linkage, and of all its distances the one that is best *on the very draws it
is judged by*, which favours it.
"""

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

from upturn.loop.engine import group_cards
from upturn.stats.draws import generator
from upturn.voice.engine import Embedder, reader_for

sys.path.insert(0, str(Path(__file__).parents[1]))
from read_data import Rows, banking77, clinc150, halved

SHAPES = ((30, 5), (60, 8), (120, 12), (500, 20), (500, 40))
DRAWS = 10
DISTANCES = np.arange(0.5, 1.0, 0.05)
ROUNDS = 7
KINDS = {
    "TF-IDF of words": {"stop_words": "english"},
    "TF-IDF of letters": {"analyzer": "char_wb", "ngram_range": (3, 5)},
}


@dataclass(frozen=True)
class Draw:
    """Cards and the class of each."""

    cards: list[str]
    classes: list[str]

    def score(self, labels: Sequence[int]) -> tuple[float, float]:
        """Give NMI and ARI of groups; a card in none is one of its own."""
        return (
            normalized_mutual_info_score(self.classes, labels),
            adjusted_rand_score(self.classes, labels),
        )


def draws(name: str, rows: Rows, count: int, classes: int) -> Iterator[Draw]:
    """Draw cards of some classes."""
    keys = np.array(rows.keys)
    for at in range(DRAWS):
        lot = generator(2026, "cards", name, str(count), str(classes), str(at))
        chosen = lot.choice(np.unique(keys), classes, replace=False)
        wanted = lot.multinomial(count, lot.dirichlet(np.full(classes, 2.0)))
        places = [
            lot.choice(np.flatnonzero(keys == key), min(n, int((keys == key).sum())), replace=False)
            for key, n in zip(chosen, wanted, strict=True)
        ]
        taken = rows.take(np.concatenate(places).tolist())
        yield Draw(taken.texts, taken.keys)


def by_tf_idf(cards: Sequence[str], kind: str) -> list[list[int]]:
    """Put cards together at each distance."""
    rows = TfidfVectorizer(sublinear_tf=True, **KINDS[kind]).fit_transform(cards)
    apart = np.clip(1 - (rows @ rows.T).toarray(), 0, None)
    np.fill_diagonal(apart, 0)
    tree = linkage(squareform(apart, checks=False), "average")
    return [fcluster(tree, distance, "distance").tolist() for distance in DISTANCES]


def by_the_house(cards: Sequence[str], embedder: Embedder) -> list[int]:
    """Put cards together as a workshop does."""
    labels = list(range(len(cards)))
    for group in group_cards(cards, embedder=embedder):
        for at in group.members:
            labels[at] = -1 - group.members[0]
    return labels


def judge(name: str, rows: Rows, embedders: Sequence[Embedder]) -> None:
    """Print the figures of one set."""
    for count, classes in SHAPES:
        drawn = list(draws(name, rows, count, classes))
        write(f"\n{name}: {count} cards of {classes} classes, {DRAWS} draws")
        for kind in KINDS:
            scores = np.array([[d.score(g) for g in by_tf_idf(d.cards, kind)] for d in drawn])
            best = scores.mean(axis=0).argmax(axis=0)
            told(f"{kind}, at its best", scores[:, best[0], 0], scores[:, best[1], 1])
        for embedder in embedders:
            found = np.array([d.score(by_the_house(d.cards, embedder)) for d in drawn])
            told(f"the house, {embedder.name}", found[:, 0], found[:, 1])


def write(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def told(what: str, nmi: np.ndarray, ari: np.ndarray) -> None:
    """Print one row."""
    parts = [f"{x.mean():.3f} ± {x.std(ddof=1):.3f}" for x in (nmi, ari)]
    write(f"  {what:28} NMI {parts[0]}   ARI {parts[1]}")


def timed(rows: Rows, embedders: Sequence[Embedder]) -> None:
    """Print how long 500 cards take, short ones and such as fill their word budget."""
    lot = generator(2026, "speed")
    texts = [rows.texts[at] for at in lot.choice(len(rows.texts), 3_000, replace=False)]
    long = [" ".join(" ".join(texts[at : at + 6]).split()[:60]) for at in range(0, 3_000, 6)]
    for embedder in embedders:
        for what, cards in (("as drawn", texts[:500]), ("of 60 words", long)):
            wall, processor = [], []
            for _ in range(ROUNDS):
                at, used = time.perf_counter(), time.process_time()
                group_cards(cards, embedder=embedder)
                wall.append(time.perf_counter() - at)
                processor.append(time.process_time() - used)
            words = np.mean([len(card.split()) for card in cards])
            write(
                f"{embedder.name}, 500 cards {what} ({words:.0f} words): "
                f"{np.median(wall):.2f} s ({min(wall):.2f}-{max(wall):.2f}), processor "
                f"{np.median(processor):.2f} s, n {ROUNDS}"
            )


def main() -> None:
    """Judge and time."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("data", type=Path)
    asked.add_argument("--on", choices=["train", "test"], default="test")
    asked.add_argument("--only", choices=["speed", "groups"])
    given = asked.parse_args()
    embedders = [reader_for(name, threads=2) for name in ("minilm", "multilingual", "fast")]
    splits = [banking77(given.data), clinc150(given.data)]
    if given.only != "groups":
        timed(splits[0].test, embedders)
    if given.only != "speed":
        for split in splits:
            rows = halved(split).train if given.on == "train" else split.test
            judge(split.name, rows, embedders)


if __name__ == "__main__":
    main()
