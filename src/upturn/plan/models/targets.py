"""What is to get better, measured from where, and which units begin when."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from upturn.plan.models.plans import Plan


class Side(models.TextChoices):
    CUSTOMER = "customer", _("customers")
    EMPLOYEE = "employee", _("those who serve")
    MONEY = "money", _("money")


class Source(models.TextChoices):
    SCORE = "score", _("customers’ scores")
    MEASURE = "measure", _("weekly measure")


class Outcome(models.Model):
    """One figure of a pair: what customers say of it, and what those say who serve (S2.8).

    Outcomes with the same `pair` are shown together, and money beside them where it is given. A
    score is of the touchpoint called `name` ("" for all of them) at each unit, a measure is the
    one called `name` of each unit. The baseline is of the weeks from `baseline_from` on; there is
    no wish without it.
    """

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="outcomes")
    ref = models.CharField(max_length=16, unique=True)
    pair = models.PositiveSmallIntegerField()
    side = models.CharField(max_length=8, choices=Side.choices)
    source = models.CharField(max_length=8, choices=Source.choices)
    name = models.CharField(max_length=80, blank=True)
    unit = models.CharField(max_length=40, blank=True)
    better = models.CharField(max_length=4, default="more")
    baseline = models.FloatField(null=True)
    baseline_low = models.FloatField(null=True)
    baseline_high = models.FloatField(null=True)
    baseline_n = models.PositiveIntegerField(null=True)
    baseline_from = models.DateField(null=True)
    baseline_until = models.DateField(null=True)
    wish = models.FloatField(null=True)
    wish_by = models.DateField(null=True)
    turn = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(side__in=Side.values), name="outcome_side_known"),
            models.CheckConstraint(
                condition=Q(source__in=Source.values), name="outcome_source_known"
            ),
            models.CheckConstraint(
                condition=Q(better__in=["more", "less"]), name="outcome_better_known"
            ),
            models.CheckConstraint(
                condition=Q(wish__isnull=True)
                | Q(
                    wish_by__isnull=False,
                    baseline__isnull=False,
                    baseline_low__isnull=False,
                    baseline_high__isnull=False,
                    baseline_until__isnull=False,
                ),
                name="no_target_without_a_baseline",
            ),
            models.UniqueConstraint(
                fields=["plan", "pair", "side"], name="one_outcome_a_pair_and_side"
            ),
        ]


class PlanUnit(models.Model):
    """A house or team that takes part: a place, or one party. `starts_on` is when its turn comes.

    `picked_as_worst` says that it was chosen for a bad figure, which is then expected to get better
    by itself.
    """

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="units")
    ref = models.CharField(max_length=16, unique=True)
    place = models.CharField(max_length=80, blank=True)
    party = models.ForeignKey("graph.Party", models.CASCADE, null=True, related_name="+")
    step = models.PositiveSmallIntegerField(default=0)
    starts_on = models.DateField(null=True)
    picked_as_worst = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(place="") ^ Q(party__isnull=False), name="a_unit_is_a_place_or_a_party"
            ),
            models.UniqueConstraint(
                fields=["plan", "place"], condition=~Q(place=""), name="a_place_takes_part_once"
            ),
            models.UniqueConstraint(fields=["plan", "party"], name="a_party_takes_part_once"),
        ]
        indexes = [models.Index(fields=["plan", "step"], name="units_by_step")]
