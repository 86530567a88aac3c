"""Who belongs where, in which role, and whose account is open."""

from collections.abc import Iterable

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext as _

from upturn.people.commands.refusals import (
    Refused,
    check_password,
    check_username,
    need_administrator,
    need_place,
    note,
    plain_username,
)
from upturn.people.models import LEADING, Invitation, Membership, Organisation, Person, Role
from upturn.record import journal

Seat = tuple[str, str, str, Iterable[tuple[int, bool]]]
"""User name, name that others see, role, and ids of parties with whether the person leads."""


@transaction.atomic
def place(actor: Person, person: Person, *, party_id: int, leads: bool) -> None:
    """Put somebody into a party, or say whether he or she leads it."""
    need_place(actor, party_id)
    if not person.is_active:
        raise Refused(_("This account is closed. Open it first."))
    if leads and person.role not in LEADING:
        raise Refused(_("Only somebody with the role of a leader can lead a team."))
    Membership.objects.update_or_create(person=person, party_id=party_id, defaults={"leads": leads})
    note("place", person, actor=actor, detail=f"party {party_id}{' leads' * leads}")


@transaction.atomic
def end_membership(actor: Person, membership: Membership) -> None:
    """End that somebody belongs to a party, and the invitations this person had made."""
    need_place(actor, membership.party_id)
    note("end_membership", membership.person, actor=actor, detail=f"party {membership.party_id}")
    membership.delete()
    end_invitations_of(membership.person)


def end_invitations_of(person: Person) -> None:
    """Whoever lost an office leaves no open door behind."""
    Invitation.objects.filter(made_by=person).delete()


def _keep_one_administrator(person: Person) -> None:
    """Lock the administrators, so that two of them cannot leave by each other at once."""
    found = Person.objects.select_for_update().filter(role=Role.ADMINISTRATOR, is_active=True)
    if set(found.order_by("pk").values_list("pk", flat=True)) == {person.pk}:
        raise Refused(
            _("This is the last administrator. Make somebody else an administrator first.")
        )


@transaction.atomic
def change_role(actor: Person, person: Person, *, role: Role) -> None:
    """Give somebody another role; whoever cannot lead any more leads nothing."""
    need_administrator(actor)
    if role != Role.ADMINISTRATOR:
        _keep_one_administrator(person)
    note("change_role", person, actor=actor, detail=f"{person.role} to {role}")
    person.role = role
    person.save(update_fields=["role"])
    if role not in LEADING:
        person.memberships.update(leads=False)
    end_invitations_of(person)


@transaction.atomic
def close_account(actor: Person, person: Person) -> None:
    """Let somebody go: memberships, invitations and keys end, what was written stays."""
    need_administrator(actor)
    _keep_one_administrator(person)
    person.is_active = False
    person.save(update_fields=["is_active"])
    person.memberships.all().delete()
    person.tokens.all().delete()
    person.ways_back.all().delete()
    end_invitations_of(person)
    note("close_account", person, actor=actor)


@transaction.atomic
def open_account(actor: Person, person: Person) -> None:
    """Let somebody back in, without the former memberships."""
    need_administrator(actor)
    person.is_active = True
    person.save(update_fields=["is_active"])
    note("open_account", person, actor=actor)


@transaction.atomic
def erase_person(actor: Person, person: Person) -> str:
    """Replace every name of a closed account and return the name that others saw.

    The journal keeps its whole numbers, which lead to nobody from then on.
    """
    need_administrator(actor)
    if person.is_active:
        raise Refused(_("Close the account first; then its name can be erased."))
    gone = person.display_name
    person.username = f"erased-{person.pk}"
    person.display_name = _("somebody who left")
    person.language = ""
    person.set_unusable_password()
    person.save()
    note("erase_person", person, actor=actor)
    return gone


def speak(person: Person, *, language: str) -> None:
    """Keep the language in which somebody wants to read; nobody else learns of it."""
    person.language = language
    person.save(update_fields=["language"])


def name_organisation(name: str) -> None:
    """Set the name under which people come in."""
    Organisation.objects.update_or_create(pk=1, defaults={"name": name.strip()})


def create_organisation_owner(
    *, organisation: str, username: str, password: str, display_name: str = ""
) -> Person:
    """Name the installation's organisation and create its first administrator."""
    plain = plain_username(username)
    check_username(plain)
    named = Person(username=plain, display_name=display_name or username, role=Role.ADMINISTRATOR)
    check_password(password, person=named)
    named.set_password(password)
    with transaction.atomic():
        name_organisation(organisation)
        named.save(force_insert=True)
        note("create_owner", named, actor=named)
    return named


@transaction.atomic
def seat(people: Iterable[Seat]) -> None:
    """Store many people with their places at once, without passwords, as for the demo."""
    given = list(people)
    made = Person.objects.bulk_create(
        Person(
            username=plain_username(name),
            display_name=shown,
            role=role,
            password=make_password(None),
        )
        for name, shown, role, _places in given
    )
    Membership.objects.bulk_create(
        Membership(person=person, party_id=party, leads=leads)
        for person, (*_names, places) in zip(made, given, strict=True)
        for party, leads in places
    )
    journal.write("seat", subject_kind="person", subject_ref="many")
