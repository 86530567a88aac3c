"""What is refused, and how every change of people is noted.

Refused              the act is not open to this person; the message says why and what helps
├── Spent            an invitation that lets nobody in any more
└── Taken            a user name that somebody has
"""

import re
from unicodedata import normalize

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from upturn.people.models import Invitation, Person, Token
from upturn.people.queries import is_administrator, may_place
from upturn.record import journal

USERNAME = re.compile(r"[\w.@+-]{2,60}")
# Pages under /people/ that would hide the page of a person of this name.
RESERVED = frozenset({"invite", "tokens"})


class Refused(PermissionDenied):
    """The act is not open to this person; the message says why and what helps."""


class Spent(Refused):
    """An invitation that lets nobody in any more."""

    def __init__(self) -> None:
        super().__init__(
            _("This invitation has ended or was used up. Ask whoever gave it to you for a new one.")
        )


class Taken(Refused):
    """A user name that somebody has."""

    def __init__(self, username: str) -> None:
        super().__init__(
            _("The user name “%(name)s” is taken. Add a letter or a number.") % {"name": username}
        )


def need_administrator(actor: Person) -> None:
    """Raise ``Refused`` to everybody but administrators."""
    if not is_administrator(actor):
        raise Refused(_("Only administrators do this. Ask one of them."))


def need_place(actor: Person, party_id: int | None) -> None:
    """Raise ``Refused`` to whoever may not say who belongs to the party."""
    if not may_place(actor, party_id):
        raise Refused(
            _("You can do this for the teams you lead. An administrator can do it for all.")
        )


def plain_username(username: str) -> str:
    """The form in which user names are kept and compared."""
    return normalize("NFKC", username).strip().lower()


def check_username(username: str) -> None:
    """Raise ``Refused`` for a name that cannot be used, ``Taken`` for one that somebody has."""
    if not USERNAME.fullmatch(username) or username in RESERVED:
        raise Refused(_("Use 2 to 60 letters, numbers or . - _ @ + and no spaces."))
    if Person.objects.filter(username=username).exists():
        raise Taken(username)


def check_password(password: str, *, person: Person) -> None:
    """Raise ``Refused`` with what is wrong; ``person`` gives the names it must not resemble."""
    try:
        validate_password(password, user=person)
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error


def note(
    verb: str, subject: Person | Invitation | Token, *, actor: Person, detail: str = ""
) -> None:
    """Write the journal entry of a change; it holds numbers and codes, never names."""
    journal.write(
        verb,
        subject_kind=type(subject).__name__.lower(),
        subject_ref=str(subject.pk),
        actor_id=actor.pk,
        detail=detail,
    )
