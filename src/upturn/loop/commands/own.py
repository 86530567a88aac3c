"""What a writer does with what he or she handed in; the key on the phone says whose it is."""

import hmac
from collections.abc import Callable
from datetime import date, timedelta
from typing import TypeAlias

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from upturn.loop.commands.changing import held, held_open, tell_to_look, written
from upturn.loop.commands.drafts import (
    NAME_MAX,
    STATEMENT_MAX,
    TASK_MAX,
    check_letters,
    check_words,
)
from upturn.loop.commands.refusals import OtherCard, PocketOver, told
from upturn.loop.engine.errors import Incomplete
from upturn.loop.models import Card, PocketTask, Statement, Workshop
from upturn.loop.queries.scripts import script_of_workshop
from upturn.loop.queries.sight import is_open_to_read
from upturn.record.proofs import hash_of

Own: TypeAlias = Card | Statement | PocketTask
POCKET_DAYS = 30
"""How long after day 100 a small task can still be marked or put better."""


def correct(
    ref: str, key: str, *, words: str, signed: str | None = None, sure: int | None = None
) -> None:
    """Put other words on what was handed in, or a name under it; the same again changes nothing.

    Raises
    ------
    OtherCard
        If the key is not its.
    Incomplete, TooLong
        If there are no words, or too many, or it was taken back.
    RoomClosed
        If the workshop has closed; a task of one's own can still be put better.
    PocketOver
        If it is such a task, more than `POCKET_DAYS` after day 100.
    """

    def change(row: Own, workshop: Workshop) -> None:
        if not words.strip():
            raise Incomplete(told(_("There are no words on this card yet.")))
        _check_length(row, words, workshop)
        row.words = words.strip()
        if isinstance(row, Card) and signed is not None:
            row.signed = " ".join(signed.split())[:NAME_MAX]
        if isinstance(row, Statement):
            row.sure = sure if sure in range(1, 6) else row.sure
        row.save()

    _change_own(ref, key, change)


def take_back(ref: str, key: str) -> None:
    """Take back a card or a statement; a late second sending does not bring it back.

    Raises
    ------
    OtherCard, RoomClosed
    Incomplete
        For a task, which is nobody else's to see.
    """

    def change(row: Own, _workshop: Workshop) -> None:
        if isinstance(row, PocketTask):
            raise Incomplete(told(_("Nobody else sees this task. Put it in other words.")))
        row.words = ""
        if isinstance(row, Card):
            row.signed, row.group, row.hidden_because = "", None, ""
        else:
            row.owner = row.first_step = row.sign = row.hidden_because = ""
            row.sure = row.edge = row.owner_party = None
        row.save()

    _change_own(ref, key, change, also_taken_back=True)


def say_done(ref: str, key: str, *, today: date) -> None:
    """Say that a task of one's own is done; said again, the first day stands.

    Raises
    ------
    OtherCard
    PocketOver
        More than `POCKET_DAYS` after day 100, unless it was done before.
    """

    def work() -> None:
        row = _found(ref, key)
        if not isinstance(row, PocketTask):
            raise OtherCard
        if row.done_on is None:
            check_pocket(row.workshop, today=today)
        row.done_on = row.done_on or today
        row.save(update_fields=["done_on"])

    written(work)


def check_pocket(workshop: Workshop, *, today: date) -> None:
    """Raise PocketOver once a workshop's day 100 is too long ago for its small tasks."""
    last = workshop.day_100_on
    if last is not None and today > last + timedelta(days=POCKET_DAYS):
        raise PocketOver


def _change_own(
    ref: str, key: str, change: Callable[[Own, Workshop], None], *, also_taken_back: bool = False
) -> None:
    def work() -> None:
        row = _found(ref, key)
        of_pocket = isinstance(row, PocketTask)
        workshop = held(row.workshop_id) if of_pocket else held_open(row.workshop_id)
        if of_pocket:
            check_pocket(workshop, today=timezone.localdate())
        if not row.words and also_taken_back:
            return
        if not row.words:
            raise Incomplete(told(_("You took this card back. Write a new one.")))
        change(row, workshop)
        if not isinstance(row, PocketTask) and is_open_to_read(workshop, row.step):
            kind = "cards" if isinstance(row, Card) else "statements"
            tell_to_look(workshop, kind, step=row.step)

    written(work)


def _found(ref: str, key: str) -> Own:
    for kind in (Card, Statement, PocketTask):
        row: Own | None = kind._default_manager.filter(ref=ref).first()  # noqa: SLF001 - its documented name
        if row is not None:
            if hmac.compare_digest(row.key_hash, hash_of(key)):
                return row
            break
    raise OtherCard


def _check_length(row: Own, words: str, workshop: Workshop) -> None:
    if isinstance(row, PocketTask):
        check_letters(words, most=TASK_MAX)
        return
    step = script_of_workshop(workshop).steps[row.step]
    check_words(words, most=step.words)
    check_letters(words, most=STATEMENT_MAX if isinstance(row, Statement) else step.letters)
