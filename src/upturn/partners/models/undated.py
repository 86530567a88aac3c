"""Rows that do not say when they came."""

from django.db import models

from upturn.record.keys import draw_key


class Undated(models.Model):
    """A row with a drawn key, so that one without an author stands between no signed ones."""

    id = models.BigAutoField(primary_key=True, default=draw_key)

    class Meta:
        abstract = True


class Line(Undated):
    """What was said with a move of something; nobody's name stands on it."""

    turn = models.PositiveIntegerField()
    move = models.CharField(max_length=20)
    words = models.TextField()
    said_on = models.DateField()

    class Meta:
        abstract = True
