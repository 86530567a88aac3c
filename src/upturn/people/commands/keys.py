"""Keys for programs. A key is shown once; what is kept is its hash."""

import secrets
from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils import timezone

from upturn.people.commands.refusals import need_administrator, note
from upturn.people.models import Person, Scope, Token
from upturn.record.proofs import hash_of


@transaction.atomic
def make_token(
    actor: Person, *, name: str, scopes: Iterable[Scope], ends_on: date | None
) -> tuple[Token, str]:
    """Make a key for a program; the key is returned once and stored nowhere."""
    need_administrator(actor)
    key = f"upturn_{secrets.token_urlsafe(32)}"
    token = Token.objects.create(
        name=name,
        key_hash=hash_of(key),
        scopes=" ".join(sorted(scopes)),
        made_by=actor,
        made_on=timezone.localdate(),
        ends_on=ends_on,
    )
    note("make_token", token, actor=actor, detail=token.scopes)
    return token, key


@transaction.atomic
def end_token(actor: Person, token: Token) -> None:
    """End a key at once."""
    need_administrator(actor)
    note("end_token", token, actor=actor)
    token.delete()
