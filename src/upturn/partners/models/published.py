"""What is left of a closed wave: the base table, wide sums, and words that many wrote.

Rows are added once, when a wave closes; the database refuses to change them (migration 0002).
"""

from django.db import models

from upturn.partners.models.waves import Wave
from upturn.record.keys import draw_key

CATEGORIES_MOST = 11


class PublishedWave(models.Model):
    """That a wave was counted: how many were asked and how many answered."""

    wave = models.OneToOneField(Wave, models.PROTECT, related_name="published")
    closed_on = models.DateField()
    people = models.PositiveIntegerField()
    answered = models.PositiveIntegerField()
    items = models.TextField(help_text="keys of the counted items, divided by spaces")


class PublishedRelation(models.Model):
    """A relationship of frozen blocks; without blocks it is what the wave asked about."""

    wave = models.ForeignKey(PublishedWave, models.PROTECT, related_name="relations")
    number = models.PositiveIntegerField()
    server = models.CharField(max_length=200)
    served = models.CharField(max_length=200)
    server_name = models.CharField(max_length=300)
    served_name = models.CharField(max_length=300)
    place = models.CharField(max_length=80, blank=True)


class PublishedGroup(models.Model):
    """One row of the base table: a block's respondents on one side of one relationship.

    ``left_out`` marks those who were too few even merged; they have no counts.
    """

    wave = models.ForeignKey(PublishedWave, models.PROTECT, related_name="groups")
    number = models.PositiveIntegerField()
    relation = models.IntegerField()
    side = models.CharField(max_length=8)
    block = models.CharField(max_length=200)
    name = models.CharField(max_length=300)
    parent = models.CharField(max_length=200, blank=True)
    units = models.TextField()
    people = models.PositiveIntegerField()
    left_out = models.BooleanField(default=False)
    seats = models.TextField(help_text="numbers of the seats in the block, divided by spaces")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["wave", "number"], name="one_group_a_number"),
            models.CheckConstraint(
                condition=models.Q(people__gte=5) | models.Q(left_out=True),
                name="no_group_below_five",
            ),
        ]


class PublishedCount(models.Model):
    """Answers to one item in each category, from the first, and how many left it out."""

    group = models.ForeignKey(PublishedGroup, models.PROTECT, related_name="counts")
    item = models.CharField(max_length=60)
    missing = models.PositiveIntegerField()
    c1 = models.PositiveIntegerField()
    c2 = models.PositiveIntegerField()
    c3 = models.PositiveIntegerField()
    c4 = models.PositiveIntegerField()
    c5 = models.PositiveIntegerField()
    c6 = models.PositiveIntegerField()
    c7 = models.PositiveIntegerField()
    c8 = models.PositiveIntegerField()
    c9 = models.PositiveIntegerField()
    c10 = models.PositiveIntegerField()
    c11 = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "item"], name="one_count_an_item")]


class PublishedWide(models.Model):
    """Sums and sums of products over at least fifty who answered every item.

    ``packed`` holds them as little-endian int64: the sums, then the products row by row.
    """

    wave = models.ForeignKey(PublishedWave, models.PROTECT, related_name="wide")
    key = models.CharField(max_length=200)
    side = models.CharField(max_length=8)
    items = models.TextField()
    n = models.PositiveIntegerField()
    packed = models.BinaryField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(n__gte=50), name="wide_has_fifty")]


class PublishedWords(models.Model):
    """What somebody wrote, among at least ten of one parent; its key tells no order."""

    id = models.BigAutoField(primary_key=True, default=draw_key)
    wave = models.ForeignKey(PublishedWave, models.PROTECT, related_name="words")
    parent = models.CharField(max_length=200, blank=True)
    side = models.CharField(max_length=8)
    text = models.TextField()
