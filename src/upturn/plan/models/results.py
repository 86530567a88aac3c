"""What came of a plan: readings by named designs, what else changed, and what others claim."""

from django.db import models

from upturn.plan.models.plans import Plan
from upturn.plan.models.targets import Outcome


class PlanResult(models.Model):
    """One reading of an outcome; it never changes. `found` is what the engine said.

    `asked_of` is the digest of what was agreed when the plan started, so that a reading under other
    conditions shows as such.
    """

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="results")
    outcome = models.ForeignKey(Outcome, models.CASCADE, related_name="results")
    ref = models.CharField(max_length=16, unique=True)
    read_on = models.DateField()
    until = models.DateField()
    design = models.CharField(max_length=32)
    found = models.JSONField()
    asked_of = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["outcome", "until", "asked_of"], name="one_reading_an_outcome_and_week"
            )
        ]
        indexes = [models.Index(fields=["plan", "-until"], name="results_of_a_plan")]


class OtherChange(models.Model):
    """Something else that changed in those weeks, as somebody remembered it."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="other_changes")
    ref = models.CharField(max_length=16, unique=True)
    on = models.DateField()
    words = models.CharField(max_length=300)
    where = models.CharField(max_length=80, blank=True)


class Claim(models.Model):
    """A figure of somebody else: claimed, not proven."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="claims")
    ref = models.CharField(max_length=16, unique=True)
    words = models.CharField(max_length=300)
    source = models.CharField(max_length=300)
