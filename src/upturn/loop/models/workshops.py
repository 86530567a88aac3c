"""Workshops as data: the script as it was when it began, and where in it everybody is."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from upturn.record.keys import draw_key


class WorkshopState(models.TextChoices):
    OPEN = "open", _("open")
    CLOSED = "closed", _("until day 100")
    MET = "met", _("met again")


class Phase(models.TextChoices):
    """Within a step: experts speak first if the step says so, then all write, then all read."""

    EXPERTS = "experts", _("those who do it already speak first")
    WRITE = "write", _("everybody writes")
    READ = "read", _("everybody reads")


class StoredScript(models.Model):
    """A script somebody made or changed; those that are shipped are files."""

    ref = models.CharField(max_length=16, unique=True)
    name = models.CharField(max_length=80)
    content = models.JSONField()
    made_on = models.DateField()
    turn = models.PositiveIntegerField(default=0)


class Workshop(models.Model):
    """A room of people and a script. `code` is what they type; it is free again once it closed.

    `step` counts from 0. `until` ends the writing of a step, if it is timed. `objection` holds the
    number of the step at which an objection was met with "sounds challenging", null if none is.
    `day_100_on` is when they meet again, booked when it closes. `plan_ref` is the plan that was
    begun with its cards.
    """

    ref = models.CharField(max_length=16, unique=True)
    code = models.CharField(max_length=6)
    name = models.CharField(max_length=80)
    party = models.ForeignKey("graph.Party", models.SET_NULL, null=True, related_name="+")
    script = models.JSONField()
    language = models.CharField(max_length=8, default="en")
    state = models.CharField(
        max_length=8, choices=WorkshopState.choices, default=WorkshopState.OPEN
    )
    step = models.PositiveSmallIntegerField(default=0)
    phase = models.CharField(max_length=8, choices=Phase.choices, default=Phase.WRITE)
    until = models.DateTimeField(null=True)
    objection = models.PositiveSmallIntegerField(null=True)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)
    day_100_on = models.DateField(null=True)
    met_on = models.DateField(null=True)
    plan_ref = models.CharField(max_length=16, blank=True, default="")
    turn = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=WorkshopState.values), name="workshop_state_known"
            ),
            models.CheckConstraint(
                condition=Q(phase__in=Phase.values), name="workshop_phase_known"
            ),
            models.CheckConstraint(
                condition=Q(state=WorkshopState.OPEN, closed_on__isnull=True)
                | ~Q(state=WorkshopState.OPEN)
                & Q(closed_on__isnull=False, day_100_on__isnull=False),
                name="a_closed_workshop_meets_again",
            ),
            models.UniqueConstraint(
                fields=["code"],
                condition=Q(state=WorkshopState.OPEN),
                name="one_open_workshop_a_code",
            ),
        ]
        indexes = [models.Index(fields=["state", "day_100_on"], name="workshops_to_meet_again")]

    def __str__(self) -> str:
        return self.name


class WorkshopHost(models.Model):
    """Who facilitates; there may be several."""

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="hosts")
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workshop", "person"], name="one_host_once")]


class Participant(models.Model):
    """A phone in the room: no account, no name. Which cards are its own, only the phone knows.

    `handed` is the last step it handed something in at, -1 before the first; `took_task` says that
    it leaves with a small task of its own. `pair` is its number in the pairs drawn at `pair_step`.
    """

    id = models.BigAutoField(primary_key=True, default=draw_key)
    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="participants")
    token_hash = models.CharField(max_length=64, unique=True)
    language = models.CharField(max_length=8, blank=True)
    expert = models.BooleanField(default=False)
    handed = models.SmallIntegerField(default=-1)
    took_task = models.BooleanField(default=False)
    pair_step = models.PositiveSmallIntegerField(null=True)
    pair = models.PositiveSmallIntegerField(null=True)
    left = models.BooleanField(default=False)


class DayOff(models.Model):
    """A day on which nobody of the house meets; a day 100 is booked beside it."""

    day = models.DateField(unique=True)
    name = models.CharField(max_length=80, blank=True)
