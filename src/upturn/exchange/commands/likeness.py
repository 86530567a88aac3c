"""A company says in coarse bands what boat it sits in, and takes it back."""

from collections.abc import Mapping

from django.db import transaction

from upturn.exchange.commands.holding import acting, log_nobody, present
from upturn.exchange.engine import Act
from upturn.exchange.engine.likeness import told_in_bands
from upturn.exchange.models import Likeness
from upturn.exchange.queries.sittings import Sitting


@transaction.atomic
def say_likeness(sitting: Sitting, given: Mapping[str, str]) -> None:
    """Say size, tenure and channel in bands, or leave them unsaid; it replaces what was said.

    Raises
    ------
    Gone, NotOpen, SignFirst, Suspended, NotYours, TooLow, NoSuchWord
    """
    exchange, party = acting(sitting, Act.PAIR)
    said = told_in_bands(given)
    Likeness.objects.filter(party=party).delete()
    if said:
        Likeness.objects.create(party=party, **said)
    log_nobody("say likeness", exchange)


@transaction.atomic
def take_likeness_back(sitting: Sitting) -> None:
    """Take back all a company said of itself: from any rung, also while the exchange rests.

    Raises
    ------
    Gone
    """
    exchange, party = present(sitting)
    Likeness.objects.filter(party=party).delete()
    log_nobody("take likeness back", exchange)
