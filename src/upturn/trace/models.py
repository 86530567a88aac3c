"""Alarms, the traces made of them, and what became of them.

Rows are only ever added: the database refuses to change or delete them (migration 0002). They name
touchpoints and parties by key, so that a trace stays what it was when the graph changes.
"""

from django.db import models

from upturn.trace.engine import Confidence

CONFIDENCES = [(each.value, each.value) for each in Confidence]


class Inputs(models.Model):
    """The weekly figures and the graph that traces were made from, packed; once for all of them."""

    digest = models.CharField(max_length=64, unique=True)
    packed = models.BinaryField()


class Screening(models.Model):
    """All touchpoints were looked at together, up to the week of the Monday ``week``."""

    week = models.DateField(unique=True)
    done_on = models.DateField()
    touchpoints = models.PositiveIntegerField()


class StoredTrace(models.Model):
    """A trace as it was made: ``told`` is what the engine wrote, ``shown`` what stood beside it.

    ``shown`` holds names, the scores that are drawn, the touchpoint to compare with, and the
    measures of each step before and after.
    """

    ref = models.CharField(max_length=16, unique=True)
    touchpoint = models.SlugField(max_length=80, db_index=False)
    week = models.DateField()
    onset = models.DateField()
    confidence = models.CharField(max_length=12, choices=CONFIDENCES)
    suspect = models.SlugField(max_length=80, blank=True, db_index=False)
    told = models.TextField()
    shown = models.JSONField()
    inputs = models.ForeignKey(Inputs, models.PROTECT, related_name="+")
    version = models.CharField(max_length=40)
    made_on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(suspect="", confidence=Confidence.CANNOT_TELL)
                | ~models.Q(suspect="") & ~models.Q(confidence=Confidence.CANNOT_TELL),
                name="cannot_tell_names_nobody",
            )
        ]
        indexes = [models.Index(fields=["touchpoint", "week"], name="trace_at_touchpoint")]

    def __str__(self) -> str:
        return f"{self.touchpoint}, {self.week:%Y-%m-%d}"


class StoredAlarm(models.Model):
    """A touchpoint that fell, found by a screening, with its trace.

    ``change`` is the mean of the scores since the onset minus that before, with its range.
    """

    screening = models.ForeignKey(Screening, models.PROTECT, related_name="alarms")
    touchpoint = models.SlugField(max_length=80, db_index=False)
    onset = models.DateField()
    z = models.FloatField()
    adjusted_p = models.FloatField()
    change = models.FloatField()
    low = models.FloatField()
    high = models.FloatField()
    n = models.PositiveIntegerField()
    trace = models.ForeignKey(StoredTrace, models.PROTECT, related_name="alarms")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["screening", "touchpoint"], name="one_alarm_a_touchpoint_and_screening"
            )
        ]


class TracedAsk(models.Model):
    """An ask that carries a trace, with what it predicts, and for comparison another touchpoint."""

    trace = models.ForeignKey(StoredTrace, models.PROTECT, related_name="asks")
    ask_ref = models.CharField(max_length=16, unique=True)
    edge_id = models.BigIntegerField()
    predicted = models.FloatField(help_text="points of ten by which the touchpoint shall move")
    by_week = models.DateField()
    comparison = models.SlugField(max_length=80, blank=True, db_index=False)
    made_on = models.DateField()


class Finding(models.TextChoices):
    """What the side that asked says of a trace, by its verdict."""

    CONFIRMED = "confirmed"
    NOT_CONFIRMED = "not_confirmed"
    CANNOT_TELL = "cannot_tell"


class Closed(models.Model):
    """A verdict on an ask came back to its trace; of several, the last one counts."""

    trace = models.ForeignKey(StoredTrace, models.PROTECT, related_name="closings")
    ask_ref = models.CharField(max_length=16)
    turn = models.PositiveIntegerField()
    moment = models.CharField(max_length=8)
    finding = models.CharField(max_length=16, choices=Finding.choices)
    closed_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ask_ref", "turn", "moment"], name="one_closing_a_verdict"
            ),
            models.CheckConstraint(
                condition=models.Q(finding__in=Finding.values), name="finding_known"
            ),
        ]


class Progress(models.Model):
    """One row: how far the screening that runs has come; gone when none does."""

    week = models.DateField()
    done = models.PositiveIntegerField()
    steps = models.PositiveIntegerField()
