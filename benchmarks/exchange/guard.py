"""The guard: its weights learned, judged by writers it did not learn from, and timed.

    python -m benchmarks.exchange.guard cross     # leave one writer out, and one topic out
    python -m benchmarks.exchange.guard learn     # writes both files of weights
    python -m benchmarks.exchange.guard judge "why"   # the frozen test part; every look is logged
    python -m benchmarks.exchange.guard time

Texts are synthetic: five writers (a to e) wrote 240 each for this purpose without knowing any rule;
f is ours, written with the rules and the learning part known. Learning part: a, b, c and f. Test
part: of d and e all whose scenario no learning writer has; frozen by its hash before anything was
tuned (`tests/exchange/engine/test_guard_measured.py`). It is read by `judge` alone.
"""

import json
import statistics
import sys
import time
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack
from sklearn.linear_model import LogisticRegression

from upturn.exchange.engine.guard import Stop, Topic, check_text, shipped_rules, stop_for
from upturn.exchange.engine.guard.scoring import BUCKETS, COUNTED_MOST, hashed
from upturn.stats import Withheld, share_interval
from upturn.voice.engine import Embedder, reader_for

HERE = Path(__file__).parent
EXCHANGE = Path(__file__).parents[2] / "src" / "upturn" / "exchange"
LIGHT = EXCHANGE / "static" / "exchange" / "guard_model.json"
MEANING = EXCHANGE / "engine" / "guard" / "meaning.json"
LOG = HERE / "guard_uses.csv"
STRENGTH, LIST_SCALE = 10.0, 0.3
FALSE_SHARE = 0.06
"""The line is drawn where so many honest texts of a writer nobody learned from are over it."""

Row = Mapping[str, Any]
Array = NDArray[np.float64]


def say(*told: object) -> None:
    """Write a line."""
    sys.stdout.write(" ".join(map(str, told)) + "\n")


def rows(*names: str) -> list[Row]:
    """Read parts of the data."""
    return [
        json.loads(line)
        for name in names
        for line in (HERE / f"guard_{name}_set.jsonl").read_text("utf-8").splitlines()
    ]


class Seen:
    """Features of texts: lists, pieces, and vectors where there is a model."""

    def __init__(self, texts: Sequence[str], model: Embedder | None) -> None:
        self.lists = np.array([shipped_rules().counts(text) for text in texts])
        parts = [hashed(text) for text in texts]
        ends = np.cumsum([0, *(len(buckets) for buckets, _ in parts)])
        self.pieces = csr_array(
            (
                np.concatenate([shares for _, shares in parts]),
                np.concatenate([buckets for buckets, _ in parts]),
                ends,
            ),
            shape=(len(texts), BUCKETS),
        )
        empty = np.zeros((len(texts), 0))
        self.vectors = model.embed(list(texts)).astype(np.float64) if model else empty

    def matrix(self) -> csr_array:
        """Put them side by side."""
        capped = np.minimum(self.lists, COUNTED_MOST) * LIST_SCALE
        return hstack([csr_array(capped), self.pieces, csr_array(self.vectors)]).tocsr()


def fitted(matrix: csr_array, wrong: NDArray[np.bool_]) -> LogisticRegression:
    """Learn the sum."""
    model = LogisticRegression(C=STRENGTH, max_iter=3000, class_weight="balanced")
    return model.fit(matrix, wrong)


def crossed(
    matrix: csr_array, wrong: NDArray[np.bool_], groups: NDArray[np.str_], left: Sequence[str]
) -> Array:
    """Give each text the score of weights that did not see its group; NaN outside those."""
    scores = np.full(len(wrong), np.nan)
    for group in left:
        out = groups == group
        scores[out] = fitted(matrix[~out], wrong[~out]).decision_function(matrix[out])
    return scores


def line_of(scores: Array, wrong: NDArray[np.bool_]) -> float:
    """Draw the line at `FALSE_SHARE` of the honest texts."""
    return float(np.quantile(scores[~wrong & ~np.isnan(scores)], 1 - FALSE_SHARE))


def small(values: Array) -> dict[str, Any]:
    """Write weights with 8 bits each."""
    scale = float(np.abs(values).max() / 127) if values.size else 1.0
    return {
        "scale": scale,
        "bytes": b64encode(np.round(values / scale).astype(np.int8).tobytes()).decode(),
    }


