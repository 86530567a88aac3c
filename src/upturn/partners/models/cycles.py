"""Improvement cycles: notice, try, measure, keep."""

from django.db import models

from upturn.partners.engine import CycleState
from upturn.partners.models.rules import NamedBarrier
from upturn.partners.models.undated import Line, Undated


class Cycle(Undated):
    """A thing that ``raised_by`` noticed and tries to better, with a leader who owns it too.

    ``from_front`` says whether somebody of a team that serves customers itself opened it, who does
    not lead that team. ``opened_by`` keeps anybody from owning both sides, and is shown nowhere.
    """

    ref = models.CharField(max_length=16, unique=True)
    noticed = models.TextField()
    raised_by = models.ForeignKey("graph.Party", models.PROTECT, related_name="+")
    opened_by = models.ForeignKey("people.Person", models.SET_NULL, null=True, related_name="+")
    from_front = models.BooleanField()
    ask_ref = models.CharField(max_length=16, blank=True)
    barrier = models.ForeignKey(NamedBarrier, models.SET_NULL, null=True, related_name="cycles")
    co_party = models.ForeignKey("graph.Party", models.PROTECT, null=True, related_name="+")
    co_who = models.CharField(max_length=80, blank=True)
    trying = models.CharField(max_length=400, blank=True)
    front = models.CharField(max_length=400, blank=True)
    until = models.DateField(null=True)
    sign = models.CharField(max_length=400, blank=True)
    watch = models.CharField(max_length=260, blank=True)
    watch_weeks = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(
        max_length=12, choices=[(s, s) for s in CycleState], default=CycleState.NOTICED
    )
    turn = models.PositiveIntegerField(default=0)
    opened_on = models.DateField()
    tried_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=[s.value for s in CycleState]),
                name="cycle_state_known",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["noticed", "stopped"])
                | models.Q(co_party__isnull=False),
                name="a_cycle_in_motion_has_two_owners",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["noticed", "shared", "stopped"])
                | ~models.Q(front="") & models.Q(tried_on__isnull=False),
                name="a_trial_names_its_frontline_part",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "opened_on"], name="cycle_state_opened"),
            models.Index(fields=["ask_ref"], name="cycle_ask"),
        ]

    def __str__(self) -> str:
        return self.noticed


class CycleLine(Line):
    """What was said with a move of a cycle."""

    cycle = models.ForeignKey(Cycle, models.CASCADE, related_name="lines")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cycle", "turn"], name="one_cycle_line_a_turn")
        ]
