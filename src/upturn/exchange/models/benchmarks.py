"""Sealed benchmarks: everything here is public to all members, and a figure is in none of it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from upturn.exchange.models.exchanges import Exchange, ExchangeParty


class BenchmarkState(models.TextChoices):
    ROSTER = "roster", _("the roster is signed")
    SUBMITTING = "submitting", _("ballots come in")
    CONFIRMING = "confirming", _("the accepted list is confirmed")
    OPENING = "opening", _("sums come in")
    OPENED = "opened", _("opened")
    REFUSED = "refused", _("not opened")


class Benchmark(models.Model):
    """One round, from the roster to its totals. The host keeps messages and can open none.

    `roster`, `sheet`, `accepted` and `totals` are the engine's messages as bytes; `sheet_digest`
    goes into everything after it. `refused_because` says which rule kept it from being opened.
    """

    exchange = models.ForeignKey(Exchange, models.CASCADE, related_name="benchmarks")
    ref = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=120)
    state = models.CharField(
        max_length=12, choices=BenchmarkState.choices, default=BenchmarkState.ROSTER
    )
    closes_at = models.DateTimeField()
    roster = models.BinaryField()
    sheet = models.BinaryField()
    sheet_digest = models.CharField(max_length=64)
    accepted = models.BinaryField(default=bytes)
    totals = models.BinaryField(default=bytes)
    opened_on = models.DateField(null=True)
    refused_because = models.CharField(max_length=400, blank=True)
    turn = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=BenchmarkState.OPENED) | Q(opened_on__isnull=False),
                name="opened_on_a_day",
            )
        ]


class MessageKind(models.TextChoices):
    ROSTER = "roster", _("signature under the roster")
    BALLOT = "ballot", _("ballot")
    CONFIRMATION = "confirmation", _("confirmation")
    SUMS = "sums", _("sums")


class SealedMessage(models.Model):
    """A member's message in a round. A later ballot replaces an earlier one; the others stand."""

    benchmark = models.ForeignKey(Benchmark, models.CASCADE, related_name="messages")
    kind = models.CharField(max_length=12, choices=MessageKind.choices)
    party = models.ForeignKey(ExchangeParty, models.SET_NULL, null=True, related_name="+")
    number = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField(default=0)
    content = models.BinaryField()
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["benchmark", "kind", "number"], name="one_message_of_a_kind"
            )
        ]


class SealedBox(models.Model):
    """A ballot's share for one holder; whoever holds the other key alone can open it."""

    ballot = models.ForeignKey(SealedMessage, models.CASCADE, related_name="boxes")
    holder = models.PositiveSmallIntegerField()
    content = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ballot", "holder"], name="one_box_a_holder")
        ]
