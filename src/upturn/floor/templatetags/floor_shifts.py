"""Words and pictures of shifts and of lists of tables."""

from django import template
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from upturn.floor.queries import in_words
from upturn.graph.engine.tabular_problems import RowProblem, describe

register = template.Library()
COLUMNS: dict[str, Promise] = {
    "table": _("name"),
    "section": _("section"),
    "x_m": _("metres across"),
    "y_m": _("metres down"),
    "kind": _("what"),
}


@register.filter
def row_problem(found: RowProblem) -> str:
    """What is wrong with a cell, and what helps."""
    return describe(found, gettext)


@register.filter
def column_words(field: str) -> Promise:
    """What a column of a list of tables becomes."""
    return COLUMNS[field]


@register.simple_tag
def qr(address: str) -> SafeString:
    """Draw a code that leads to an address; dark on light, whatever the theme of the page."""
    import segno  # noqa: PLC0415 - few pages draw codes

    drawn = segno.make_qr(address, error="m").svg_inline(
        border=4, light="#fff", omitsize=True, svgclass="qr", lineclass=None
    )
    return SafeString(drawn)


@register.filter
def need_words(kind: str) -> str:
    """What is needed, in words; a look at a table is a need without a name."""
    return in_words(kind) if kind else gettext("a look")


@register.simple_tag
def minutes_ago(minutes: int) -> str:
    """How long ago, as a guest reads it."""
    if minutes < 1:
        return gettext("just now")
    return ngettext("%(n)s minute ago", "%(n)s minutes ago", minutes) % {"n": minutes}
