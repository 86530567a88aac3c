"""Closed waves for other programs: the figures of the pages, by the same functions."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from ninja import P, PathEx, QueryEx, Router, Schema

from upturn.partners import queries
from upturn.partners.engine import Published
from upturn.record.kept import keep
from upturn.voice.api.door import READ_REFUSALS, Bearer, Error, Refused, refusing

if TYPE_CHECKING:
    from upturn.people.models import Person

router = Router(tags=["gaps"])
REFUSALS = {**READ_REFUSALS, 404: Error}


class WaveOut(Schema):
    """A closed wave; ``ref`` names it in addresses."""

    ref: str
    title: str
    instrument: str
    closed_on: date
    people: int
    answered: int
    pages: list[str]


class WavesOut(Schema):
    """Closed waves, the newest first."""

    waves: list[WaveOut]


class FigureOut(Schema):
    """A figure with its range and n, or the reason why it is withheld."""

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


class FiguresOut(Schema):
    """Every figure of a page."""

    wave: str
    page: str
    figures: list[FigureOut]


class BaseOut(Schema):
    """The base table: ``rows`` in the order of ``columns``."""

    wave: str
    columns: list[str]
    rows: list[list[str | int | float | None]]


@router.get("gaps", auth=Bearer("gaps:read"), response={200: WavesOut, **READ_REFUSALS})
@refusing
def waves(request: HttpRequest) -> Any:
    """Read which waves are closed, and what pages each of them has."""
    viewer: Person = request.auth  # type: ignore[attr-defined] # set by ninja
    found = [
        WaveOut(**wave._asdict(), pages=_pages(viewer, wave))
        for wave in queries.closed_waves(viewer)
    ]
    return WavesOut(waves=found)


def _pages(viewer: "Person", wave: queries.ClosedWave) -> list[str]:
    """Give the pages of a wave; they follow from its questions, which never change."""

    def read() -> list[str]:
        whole = queries.published(viewer, wave.ref)
        return [*queries.pages_of(whole), "base"] if whole else []

    return keep(("pages", wave.ref), as_of=wave.closed_on, read=read)


@router.get("gaps/{ref}/base", auth=Bearer("gaps:read"), response={200: BaseOut, **REFUSALS})
@refusing
def base(request: HttpRequest, ref: PathEx[str, P(max_length=40)]) -> Any:
    """Read the base table of a wave, from which every figure comes."""
    rows = [list(line) for line in queries.base_lines(_wave(request, ref))]
    return BaseOut(wave=ref, columns=list(queries.BASE_COLUMNS), rows=rows)


@router.get("gaps/{ref}/{page}", auth=Bearer("gaps:read"), response={200: FiguresOut, **REFUSALS})
@refusing
def figures(
    request: HttpRequest,
    ref: PathEx[str, P(max_length=40)],
    page: PathEx[str, P(max_length=40)],
    at: QueryEx[str, P(max_length=200)] = "",
) -> Any:
    """Read every figure of a page; ``at`` names a place, or a block of servers."""
    viewer: Person = request.auth  # type: ignore[attr-defined] # set by ninja
    found = _wave(request, ref)
    if page not in queries.pages_of(found):
        raise Refused(404, "not_found", f"This wave has no page “{page}”.")
    lines = queries.page_lines(found, page, at=at, before=queries.wave_before(viewer, found))
    return FiguresOut(
        wave=ref, page=page, figures=[FigureOut(**line._asdict()) for line in lines or ()]
    )


def _wave(request: HttpRequest, ref: str) -> Published:
    viewer: Person = request.auth  # type: ignore[attr-defined] # set by ninja
    found = queries.published(viewer, ref) if queries.may_see_gaps(viewer) else None
    if found is None:
        raise Refused(404, "not_found", "There is no such closed wave to see.")
    return found
