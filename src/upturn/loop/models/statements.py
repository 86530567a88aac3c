"""What is better in 100 days, told as if it had happened, and what became of it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from upturn.loop.models.workshops import Workshop
from upturn.record.keys import draw_key


class StatementVerdict(models.TextChoices):
    BETTER = "better", _("better")
    SAME = "same", _("the same")
    WORSE = "worse", _("worse")
    OTHER = "other", _("another good thing")


class Statement(models.Model):
    """A statement in the past tense. `sure` is how sure the writer is today, 1 to 5.

    Before people stand up it has an owner, a first small step and a sign. It becomes an ask over
    `edge` on the spine, `ask_ref`. The verdict is given on day 100, with what shows it.
    """

    id = models.BigAutoField(primary_key=True, default=draw_key)
    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="statements")
    ref = models.CharField(max_length=32, unique=True)
    key_hash = models.CharField(max_length=64)
    step = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=400)
    sure = models.PositiveSmallIntegerField(null=True)
    owner = models.CharField(max_length=80, blank=True)
    owner_party = models.ForeignKey("graph.Party", models.SET_NULL, null=True, related_name="+")
    first_step = models.CharField(max_length=300, blank=True)
    sign = models.CharField(max_length=300, blank=True)
    edge = models.ForeignKey("graph.Serves", models.SET_NULL, null=True, related_name="+")
    ask_ref = models.CharField(max_length=16, blank=True)
    hidden_because = models.CharField(max_length=200, blank=True)
    verdict = models.CharField(max_length=8, choices=StatementVerdict.choices, blank=True)
    evidence = models.CharField(max_length=400, blank=True)
    judged_on = models.DateField(null=True)
    turn = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(sure__isnull=True) | Q(sure__gte=1, sure__lte=5),
                name="sure_is_one_to_five",
            ),
            models.CheckConstraint(
                condition=Q(verdict="", judged_on__isnull=True)
                | Q(verdict__in=StatementVerdict.values, judged_on__isnull=False),
                name="a_verdict_has_its_day",
            ),
        ]
        indexes = [models.Index(fields=["workshop", "step"], name="statements_of_a_step")]


class PocketTask(models.Model):
    """One small task that somebody takes along. Only the phone with the key knows it as its own."""

    id = models.BigAutoField(primary_key=True, default=draw_key)
    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="tasks")
    ref = models.CharField(max_length=32, unique=True)
    key_hash = models.CharField(max_length=64)
    words = models.CharField(max_length=300)
    done_on = models.DateField(null=True)
