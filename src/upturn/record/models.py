"""Who did what, what readers should hear of, and whose words were looked at.

Times are coarse wherever they could tie an act to a person who did not sign it: an entry without
an actor keeps only its day, and so do the events and the log of reading.
"""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual

from upturn.record.keys import draw_key

DETAIL_LENGTH = 200


class JournalEntry(models.Model):
    """One act, chained to the act before it; the database refuses to change or delete it.

    Signed entries count 1, 2, 3 ... and unsigned ones -1, -2, -3 ... in a chain of their own, so
    that an unsigned entry does not stand between two signed ones whose times are known.
    """

    # SQLite keeps no row number of its own, in order of arrival, beside a key of this type.
    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    verb = models.CharField(max_length=64)
    subject_kind = models.CharField(max_length=64)
    subject_ref = models.CharField(max_length=80)
    detail = models.CharField(max_length=DETAIL_LENGTH, blank=True)
    previous = models.CharField(max_length=64, unique=True)
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name_plural = "journal entries"
        indexes = [
            models.Index(fields=["subject_kind", "subject_ref"], name="journal_subject"),
            models.Index(fields=["actor_id", "at"], name="journal_actor"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(actor_id__isnull=False, id__gt=0) | Q(actor_id__isnull=True, id__lt=0),
                name="journal_chain_by_signature",
            ),
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("detail"), DETAIL_LENGTH),
                name="journal_detail_is_short",
            ),
            models.CheckConstraint(condition=~Q(digest=F("previous")), name="journal_moves_on"),
            models.CheckConstraint(condition=~Q(verb=""), name="journal_has_a_verb"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_kind} {self.subject_ref}"


class OutboxEvent(models.Model):
    """A change that pages on show should hear of; its id is the place to resume from.

    `data` is a JSON object: what a page needs to show the change without asking.
    """

    topic = models.CharField(max_length=100)
    kind = models.CharField(max_length=40)
    ref = models.CharField(max_length=80)
    data = models.TextField(default="{}")
    day = models.DateField(db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(topic=""), name="outbox_has_a_topic"),
            models.CheckConstraint(condition=~Q(kind=""), name="outbox_has_a_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} in {self.topic}"


class ReadingLog(models.Model):
    """That a person looked at words of others on a day; how often and when stays unknown."""

    id = models.BigAutoField(primary_key=True, default=draw_key)
    reader_id = models.BigIntegerField()
    kind = models.CharField(max_length=40)
    ref = models.CharField(max_length=80)
    day = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["kind", "ref", "day"], name="reading_of_words")]
        constraints = [
            models.UniqueConstraint(
                fields=["reader_id", "kind", "ref", "day"], name="reading_once_a_day"
            ),
            models.CheckConstraint(condition=~Q(kind=""), name="reading_has_a_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.ref} on {self.day:%Y-%m-%d}"
