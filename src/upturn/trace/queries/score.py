"""The score of the touchpoint as a small picture with the onset marked, and as rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import NamedTuple

from upturn.stats import Figure, Withheld, mean_interval
from upturn.trace.queries.assembling import ANSWERS_NEEDED
from upturn.trace.queries.page import TracePage
from upturn.voice.engine import Curve, Frame, axis, draw
from upturn.voice.queries import WeekSums

FRAMES = {"wide": Frame(760, 282), "phone": Frame(358, 252, left=20, right=8)}
NOTHING = mean_interval(0, 0, 0)
WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class DrawnScore:
    """The weekly mean, once more since the onset, and beside it the moment to compare with.

    ``onset`` is where the dashed line stands, ``label`` where its words do: before it if ``late``.
    """

    kind: str
    curve: Curve
    since: Curve
    other: Curve | None
    onset: str
    label: tuple[str, int]
    late: bool
    foot: int


class ScoreRow(NamedTuple):
    """One week of the touchpoint and of the moment to compare with."""

    week: date
    figure: Figure | Withheld
    other: Figure | Withheld


def _by_week(rows: Iterable[WeekSums]) -> dict[date, Figure | Withheld]:
    """Means with their ranges; below five scores a week is missing, as it was to the trace."""
    return {row.week: _shown(row) for row in rows}


def _shown(row: WeekSums) -> Figure | Withheld:
    if row.n < ANSWERS_NEEDED:
        return Withheld("too_few", ANSWERS_NEEDED, row.n)
    return mean_interval(row.n, row.total, row.squares)


def score_rows(page: TracePage) -> list[ScoreRow]:
    """Every week with scores, newest first."""
    known, others = _by_week(page.scores), _by_week(page.comparison_scores)
    return [ScoreRow(week, known[week], others.get(week, NOTHING)) for week in reversed(known)]


def drawn_scores(page: TracePage) -> list[DrawnScore]:
    """Draw the score, wide and for a phone; nothing without scores."""
    return [_drawn(page, kind, frame) for kind, frame in FRAMES.items() if page.scores]


def _drawn(page: TracePage, kind: str, frame: Frame) -> DrawnScore:
    known, others = _by_week(page.scores), _by_week(page.comparison_scores)
    first, last = page.scores[0].week, page.scores[-1].week
    weeks = [first + WEEK * at for at in range((last - first).days // 7 + 1)]
    figures = [known.get(week, NOTHING) for week in weeks]
    beside = [others.get(week, NOTHING) for week in weeks]
    means = [Figure(f.value, f.value, f.value, f.n) for f in beside if isinstance(f, Figure)]
    curve = partial(draw, weeks, frame=frame, between=axis([*figures, *means]))
    step = (frame.width - frame.left - frame.right) / max(len(weeks) - 1, 1)
    at = (page.onset - first).days / 7
    onset, late = frame.left + step * max(at - 0.5, 0), at > len(weeks) / 2
    return DrawnScore(
        kind=kind,
        curve=curve(figures),
        since=curve([known.get(w, NOTHING) if w >= page.onset else NOTHING for w in weeks]),
        other=curve(beside) if page.comparison else None,
        onset=f"{onset:.1f}",
        label=(f"{onset - 7 if late else onset + 7:.1f}", frame.top + 14),
        late=late,
        foot=frame.height - frame.bottom,
    )
