"""The buy-in on a leader's device, in a browser, against the vectors and the other half."""

import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.alone import page_with
from upturn.exchange.engine import Answer, SealedAnswer, all_yes
from upturn.exchange.engine.ballot import Key

ROOT = Path(__file__).parents[3]
STATIC = ROOT / "src/upturn/exchange/static/exchange"
BALLOT, CODE = STATIC / "sealed_ballot.js", STATIC / "buy_in.js"
CHECKS = Path(__file__).with_name("buy_in_vectors.js")
LEADERS = ("amber", "birch", "cedar", "dune")
KEYS = {leader: Key(leader.encode().ljust(32, b".")) for leader in LEADERS}
CALL = """async ([name, ...said]) => (await import("/buy_in_vectors.js"))[name](...said)"""


@pytest.fixture(scope="module")
def page() -> Iterator[Any]:
    if not BALLOT.exists():
        pytest.skip("sealed_ballot.js was not built: no npm registry")
    with page_with({each.name: each for each in (BALLOT, CODE, CHECKS)}) as opened:
        yield opened


def _asked(**answers: str) -> dict[str, Any]:
    seen = [
        {"ref": leader, "answer": None, "seals": KEYS[leader].public.sealing.hex()}
        for leader in LEADERS
    ]
    seeds = {leader: key.seed.hex() for leader, key in KEYS.items()}
    said = dict.fromkeys(LEADERS, "yes") | answers
    return {"exchange": "Häfen", "asking": 1, "answers": said, "seeds": seeds, "seen": seen}


@pytest.mark.browser
def test_a_device_keeps_the_vectors(page: Any) -> None:
    path = ROOT / "tests/vectors/buy_in.json"
    assert page.evaluate(CALL, ["differences", json.loads(path.read_text("utf-8"))]) == []


@pytest.mark.browser
def test_two_keys_have_the_same_in_common_on_every_device(page: Any) -> None:
    for one, other in pairwise(KEYS.values()):
        here = one.shared_with(other.public)
        assert here == other.shared_with(one.public)
        theirs = [one.seed.hex(), other.public.sealing.hex()]
        assert page.evaluate(CALL, ["shared", *theirs]) == here.hex()


@pytest.mark.browser
def test_what_devices_hand_in_tells_all_yes_from_not_all_and_no_more(page: Any) -> None:
    yes = page.evaluate(CALL, ["tokens", _asked()])
    assert all_yes(yes)
    for leader in LEADERS:
        for said in ("no", "not_yet"):
            assert not all_yes(page.evaluate(CALL, ["tokens", _asked(**{leader: said})]))
    again = page.evaluate(CALL, ["tokens", _asked()])
    assert again == yes
    noes = page.evaluate(CALL, ["tokens", _asked(amber="no")])
    assert page.evaluate(CALL, ["tokens", _asked(amber="no")]) == noes


@pytest.mark.browser
def test_a_device_refuses_to_be_asked_among_a_set_the_host_chose(page: Any) -> None:
    asked = _asked()["seen"]
    assert page.evaluate(CALL, ["refusal", {"seen": asked, "among": LEADERS}]) == ""
    assert page.evaluate(CALL, ["refusal", {"seen": asked, "among": LEADERS[:3]}]) == "among"
    said_no = [{**asked[0], "answer": "no"}, *asked[1:]]
    assert page.evaluate(CALL, ["refusal", {"seen": said_no, "among": LEADERS[1:]}]) == ""
    assert page.evaluate(CALL, ["refusal", {"seen": said_no, "among": LEADERS}]) == "among"


@pytest.mark.browser
@pytest.mark.parametrize(
    "topics",
    [
        ["ﬁnale", "𝔄mber", "Löhne", "löhne"],
        ['"quoted" \\ slash', "a\u2028b"],
        ["b", "a", "b", "ab"],
    ],
)
def test_left_out_topics_are_sealed_alike_in_any_script(page: Any, topics: list[str]) -> None:
    tidied = page.evaluate(CALL, ["tidied", topics])
    assert sorted(set(topics)) == tidied
    salt = bytes(range(32))
    due = SealedAnswer(Answer.YES, tuple(topics), salt).commitment("Häfen", "amber")
    said = {"answer": "yes", "leavesOut": topics, "salt": salt.hex()}
    about = {"exchange": "Häfen", "leader": "amber"}
    assert page.evaluate(CALL, ["sealed", said, about]) == due
