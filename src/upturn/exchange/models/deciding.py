"""Decisions with their dissent, joint plans with a part for each, and programmes with a GO."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from upturn.exchange.models.exchanges import Exchange, ExchangeParty
from upturn.exchange.models.talk import Topic
from upturn.record.keys import draw_key


class Focus(models.TextChoices):
    """A week in which all of a joint plan concentrate on the same."""

    TOGETHER = "together", _("all in the same week")
    STEPS = "steps", _("in steps drawn by lot")


class Decision(models.Model):
    """A proposal to all. It closes only when its dissent was read and answered.

    `dissent_read_on` is emptied whenever something new speaks against it. `promises_told` adds up
    parts of which their companies said whether they were kept, `promises_kept` those that were.
    A joint plan may have a `focus` week, not before `focus_from`; `focus_seed` was drawn with the
    proposal, and the weeks drawn with it are the days on which the parts start. `product` is a
    joint plan for something the companies make together.
    """

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="decisions")
    ref = models.CharField(max_length=16, unique=True)
    words = models.CharField(max_length=600)
    collective = models.BooleanField(default=False)
    customer_outcome = models.CharField(max_length=300, blank=True)
    until = models.DateTimeField()
    outcome = models.CharField(max_length=16, blank=True)
    closed_on = models.DateField(null=True)
    review_on = models.DateField(null=True)
    dissent_read_on = models.DateField(null=True)
    promises_told = models.PositiveSmallIntegerField(default=0)
    promises_kept = models.PositiveSmallIntegerField(default=0)
    focus = models.CharField(max_length=8, choices=Focus.choices, blank=True, default="")
    focus_from = models.DateField(null=True)
    focus_seed = models.PositiveIntegerField(null=True)
    product = models.BooleanField(default=False)
    turn = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(collective=False) | ~Q(customer_outcome=""),
                name="a_joint_plan_names_the_customer",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", closed_on__isnull=True)
                | ~Q(outcome="") & Q(closed_on__isnull=False),
                name="an_outcome_has_its_day",
            ),
            models.CheckConstraint(
                condition=Q(focus="")
                | Q(collective=True, focus_from__isnull=False, focus_seed__isnull=False),
                name="a_focus_week_is_of_a_joint_plan",
            ),
            models.CheckConstraint(
                condition=Q(product=False) | Q(collective=True),
                name="a_product_together_is_a_joint_plan",
            ),
        ]


class Position(models.TextChoices):
    CONSENT = "consent", _("consent")
    CONCERN = "concern", _("consent with concern")
    OBJECT = "object", _("object")
    BRAKES = "brakes", _("brakes")


class Stand(models.Model):
    """Where a party stands on a decision. An anonymous concern is not here but in `Dissent`."""

    decision = models.ForeignKey(Decision, models.CASCADE, related_name="stands")
    party = models.ForeignKey(ExchangeParty, models.CASCADE, related_name="+")
    position = models.CharField(max_length=8, choices=Position.choices)
    reason = models.CharField(max_length=600, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["decision", "party"], name="one_stand_a_party"),
            models.CheckConstraint(
                condition=~Q(position=Position.OBJECT) | ~Q(reason=""),
                name="an_objection_has_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(position=Position.BRAKES), name="brakes_are_nobodys"
            ),
        ]


class Dissent(models.Model):
    """What speaks against it; it stays for good. `party` is null when nobody's name is on it."""

    id = models.BigAutoField(primary_key=True, default=draw_key)
    decision = models.ForeignKey(Decision, models.CASCADE, related_name="dissents")
    party = models.ForeignKey(ExchangeParty, models.SET_NULL, null=True, related_name="+")
    words = models.CharField(max_length=600)
    would_change = models.CharField(max_length=300, blank=True)
    answer = models.CharField(max_length=600, blank=True)
    answered_on = models.DateField(null=True)


