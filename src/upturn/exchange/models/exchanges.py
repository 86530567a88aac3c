"""An exchange, who takes part in it, and what each consented to."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from upturn.record.keys import draw_key


class ExchangeState(models.TextChoices):
    PREPARING = "preparing", _("being prepared")
    OPEN = "open", _("open")
    RESTING = "resting", _("resting")
    CLOSED = "closed", _("closed")


class PartyKind(models.TextChoices):
    """What a party is here. Members answer, vote and seal; the steward reads only what is held."""

    MEMBER = "member", _("member")
    CLIENT = "client", _("common client")
    STEWARD = "steward", _("neutral steward")


class Rung(models.IntegerChoices):
    """The trust ladder: each rung allows what is below it too, and can be left again."""

    LISTEN = 1, _("listen")
    SHARE_PRACTICE = 2, _("share practice")
    SHARE_BAND = 3, _("share in a benchmark")
    JOINT_PLAN = 4, _("plan together")


class Exchange(models.Model):
    """Competitors who learn together. `template` is what it began as; `charter` its last version.

    `asking` counts how often all leaders were asked whether everybody said yes. `turn` counts what
    changed, so that two people who change it at once notice. `kit` is what another exchange gave
    it to begin with, empty for nothing.
    """

    ref = models.CharField(max_length=16, unique=True)
    name = models.CharField(max_length=80)
    template = models.CharField(max_length=24)
    language = models.CharField(max_length=8, default="en")
    state = models.CharField(
        max_length=12, choices=ExchangeState.choices, default=ExchangeState.PREPARING
    )
    opened_on = models.DateField(null=True)
    review_on = models.DateField(null=True)
    asking = models.PositiveSmallIntegerField(default=1)
    turn = models.PositiveIntegerField(default=0)
    kit = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ExchangeState.values), name="exchange_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state=ExchangeState.PREPARING) | Q(opened_on__isnull=False),
                name="an_open_exchange_knows_since_when",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Convener(models.Model):
    """Somebody of the installation who keeps the exchange and sees no figure and no draft."""

    exchange = models.ForeignKey(Exchange, models.CASCADE, related_name="conveners")
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["exchange", "person"], name="one_convener_once")
        ]


class ExchangeParty(models.Model):
    """A company in an exchange, or its client, or the neutral steward.

    `owner` names the group of companies it belongs to, so that affiliated ones count once.
    `signs` and `seals` are its public keys in hex, of which the safety words are made;
    `compared_on` is the day on which both sides read those to each other. `gain_digest` says
    that a private gain statement exists and hides what it says. A party that left keeps an
    empty row.
    """

    exchange = models.ForeignKey(Exchange, models.CASCADE, related_name="parties")
    ref = models.CharField(max_length=16, unique=True)
    kind = models.CharField(max_length=8, choices=PartyKind.choices, default=PartyKind.MEMBER)
    name = models.CharField(max_length=80, blank=True)
    owner = models.CharField(max_length=80, blank=True)
    rung = models.PositiveSmallIntegerField(choices=Rung.choices, default=Rung.LISTEN)
    signs = models.CharField(max_length=64, blank=True)
    seals = models.CharField(max_length=64, blank=True)
    compared_on = models.DateField(null=True)
    gain_digest = models.CharField(max_length=64, blank=True)
    joined_on = models.DateField(null=True)
    left_on = models.DateField(null=True)
    suspended = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["exchange", "kind"],
                condition=~Q(kind=PartyKind.MEMBER) & Q(left_on__isnull=True),
                name="one_client_and_one_steward",
            ),
            models.UniqueConstraint(
                fields=["exchange", "name"],
                condition=Q(left_on__isnull=True),
                name="one_name_an_exchange",
            ),
            models.UniqueConstraint(
                fields=["exchange", "signs"],
                condition=~Q(signs=""),
                name="one_key_a_party",
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True)
                | Q(name="", owner="", signs="", seals="", gain_digest=""),
                name="who_left_is_erased",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Door(models.Model):
    """An invitation that opens once: only the hash of its code is kept."""

    party = models.ForeignKey(ExchangeParty, models.CASCADE, related_name="doors")
    code_hash = models.CharField(max_length=64, unique=True)
    until = models.DateField()
    used = models.BooleanField(default=False)


class Seat(models.Model):
    """A browser or an installation that speaks for a party: no account, only a token's hash."""

    id = models.BigAutoField(primary_key=True, default=draw_key)
    party = models.ForeignKey(ExchangeParty, models.CASCADE, related_name="seats")
    token_hash = models.CharField(max_length=64, unique=True)
    language = models.CharField(max_length=8, blank=True)
    charter_read = models.PositiveIntegerField(default=0)


class Nonce(models.Model):
    """A signed request that was taken, so that it is not taken twice."""

    party = models.ForeignKey(ExchangeParty, models.CASCADE, related_name="nonces")
    nonce = models.CharField(max_length=32)
    taken_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["party", "nonce"], name="one_nonce_once")]
        indexes = [models.Index(fields=["taken_at"], name="nonces_by_age")]


class Consent(models.Model):
    """A step on the trust ladder, up or down, by a party's own word."""

    party = models.ForeignKey(ExchangeParty, models.CASCADE, related_name="consents")
    rung = models.PositiveSmallIntegerField(choices=Rung.choices)
    on = models.DateField()
