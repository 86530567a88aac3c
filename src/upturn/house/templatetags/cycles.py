"""Where the page of an ask shows improvement cycles; the room of asks knows nothing of them."""

from typing import Any

from django import template
from django.template import Context

from upturn.commitments.queries import Standing
from upturn.partners.queries.cycles import cycles_on_ask
from upturn.partners.queries.rules import may_see_rules
from upturn.people.queries import parties_of

register = template.Library()


@register.inclusion_tag("house/_cycles_of_ask.html", takes_context=True)
def cycles_of_ask(context: Context, here: Standing) -> dict[str, Any]:
    """Cycles that hang on an ask, and the way to begin one for its two sides."""
    user = context["user"]
    if not user.is_authenticated or not may_see_rules(user):
        return {}
    sides = {here.server.id, here.served.id}
    return {
        "ask": here.ask,
        "cycles": cycles_on_ask(user, here.ask.ref),
        "may_begin": bool(sides & parties_of(user)),
    }