class PlanPart(models.Model):
    """What a party does in a joint plan, for its customers and for itself, or that it abstains.

    `customer` is what the customer gets by it; parts from before this was asked have none. `told`
    when it said whether it kept this; what it said is added up in the decision.
    """

    decision = models.ForeignKey(Decision, models.CASCADE, related_name="parts")
    party = models.ForeignKey(ExchangeParty, models.CASCADE, related_name="+")
    words = models.CharField(max_length=300, blank=True)
    customer = models.CharField(max_length=300, blank=True)
    win = models.CharField(max_length=300, blank=True)
    abstains = models.BooleanField(default=False)
    starts_on = models.DateField(null=True)
    ask_ref = models.CharField(max_length=16, blank=True)
    told = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["decision", "party"], name="one_plan_part_a_party"),
            models.CheckConstraint(
                condition=Q(abstains=True) | ~Q(words=""), name="a_part_or_an_open_abstention"
            ),
        ]


class ProgrammeState(models.TextChoices):
    EXPECTATIONS = "expectations", _("the client's expectations are taken in")
    BUILDING = "building", _("being built")
    CONSENT = "consent", _("members are asked")
    DECIDES = "decides", _("the client decides")
    LIVE = "live", _("live")
    STOPPED = "stopped", _("stopped")


class Programme(models.Model):
    """A supplier's programme: only the client's GO on this version makes it live.

    `live_version` is the one in force while a changed one waits for its GO.
    """

    exchange = models.ForeignKey(Exchange, models.CASCADE, related_name="programmes")
    ref = models.CharField(max_length=16, unique=True)
    name = models.CharField(max_length=120)
    state = models.CharField(
        max_length=12, choices=ProgrammeState.choices, default=ProgrammeState.EXPECTATIONS
    )
    version = models.PositiveIntegerField(default=1)
    live_version = models.PositiveIntegerField(null=True)
    turn = models.PositiveIntegerField(default=0)


class Expectation(models.Model):
    """What the client expects; taken in before anything is built."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="expectations")
    words = models.CharField(max_length=400)
    on = models.DateField()


class ProgrammeVersion(models.Model):
    """A version: its parts with their owners, as data, and the hash that a GO signs."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    parts = models.JSONField(default=list)
    digest = models.CharField(max_length=64, blank=True)
    frozen_on = models.DateField(null=True)
    dissent_read = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="one_version_a_number")
        ]


class ProgrammeWord(models.Model):
    """A member's consent or objection, or the client's go, not yet or no, on one version."""

    version = models.ForeignKey(ProgrammeVersion, models.CASCADE, related_name="words")
    party = models.ForeignKey(ExchangeParty, models.SET_NULL, null=True, related_name="+")
    said = models.CharField(max_length=8)
    words = models.CharField(max_length=400, blank=True)
    signature = models.CharField(max_length=128, blank=True)
    on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(said="go") | ~Q(signature=""), name="a_go_is_signed"
            )
        ]


class Outcome(models.Model):
    """What somebody says came of it: claimed, not proven, unless a design stands behind it."""

    exchange = models.ForeignKey(Exchange, models.CASCADE, related_name="outcomes")
    words = models.CharField(max_length=300)
    design = models.CharField(max_length=40, blank=True)
    on = models.DateField()


class OutsiderPage(models.Model):
    """A story and three numbers for people outside, shown when every party cleared this text."""

    exchange = models.ForeignKey(Exchange, models.CASCADE, related_name="pages")
    number = models.PositiveIntegerField()
    story = models.TextField(max_length=2000)
    numbers = models.JSONField(default=list)
    digest = models.CharField(max_length=64)
    on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["exchange", "number"], name="one_page_a_number")
        ]


class Clearance(models.Model):
    page = models.ForeignKey(OutsiderPage, models.CASCADE, related_name="clearances")
    party = models.ForeignKey(ExchangeParty, models.CASCADE, related_name="+")
    on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["page", "party"], name="one_clearance_a_party")
        ]
