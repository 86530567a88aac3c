"""The spine: ask, promise, done, verdict. Moves between states are in ``engine/spine.py``."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from upturn.commitments.engine import Moment, Outcome, RaisedAs, State
from upturn.record.keys import draw_key

RAISED_AS = [
    (RaisedAs.TEAM.value, _("as a team")),
    (RaisedAs.PERSON.value, _("as yourself")),
    (RaisedAs.TICKET.value, _("with a private ticket")),
]


class Undated(models.Model):
    """A row whose key does not say when it came; the order within an ask is its ``turn``."""

    id = models.BigAutoField(primary_key=True, default=draw_key)

    class Meta:
        abstract = True


class Ask(Undated):
    """What would help the served side of ``edge`` to serve.

    An ask raised with a ticket stores no author, only the hash of a code that its holder keeps, and
    no touchpoint, for the log of reading would tell who came from there that day.
    """

    ref = models.CharField(max_length=16, unique=True)
    edge = models.ForeignKey("graph.Serves", models.PROTECT, related_name="+")
    touchpoint = models.ForeignKey("graph.Touchpoint", models.SET_NULL, null=True, related_name="+")
    words = models.TextField()
    because = models.CharField(max_length=200, blank=True)
    raised_as = models.CharField(max_length=8, choices=RAISED_AS)
    raised_by = models.ForeignKey("people.Person", models.SET_NULL, null=True, related_name="+")
    ticket_hash = models.CharField(max_length=64, blank=True)
    raised_on = models.DateField()
    state = models.CharField(max_length=12, choices=[(s, s) for s in State], default=State.ASKED)
    turn = models.PositiveIntegerField(default=0)
    acts_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    raised_as="ticket", raised_by__isnull=True, touchpoint__isnull=True
                )
                & ~models.Q(ticket_hash="")
                | ~models.Q(raised_as="ticket") & models.Q(ticket_hash=""),
                name="a_ticket_has_no_author",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[s.value for s in State]), name="ask_state_known"
            ),
        ]
        indexes = [
            models.Index(fields=["edge", "state", "raised_on"], name="ask_edge_state"),
            models.Index(fields=["state", "acts_on"], name="ask_state_acts_on"),
            models.Index(fields=["raised_by", "raised_on"], name="ask_raised_by"),
            models.Index(fields=["ticket_hash"], name="ask_ticket"),
        ]

    @property
    def asker_stays(self) -> bool:
        """Whether the person who asked is known and still has an open account."""
        return self.raised_by is not None and self.raised_by.is_active


class Promise(Undated):
    """The serving side's answer: what, who, by when, and the sign by which others will notice."""

    ask = models.ForeignKey(Ask, models.CASCADE, related_name="promises")
    turn = models.PositiveIntegerField()
    what = models.CharField(max_length=400)
    who = models.CharField(max_length=80)
    sign = models.CharField(max_length=400)
    made_on = models.DateField()
    due_on = models.DateField()
    done_on = models.DateField(null=True)
    day_100_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ask", "turn"], name="one_promise_a_turn")]
        indexes = [
            models.Index(fields=["due_on"], name="promise_due_on"),
            models.Index(fields=["day_100_on"], name="promise_day_100_on"),
        ]


class Line(Undated):
    """One sentence of the talk between the two sides, kept with the move it came with."""

    ask = models.ForeignKey(Ask, models.CASCADE, related_name="lines")
    turn = models.PositiveIntegerField()
    move = models.CharField(max_length=20)
    words = models.TextField()
    said_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ask", "turn"], name="one_line_a_turn")]


class Verdict(Undated):
    """What the asking side says of a promise, at its due date and on day 100."""

    promise = models.ForeignKey(Promise, models.CASCADE, related_name="verdicts")
    moment = models.CharField(max_length=8, choices=[(m, m) for m in Moment])
    outcome = models.CharField(max_length=8, choices=[(o, o) for o in Outcome])
    words = models.TextField(blank=True)
    given_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["promise", "moment"], name="one_verdict_a_moment")
        ]
        indexes = [models.Index(fields=["given_on"], name="verdict_given_on")]


class Thanks(Undated):
    """Recognition tied to a promise kept. It has no total anywhere."""

    promise = models.OneToOneField(Promise, models.CASCADE, related_name="thanks")
    words = models.CharField(max_length=400)
    given_on = models.DateField()
