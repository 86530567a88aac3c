"""Who signs in, where each person belongs, and the keys that let others in."""

from typing import NamedTuple

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _


class Organisation(models.Model):
    """One row: the name under which people come in."""

    name = models.CharField(max_length=80)

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """What somebody does in the organisation; it decides the home page and what is open."""

    SERVER = "server", _("serves customers or those who do")
    LEADER = "leader", _("leads a team")
    EXECUTIVE = "executive", _("carries the whole")
    FACILITATOR = "facilitator", _("facilitates workshops")
    ADMINISTRATOR = "administrator", _("keeps the installation")
    GUEST = "guest", _("guest from a partner or client")


LEADING = frozenset({Role.LEADER, Role.EXECUTIVE, Role.ADMINISTRATOR})
"""Roles whose holders can lead a party."""


class Places(NamedTuple):
    """Ids of the parties somebody belongs to, and of those among them that he or she leads."""

    member: frozenset[int]
    leads: frozenset[int]


class Person(AbstractBaseUser):
    """Somebody who signs in. No e-mail is needed, and no time of the last visit is kept."""

    last_login = None
    username = models.CharField(_("user name"), max_length=60, unique=True)
    display_name = models.CharField(_("name that others see"), max_length=80)
    role = models.CharField(max_length=16, choices=Role.choices, default=Role.SERVER)
    language = models.CharField(max_length=8, blank=True)
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "username"

    objects = BaseUserManager["Person"]()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="person_role_known"
            ),
            models.CheckConstraint(
                condition=models.Q(username=Lower("username")), name="person_username_lower_case"
            ),
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def role_name(self) -> str:
        """Words for the role; Django's own way translates all of them to find one."""
        return str(Role(self.role).label)

    @cached_property
    def places(self) -> Places:
        if self.pk is None or not self.is_active:
            return Places(frozenset(), frozenset())
        rows = list(self.memberships.values_list("party_id", "leads"))
        leads = frozenset(party for party, leading in rows if leading)
        return Places(frozenset(party for party, _leading in rows), leads)


class Membership(models.Model):
    """Somebody belongs to a party; ``leads`` says that he or she answers for it.

    Only open accounts have any: closing one ends them, so counts need not look at the person.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="memberships")
    party = models.ForeignKey("graph.Party", models.CASCADE, related_name="memberships")
    leads = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "party"], name="one_membership_a_party")
        ]


class Invitation(models.Model):
    """A link or printed code that lets ``uses_left`` people in; only its hash is kept.

    With ``person`` it is a way back: it lets this one person choose a new password.
    """

    token_hash = models.CharField(max_length=64, unique=True)
    role = models.CharField(max_length=16, choices=Role.choices)
    party = models.ForeignKey("graph.Party", models.CASCADE, null=True, related_name="+")
    leads = models.BooleanField(default=False)
    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="ways_back")
    uses_left = models.PositiveSmallIntegerField()
    expires_on = models.DateField()
    made_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="invitation_role_known"
            )
        ]

    @property
    def role_name(self) -> str:
        return str(Role(self.role).label)


class Scope(models.TextChoices):
    """What a token of the programming interface may do."""

    FEEDBACK_WRITE = "feedback:write", _("hand in customers’ words")
    FEEDBACK_READ = "feedback:read", _("read customers’ words")
    MEASURES_WRITE = "measures:write", _("hand in weekly measures")
    GRAPH_READ = "graph:read", _("read who serves whom")
    ASKS_READ = "asks:read", _("read asks and what became of them")
    GAPS_READ = "gaps:read", _("read the figures of closed waves")


class Token(models.Model):
    """A key for a program; it acts with the sight of the person who made it, within its scopes."""

    name = models.CharField(max_length=80)
    key_hash = models.CharField(max_length=64, unique=True)
    scopes = models.CharField(max_length=200)
    made_by = models.ForeignKey(Person, models.CASCADE, related_name="tokens")
    made_on = models.DateField()
    ends_on = models.DateField(null=True)

    @property
    def scope_names(self) -> list[str]:
        return [str(Scope(scope).label) for scope in self.scopes.split()]
