"""A kit is given out as it was shown, and another exchange begins from one."""

from typing import TYPE_CHECKING

from django.db import transaction

from upturn.exchange.commands.holding import convening, log
from upturn.exchange.commands.hosting import ExchangeDraft, open_preparation
from upturn.exchange.commands.refusals import NotReady, Overtaken
from upturn.exchange.engine.kit import as_data
from upturn.exchange.engine.kit_form import Kit
from upturn.exchange.models import Exchange
from upturn.exchange.queries.fences import everywhere
from upturn.exchange.queries.kits import kit_seen

if TYPE_CHECKING:
    from upturn.people.models import Person


@transaction.atomic
def give_out(viewer: "Person", exchange: Exchange, *, mark: str) -> str:
    """Give the file of a kit to who keeps the exchange, if it is still the one that was shown.

    Raises
    ------
    Exchange.DoesNotExist, NotReady, Overtaken
    """
    row = convening(viewer, exchange)
    seen = kit_seen(viewer, row)
    if seen is None:
        raise NotReady(("charter",))
    if seen.mark != mark:
        raise Overtaken
    log(viewer, "give out kit", row)
    return seen.file


@everywhere()
@transaction.atomic
def begin_from_kit(viewer: "Person", kit: Kit, *, key: str, name: str) -> Exchange:
    """Begin to prepare an exchange of a kit's kind, with its words as the first draft.

    Readiness, counsel's word and parties start from nothing. An exchange that this draft began
    before is found again as it is.

    Raises
    ------
    NotYours, Incomplete, NoSuchWord
    """
    draft = ExchangeDraft(key=key, name=name, template=kit.kind, language=kit.language)
    made = open_preparation(viewer, draft)
    if not made.kit and made.turn == 0 and not made.charters.exists():
        made.kit = as_data(kit)
        made.save(update_fields=["kit"])
    return made
