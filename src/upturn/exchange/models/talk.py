"""What is said: topics and brakes, rounds and answers, practice cards, and what was held."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from upturn.exchange.models.exchanges import Exchange, ExchangeParty
from upturn.record.keys import draw_key


class Topic(models.Model):
    """What they talk about. `stopped_on` since somebody pressed the brakes; nobody knows who."""

    exchange = models.ForeignKey(Exchange, models.CASCADE, related_name="topics")
    ref = models.CharField(max_length=16, unique=True)
    name = models.CharField(max_length=120)
    stopped_on = models.DateField(null=True)
    turn = models.PositiveIntegerField(default=0)


class Brake(models.Model):
    """The brakes were pressed: which topic, which day, a reason if one was given. Never by whom."""

    id = models.BigAutoField(primary_key=True, default=draw_key)
    topic = models.ForeignKey(Topic, models.CASCADE, related_name="brakes")
    on = models.DateField()
    reason = models.CharField(max_length=300, blank=True)
    lifted_on = models.DateField(null=True)


class Objection(models.Model):
    """A party had it put on record that it objected and left: its own will, beside any brake."""

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="objections")
    party = models.ForeignKey(ExchangeParty, models.SET_NULL, null=True, related_name="+")
    words = models.CharField(max_length=300, blank=True)
    on = models.DateField()


class RoundKind(models.TextChoices):
    QUESTION = "question", _("question round")
    BRAINSTORM = "brainstorm", _("brainstorm")
    LISTENING = "listening", _("strategic listening")
    HOST = "host", _("asked about the host")


class RoundPhase(models.TextChoices):
    WRITE = "write", _("everybody writes")
    READ = "read", _("everybody reads")
    BUILD = "build", _("ideas are built on")
    WEIGH = "weigh", _("ideas are weighed")
    OVER = "over", _("over")


class Round(models.Model):
    """A question to all: nobody reads before all have answered or `until` is over.

    Ideas rest until `rests_until` before they are weighed. A round about the host is anonymous by
    company, and the host answers until `answer_by`.
    """

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="rounds")
    ref = models.CharField(max_length=16, unique=True)
    kind = models.CharField(max_length=12, choices=RoundKind.choices, default=RoundKind.QUESTION)
    question = models.CharField(max_length=300)
    phase = models.CharField(max_length=8, choices=RoundPhase.choices, default=RoundPhase.WRITE)
    until = models.DateTimeField()
    rests_until = models.DateTimeField(null=True)
    answer_by = models.DateField(null=True)
    answer = models.TextField(max_length=2000, blank=True)
    answered_on = models.DateField(null=True)
    asked_on = models.DateField()
    turn = models.PositiveIntegerField(default=0)


class Part(models.Model):
    """That a party handed in its answer, or its "us too" marks; nothing of what they say."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="parts")
    party = models.ForeignKey(ExchangeParty, models.CASCADE, related_name="+")
    answered = models.BooleanField(default=False)
    marked = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "party"], name="one_part_a_party")]


class Post(models.Model):
    """An answer, an idea or what was built on it. `party` only if the round shows companies.

    `us_too` counts parties for which it holds as well; shown only from five. Its author alone
    knows the key and can take it back.
    """

    id = models.BigAutoField(primary_key=True, default=draw_key)
    round = models.ForeignKey(Round, models.CASCADE, related_name="posts")
    ref = models.CharField(max_length=32, unique=True)
    key_hash = models.CharField(max_length=64)
    party = models.ForeignKey(ExchangeParty, models.SET_NULL, null=True, related_name="+")
    words = models.CharField(max_length=1200)
    builds_on = models.ForeignKey("self", models.SET_NULL, null=True, related_name="built")
    us_too = models.PositiveSmallIntegerField(default=0)
    pulled_on = models.DateField(null=True)


class Turn(models.Model):
    """Strategic listening: who spoke, who said it again in own words, who replied. No text."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="turns")
    number = models.PositiveSmallIntegerField()
    step = models.CharField(max_length=8)
    party = models.ForeignKey(ExchangeParty, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="one_turn_at_a_time")
        ]


class PracticeCard(models.Model):
    """How somebody does it. Every field is filled; a party that leaves takes its name along.

    `tenure` says for which teams it was made: how long their people have usually been there.
    """

    exchange = models.ForeignKey(Exchange, models.CASCADE, related_name="cards")
    ref = models.CharField(max_length=16, unique=True)
    topic = models.ForeignKey(Topic, models.SET_NULL, null=True, related_name="cards")
    party = models.ForeignKey(ExchangeParty, models.SET_NULL, null=True, related_name="+")
    title = models.CharField(max_length=120)
    situation = models.CharField(max_length=600)
    what_we_do = models.CharField(max_length=1200)
    how_we_managed = models.CharField(max_length=1200)
    conditions = models.CharField(max_length=600)
    evidence = models.CharField(max_length=600)
    tenure = models.CharField(max_length=16, default="any")
    on = models.DateField()
    pulled_on = models.DateField(null=True)
    turn = models.PositiveIntegerField(default=0)


class Trial(models.Model):
    """A party tries a practice; it begins in steps, so that its effect can be read."""

    card = models.ForeignKey(PracticeCard, models.CASCADE, related_name="trials")
    ref = models.CharField(max_length=16, unique=True)
    party = models.ForeignKey(ExchangeParty, models.CASCADE, related_name="+")
    steps = models.JSONField(default=list)
    ask_ref = models.CharField(max_length=16, blank=True)
    on = models.DateField()
    adopted_on = models.DateField(null=True)


class Thanks(models.Model):
    """Why a practice helped. It has a reason and no number, and nobody adds it up."""

    card = models.ForeignKey(PracticeCard, models.CASCADE, related_name="thanks")
    party = models.ForeignKey(ExchangeParty, models.SET_NULL, null=True, related_name="+")
    reason = models.CharField(max_length=300)
    on = models.DateField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="thanks_have_a_reason")]


class Held(models.Model):
    """A text on its way past the steward, sealed to the steward's key and deleted on decision."""

    exchange = models.ForeignKey(Exchange, models.CASCADE, related_name="held")
    ref = models.CharField(max_length=32, unique=True)
    key_hash = models.CharField(max_length=64)
    sealed = models.BinaryField(max_length=8192)
    on = models.DateField()


class GuardRecord(models.Model):
    """That a rule stopped a text and what became of it. No text and no author."""

    id = models.BigAutoField(primary_key=True, default=draw_key)
    exchange = models.ForeignKey(Exchange, models.CASCADE, related_name="guard_records")
    rule = models.CharField(max_length=32)
    version = models.CharField(max_length=16)
    topic = models.CharField(max_length=16)
    text_digest = models.CharField(max_length=64)
    stop = models.CharField(max_length=4)
    action = models.CharField(max_length=12)
    on = models.DateField()


class SideNote(models.Model):
    """A private word to the host. It is never passed on, and nobody else can open it."""

    id = models.BigAutoField(primary_key=True, default=draw_key)
    exchange = models.ForeignKey(Exchange, models.CASCADE, related_name="side_notes")
    words = models.CharField(max_length=400)
    same_boat = models.BooleanField(default=False)
    on = models.DateField()
