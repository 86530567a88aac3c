"""The hint that somebody sits in much the same boat, and for which team a practice was made."""

from collections.abc import Mapping

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from upturn.exchange.views.likeness_words import ALIKE, TEAMS

register = template.Library()


@register.simple_tag
def boat_hint(alike: Mapping[str, tuple[str, ...]], company: str) -> SafeString | str:
    """Say in what a company is like the viewer's own, in a line; nothing where nothing is told."""
    matters = alike.get(company, ()) if alike else ()
    if not matters:
        return ""
    said = _("In much the same boat as you:") if len(matters) > 1 else _("In one thing like you:")
    same = ", ".join(str(ALIKE[matter]) for matter in matters)
    return format_html('<p class="aside">{} {}</p>', said, same)


@register.filter
def team(tenure: str) -> str:
    """Say for which team a practice was made.

    >>> team("longer")
    'made for a team of long standing'
    """
    return str(TEAMS[tenure][1]) if tenure in TEAMS else ""
