"""A script as one page shows it: each step in the reader's language."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import get_language

from upturn.loop.engine.script import Gives, Script, Step, StepKind

if TYPE_CHECKING:
    from upturn.loop.queries.rooms import Room

BOLD_LETTERS = 32


@dataclass(frozen=True, slots=True)
class StepShown:
    """One step in words. `head` is the part of the question that a projector shows bold."""

    number: int
    kind: str
    gives: str
    lead: str
    head: str
    rest: str
    then: str
    hint: str
    worksheet: tuple[str, ...]
    many: bool
    words: int
    experts_first: bool
    specific: bool
    task: bool
    minutes: float | None

    @property
    def at(self) -> int:
        """Its place as people count."""
        return self.number + 1

    @property
    def ask(self) -> str:
        """The whole question."""
        return f"{self.head} {self.rest}".strip()

    @property
    def is_statement(self) -> bool:
        """Whether it asks what is better on day 100."""
        return self.gives == Gives.STATEMENT

    @property
    def is_experts(self) -> bool:
        """Whether it asks who is doing it already."""
        return self.kind == StepKind.EXPERTS

    @property
    def is_build(self) -> bool:
        """Whether it builds on the cards of the step before."""
        return self.kind == StepKind.BUILD

    @property
    def is_read(self) -> bool:
        """Whether nothing is written at it."""
        return self.gives == Gives.NOTHING


def steps_shown(script: Script, *, language: str = "") -> tuple[StepShown, ...]:
    """Give every step of a script in a language, by default the reader's."""
    spoken = language or get_language() or script.language
    return tuple(_shown(script, step, number, spoken) for number, step in enumerate(script.steps))


def _shown(script: Script, step: Step, number: int, language: str) -> StepShown:
    head, rest = halves(script.say(step.ask, language=language))
    return StepShown(
        number=number,
        kind=step.kind.value,
        gives=step.gives.value,
        lead=script.say(step.lead, language=language),
        head=head,
        rest=rest,
        then=script.say(step.then, language=language),
        hint=script.say(step.hint, language=language),
        worksheet=tuple(script.say(each, language=language) for each in step.worksheet),
        many=step.many,
        words=step.words,
        experts_first=step.experts_first,
        specific=step.specific,
        task=step.task,
        minutes=step.minutes,
    )


def halves(ask: str) -> tuple[str, str]:
    """Cut a question where its first breath ends, for the eye; no word changes.

    >>> halves("In 100 days what is better about our services?")
    ('In 100 days what is better about', 'our services?')
    """
    words = ask.split()
    head: list[str] = []
    for word in words:
        if head and len(" ".join([*head, word])) > BOLD_LETTERS:
            break
        head.append(word)
    return " ".join(head), " ".join(words[len(head) :])


def current(steps: Sequence[StepShown], room: "Room") -> StepShown:
    """Give the step at which a room is."""
    return steps[min(room.step, len(steps) - 1)]
