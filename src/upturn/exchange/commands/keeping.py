"""Somebody else of the installation keeps an exchange too, or stops; somebody always does."""

from typing import TYPE_CHECKING

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from upturn.exchange.commands.holding import changed, check_alive, convening, log
from upturn.exchange.commands.refusals import NotYours, told
from upturn.exchange.engine import Incomplete
from upturn.exchange.models import Convener, Exchange
from upturn.exchange.queries.sight import may_prepare
from upturn.people.queries import to_be_seated

if TYPE_CHECKING:
    from upturn.people.models import Person


@transaction.atomic
def let_keep(viewer: "Person", exchange: Exchange, username: str) -> None:
    """Let somebody keep the exchange too; who does already stays.

    Raises
    ------
    Exchange.DoesNotExist, NotOpen, Incomplete, NotYours
    """
    row = convening(viewer, exchange)
    check_alive(row)
    try:
        person = to_be_seated(viewer, username.strip())
    except ObjectDoesNotExist as error:
        said = _("Nobody here has the user name “{name}”. It is on their own page.")
        raise Incomplete(told(said, name=username.strip()[:60])) from error
    if not may_prepare(person):
        raise NotYours(told(_("Exchanges are kept by those who lead or facilitate.")))
    _kept, new = Convener.objects.get_or_create(exchange=row, person=person)
    if new:
        changed(row)
        log(viewer, "let keep", row)


@transaction.atomic
def stop_keeping(viewer: "Person", exchange: Exchange) -> None:
    """Keep the exchange no longer, where somebody else does.

    Raises
    ------
    Exchange.DoesNotExist, NotYours
    """
    row = convening(viewer, exchange)
    if not Convener.objects.filter(exchange=row).exclude(person=viewer).exists():
        said = _("You alone keep it. Let somebody else keep it first, then stop.")
        raise NotYours(told(said))
    Convener.objects.filter(exchange=row, person=viewer).delete()
    changed(row)
    log(viewer, "stop keeping", row)
