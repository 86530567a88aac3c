"""Lists are made blind in the browser exactly as the engine does it."""

import json
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import upturn.exchange
from tests.journeys.alone import page_with
from upturn.exchange.engine import blind, digest, in_words, list_key, plain, service_entry
from upturn.exchange.engine.together import Service
from upturn.stats.draws import generator

STATIC = Path(upturn.exchange.__file__).parent / "static" / "exchange"
VECTORS = json.loads(
    (Path(__file__).parents[1] / "vectors" / "buy_in.json").read_text(encoding="utf-8")
)["digests"]
LOAD = """
    const half = await import("/blind_lists.js");
    const { unhex, hex } = await import("/sealed_ballot.js");
"""
KEY = bytes(range(32))


@pytest.fixture(scope="module")
def page() -> Iterator[Any]:
    names = ("blind_lists.js", "sealed_ballot.js", "signing.js")
    with page_with({name: STATIC / name for name in names}) as opened:
        yield opened


def told(page: Any, given: Any, body: str) -> Any:
    return page.evaluate(f"async (given) => {{ {LOAD} {body} }}", given)


@pytest.mark.browser
def test_digests_are_those_of_the_vectors(page: Any) -> None:
    body = "return given.map((one) => half.digest(one.entry, unhex(one.key), one.about));"
    assert told(page, VECTORS, body) == [each["digest"] for each in VECTORS]


@pytest.mark.browser
def test_every_letter_folds_as_in_the_engine(page: Any) -> None:
    letters = [chr(at) for at in range(0x250)] + [
        letter
        for at in range(0x250, 0x30000)
        if (unicodedata.category(letter := chr(at))[0] == "L" and letter.casefold() != letter)
        or unicodedata.category(letter)[0] in "NP"
    ]
    found = told(page, letters, "return given.map((one) => half.plain(`a${one}b`));")
    wrong = [
        (hex(ord(letter)), one, plain(f"a{letter}b"))
        for letter, one in zip(letters, found, strict=True)
        if one != plain(f"a{letter}b")
    ]
    assert wrong == []


@pytest.mark.browser
def test_entries_of_any_length_have_the_engines_digest(page: Any) -> None:
    draws = generator(3, "blind lists")
    entries = ["x" * long for long in (0, 1, 100, 118, 119, 120, 121, 127, 128, 129, 256, 400)]
    entries += ["".join(draws.choice(list("aß Σç|Ж中\tي9"), 40)) for _ in range(40)]
    keys = [bytes(draws.integers(0, 256, 32, dtype="uint8")) for _ in entries]
    body = "return given.map(([entry, key]) => half.digest(entry, unhex(key), 'services'));"
    given = [[entry, key.hex()] for entry, key in zip(entries, keys, strict=True)]
    expected = [digest(e, key=k, about="services") for e, k in zip(entries, keys, strict=True)]
    assert told(page, given, body) == expected


@pytest.mark.browser
def test_a_list_always_has_the_same_length_and_is_read_from_the_own_list_alone(page: Any) -> None:
    own = ["Coaching", "  coaching ", "Quiet hours", ""]
    body = f"return half.blind(given, unhex('{KEY.hex()}'), 'together');"
    handed = told(page, own, body)
    assert len(handed) == len(set(handed)) == 32
    assert handed == sorted(handed)
    theirs = blind(["Coaching", "Tools"], key=KEY, about="together", filling=_filling())
    both = sorted(set(handed) & set(theirs))
    assert in_words(both, own[:1], key=KEY, about="together") == ("Coaching",)
    own_words = f"['Coaching', 'Tools'], unhex('{KEY.hex()}')"
    read = f"return half.inWords(given, {own_words}, 'together');"
    assert told(page, both, read) == ["Coaching"]
    assert told(page, [str(at) for at in range(33)], body) is None


def _filling() -> list[bytes]:
    return [at.to_bytes(16, "big") for at in range(32)]


@pytest.mark.browser
def test_keys_and_services_are_written_alike(page: Any) -> None:
    words = " Amber anchor\n OLIVE "
    body = "return hex(half.listKey(given, 'ab12cd'));"
    assert told(page, words, body) == list_key(words, exchange="ab12cd").hex()
    assert list_key(words, exchange="other") != list_key(words, exchange="ab12cd")
    row = ["Warm meals", "Older people!", "North  side"]
    found = told(page, row, "return half.serviceEntry(...given);")
    assert found == service_entry(Service(*row))
