"""Who of the installation keeps an exchange."""

from upturn.exchange.models import Convener, Exchange
from upturn.exchange.queries.sight import Viewer, check_convene
from upturn.people.queries import names


def keepers(viewer: Viewer, exchange: Exchange) -> tuple[str, ...]:
    """Name those who keep an exchange, to each of them; raises Exchange.DoesNotExist for others."""
    check_convene(viewer, exchange)
    rows = Convener.objects.filter(exchange=exchange).order_by("pk")
    found = names(rows.values_list("person_id", flat=True))
    return tuple(sorted(found.values()))
