"""The frozen part is the one that was measured, and the published figures are the shipped ones."""

import csv
import json
from collections import Counter
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from upturn.exchange.engine.guard import Stop, Topic, check_text, stop_for
from upturn.stats import Withheld, share_interval
from upturn.voice.engine import reader_for

ROOT = Path(__file__).parents[3]
SETS = ROOT / "benchmarks" / "exchange"
PAGE = ROOT / "docs" / "background" / "guard.md"
LEARNED = ("train", "own", "more", "hands", "test", "second_test", "third_test")
FROZEN = "fourth_test"
CALLED = {"customer": "customers"}
"""What some hands called a topic."""
HASHES = {
    "test": "326d337a52e9295337db7b3bc14d7a963c86f85913ab141363b1f367fd903e01",
    "second_test": "d0664aa65a0b269f4743a5151538ef9b04e7eee0e0e10ffc082f0e3674f0af9a",
    "third_test": "2ec1a50eb0ae8348f95c9808df76783a2eee60ee280d6706d7dd4ef97e1be2b7",
    FROZEN: "262134aa6b3e14bda229da87c3ee81ade8a88e1162771a07b839b99f5a73351e",
}
"""Of the frozen part, and of those that were frozen before and are learned from now."""


def rows(name: str) -> list[dict[str, Any]]:
    lines = (SETS / f"guard_{name}_set.jsonl").read_text("utf-8").splitlines()
    return [
        row | {"topic": CALLED.get(row["topic"], row["topic"])} for row in map(json.loads, lines)
    ]


def looks() -> list[dict[str, str]]:
    with (SETS / "guard_uses.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def said(hits: list[bool]) -> str:
    found = share_interval(sum(hits), len(hits))
    assert not isinstance(found, Withheld)
    share = f"{found.value:.3f} [{found.low:.3f}, {found.high:.3f}]"
    return f"{sum(hits)}/{len(hits)} = {share}"


@pytest.mark.parametrize("part", HASHES)
def test_every_part_is_as_it_was_frozen(part: str) -> None:
    content = (SETS / f"guard_{part}_set.jsonl").read_bytes()
    assert sha256(content).hexdigest() == HASHES[part]


def test_the_frozen_part_shares_no_writer_no_scenario_and_no_text() -> None:
    learned = [row for name in LEARNED for row in rows(name)]
    for key in ("writer", "scenario", "text"):
        assert {row[key] for row in learned}.isdisjoint(row[key] for row in rows(FROZEN)), key
    assert {row["topic"] for row in learned if row["topic"]} == {topic.value for topic in Topic}


def test_the_frozen_part_has_four_hands_and_forty_texts_a_topic() -> None:
    told = rows(FROZEN)
    for label, near in (("forbidden", 40), ("allowed", 28)):
        kept = [row for row in told if row["label"] == label]
        assert len({row["writer"] for row in kept}) == 4
        topics = Counter(row["topic"] for row in kept)
        assert min(topics[topic.value] for topic in Topic) >= near
        assert {row["language"] for row in kept} == {"en", "de"}
    assert sum(row["label"] == "allowed" for row in told) >= 600


def test_every_look_at_a_test_part_is_logged() -> None:
    assert {look["part"] for look in looks()} == set(HASHES)
    assert all(all(look.values()) for look in looks())


def test_the_published_figures_are_those_of_the_shipped_weights() -> None:
    told = rows(FROZEN)
    told_of = [look["result"] for look in looks() if look["part"] == FROZEN]
    logged = [result for result in told_of if result.startswith("light recall")][-1]
    page = " ".join(PAGE.read_text("utf-8").split())
    for name, embed in (("light", None), ("meaning", reader_for("multilingual"))):
        stops = [stop_for(check_text(row["text"], embed=embed)) for row in told]
        by_label = {
            label: [
                stop is not Stop.NONE
                for stop, row in zip(stops, told, strict=True)
                if row["label"] == label
            ]
            for label in ("forbidden", "allowed")
        }
        recall = said(by_label["forbidden"])
        assert f"{name} recall {recall} honest {said(by_label['allowed'])}" in logged
        assert recall.split("= 0")[1].replace(" 0.", " .").replace("[0.", "[.") in page, recall


@pytest.mark.parametrize(("name", "least", "most"), [("light", 0.9, 0.12), ("meaning", 0.95, 0.03)])
def test_the_shipped_weights_are_the_learned_ones(name: str, least: float, most: float) -> None:
    """The light sum alone cannot learn all that it saw; what it does is published to the text."""
    embed = reader_for("multilingual") if name == "meaning" else None
    told = rows("train")
    stops = [stop_for(check_text(row["text"], embed=embed)) for row in told]
    wrong = [s for s, row in zip(stops, told, strict=True) if row["label"] == "forbidden"]
    honest = [s for s, row in zip(stops, told, strict=True) if row["label"] == "allowed"]
    caught = sum(s is not Stop.NONE for s in wrong)
    stopped = sum(s is not Stop.NONE for s in honest)
    published = f"{name} {caught} of {len(wrong)} and {stopped} of {len(honest)} honest ones"
    assert published in " ".join(PAGE.read_text("utf-8").split())
    assert caught >= least * len(wrong)
    assert stopped <= most * len(honest)
    assert sum(s is Stop.HARD for s in honest) <= len(honest) / 200
