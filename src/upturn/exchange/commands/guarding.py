"""Before words are stored here: the author's own check, looked at again; what is held; the log.

The log keeps which rule stopped something and a keyed hash of the text, never the text, the hour
or an author.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from upturn.exchange.commands.holding import (
    HEX_16,
    HEX_32,
    acting,
    check_running,
    log_nobody,
    present,
    stewarding,
)
from upturn.exchange.commands.refusals import GuardStopped, NotYours, told
from upturn.exchange.engine import Act, AskedPost, Incomplete, check_post
from upturn.exchange.engine.guard import (
    Action,
    Finding,
    Stop,
    Topic,
    check_text,
    shipped_rules,
    stop_for,
)
from upturn.exchange.models import Exchange, GuardRecord, Held, SideNote
from upturn.exchange.queries.guarding import guard_version, held_by_ref, was_released
from upturn.exchange.queries.meaning import offers_meaning
from upturn.exchange.queries.sittings import Sitting
from upturn.record.proofs import hash_of
from upturn.voice.engine.errors import ModelAbsent
from upturn.voice.engine.multilingual import load_multilingual

if TYPE_CHECKING:
    from collections.abc import Sequence

SEALED_MOST, SIDE_MOST, NOTES_MOST = 8192, 400, 20


@dataclass(frozen=True, slots=True)
class Checked:
    """What the check on the author's side found: with which version, how firmly it stopped.

    `reason` says that the author gave a reason after a soft stop; the reason stays there.
    """

    version: str
    stop: str = Stop.NONE.value
    reason: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardNote:
    """A line for the log, as the author's side writes it."""

    rule: str
    version: str
    topic: str
    text_digest: str
    stop: str
    action: str


def pass_guard(exchange: Exchange, checked: Checked, *texts: str) -> None:
    """Let words pass that were checked where they were written, and look at them once more.

    The hard rules are tried here too, against a device that skips its check. What the steward
    released passes. Nothing of what is refused is stored or logged.

    Raises
    ------
    GuardStopped
        With the ids of the rules that stop it hard.
    RulesBroken
        If it was not checked by the rules that hold, or was stopped and neither is there a
        reason nor did the steward let it pass (rule 17).
    """
    written = [text for text in texts if text.strip()]
    passed = {text for text in written if was_released(exchange, text)}
    found = [one for text in written if text not in passed for one in _found(text)]
    if hard := tuple(dict.fromkeys(one.rule.id for one in found if stop_for([one]) is Stop.HARD)):
        raise GuardStopped(hard)
    reasoned = checked.reason and checked.stop == Stop.SOFT
    asked = AskedPost(
        checked_with=checked.version,
        current=guard_version(),
        stop=checked.stop,
        released=reasoned or bool(passed),
    )
    check_post(asked).settle()


def _found(text: str) -> list[Finding]:
    """Read a text as its device did: with meaning where it matters and the model is here."""
    found = check_text(text)
    if any(one.rule.hard and one.rule.with_score for one in found) and offers_meaning():
        with suppress(ModelAbsent):  # packed once, and its package is gone since
            return check_text(text, embed=load_multilingual())
    return found


@transaction.atomic
def note_guard(sitting: Sitting, notes: "Sequence[GuardNote]", *, today: date) -> None:
    """Log that rules stopped something and what became of it; nobody's name is on it.

    Raises
    ------
    Incomplete
        If a line is none that a guard writes.
    """
    exchange, _party = acting(sitting, Act.READ)
    if len(notes) > NOTES_MOST or not all(map(_fits, notes)):
        raise Incomplete(told(_("This is no record of the guard. Nothing was kept.")))
    if any(note.action == Action.RELEASED for note in notes):
        raise NotYours(told(_("Only the steward lets something pass.")))
    for note in notes:
        _keep(exchange, note, today=today)
    log_nobody("note guard", exchange)


def _fits(note: GuardNote) -> bool:
    return (
        note.rule in shipped_rules().by_id
        and note.version == guard_version()
        and note.topic in set(Topic)
        and note.stop in {Stop.SOFT, Stop.HARD}
        and note.action in set(Action)
        and HEX_32.fullmatch(note.text_digest) is not None
    )


def _keep(exchange: Exchange, note: GuardNote, *, today: date) -> None:
    GuardRecord.objects.create(
        exchange=exchange,
        rule=note.rule,
        version=note.version,
        topic=note.topic,
        text_digest=note.text_digest,
        stop=note.stop,
        action=note.action,
        on=today,
    )


@transaction.atomic
def hold_for_steward(sitting: Sitting, ref: str, *, key: str, sealed: bytes, today: date) -> None:
    """Hold a text that its author sealed to the steward's key; the same again changes nothing.

    Who sent it is not kept; `key` stays on the device, and takes the text back.

    Raises
    ------
    Incomplete, NotYours
    """
    exchange, _party = acting(sitting, Act.READ)
    if not HEX_16.fullmatch(ref) or len(key) < 16 or not 48 < len(sealed) <= SEALED_MOST:
        raise Incomplete(told(_("This is no sealed text for the steward. Nothing was kept.")))
    found = Held.objects.filter(ref=ref).first()
    if found is not None:
        if found.exchange_id != exchange.pk or found.key_hash != hash_of(key):
            raise NotYours(told(_("This is not your text. Nothing was changed.")))
        return
    try:
        with transaction.atomic():
            Held.objects.create(
                exchange=exchange, ref=ref, key_hash=hash_of(key), sealed=sealed, on=today
            )
    except IntegrityError as error:
        raise NotYours(told(_("This is not your text. Nothing was changed."))) from error
    log_nobody("hold for steward", exchange)


@transaction.atomic
def withdraw_held(sitting: Sitting, ref: str, *, key: str) -> None:
    """Take a held text back, for example if the steward does not answer.

    Raises
    ------
    Held.DoesNotExist
        If there is none, or the key is another's.
    """
    exchange, party = present(sitting)
    check_running(exchange, party)
    row = Held.objects.get(exchange=exchange, ref=ref, key_hash=hash_of(key))
    row.delete()
    log_nobody("withdraw held text", exchange)


@transaction.atomic
def steward_decides(sitting: Sitting, ref: str, *, released: GuardNote | None, today: date) -> None:
    """Decide on a held text, which is deleted either way; released, its hash alone lets it pass.

    Raises
    ------
    NotYours, Held.DoesNotExist, Incomplete
    """
    exchange, _party = stewarding(sitting)
    row = held_by_ref(sitting, ref)
    if released is not None:
        if not _fits(released) or released.action != Action.RELEASED:
            raise Incomplete(told(_("This is no record of the guard. Nothing was kept.")))
        _keep(exchange, released, today=today)
    row.delete()
    log_nobody("steward decides", exchange)


@transaction.atomic
def side_note(
    sitting: Sitting, checked: Checked, *, words: str = "", same_boat: bool = False, today: date
) -> None:
    """Say something to the host in private; it is passed on to nobody and has no name.

    Raises
    ------
    Incomplete, GuardStopped, RulesBroken
    """
    exchange, party = present(sitting)
    check_running(exchange, party)
    said = words.strip()
    if not (said or same_boat) or len(said) > SIDE_MOST:
        raise Incomplete(told(_("Say it in a few lines, or tap “same boat”.")))
    pass_guard(exchange, checked, said)
    SideNote.objects.create(exchange=exchange, words=said, same_boat=same_boat, on=today)
    log_nobody("side note", exchange)
