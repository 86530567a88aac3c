"""What a column of comments looks like, and how well that fits what it may be for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from upturn.graph.engine.tabular_calendar import DateEvidence, weigh_dates
from upturn.graph.engine.tabular_errors import shorten
from upturn.graph.engine.tabular_names import NameBook
from upturn.voice.engine.intake_fields import Field, holds_who, name_fits, says_who
from upturn.voice.engine.intake_names import KnownNames, language_code
from upturn.voice.engine.intake_scores import NO_ANSWER, ScaleEvidence, weigh_scores

FIRST_VALUES = 5
# How well contents fit a field: only this, this, perhaps this, not this.
TELLS, FITS, MAY, NOT = 3, 2, 1, 0


@dataclass(frozen=True, slots=True)
class Profile:
    """A column as the guess sees it.

    Parameters
    ----------
    column : str
    given : tuple of str
        Values that are not missing.
    words : float
        Mean number of words in them.
    varied : float
        Share of them that differ.
    dates : DateEvidence
    scores : ScaleEvidence or None
    private : bool
        Whether name or values say who somebody is.
    """

    column: str
    given: tuple[str, ...]
    words: float
    varied: float
    dates: DateEvidence
    scores: ScaleEvidence | None
    private: bool

    @property
    def first_values(self) -> tuple[str, ...]:
        """The first different values; none of a column that says who somebody is."""
        if self.private:
            return ()
        return tuple(map(shorten, list(dict.fromkeys(self.given))[:FIRST_VALUES]))


def profile_of(column: str, values: Sequence[str]) -> Profile:
    """Look at a column once, for all guesses."""
    given = [text for value in values if (text := value.strip()).casefold() not in NO_ANSWER]
    dated = name_fits(column, Field.AT) > 0
    return Profile(
        column=column,
        given=tuple(given),
        words=fmean(len(value[:2_000].split()) for value in given) if given else 0.0,
        varied=len(set(given)) / len(given) if given else 0.0,
        # A bare number is a date only where the name of the column says so.
        dates=weigh_dates(value if dated or not _bare(value) else "" for value in given),
        scores=weigh_scores(given, column=column),
        private=says_who(column) or holds_who(given),
    )


def _bare(value: str) -> bool:
    return value.isascii() and value.replace(".", "", 1).isdigit()


def _text_fit(profile: Profile, _known: KnownNames) -> int:
    if not profile.given:
        return MAY
    if profile.dates.readable_share > 0.5 or profile.scores:
        return NOT
    if profile.words >= 5 and profile.varied > 0.5:
        return TELLS
    return FITS if profile.words >= 3 else MAY


def _date_fit(profile: Profile, _known: KnownNames) -> int:
    share = profile.dates.readable_share
    if not profile.given:
        return MAY
    return TELLS if share >= 0.9 else FITS if share >= 0.6 else MAY if share >= 0.3 else NOT


def _score_fit(profile: Profile, _known: KnownNames) -> int:
    if not profile.given:
        return MAY
    if not profile.scores:
        return NOT
    return TELLS if profile.scores.told else FITS


def _id_fit(profile: Profile, _known: KnownNames) -> int:
    if profile.varied < 1 or profile.words != 1 or _running(profile.given):
        return NOT
    return FITS


def _running(values: Sequence[str]) -> bool:
    """Say whether these may be mere numbers of rows, which mean other rows in the next file."""
    return all(_bare(value) for value in values) and (
        min(map(float, values)) <= 1 or max(map(float, values)) < 1_000_000
    )


def _language_fit(profile: Profile, _known: KnownNames) -> int:
    named = sum(bool(language_code(value)) for value in profile.given)
    return FITS if profile.given and named >= 0.8 * len(profile.given) else NOT


def _channel_fit(profile: Profile, _known: KnownNames) -> int:
    few = len(set(profile.given)) <= 30 and not profile.scores
    return FITS if profile.given and few and profile.words < 5 else NOT


def _name_fit(profile: Profile, book: NameBook) -> int:
    names = set(profile.given)
    hits = sum(isinstance(book.find(name), str) for name in names)
    return TELLS if hits and 2 * hits >= len(names) else FITS if hits else NOT


CONTENT_FITS: Mapping[Field, Callable[[Profile, KnownNames], int]] = {
    Field.TEXT: _text_fit,
    Field.AT: _date_fit,
    Field.SCORE: _score_fit,
    Field.EXTERNAL_ID: _id_fit,
    Field.LANGUAGE: _language_fit,
    Field.CHANNEL: _channel_fit,
    Field.PLACE: lambda profile, known: _name_fit(profile, known.place_book),
    Field.TOUCHPOINT: lambda profile, known: _name_fit(profile, known.touchpoint_book),
}
