"""Phones and projectors without an account: a token of which only the hash is kept."""

import hmac
import re
from collections.abc import Collection
from dataclasses import dataclass

from upturn.loop.models import Participant, Workshop
from upturn.record.proofs import hash_of, proof_of

COOKIE = "workshop"
"""The name of a phone's cookie, whose value is the workshop and the token."""
SCREEN_COOKIE = "screen"
"""The name of a projector's cookie, whose value is the workshop and its code."""
_REF = re.compile(r"[0-9a-f]{1,16}")
_COOKIE_MOST = 200


@dataclass(frozen=True, slots=True)
class Holder:
    """A phone in the room. `handed` is the last step it handed something in at."""

    pk: int
    workshop: int
    ref: str
    token_hash: str
    language: str = ""
    expert: bool = False
    handed: int = -1
    took_task: bool = False
    left: bool = False


@dataclass(frozen=True, slots=True)
class Screen:
    """A projector that shows a workshop to the room, and can do nothing else."""

    workshop: int
    ref: str


def token_of(cookie: str) -> tuple[str, str] | None:
    """Give the workshop a cookie speaks of and the hash of its token, whether or not it may."""
    ref, token = workshop_named(cookie), cookie.partition(".")[2]
    return (ref, hash_of(token)) if ref and token and len(cookie) <= _COOKIE_MOST else None


def holder_of(cookie: str) -> Holder | None:
    """Give the phone behind a cookie, also once its workshop has closed, or None."""
    shown = token_of(cookie)
    if shown is None:
        return None
    rows = Participant.objects.select_related("workshop").defer("workshop__script")
    found = rows.filter(workshop__ref=shown[0], token_hash=shown[1]).first()
    return holder_from(found) if found else None


def workshops_of(cookies: Collection[str]) -> dict[str, str]:
    """Name the workshop of each phone by its cookie, strangers left out; one query."""
    shown = {cookie: token_of(cookie) for cookie in cookies}
    hashes = {proof[1] for proof in shown.values() if proof}
    rows = Participant.objects.filter(token_hash__in=hashes)
    known = set(rows.values_list("workshop__ref", "token_hash"))
    return {cookie: proof[0] for cookie, proof in shown.items() if proof in known and proof}


def holder_from(row: Participant) -> Holder:
    """Give a participant as the commands know it; its workshop is beside it."""
    return Holder(
        pk=row.pk,
        workshop=row.workshop_id,
        ref=row.workshop.ref,
        token_hash=row.token_hash,
        language=row.language,
        expert=row.expert,
        handed=row.handed,
        took_task=row.took_task,
        left=row.left,
    )


def workshop_named(cookie: str) -> str:
    """Name the workshop that a cookie speaks of, whether or not it may.

    >>> workshop_named("ab12.secret")
    'ab12'
    """
    ref = cookie.partition(".")[0]
    return ref if _REF.fullmatch(ref) else ""


def code_of_screen(ref: str) -> str:
    """Give the code with which a projector may show a workshop; nothing of it is stored."""
    return proof_of(f"loop screen {ref}")[:20]


def screen_of(cookie: str) -> Screen | None:
    """Give the projector behind a cookie, or None."""
    ref, code = workshop_named(cookie), cookie.partition(".")[2]
    right = code_of_screen(ref)
    if not ref or not hmac.compare_digest(right.encode(), code.encode(errors="replace")):
        return None
    pk = Workshop.objects.filter(ref=ref).values_list("pk", flat=True).first()
    return Screen(pk, ref) if pk is not None else None
