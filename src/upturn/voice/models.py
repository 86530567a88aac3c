"""What customers said, what the reader made of it, and weekly measures beside it."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _


class Side(models.TextChoices):
    """Who speaks: those who are served at the end, or those who serve."""

    CUSTOMERS = "customers", _("customers")
    SERVERS = "servers", _("servers")


class Theme(models.Model):
    """A thing customers speak of, described in sentences the reader compares with."""

    key = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=80)
    descriptions = models.TextField(help_text="one a line")
    examples = models.TextField(blank=True, help_text="comments that belong here, one a line")

    def __str__(self) -> str:
        return self.name


class Feedback(models.Model):
    """Somebody's words as they came. ``score`` is on 0 to 10, ``score_raw`` as it was given.

    Servers' words carry the ``party`` that said them, are read by nobody's reader and stand in no
    sum. ``masked`` counts numbers of cards and accounts that were taken out before storage.
    """

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
    side = models.CharField(
        max_length=9, choices=Side.choices, default=Side.CUSTOMERS, db_default=Side.CUSTOMERS
    )
    party = models.ForeignKey(
        "graph.Party", models.CASCADE, null=True, related_name="+", db_index=False
    )
    masked = models.PositiveSmallIntegerField(default=0, db_default=0)
    near_duplicate = models.BooleanField(default=False, db_default=False)
    bot_like = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(side=Side.CUSTOMERS, party__isnull=True)
                | Q(side=Side.SERVERS, party__isnull=False),
                name="servers_words_have_a_party",
            ),
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__range=(0, 10)),
                name="score_within_0_to_10",
            ),
        ]
        indexes = [
            # Holds only what waits, so that looking for work costs nothing among a million.
            models.Index(fields=["id"], condition=Q(unread=True), name="feedback_unread"),
            models.Index(
                fields=["party", "week"], condition=Q(party__isnull=False), name="servers_words"
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]


class ReaderVersion(models.Model):
    """A reader that made readings: its embedder, its head and what taught it, as one short name."""

    name = models.CharField(max_length=120, unique=True)

    def __str__(self) -> str:
        return self.name


class Reading(models.Model):
    """What the reader understood of a comment; ``week`` is copied so that one index finds words.

    What a person ``confirmed`` stays when the comment is read again. ``aspects`` holds, of a
    comment that speaks of several things, each clause as (start, end, theme id or None, polarity).
    """

    feedback = models.OneToOneField(Feedback, models.CASCADE, primary_key=True)
    touchpoint = models.ForeignKey(
        "graph.Touchpoint", models.SET_NULL, null=True, related_name="+", db_index=False
    )
    touchpoint_confidence = models.FloatField()
    theme = models.ForeignKey(Theme, models.SET_NULL, null=True, related_name="+", db_index=False)
    theme_confidence = models.FloatField()
    polarity = models.SmallIntegerField()
    week = models.DateField()
    aspects = models.JSONField(null=True)
    confirmed = models.BooleanField(default=False, db_default=False)
    version = models.ForeignKey(
        ReaderVersion, models.SET_NULL, null=True, related_name="+", db_index=False
    )

    class Meta:
        indexes = [
            # Words of a theme at a touchpoint, newest first, of one polarity, from the index alone.
            models.Index(
                fields=["touchpoint", "theme", "week", "feedback", "polarity"],
                name="reading_words",
            ),
        ]


class Confirmation(models.Model):
    """What a person said of one reading, beside what the reader had said; undone, it is deleted.

    It is kept to count how often the reader is right, and to give back what stood before. Who said
    so stands in the journal alone.
    """

    feedback = models.OneToOneField(Feedback, models.CASCADE, related_name="confirmation")
    touchpoint_read = models.ForeignKey(
        "graph.Touchpoint", models.SET_NULL, null=True, related_name="+", db_index=False
    )
    touchpoint_confidence = models.FloatField()
    theme_read = models.ForeignKey(
        Theme, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    theme_confidence = models.FloatField()
    polarity_read = models.SmallIntegerField()
    right = models.BooleanField()
    theme_right = models.BooleanField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(theme_right=True) | Q(right=False), name="right_includes_the_theme"
            )
        ]


class Lesson(models.Model):
    """The reader taught anew by confirmations up to ``upto``; what that changed is told.

    ``otherwise`` of the ``looked_at`` most doubtful comments were understood otherwise afterwards;
    none until the job has looked.
    """

    upto = models.BigIntegerField()
    confirmations = models.PositiveIntegerField()
    looked_at = models.PositiveSmallIntegerField(default=0)
    otherwise = models.PositiveSmallIntegerField(null=True)


class FoundTheme(models.Model):
    """Something customers speak of that no written theme covers, found in the words themselves.

    ``centre`` is its centroid, float32, in the space of ``embedder``, by which it is known again
    next week; ``nearest`` holds ids of the comments nearest to it.
    """

    words = models.CharField(max_length=200)
    centre = models.BinaryField()
    embedder = models.CharField(max_length=120)
    first_week = models.DateField()
    last_week = models.DateField()
    count = models.PositiveIntegerField()
    nearest = models.JSONField(default=list)
    named = models.OneToOneField(Theme, models.SET_NULL, null=True, related_name="+")

    def __str__(self) -> str:
        return self.words


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
    more, because the themes or the reader changed. ``unsaid`` are words that tell this organisation
    nothing, one a line; ``themes_week`` is the week whose words were last searched for new themes.
    """

    measures = models.PositiveBigIntegerField(default=0)
    words = models.PositiveBigIntegerField(default=0)
    again_before = models.BigIntegerField(null=True)
    unsaid = models.TextField(blank=True)
    themes_week = models.DateField(null=True)


class Measure(models.Model):
    """A weekly figure of one party or of one serves-edge."""

    party = models.ForeignKey("graph.Party", models.CASCADE, null=True, related_name="+")
    edge = models.ForeignKey("graph.Serves", models.CASCADE, null=True, related_name="+")
    name = models.CharField(max_length=80)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    better = models.CharField(max_length=4, default="more")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(better__in=("more", "less")), name="measure_better_more_or_less"
            ),
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
