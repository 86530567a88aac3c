"""What a party needs to be, do and have at a moment, and how that is put into action."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from upturn.plan.models.day import DayMoment
from upturn.plan.models.plans import Plan


class Column(models.TextChoices):
    BE = "be", _("be")
    DO = "do", _("do")
    HAVE = "have", _("have")


class LineState(models.TextChoices):
    NOTED = "noted", _("noted")
    ACTIVE = "active", _("in action")
    SETTLED = "settled", _("settled")


class PlanLine(models.Model):
    """One sentence: at `moment`, `party` is to be, do or have this.

    A HAVE is a promise of support: `provider` gives it, over `edge` to `party`, so that the promise
    to the customer can be kept that `enables` names (a DO or BE at some moment). Without a provider
    it is a gap, without `enables` an orphan. In action it is the ask `ask_ref` of the spine.
    `override` says why a party has more lines in action than it should, or touches what is to stay.
    `provider_was` keeps the provider's name, so that one who left is told from one never named;
    `drew_edge` says that the edge came with this line and goes with it when nothing else needs it.
    """

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="lines")
    moment = models.ForeignKey(DayMoment, models.CASCADE, related_name="lines")
    ref = models.CharField(max_length=16, unique=True)
    party = models.ForeignKey("graph.Party", models.CASCADE, related_name="+")
    column = models.CharField(max_length=4, choices=Column.choices)
    words = models.CharField(max_length=300)
    provider = models.ForeignKey("graph.Party", models.SET_NULL, null=True, related_name="+")
    provider_was = models.CharField(max_length=180, blank=True)
    edge = models.ForeignKey("graph.Serves", models.SET_NULL, null=True, related_name="+")
    drew_edge = models.BooleanField(default=False)
    enables = models.ForeignKey("self", models.SET_NULL, null=True, related_name="enabled_by")
    state = models.CharField(max_length=8, choices=LineState.choices, default=LineState.NOTED)
    due_on = models.DateField(null=True)
    active_on = models.DateField(null=True)
    settled_on = models.DateField(null=True)
    ask_ref = models.CharField(max_length=16, blank=True)
    override = models.CharField(max_length=300, blank=True)
    position = models.PositiveIntegerField(default=0)
    turn = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(column__in=Column.values), name="column_known"),
            models.CheckConstraint(
                condition=Q(state__in=LineState.values), name="plan_line_state_known"
            ),
            models.CheckConstraint(
                condition=Q(column=Column.HAVE)
                | Q(provider__isnull=True, edge__isnull=True, enables__isnull=True),
                name="only_a_have_has_a_provider",
            ),
            models.CheckConstraint(
                condition=Q(state=LineState.NOTED)
                | Q(active_on__isnull=False, due_on__isnull=False),
                name="a_line_in_action_has_dates",
            ),
        ]
        indexes = [
            models.Index(fields=["moment", "party", "column", "position"], name="lines_at_moment"),
            models.Index(fields=["plan", "state", "due_on"], name="lines_by_state"),
            models.Index(fields=["ask_ref"], name="line_of_ask"),
        ]

    def __str__(self) -> str:
        return self.words


class LineOwner(models.Model):
    """A party that answers for a line, and in whose name; two of them, of two levels (S1.21)."""

    line = models.ForeignKey(PlanLine, models.CASCADE, related_name="owners")
    party = models.ForeignKey("graph.Party", models.CASCADE, related_name="+")
    who = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line", "party"], name="one_owner_a_party_and_line")
        ]
