"""What a phone hands in, before it is looked at with the workshop's own row."""

import re
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from upturn.loop.commands.refusals import told
from upturn.loop.engine.errors import Incomplete, TooLong
from upturn.loop.engine.script import Gives, Script
from upturn.record.proofs import hash_of

MOST_LETTERS = 4_000
NAME_MAX = 80
STATEMENT_MAX, TASK_MAX = 400, 300
_REF = re.compile(r"[0-9a-f-]{16,32}")
_KEY = re.compile(r"[\w-]{16,64}", re.ASCII)
OBJECTION, TASK = "objection", "task"
_AS = frozenset({"", OBJECTION, TASK})


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Something a phone hands in; the step says what it becomes, unless `kind` does.

    `ref` and `key` are drawn by the phone; the key stays there and proves whose it is. `kind` is
    empty, "objection" or "task". `done` says that this phone has no more for the step. `sure` goes
    with a statement, 1 to 5.
    """

    ref: str
    key: str
    step: int
    words: str
    kind: str = ""
    language: str = ""
    signed: str = ""
    done: bool = True
    sure: int | None = None

    @property
    def key_hash(self) -> str:
        """What is kept of the key."""
        return hash_of(self.key)


def check_draft(draft: Draft) -> None:
    """Refuse what no step can take.

    Raises
    ------
    Incomplete, TooLong
    """
    readable = _REF.fullmatch(draft.ref) and _KEY.fullmatch(draft.key) and draft.kind in _AS
    if not readable or draft.step < 0:
        raise Incomplete(
            told(_("This page is too old to hand in. Load it again; you keep your words."))
        )
    if not draft.words.strip():
        raise Incomplete(told(_("There are no words on this card yet.")))
    if draft.sure is not None and not 1 <= draft.sure <= 5:
        raise Incomplete(told(_("How sure you are goes from 1 to 5.")))
    if len(draft.signed) > NAME_MAX:
        raise Incomplete(told(_("A name ends at {most} letters."), most=NAME_MAX))
    check_letters(draft.words, most=MOST_LETTERS)


def check_letters(words: str, *, most: int) -> None:
    """Refuse words that no card holds, however they are counted."""
    if len(words) > most:
        said = _("This has {found} letters; {most} is the end. It stays here to be shortened.")
        words_found = len(words.split())
        raise TooLong(told(said, found=len(words), most=most), words=words_found, at_most=most)


def becomes(draft: Draft, script: Script) -> Gives | str:
    """Say what a draft becomes at its step.

    Raises
    ------
    Incomplete, TooLong
        If the script has no such step, the step takes nothing, or these are too many words.
    """
    if draft.step >= len(script.steps):
        raise Incomplete(told(_("There is no such step in this workshop.")))
    if draft.kind == TASK:
        check_letters(draft.words, most=TASK_MAX)
        return Gives.TASK
    step = script.steps[draft.step]
    if draft.kind == OBJECTION:
        check_words(draft.words, most=step.words)
        return OBJECTION
    if step.gives is Gives.NOTHING:
        raise Incomplete(told(_("At this step we read; nothing is handed in.")))
    check_words(draft.words, most=step.words)
    short = {Gives.STATEMENT: STATEMENT_MAX, Gives.TASK: TASK_MAX}
    check_letters(draft.words, most=short.get(step.gives, step.letters))
    return step.gives


def check_words(words: str, *, most: int) -> None:
    """Refuse more words than a card of the step holds."""
    found = len(words.split())
    if found > most:
        said = _("This has {found} words; a card holds {most}. It stays here to be shortened.")
        raise TooLong(told(said, found=found, most=most), words=found, at_most=most)


def language_of(said: str) -> str:
    """Give a language we know, or nothing."""
    return said if said in dict(settings.LANGUAGES) else ""
