"""The picture of a plan's pyramid."""

from typing import TYPE_CHECKING

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from upturn.graph.engine import Drawing
from upturn.graph.engine.drawing import DrawnParty
from upturn.plan.engine import Health

if TYPE_CHECKING:
    from upturn.plan.queries.plan_pyramid import PyramidHere

register = template.Library()
STROKES: dict[Health, tuple[str, str, str]] = {
    Health.GAP: ("lh", "2.5", "3 5"),
    Health.LATE: ("lh", "2.5", ""),
    Health.ASKED: ("lt", "2.5", ""),
    Health.NOTED: ("lt", "2.5", ""),
    Health.PROMISED: ("l", "1.5", ""),
    Health.KEPT: ("l", "4", ""),
    Health.QUIET: ("lr", "1", ""),
}


@register.simple_tag
def plan_picture(pyramid: "PyramidHere", kind: str, drawing: Drawing) -> SafeString:
    """Draw the parties of a plan and the edges among them; the table holds every line."""
    if not drawing.outline:
        return SafeString()
    edge_of = {edge.number: edge for edge in pyramid.edges}
    strokes = sorted(drawing.edges, key=lambda edge: edge_of[edge.edge].health != Health.QUIET)
    marks = [format_html('<path class="fz" d="{}"/>', drawing.outline)]
    marks += [
        format_html('<path class="lr" d="M{} {}H{}"/>', *map(_text, (b.left, b.y, b.right)))
        for b in drawing.bands
    ]
    marks += [_stroke(edge_of[each.edge].health, each.path) for each in strokes]
    marks += [_name(party) for party in drawing.parties]
    return format_html(
        '<svg class="{}-only" viewBox="0 0 {} {}" width="{}" role="img" '
        'aria-labelledby="{}t {}d"><title id="{}t">{}</title><desc id="{}d">{}</desc>{}</svg>',
        *(kind, _text(drawing.width), _text(drawing.height), _text(drawing.width), kind, kind),
        *(kind, _("The pyramid of this plan"), kind, _described(pyramid)),
        format_html_join("", "{}", ((mark,) for mark in marks)),
    )


def _described(pyramid: "PyramidHere") -> str:
    said = _("Customers on top. Gaps: %(gaps)d, late: %(late)d, kept: %(kept)d.") % {
        "gaps": pyramid.of(Health.GAP),
        "late": pyramid.of(Health.LATE),
        "kept": pyramid.of(Health.KEPT),
    }
    return said + " " + _("The table below holds every line.")


def _stroke(health: Health, path: str) -> SafeString:
    look, width, dashes = STROKES[health]
    dashed = format_html(' stroke-dasharray="{}"', dashes) if dashes else ""
    return format_html('<path class="{}" stroke-width="{}"{} d="{}"/>', look, width, dashed, path)


def _name(party: DrawnParty) -> SafeString:
    lines = ((_text(party.x), _text(y), text) for text, y in party.lines)
    look = "h m" if party.party < 0 else "m b" if party.band == 0 else "m"
    return format_html(
        '<text class="{}" font-size="{}">{}</text>',
        *(look, _text(party.font)),
        format_html_join("", '<tspan class="t" x="{}" y="{}">{}</tspan>', lines),
    )


def _text(value: float) -> str:
    """A number of a picture, which no language writes with a comma."""
    return f"{value:g}"
