"""Nobody learns whose answer is no; it opens on all yes, or without those who named themselves."""

import json
from collections import Counter
from dataclasses import fields, replace
from hashlib import sha256
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upturn.exchange.engine import (
    Answer,
    BadSeal,
    BuyInStanding,
    Incomplete,
    Leader,
    SealedAnswer,
    Seen,
    all_yes,
    asked_again,
    check_asking,
    digest,
    opened,
    opens_with,
    pad,
    sees,
    standing,
    token,
)

ALL = {name: name for name in "abcdef"}
Y, L, N = Answer.YES, Answer.NOT_YET, Answer.NO


def key(one: str, other: str) -> bytes:
    return sha256("".join(sorted(one + other)).encode()).digest()


def tokens(answers: dict[str, Answer], *, asking: int = 1, noise: bytes = b"n") -> dict[str, str]:
    return {
        one: token(
            answer,
            [
                pad(key(one, other), exchange="x", asking=asking, among=answers)
                for other in answers
                if other != one
            ],
            noise=sha256(noise + one.encode()).digest(),
        )
        for one, answer in answers.items()
    }


def sealed(answer: Answer, *leaves_out: str) -> SealedAnswer:
    return SealedAnswer(answer, leaves_out, b"s" * 32)


def called(answers: dict[str, Answer]) -> list[Leader]:
    handed = tokens(answers)
    return [
        Leader(one, sealed(answer).commitment("x", one), handed[one])
        for one, answer in answers.items()
    ]


@pytest.mark.parametrize("answers", list(product(Answer, repeat=4)))
def test_it_is_all_yes_exactly_when_all_said_yes(answers: tuple[Answer, ...]) -> None:
    said = dict(zip("abcd", answers, strict=True))
    expected = BuyInStanding.ALL_YES if set(answers) == {Y} else BuyInStanding.NOT_ALL
    assert standing(called(said)) is expected


def test_a_token_looks_alike_whatever_it_stands_for() -> None:
    """Over all pads a token of a yes and of a no take each value equally often."""
    seen: dict[Answer, Counter[str]] = {Y: Counter(), N: Counter()}
    for one, other, noise in product(range(4), repeat=3):
        pads = [bytes(31) + bytes([one]), bytes(31) + bytes([other])]
        for answer, counted in seen.items():
            counted[token(answer, pads, noise=bytes(31) + bytes([noise]))] += 1
    assert seen[Y] == seen[N]
    assert len(seen[Y]) == 4


def test_the_host_sees_the_same_whoever_said_no() -> None:
    for nays in ("a", "f", "cd"):
        leaders = called({name: N if name in nays else Y for name in "abcdef"})
        assert standing(leaders) is BuyInStanding.NOT_ALL
        assert sees(leaders) == tuple(
            Seen(name, called=True, answer=None, leaves_out=()) for name in "abcdef"
        )
    assert "viewer" not in sees.__code__.co_varnames
    assert not {"answer", "salt"} & {each.name for each in fields(Leader)}


@pytest.mark.parametrize(
    ("leader", "seen"),
    [
        (Leader("a"), Seen("a", called=False, answer=None, leaves_out=())),
        (Leader("a", "c"), Seen("a", called=True, answer=None, leaves_out=())),
        (Leader("a", "c", "00"), Seen("a", called=True, answer=None, leaves_out=())),
        (
            Leader("a", "c", "", sealed(Y, "wages")),
            Seen("a", called=True, answer=Y, leaves_out=("wages",)),
        ),
        (Leader("a", "c", "00", sealed(N)), Seen("a", called=True, answer=N, leaves_out=())),
    ],
)
def test_of_each_leader_only_called_or_not_is_seen_until_it_opens_itself(
    leader: Leader, seen: Seen
) -> None:
    assert sees([leader]) == (seen,)


def test_nothing_is_told_before_all_were_called_and_asked() -> None:
    leaders = called(dict.fromkeys("abcd", Y))
    assert standing([]) is BuyInStanding.CALLING
    assert standing([*leaders, Leader("e")]) is BuyInStanding.CALLING
    assert standing([replace(leaders[0], token=""), *leaders[1:]]) is BuyInStanding.ASKING
    assert opens_with([replace(leaders[0], token=""), *leaders[1:]]) is None


