"""Checking a text on its author's side, before anything is stored or sent."""

import hmac
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from upturn.exchange.engine.errors import BadGuard
from upturn.exchange.engine.guard.kinds import (
    Action,
    Finding,
    GuardRecord,
    GuardRule,
    Stop,
    Topic,
)
from upturn.exchange.engine.guard.private import has_private
from upturn.exchange.engine.guard.rules import RuleBook, shipped_rules
from upturn.exchange.engine.guard.scoring import (
    Embed,
    Weights,
    light_weights,
    meaning_weights,
)
from upturn.exchange.engine.guard.wording import plain, sentences, words

SHORT_WORDS = 45
"""A text of no more words is read whole."""
PASSAGE_WORDS = 10
"""A longer one is read in passages of whole sentences, each of so many words or a little more."""
SALT_LEAST = 16

Span = tuple[int, int]


def check_text(
    text: str,
    *,
    rules: RuleBook | None = None,
    private_words: Iterable[str] = (),
    embed: Embed | None = None,
) -> list[Finding]:
    """Say which sentences of a text a rule stops.

    Parameters
    ----------
    text : str
    rules : RuleBook, optional
        The shipped ones if not given.
    private_words : iterable of str
        The company's own list; it is compared here and goes nowhere.
    embed : Embed, optional
        The model for sixteen languages. Without it, or with another model, the light weights read
        the text as a browser does.

    Returns
    -------
    list of Finding
        In the order of the text; of the rules that a sentence breaks by its words the first.

    Examples
    --------
    >>> [finding.rule.id for finding in check_text("My mail is anna@firm.example")]
    ['mail-address']
    >>> check_text("We began to thank each other after every shift.")
    []
    """
    book = rules or shipped_rules()
    weights = light_weights()
    if embed is not None and meaning_weights().model == embed.digest:
        weights = meaning_weights()
    listed = tuple(private_words)
    reader = _Reader(book, weights, embed if weights.model else None, listed)
    found = [each for spans in _passages(text) if spans for each in reader.read(text, spans)]
    return sorted(found, key=lambda each: (each.span, not each.rule.hard))


def _passages(text: str) -> Iterator[list[Span]]:
    """Take the sentences of a long text together until there are words enough to read."""
    spans = sentences(text)
    if len(words(plain(text))) <= SHORT_WORDS:
        yield spans
        return
    passage: list[Span] = []
    for span in spans:
        passage.append(span)
        if len(words(plain(text[passage[0][0] : span[1]]))) >= PASSAGE_WORDS:
            yield passage
            passage = []
    if passage:
        yield passage


@dataclass(frozen=True, slots=True)
class _Reader:
    book: RuleBook
    weights: Weights
    embed: Embed | None
    private_words: tuple[str, ...]

    def read(self, text: str, spans: Sequence[Span]) -> Iterator[Finding]:
        """Find what stops in one passage."""
        passage = text[spans[0][0] : spans[-1][1]]
        counts = self.book.counts(passage)
        vector = self.embed.embed([passage])[0] if self.embed else None
        score = self.weights.score(passage, counts, vector)
        topic = self.weights.topic(counts, vector)
        hard = False
        for span in spans:
            for rule in self._broken(text[slice(*span)], score):
                hard = hard or rule.hard
                yield Finding(span, rule, _topic(rule, topic, score), score, text[slice(*span)])
        if score > 0 and not hard:
            span = max(spans, key=lambda each: self._alone(text[slice(*each)]))
            rule = self.book.by_id[f"{topic}-talk"]
            yield Finding(span, rule, topic, score, text[slice(*span)])

    def _broken(self, sentence: str, score: float) -> Iterator[GuardRule]:
        broken = self.book.broken(sentence)
        yield from [rule for rule in broken if score > 0 or not rule.with_score][:1]
        if has_private(sentence, self.private_words):
            yield self.book.by_id["private-word"]

    def _alone(self, sentence: str) -> float:
        return light_weights().score(sentence, self.book.counts(sentence), None)


def _topic(rule: GuardRule, read: Topic, score: float) -> Topic:
    """An amount has the topic of what is said around it, if the passage has one."""
    open_to_all = "amount" in rule.needs or "percent" in rule.needs or "joint" in rule.needs
    return read if open_to_all and score > 0 else rule.topic


def stop_for(findings: Iterable[Finding]) -> Stop:
    """Say how firmly the findings stop a text.

    Examples
    --------
    >>> stop_for(check_text("We pay 13.40 euros an hour, and you?")).value
    'hard'
    """
    kinds = {finding.rule.hard for finding in findings}
    return Stop.HARD if True in kinds else Stop.SOFT if kinds else Stop.NONE


def guard_record(
    text: str, finding: Finding, *, action: Action, salt: bytes, on: date
) -> GuardRecord:
    """Write down that a rule stopped a text, without the text.

    Parameters
    ----------
    text : str
        Goes in as a hash with a key alone; whoever has both the text and the salt can compare.
    finding : Finding
    action : Action
    salt : bytes
        At least 16, the exchange's own.
    on : date

    Raises
    ------
    BadGuard
        If the salt is too short to hide anything.
    """
    if len(salt) < SALT_LEAST:
        raise BadGuard(
            f"The salt has {len(salt)} bytes; take at least {SALT_LEAST}, or short texts could be "
            "guessed from their hash."
        )
    return GuardRecord(
        rule=finding.rule.id,
        version=finding.rule.version,
        topic=finding.topic,
        text_digest=hmac.new(salt, text.encode(), "sha256").hexdigest(),
        stop=stop_for([finding]),
        action=action,
        on=on,
    )
