"""A script of a workshop as data: its steps, what each asks, and what each gives."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

LANGUAGES = ("en", "de", "es", "ar")
"""Languages of the scripts that ship."""
WORDS_OF_A_CARD = 60
"""How long a card may be where a step does not say."""
LETTERS_OF_A_WORD = 40
"""A card holds this many letters for each of its words: a text without spaces has an end too."""

Texts = Mapping[str, str]
"""Words by language."""


class StepKind(StrEnum):
    """What people do in a step."""

    QUESTION = "question"
    EXPERTS = "experts"
    LIST_DISTINCTIVE = "list_distinctive"
    LIST_WELL_ENOUGH = "list_well_enough"
    HUNDRED_DAYS = "hundred_days"
    PAIRS = "pairs"
    TASK = "task"
    BRAINSTORM = "brainstorm"
    BUILD = "build"
    READ = "read"


class Gives(StrEnum):
    """What a step leaves behind; the names of cards are those they are stored under."""

    ANSWER = "answer"
    STORY = "story"
    DISTINCTIVE = "distinctive"
    WELL_ENOUGH = "well_enough"
    IDEA = "idea"
    STATEMENT = "statement"
    TASK = "task"
    NOTHING = "nothing"


GIVES: Mapping[StepKind, Gives] = {
    StepKind.QUESTION: Gives.ANSWER,
    StepKind.EXPERTS: Gives.STORY,
    StepKind.LIST_DISTINCTIVE: Gives.DISTINCTIVE,
    StepKind.LIST_WELL_ENOUGH: Gives.WELL_ENOUGH,
    StepKind.HUNDRED_DAYS: Gives.STATEMENT,
    StepKind.PAIRS: Gives.ANSWER,
    StepKind.TASK: Gives.TASK,
    StepKind.BRAINSTORM: Gives.IDEA,
    StepKind.BUILD: Gives.IDEA,
    StepKind.READ: Gives.NOTHING,
}
PLAN = ("moment", "be", "do", "have")
"""What cards of a step may be in a plan that is begun with them (S2.11)."""

CARDS = frozenset(Gives) - {Gives.STATEMENT, Gives.TASK, Gives.NOTHING}
"""What is stored as a card."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a script.

    Attributes
    ----------
    kind : StepKind
    ask : Texts
        The question, or what to do.
    lead, then, hint : Texts
        What is said before the question; the second question; how to answer. Each may be empty.
    worksheet : tuple of Texts
        What the one who seeks asks the other, in `StepKind.PAIRS`.
    minutes : float or None
        After which cards open by themselves; None: when all have handed in, or the facilitator
        opens them.
    many : bool
        Whether a phone may hand in several cards.
    words : int
        How many words a card holds.
    experts_first : bool
        Whether those who do it already speak before everybody writes (S4.2).
    sign : bool
        Whether answers are signs by which something will be noticed (S4.9, S4.12).
    specific : bool
        Whether a nudge towards who, when and what words appears while typing (S4.14).
    task : bool
        Whether everybody also takes along one small task of their own (S3.52).
    plan : str
        What its cards are in a plan that is begun with them, one of `PLAN`; "" for nothing.
    """

    kind: StepKind
    ask: Texts
    lead: Texts
    then: Texts
    hint: Texts
    worksheet: tuple[Texts, ...] = ()
    minutes: float | None = None
    many: bool = False
    words: int = WORDS_OF_A_CARD
    experts_first: bool = False
    sign: bool = False
    specific: bool = False
    task: bool = False
    plan: str = ""

    @property
    def gives(self) -> Gives:
        """What it leaves behind."""
        return GIVES[self.kind]

    @property
    def letters(self) -> int:
        """How many letters a card holds."""
        return self.words * LETTERS_OF_A_WORD


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """A script: what a workshop asks, in its order.

    Attributes
    ----------
    language : str
        The one in which every text has words.
    name, purpose : Texts
    objection : Texts
        What is said first to “that will never work here” (S4.6).
    objection_step : int
        The step, from 0, whose question is asked next.
    farewell : Texts
        What is said when people stand up.
    source, licence : str
    steps : tuple of Step
    """

    language: str
    name: Texts
    purpose: Texts
    objection: Texts
    objection_step: int = 0
    farewell: Texts
    source: str = ""
    licence: str = ""
    steps: tuple[Step, ...]

    def say(self, texts: Texts, *, language: str) -> str:
        """Give words in a language, else in that of the script; nothing where it has none.

        Examples
        --------
        >>> from upturn.loop.engine import shipped_script
        >>> script = shipped_script("solution_focused")
        >>> script.say(script.steps[0].ask, language="fr")
        'What do you want the customers to do?'
        """
        return (
            texts.get(language)
            or texts.get(language.partition("-")[0])
            or texts.get(self.language, "")
        )

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages in which nothing is missing, its own first."""
        said = [texts for texts in self.texts() if texts]
        found = dict.fromkeys([self.language, *(code for texts in said for code in texts)])
        return tuple(code for code in found if all(code in texts for texts in said))

    def texts(self) -> tuple[Texts, ...]:
        """Give every text of it, in order, empty ones too."""
        steps = [
            texts
            for step in self.steps
            for texts in (step.lead, step.ask, step.then, step.hint, *step.worksheet)
        ]
        return (self.name, self.purpose, self.objection, self.farewell, *steps)
