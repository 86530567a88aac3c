"""Words of programmes and meetings."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

register = template.Library()


@register.simple_tag
def said_line(word: Any) -> SafeString:
    """Say who said what on a version, in one line."""
    said = {
        "consent": _("consents"),
        "concern": _("consents, with a concern"),
        "object": _("objects"),
        "go": _("said GO, signed"),
        "not_yet": _("said not yet"),
        "no": _("said no"),
        "would_go": _("said what would make it a go"),
    }
    who = word.company or _("A company that left")
    return format_html('<b dir="auto">{}</b> {}', who, said.get(word.said, word.said))


@register.filter
def percent(share: float) -> str:
    """Write a share as a whole percentage.

    >>> percent(0.806)
    '81 %'
    """
    return f"{share:.0%}".replace("%", " %")


@register.filter
def between(figure: Any) -> str:
    """Write the range of a share in whole percent.

    >>> from upturn.stats.figures import Figure
    >>> between(Figure(0.8, 0.376, 0.964, 5))
    '38–96 %'
    """
    return f"{100 * figure.low:.0f}–{percent(figure.high)}"
