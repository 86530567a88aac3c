"""The guard: its weights learned, judged by writers it did not learn from, and timed.

    python -m benchmarks.exchange.guard learn     # leaves hands out, writes both files of weights
    python -m benchmarks.exchange.guard topics    # leaves one topic out
    python -m benchmarks.exchange.guard judge "why"   # the frozen part; every look is logged
    python -m benchmarks.exchange.guard time

Texts are synthetic. Writers a to e wrote 240 each for this purpose without knowing any rule; f and
p are ours, written with the rules and the examples known, and by the same hand are the eight voices
g to n, though written before. All others (o, q to z, A to W) were told the ten topics and nothing
of rules, examples or one another, and wrote 250 to 480 each. What d, e, g to n, z and K to N wrote
were frozen parts (`test`, `second_test`, `third_test`) until each was looked at; now they are
learned from too. Fourth part (`fourth_test`): hands T to W, frozen by its hash
(`tests/exchange/engine/test_guard_measured.py`) and read by `judge` alone.
"""

import json
import os
import statistics
import sys
import time
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, csr_matrix, hstack
from sklearn.linear_model import LogisticRegression
from sklearn.svm import SVC

from benchmarks.exchange.guard_words import KnownWords, known_words
from upturn.exchange.engine.guard import (
    Finding,
    Stop,
    Topic,
    check_text,
    shipped_rules,
    stop_for,
)
from upturn.exchange.engine.guard.scoring import BUCKETS, COUNTED_MOST, hashed
from upturn.stats import Withheld, share_interval
from upturn.voice.engine import Embedder, reader_for

HERE = Path(__file__).parent
EXCHANGE = Path(__file__).parents[2] / "src" / "upturn" / "exchange"
LIGHT = EXCHANGE / "static" / "exchange" / "guard_model.json"
MEANING = EXCHANGE / "static" / "exchange" / "guard_meaning.json"
LOG = HERE / "guard_uses.csv"
STRENGTH, MARGIN, LIST_SCALE, LINEAR = 3.0, 4.0, 0.15, 7.6
"""`LINEAR` is about the squared length of light features, so that both kernels weigh alike."""
FALSE_SHARE = 0.07
"""The line is drawn where so many honest texts of `LEFT`, each group left out, are over it."""

LEARNED = ("train", "own", "more", "hands", "test", "second_test", "third_test")
FROZEN = "fourth_test"
CALLED = {"customer": "customers"}
"""What some hands called a topic."""
LEFT = ("de", "z", "KL", "MN")
"""Hands told to write as many honest texts as others, in ordinary talk too."""

Row = Mapping[str, Any]
Array = NDArray[np.float64]
Marks = NDArray[np.bool_]


def say(*told: object) -> None:
    """Write a line."""
    sys.stdout.write(" ".join(map(str, told)) + "\n")


def rows(*names: str) -> list[Row]:
    """Read parts of the data."""
    lines = (
        line
        for name in names
        for line in (HERE / f"guard_{name}_set.jsonl").read_text("utf-8").splitlines()
    )
    return [
        row | {"topic": CALLED.get(row["topic"], row["topic"])} for row in map(json.loads, lines)
    ]


class Seen:
    """Features of texts: lists, pieces, what the words alone mean, and what the whole does."""

    def __init__(self, texts: Sequence[str], known: KnownWords, model: Embedder) -> None:
        self.lists = np.minimum([shipped_rules().counts(text) for text in texts], COUNTED_MOST)
        self.pieces = _pieces(texts)
        self.alone = known.read(texts)
        self.whole = model.embed(list(texts)).astype(np.float64)

    def matrix(self) -> csr_matrix:
        """Put side by side what the light weights see."""
        found = hstack([csr_array(self.lists * LIST_SCALE), self.pieces, csr_array(self.alone)])
        matrix = csr_matrix(found)  # the solver wants its indices in 32 bits
        matrix.indices, matrix.indptr = (
            each.astype(np.int32) for each in (matrix.indices, matrix.indptr)
        )
        return matrix


def _pieces(texts: Sequence[str]) -> csr_array:
    parts = [hashed(text) for text in texts]
    ends = np.cumsum([0, *(len(buckets) for buckets, _ in parts)])
    shares = np.concatenate([shares for _, shares in parts])
    buckets = np.concatenate([buckets for buckets, _ in parts])
    return csr_array((shares, buckets, ends), shape=(len(texts), BUCKETS))


def fitted(matrix: csr_matrix, wrong: Marks) -> LogisticRegression:
    """Learn the light sum."""
    model = LogisticRegression(C=STRENGTH, max_iter=1000, tol=1e-3, class_weight="balanced")
    return model.fit(matrix, wrong)


