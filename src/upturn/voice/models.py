"""What customers said, what the reader made of it, and weekly measures beside it."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce


class Theme(models.Model):
    """A thing customers speak of, described in sentences the reader compares with."""

    key = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=80)
    descriptions = models.TextField(help_text="one a line")
    examples = models.TextField(blank=True, help_text="comments that belong here, one a line")

    def __str__(self) -> str:
        return self.name


class Feedback(models.Model):
    """A customer's words as they came. ``score`` is on 0 to 10, ``score_raw`` as it was given."""

    touchpoint = models.ForeignKey(
        "graph.Touchpoint", models.SET_NULL, null=True, related_name="+", db_index=False
    )
    place = models.CharField(max_length=80, blank=True)
    text = models.TextField()
    score = models.FloatField(null=True)
    score_raw = models.CharField(max_length=20, blank=True)
    scale = models.CharField(max_length=12, blank=True)
    at = models.DateTimeField()
    week = models.DateField()
    channel = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=8, blank=True)
    fingerprint = models.BinaryField(max_length=16, unique=True)
    origin = models.ForeignKey("graph.Import", models.CASCADE, null=True, related_name="+")
    unread = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__range=(0, 10)),
                name="score_within_0_to_10",
            )
        ]
        indexes = [
            # Holds only what waits, so that looking for work costs nothing among a million.
            models.Index(fields=["id"], condition=Q(unread=True), name="feedback_unread"),
        ]

    def __str__(self) -> str:
        return self.text[:80]


class Reading(models.Model):
    """What the reader understood of a comment; ``week`` is copied so that one index finds words."""

    feedback = models.OneToOneField(Feedback, models.CASCADE, primary_key=True)
    touchpoint = models.ForeignKey(
        "graph.Touchpoint", models.SET_NULL, null=True, related_name="+", db_index=False
    )
    touchpoint_confidence = models.FloatField()
    theme = models.ForeignKey(Theme, models.SET_NULL, null=True, related_name="+", db_index=False)
    theme_confidence = models.FloatField()
    polarity = models.SmallIntegerField()
    week = models.DateField()

    class Meta:
        indexes = [
            # Words of a theme at a touchpoint, newest first, of one polarity, from the index alone.
            models.Index(
                fields=["touchpoint", "theme", "week", "feedback", "polarity"],
                name="reading_words",
            ),
        ]


class Sums(models.Model):
    """Readings of one week, added up; the sums give mean, share and their intervals."""

    week = models.DateField(db_index=True)
    count = models.PositiveIntegerField()
    positive = models.PositiveIntegerField()
    negative = models.PositiveIntegerField()
    scored = models.PositiveIntegerField()
    total = models.FloatField()
    squares = models.FloatField()

    class Meta:
        abstract = True


class TouchpointWeek(Sums):
    """All words of one week at one touchpoint; none is "not yet placed"."""

    touchpoint = models.ForeignKey(
        "graph.Touchpoint", models.CASCADE, null=True, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Coalesce("touchpoint", 0), "week", name="one_sum_a_touchpoint_and_week"
            )
        ]
        indexes = [models.Index(fields=["touchpoint", "week"], name="touchpointweek_lookup")]


class ThemeWeek(Sums):
    """Words of one week at one touchpoint on one theme.

    ``quoted`` says that the theme's quotes were chosen since these sums changed.
    """

    touchpoint = models.ForeignKey(
        "graph.Touchpoint", models.CASCADE, null=True, related_name="+", db_index=False
    )
    theme = models.ForeignKey(Theme, models.CASCADE, null=True, related_name="+")
    quoted = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Coalesce("touchpoint", 0),
                Coalesce("theme", 0),
                "week",
                name="one_sum_a_touchpoint_theme_and_week",
            )
        ]
        indexes = [
            models.Index(fields=["touchpoint", "week"], name="themeweek_lookup"),
            models.Index(fields=["id"], condition=Q(quoted=False), name="themeweek_unquoted"),
        ]


class Quote(models.Model):
    """Words that represent a theme at a touchpoint; ``marks`` are the places that found it."""

    touchpoint = models.ForeignKey(
        "graph.Touchpoint", models.CASCADE, null=True, related_name="+", db_index=False
    )
    theme = models.ForeignKey(Theme, models.CASCADE, null=True, related_name="+")
    feedback = models.ForeignKey(Feedback, models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField()
    marks = models.JSONField(default=list)

    class Meta:
        indexes = [
            models.Index(fields=["touchpoint", "theme", "position"], name="quote_by_position"),
        ]


class Tally(models.Model):
    """One row: the lock under which sums change, and what is known of the tables as a whole.

    ``measures`` and ``words`` are the moments at which measures and sums of words last changed, in
    nanoseconds. ``again_before`` is the id below which every comment is still to be read once
    more, because the themes changed.
    """

    measures = models.PositiveBigIntegerField(default=0)
    words = models.PositiveBigIntegerField(default=0)
    again_before = models.BigIntegerField(null=True)


class Measure(models.Model):
    """A weekly figure of one party or of one serves-edge."""

    party = models.ForeignKey("graph.Party", models.CASCADE, null=True, related_name="+")
    edge = models.ForeignKey("graph.Serves", models.CASCADE, null=True, related_name="+")
    name = models.CharField(max_length=80)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(party__isnull=False, edge__isnull=True)
                | Q(party__isnull=True, edge__isnull=False),
                name="measure_of_party_or_edge",
            ),
            models.UniqueConstraint(
                fields=["party", "name"],
                condition=Q(edge__isnull=True),
                name="one_measure_a_party_and_name",
            ),
            models.UniqueConstraint(
                fields=["edge", "name"],
                condition=Q(party__isnull=True),
                name="one_measure_an_edge_and_name",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MeasureWeek(models.Model):
    """``value`` of a measure in the week of the Monday ``week``; ``n`` answers are behind it."""

    measure = models.ForeignKey(Measure, models.CASCADE, related_name="weeks")
    week = models.DateField()
    value = models.FloatField()
    n = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["measure", "week"], name="one_value_a_week")]
