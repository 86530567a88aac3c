"""Pictures that stand in a row of a table: two sides, a share, a change, a distance."""

from collections.abc import Iterable

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from upturn.partners.engine import SightLine, WaveChange
from upturn.stats import Figure, Withheld

register = template.Library()
Shown = Figure | Withheld
LEFT, WIDE = 8, 384  # where the scale of a row's picture begins, and how long it is
NEAREST, FURTHEST = 1, 4  # steps from a customer, as the question offers them


@register.simple_tag
def dumbbell(
    lower: Shown,
    upper: Shown | None,
    guess: Shown | None = None,
    *,
    waits: bool = False,
    top: float = 10,
) -> SafeString:
    """Draw both sides on one scale: filled is who is served, open who serves or leads."""
    marks: list[SafeString] = [format_html('<path class="lr" d="M{} 18H{}"/>', LEFT, LEFT + WIDE)]
    if isinstance(lower, Figure) and isinstance(upper, Figure):
        start, end = sorted((_x(lower.value, top), _x(upper.value, top)))
        if end - start > 14:
            marks.append(
                format_html('<path class="lt" stroke-width="5" d="M{} 18H{}"/>', start, end)
            )
    marks += _side(lower, top, y=24, line="lh" if waits else "l")
    marks += _side(upper, top, y=12, line="l")
    if isinstance(guess, Figure):
        at = _x(guess.value, top)
        marks.append(format_html('<path class="l" stroke-width="2" d="M{} 9v18"/>', at))
    if isinstance(lower, Figure):
        marks.append(_dot(_x(lower.value, top), "fh" if waits else "f", 6.5))
    if isinstance(upper, Figure):
        marks.append(_dot(_x(upper.value, top), "o", 5.5))
    return _drawn(marks)


@register.simple_tag
def share_bars(servers: Shown, leaders: Shown, *, waits: bool = False) -> SafeString:
    """Draw two shares of one choice beside each other, on 0 to 100 per cent."""
    return dumbbell(servers, leaders, waits=waits, top=1)


@register.simple_tag
def driver_dot(share: Shown) -> SafeString:
    """Draw a share of variance on 0 to 50 per cent."""
    return dumbbell(share, None, top=0.5)


@register.simple_tag
def change_tails(lower: WaveChange, upper: WaveChange) -> SafeString:
    """Draw what both sides say now, each with a tail that begins where it was."""
    marks: list[SafeString] = [format_html('<path class="lr" d="M{} 18H{}"/>', LEFT, LEFT + WIDE)]
    marks += _tail(upper, y=10, kind="o", radius=5)
    marks += _tail(lower, y=26, kind="f", radius=6)
    return _drawn(marks)


def _tail(change: WaveChange, *, y: int, kind: str, radius: float) -> Iterable[SafeString]:
    before, after = change.before, change.after
    if isinstance(before, Figure) and isinstance(after, Figure):
        start, end = _x(before.value, 10), _x(after.value, 10)
        line, width = ("l", 3) if change.clear else ("lt", 2)
        tail = '<path class="{}" stroke-width="{}" d="M{} {}v10M{} {}H{}"/>'
        yield format_html(tail, line, width, start, y - 5, start, y, end)
        yield _dot(end, kind, radius, y=y)


@register.simple_tag
def distance_row(line: SightLine) -> SafeString:
    """Draw how far a group is from a customer: a bar as drawn, a dot with its range as said."""
    marks: list[SafeString] = [format_html('<path class="lr" d="M{} 18H{}"/>', LEFT, LEFT + WIDE)]
    if line.nearest is not None and line.furthest is not None:
        ends = (_step(line.nearest) - 7, _step(line.furthest) + 7)
        marks.append(format_html('<path class="lt" stroke-width="9" d="M{} 18H{}"/>', *ends))
    if isinstance(line.stated, Figure):
        kinds = ("lh", "fh") if line.flagged else ("l", "f")
        low, at, high = map(_step, (line.stated.low, line.stated.value, line.stated.high))
        stroke = '<path class="{}" stroke-width="1.5" d="M{} 27H{}"/>'
        marks += [format_html(stroke, kinds[0], low, high), _dot(at, kinds[1], 5.5)]
    return _drawn(marks)


def _step(steps: float) -> int:
    return LEFT + 8 + round((WIDE - 16) * (min(steps, FURTHEST) - NEAREST) / (FURTHEST - NEAREST))


def _side(figure: Shown | None, top: float, *, y: int, line: str) -> Iterable[SafeString]:
    if isinstance(figure, Figure):
        low, high = _x(figure.low, top), _x(figure.high, top)
        yield format_html('<path class="{}" stroke-width="1.5" d="M{} {}H{}"/>', line, low, y, high)


def _dot(x: int, kind: str, radius: float, *, y: int = 18) -> SafeString:
    return format_html('<circle class="{}" cx="{}" cy="{}" r="{}"/>', kind, x, y, str(radius))


def _x(value: float, top: float) -> int:
    return LEFT + round(WIDE * min(max(value / top, 0), 1))


def _drawn(marks: Iterable[SafeString]) -> SafeString:
    inside = format_html_join("", "{}", ((mark,) for mark in marks))
    return format_html('<svg viewBox="0 0 400 36" aria-hidden="true">{}</svg>', inside)
