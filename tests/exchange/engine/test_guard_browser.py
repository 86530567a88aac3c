"""An author in a browser is stopped by the same rules as on a server, before anything is sent."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import upturn.exchange
from tests.exchange.engine.guard_vectors import PLACE
from tests.journeys.alone import page_with
from upturn.exchange.engine.guard import check_text
from upturn.stats.draws import generator
from upturn.voice.engine.multilingual import load_multilingual
from upturn.voice.engine.packed_model import pack_for_browsers

STATIC = Path(upturn.exchange.__file__).parent / "static" / "exchange"
STRANGE = [
    "",
    " \t ",
    "?!",
    "Zoë’s “naïve” café… №5 ½ ﬁne \N{FULLWIDTH LATIN SMALL LETTER A}bc",
    "a\N{LOWER ONE EIGHTH BLOCK}\N{LOWER ONE EIGHTH BLOCK}",
    "\N{LOWER ONE EIGHTH BLOCK}",
    "\N{BEER MUG} great \N{THUMBS UP SIGN}\N{EMOJI MODIFIER FITZPATRICK TYPE-4}",
    "e\N{COMBINING ACUTE ACCENT}te\N{COMBINING ACUTE ACCENT}",
    "  two   blanks\t\n x \N{IDEOGRAPHIC SPACE} y ",
    "\N{ZERO WIDTH NO-BREAK SPACE}mark\N{ZERO WIDTH SPACE} nothing \N{SOFT HYPHEN}",
    "<unk> <s> extra_token_id_1",
    "x" * 300 + " and " + "the whole hall is full of people " * 40,
]
"""Signs that are written anew, joined, left out or unknown; and more words than are read."""
OWN = Path(__file__).parents[3] / "benchmarks" / "exchange" / "guard_own_set.jsonl"
READY = """async () => {
    const { checkText, prepared, stopFor, withMeaning } = await import("/guard.js");
    const { sentenceModel } = await import("/sentence_model.js");
    const read = async (name) => (await fetch(name)).json();
    const light = prepared(await read("/guard_rules.json"), await read("/guard_model.json"));
    const guard = withMeaning(light, await read("/guard_meaning.json"));
    const model = await sentenceModel(await (await fetch("/model.bin")).arrayBuffer());
    window.upturn = { checkText, stopFor, light, guard, embed: model.embed };
}"""
READ = """([rows, meaning]) => {
    const { checkText, stopFor, light, guard, embed } = window.upturn;
    return rows.map(([text, words]) => {
        const found = checkText(text, meaning ? guard : light, words, meaning ? embed : null);
        return [stopFor(found), found.map(({ id, topic, hard, said, score }) =>
            ({ id, topic, hard, said, score: Math.round(score * 1e6) / 1e6 }))];
    });
}"""


EMBED = "(texts) => texts.map((text) => { const v = upturn.embed(text); return v && [...v]; })"
NAMES = ("guard.js", "guard_rules.json", "guard_model.json", "guard_meaning.json")


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    if not (STATIC / "sentence_model.js").exists():
        pytest.skip("sentence_model.js was not built: the npm registry was out of reach")
    packed = tmp_path_factory.mktemp("model") / "model.bin"
    packed.write_bytes(pack_for_browsers())
    names = (*NAMES, "sentence_model.js")
    with page_with({name: STATIC / name for name in names} | {"model.bin": packed}) as opened:
        opened.evaluate(READY)
        yield opened


@pytest.mark.browser
def test_the_browser_reads_as_the_vectors_say(page: Any) -> None:
    rows = json.loads(PLACE.read_text("utf-8"))
    told = page.evaluate(READ, [[(row["text"], row["private_words"]) for row in rows], False])
    assert [stop for stop, _ in told] == [row["stop"] for row in rows]
    for (_, found), row in zip(told, rows, strict=True):
        _same(found, row["findings"], near=2e-6)


def mixed_texts() -> list[str]:
    """Texts of one hand, and their signs and words in no order."""
    texts = [json.loads(line)["text"] for line in OWN.read_text("utf-8").splitlines()]
    draws = generator(9, "guard", "mixed")
    signs = [sign for text in texts for sign in text]
    words = [word for text in texts for word in text.split()]
    mixed = ["".join(draws.choice(signs, 90)) for _ in range(60)]
    mixed += [" ".join(draws.choice(words, 70)) for _ in range(60)]
    return [*texts[::4], *mixed]


@pytest.mark.browser
@pytest.mark.parametrize("meaning", [False, True], ids=["light", "meaning"])
def test_browser_and_engine_agree_on_texts_mixed_at_random(page: Any, *, meaning: bool) -> None:
    embed = load_multilingual() if meaning else None
    rows = [(text, ["team", "grünes licht"]) for text in mixed_texts()]
    told = page.evaluate(READ, [rows, meaning])
    stopped = 0
    for (_, found), (text, listed) in zip(told, rows, strict=True):
        expected = check_text(text, private_words=listed, embed=embed)
        stopped += bool(expected)
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
            near=2e-5 if meaning else 2e-6,  # vectors have 32 bits
        )
    assert 0 < stopped < len(rows)


@pytest.mark.browser
def test_a_browser_gives_a_text_the_vector_that_the_engine_gives_it(page: Any) -> None:
    texts = [*mixed_texts(), *STRANGE]
    found = np.array(page.evaluate(EMBED, texts))
    assert np.abs(found - load_multilingual().embed(texts)).max() < 2e-6


@pytest.mark.browser
def test_a_text_with_letters_the_browser_does_not_know_is_read_by_the_light_weights(
    page: Any,
) -> None:
    texts = ["Наш тариф 42 евро в час", "we charge 日本 42 euros an hour"]
    assert page.evaluate(EMBED, texts) == [None, None]
    rows = [(text, []) for text in texts]
    assert page.evaluate(READ, [rows, True]) == page.evaluate(READ, [rows, False])


def _same(found: list[dict[str, Any]], expected: list[dict[str, Any]], *, near: float) -> None:
    scores = [each.pop("score") for each in found]
    others = [each["score"] for each in expected]
    assert found == [{k: v for k, v in each.items() if k != "score"} for each in expected]
    assert scores == pytest.approx(others, abs=near)
