"""The rules as a file of word lists, which the browser reads too (`static/exchange/guard.js`)."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from upturn.exchange.engine.guard.kinds import GuardRule, Topic
from upturn.exchange.engine.guard.wording import cased, plain

Patterns = tuple[re.Pattern[str], ...]
FEATURES_MOST = 3
"""More words of one list count no further."""


@dataclass(frozen=True)
class RuleBook:
    """Word lists by name, in the order in which they are counted, and the rules."""

    words: Mapping[str, Patterns]
    names: Mapping[str, Patterns]
    rules: tuple[GuardRule, ...]

    @cached_property
    def by_id(self) -> Mapping[str, GuardRule]:
        """Give the rules by their id."""
        return {rule.id: rule for rule in self.rules}

    def counts(self, text: str) -> NDArray[np.float64]:
        """Count the words of each list in a text: float array (lists,)."""
        ways = (cased(text).lower(), plain(text))
        counted = [max(_count(each, way) for way in ways) for each in self.words.values()]
        counted += [_count(each, cased(text)) for each in self.names.values()]
        return np.minimum(np.array(counted, dtype=np.float64), FEATURES_MOST)

    def broken(self, sentence: str) -> list[GuardRule]:
        """Say which rules a sentence breaks by its words; those with a score only perhaps."""
        ways = (cased(sentence).lower(), plain(sentence))

        def has(name: str) -> bool:
            found = (
                each
                for way in ways
                for pattern in self.words.get(name, ())
                for each in pattern.finditer(way)
            )
            return any(name != "card" or _luhn(each[0]) for each in found)

        return [
            rule
            for rule in self.rules
            if rule.needs and all(map(has, rule.needs)) and not any(map(has, rule.unless))
        ]


def _count(patterns: Patterns, text: str) -> int:
    return sum(len(pattern.findall(text)) for pattern in patterns)


def _luhn(number: str) -> bool:
    digits = [int(each) for each in reversed(number) if each.isdigit()]
    doubled = (sum(divmod(2 * each, 10)) for each in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


@cache
def shipped_rules() -> RuleBook:
    """Read the rules that ship with this package.

    Examples
    --------
    >>> [rule.id for rule in shipped_rules().broken("Write to anna@firm.example")]
    ['mail-address']
    """
    place = files("upturn.exchange").joinpath("static", "exchange", "guard_rules.json")
    return rules_from(place.read_text("utf-8"))


def rules_from(content: str) -> RuleBook:
    """Read a file of rules."""
    book = json.loads(content)
    rules = tuple(
        GuardRule(
            id=rule["id"],
            version=book["version"],
            topic=Topic(rule["topic"]),
            hard=rule["hard"],
            needs=tuple(rule["needs"]),
            unless=tuple(rule["unless"]),
            with_score=rule["with_score"],
            line=rule["line"],
            instead=rule["instead"],
        )
        for rule in book["rules"]
    )
    return RuleBook(_compiled(book["words"]), _compiled(book["cased"]), rules)


def _compiled(lists: Mapping[str, list[str]]) -> Mapping[str, Patterns]:
    return {
        name: tuple(re.compile(pattern, re.ASCII) for pattern in patterns)
        for name, patterns in lists.items()
    }
