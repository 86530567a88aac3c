"""People: pairs with a worksheet, offers and asks, likeness, duplicate services, media."""

from django.db import models
from django.db.models import Q

from upturn.exchange.models.exchanges import Exchange, ExchangeParty


class Pair(models.Model):
    """Two parties drawn by chance, for half an hour; the seeker asks. No worksheet is here."""

    exchange = models.ForeignKey(Exchange, models.CASCADE, related_name="pairs")
    seeker = models.ForeignKey(ExchangeParty, models.CASCADE, related_name="+")
    giver = models.ForeignKey(ExchangeParty, models.CASCADE, related_name="+")
    drawn_on = models.DateField()
    met = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(seeker=models.F("giver")), name="two_make_a_pair")
        ]


class Strength(models.Model):
    """A strength offered or asked for; only those it fits learn of it."""

    party = models.ForeignKey(ExchangeParty, models.CASCADE, related_name="strengths")
    strength = models.CharField(max_length=32)
    offers = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["party", "strength", "offers"], name="one_strength_once"
            )
        ]


class Likeness(models.Model):
    """What a company says of itself in coarse bands, empty where it says nothing.

    The row is its consent: taking it back, stepping below "share practice" and leaving delete it.
    """

    party = models.OneToOneField(ExchangeParty, models.CASCADE, related_name="likeness")
    size = models.CharField(max_length=16, blank=True)
    tenure = models.CharField(max_length=16, blank=True)
    channel = models.CharField(max_length=16, blank=True)


class BlindList(models.Model):
    """A party's list as keyed hashes: what two lists share can be told, the rest cannot be read.

    `about` is "together" (topics) or "services" (who serves whom, where: pairs consent to compare).
    """

    party = models.ForeignKey(ExchangeParty, models.CASCADE, related_name="blind_lists")
    about = models.CharField(max_length=12)
    digests = models.JSONField(default=list)
    open_to = models.ManyToManyField(ExchangeParty, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["party", "about"], name="one_blind_list_a_matter")
        ]


class Media(models.Model):
    """A month's video or paper, kept here and played without the net."""

    exchange = models.ForeignKey(Exchange, models.CASCADE, related_name="media")
    ref = models.CharField(max_length=16, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=40)
    content = models.BinaryField()
    digest = models.CharField(max_length=64)
    month = models.DateField()
    party = models.ForeignKey(ExchangeParty, models.SET_NULL, null=True, related_name="+")
