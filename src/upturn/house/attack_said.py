"""Figures as they were read, and whether each stands for a whole union of blocks."""

import csv
import json
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from io import StringIO
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from upturn.partners.engine import Wide

COUNTS_NO_ANSWERS = {"correlation over teams"}
EDGES_NOT_ANSWERS = "pairs"
API = "/api/gaps"
TOP = 10.0
DIFFERENCE = "less what was said"
SHOWN_N = re.compile(r"\bn[\s\u00a0]*(\d+)")
SHOWN_MEAN = re.compile(r"(?<![\d.+−-])(\d+\.\d)\s+\d+\.\d–\d+\.\d,\s+n[\s\u00a0]*(\d+)")
DIFFERENCES = re.compile(rf"<table(?:(?!</table>).)*{DIFFERENCE}.*?</table>", re.DOTALL)
AS_SHOWN, AS_FILED = 0.0501, 1e-6


class Row(NamedTuple):
    """A row of the base table as its file has it."""

    relation: int
    edge: str
    side: str
    place: str
    block: str
    item: str
    counts: tuple[int, ...]


class Said(NamedTuple):
    """A figure that was read: of how many answers, and a mean from 0 to 10 if it is one."""

    n: int
    mean: float | None = None
    within: float = AS_FILED


@dataclass(frozen=True, slots=True)
class Known:
    """For which numbers of answers figures may stand, and which means those answers have.

    Parameters
    ----------
    numbers : frozenset of int
    means : mapping of int to tuple of float
        In order, from 0 to 10, of every union of that many answers; none where they are not
        known, as in a wave whose answers can be denied.
    """

    numbers: frozenset[int] = frozenset()
    means: Mapping[int, tuple[float, ...]] = field(default_factory=dict)

    def holds(self, said: Said) -> bool:
        """Whether a union of blocks has this figure."""
        if said.n not in self.numbers:
            return False
        means = self.means.get(said.n, ())
        if said.mean is None or not self.means:
            return True
        at = bisect_left(means, said.mean - said.within)
        return at < len(means) and means[at] <= said.mean + said.within

    def also(self, other: "Known") -> "Known":
        """Both together."""
        numbers = self.means.keys() | other.means.keys()
        means = {n: (*self.means.get(n, ()), *other.means.get(n, ())) for n in numbers}
        return Known(self.numbers | other.numbers, {n: tuple(sorted(means[n])) for n in numbers})


def known_of(rows: Iterable[Row], wides: "Iterable[Wide]", *, k: int) -> Known:
    """What may be said of unions of at least ``k`` answers: of a block, a place, a whole side.

    A gap stands for one union and for one of the other side: of the same block or place, or of
    those who are not at any place.
    """
    numbers: set[int] = set()
    means: dict[int, set[float]] = defaultdict(set)
    for of_item in _by_question(rows).values():
        shown = {at: counts for at, counts in of_item.items() if sum(counts) >= k}
        numbers |= _gaps({at: sum(counts) for at, counts in shown.items()})
        for counts in shown.values():
            numbers.add(sum(counts))
            means[sum(counts)] |= _both_ways(_mean(counts))
    for wide in wides:
        numbers.add(wide.n)
        for total in wide.sums.tolist():
            means[wide.n] |= _both_ways((total / wide.n - 1) / 4 * TOP)
    return Known(frozenset(numbers), {n: tuple(sorted(found)) for n, found in means.items()})


Scope = tuple[str, str]


def _by_question(rows: Iterable[Row]) -> dict[tuple[str, int], dict[Scope, list[int]]]:
    """Counts of each question by side, and by block, place and whole."""
    found: dict[tuple[str, int], dict[Scope, list[int]]] = defaultdict(dict)
    for row in rows:
        of_item = found[row.item, row.relation]
        for scope in (row.block, f"place {row.place}", "whole"):
            before = of_item.get((row.side, scope), [0] * len(row.counts))
            of_item[row.side, scope] = [
                one + other for one, other in zip(before, row.counts, strict=True)
            ]
    return found


def _gaps(totals: Mapping[Scope, int]) -> set[int]:
    """Answers of both sides of what is compared."""
    return {
        one + other
        for (side, scope), one in totals.items()
        for (facing, beside), other in totals.items()
        if (side != facing and (scope == beside or beside in {"place ", "whole"}))
        or ((side, facing) == ("served", "serving") and "whole" not in {scope, beside})
    }


def _mean(counts: list[int]) -> float:
    """Mean of counted answers on the scale of the pages, which goes from 0 to 10."""
    total = sum(at * count for at, count in enumerate(counts))
    return total / sum(counts) / max(len(counts) - 1, 1) * TOP


def _both_ways(mean: float) -> set[float]:
    """The mean of an item, and of one for which less is better."""
    return {mean, TOP - mean}


def figures_said(where: str, text: str) -> list[Said]:
    """Every figure of a page or file that says how many answers it stands for."""
    path = where.partition("?")[0]
    if EDGES_NOT_ANSWERS in path:
        return []
    if path.endswith(".csv"):
        return list(_filed(csv.DictReader(StringIO(text))))
    if path.endswith(".json") or path.startswith(API):
        return list(_filed(json.loads(text).get("figures", ())))
    return list(_shown(text))


def _filed(lines: Iterable[Mapping[str, str]]) -> Iterator[Said]:
    for line in lines:
        figure = line.get("figure", "")
        if not line.get("n") or figure in COUNTS_NO_ANSWERS:
            continue
        if not figure.endswith(", 0-10") or DIFFERENCE in figure:
            yield Said(int(line["n"]))
            continue
        mean = float(line["value"])
        yield Said(int(line["n"]), mean, AS_SHOWN if mean == round(mean, 1) else AS_FILED)


def _shown(page: str) -> Iterator[Said]:
    for n in SHOWN_N.findall(_words(page)):
        yield Said(int(n))
    for mean, n in SHOWN_MEAN.findall(_words(DIFFERENCES.sub("", page))):
        yield Said(int(n), float(mean), AS_SHOWN)


def _words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def too_near(rows: Iterable[Row], wides: "Iterable[Wide]", *, k: int) -> list[str]:
    """Sums over complete answers that leave fewer than ``k`` answers of a side beside them."""
    answered: dict[tuple[str, str], int] = defaultdict(int)
    blocks: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        answered[row.side, row.item] += sum(row.counts)
        blocks[row.side].add(row.block)
    return [
        f"sums {wide.key}: {item} was answered by {answered[wide.side, item] - wide.n} more"
        for wide in wides
        if wide.key.endswith(f"*{len(blocks[wide.side])}")  # over all blocks of its side
        for item in wide.items
        if 0 < answered[wide.side, item] - wide.n < k
    ]
