"""Waves of questions: who sits with whom, and what each seat is asked.

A seat is the smallest group under which an answer is kept. There is no table of ballots and none
of cards: those are in the ballot box (``record.ballot_box``) and gone when the wave is closed.
"""

import hashlib

from django.db import models


class State(models.TextChoices):
    """How far a wave is; `ENDING` takes no more answers and waits to be counted."""

    OPEN = "open"
    ENDING = "ending"
    CANCELLING = "cancelling"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Mode(models.TextChoices):
    """What admits an answer: a card, or a token that was signed blindly for one."""

    CARDS = "cards"
    BLIND = "blind"


class Wave(models.Model):
    """Questions put to both sides of some relationships, until a day.

    ``questions`` is the instrument as it was that day (JSON of ``engine.Instrument``), so that a
    later version changes nothing that was asked.
    """

    ref = models.CharField(max_length=16, unique=True)
    title = models.CharField(max_length=80)
    asks = models.CharField(max_length=80)
    questions = models.TextField()
    instrument = models.CharField(max_length=40)
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    mode = models.CharField(max_length=5, choices=Mode.choices, default=Mode.CARDS)
    k = models.PositiveSmallIntegerField()
    words_k = models.PositiveSmallIntegerField()
    deniable = models.FloatField(default=0.0)
    people = models.PositiveIntegerField()
    public_key = models.BinaryField()
    size = models.PositiveIntegerField(help_text="bytes of every sealed ballot")
    opened_by = models.ForeignKey("people.Person", models.SET_NULL, null=True, related_name="+")
    opened_on = models.DateField()
    closes_on = models.DateField()
    closed_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(k__gte=5), name="wave_k_at_least_five"),
            models.CheckConstraint(
                condition=models.Q(words_k__gte=models.F("k")), name="words_need_more_than_marks"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=State.values), name="wave_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(mode__in=Mode.values), name="wave_mode_known"
            ),
            models.CheckConstraint(
                condition=models.Q(deniable__gte=0, deniable__lte=0.5), name="wave_deniable_range"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_running(self) -> bool:
        """Whether it is neither counted nor erased yet."""
        return self.state not in {State.CLOSED, State.CANCELLED}

    @property
    def is_open(self) -> bool:
        """Whether it takes answers, as far as the day allows."""
        return self.state == State.OPEN

    @property
    def is_blind(self) -> bool:
        """Whether answers are admitted by blind tokens."""
        return self.mode == Mode.BLIND


class WaveSeat(models.Model):
    """Units whose people answer together; ``side`` is ``both`` where the wave asks of edges.

    ``public_key`` is the one with which the wave signs blindly for this seat, if it does. ``drawn``
    holds what was drawn on the opening day, by the key of the question beside which it stands.
    """

    wave = models.ForeignKey(Wave, models.CASCADE, related_name="seats")
    number = models.PositiveIntegerField()
    key = models.CharField(max_length=200)
    name = models.CharField(max_length=300)
    side = models.CharField(max_length=8)
    units = models.TextField(help_text="keys of the parties, divided by spaces")
    parents = models.TextField(help_text="nearest first, divided by tabs")
    people = models.PositiveIntegerField()
    public_key = models.BinaryField(default=b"", help_text="SubjectPublicKeyInfo, or nothing")
    drawn = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["wave", "number"], name="one_seat_a_number"),
            models.CheckConstraint(
                condition=models.Q(people__gte=5), name="nobody_sits_with_fewer_than_four"
            ),
        ]

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the signing key's public half, as cards and promises print it."""
        return hashlib.sha256(self.public_key).hexdigest() if self.public_key else ""


class Seated(models.Model):
    """Who was asked, as of the opening day; never who answered.

    No foreign key: whoever is erased stays in the numbers by which rosters are compared.
    """

    seat = models.ForeignKey(WaveSeat, models.CASCADE, related_name="seated")
    person_id = models.BigIntegerField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seat", "person_id"], name="one_chair_a_person")
        ]


class WaveRelation(models.Model):
    """A relationship the wave asks about, in the words of the opening day.

    A seat is empty where nobody can answer from that side, such as customers.
    """

    wave = models.ForeignKey(Wave, models.CASCADE, related_name="relations")
    number = models.PositiveIntegerField()
    server = models.CharField(max_length=200)
    served = models.CharField(max_length=200)
    server_name = models.CharField(max_length=300)
    served_name = models.CharField(max_length=300)
    place = models.CharField(max_length=80, blank=True)
    server_seat = models.ForeignKey(WaveSeat, models.CASCADE, null=True, related_name="serving")
    served_seat = models.ForeignKey(WaveSeat, models.CASCADE, null=True, related_name="served_in")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["wave", "number"], name="one_relation_a_number")
        ]
