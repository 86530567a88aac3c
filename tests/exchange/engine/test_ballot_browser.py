"""The browser's half of the sealed benchmark, in a browser, against the vectors and this half."""

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders

from tests.exchange.engine.rounds import (
    benchmark_of,
    choices,
    key_of,
    signed_roster,
    submitted,
)
from tests.journeys.alone import page_with
from upturn.exchange.engine.ballot import (
    check_ballot,
    for_holder,
    read_ballot,
    read_confirmation,
    read_sums,
)
from upturn.exchange.engine.ballot.browser import BROWSER_SHA256
from upturn.house.cli_doctor import _sealed_ballot

ROOT = Path(__file__).parents[3]
CODE = ROOT / "src/upturn/exchange/static/exchange/sealed_ballot.js"
VECTORS = ROOT / "tests/vectors"
CHECKS = Path(__file__).with_name("ballot_vectors.js")
COMPARE = """async (vectors) => (await import("/ballot_vectors.js")).differences(vectors)"""
SEAL = """async ({ seed, roster, sheet, bins }) => {
    const half = await import("/sealed_ballot.js");
    const signed = half.readRoster(half.unhex(roster));
    const round = { roster: signed, sheet: half.readSheet(half.unhex(sheet), signed) };
    const key = half.keys.keyOf(half.unhex(seed));
    const told = [];
    const [ballot, memory] = half.seal(key, round, bins, {
        memory: half.newMemory(round.sheet.roundId), progress: (share) => told.push(share),
    });
    return [ballot, memory].map((one, at) =>
        half.hex(at ? half.writeMemory(one) : half.messages.writeBallot(one))).concat([told]);
}"""
OPEN = """async ({ seed, roster, sheet, list, memory, received, confirmations }) => {
    const half = await import("/sealed_ballot.js");
    const { hex, messages, unhex } = half;
    const signed = half.readRoster(unhex(roster));
    const round = { roster: signed, sheet: half.readSheet(unhex(sheet), signed) };
    const key = half.keys.keyOf(unhex(seed));
    const listed = messages.readList(unhex(list));
    const boxes = new Map(Object.entries(received).map(([index, [ballot, box]]) =>
        [Number(index), { ballot: messages.readBallot(unhex(ballot)), box: unhex(box) }]));
    const [said, after] = half.confirm(key, round, listed, {
        received: boxes, memory: half.readMemory(unhex(memory)),
    });
    const all = [...confirmations.map(unhex), said].map(messages.readConfirmation);
    const [sums] = half.openSums(key, round, listed, {
        received: boxes, confirmations: all, memory: after,
    });
    return [hex(said), hex(sums)];
}"""


@pytest.fixture(scope="module")
def page() -> Iterator[Any]:
    if not CODE.exists():
        pytest.skip("sealed_ballot.js was not built: no npm registry")
    with page_with({CODE.name: CODE, CHECKS.name: CHECKS}) as opened:
        yield opened


@pytest.mark.browser
def test_what_is_served_has_the_published_hash(page: Any) -> None:
    assert sha256(CODE.read_bytes()).hexdigest() == BROWSER_SHA256
    assert BROWSER_SHA256 in _sealed_ballot().what


def test_without_the_code_or_with_another_the_doctor_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    changed = tmp_path / "sealed_ballot.js"
    changed.write_text("export const seal = () => {};")
    monkeypatch.setattr(finders, "find", lambda _name: str(changed))
    assert not _sealed_ballot().fine
    monkeypatch.setattr(finders, "find", lambda _name: None)
    assert _sealed_ballot().fine
    assert "command line" in _sealed_ballot().what


@pytest.mark.browser
def test_the_browser_agrees_with_every_vector_byte_for_byte(page: Any) -> None:
    vectors = {path.stem: json.loads(path.read_text("utf-8")) for path in VECTORS.glob("*.json")}
    ours = {"encoding", "group", "shares", "proofs", "keys", "round", "results", "attacks"}
    assert page.evaluate(COMPARE, {name: vectors[name] for name in ours}) == []


@pytest.mark.browser
def test_a_company_in_a_browser_and_four_elsewhere_open_one_round(page: Any) -> None:
    benchmark, bins = benchmark_of(5), choices(5)
    held = submitted(benchmark, {at: bins[at] for at in (2, 3, 4, 5)})
    asked = {
        "seed": key_of(1).seed.hex(),
        "roster": signed_roster(benchmark.roster).written().hex(),
        "sheet": benchmark.sheet.written.hex(),
    }
    written, memory, told = page.evaluate(SEAL, {**asked, "bins": bins[1]})
    assert told == sorted(told) and told[-1] == 1
    ballot = read_ballot(bytes.fromhex(written))
    check_ballot(benchmark, ballot)
    held.ballots[1] = ballot

    listed = held.listed()
    others = held.confirmations(listed, 2, 3, 4, 5)
    received = {index: for_holder(one, 1) for index, one in held.ballots.items()}
    said, sums = page.evaluate(
        OPEN,
        {
            **asked,
            "list": listed.written.hex(),
            "memory": memory,
            "received": {
                str(index): [one.ballot.written().hex(), one.box.hex()]
                for index, one in received.items()
            },
            "confirmations": [one.written().hex() for one in others],
        },
    )
    confirmation = read_confirmation(bytes.fromhex(said))
    elsewhere = held.sums(listed, [confirmation, *others], 2, 3, 4)
    opened = [read_sums(bytes.fromhex(sums)), *elsewhere]
    tally = held.tally(listed, opened)
    assert tally.openers == (1, 2, 3, 4)
    expected = [0] * benchmark.sheet.coordinates
    for chosen in bins.values():
        expected = [a + b for a, b in zip(expected, benchmark.one_hot(chosen), strict=True)]
    assert list(tally.totals.counts) == expected