def likeness(seen: Seen) -> NDArray[np.float32]:
    """Say how alike any two texts are: by what they mean, and by their light features."""
    matrix, whole = seen.matrix(), seen.whole.astype(np.float32)
    lengths = np.sum(whole * whole, axis=1)
    apart = lengths[:, None] + lengths - 2 * whole @ whole.T
    light = (matrix @ matrix.T).toarray().astype(np.float32) / LINEAR
    alike: NDArray[np.float32] = np.exp(-apart) + light
    return alike


def compared(alike: NDArray[np.float32], wrong: Marks) -> SVC:
    """Learn which examples to compare with."""
    return SVC(C=MARGIN, kernel="precomputed", class_weight="balanced").fit(alike, wrong)


def crossed(seen: Seen, wrong: Marks, groups: NDArray[np.str_]) -> list[Array]:
    """Give each text both scores of weights that did not see its group; NaN if it is in none."""
    matrix, alike = seen.matrix(), likeness(seen)
    scores = [np.full(len(wrong), np.nan) for _ in "12"]
    for group in set(groups.tolist()) - {""}:
        out = groups == group
        scores[0][out] = fitted(matrix[~out], wrong[~out]).decision_function(matrix[out])
        model = compared(alike[np.ix_(~out, ~out)], wrong[~out])
        scores[1][out] = model.decision_function(alike[np.ix_(out, ~out)])
    return scores


def line_of(scores: Array, wrong: Marks) -> float:
    """Draw the line at `FALSE_SHARE` of the honest texts."""
    return float(np.quantile(scores[~wrong & ~np.isnan(scores)], 1 - FALSE_SHARE))


def small(values: Array) -> dict[str, Any]:
    """Write weights with 8 bits each."""
    scale = float(np.abs(values).max() / 127)
    told = np.round(values / scale).astype(np.int8).tobytes()
    return {"scale": scale, "bytes": b64encode(told).decode()}


def topics_of(known: Array, told: Sequence[Row]) -> list[list[float]]:
    """Learn which lists, and which meaning, point to which topic."""
    wrong = [at for at, row in enumerate(told) if row["label"] == "forbidden"]
    model = LogisticRegression(C=3.0, max_iter=3000)
    model.fit(known[wrong], [told[at]["topic"] for at in wrong])
    order = [list(model.classes_).index(topic.value) for topic in Topic]
    whole = np.hstack([model.coef_, model.intercept_[:, None]])[order]
    return [[round(float(weight), 4) for weight in row] for row in whole]


def learning() -> tuple[list[Row], Marks, Seen, KnownWords]:
    """Read the learning part."""
    told, model = rows(*LEARNED), reader_for("multilingual")
    texts = [row["text"] for row in told]
    known = known_words(model, texts)
    wrong = np.array([row["label"] == "forbidden" for row in told])
    return told, wrong, Seen(texts, known, model), known


def learn() -> None:
    """Write both files of weights."""
    told, wrong, seen, known = learning()
    scores = crossed(seen, wrong, grouped(told))
    lines = [line_of(each, wrong) for each in scores]
    for name, each, line in zip(("light", "meaning"), scores, lines, strict=True):
        say(name, "of hands left out:")
        _by_hand(each > line, told, wrong)
    light = fitted(seen.matrix(), wrong)
    _write(
        LIGHT,
        bias=round(float(light.intercept_[0]) - lines[0], 6),
        **_linear(light.coef_[0], known),
        topics=topics_of(seen.lists, told),
    )
    model = compared(likeness(seen), wrong)
    examples, shares = model.support_, model.dual_coef_[0]
    _write(
        MEANING,
        bias=round(float(model.intercept_[0]) - lines[1], 6),
        **_linear(seen.matrix()[examples].T @ shares / LINEAR, known),
        examples=small(seen.whole[examples]),
        shares=small(shares),
        model=reader_for("multilingual").digest,
        topics=topics_of(np.hstack([seen.lists, seen.whole]), told),
    )
    say("lines", lines, len(examples), "examples")


def grouped(told: Sequence[Row]) -> NDArray[np.str_]:
    """Put the hands that are left out into their groups."""
    group = {hand: hands for hands in LEFT for hand in hands}
    return np.array([group.get(row["writer"], "") for row in told])


def _linear(weights: Array, known: KnownWords) -> dict[str, Any]:
    lists = len(weights) - BUCKETS - known.vectors.shape[1]
    words, strong = known.strongest(weights[lists + BUCKETS :])
    return {
        "lists": [round(float(each), 5) for each in weights[:lists] * LIST_SCALE],
        "pieces": small(weights[lists : lists + BUCKETS]),
        "known": {"words": " ".join(words), **small(strong)},
    }


