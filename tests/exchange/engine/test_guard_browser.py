"""An author in a browser is stopped by the same rules as on a server, before anything is sent."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import upturn.exchange
from tests.exchange.engine.guard_vectors import PLACE
from tests.journeys.alone import page_with
from upturn.exchange.engine.guard import check_text
from upturn.stats.draws import generator

STATIC = Path(upturn.exchange.__file__).parent / "static" / "exchange"
OWN = Path(__file__).parents[3] / "benchmarks" / "exchange" / "guard_own_set.jsonl"
READ = """async (rows) => {
    const { checkText, prepared, stopFor } = await import("/guard.js");
    const read = async (name) => (await fetch(name)).json();
    const guard = prepared(await read("/guard_rules.json"), await read("/guard_model.json"));
    return rows.map(([text, words]) => {
        const found = checkText(text, guard, words);
        return [stopFor(found), found.map(({ id, topic, hard, said, score }) =>
            ({ id, topic, hard, said, score: Math.round(score * 1e6) / 1e6 }))];
    });
}"""


@pytest.fixture(scope="module")
def page() -> Iterator[Any]:
    names = ("guard.js", "guard_rules.json", "guard_model.json")
    with page_with({name: STATIC / name for name in names}) as opened:
        yield opened


@pytest.mark.browser
def test_the_browser_reads_as_the_vectors_say(page: Any) -> None:
    rows = json.loads(PLACE.read_text("utf-8"))
    told = page.evaluate(READ, [(row["text"], row["private_words"]) for row in rows])
    assert [stop for stop, _ in told] == [row["stop"] for row in rows]
    for (_, found), row in zip(told, rows, strict=True):
        _same(found, row["findings"])


@pytest.mark.browser
def test_browser_and_engine_agree_on_texts_mixed_at_random(page: Any) -> None:
    texts = [json.loads(line)["text"] for line in OWN.read_text("utf-8").splitlines()]
    draws = generator(9, "guard", "mixed")
    signs = [sign for text in texts for sign in text]
    words = [word for text in texts for word in text.split()]
    mixed = ["".join(draws.choice(signs, 90)) for _ in range(60)]
    mixed += [" ".join(draws.choice(words, 70)) for _ in range(60)]
    rows = [(text, ["team", "grünes licht"]) for text in [*texts[::4], *mixed]]
    for (_, found), (text, listed) in zip(page.evaluate(READ, rows), rows, strict=True):
        expected = check_text(text, private_words=listed)
        _same(
            found,
            [
                {
                    "id": each.rule.id,
                    "topic": each.topic.value,
                    "hard": each.rule.hard,
                    "said": each.said,
                    "score": each.score,
                }
                for each in expected
            ],
        )


def _same(found: list[dict[str, Any]], expected: list[dict[str, Any]]) -> None:
    scores = [each.pop("score") for each in found]
    others = [each["score"] for each in expected]
    assert found == [{k: v for k, v in each.items() if k != "score"} for each in expected]
    assert scores == pytest.approx(others, abs=2e-6)
