"""Two questions a month to those who lead, and what their teams say to the answers."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Question(models.TextChoices):
    SERVE = "serve", _("How can you serve and add value to the people who work for you?")
    CULTURE = "culture", _("How can you create a culture of service?")


class WordState(models.TextChoices):
    SAID = "said", _("said")
    CONFIRMED = "confirmed", _("the team said so too")
    EDITED = "edited", _("the team put it otherwise")


class LeaderWord(models.Model):
    """What those who lead `party` answered in a month; then what the team made of it.

    It is told as the answer of the party's leading people and counted nowhere. `month` is the first
    day of the month.
    """

    ref = models.CharField(max_length=16, unique=True)
    party = models.ForeignKey("graph.Party", models.CASCADE, related_name="+")
    question = models.CharField(max_length=8, choices=Question.choices)
    month = models.DateField()
    words = models.TextField()
    state = models.CharField(max_length=10, choices=WordState.choices, default=WordState.SAID)
    team_words = models.TextField(blank=True)
    said_on = models.DateField()
    answered_on = models.DateField(null=True)
    turn = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["party", "question", "month"], name="one_answer_a_question_and_month"
            ),
            models.CheckConstraint(
                condition=models.Q(question__in=Question.values), name="leader_question_known"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=WordState.values), name="leader_word_state_known"
            ),
        ]
