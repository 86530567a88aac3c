"""Who somebody is to the organisation. Every "may I" of the product starts with these answers."""

from collections.abc import Iterable
from typing import NamedTuple

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from upturn.people.models import Invitation, Membership, Organisation, Person, Role, Scope, Token
from upturn.record.proofs import hash_of

the_public = Person(display_name="", role=Role.GUEST, is_active=False)

DEMO_USERNAMES = ("maria", "nadia", "ruth", "imke", "oskar", "pilar")

# Nobody gives away more than he or she holds.
GRANTS: dict[str, tuple[Role, ...]] = {
    Role.LEADER: (Role.SERVER, Role.LEADER, Role.GUEST),
    Role.EXECUTIVE: (Role.SERVER, Role.LEADER, Role.EXECUTIVE, Role.FACILITATOR, Role.GUEST),
    Role.ADMINISTRATOR: tuple(Role),
}
IN_SHORT: dict[str, str | Promise] = {
    Role.SERVER: _("Reads what customers say, asks for what would help, and answers other teams."),
    Role.LEADER: _("Sees first whom the team serves and every ask, and lets people into the team."),
    Role.EXECUTIVE: _("Sees the whole pyramid, promises due and verdicts, and brings in data."),
    Role.FACILITATOR: _("Reads every ask and what customers say, to prepare a workshop."),
    Role.ADMINISTRATOR: _("Lets people in and brings in data; the office opens nobody’s asks."),
    Role.GUEST: _("Sees the own parties and whom they touch; no words of customers."),
}
EVERYWHERE = frozenset({Role.ADMINISTRATOR, Role.EXECUTIVE})


def parties_of(viewer: Person) -> frozenset[int]:
    """Ids of the parties the viewer belongs to; one query, kept on the instance."""
    return viewer.places.member


def led_by(viewer: Person) -> frozenset[int]:
    """Ids of the parties the viewer answers for; comes with ``parties_of`` in one query."""
    return viewer.places.leads


def may_read_words(viewer: Person) -> bool:
    """Customers' words are for everybody who signs in, except guests of the organisation."""
    return viewer.is_active and viewer.role != Role.GUEST


def sees_every_ask(viewer: Person) -> bool:
    """Those who carry others see all asks; administrators keep machines and see none by office."""
    return viewer.is_active and viewer.role in {Role.LEADER, Role.EXECUTIVE, Role.FACILITATOR}


def is_administrator(viewer: Person) -> bool:
    return viewer.is_active and viewer.role == Role.ADMINISTRATOR


def may_bring_in(viewer: Person) -> bool:
    """Files with the organisation, customers' words and measures change what all others see."""
    return viewer.is_active and viewer.role in EVERYWHERE


def grants(viewer: Person) -> tuple[Role, ...]:
    """Roles the viewer may invite others to."""
    return GRANTS.get(viewer.role, ()) if may_invite(viewer) else ()


def may_invite(viewer: Person) -> bool:
    """Administrators and executives everywhere, leaders into the parties they lead."""
    if not viewer.is_active or viewer.role not in GRANTS:
        return False
    return viewer.role in EVERYWHERE or bool(led_by(viewer))


def may_place(viewer: Person, party_id: int | None) -> bool:
    """Whether the viewer may say who belongs to a party; None stands for no party at all."""
    if not viewer.is_active or viewer.role not in GRANTS:
        return False
    return viewer.role in EVERYWHERE or party_id in led_by(viewer)


def places_to_fill(viewer: Person) -> frozenset[int] | None:
    """Ids of the parties for which ``may_place`` holds; None means all of them."""
    if viewer.is_active and viewer.role in EVERYWHERE:
        return None
    return led_by(viewer) if may_invite(viewer) else frozenset()


def memberships(viewer: Person) -> QuerySet[Membership]:
    """Who belongs where, as far as the viewer may change it."""
    rows, own = Membership.objects.select_related("person", "party"), places_to_fill(viewer)
    return rows if own is None else rows.filter(party__in=own)


class SeatedParty(NamedTuple):
    """What a list of people says of a party."""

    id: int
    key: str
    name: str
    kind: str
    place: str


class Seat(NamedTuple):
    """Somebody in a party, as a list shows it."""

    party: SeatedParty
    username: str
    display_name: str
    role: str
    leads: bool

    @property
    def role_name(self) -> str:
        return str(Role(self.role).label)


