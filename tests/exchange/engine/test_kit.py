"""A kit comes back as it was given; what is not one, or is hostile, is not taken at all."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from upturn.exchange.engine import TEMPLATES
from upturn.exchange.engine.errors import BadKit
from upturn.exchange.engine.kit import BYTES_MOST, as_data, kit_from, kit_of, written
from upturn.exchange.engine.kit_form import MANY, ONE, Kit
from upturn.exchange.engine.kit_gathering import gathered

KIT = Kit(
    kind="suppliers",
    language="en",
    vision="Guests of one house served as one",
    mission="Learn from each other what serves guests well.\n\nA little every month.",
    not_mission="Nothing about prices, wages or who gets which work",
    scope="Guests of the client",
    topics=("care", "how we welcome"),
    never=("prices, costs and margins", "output, stock and plans for it"),
    minutes=45,
    chair_months=3,
    questions=("What did a guest thank you for?",),
    meeting_minutes=30,
    agenda=("Welcome", "A practice card"),
    expectations=("A guest asks once and is answered by whoever was asked",),
)
WORDS = st.lists(
    st.sampled_from(
        [
            "guest",
            "welcome",
            "smile",
            "“so”",
            "你好",
            "مرحبا",
            "шаг",
            "été",
            "\\",
            '"',
            "/",
            "{}",
            "%",
            "<b>",
            "é",
            "ñ",
            "👋",
        ]
    ),
    min_size=1,
    max_size=4,
).map(" ".join)
LINES = st.lists(WORDS, max_size=4, unique_by=str.casefold).map(tuple)
KITS = st.builds(
    Kit,
    kind=st.sampled_from(TEMPLATES),
    language=st.sampled_from(("en", "de", "ar")),
    vision=st.just("") | WORDS,
    mission=st.lists(WORDS, max_size=3).map("\n".join),
    not_mission=st.just("") | WORDS,
    scope=st.just("") | WORDS,
    topics=LINES,
    never=LINES,
    minutes=st.integers(10, 240),
    chair_months=st.integers(1, 12),
    questions=LINES,
    meeting_minutes=st.integers(10, 240),
    agenda=LINES,
    expectations=LINES,
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


def file(**changes: Any) -> bytes:
    return json.dumps(as_data(KIT) | changes).encode()


def charter(**changes: Any) -> bytes:
    return file(charter=as_data(KIT)["charter"] | changes)


@settings(max_examples=40, deadline=None)
@given(KITS)
def test_every_kit_comes_back_as_it_was_given(kit: Kit) -> None:
    kit, _stays = gathered(kit, names=())
    assert kit_from(written(kit).encode()) == kit
    assert kit_of(as_data(kit)) == kit


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=60), st.sampled_from([*ONE, *MANY]))
def test_words_of_any_kind_go_in_whole_or_stay(words: str, part: str) -> None:
    value = words if part in ONE else (words,)
    kit, stays = gathered(replace(KIT, **{part: value}), names=())
    assert kit_from(written(kit).encode()) == kit
    assert bool(getattr(kit, part)) or bool(stays) or not words.split() or words in KIT.questions


@settings(max_examples=80, deadline=None)
@given(ANYTHING)
def test_whatever_else_is_refused_with_a_sentence(found: Any) -> None:
    with pytest.raises(BadKit) as refused:
        kit_from(json.dumps(found).encode())
    assert str(refused.value).endswith(".")


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([*as_data(KIT)]), ANYTHING)
def test_a_part_of_another_kind_is_refused_or_holds(part: str, found: Any) -> None:
    try:
        kit = kit_from(file(**{part: found}))
    except BadKit as refused:
        assert refused.faults
    else:
        assert kit_from(written(kit).encode()) == kit


REFUSED: dict[str, tuple[bytes, str]] = {
    "no json": (b"<html>", "The file: it is no JSON: “<html>”. Take the file"),
    "no text": (b"\xff\xfe\x00", "it is no JSON"),
    "deep": (b"[" * 200_000, "it is no JSON"),
    "too large": (b" " * (BYTES_MOST + 1), f"it has {BYTES_MOST + 1} bytes; a kit has"),
    "not a number": (b'{"kit": NaN}', "it is no JSON: “NaN”"),
    "a long number": (b'{"kit": ' + b"9" * 9000 + b"}", "it is no JSON"),
    "a list": (b"[]", "“[…]” stands where {…} is expected"),
    "something else": (b"{}", "kit: “None” stands where “upturn exchange” says"),
    "later": (file(version=2), "version: it is version 2; this program reads version 1. Ask"),
    "a true version": (file(version=True), "it is version True"),
    "unknown": (file(parties=["Amber"]), "The file: “parties” is no part of a kit. Take it out."),
    "unknown within": (charter(price="x"), "charter: “price” is no part of a kit."),
    "twice": (b'{"kit": 1, "kit": 2}', "“kit” stands there twice"),
    "missing": (file(charter={}), "charter: “vision” is not there. Put it in"),
    "another kind": (file(kind="cartel"), "kind: “cartel” is none of suppliers, peers, charities"),
    "no language": (file(language="../en"), "language: “../en” is none of"),
    "a yes": (charter(minutes=True), "charter.minutes: “True” stands where 1 is expected"),
    "too short": (charter(minutes=5), "charter.minutes: 5 is not from 10 to 240. Write"),
    "words in place of a list": (file(questions="Why?"), "questions: “Why?” stands where […]"),
    "too long": (charter(vision="so " * 60), "charter.vision: “so so"),
    "too many": (charter(topics=["a" * each for each in range(1, 42)]), "it has 41 lines; 40"),
    "the same": (charter(topics=["Care", "care"]), "charter.topics, line 2: “care” stands there"),
    "blank": (file(questions=["  "]), "questions, line 1: nothing is written there."),
    "half a letter": (file(questions=["\ud800"]), "has a letter that nobody sees"),
    "turned": (file(questions=["ab\u202ecd"]), "“ab cd” has a letter that nobody sees"),
    "a figure": (file(expectations=["Within 24 hours"]), "“Within 24 hours” has a figure. Say it"),
    "a price": (
        file(questions=["What serves?", "We charge thirteen euros an hour, and you?"]),
        "questions, line 2: the guard stops “We charge thirteen euros an hour, and you?”. Say it",
    ),
    "a person": (file(expectations=["Write to anna@firm.example"]), "the guard stops “Write to"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_refusal_says_where_what_and_what_to_do(case: str) -> None:
    content, said = REFUSED[case]
    with pytest.raises(BadKit) as refused:
        kit_from(content)
    assert said in str(refused.value)
    for language in ("de", "es", "ar"):
        assert refused.value.said(language)[0] not in {"", str(refused.value)}


def test_what_is_off_limits_may_be_named() -> None:
    assert kit_of(as_data(KIT)) == KIT
    with pytest.raises(BadKit, match="topics, line 1: the guard stops"):
        kit_from(charter(topics=["output, stock and plans for the coming year"]))


def test_what_names_somebody_stays_whichever_way_it_is_written() -> None:
    said = ("AMBER SERVICES leads", "Ask Amber", "The amber lamp", "What Okafor read", "R\nOkafor")
    kit, stays = gathered(
        replace(KIT, topics=said, mission="Ambers way"), names=("Amber Services", "Okafor")
    )
    assert kit.topics == ("The amber lamp",)
    assert [each.code for each in stays] == ["name"] * 5
    assert kit.mission == ""