def test_it_opens_without_those_who_named_themselves() -> None:
    answers = dict.fromkeys("abcdef", Y) | {"c": L}
    leaders = called(answers)
    with pytest.raises(BadSeal):
        opened(leaders[2], sealed(Y), exchange="x")
    leaders[2] = opened(leaders[2], sealed(L), exchange="x")
    assert standing(leaders) is BuyInStanding.NOT_ALL
    again = asked_again(leaders)
    assert standing(again) is BuyInStanding.ASKING
    rest = dict.fromkeys("abdef", Y)
    check_asking(sees(again), rest)
    handed = tokens(rest, asking=2)
    done = [replace(each, token=handed.get(each.ref, "")) for each in again]
    found = opens_with(done)
    assert found is not None
    assert (found.parties, found.stay_out) == (tuple("abdef"), ("c",))


def test_topics_that_somebody_named_are_left_out() -> None:
    leaders = called(dict.fromkeys("abc", Y))
    yes = SealedAnswer(Y, ("scheduling",), b"s" * 32)
    leaders[0] = replace(leaders[0], commitment=yes.commitment("x", "a"))
    leaders[0] = opened(leaders[0], yes, exchange="x")
    found = opens_with(leaders)
    assert found is not None
    assert found.left_out == {"a": ("scheduling",)}


def test_a_device_refuses_to_be_asked_among_fewer() -> None:
    seen = sees(called(dict.fromkeys("abcdef", Y)))
    check_asking(seen, "abcdef")
    for among in ("abc", "abcde", "abcdefg"):
        with pytest.raises(BadSeal):
            check_asking(seen, among)


def test_asking_again_takes_new_pads_and_a_reason_to() -> None:
    one = tokens(dict.fromkeys("abc", Y))
    assert not set(one.values()) & set(tokens(dict.fromkeys("abc", Y), asking=2).values())
    with pytest.raises(Incomplete):
        asked_again(called(dict.fromkeys("abc", Y)))
    with pytest.raises(Incomplete, match="fewer than 3"):
        two = called({"a": Y, "b": Y, "c": N})
        asked_again([*two[:2], opened(two[2], sealed(N), exchange="x")])


@given(st.sampled_from(["", "zz", "00" * 31, "00" * 33, "é" * 64]))
def test_a_token_that_is_none_is_refused(written: str) -> None:
    with pytest.raises(BadSeal):
        all_yes([written, "00" * 32, "00" * 32])


def test_a_commitment_binds_the_answer_its_leader_and_its_exchange() -> None:
    marks = {
        SealedAnswer(answer, leaves, bytes([salt]) * 32).commitment(exchange, leader)
        for answer, leaves, salt, exchange, leader in product(
            Answer, [(), ("a",), ("a", "b")], [1, 2], ["x", "y"], ["a", "b"]
        )
    }
    assert len(marks) == 3 * 3 * 2 * 2 * 2
    with pytest.raises(BadSeal):
        SealedAnswer(Y, (), b"short").commitment("x", "a")


def test_of_two_who_are_left_nothing_is_told() -> None:
    leaders = called({"a": Y, "b": Y, "c": N})
    left = [*leaders[:2], opened(leaders[2], sealed(N), exchange="x")]
    alike = [replace(each, token="00" * 32) for each in left]
    for handed in (left, alike):
        assert standing(handed) is BuyInStanding.NOT_ALL
        assert opens_with(handed) is None


def test_the_vectors_for_other_languages_are_what_this_one_makes() -> None:
    path = Path(__file__).parents[2] / "vectors" / "buy_in.json"
    vectors = json.loads(path.read_text(encoding="utf-8"))
    for row in vectors["commitments"]:
        answer = SealedAnswer(
            Answer(row["answer"]), tuple(row["leaves_out"]), bytes.fromhex(row["salt"])
        )
        assert answer.commitment(row["exchange"], row["leader"]) == row["commitment"]
    for row in vectors["pads"]:
        shared = bytes.fromhex(row["shared"])
        found = pad(shared, exchange=row["exchange"], asking=row["asking"], among=row["among"])
        assert found.hex() == row["pad"]
    for row in vectors["tokens"]:
        pads = [bytes.fromhex(each) for each in row["pads"]]
        noise = bytes.fromhex(row["noise"])
        assert token(Answer(row["answer"]), pads, noise=noise) == row["token"]
    for row in vectors["digests"]:
        key_bytes = bytes.fromhex(row["key"])
        assert digest(row["entry"], key=key_bytes, about=row["about"]) == row["digest"]
