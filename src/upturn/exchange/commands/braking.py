"""The brakes stop a topic at once and have no name; an objection is put on record by its own."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from upturn.exchange.commands.guarding import Checked, pass_guard
from upturn.exchange.commands.holding import acting, log, log_nobody, stewarding
from upturn.exchange.commands.hosting import tidy
from upturn.exchange.commands.refusals import GuardStopped, NotYours, told
from upturn.exchange.engine import Act, Incomplete, RulesBroken
from upturn.exchange.models import Brake, Objection, Topic
from upturn.exchange.queries.rounds import topic_by_ref
from upturn.exchange.queries.sittings import Sitting

REASON_MOST = 300


@transaction.atomic
def press_brakes(
    sitting: Sitting, ref: str, *, today: date, reason: str = "", checked: Checked | None = None
) -> bool:
    """Stop a topic at once, with or without a reason; say whether the reason was kept.

    A reason that the guard stops is dropped, and the brakes are on all the same.

    Raises
    ------
    Topic.DoesNotExist
        And what `acting` raises; every rung may do it, and who pauses too.
    """
    exchange, _party = acting(sitting, Act.PRESS_BRAKES)
    topic = _held(sitting, ref)
    said = tidy(reason, most=REASON_MOST)
    try:
        pass_guard(exchange, checked or Checked(""), said)
    except (GuardStopped, RulesBroken):
        said = ""
    if topic.stopped_on is None or said:
        Brake.objects.create(topic=topic, on=today, reason=said)
    if topic.stopped_on is None:
        topic.stopped_on, topic.turn = today, topic.turn + 1
        topic.save(update_fields=["stopped_on", "turn"])
    log_nobody("press brakes", exchange)
    return bool(said)


def _held(sitting: Sitting, ref: str) -> Topic:
    return Topic.objects.select_for_update().get(pk=topic_by_ref(sitting, ref).pk)


@transaction.atomic
def lift_brakes(sitting: Sitting, ref: str, *, today: date) -> Topic:
    """Lift the brakes, once it was talked over: the steward alone.

    Raises
    ------
    Topic.DoesNotExist, NotYours
    """
    exchange, _party = stewarding(sitting)
    topic = _held(sitting, ref)
    if topic.stopped_on is None:
        raise NotYours(told(_("The brakes are not on for this topic.")))
    topic.brakes.filter(lifted_on__isnull=True).update(lifted_on=today)
    topic.stopped_on, topic.turn = None, topic.turn + 1
    topic.save(update_fields=["stopped_on", "turn"])
    log(sitting, "lift brakes", exchange)
    return topic


@transaction.atomic
def object_and_leave(
    sitting: Sitting, ref: str, checked: Checked, *, words: str, today: date
) -> Objection:
    """Put on record, with the company's name, that it objected and left the talk.

    Raises
    ------
    Topic.DoesNotExist, Incomplete, GuardStopped, RulesBroken
        And what `acting` raises.
    """
    exchange, party = acting(sitting, Act.DISSENT)
    topic = _held(sitting, ref)
    said = tidy(words, most=REASON_MOST)
    if not said:
        raise Incomplete(told(_("Say in a line what you object to.")))
    pass_guard(exchange, checked, said)
    made, new = Objection.objects.get_or_create(topic=topic, party=party, words=said, on=today)
    if new:
        log(sitting, "object and leave", exchange)
    return made
