"""The guard stops by rules anybody can read, marks the sentence, and keeps nothing of a text."""

import json
from dataclasses import fields
from datetime import date
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np
import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from tests.exchange.engine.guard_vectors import PLACE, told
from upturn.exchange.engine.errors import BadGuard
from upturn.exchange.engine.guard import (
    Action,
    GuardRecord,
    Stop,
    Topic,
    check_text,
    guard_record,
    shipped_rules,
    stop_for,
)
from upturn.exchange.engine.guard.scoring import meaning_weights
from upturn.voice.engine import reader_for

ROWS: list[dict[str, Any]] = json.loads(PLACE.read_text("utf-8"))
SALT = bytes(range(16))
LONG_STOP = "What discount do you give the client for weekend volumes?"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["why"])
def test_the_engine_reads_as_the_vectors_say(row: dict[str, Any]) -> None:
    assert told(row["text"], row["private_words"]) == {
        "stop": row["stop"],
        "findings": row["findings"],
    }


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Write to anna@firm.example", "mail-address"),
        ("anna at firm dot example", "mail-address"),
        ("ring +49 40 5550 1234", "phone-number"),
        ("Null eins sieben eins, fünf fünf fünf, zwo zwo acht", "phone-number"),
        ("5500 0000 0000 0004", "card-number"),
        ("GB33 BUKB 2020 1555 5555 55", "bank-account"),
        ("Beim Einstieg zahlen wir 14,20 € die Stunde", "wage-amount"),
        ("a night is £94 with us", "rate-amount"),
        ("neun Euro siebzig pro Anruf", "rate-amount"),
        ("We bill them 71p on Sundays", "money-amount"),
        ("Let us all refuse the new terms, no orders until they give in", "joint-action"),
        ("Keiner von uns bestellt mehr bei dem Händler", "joint-action"),
    ],
)
def test_amounts_addresses_and_joint_action_stop_hard(text: str, rule: str) -> None:
    found = check_text(text)
    assert rule in [finding.rule.id for finding in found]
    assert stop_for(found) is Stop.HARD


@pytest.mark.parametrize(
    "text",
    [
        "The museum ticket is 12 euros at the door",
        "Let's all agree that the coffee was cold",
        "We meet on 12.05.2026 at 10.30 in room 214",
        "Nobody refuses to help on our floor",
        "Der gesetzliche Mindestlohn liegt bei 12,82 Euro, steht im Netz",
    ],
)
def test_public_prices_dates_and_jokes_pass(text: str) -> None:
    assert check_text(text) == []


def test_a_card_number_that_does_not_check_is_no_card() -> None:
    rules = [rule.id for rule in shipped_rules().broken("5500 0000 0000 0005")]
    assert "card-number" not in rules


def test_a_long_text_is_marked_at_its_sentence() -> None:
    text = next(row["text"] for row in ROWS if row["why"].startswith("one sentence"))
    (found,) = check_text(text)
    assert found.said == LONG_STOP == text[slice(*found.span)]
    assert stop_for([found]) is Stop.SOFT


def test_every_topic_has_a_rule_with_a_line_and_an_allowed_way() -> None:
    book = shipped_rules()
    for topic in Topic:
        rule = book.by_id[f"{topic}-talk"]
        assert not rule.hard
        assert rule.line.endswith(".")
        assert check_text(rule.instead) == [], rule.instead
    named = {name for rule in book.rules for name in (*rule.needs, *rule.unless)}
    assert named <= {*book.words, "private"}


def test_only_amounts_personal_data_and_joint_action_stop_hard() -> None:
    needs = {rule.needs[0] for rule in shipped_rules().rules if rule.hard}
    assert needs == {"mail", "phone", "card", "iban", "amount", "percent", "joint"}


@pytest.mark.parametrize(
    ("text", "listed", "stopped"),
    [
        ("Projekt Nordsterns Plan", ["nordstern"], True),
        ("the bluebirds", ["Bluebird"], True),
        ("the bluebirdhouse", ["bluebird"], False),
        ("grünes licht heute", ["Grünes Licht"], True),
        ("grünes und licht", ["Grünes Licht"], False),
        ("anything", ["", "  "], False),
    ],
)
def test_the_own_list_is_compared_with_its_endings(
    text: str, listed: list[str], stopped: bool
) -> None:
    found = check_text(text, private_words=listed)
    assert ("private-word" in [each.rule.id for each in found]) is stopped
    assert stop_for(found) is (Stop.SOFT if stopped else Stop.NONE)


