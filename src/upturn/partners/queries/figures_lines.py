"""Figures of each page as flat lines, for files and for other programs."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from upturn.partners.engine import (
    LED,
    UNDERSTOOD,
    Mirror,
    Placed,
    Published,
    Relation,
    WaveChange,
    counted_items,
)
from upturn.partners.queries.figures import (
    MirrorPage,
    keys_page,
    map_page,
    pairs_page,
    signs_page,
    understood_page,
)
from upturn.partners.queries.figures_joint import (
    drivers_page,
    importance_page,
    reliability_of,
    trends_between,
)
from upturn.partners.queries.led import led_page
from upturn.stats import Figure, Withheld

Cell = str | int | float | None
Shown = Figure | Withheld
Numbers = tuple[float | None, float | None, float | None, int | None, str, int | None, int | None]


class FigureLine(NamedTuple):
    """One figure with its range and n, or the reason why it is withheld."""

    subject: str
    place: str
    item: str
    figure: str
    value: float | None
    low: float | None
    high: float | None
    n: int | None
    withheld: str
    needed: int | None
    got: int | None


COLUMNS = FigureLine._fields
BASE_COLUMNS = (
    "relation",
    "server",
    "served",
    "place",
    "side",
    "block",
    "name",
    "people",
    "item",
    "missing",
    *(f"c{category}" for category in range(1, 12)),
)


def _line(
    figure: Shown | None, *, what: str, subject: str = "", place: str = "", item: str = ""
) -> FigureLine:
    numbers: Numbers
    if isinstance(figure, Figure):
        numbers = (figure.value, figure.low, figure.high, figure.n, "", None, None)
    elif figure is None:
        numbers = (None, None, None, None, "", None, None)
    else:
        numbers = (None, None, None, None, figure.reason, figure.needed, figure.got)
    return FigureLine(subject, place, item, what, *numbers)


def _plain(
    value: float, *, what: str, n: int, subject: str = "", place: str = "", item: str = ""
) -> FigureLine:
    return FigureLine(subject, place, item, what, value, None, None, n, "", None, None)


def _coarse(figure: Shown, *, digits: int = 2) -> Shown:
    """Round what comes from sums over complete rows, so that nobody computes the sums from it."""
    if isinstance(figure, Withheld):
        return figure
    value, low, high = (round(each, digits) for each in (figure.value, figure.low, figure.high))
    return replace(figure, value=value, low=low, high=high)


def base_lines(found: Published) -> Iterator[tuple[Cell, ...]]:
    """The base table, from which every figure comes: a line a group and item."""
    relations = {one.id: one for one in found.relations}
    items = counted_items(found)
    for row, group in enumerate(found.groups):
        relation = relations.get(group.relation)
        ends = (
            (relation.server, relation.served, relation.place)
            if relation
            else ("", "", group.parent)
        )
        for column, item in enumerate(items):
            if group.side in item.sides:
                counts = found.counts[row, column].tolist()
                used: list[Cell] = [*counts[: item.categories]]
                used += [None] * (len(counts) - item.categories)
                named = (
                    group.relation,
                    *ends,
                    str(group.side),
                    group.block,
                    group.name,
                    group.people,
                )
                yield (*named, item.key, int(found.missing[row, column]), *used)


def page_lines(
    found: Published, page: str, *, at: str = "", before: Published | None = None
) -> tuple[FigureLine, ...] | None:
    """Every figure of a page; None where the wave has no such page."""
    if page == "since":
        return tuple(_since(before, found, at)) if before else ()
    lines = PAGES.get(page)
    return tuple(lines(found, at)) if lines else None


def _named(relation: Relation) -> dict[str, str]:
    return {"subject": f"{relation.server} > {relation.served}", "place": relation.place}


def _map(found: Published, at: str) -> Iterator[FigureLine]:
    page = map_page(found, place=at)
    for row in page.found.shown:
        named = _named(row.relation)
        yield _line(row.served.figure, what="served side, 0-10", **named)
        yield _line(row.serving.figure, what="serving side, 0-10", **named)
        yield _line(row.serving.guess, what="guess of the serving side, 0-10", **named)
        yield _line(row.served.guess, what="guess of the served side, 0-10", **named)
        yield _line(row.gap, what="gap, 0-1", **named)
        if isinstance(row.gap, Figure):
            yield _plain(row.widest, what="probability that it is the widest", n=row.gap.n, **named)
    for guess in page.guesses:
        what = f"guess of the {guess.side} side less what was said, 0-10"
        yield _line(guess.off, what=what, **_named(guess.row.relation))


def _mirrors(page: MirrorPage) -> Iterator[FigureLine]:
    place = page.scope.name
    for row in (*page.rows, *page.own):
        yield from _mirror(row, place)
    for one in page.servers:
        yield _line(one.figure, what="those who serve, 0-10", place=place, item=one.item.key)
    for cause in page.causes:
        named = {"place": place, "item": f"cause {cause.choice}"}
        yield _line(cause.servers, what="those who serve, share", **named)
        yield _line(cause.leaders, what="those who lead, share", **named)
        yield _line(cause.difference, what="difference of shares", **named)
    for part in page.time:
        yield _line(part.servers, what="those who serve, share", place=place, item=part.item.key)
        yield _line(part.leaders, what="those who lead, share", place=place, item=part.item.key)
    if page.morale:
        yield _line(
            page.morale.together,
            what="correlation over teams",
            place=place,
            item="morale and part taken",
        )
        for team in page.morale.teams:
            named = {"subject": team.name, "place": team.place}
            yield _line(team.morale, what="morale, 0-10", item="morale", **named)
            yield _line(team.took_part, what="part taken, 0-10", item="took-part", **named)


def _mirror(row: Mirror, place: str) -> Iterator[FigureLine]:
    yield _line(row.servers, what="those who serve, 0-10", place=place, item=row.item.key)
    yield _line(row.leaders, what="those who lead, 0-10", place=place, item=row.item.key)
    yield _line(row.gap, what="gap, 0-1", place=place, item=row.item.key)


def _reliable(found: Published) -> Iterator[FigureLine]:
    known = reliability_of(found)
    for scale in known.scales:
        yield _line(_coarse(scale.alpha), what=f"alpha, {scale.side}", item=scale.name)
        yield _line(_coarse(scale.omega), what=f"omega, {scale.side}", item=scale.name)
    for row in known.items:
        for what, value in (("ICC(1)", row.icc1), ("ICC(2)", row.icc2), ("rwg", row.rwg)):
            if isinstance(value, Withheld):
                yield _line(value, what=what, item=row.item.key)
            else:
                yield _plain(value, what=what, n=row.n, item=row.item.key)


def _signs(found: Published, at: str) -> Iterator[FigureLine]:
    yield from _mirrors(signs_page(found, at=at))
    yield from _reliable(found)


def _keys(found: Published, at: str) -> Iterator[FigureLine]:
    yield from _mirrors(keys_page(found, at=at))
    yield from _reliable(found)


def _pairs(found: Published, _at: str) -> Iterator[FigureLine]:
    for pair in pairs_page(found).pairs:
        yield _line(pair.gap, what="gap, 0-1", subject=f"{pair.server} > {pair.served}")


def _importance(found: Published, _at: str) -> Iterator[FigureLine]:
    for row in importance_page(found).rows:
        named = _placed(row)
        importance, performance = row.importance, row.performance
        if row.relation is None:
            importance, performance = _coarse(importance), _coarse(performance, digits=1)
        yield _line(importance, what="importance", **named)
        yield _line(performance, what="performance, 0-10", **named)
        if row.quadrants and isinstance(row.performance, Figure):
            what = f"probability of {row.likeliest}"
            yield _plain(round(row.chance, 2), what=what, n=row.performance.n, **named)


def _placed(row: Placed) -> dict[str, str]:
    if row.relation:
        return _named(row.relation)
    return {"item": row.item.key if row.item else ""}


def _drivers(found: Published, _at: str) -> Iterator[FigureLine]:
    page = drivers_page(found)
    yield _line(_coarse(page.explained), what="explained variance, 0-1", item="morale")
    for row in page.rows:
        yield _line(_coarse(row.share), what="share of variance, 0-1", item=row.item.key)
        inflation = round(row.inflation, 1)
        yield _plain(inflation, what="variance inflation", n=row.share.n, item=row.item.key)


def _since(before: Published, after: Published, at: str) -> Iterator[FigureLine]:
    relations = {one.id: one for one in after.relations}
    for trend in trends_between(before, after, at=at):
        relation = relations.get(trend.relation)
        named = _named(relation) if relation else {"item": trend.name, "place": at}
        for what, change in (
            ("lower side", trend.lower),
            ("upper side", trend.upper),
            ("gap", trend.gap),
        ):
            yield from _change(change, what, named)


def _change(change: WaveChange, what: str, named: Mapping[str, str]) -> Iterator[FigureLine]:
    yield _line(change.by, what=f"{what}, change", **named)


def _understood(found: Published, _at: str) -> Iterator[FigureLine]:
    page = understood_page(found)
    for layer in page.layers:
        subject = "none" if layer.level is None else str(layer.level)
        for item, share in zip(page.items, layer.shares, strict=True):
            yield _line(share, what="share that agrees, 0-1", subject=subject, item=item.key)


def _led(found: Published, _at: str) -> Iterator[FigureLine]:
    for one in led_page(found):
        if isinstance(one.rows, Withheld):
            yield _line(one.rows, what="those who serve, 0-10", place=one.name)
            continue
        for row in one.rows:
            yield from _mirror(row, one.name)


PAGES: Mapping[str, Callable[[Published, str], Iterator[FigureLine]]] = {
    "map": _map,
    "signs": _signs,
    "keys": _keys,
    "pairs": _pairs,
    "importance": _importance,
    "drivers": _drivers,
    UNDERSTOOD: _understood,
    LED: _led,
}
