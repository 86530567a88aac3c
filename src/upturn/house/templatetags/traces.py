"""Where pages of other rooms show a trace; the rooms themselves know nothing of it."""

from typing import Any

from django import template
from django.template import Context

from upturn.trace import queries as trace

register = template.Library()


@register.inclusion_tag("house/_trace_of_point.html", takes_context=True)
def trace_of_point(context: Context, key: str, *, fell: bool) -> dict[str, Any]:
    """The newest trace of a touchpoint, and the button that makes one where its score fell."""
    found = trace.latest_at(context["user"], key)
    return {"key": key, "found": found, "fell": fell, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("house/_trace_of_ask.html", takes_context=True)
def trace_of_ask(context: Context, ref: str) -> dict[str, Any]:
    """The trace that an ask carries."""
    user = context["user"]
    return {"found": trace.trace_of_ask(user, ref) if user.is_authenticated else None}
