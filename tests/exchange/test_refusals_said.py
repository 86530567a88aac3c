"""A ground rule that is not kept is told in the language of who reads."""

import json

import pytest
from django.utils import translation

from upturn.exchange.engine import RULES, Company, Incomplete, check_roster
from upturn.exchange.engine.errors import RulesBroken
from upturn.exchange.views.door import refused_to_script, sentences

FOUR = tuple(map(Company, ("Amber", "Birch", "Cedar", "Dune")))


@pytest.mark.parametrize("language", ["en", "de", "es", "ar"])
def test_each_broken_rule_is_one_sentence_in_the_readers_language(language: str) -> None:
    refused = check_roster((*FOUR, FOUR[0])).refused
    error = RulesBroken(refused)
    with translation.override(language):
        said = sentences(error)
        told = json.loads(refused_to_script(error).content)["said"]
    assert len(refused) == 3
    for refusal, sentence in zip(refused, said, strict=True):
        assert RULES[refusal.number].rule[language] in sentence
        assert RULES[refusal.number].next[language] in sentence
        assert sentence in told


def test_other_refusals_are_told_as_they_were_raised() -> None:
    with translation.override("ar"):
        assert sentences(Incomplete("One.\nTwo.")) == ("One.", "Two.")
        with translation.override(None):
            assert sentences(RulesBroken(check_roster(FOUR).refused))[0].startswith("Rule 1: ")
