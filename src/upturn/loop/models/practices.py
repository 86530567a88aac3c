"""Stories that went out of their workshop: practice cards, without a name."""

from django.db import models

from upturn.loop.models.cards import Card


class Practice(models.Model):
    """An approved story that stands among the practice cards of the house (S4.3).

    It holds no word: those are the story's. Whoever told it and takes it back deletes the story,
    and this row goes with it. One that was taken down is deleted the next day; until then it can
    be put back.
    """

    story = models.OneToOneField(Card, models.CASCADE, related_name="practice")
    ref = models.CharField(max_length=16, unique=True)
    put_up_on = models.DateField()
    taken_down_on = models.DateField(null=True)
