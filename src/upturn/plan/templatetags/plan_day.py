"""Times and pictures of the customer's day, drawn on the server."""

from collections.abc import Iterable, Mapping
from secrets import token_urlsafe
from typing import TYPE_CHECKING, Any

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from upturn.graph import queries as graph
from upturn.plan.engine import DayDrawing, Dot, Handle, Health, Scale
from upturn.record.kept import keep
from upturn.stats import Figure

if TYPE_CHECKING:
    from upturn.plan.queries.day import DayHere, Known, MomentHere

register = template.Library()
DAY = 1440
SMALL = 240  # units across of the picture in a row of a phone
HEALTH: dict[str, Promise] = {
    Health.GAP: gettext_lazy("a gap: nothing comes yet"),
    Health.LATE: gettext_lazy("promised, and late"),
    Health.ASKED: gettext_lazy("asked"),
    Health.NOTED: gettext_lazy("written down, not asked yet"),
    Health.PROMISED: gettext_lazy("promised"),
    Health.KEPT: gettext_lazy("kept"),
    Health.QUIET: gettext_lazy("the plan asks nothing of it"),
}


@register.filter
def clock(at: int) -> str:
    """Minutes after midnight as a time; after the next midnight too."""
    return f"{at // 60 % 24:02}:{at % 60:02}"


@register.filter
def next_day(at: int) -> bool:
    """Whether a time is after midnight of a day that goes on."""
    return at >= DAY


@register.filter
def health_words(health: str) -> Promise:
    """How an edge of a plan stands."""
    return HEALTH[health]


@register.simple_tag
def draw_key() -> str:
    """A key under which a change is made once, however often it is sent."""
    return token_urlsafe(12)


@register.simple_tag
def overtaken_words(facts: Mapping[str, Any]) -> SafeString:
    """What a row said, as far as somebody writes it: its words, or its time and name."""
    party = graph.snapshot().party
    said = [clock(facts["at"])] if "at" in facts else []
    said += [facts[name] for name in ("name", "wants", "words", "well_enough") if facts.get(name)]
    said += [graph.full_name(party[each]) for each, _way in facts.get("parties", ())
             if each in party]  # fmt: skip
    if facts.get("provider_id") in party:
        said.append(graph.full_name(party[facts["provider_id"]]))
    return format_html("<p>{}</p>", format_html_join(SafeString("<br>"), "{}", zip(said)))


@register.filter
def in_short(known: "Known") -> str:
    """Words that fit beside others; longer ones stand on the page of the moment, never cut."""
    words = "".join(part.text for part in known.quote.parts) if known.quote else ""
    return words if len(words) <= 120 else ""


@register.simple_tag(takes_context=True)
def moment_row(context: Context, moment: "MomentHere") -> SafeString:
    """Write a moment in the list; kept as long as nothing that is written of it changes."""
    day, plan, reads_words = context["day"], context["plan"], context["reads_words"]
    told = {"day": day, "plan": plan, "moment": moment, "reads_words": reads_words}
    sags = day.drawing.sags == moment.ref
    return keep(
        ("row of a day", plan.pk, moment.ref, reads_words, get_language()),
        as_of=(moment, day.drawing.scale, sags),
        read=lambda: render_to_string("plan/day/_moment.html", told),
    )


@register.simple_tag
def day_strip(day: "DayHere", number: int) -> SafeString:
    """Draw one strip of the journey map; the list below it holds every figure."""
    drawing = day.drawing
    strip, told = drawing.strips[number], {each.ref: each for each in day.moments}
    marks = "".join(
        (
            *_ticks(drawing),
            *(
                f'<path class="{"l" if each.known else "le"}" d="{each.path}"/>'
                for each in strip.line
            ),
            *(_dot(dot, told[dot.ref]) for dot in strip.dots),
        )
    )
    return format_html(
        '<svg class="day-line" viewBox="0 4 {} {}" role="img" aria-labelledby="dt{} dd{}">'
        '<title id="dt{}">{}</title><desc id="dd{}">{}</desc>{}</svg>',
        *(_text(drawing.width), _text(drawing.height), number, number),
        *(number, _("Scores along the customer’s day"), number, _described(day, number)),
        SafeString(marks),
    )


def _described(day: "DayHere", number: int) -> str:
    here = day.strips[number]
    said = ngettext("%(n)d moment, ", "%(n)d moments, ", len(here)) % {"n": len(here)}
    said += _("from %(first)s to %(last)s.") % {"first": here[0].name, "last": here[-1].name}
    lowest = day.sags
    if lowest and lowest in here and isinstance(lowest.known.figure, Figure):
        value = f"{lowest.known.figure.value:.1f}"
        said += " " + _("The day sags at %(name)s: %(value)s.") % {
            "name": lowest.name,
            "value": value,
        }
    return said + " " + _("The list below holds every figure.")


