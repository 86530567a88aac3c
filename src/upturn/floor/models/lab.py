"""Floors that people drew for the lab, and what was run on them.

All servers here are seats of a simulation. A version of a floor never changes once it is stored,
so that a run stays true to the floor it was made on.
"""

from django.db import models


class LabFloor(models.Model):
    """A floor of the lab; what it looks like is in its versions."""

    ref = models.CharField(max_length=16, unique=True)
    name = models.CharField(max_length=80)
    made_on = models.DateField()

    def __str__(self) -> str:
        return self.name


class FloorVersion(models.Model):
    """The floor as it was saved: the text of its file."""

    floor = models.ForeignKey(LabFloor, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    toml = models.TextField()
    made_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["floor", "number"], name="one_floor_version_a_number")
        ]

    def __str__(self) -> str:
        return f"{self.floor_id}, {self.number}"


class RunState(models.TextChoices):
    """Where a run of the lab stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class LabRun(models.Model):
    """Policies compared on one version of a floor; ``found`` is what the engine wrote.

    ``policies`` holds their codes with a space between. A run that was cut off is ``running`` when
    the house starts, and waits again then: its seed makes it the same run.
    """

    ref = models.CharField(max_length=16, unique=True)
    version = models.ForeignKey(FloorVersion, models.CASCADE, related_name="runs")
    policies = models.CharField(max_length=120)
    busy_share = models.FloatField()
    loafing_share = models.FloatField()
    detour_s = models.FloatField()
    hours = models.FloatField()
    reps = models.PositiveIntegerField()
    seed = models.PositiveBigIntegerField()
    state = models.CharField(max_length=8, choices=RunState.choices, default=RunState.WAITING)
    done = models.PositiveIntegerField(default=0)
    steps = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)
    found = models.JSONField(null=True)
    made_on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=RunState.values), name="lab_run_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(state=RunState.DONE, found__isnull=False)
                | ~models.Q(state=RunState.DONE) & models.Q(found__isnull=True),
                name="lab_runs_that_are_done_say_what_was_found",
            ),
        ]
        indexes = [models.Index(fields=["state", "id"], name="lab_run_queue")]

    def __str__(self) -> str:
        return self.ref
