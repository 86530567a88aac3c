"""The nudge: how well it agrees with a reader, and that phone and server say the same."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import upturn.loop
from tests.journeys.alone import page_with
from upturn.loop.engine import how_specific, tense
from upturn.stats.draws import generator

HERE = Path(__file__).parent
STATIC = Path(upturn.loop.__file__).parent / "static" / "loop"
KEYS = ("who", "when", "said")
# Of the frozen set, as measured once when the rules were first written: (agreement, kappa).
MEASURED = {"who": (0.96, 0.93), "when": (0.98, 0.97), "said": (0.92, 0.83)}
READ = """async (rows) => {
    const { specific, tense } = await import("/specific.js");
    const lists = await (await fetch("/specific.json")).json();
    return rows.map(([words, language]) => [
        specific(words, language, lists), tense(words, language, lists)]);
}"""


@cache
def frozen(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((HERE / name).read_text(encoding="utf-8"))
    return rows


def labelled() -> list[dict[str, Any]]:
    """Cards labelled by one reader before a rule was written; not to be tuned on."""
    return frozen("specific_labelled.json")


def vectors() -> list[dict[str, Any]]:
    """What both sides are to say of texts that are hard to cut into words."""
    return frozen("specific_vectors.json")


def read(words: str, language: str) -> list[Any]:
    found = how_specific(words, language=language)
    said = found and {key: getattr(found, key) for key in KEYS}
    looks = tense(words, language=language)
    return [said, looks and looks.value]


@pytest.mark.parametrize("key", KEYS)
def test_a_reader_and_the_nudge_agree_on_what_a_card_has(key: str) -> None:
    pairs = []
    for row in labelled():
        found = how_specific(row["words"], language=row["language"])
        pairs.append((row[key], found is not None and getattr(found, key)))
    agree = sum(one == other for one, other in pairs) / len(pairs)
    by_label = sum(label for label, _ in pairs) / len(pairs)
    by_rule = sum(rule for _, rule in pairs) / len(pairs)
    chance = by_label * by_rule + (1 - by_label) * (1 - by_rule)
    assert agree >= MEASURED[key][0]
    assert (agree - chance) / (1 - chance) >= MEASURED[key][1]


@pytest.mark.parametrize("language", ["en", "de", "es", "ar"])
def test_no_language_falls_behind(language: str) -> None:
    rows = [row for row in labelled() if row["language"] == language]
    assert len(rows) >= 16
    for key in KEYS:
        right = [
            row[key] == bool((said := read(row["words"], language)[0]) and said[key])
            for row in rows
        ]
        assert sum(right) >= 0.9 * len(right), key


@pytest.mark.parametrize("row", vectors(), ids=lambda row: row["why"])
def test_the_server_reads_as_the_vectors_say(row: dict[str, Any]) -> None:
    assert read(row["words"], row["language"]) == [row["specific"], row["tense"]]


def test_we_and_everybody_are_nobody() -> None:
    found = how_specific("We all communicate much better with everybody", language="en")
    assert found is not None
    assert found.missing == ("who", "when", "said")


def test_a_card_that_has_it_all_misses_nothing() -> None:
    found = how_specific("On Friday my colleague asked table four", language="en")
    assert found is not None
    assert found.missing == ()


@pytest.fixture(scope="module")
def page() -> Iterator[Any]:
    with page_with({name: STATIC / name for name in ("specific.js", "specific.json")}) as opened:
        yield opened


@pytest.mark.browser
def test_the_phone_reads_as_the_server_does(page: Any) -> None:
    rows = [(row["words"], row["language"]) for row in [*labelled(), *vectors()]]
    assert page.evaluate(READ, rows) == [read(*row) for row in rows]


@pytest.mark.browser
def test_phone_and_server_agree_on_texts_cut_and_mixed_at_random(page: Any) -> None:
    draws = generator(8, "specific", "mixed")
    letters = [sign for row in [*labelled(), *vectors()] for sign in row["words"]]
    words = [word for row in [*labelled(), *vectors()] for word in row["words"].split()]
    signs = ["".join(draws.choice(letters, 60)) for _ in range(150)]
    mixed = [" ".join(draws.choice(words, 12)) for _ in range(150)]
    languages = draws.choice(["en", "de-AT", "es", "ar", "fr"], 300).tolist()
    rows = list(zip([*signs, *mixed], languages, strict=True))
    assert page.evaluate(READ, rows) == [read(*row) for row in rows]
