"""Before an exchange opens: readiness, counsel's word, and answers sealed until all are called."""

from django.db import models
from django.db.models import Q

from upturn.exchange.models.exchanges import Exchange, ExchangeParty


class Readiness(models.Model):
    """An item of the readiness checklist that was thought through, and what was found."""

    exchange = models.ForeignKey(Exchange, models.CASCADE, related_name="readiness")
    item = models.CharField(max_length=32)
    found = models.CharField(max_length=400)
    on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["exchange", "item"], name="one_finding_an_item")
        ]


class SignOff(models.Model):
    """A named counsel's word: on the whole (`rule` empty), or on one rule that allows it.

    With a `decision` it is on that product of all alone, and opens nothing else.
    """

    exchange = models.ForeignKey(Exchange, models.CASCADE, related_name="sign_offs")
    decision = models.ForeignKey(
        "Decision", models.CASCADE, null=True, related_name="counsels_words"
    )
    rule = models.PositiveSmallIntegerField(null=True)
    counsel = models.CharField(max_length=80)
    about = models.CharField(max_length=120, blank=True)
    words = models.CharField(max_length=400)
    on = models.DateField()
    withdrawn_on = models.DateField(null=True)


class BuyIn(models.Model):
    """Whether a party was called, and its answer, which nobody here can read before all opened.

    `commitment` hides the answer until `opened` says it, with the `salt` by which other devices
    check it; `exceptions` are the topics it leaves out. `token` is of this time of asking: all
    together say whether everybody said yes, one alone says nothing. The caller's notes are not
    kept here.
    """

    party = models.OneToOneField(ExchangeParty, models.CASCADE, related_name="buy_in")
    called_on = models.DateField(null=True)
    commitment = models.CharField(max_length=64, blank=True)
    token = models.CharField(max_length=64, blank=True)
    opened = models.CharField(max_length=8, blank=True)
    salt = models.CharField(max_length=64, blank=True)
    exceptions = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(opened="") | ~Q(commitment=""), name="opened_after_sealed"
            ),
        ]


class Knock(models.Model):
    """Somebody outside asks to come in: with a need, and the topic it goes with."""

    exchange = models.ForeignKey(Exchange, models.CASCADE, related_name="knocks")
    ref = models.CharField(max_length=16, unique=True)
    company = models.CharField(max_length=80)
    reach = models.CharField(max_length=120)
    need = models.CharField(max_length=300)
    topic = models.CharField(max_length=80, blank=True)
    on = models.DateField()
    answered_on = models.DateField(null=True)
    invited = models.BooleanField(default=False)
