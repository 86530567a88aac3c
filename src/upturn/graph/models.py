"""Parties, what they serve each other with, and the moments a customer meets them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    CUSTOMERS = "customers", _("customers")
    TEAM = "team", _("team")
    LEADER = "leader", _("leaders")
    SYSTEM = "system", _("system, process or rule")
    PARTNER = "partner", _("partner")
    CLIENT = "client", _("client")


class Party(models.Model):
    """Somebody or something that serves or is served; never a single person."""

    key = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    place = models.CharField(max_length=80, blank=True)
    description = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=Kind.values), name="party_kind_known"
            )
        ]
        indexes = [models.Index(fields=["place", "name"], name="party_by_place")]

    def __str__(self) -> str:
        return self.name


class Serves(models.Model):
    """``server`` serves ``served`` with ``what``."""

    server = models.ForeignKey(Party, models.CASCADE, related_name="serving")
    served = models.ForeignKey(Party, models.CASCADE, related_name="served_by")
    what = models.CharField(max_length=200, blank=True)
    direct = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["server", "served"], name="one_edge_a_pair"),
            models.CheckConstraint(
                condition=~models.Q(server=models.F("served")), name="nobody_serves_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.server} → {self.served}"


class Touchpoint(models.Model):
    """A moment in the customer's day at which somebody serves."""

    key = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=80)
    moment = models.CharField(max_length=20, blank=True)
    place = models.CharField(max_length=80, blank=True, db_index=True)
    description = models.CharField(max_length=300, blank=True, default="", db_default="")
    position = models.PositiveSmallIntegerField(default=0)
    customers = models.ForeignKey(Party, models.PROTECT, related_name="touchpoints")
    code = models.CharField(max_length=16, unique=True)
    servers: "models.ManyToManyField[Party, TouchpointServer]" = models.ManyToManyField(
        Party, through="TouchpointServer", related_name="serves_at"
    )

    def __str__(self) -> str:
        return self.name


class TouchpointServer(models.Model):
    """``party`` serves at ``touchpoint``, in the customer's sight (direct) or behind it."""

    touchpoint = models.ForeignKey(Touchpoint, models.CASCADE, related_name="serving")
    party = models.ForeignKey(Party, models.CASCADE, related_name="serving_at")
    direct = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["touchpoint", "party"], name="one_server_a_touchpoint")
        ]


class GraphVersion(models.Model):
    """One row, counted up by every change, so that computed views know when they are stale."""

    number = models.PositiveBigIntegerField(default=0)


class Import(models.Model):
    """A file somebody brought in: tried dry, then stored whole or not at all."""

    class Subject(models.TextChoices):
        ORGANISATION = "organisation", _("organisation")
        FEEDBACK = "feedback", _("customers' words")
        SERVERS = "servers", _("servers' words")
        MEASURES = "measures", _("weekly measures")

    class State(models.TextChoices):
        TRIED = "tried", _("tried, nothing stored")
        STORED = "stored", _("stored")
        TAKEN_BACK = "taken_back", _("taken back")

    ref = models.CharField(max_length=16, unique=True)
    subject = models.CharField(max_length=16, choices=Subject.choices)
    state = models.CharField(max_length=12, choices=State.choices, default=State.TRIED)
    file_name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    columns = models.JSONField(default=dict)
    repairs = models.JSONField(default=dict)
    rows = models.PositiveIntegerField(default=0)
    made_by = models.ForeignKey("people.Person", models.SET_NULL, null=True, related_name="+")
    made_on = models.DateField()

    @property
    def holds_words(self) -> bool:
        """Whether words came with it, which can be taken back."""
        return self.subject in (self.Subject.FEEDBACK, self.Subject.SERVERS)
