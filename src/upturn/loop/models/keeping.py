"""What workshops named as working well enough: plans ask for a reason before they touch it."""

from django.db import models
from django.db.models import Q

from upturn.loop.models.workshops import Workshop


class Kept(models.Model):
    """A thing that is to stay, in the words of a workshop and without anybody's name (S4.16).

    `cards` is how many cards said it. It stays until somebody lets it go, with a reason.
    """

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="kept")
    ref = models.CharField(max_length=16, unique=True)
    words = models.TextField()
    cards = models.PositiveSmallIntegerField(default=1)
    let_go_on = models.DateField(null=True)
    let_go_because = models.CharField(max_length=200, blank=True)
    turn = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(let_go_on__isnull=True, let_go_because="")
                | Q(let_go_on__isnull=False) & ~Q(let_go_because=""),
                name="what_is_let_go_has_its_reason",
            )
        ]
