"""Each company says once whether it kept its promise in a joint plan; it is only added up."""

from datetime import date

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from upturn.exchange.commands.holding import acting, log_nobody
from upturn.exchange.commands.refusals import NotYours, told
from upturn.exchange.engine import Act
from upturn.exchange.models import Decision
from upturn.exchange.queries.kept import promise_to_tell
from upturn.exchange.queries.sittings import Sitting


@transaction.atomic
def say_whether_kept(sitting: Sitting, ref: str, *, kept: bool, today: date) -> None:
    """Say whether the own promise was kept; that it was said is noted, and not what.

    Raises
    ------
    Decision.DoesNotExist, NotYours
        And what `acting` raises.
    """
    exchange, _party = acting(sitting, Act.DISSENT)
    part = promise_to_tell(sitting, ref, today=today)
    if part is None:
        raise NotYours(told(_("There is no promise of yours here to say this of, or it was said.")))
    part.told = True
    part.save(update_fields=["told"])
    Decision.objects.filter(pk=part.decision_id).update(
        promises_told=F("promises_told") + 1, promises_kept=F("promises_kept") + int(kept)
    )
    log_nobody("say whether kept", exchange)