# Joined in this order the rows come sorted from an index, party by party; left to itself the
# database begins with the memberships and sorts all of them for each page.
_SEATS = """
SELECT party.id, party.key, party.name, party.kind, party.place,
    person.username, person.display_name, person.role, membership.leads
FROM graph_party party
CROSS JOIN people_membership membership
CROSS JOIN people_person person
WHERE membership.party_id = party.id AND person.id = membership.person_id AND {which}
ORDER BY party.place, party.name, party.id, person.display_name, membership.id
LIMIT %s OFFSET %s
"""


class Seats:
    """What ``memberships`` finds, party by party, a part at a time."""

    def __init__(self, viewer: Person) -> None:
        self.viewer = viewer

    def __len__(self) -> int:
        return memberships(self.viewer).count()

    def __getitem__(self, part: slice) -> list[Seat]:
        own = places_to_fill(self.viewer)
        which = "TRUE" if own is None else f"party.id IN ({', '.join(map(str, own)) or 'NULL'})"
        with connection.cursor() as cursor:
            cursor.execute(_SEATS.format(which=which), [part.stop - part.start, part.start])
            rows = cursor.fetchall()
        return [Seat(SeatedParty(*row[:5]), *row[5:]) for row in rows]


def membership(viewer: Person, membership_id: int) -> Membership:
    """Raise ``Membership.DoesNotExist`` also when it is not the viewer's to change."""
    return memberships(viewer).get(pk=membership_id)


def unplaced(viewer: Person) -> QuerySet[Person]:
    """People who belong to no party, the closed accounts last; for administrators."""
    found = Person.objects.filter(memberships=None) if is_administrator(viewer) else _nobody()
    return found.order_by("-is_active", "display_name", "pk")


def _nobody() -> QuerySet[Person]:
    return Person.objects.none()


def people(viewer: Person) -> QuerySet[Person]:
    """People the viewer may open: all for administrators and executives, own teams for leaders."""
    own = places_to_fill(viewer)
    if own is None:
        return Person.objects.all()
    return Person.objects.filter(memberships__party__in=own, is_active=True).distinct()


def person(viewer: Person, username: str) -> Person:
    """Raise ``Person.DoesNotExist`` also when the viewer may not open this person."""
    return people(viewer).get(username=username)


def memberships_of(person: Person) -> QuerySet[Membership]:
    rows = person.memberships.select_related("party")
    return rows.order_by("party__place", "party__name", "pk")


# A text that changes whenever somebody comes to belong to a party or ceases to. Memberships are
# only added and deleted, and a key never comes back.
SEATING = """
(SELECT COUNT(*) FROM people_membership) || '-' || (
    SELECT id || '-' || person_id || '-' || party_id FROM people_membership
    ORDER BY id DESC LIMIT 1)
"""


def peopled() -> frozenset[int]:
    """Parties that anybody belongs to."""
    return frozenset(Membership.objects.values_list("party_id", flat=True).distinct())


def head_count(party_id: int) -> int:
    """How many active people belong to a party."""
    return Membership.objects.filter(party=party_id).count()


def parties_by_person() -> dict[int, list[int]]:
    """Parties of every active person who has one, guests left out; for counts over layers."""
    guests = set(Person.objects.filter(role=Role.GUEST).values_list("pk", flat=True))
    found: dict[int, list[int]] = {}
    for person_id, party_id in Membership.objects.values_list("person_id", "party_id"):
        if person_id not in guests:
            found.setdefault(person_id, []).append(party_id)
    return found


class Seating(NamedTuple):
    """That somebody belongs to a party, as rosters need it."""

    person_id: int
    party_id: int
    leads: bool
    role: str


def seating() -> list[Seating]:
    """Everybody's places on this day, by person."""
    rows = Membership.objects.order_by("person_id", "party_id")
    found = rows.values_list("person_id", "party_id", "leads", "person__role")
    return [Seating(*row) for row in found]


CALLS_TOGETHER = frozenset({Role.LEADER, Role.EXECUTIVE, Role.FACILITATOR})


class Invitee(NamedTuple):
    """Somebody who can be asked into a group, and for which party."""

    username: str
    display_name: str
    party_id: int


