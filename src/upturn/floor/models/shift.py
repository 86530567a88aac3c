"""A shift as long as it lasts. Who took or met a need has no column here, and never had one.

A phone proves what it did by the key of its own tap, drawn at random for each tap; where people
stand, what they carry and what they declined is known in memory alone. At close everything goes but
the totals of the floor.
"""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


def seconds_of(opened_at: datetime, now: datetime, *, pace: float) -> float:
    """How far into a shift a moment is; never before it opened."""
    return round(max(0.0, (now - opened_at).total_seconds() * pace), 3)


class ShiftState(models.TextChoices):
    """Whether phones serve on it."""

    OPEN = "open"
    CLOSED = "closed"


class Shift(models.Model):
    """One shift on a drawn floor.

    `tables` gives each table its section, `owners` each section its seat (by name), `leaving`
    holds tables that are gone from the drawing and keep their open needs until those are met.
    `summary` is what stays: totals of the floor. `pace` is above 1 where an hour is played faster.
    `most_held` is how many seats were held at one moment: below three no totals may be shown, for
    one phone that goes from seat to seat is one person.
    """

    ref = models.CharField(max_length=16, unique=True)
    floor = models.ForeignKey("floor.LabFloor", models.CASCADE, related_name="shifts")
    version = models.ForeignKey("floor.FloorVersion", models.CASCADE, related_name="shifts")
    state = models.CharField(max_length=6, choices=ShiftState.choices, default=ShiftState.OPEN)
    opened_at = models.DateTimeField()
    pace = models.FloatField(default=1.0)
    closed_on = models.DateField(null=True)
    tables = models.JSONField(default=dict)
    owners = models.JSONField(default=dict)
    leaving = models.JSONField(default=list)
    walk_bys = models.PositiveIntegerField(default=0)
    most_held = models.PositiveIntegerField(default=0)
    summary = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["floor"], condition=Q(state=ShiftState.OPEN), name="one_open_shift_a_floor"
            ),
            models.CheckConstraint(
                condition=Q(state=ShiftState.OPEN, closed_on__isnull=True, summary__isnull=True)
                | Q(
                    state=ShiftState.CLOSED,
                    closed_on__isnull=False,
                    summary__isnull=False,
                    walk_bys=0,
                    most_held=0,
                    tables={},
                    owners={},
                    leaving=[],
                ),
                name="closed_shifts_keep_totals_alone",
            ),
            models.CheckConstraint(condition=Q(pace__gt=0), name="shifts_go_forward"),
        ]

    def __str__(self) -> str:
        return self.ref

    def seconds(self, now: datetime) -> float:
        """How far into the shift a moment is; never before it opened."""
        return seconds_of(self.opened_at, now, pace=self.pace)


