"""Plans, who sits in the group that makes one, and what was changed, so that it can be undone."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PlanState(models.TextChoices):
    DRAFT = "draft", _("being made")
    STARTED = "started", _("in action")
    ENDED = "ended", _("ended")


class Plan(models.Model):
    """An internal service plan: how those who serve the customer are served first.

    `serve_first` answers the question at its head (S2.1). The day begins and ends at minutes after
    midnight; a day that ends after midnight ends after 1,440. `frozen` holds what was agreed when
    the plan started: outcomes with unit, direction and baseline, the steps, the weeks looked at.
    `power` says what the steps that were proposed could find, the number they were drawn with, and
    by a mark of which choices it was reckoned, so that it is due when another stands.
    `turn` counts changes of this row, `version` changes of anything in the plan,
    and `figures_version` those among them that bear on outcomes, units and results.
    Read for a page, a plan comes with `since`, the newest event of that moment.
    """

    since: int
    seats_of_viewer: int

    ref = models.CharField(max_length=16, unique=True)
    name = models.CharField(max_length=80)
    place = models.CharField(max_length=80, blank=True)
    customers = models.ForeignKey("graph.Party", models.PROTECT, related_name="+")
    serve_first = models.TextField(blank=True)
    day_from = models.PositiveSmallIntegerField(default=420)
    day_until = models.PositiveSmallIntegerField(default=1380)
    state = models.CharField(max_length=8, choices=PlanState.choices, default=PlanState.DRAFT)
    opened_by = models.ForeignKey("people.Person", models.SET_NULL, null=True, related_name="+")
    opened_on = models.DateField()
    started_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    frozen = models.JSONField(null=True)
    power = models.JSONField(null=True)
    turn = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=0)
    figures_version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=PlanState.values), name="plan_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(state=PlanState.DRAFT, started_on__isnull=True)
                | ~models.Q(state=PlanState.DRAFT)
                & models.Q(started_on__isnull=False, frozen__isnull=False),
                name="a_plan_in_action_says_what_was_agreed",
            ),
            models.CheckConstraint(
                condition=models.Q(day_from__lt=models.F("day_until"), day_until__lte=2880),
                name="a_day_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def written(self) -> int:
        """Changes of anything else: its head, its group, its day and its lines."""
        return self.version - self.figures_version


class PlanSeat(models.Model):
    """Somebody in the group, there for the function of `party`."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="seats")
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="+")
    party = models.ForeignKey("graph.Party", models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "person"], name="one_seat_a_person_and_plan")
        ]


class PlanEdit(models.Model):
    """One change of a plan with what stood there before, for undo; it names nobody.

    `before` and `after` are the fields of the row of `kind` with the ref `row`; null where the row
    was not there. `key` is drawn by the page, so that a change that arrives twice is made once.
    """

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="edits")
    key = models.CharField(max_length=40)
    kind = models.CharField(max_length=16)
    row = models.CharField(max_length=16)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    undone = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "key"], name="a_plan_is_changed_once_a_key")
        ]
