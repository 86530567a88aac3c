"""What a lesson of confirmed comments is worth, for `read.py`.

A place with a handful of themes reads two hundred comments by descriptions alone. Of the first
hundred the twenty most doubtful are corrected, in the order in which the product shows them; the
second hundred are read before and after.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from read_data import Rows

from upturn.stats.draws import generator
from upturn.voice.engine import Embedder, Reader, ReasonClass, with_sentences
from upturn.voice.engine.reading import CANNOT_TELL_BELOW

THEMES, SEEN, NEXT, CORRECTED = 12, 100, 100, 20


class Drawn(NamedTuple):
    """Themes of one place, and comments about them."""

    classes: list[ReasonClass]
    seen: Rows
    following: Rows


def drawn_from(
    draw: int, *, rows: Rows, classes: Sequence[ReasonClass], themes: int = THEMES
) -> Drawn:
    """Draw some classes and comments about them."""
    draws = generator(2026, "lessons", str(draw))
    of_place = [classes[at] for at in sorted(draws.choice(len(classes), themes, replace=False))]
    known = {each.key for each in of_place}
    about = [at for at, key in enumerate(rows.keys) if key in known]
    order = draws.permutation(about)[: SEEN + NEXT].tolist()
    return Drawn(of_place, rows.take(order[:SEEN]), rows.take(order[SEEN:]))


def lesson(embedder: Embedder, drawn: Drawn) -> tuple[float, float]:
    """Give the share of the next comments read rightly, before and after the corrections."""
    reader = Reader.fit(drawn.classes, embedder=embedder)
    _, confidence = reader.classify(drawn.seen.texts)
    doubtful = np.argsort(abs(confidence - CANNOT_TELL_BELOW), kind="stable")[:CORRECTED]
    said = drawn.seen.take(doubtful.tolist())
    labelled = with_sentences(drawn.classes, (said.texts, said.keys))
    taught = Reader.fit(drawn.classes, embedder=embedder, labelled=labelled)
    return right(reader, drawn.following), right(taught, drawn.following)


def right(reader: Reader, rows: Rows) -> float:
    """Give the share read rightly; not to be told is not right."""
    theme, _ = reader.classify(rows.texts)
    keys = [reader.classes[at].key if at >= 0 else None for at in theme]
    return float(np.mean([one == other for one, other in zip(keys, rows.keys, strict=True)]))
