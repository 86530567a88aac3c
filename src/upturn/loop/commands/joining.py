"""Phones come in, say whether they do it already, go, and come back."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from upturn.loop.commands.changing import held, held_open, written
from upturn.loop.commands.counting import tell_counts
from upturn.loop.commands.refusals import NoRoom, PhoneGone, told
from upturn.loop.engine.errors import Incomplete
from upturn.loop.models import Participant, Workshop, WorkshopState
from upturn.loop.queries.holders import Holder, holder_from, holder_of
from upturn.loop.queries.rooms import tidy_code
from upturn.record.proofs import hash_of
from upturn.record.writer import writer

MOST_PHONES = 2_000


@dataclass(frozen=True, slots=True)
class Joined:
    """A phone that is in; `cookie` is what it shows from here on."""

    holder: Holder
    cookie: str


@dataclass(frozen=True, slots=True)
class _Coming:
    code: str
    token_hash: str
    language: str
    expert: bool


Outcome: TypeAlias = Holder | Incomplete | NoRoom


def join(code: str, *, language: str = "", expert: bool = False, cookie: str = "") -> Joined:
    """Let a phone in; one that is in already stays who it is, also if it had left.

    Raises
    ------
    Incomplete
        If no open workshop has this code.
    NoRoom
        If more phones are in than a workshop holds.
    """
    known = holder_of(cookie)
    if known and _is_of(known, code):
        return Joined(come_back(known, language=language), cookie)
    token = secrets.token_urlsafe(32)
    language = language if language in dict(settings.LANGUAGES) else ""
    outcome = writer.together(_join_all, _Coming(tidy_code(code), hash_of(token), language, expert))
    if isinstance(outcome, Holder):
        return Joined(outcome, f"{outcome.ref}.{token}")
    raise outcome


def _is_of(holder: Holder, code: str) -> bool:
    rows = Workshop.objects.filter(pk=holder.workshop, state=WorkshopState.OPEN)
    return rows.filter(code=tidy_code(code)).exists()


def _join_all(coming: Sequence[_Coming]) -> list[Outcome]:
    """Let in all who wait; refusals are outcomes, so that no phone spoils the others."""
    rows = Workshop.objects.filter(code__in={one.code for one in coming}, state=WorkshopState.OPEN)
    rooms = {row.code: row for row in rows.defer("script").order_by("pk").select_for_update()}
    inside = _inside(rooms.values())
    made: list[Participant] = []
    outcomes = [_come_in(one, rooms.get(one.code), inside, made) for one in coming]
    Participant.objects.bulk_create(made)
    for workshop in rooms.values():
        come = sum(row.workshop_id == workshop.pk for row in made)
        tell_counts(workshop, come=come, now=timezone.now())
    return outcomes


def _inside(rooms: Iterable[Workshop]) -> dict[int, int]:
    """Count the phones of each room, those that left too."""
    return {row.pk: Participant.objects.filter(workshop=row).count() for row in rooms}


def _come_in(
    one: _Coming, workshop: Workshop | None, inside: dict[int, int], made: list[Participant]
) -> Outcome:
    if workshop is None:
        said = _("No open workshop has the code “{code}”. Look at the screen again.")
        return Incomplete(told(said, code=one.code))
    if inside[workshop.pk] >= MOST_PHONES:
        said = _("This workshop holds {most} phones, and they are in. Share a neighbour’s.")
        return NoRoom(told(said, most=MOST_PHONES))
    inside[workshop.pk] += 1
    row = Participant(
        workshop=workshop, token_hash=one.token_hash, language=one.language, expert=one.expert
    )
    made.append(row)
    return holder_from(row)


def come_back(holder: Holder, *, language: str = "") -> Holder:
    """Count a phone in again that had left, and take up the language it shows now."""
    changes: dict[str, Any] = {}
    if holder.left:
        changes["left"] = False
    if language in dict(settings.LANGUAGES) and language != holder.language:
        changes["language"] = language
    return _changed(holder, **changes) if changes else holder


def mark_expert(holder: Holder, *, expert: bool) -> Holder:
    """Let a phone say that its holder does it already, or take that back."""
    return _changed(holder, expert=expert) if holder.expert != expert else holder


def leave(holder: Holder) -> None:
    """Let a phone go; what it handed in stays, and nobody waits for it."""
    _changed(holder, left=True)


def finish(holder: Holder, *, step: int) -> Holder:
    """Say that a phone has handed in all of its cards of a step.

    Raises
    ------
    RoomClosed, PhoneGone
    """

    def work() -> Holder:
        workshop = held_open(holder.workshop)
        rows = Participant.objects.filter(pk=holder.pk, workshop=workshop)
        reached = min(step, workshop.step)
        fresh = rows.filter(handed__lt=reached).update(handed=reached)
        found = rows.select_related("workshop").defer("workshop__script").first()
        if found is None:
            raise PhoneGone
        tell_counts(workshop, fresh=fresh, now=timezone.now())
        return holder_from(found)

    return written(work)


def _changed(holder: Holder, **changes: Any) -> Holder:
    def work() -> Holder:
        workshop = held(holder.workshop)
        rows = Participant.objects.select_related("workshop").defer("workshop__script")
        found = rows.filter(pk=holder.pk, token_hash=holder.token_hash).first()
        if found is None:
            raise PhoneGone
        had_left = found.left
        for name, value in changes.items():
            setattr(found, name, value)
        found.save(update_fields=list(changes))
        if workshop.state == WorkshopState.OPEN and had_left != found.left:
            tell_counts(workshop, come=had_left - found.left, now=timezone.now())
        return holder_from(found)

    return written(work)


def forget_phones(workshop: Workshop) -> int:
    """Forget who had a phone in a workshop that met again; their cards stay."""
    deleted, _each = Participant.objects.filter(workshop=workshop).delete()
    return deleted
