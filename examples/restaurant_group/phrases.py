"""Reads the sentences of ``words/`` once and cuts them into parts."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from .sources import words


class Sentence(NamedTuple):
    """Literal text and slots in turn; ``proper`` begins with a word that keeps its capital."""

    parts: tuple[str, ...]
    proper: bool


class Place(NamedTuple):
    """Where sentences fit: tone (minus or plus), theme, touchpoint without house, house."""

    tone: str
    theme: str
    touchpoint: str
    house: str


@dataclass(frozen=True, slots=True)
class Phrasebook:
    """All sentences; ``around`` holds what comes before, after and between.

    ``of_story`` has touchpoint keys, ``slots`` the words of each house.
    """

    cores: Mapping[Place, Sequence[Sentence]]
    of_story: Mapping[str, Sequence[Sentence]]
    around: Mapping[str, Sequence[Sentence]]
    foreign: Mapping[tuple[str, str], Sequence[Sentence]]
    slots: Mapping[str, Mapping[str, Sequence[str]]]


@cache
def phrasebook() -> Phrasebook:
    """Read and cut the word lists."""
    vocabulary = words("vocabulary")
    houses = [house["key"] for house in words("organisation")["house"]]
    return Phrasebook(
        cores=_cores(houses),
        of_story={
            f"{row['house']}-{touchpoint}": _cut(row["texts"])
            for row in words("stories")["say"]
            for touchpoint in row["at"]
        },
        around=_around(),
        foreign=_foreign(),
        slots={house: vocabulary["common"] | vocabulary[house] for house in houses},
    )


def _cut(texts: Sequence[str]) -> list[Sentence]:
    return [
        Sentence(tuple(re.split(r"\{(\w+)\}", text)), bool(re.match(r"I\b|\{day\}", text)))
        for text in texts
    ]


def _cores(houses: Sequence[str]) -> dict[Place, list[Sentence]]:
    cores: dict[Place, list[Sentence]] = defaultdict(list)
    for tone in ("minus", "plus"):
        for row in words(tone)["say"]:
            sentences = _cut(row["texts"])
            for touchpoint in row["at"]:
                for house in [row["house"]] if "house" in row else houses:
                    cores[Place(tone, row["theme"], touchpoint, house)] += sentences
    return dict(cores)


def _around() -> dict[str, list[Sentence]]:
    flat: dict[str, list[Sentence]] = {}
    for name, value in words("around").items():
        if isinstance(value, dict):
            flat |= {f"{name} {key}": _cut(texts) for key, texts in value.items()}
        elif name != "foreign":
            flat[name] = _cut(value)
    return flat


def _foreign() -> dict[tuple[str, str], list[Sentence]]:
    found: dict[tuple[str, str], list[Sentence]] = defaultdict(list)
    for row in words("around")["foreign"]:
        for theme in row["themes"]:
            found[row["tone"], theme] += _cut(row["texts"])
    return dict(found)