def topics_of(seen: Seen, told: Sequence[Row]) -> list[list[float]]:
    """Learn which lists, and which meaning, point to which topic."""
    wrong = [at for at, row in enumerate(told) if row["label"] == "forbidden"]
    names = [told[at]["topic"] for at in wrong]
    model = LogisticRegression(C=3.0, max_iter=3000)
    known = np.hstack([np.minimum(seen.lists, COUNTED_MOST), seen.vectors])[wrong]
    model.fit(known, names)
    order = [list(model.classes_).index(topic.value) for topic in Topic]
    whole = np.hstack([model.coef_, model.intercept_[:, None]])[order]
    return [[round(float(weight), 4) for weight in row] for row in whole]


def learn() -> None:
    """Write both files of weights."""
    told = rows("train", "own")
    wrong = np.array([row["label"] == "forbidden" for row in told])
    writers = np.array([row["writer"] for row in told])
    for place, model in ((LIGHT, None), (MEANING, reader_for("multilingual"))):
        seen = Seen([row["text"] for row in told], model)
        matrix = seen.matrix()
        line = line_of(crossed(matrix, wrong, writers, "abc"), wrong)
        sums = fitted(matrix, wrong)
        weights = sums.coef_[0]
        n_lists = seen.lists.shape[1]
        content = {
            "bias": round(float(sums.intercept_[0]) - line, 6),
            "lists": [round(float(each), 5) for each in weights[:n_lists] * LIST_SCALE],
            "pieces": small(weights[n_lists : n_lists + BUCKETS]),
            "meaning": small(weights[n_lists + BUCKETS :]),
            "model": model.digest if model else "",
            "topics": topics_of(seen, told),
        }
        place.write_text(json.dumps(content) + "\n", "utf-8")
        say(place.name, place.stat().st_size, "bytes; line", round(line, 3))


def cross() -> None:
    """Print recall at the line, each writer and then each topic left out."""
    told = rows("train", "own")
    wrong = np.array([row["label"] == "forbidden" for row in told])
    for name, model in (("light", None), ("meaning", reader_for("multilingual"))):
        seen = Seen([row["text"] for row in told], model)
        writers = np.array([row["writer"] for row in told])
        scores = crossed(seen.matrix(), wrong, writers, "abc")
        line = line_of(scores, wrong)
        kept = ~np.isnan(scores)
        say(name, "one writer out:", share((scores > line)[wrong & kept]))
        say("  honest stopped:", share((scores > line)[~wrong & kept]))
        groups = np.array([row["topic"] if row["label"] == "forbidden" else "" for row in told])
        for topic in Topic:
            alone = crossed(seen.matrix(), wrong, groups, [topic.value])
            say("  topic out:", topic.value, share((alone > line)[groups == topic.value]))


def share(hits: Sequence[bool] | NDArray[np.bool_]) -> str:
    """Say a share with its interval after Wilson."""
    k, n = int(sum(hits)), len(hits)
    found = share_interval(k, n)
    if isinstance(found, Withheld):
        return f"{k}/{n}"
    return f"{k}/{n} = {found.value:.3f} [{found.low:.3f}, {found.high:.3f}]"


def judge(why: str) -> None:
    """Judge both kinds on the frozen part, and log the look."""
    told = rows("test")
    lines = [judged(told, name, embed) for name, embed in kinds()]
    with LOG.open("a", encoding="utf-8") as log:
        log.write(f'{datetime.now(UTC):%Y-%m-%d %H:%M},"{why}","{"; ".join(lines)}"\n')


def kinds() -> list[tuple[str, Embedder | None]]:
    """Give both kinds of weights."""
    return [("light", None), ("meaning", reader_for("multilingual"))]


def judged(told: Sequence[Row], name: str, embed: Embedder | None) -> str:
    """Print all figures of one kind."""
    found = [check_text(row["text"], embed=embed) for row in told]
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
    texts = [row["text"] for row in rows("train", "own")]
    for name, embed in kinds():
        check_text(texts[0], embed=embed)
        taken = []
        for text in texts:
            began = time.process_time()
            check_text(text, embed=embed)
            taken.append(1000 * (time.process_time() - began))
        cuts = statistics.quantiles(taken, n=100)
        say(f"{name}: median {cuts[49]:.1f} ms, p95 {cuts[94]:.1f}, most {max(taken):.1f}")
    say(Counter(row["writer"] for row in rows("train", "own")))


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["cross"]:
            cross()
        case ["learn"]:
            learn()
        case ["judge", why]:
            judge(why)
        case ["time"]:
            clock()
        case _:
            sys.exit(__doc__)
