"""Forty centres drawn from a seed: twenty figures each, summed up by the company they belong to.

A figure of a centre is made of what its company does, what the centre does, and chance; each part's
spread is a known number, so that whoever takes the spread apart again can be held against it.
"""

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

METRICS: Mapping[str, tuple[float, float]] = {
    "repeat_contact": (5, 30),
    "transferred": (3, 25),
    "not_solved_first": (10, 55),
    "dissatisfied": (3, 25),
    "below_top": (12, 70),
    "high_effort": (5, 35),
    "complaints": (1, 12),
    "complaint_answer": (1, 12),
    "thanks": (1, 15),
    "quality_misses": (4, 30),
    "calls_back_missed": (3, 30),
    "reopened": (2, 20),
    "escalated": (2, 20),
    "coaching": (0.5, 6),
    "coaching_moved": (8, 50),
    "talks_missed": (5, 45),
    "huddles": (2, 22),
    "leader_learning": (4, 32),
    "server_learning": (4, 32),
    "days_to_alone": (5, 45),
}
"""Codes of the allow-list, with the range in which figures are drawn."""
SPREAD = {"company": 0.5, "centre": 0.7, "chance": 0.3}
"""Standard deviations on the scale on which parts are added (logits of the range)."""
TOLD = Path(__file__).with_name("told.toml")


@dataclass(frozen=True, slots=True)
class Centre:
    """A place of a company: how many people, how many contacts a quarter, and its figures."""

    name: str
    people: int
    contacts: int
    figures: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Supplier:
    """A company with its centres; its own figures are their means, weighted by contacts."""

    name: str
    centres: tuple[Centre, ...]

    @property
    def figures(self) -> dict[str, float]:
        """Sum up the figures of the centres."""
        contacts = sum(centre.contacts for centre in self.centres)
        return {
            code: round(
                sum(centre.contacts * centre.figures[code] for centre in self.centres) / contacts, 2
            )
            for code in METRICS
        }


@dataclass(frozen=True, slots=True)
class Drawn:
    """The companies, and what all said to each other."""

    suppliers: tuple[Supplier, ...]
    told: Mapping[str, Any]


def draw(*, seed: int) -> Drawn:
    """Draw six companies and their forty centres."""
    told = tomllib.loads(TOLD.read_text("utf-8"))
    generator = np.random.default_rng(seed)
    suppliers = [_supplier(each["name"], each["centres"], generator) for each in told["suppliers"]]
    return Drawn(tuple(suppliers), told)


def _supplier(name: str, centres: int, generator: np.random.Generator) -> Supplier:
    levels = generator.normal(0, SPREAD["company"], len(METRICS))
    made = [_centre(f"{name} {at}", levels, generator) for at in range(1, centres + 1)]
    return Supplier(name, tuple(made))


def _centre(name: str, levels: Sequence[float], generator: np.random.Generator) -> Centre:
    people = int(generator.integers(60, 420))
    own = generator.normal(0, SPREAD["centre"], len(METRICS))
    chance = generator.normal(0, SPREAD["chance"], len(METRICS))
    ranges = zip(METRICS.items(), levels, own, chance, strict=True)
    figures = {
        code: round(low + (high - low) / (1 + math.exp(-(level + here + drawn))), 2)
        for (code, (low, high)), level, here, drawn in ranges
    }
    return Centre(name, people, people * int(generator.integers(900, 1500)), figures)
