"""Where the page of a closed workshop offers a plan; the room of workshops knows no plans."""

from typing import Any

from django import template
from django.template import Context

from upturn.house.workshop_plan import offer
from upturn.loop.models import Workshop

register = template.Library()


@register.inclusion_tag("house/_workshop_plan.html", takes_context=True)
def plan_from_cards(context: Context, workshop: Workshop) -> dict[str, Any]:
    """The plan that was begun with the cards of a workshop, or the button that begins one."""
    return {"offer": offer(context["user"], workshop)}
