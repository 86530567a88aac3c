"""The frozen test part is the one that was measured, and the weights are those of the benchmark."""

import csv
import json
from hashlib import sha256
from pathlib import Path

from upturn.exchange.engine.guard import Stop, Topic, check_text, stop_for

SETS = Path(__file__).parents[3] / "benchmarks" / "exchange"
FROZEN = "326d337a52e9295337db7b3bc14d7a963c86f85913ab141363b1f367fd903e01"


def rows(name: str) -> list[dict[str, str]]:
    lines = (SETS / f"guard_{name}_set.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_the_test_part_is_frozen() -> None:
    assert sha256((SETS / "guard_test_set.jsonl").read_bytes()).hexdigest() == FROZEN


def test_the_parts_share_no_writer_no_scenario_and_no_text() -> None:
    learned = [*rows("train"), *rows("own")]
    for key in ("writer", "scenario", "text"):
        assert {row[key] for row in learned}.isdisjoint(row[key] for row in rows("test")), key
    assert {row["topic"] for row in learned if row["topic"]} == {topic.value for topic in Topic}


def test_every_look_at_the_test_part_is_logged() -> None:
    with (SETS / "guard_uses.csv").open(encoding="utf-8") as file:
        looks = list(csv.reader(file))[1:]
    assert len(looks) >= 2
    assert all(len(look) == 3 and all(look) for look in looks)


def test_the_shipped_weights_are_the_learned_ones() -> None:
    told = [row for row in rows("train") if row["writer"] == "c"]
    stops = [stop_for(check_text(row["text"])) for row in told]
    wrong = [s for s, row in zip(stops, told, strict=True) if row["label"] == "forbidden"]
    honest = [s for s, row in zip(stops, told, strict=True) if row["label"] == "allowed"]
    assert sum(s is not Stop.NONE for s in wrong) >= 0.95 * len(wrong)
    assert sum(s is not Stop.NONE for s in honest) <= 0.03 * len(honest)
    assert sum(s is Stop.HARD for s in honest) <= len(honest) / 200