def to_call_together(
    viewer: Person, parties: Iterable[int], *, username: str = "", most: int = 40
) -> list[Invitee]:
    """Those who lead these parties, and whoever has this user name; for those who open groups."""
    if not viewer.is_active or viewer.role not in CALLS_TOGETHER:
        return []
    asked = Q(leads=True, party__in=set(parties)) | Q(person__username=username.lower() or None)
    rows = Membership.objects.filter(asked, person__is_active=True)
    rows = rows.order_by("party__place", "party__name", "person__display_name", "pk")
    found = rows.values_list("person__username", "person__display_name", "party_id")
    return [Invitee(*row) for row in found[:most]]


def to_be_seated(viewer: Person, username: str) -> Person:
    """Somebody with an open account, for those who open groups; raises ``Person.DoesNotExist``."""
    if not viewer.is_active or viewer.role not in CALLS_TOGETHER:
        raise Person.DoesNotExist
    return Person.objects.get(username=username.lower(), is_active=True)


def names(person_ids: Iterable[int]) -> dict[int, str]:
    """Names that others see, by id; ids of nobody are left out."""
    return dict(Person.objects.filter(pk__in=set(person_ids)).values_list("pk", "display_name"))


def anybody() -> bool:
    return Person.objects.exists()


def by_username() -> dict[str, Person]:
    return {person.username: person for person in Person.objects.all()}


def a_member(party_id: int) -> Person:
    """Somebody active who belongs to the party; raises ``Person.DoesNotExist`` without any."""
    return Person.objects.filter(memberships__party=party_id, is_active=True).earliest("pk")


def one_of_each_role() -> list[Person]:
    """Somebody active of each role there is, beginning with those who see most."""
    order = (Role.EXECUTIVE, Role.LEADER, Role.FACILITATOR, *Role)
    found = [Person.objects.filter(role=role, is_active=True).first() for role in order]
    return list(dict.fromkeys(person for person in found if person))


def demo_people() -> list[Person]:
    """Whom a visitor of the demo may be, in the order of the page, with their parties.

    Whoever has a password is a real person and never offered.
    """
    rows = Person.objects.filter(username__in=DEMO_USERNAMES, is_active=True)
    found = {person.username: person for person in rows.prefetch_related("memberships__party")}
    return [found[n] for n in DEMO_USERNAMES if n in found and not found[n].has_usable_password()]


def owner_exists() -> bool:
    return Person.objects.filter(role=Role.ADMINISTRATOR, is_active=True).exists()


def organisation_name() -> str:
    return Organisation.objects.values_list("name", flat=True).first() or ""


def open_invitations(viewer: Person) -> QuerySet[Invitation]:
    """Invitations that still let somebody in, as far as the viewer may take them back."""
    today = timezone.localdate()
    rows = Invitation.objects.filter(uses_left__gt=0, expires_on__gte=today)
    own = places_to_fill(viewer)
    if own is not None:
        rows = rows.filter(party__in=own)
    if not is_administrator(viewer):
        rows = rows.filter(person=None)
    return rows.select_related("party", "person", "made_by").order_by("expires_on", "pk")


def invitation_by_token(token: str) -> Invitation | None:
    """The invitation if it still lets somebody in."""
    today = timezone.localdate()
    found = Invitation.objects.filter(
        Q(person=None) | Q(person__is_active=True),
        token_hash=hash_of(token),
        uses_left__gt=0,
        expires_on__gte=today,
    )
    return found.select_related("party", "person").first()


def tokens(viewer: Person) -> QuerySet[Token]:
    """All tokens, for administrators; the newest first."""
    found = Token.objects.select_related("made_by") if is_administrator(viewer) else _no_tokens()
    return found.order_by("-made_on", "-pk")


def _no_tokens() -> QuerySet[Token]:
    return Token.objects.none()


def token_person(key: str, *, scope: Scope) -> Person | None:
    """Whoever made the token, if it is alive and covers ``scope``; the lookup is by hash alone."""
    alive = Q(ends_on=None) | Q(ends_on__gte=timezone.localdate())
    token = (
        Token.objects.filter(alive, key_hash=hash_of(key), made_by__is_active=True)
        .select_related("made_by")
        .first()
    )
    return token.made_by if token and scope in token.scopes.split() else None