def test_meaning_is_read_only_with_the_model_its_weights_are_for() -> None:
    class Other:
        digest = "another"

        def embed(self, texts: Any) -> Any:
            raise AssertionError(texts)

    text = ROWS[0]["text"]
    assert check_text(text, embed=Other()) == check_text(text)
    model = reader_for("multilingual")
    assert model.digest == meaning_weights().model
    veiled = "Would you drop the recruiter if we did? Alone it is a tantrum, together it counts."
    assert stop_for(check_text(veiled, embed=model)) is not Stop.NONE


def test_what_a_passage_means_counts() -> None:
    weights = meaning_weights()

    class Like:
        digest = weights.model

        def __init__(self, at: int) -> None:
            self.at = at

        def embed(self, texts: Any) -> Any:
            return np.tile(weights.examples[self.at], (len(texts), 1))

    told, honest = int(np.argmax(weights.shares)), int(np.argmin(weights.shares))
    counts = shipped_rules().counts("A word about it.")
    scores = [
        weights.score("A word about it.", counts, Like(at).embed([""])[0]) for at in (told, honest)
    ]
    assert scores[0] > scores[1]
    found = check_text("A word about it.", embed=Like(told))
    assert [each.score for each in found] == ([scores[0]] if scores[0] > 0 else [])


@pytest.mark.parametrize("language", ["de", "es", "ar"])
def test_every_rule_is_said_in_the_languages_of_the_floor(language: str) -> None:
    with translation.override(language):
        for rule in shipped_rules().rules:
            for said in (rule.line, rule.instead):
                assert translation.gettext(said) != said, said


def test_a_record_has_neither_text_nor_author() -> None:
    text = "We bill them 71p a minute"
    (finding, *_) = check_text(text)
    record = guard_record(text, finding, action=Action.EDITED, salt=SALT, on=date(2026, 11, 22))
    names = {field.name for field in fields(GuardRecord)}
    assert names == {"rule", "version", "topic", "text_digest", "stop", "action", "on"}
    assert record.stop is Stop.HARD
    assert len(record.text_digest) == 64
    assert not any(word in str(record) for word in ("71p", "bill", "minute"))


def test_a_hash_tells_nothing_without_its_salt() -> None:
    (finding, *_) = check_text("We bill them 71p a minute")

    def digest(salt: bytes) -> str:
        done = guard_record("x", finding, action=Action.HELD, salt=salt, on=date(2026, 1, 1))
        return done.text_digest

    assert digest(SALT) == digest(SALT) != digest(SALT[::-1])
    with pytest.raises(BadGuard, match="The salt has 4 bytes"):
        digest(b"salt")


@given(st.text(max_size=200))
def test_any_text_is_read_and_what_is_marked_is_in_it(text: str) -> None:
    for finding in check_text(text, private_words=["anna"]):
        assert finding.said == text[slice(*finding.span)]
        assert finding.said.strip() == finding.said != ""


def test_nothing_in_the_rules_names_a_company_of_the_examples() -> None:
    words = (Path(__file__).parents[3] / "benchmarks/exchange/guard_train_set.jsonl").read_text()
    assert "Orvell" in words  # a firm the writers made up
    lists = json.dumps([[p.pattern for p in each] for each in shipped_rules().words.values()])
    assert [
        name
        for name in ("orvell", "thornbank", "telvanta", "calderline", "mulacare")
        if name in lists
    ] == []


@pytest.mark.parametrize(
    "part", ["a", "1", "1 ", "a.", "ein", "one ", "oh ", "a dot ", "a@", "Aa "]
)
def test_a_text_made_to_be_slow_is_read_all_the_same(part: str) -> None:
    began = process_time()
    check_text((part * 1200)[:1200])
    assert process_time() - began < 0.7
