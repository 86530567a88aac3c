"""The customer's day: its moments, and who meets the customer there."""

from django.db import models

from upturn.plan.models.plans import Plan


class DayMoment(models.Model):
    """A moment of an average customer's day, `at` minutes after midnight, and what is wanted there.

    With a `touchpoint` the score and the words that are known stand beside it. `well_enough` says
    that it is to stay as it is, and why.
    """

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="moments")
    ref = models.CharField(max_length=16, unique=True)
    at = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=80)
    wants = models.CharField(max_length=300, blank=True)
    touchpoint = models.ForeignKey("graph.Touchpoint", models.SET_NULL, null=True, related_name="+")
    well_enough = models.CharField(max_length=300, blank=True)
    turn = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["plan", "at"], name="moments_of_a_day")]

    def __str__(self) -> str:
        return self.name


class MomentParty(models.Model):
    """`party` meets the customer at `moment`, in his or her sight (direct) or behind it."""

    moment = models.ForeignKey(DayMoment, models.CASCADE, related_name="parties")
    party = models.ForeignKey("graph.Party", models.CASCADE, related_name="+")
    direct = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["moment", "party"], name="one_party_a_moment")
        ]