class ShiftSeat(models.Model):
    """A seat of a shift, named as in the drawing; a phone that holds it knows what was hashed.

    `number` counts seats from 1, in the order of the drawing, and is that of no other seat later.
    """

    shift = models.ForeignKey(Shift, models.CASCADE, related_name="seats")
    name = models.CharField(max_length=80)
    number = models.PositiveIntegerField()
    token_hash = models.CharField(max_length=64, unique=True, null=True)  # noqa: DJ001 - unique
    called_off = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shift", "name"], name="one_seat_a_name"),
            models.UniqueConstraint(fields=["shift", "number"], name="one_shift_seat_a_number"),
            models.CheckConstraint(
                condition=Q(called_off=False) | Q(token_hash__isnull=True),
                name="nobody_holds_a_seat_that_was_called_off",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Source(models.TextChoices):
    """Where a need comes from."""

    GUEST = "guest", _("the guest’s own tap")
    COLLEAGUE = "colleague", _("a colleague")
    RHYTHM = "rhythm", _("the rhythm of the floor")
    PROGRAM = "program", _("another program")


class NeedState(models.TextChoices):
    """Where a need stands; `gone` was taken back by whoever brought it in."""

    OPEN = "open"
    TAKEN = "taken"
    DONE = "done"
    GONE = "gone"


class ShiftNeed(models.Model):
    """Something a table or a queue needs; seconds count from when the shift opened.

    `ref` comes from whoever brought it in, so that the same sent twice is one. One need of a kind
    waits at a table at a time: another call for it raises `count`. At a queue each caller is a need
    (`is_call`), which one agent takes and meets; those of a kind are as good as each other. `turn`
    counts its changes. `taken_key` and `done_key` are keys of taps.
    """

    shift = models.ForeignKey(Shift, models.CASCADE, related_name="needs")
    ref = models.CharField(max_length=64)
    place = models.CharField(max_length=80)
    kind = models.CharField(max_length=80)
    source = models.CharField(max_length=10, choices=Source.choices)
    asked = models.BooleanField()
    count = models.PositiveIntegerField(default=1)
    is_call = models.BooleanField(default=False)
    words = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=6, choices=NeedState.choices, default=NeedState.OPEN)
    turn = models.PositiveIntegerField(default=1)
    raised_s = models.FloatField()
    asked_s = models.FloatField(null=True)
    noticed_s = models.FloatField(null=True)
    done_s = models.FloatField(null=True)
    taken_key = models.CharField(max_length=64, blank=True)
    done_key = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shift", "ref"], name="one_need_a_ref"),
            models.UniqueConstraint(
                fields=["shift", "place", "kind"],
                condition=Q(state__in=[NeedState.OPEN, NeedState.TAKEN], is_call=False),
                name="one_waiting_need_a_place_and_kind",
            ),
            models.CheckConstraint(
                condition=Q(is_call=False) | Q(count=1), name="calls_are_counted_one_by_one"
            ),
            models.CheckConstraint(
                condition=Q(state__in=NeedState.values), name="shift_need_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state=NeedState.TAKEN) & ~Q(taken_key="")
                | ~Q(state=NeedState.TAKEN) & Q(taken_key=""),
                name="taken_needs_have_a_key",
            ),
            models.CheckConstraint(
                condition=Q(state=NeedState.DONE, done_s__isnull=False)
                | ~Q(state=NeedState.DONE) & Q(done_s__isnull=True, done_key=""),
                name="done_needs_have_a_moment",
            ),
        ]
        indexes = [models.Index(fields=["shift", "state"], name="needs_that_wait")]

    def __str__(self) -> str:
        return f"{self.kind} at {self.place}"


class ShiftTap(models.Model):
    """A tap that was carried out, by the key its phone drew: the second time does nothing.

    `before` is how what it changed had stood, and at which turn it left it, for undo.
    """

    shift = models.ForeignKey(Shift, models.CASCADE, related_name="taps")
    key = models.CharField(max_length=64)
    act = models.CharField(max_length=12)
    before = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shift", "key"], name="one_tap_a_key")]

    def __str__(self) -> str:
        return self.act


class Seated(models.Model):
    """Guests sit at a table, since so many seconds after the shift opened."""

    shift = models.ForeignKey(Shift, models.CASCADE, related_name="seated")
    table = models.CharField(max_length=80)
    since_s = models.FloatField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shift", "table"], name="seated_once_a_table"),
            models.CheckConstraint(condition=Q(since_s__gte=0), name="seated_in_this_shift"),
        ]

    def __str__(self) -> str:
        return self.table


class FloorHook(models.Model):
    """Where another program may bring needs in. Its secret is derived, not stored."""

    ref = models.CharField(max_length=16, unique=True)
    floor = models.ForeignKey("floor.LabFloor", models.CASCADE, related_name="hooks")
    name = models.CharField(max_length=80)
    made_on = models.DateField()
    ended_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("made_on")),
                name="hooks_end_after_they_began",
            )
        ]

    def __str__(self) -> str:
        return self.name


class PracticeCard(models.Model):
    """What helped on some shift, in the words of somebody who chose to put them up, unnamed.

    One that was taken down is deleted the next day; until then it can be put back.
    """

    ref = models.CharField(max_length=16, unique=True)
    floor = models.ForeignKey("floor.LabFloor", models.SET_NULL, null=True, related_name="cards")
    words = models.CharField(max_length=400)
    put_up_on = models.DateField()
    taken_down_on = models.DateField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(words=""), name="cards_say_something")]

    def __str__(self) -> str:
        return self.words[:40]