def _write(place: Path, **content: Any) -> None:
    place.write_text(json.dumps(content) + "\n", "utf-8")
    say(place.name, place.stat().st_size, "bytes")


def _by_hand(over: Marks, told: Sequence[Row], wrong: Marks) -> None:
    writers, hands = np.array([row["writer"] for row in told]), "".join(LEFT)
    for name in (*hands, hands):
        here = np.isin(writers, list(name))
        caught, stopped = share(over[here & wrong]), share(over[here & ~wrong])
        say(" ", name, caught, "honest", stopped)


def topics() -> None:
    """Print how much of a topic is over the line that was learned without it."""
    told, wrong, seen, _ = learning()
    groups = np.array([row["topic"] if row["label"] == "forbidden" else "" for row in told])
    apart, within = crossed(seen, wrong, groups), crossed(seen, wrong, grouped(told))
    for name, scores, known in zip(("light", "meaning"), apart, within, strict=True):
        for topic in Topic:
            left = (scores > line_of(known, wrong))[groups == topic.value]
            say(name, "without", topic.value, share(left))


def share(hits: Sequence[bool] | Marks) -> str:
    """Say a share with its interval after Wilson."""
    k, n = int(sum(hits)), len(hits)
    found = share_interval(k, n)
    if isinstance(found, Withheld):
        return f"{k}/{n}"
    return f"{k}/{n} = {found.value:.3f} [{found.low:.3f}, {found.high:.3f}]"


def judge(why: str) -> None:
    """Judge both kinds on the frozen part, and log the look."""
    told = rows(FROZEN)
    kinds = (("light", None), ("meaning", reader_for("multilingual")))
    lines = [
        judged(told, name, [check_text(row["text"], embed=embed) for row in told])
        for name, embed in kinds
    ]
    log_look(why, lines)


def log_look(why: str, lines: Sequence[str]) -> None:
    """Write down that somebody looked at the frozen part, and what was seen."""
    with LOG.open("a", encoding="utf-8") as log:
        log.write(f'{datetime.now(UTC):%Y-%m-%d %H:%M},{FROZEN},"{why}","{"; ".join(lines)}"\n')


def judged(told: Sequence[Row], name: str, found: Sequence[Sequence[Finding]]) -> str:
    """Print all figures of one kind."""
    stops = [stop_for(each) for each in found]
    wrong = [row["label"] == "forbidden" for row in told]

    def of(keep: Callable[[Row], bool], *, hard: bool = False) -> str:
        least = (Stop.HARD,) if hard else (Stop.SOFT, Stop.HARD)
        return share([s in least for s, row in zip(stops, told, strict=True) if keep(row)])

    bad: Callable[[Row], bool] = lambda row: row["label"] == "forbidden"  # noqa: E731
    say(name, "recall", of(bad))
    say("  honest stopped", of(lambda r: not bad(r)), "hard", of(lambda r: not bad(r), hard=True))
    say("  near misses", of(lambda r: not bad(r) and r["topic"] != ""))
    say("  ordinary talk", of(lambda r: not bad(r) and r["topic"] == ""))
    say("  marked hard, stopped", of(lambda r: bad(r) and r["hard"]))
    say("  marked hard, stopped hard", of(lambda r: bad(r) and r["hard"], hard=True))
    for key in ("topic", "manner", "language", "writer"):
        for value in sorted({row[key] for row in told if bad(row)}):
            say(f"  {value}:", of(lambda r, key=key, value=value: bad(r) and r[key] == value))
    named = [
        any(each.topic == row["topic"] for each in one)
        for one, row, is_wrong in zip(found, told, wrong, strict=True)
        if is_wrong and one
    ]
    say("  topic named rightly", share(named))
    return f"{name} recall {of(bad)} honest {of(lambda r: not bad(r))}"


def clock() -> None:
    """Print the processor time of a message."""
    texts = [row["text"] for row in rows(*LEARNED)][::10]
    for name, embed in (("light", None), ("meaning", reader_for("multilingual"))):
        check_text(texts[0], embed=embed)
        taken = []
        for text in texts:
            began = time.process_time()
            check_text(text, embed=embed)
            taken.append(1000 * (time.process_time() - began))
        cuts = statistics.quantiles(taken, n=100)
        say(f"{name}: median {cuts[49]:.1f} ms, p95 {cuts[94]:.1f}, most {max(taken):.1f}")
    say(len(texts), "texts, load", round(os.getloadavg()[0], 1))


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["learn"]:
            learn()
        case ["topics"]:
            topics()
        case ["judge", why]:
            judge(why)
        case ["time"]:
            clock()
        case _:
            sys.exit(__doc__)
