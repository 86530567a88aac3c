"""The ground rules of an exchange as code: what is asked, shown, said or kept is held against them.

None of this is legal advice, and keeping the rules is no safe harbour.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeVar

from upturn.exchange.engine.errors import RulesBroken
from upturn.exchange.engine.lists import Texts, shipped, worded

Checked = TypeVar("Checked")


class When(StrEnum):
    """Where a rule is held against what is asked."""

    SHEET = "sheet"
    ROSTER = "roster"
    OPENING = "opening"
    PAGE = "page"
    PUBLISH = "publish"
    MEETING = "meeting"
    POST = "post"
    PROMISE = "promise"
    EVIDENCE = "evidence"


@dataclass(frozen=True, slots=True)
class GroundRule:
    """A ground rule.

    Parameters
    ----------
    number : int
        Stays as long as the meaning does.
    code : str
    when : frozenset of When
    counsel_may_relax : bool
        Whether a named person's sign-off can let something pass.
    source : str
        Where it comes from, as read in summaries.
    rule, next : Texts
        The rule in a line, and what to do where it is not kept.
    """

    number: int
    code: str
    when: frozenset[When]
    counsel_may_relax: bool
    source: str
    rule: Texts
    next: Texts


def _rules() -> Mapping[int, GroundRule]:
    return {
        row["number"]: GroundRule(
            row["number"],
            row["code"],
            frozenset(map(When, row["when"])),
            row["counsel"],
            row["source"],
            row["rule"],
            row["next"],
        )
        for row in shipped("rules")["rules"]
    }


RULES: Mapping[int, GroundRule] = _rules()
"""The nineteen rules by number."""
FOUND: Mapping[str, Texts] = shipped("found")["found"]
"""What a check found, by its reason; values stand in braces."""
WORDS: Mapping[str, Texts] = shipped("found")["words"]
"""Codes among the values, as words."""
CODED = frozenset({"topic", "seen", "kind"})
"""Names of values that are such codes."""
RANKING, JOINT = (
    re.compile(shipped("rules")["patterns"][name], re.IGNORECASE) for name in ("ranking", "joint")
)


@dataclass(frozen=True, slots=True)
class SignOff:
    """A named counsel's word that one matter may pass one rule.

    Parameters
    ----------
    rule : int
    about : str
        The metric (rule 6), the round (rule 4) or the kind of evidence (rule 19) it is about.
    counsel : str
        The name of the person.
    on : date
    withdrawn : bool
    """

    rule: int
    about: str
    counsel: str
    on: date
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Offence:
    """What does not keep a rule.

    Parameters
    ----------
    reason : str
        A code.
    values : mapping of str to object
        What was found, as the sentence of this reason names it.
    about : str
        What a sign-off would be about.
    """

    reason: str
    values: Mapping[str, object] = field(default_factory=dict)
    about: str = ""

    def found(self, language: str = "en") -> str:
        """Say what was found, in English where there are no words in the language.

        Examples
        --------
        >>> Offence("seen", {"seen": "draft"}).found("es")
        'la empresa contratante ve: borrador'
        """
        values = {
            name: worded(WORDS[str(value)], language) if name in CODED else value
            for name, value in self.values.items()
        }
        return worded(FOUND[self.reason], language).format(**values)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A rule that is not kept."""

    rule: GroundRule
    offence: Offence

    @property
    def number(self) -> int:
        """The rule's number."""
        return self.rule.number

    def said(self, language: str) -> str:
        """Say it in a sentence or two: the rule, what was found, and what to do next.

        English stands where there are no words in the language.
        """
        return worded(shipped("found")["said"], language).format(
            number=self.number,
            rule=worded(self.rule.rule, language),
            found=self.offence.found(language),
            next=worded(self.rule.next, language),
        )

    def __str__(self) -> str:
        return self.said("en")


@dataclass(frozen=True, slots=True)
class Findings:
    """What came of a check.

    Parameters
    ----------
    passed : tuple of int
        Rules that were checked and kept.
    refused : tuple of Refusal
        In the order of the rules.
    relaxed : tuple of (Refusal, SignOff)
        What passes on somebody's sign-off; it is logged with the name.
    """

    passed: tuple[int, ...]
    refused: tuple[Refusal, ...]
    relaxed: tuple[tuple[Refusal, SignOff], ...] = ()

    @property
    def numbers(self) -> tuple[int, ...]:
        """The rules that refuse."""
        return tuple(dict.fromkeys(each.number for each in self.refused))

    def settle(self) -> "Findings":
        """Give the findings back where nothing is refused; raise RulesBroken otherwise."""
        if self.refused:
            raise RulesBroken(self.refused)
        return self


Check = Callable[[Checked], Iterable[Offence]]


def run(
    checks: Mapping[int, Check[Checked]],
    asked: Checked,
    *,
    sign_offs: Sequence[SignOff] = (),
    by: date | None = None,
) -> Findings:
    """Hold something against rules, each by its own check.

    A sign-off counts where its rule may be relaxed, it names a person and this very matter, was
    given on the day `by` or before, and is not withdrawn.
    """
    passed, refused, relaxed = [], [], []
    for number, check in checks.items():
        offences = [Refusal(RULES[number], offence) for offence in check(asked)]
        if not offences:
            passed.append(number)
        for refusal in offences:
            sign_off = _signed(refusal, sign_offs, by)
            if sign_off is None:
                refused.append(refusal)
            else:
                relaxed.append((refusal, sign_off))
    return Findings(tuple(passed), tuple(refused), tuple(relaxed))


def _signed(refusal: Refusal, sign_offs: Sequence[SignOff], by: date | None) -> SignOff | None:
    if not refusal.rule.counsel_may_relax:
        return None
    for each in sign_offs:
        fits = (each.rule, each.about) == (refusal.number, refusal.offence.about)
        if fits and each.counsel.strip() and not each.withdrawn and (by is None or each.on <= by):
            return each
    return None
