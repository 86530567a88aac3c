"""What people wrote, without whose phone it came from, and who is doing it already."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from upturn.loop.models.workshops import Workshop
from upturn.record.keys import draw_key


class CardKind(models.TextChoices):
    ANSWER = "answer", _("answer")
    DISTINCTIVE = "distinctive", _("distinctive")
    WELL_ENOUGH = "well_enough", _("well enough")
    STORY = "story", _("story")
    OBJECTION = "objection", _("objection")
    IDEA = "idea", _("idea")


class CardGroup(models.Model):
    """Cards that say the like, under words of the facilitator or, until then, of one of them."""

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="groups")
    ref = models.CharField(max_length=16, unique=True)
    step = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    by_hand = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)


class Card(models.Model):
    """One card of a step. `ref` is drawn by the phone: a second sending finds the first.

    `key_hash` is the hash of a key that stays on the phone: with it the writer corrects the card,
    takes it back, or reads why it was hidden. `signed` is a name only if the writer signed.
    """

    id = models.BigAutoField(primary_key=True, default=draw_key)
    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="cards")
    ref = models.CharField(max_length=32, unique=True)
    key_hash = models.CharField(max_length=64)
    step = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=CardKind.choices, default=CardKind.ANSWER)
    words = models.TextField()
    language = models.CharField(max_length=8, blank=True)
    signed = models.CharField(max_length=80, blank=True)
    from_expert = models.BooleanField(default=False)
    group = models.ForeignKey(CardGroup, models.SET_NULL, null=True, related_name="cards")
    hidden_because = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=CardKind.values), name="card_kind_known")
        ]
        indexes = [models.Index(fields=["workshop", "step"], name="cards_of_a_step")]


class NominationState(models.TextChoices):
    ASKED = "asked", _("asked")
    AGREED = "agreed", _("agreed to tell")
    REFUSED = "refused", _("would rather not")
    APPROVED = "approved", _("approved what is written")


class Nomination(models.Model):
    """Somebody who is doing it already, as somebody noticed; nothing is shown without consent.

    The name stands here until the nominee answers; a refusal erases it. `card` is the story, shown
    once it is approved, and `further` that it may leave the room as a practice card. `code` lets
    the nominee answer from any phone.
    """

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="nominations")
    ref = models.CharField(max_length=16, unique=True)
    code = models.CharField(max_length=16, unique=True)
    nominee = models.CharField(max_length=80, blank=True)
    noticed = models.CharField(max_length=400)
    state = models.CharField(
        max_length=10, choices=NominationState.choices, default=NominationState.ASKED
    )
    how = models.TextField(blank=True)
    further = models.BooleanField(default=False)
    card = models.OneToOneField(Card, models.SET_NULL, null=True, related_name="nomination")
    turn = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=NominationState.values), name="nomination_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state=NominationState.REFUSED) | Q(nominee="", how=""),
                name="a_refusal_keeps_no_name",
            ),
        ]
