"""What they agreed on: the charter by versions, its signatures, the chair, meetings, breaches."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from upturn.exchange.models.exchanges import Exchange, ExchangeParty, Seat
from upturn.record.keys import draw_key


class Charter(models.Model):
    """A version of the charter; the last one holds. A new one is signed anew by everybody.

    `content` holds mission, not-mission, scope, topics, data classes, time and ground rules as the
    engine reads them; `digest` is what is signed.
    """

    exchange = models.ForeignKey(Exchange, models.CASCADE, related_name="charters")
    number = models.PositiveIntegerField()
    vision = models.CharField(max_length=140)
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["exchange", "number"], name="one_charter_a_number")
        ]


class CharterSignature(models.Model):
    charter = models.ForeignKey(Charter, models.CASCADE, related_name="signatures")
    party = models.ForeignKey(ExchangeParty, models.CASCADE, related_name="+")
    signature = models.CharField(max_length=128)
    on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["charter", "party"], name="one_signature_a_charter")
        ]


class VisionVoice(models.Model):
    """How the vision rings with those who serve, by layer, one tap each, no one's name or seat.

    `companies` counts from how many the taps came, and stops where a layer is shown.
    """

    charter = models.ForeignKey(Charter, models.CASCADE, related_name="voices")
    layer = models.CharField(max_length=16)
    rings = models.PositiveIntegerField(default=0)
    of = models.PositiveIntegerField(default=0)
    companies = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["charter", "layer"], name="one_voice_a_layer")
        ]


class VisionTapped(models.Model):
    """That a company tapped for a layer, only while fewer than three did; never how or how often.

    Without it one company could make a layer speak. It goes with the third company, with the next
    version, and with the company.
    """

    id = models.BigAutoField(primary_key=True, default=draw_key)
    voice = models.ForeignKey(VisionVoice, models.CASCADE, related_name="tapped")
    party = models.ForeignKey(ExchangeParty, models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["voice", "party"], name="one_fact_a_layer_and_party")
        ]


class VisionLine(models.Model):
    """Another line for the vision, suggested by a party: one open each, until the next version."""

    charter = models.ForeignKey(Charter, models.CASCADE, related_name="lines")
    party = models.ForeignKey(ExchangeParty, models.CASCADE, related_name="+")
    words = models.CharField(max_length=140)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["charter", "party"], name="one_line_a_party")
        ]


class Chair(models.Model):
    """Who led, from when and until when; it goes round, and whoever leads has no `to`."""

    exchange = models.ForeignKey(Exchange, models.CASCADE, related_name="chairs")
    party = models.ForeignKey(ExchangeParty, models.CASCADE, related_name="+")
    since = models.DateField()
    to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["exchange", "since"], name="one_chair_at_a_time")
        ]


class MeetingState(models.TextChoices):
    PLANNED = "planned", _("planned")
    RUNNING = "running", _("running")
    OVER = "over", _("over")
    OFF = "off", _("called off")


class Meeting(models.Model):
    """A meeting with its agenda before, its steward present, and its minutes after."""

    exchange = models.ForeignKey(Exchange, models.CASCADE, related_name="meetings")
    ref = models.CharField(max_length=16, unique=True)
    at = models.DateTimeField()
    minutes_long = models.PositiveSmallIntegerField(default=45)
    agenda = models.TextField(max_length=2000)
    minutes = models.TextField(max_length=6000, blank=True)
    steward_there = models.BooleanField(default=False)
    state = models.CharField(
        max_length=8, choices=MeetingState.choices, default=MeetingState.PLANNED
    )
    made_it_work = models.JSONField(default=dict)
    turn = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(agenda="") | Q(state=MeetingState.PLANNED),
                name="an_agenda_before_it_runs",
            ),
        ]

    @property
    def ends(self) -> datetime:
        """When it is to be over, as planned."""
        return self.at + timedelta(minutes=self.minutes_long)


class Attendance(models.Model):
    """A seat that accepted the rules at the entry of a meeting; `task` when it took one along.

    `said` when it told which conditions held; what it told is added up in the meeting.
    """

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="attendances")
    seat = models.ForeignKey(Seat, models.CASCADE, related_name="+")
    charter = models.PositiveIntegerField()
    task = models.BooleanField(default=False)
    said = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "seat"], name="one_entry_a_seat")]


class BreachState(models.TextChoices):
    """A graded response: a word, a talk, a pause, a parting; or it was none."""

    REPORTED = "reported", _("reported")
    REMINDED = "reminded", _("reminded")
    TALKED = "talked", _("talked over")
    PAUSED = "paused", _("paused")
    PARTED = "parted", _("parted")
    NONE = "none", _("was none")


class Breach(models.Model):
    """A report that a rule was not kept. Who reported it is not kept."""

    exchange = models.ForeignKey(Exchange, models.CASCADE, related_name="breaches")
    ref = models.CharField(max_length=16, unique=True)
    rule = models.PositiveSmallIntegerField()
    about = models.ForeignKey(ExchangeParty, models.SET_NULL, null=True, related_name="+")
    words = models.CharField(max_length=400)
    state = models.CharField(
        max_length=10, choices=BreachState.choices, default=BreachState.REPORTED
    )
    on = models.DateField()
    turn = models.PositiveIntegerField(default=0)
