"""A plan as a sheet for the wall."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TypeGuard

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from upturn.paper import Block, Columns, Entry, Heading, NewPage, Paragraph, Sheet, Table
from upturn.paper.sheet import Size
from upturn.plan.engine.day_drawing import DayDrawing
from upturn.plan.engine.exporting import ExportedLine, ExportedMoment, ExportedPlan, ExportedTarget
from upturn.plan.engine.on_paper import Told, day_on_paper
from upturn.plan.models import PlanState, Side
from upturn.plan.views.sheet_words import (
    DESIGNS,
    SAYS,
    day_words,
    figure_words,
    from_words,
    joined,
    meets_words,
    number_words,
    owners_words,
    stands_words,
    target_words,
    time_words,
    wish_words,
)
from upturn.stats import Figure, Withheld

SIZES: tuple[Size, ...] = ("a4", "a3")


def is_size(size: str) -> TypeGuard[Size]:
    """Tell whether paper comes in this size."""
    return size in SIZES


def plan_sheet(
    plan: ExportedPlan, day: DayDrawing, *, today: date, size: Size = "a4", synthetic: bool = False
) -> Sheet:
    """Lay out a plan: the question, the day, be/do/have, action, targets, results."""
    said = _("Synthetic data.") if synthetic else ""
    stood = _("As it stood on %(day)s.") % {"day": day_words(today)}
    return Sheet(
        title=plan.name,
        language=pgettext("tag of the language you translate into", "en"),
        blocks=tuple(_blocks(plan, day)),
        footer=joined([plan.name, stood, said]),
        box_note=_("□ stands for a sign that this paper has no letter for: {signs}."),
        size=size,
    )


def _blocks(plan: ExportedPlan, day: DayDrawing) -> Iterator[Block]:
    yield Paragraph(_about(plan), "small")
    yield Heading(_("How do we add value by first seeking to serve?"))
    yield Paragraph(plan.serve_first or _("Nobody has answered this yet."), "lead")
    yield from _day(plan, day)
    yield from _lines(plan)
    yield from _action(plan)
    yield from _open(plan)
    yield from _targets(plan)
    yield from _results(plan)
    yield from _others(plan)


def _about(plan: ExportedPlan) -> str:
    state = str(PlanState(plan.state).label)
    if plan.started_on and plan.state == "started":
        state = _("in action since %(day)s") % {"day": day_words(plan.started_on)}
    functions = ngettext(
        "made by %(n)d function: %(names)s", "made by %(n)d functions: %(names)s", len(plan.group)
    ) % {"n": len(plan.group), "names": ", ".join(each.function for each in plan.group)}
    whose = _("for %(customers)s") % {"customers": plan.customers}
    return joined([plan.place, whose, state, functions if plan.group else ""])


def _day(plan: ExportedPlan, day: DayDrawing) -> Iterator[Block]:
    yield Heading(_("A day in the life of an average customer"))
    if not plan.moments:
        yield Paragraph(_("The day has no moments yet."))
        return
    told = {each.ref: _told(each) for each in plan.moments}
    known = {each.ref: each for each in plan.moments}
    says = [_says([known[dot.ref] for dot in strip.dots]) for strip in day.strips]
    yield from day_on_paper(day, told, says=says)
    yield Table(
        (_("Time"), _("Moment"), _("What the customer wants"), _("Score"), _("Who is there")),
        tuple(
            (
                time_words(each.at),
                (each.name, _("well enough: %(why)s") % {"why": each.well_enough})
                if each.well_enough
                else each.name,
                each.wants,
                figure_words(each.score),
                meets_words(each),
            )
            for each in plan.moments
        ),
        (3, 10, 11, 8, 18),
    )


def _told(moment: ExportedMoment) -> Told:
    score = moment.score
    figure = number_words(score.value) if isinstance(score, Figure) else ""
    return Told(moment.name, time_words(moment.at), figure)


def _says(moments: Sequence[ExportedMoment]) -> str:
    """Say what a strip shows; the table below it holds the same."""
    each = (joined([time_words(here.at), here.name, figure_words(here.score)]) for here in moments)
    return _("Scores along the day: %(moments)s.") % {"moments": "; ".join(each)}


def _lines(plan: ExportedPlan) -> Iterator[Block]:
    words = {line.ref: line.words for line in plan.lines}
    by_moment: dict[str, list[ExportedLine]] = {}
    for line in plan.lines:
        by_moment.setdefault(line.moment, []).append(line)
    if by_moment:
        yield NewPage()
        yield Heading(_("What those who serve need to be, do and have"))
    for moment in plan.moments:
        lines = by_moment.get(moment.ref, [])
        if lines:
            yield Heading(f"{time_words(moment.at)}  {moment.name}", 2)
            yield _columns(lines, words)


def _columns(lines: Sequence[ExportedLine], words: dict[str, str]) -> Columns:
    be, do = (
        tuple((line.words, line.party) for line in lines if line.column == column)
        for column in ("be", "do")
    )
    have = tuple(_have(line, words) for line in lines if line.column == "have")
    heads = (_("Be"), _("Do"), _("Have, and from whom"))
    return Columns(heads, (be, do, have))


def _have(line: ExportedLine, words: dict[str, str]) -> Entry:
    small = [from_words(line), stands_words(line)]
    if line.enables in words:
        small.append(_("so that: %(promise)s") % {"promise": words[line.enables]})
    return (line.words, *small)


def _action(plan: ExportedPlan) -> Iterator[Block]:
    active = [line for line in plan.lines if line.state != "noted"]
    if active:
        yield Heading(_("In action"))
        yield Table(
            (_("What"), _("Who"), _("In whose name"), _("How it stands")),
            tuple(
                (line.words, line.provider or line.party, owners_words(line), stands_words(line))
                for line in active
            ),
            (5, 2, 3, 3),
        )


def _open(plan: ExportedPlan) -> Iterator[Block]:
    haves = [line for line in plan.lines if line.column == "have"]
    gaps = tuple((line.words, from_words(line)) for line in haves if line.stands == "gap")
    orphans = tuple((line.words, from_words(line)) for line in haves if not line.enables)
    if gaps or orphans:
        yield Heading(_("Still open"))
        heads = (
            _("Nobody gives it yet"),
            _("Names no promise to customers that it makes possible"),
        )
        yield Columns(heads, (gaps, orphans))


def _targets(plan: ExportedPlan) -> Iterator[Block]:
    if plan.targets:
        yield Heading(_("Targets"))
        yield Table(
            (_("What"), _("Whose side"), _("Where it stood"), _("Where it is to be")),
            tuple(_target(each) for each in plan.targets),
            (4, 2, 4, 3),
        )
    if plan.units:
        yield Heading(_("Who begins when"))
        yield Table(
            (_("Step"), _("House or team"), _("Begins")),
            tuple(
                (str(unit.step), unit.name, day_words(unit.starts_on) or _("no day yet"))
                for unit in plan.units
            ),
            (1, 5, 4),
        )


def _target(target: ExportedTarget) -> tuple[Entry, ...]:
    stood = figure_words(target.baseline) or _("no baseline yet")
    since = ""
    if target.baseline_from and target.baseline_until:
        since = _("%(begin)s to %(end)s") % {
            "begin": day_words(target.baseline_from),
            "end": day_words(target.baseline_until),
        }
    side = str(Side(target.side).label)
    where = (stood, since) if since else stood
    return (target_words(target), side, where, wish_words(target))


def _results(plan: ExportedPlan) -> Iterator[Block]:
    if not plan.results:
        return
    names = {target.ref: target for target in plan.targets}
    latest = {result.target: result for result in plan.results}  # they come in order of time
    yield Heading(_("Results"))
    yield Table(
        (_("What"), _("Change"), _("What it says"), _("Read by"), _("Until")),
        tuple(
            (
                (target_words(names[ref]), str(Side(names[ref].side).label)),
                figure_words(_change(result.found)),
                str(SAYS.get(result.found.get("says", ""), "")),
                str(DESIGNS.get(result.design, result.design)),
                day_words(result.until),
            )
            for ref, result in latest.items()
            if ref in names
        ),
        (3, 3, 3, 3, 2),
    )


def _change(found: dict[str, list[float]]) -> Figure | Withheld | None:
    told = found.get("change")
    if not told:
        return None
    first, *rest = told
    return Withheld(first, *map(int, rest)) if isinstance(first, str) else Figure(*_numbers(told))


def _numbers(told: Sequence[float]) -> tuple[float, float, float, int]:
    value, low, high, n = told
    return value, low, high, int(n)


def _others(plan: ExportedPlan) -> Iterator[Block]:
    if plan.other_changes:
        yield Heading(_("What else changed"))
        rows = ((day_words(each.on), each.words, each.where) for each in plan.other_changes)
        yield Table((_("When"), _("What"), _("Where")), tuple(rows), (2, 6, 3))
    if plan.claims:
        yield Heading(_("Claimed by others, not proven"))
        claims = ((each.words, each.source) for each in plan.claims)
        yield Table((_("What"), _("Who says so")), tuple(claims), (6, 4))
