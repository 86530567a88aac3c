"""The register of rules, barriers that people named, and words that are their own."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from upturn.partners.engine import Barrier, RuleState
from upturn.partners.models.undated import Line, Undated

BARRIERS = [
    (Barrier.STATUS_SYMBOLS.value, _("status symbols")),
    (Barrier.HIERARCHY.value, _("hierarchy")),
    (Barrier.BUREAUCRACY.value, _("bureaucracy")),
    (Barrier.DEPARTMENTALISM.value, _("departmentalism")),
    (Barrier.TECHNICAL_ELITISM.value, _("technical elitism")),
    (Barrier.LANGUAGE.value, _("language")),
]
STORED = [RuleState.IN_FORCE, RuleState.QUESTIONED, RuleState.RETIRED]


class Rule(Undated):
    """Something people must or must not do; ``keeper`` answers for it, until ``ends_on``.

    A rule expires by its date alone: no row says so. Whoever questions it without a name is stored
    nowhere. ``watch`` names the measure or the moment that is looked at after it was retired.
    """

    ref = models.CharField(max_length=16, unique=True)
    words = models.TextField()
    why = models.TextField(blank=True)
    barrier = models.CharField(max_length=20, choices=BARRIERS, blank=True)
    keeper = models.ForeignKey("graph.Party", models.PROTECT, related_name="+")
    for_whom = models.ForeignKey("graph.Party", models.SET_NULL, null=True, related_name="+")
    made_on = models.DateField()
    ends_on = models.DateField()
    state = models.CharField(
        max_length=12, choices=[(s, s) for s in STORED], default=RuleState.IN_FORCE
    )
    turn = models.PositiveIntegerField(default=0)
    questioned_by = models.ForeignKey("people.Person", models.SET_NULL, null=True, related_name="+")
    retired_on = models.DateField(null=True)
    watch = models.CharField(max_length=260, blank=True)
    watch_weeks = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=[s.value for s in STORED]), name="rule_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(barrier__in=["", *(b.value for b in Barrier)]),
                name="rule_barrier_known",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("made_on")),
                name="rule_ends_after_it_began",
            ),
            models.CheckConstraint(
                condition=models.Q(state=RuleState.RETIRED.value, retired_on__isnull=False)
                | ~models.Q(state=RuleState.RETIRED.value) & models.Q(retired_on__isnull=True),
                name="retired_rules_say_since_when",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "ends_on"], name="rule_state_ends"),
            models.Index(fields=["barrier"], name="rule_barrier"),
        ]

    def __str__(self) -> str:
        return self.words


class RuleLine(Line):
    """What was said with a move of a rule; nobody's name stands on it."""

    rule = models.ForeignKey(Rule, models.CASCADE, related_name="lines")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rule", "turn"], name="one_rule_line_a_turn")
        ]


class NamedBarrier(Undated):
    """What somebody named as standing in the way, under one of the six; the name is optional."""

    ref = models.CharField(max_length=16, unique=True)
    barrier = models.CharField(max_length=20, choices=BARRIERS)
    words = models.TextField()
    at = models.ForeignKey("graph.Party", models.SET_NULL, null=True, related_name="+")
    named_by = models.ForeignKey("people.Person", models.SET_NULL, null=True, related_name="+")
    named_on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(barrier__in=[b.value for b in Barrier]),
                name="named_barrier_known",
            )
        ]
        indexes = [models.Index(fields=["barrier", "named_on"], name="barrier_named_on")]

    def __str__(self) -> str:
        return self.words


class OwnWord(models.Model):
    """A word that is no jargon here, because those who serve use it themselves."""

    word = models.CharField(max_length=60, unique=True)

    def __str__(self) -> str:
        return self.word