def _ticks(drawing: DayDrawing) -> Iterable[str]:
    wide = _text(drawing.width)
    for y, value in drawing.ticks:
        yield f'<path class="lr" d="M0 {y:g}H{wide}"/>'
        yield f'<text class="q e" x="{wide}" y="{y - 4:g}">{value:.0f}</text>'


def _dot(dot: Dot, moment: "MomentHere") -> str:
    """Draw a moment; it is of numbers and classes, which need no escaping."""
    figure = moment.known.figure
    if dot.look == "held" or not isinstance(figure, Figure):
        return f'<circle class="o" cx="{dot.x:g}" cy="{dot.y:g}" r="6" stroke-dasharray="2 3"/>'
    range_, mark, told, size = ("lh", "fh", "h", 8) if dot.look == "sags" else ("l", "f", "b", 6)
    x, y = dot.label
    return (
        f'<path class="{range_}" stroke-width="1.5" d="M{dot.x:g} {dot.low_y:g}V{dot.high_y:g}"/>'
        f'<circle class="{mark}" cx="{dot.x:g}" cy="{dot.y:g}" r="{size}"/>'
        f'<text class="{told} halo" x="{x:g}" y="{y:g}">{one_decimal(figure)}</text>'
    )


def one_decimal(figure: Figure) -> str:
    """A value as a picture writes it; in the language's own way stands it in the list."""
    return f"{figure.value:.1f}"


@register.simple_tag
def dot_row(day: "DayHere", moment: "MomentHere") -> SafeString:
    """Draw one moment on the scale of the day, for the list that a phone shows."""
    scale, figure = day.drawing.scale, moment.known.figure
    if scale is None:
        return SafeString()
    marks = [format_html('<path class="lr" d="M8 9H{}"/>', SMALL - 8)]
    if isinstance(figure, Figure):
        waits = day.drawing.sags == moment.ref
        low, at, high = (_across(value, scale) for value in (figure.low, figure.value, figure.high))
        marks.append(
            format_html(
                '<path class="{}" stroke-width="1.5" d="M{} 9H{}"/><circle class="{}" cx="{}" '
                'cy="9" r="5.5"/>',
                *("lh" if waits else "l", low, high, "fh" if waits else "f", at),
            )
        )
    inside = format_html_join("", "{}", ((mark,) for mark in marks))
    return format_html(
        '<svg class="dot-row" viewBox="0 0 {} 18" width="{}" aria-hidden="true">{}</svg>',
        *(SMALL, SMALL, inside),
    )


def _across(value: float, scale: Scale) -> str:
    return _text(8 + scale.share(value) * (SMALL - 16))


@register.simple_tag
def time_rail(day: "DayHere") -> SafeString:
    """Draw the time line; each handle is a slider, named after its moment."""
    rail, told = day.rail, {each.ref: each for each in day.moments}
    end = rail.width - rail.start
    marks = [f'<path class="l" d="M{rail.start:g} {rail.line_y:g}H{end:g}"/>']
    marks += [
        f'<path class="lt" d="M{x:g} {rail.line_y:g}v8"/>'
        f'<text class="q m" x="{x:g}" y="{rail.line_y + 24:g}">{clock(at)}</text>'
        for x, at in rail.hours
    ]
    numbered = enumerate(rail.handles, 1)
    marks += [_handle(n, handle, told[handle.ref], day) for n, handle in numbered]
    return format_html(
        '<svg class="rail" viewBox="0 0 {} {}" width="{}" role="group" aria-label="{}" '
        'data-from="{}" data-until="{}" data-start="{}" data-minute="{}">{}</svg>',
        *(_text(rail.width), _text(rail.height), _text(rail.width)),
        *(_("The time line"), day.begins, day.ends, _text(rail.start), rail.minute),
        SafeString("".join(marks)),
    )


def _handle(number: int, handle: Handle, moment: "MomentHere", day: "DayHere") -> str:
    """Draw what a moment is moved by; its name is the only word of somebody in it."""
    x, y, at, name = f"{handle.x:g}", f"{handle.y:g}", clock(handle.at), escape(moment.name)
    return (
        f'<g id="h-{handle.ref}" tabindex="0" role="slider" aria-label="{name}" '
        f'aria-valuemin="{day.begins}" aria-valuemax="{day.ends}" aria-valuenow="{handle.at}" '
        f'aria-valuetext="{at}" data-moment="{handle.ref}" data-turn="{moment.turn}" '
        f'data-x="{x}"><path class="lt" stroke-width="1" d="M{x} {y}V{day.rail.line_y:g}"/>'
        f'<circle class="{"fh" if moment.nobody else "f"}" cx="{x}" cy="{y}" r="13"/>'
        f'<text class="m inv" x="{x}" y="{handle.y + 5:g}">{number}</text>'
        f"<title>{at}, {name}</title></g>"
    )


def _text(value: float) -> str:
    """A number of a picture, which no language writes with a comma."""
    return f"{value:g}"
