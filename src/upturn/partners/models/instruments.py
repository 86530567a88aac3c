"""Instruments that were made here: copies with own questions, and those of other tools."""

from django.db import models


class StoredInstrument(models.Model):
    """One version of an instrument; rows are only ever added.

    ``questions`` is what ``engine.table_of`` writes, ``digest`` its mark. Who made it stands in the
    journal.
    """

    key = models.SlugField(max_length=40)
    version = models.PositiveIntegerField()
    questions = models.TextField()
    digest = models.CharField(max_length=64)
    made_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "version"], name="one_row_a_version"),
            models.CheckConstraint(
                condition=~models.Q(key__in=["signs", "keys", "pulse", "understood", "led"]),
                name="shipped_instruments_stay_as_they_are",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.version}"
