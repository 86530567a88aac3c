"""The cooperation loop of a relationship: one of two states, changed only by what was noticed."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class LoopState(models.TextChoices):
    COOPERATION = "cooperation", _("cooperation")
    RESISTANCE = "resistance", _("resistance")


class LoopMove(models.Model):
    """On a day one side noticed a behaviour, said which loop it shows, and what it will do next.

    The newest row of an edge is its state; there is no third one. `came_of` is what happened after.
    """

    edge = models.ForeignKey("graph.Serves", models.CASCADE, related_name="+")
    ref = models.CharField(max_length=16, unique=True)
    by_party = models.ForeignKey("graph.Party", models.CASCADE, related_name="+")
    state = models.CharField(max_length=12, choices=LoopState.choices)
    noticed = models.CharField(max_length=400)
    next_move = models.CharField(max_length=400, blank=True)
    came_of = models.CharField(max_length=400, blank=True)
    said_on = models.DateField()
    turn = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=LoopState.values), name="loop_state_is_one_of_two"
            ),
            models.CheckConstraint(
                condition=~Q(noticed=""), name="a_loop_changes_by_what_was_noticed"
            ),
            models.UniqueConstraint(fields=["edge", "turn"], name="one_loop_state_a_turn"),
        ]
