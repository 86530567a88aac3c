"""Letting people in by a link or a printed code, and back in when a password is forgotten."""

import secrets
from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from upturn.people.commands.refusals import (
    Refused,
    Spent,
    Taken,
    need_administrator,
    need_place,
    note,
    plain_username,
)
from upturn.people.models import LEADING, Invitation, Membership, Person, Role
from upturn.people.queries import grants, invitation_by_token
from upturn.record.proofs import hash_of

USES_MAX = 60
DAYS_MAX = 90
WAY_BACK_DAYS = 3


def check_invite(actor: Person, *, role: Role, party_id: int | None, uses: int, days: int) -> None:
    """Raise ``Refused`` with what stands against this invitation."""
    need_place(actor, party_id)
    if role not in grants(actor):
        raise Refused(_("This role is given by an administrator. Ask one of them."))
    if not (1 <= uses <= USES_MAX and 1 <= days <= DAYS_MAX):
        raise Refused(
            _("An invitation lets in 1 to %(uses)d people and lasts 1 to %(days)d days.")
            % {"uses": USES_MAX, "days": DAYS_MAX}
        )


@transaction.atomic
def invite(
    actor: Person, *, role: Role, party_id: int | None, uses: int, days: int
) -> tuple[Invitation, str]:
    """Make an invitation; its token is returned once and stored nowhere."""
    check_invite(actor, role=role, party_id=party_id, uses=uses, days=days)
    token = secrets.token_urlsafe(18)
    invitation = Invitation.objects.create(
        token_hash=hash_of(token),
        role=role,
        party_id=party_id,
        leads=role == Role.LEADER and party_id is not None,
        uses_left=uses,
        expires_on=timezone.localdate() + timedelta(days=days),
        made_by=actor,
    )
    note("invite", invitation, actor=actor, detail=f"{role} party {party_id} uses {uses}")
    return invitation, token


def invite_facilitator(actor: Person, *, days: int) -> str:
    """Give the token of a link for one person, who prepares workshops and exchanges."""
    _invitation, token = invite(actor, role=Role.FACILITATOR, party_id=None, uses=1, days=days)
    return token


@transaction.atomic
def offer_way_back(actor: Person, person: Person) -> tuple[Invitation, str]:
    """Make a link by which ``person`` chooses a new password, instead of an e-mail."""
    need_administrator(actor)
    if not person.is_active:
        raise Refused(_("This account is closed. Open it first."))
    person.ways_back.all().delete()
    token = secrets.token_urlsafe(18)
    invitation = Invitation.objects.create(
        token_hash=hash_of(token),
        role=person.role,
        person=person,
        uses_left=1,
        expires_on=timezone.localdate() + timedelta(days=WAY_BACK_DAYS),
        made_by=actor,
    )
    note("offer_way_back", person, actor=actor)
    return invitation, token


@transaction.atomic
def take_back(actor: Person, invitation: Invitation) -> None:
    """End an invitation before its day."""
    if invitation.person_id is None:
        need_place(actor, invitation.party_id)
    else:
        need_administrator(actor)
    note("take_back", invitation, actor=actor)
    invitation.delete()


def _use(token: str) -> Invitation:
    """Take one use; of two people at once only one gets the last."""
    invitation = invitation_by_token(token)
    if invitation is None:
        raise Spent
    left = Invitation.objects.filter(pk=invitation.pk, uses_left__gt=0)
    if not left.update(uses_left=F("uses_left") - 1):
        raise Spent
    return invitation


def join(
    token: str, *, username: str, display_name: str, password: str, language: str = ""
) -> Person:
    """Let somebody in on an invitation, with names and a password that were checked before.

    Raises
    ------
    Spent
        If the invitation has ended or was used up, perhaps a moment ago.
    Taken
        If somebody has the user name; the invitation keeps its use.
    """
    if invitation_by_token(token) is None:
        raise Spent
    person = Person(username=plain_username(username), display_name=display_name.strip())
    person.language = language
    person.set_password(password)  # slow by design, so before any transaction is open
    try:
        with transaction.atomic():
            invitation = _use(token)
            if invitation.person_id is not None:
                raise Spent
            person.role = invitation.role
            person.save(force_insert=True)
            _settle(person, invitation)
            note("join", person, actor=person, detail=f"invitation {invitation.pk}")
    except IntegrityError as error:
        raise Taken(person.username) from error
    return person


def _settle(person: Person, invitation: Invitation) -> None:
    if invitation.party_id is not None:
        Membership.objects.get_or_create(
            person=person,
            party_id=invitation.party_id,
            defaults={"leads": invitation.leads and person.role in LEADING},
        )


@transaction.atomic
def join_as(person: Person, token: str) -> None:
    """Let somebody who has an account into one more party; the role stays."""
    invitation = _use(token)
    if invitation.person_id is not None or invitation.party_id is None:
        raise Spent
    _settle(person, invitation)
    note("join_party", person, actor=person, detail=f"invitation {invitation.pk}")


def choose_password(token: str, password: str) -> Person:
    """Give the person of a way back a new password, which ends all other sign-ins."""
    hashed = make_password(password)  # before the transaction, for it is slow by design
    with transaction.atomic():
        person = _use(token).person
        if person is None:
            raise Spent
        person.password = hashed
        person.save(update_fields=["password"])
        note("choose_password", person, actor=person)
    return person
