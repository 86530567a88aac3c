"""What the guard stopped, by rule; texts that wait for the steward; words to the host alone."""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from upturn.exchange.engine.guard import Action, shipped_rules
from upturn.exchange.models import (
    Exchange,
    GuardRecord,
    Held,
    PartyKind,
    SideNote,
)
from upturn.exchange.queries.sight import (
    Viewer,
    check_convene,
    check_inside,
    exchanges_seen,
    is_steward,
    parties_of,
)
from upturn.exchange.queries.sittings import Sitting
from upturn.record.proofs import hash_of, proof_of

_SPACES = re.compile(
    "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+"
)
"""What the device takes for a space too: `guard_device.js`."""


@dataclass(frozen=True, slots=True)
class HeldSeen:
    """A held text as its steward gets it: sealed, and without an author."""

    ref: str
    sealed: bytes
    on: date


@dataclass(frozen=True, slots=True)
class SideNoteSeen:
    """A word to the host; nobody's name is on it."""

    words: str
    same_boat: bool
    on: date


def guard_version() -> str:
    """Give the version of the rules that hold."""
    return shipped_rules().rules[0].version


def guard_salt(viewer: Viewer, exchange: Exchange) -> bytes:
    """Give the key with which the devices of an exchange hash texts for its log."""
    check_inside(viewer, exchange)
    return _salt(exchange)


def _salt(exchange: Exchange) -> bytes:
    return bytes.fromhex(proof_of(f"exchange guard {exchange.ref}"))


def digest_in(exchange: Exchange, text: str) -> str:
    """Give the keyed hash under which the log of an exchange knows a text.

    How its lines are broken and its words spaced makes no difference: forms change both.
    """
    said = _SPACES.sub(" ", text).strip(" ")
    return hmac.new(_salt(exchange), said.encode(), "sha256").hexdigest()


def was_released(exchange: Exchange, text: str) -> bool:
    """Whether the steward let exactly this text pass."""
    rows = GuardRecord.objects.filter(exchange=exchange, action=Action.RELEASED)
    return rows.filter(text_digest=digest_in(exchange, text)).exists()


def may_pass(sitting: Sitting, exchange: Exchange, text_digest: str) -> bool:
    """Tell an author's device, which alone knows the hash, whether the steward let it pass."""
    check_inside(sitting, exchange)
    rows = GuardRecord.objects.filter(exchange=exchange, action=Action.RELEASED)
    return rows.filter(text_digest=text_digest).exists()


def still_held(sitting: Sitting, ref: str, key: str) -> bool:
    """Tell an author's device whether its text still waits."""
    rows = Held.objects.filter(exchange__in=exchanges_seen(sitting), key_hash=hash_of(key))
    return rows.filter(ref=ref).exists()


def steward_seals(viewer: Viewer, exchange: Exchange) -> str:
    """Give the key in hex to which texts for the steward are sealed; empty without a steward."""
    check_inside(viewer, exchange)
    rows = parties_of(exchange).filter(kind=PartyKind.STEWARD)
    return rows.values_list("seals", flat=True).first() or ""


def stopped_how_often(viewer: Viewer, exchange: Exchange) -> Mapping[str, int]:
    """Count by rule how often it stopped something; no day and no company is told."""
    check_inside(viewer, exchange)
    rows = GuardRecord.objects.filter(exchange=exchange).exclude(action=Action.RELEASED)
    found = rows.values("rule").order_by("rule").annotate(times=Count("pk"))
    return dict(found.values_list("rule", "times"))


def held_for_steward(viewer: Viewer, exchange: Exchange) -> tuple[HeldSeen, ...]:
    """List what waits for the steward, the oldest first; raise Exchange.DoesNotExist for others."""
    check_inside(viewer, exchange)
    if not is_steward(viewer, exchange):
        raise Exchange.DoesNotExist
    rows = Held.objects.filter(exchange=exchange).order_by("on", "ref")
    return tuple(HeldSeen(row.ref, bytes(row.sealed), row.on) for row in rows)


def held_by_ref(sitting: Sitting, ref: str) -> Held:
    """Find a held text for its steward; raise Held.DoesNotExist for anybody else."""
    rows = Held.objects.select_related("exchange").defer("key_hash")
    found = rows.get(exchange__in=exchanges_seen(sitting), ref=ref)
    if not is_steward(sitting, found.exchange):
        raise Held.DoesNotExist
    return found


def held_waiting(viewer: Viewer, exchange: Exchange) -> int:
    """Count the texts that wait, so that somebody can call the steward."""
    check_inside(viewer, exchange)
    return Held.objects.filter(exchange=exchange).count()


def side_notes(viewer: Viewer, exchange: Exchange) -> tuple[SideNoteSeen, ...]:
    """List the words to the host; for the host alone, and in no order of time."""
    check_convene(viewer, exchange)
    rows = SideNote.objects.filter(exchange=exchange).order_by("on", "pk")
    return tuple(SideNoteSeen(row.words, row.same_boat, row.on) for row in rows)
