"""A guess for every column of a file of comments, with how sure it is and why."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from upturn.graph.engine.tabular_calendar import DateEvidence
from upturn.graph.engine.tabular_dates import DateOrder
from upturn.graph.engine.tabular_errors import gettext_noop, shorten
from upturn.graph.engine.tabular_names import NameBook
from upturn.voice.engine.errors import NothingToRead
from upturn.voice.engine.intake_fields import Field, is_reply, name_fits
from upturn.voice.engine.intake_mapping import ColumnMap
from upturn.voice.engine.intake_names import KnownNames
from upturn.voice.engine.intake_profile import (
    CONTENT_FITS,
    FITS,
    MAY,
    NOT,
    TELLS,
    Profile,
    profile_of,
)
from upturn.voice.engine.intake_scores import Scale, ScaleEvidence

ORDER_OF_CHOICE = (
    Field.TEXT, Field.AT, Field.SCORE, Field.EXTERNAL_ID, Field.LANGUAGE, Field.CHANNEL,
    Field.PLACE, Field.TOUCHPOINT,
)  # fmt: skip


class Certainty(StrEnum):
    """How sure a guess is."""

    CERTAIN = "certain"
    LIKELY = "likely"
    CHECK = "check"


class Reason(NamedTuple):
    """Why a column is read as it is: a sentence marked for translation, and what it names."""

    message: str
    numbers: Mapping[str, int | str] = {}


ASKED = Reason(gettext_noop("you said so"))
AGREE = Reason(gettext_noop("its name and what stands there agree"))
BY_NAME = Reason(gettext_noop("only its name says so"))
BY_CONTENT = Reason(gettext_noop("what stands there looks like it"))
IDENTITY = Reason(gettext_noop("no identity is needed, so none is kept"))
REPLY = Reason(gettext_noop("an answer to the customer, not the customer’s words"))
NOT_NEEDED = Reason(gettext_noop("nothing here that is needed"))
EMPTY = Reason(gettext_noop("nothing stands there"))
NONE_KNOWN = Reason(gettext_noop("none of these names is known"))
BOTH_ORDERS = gettext_noop(
    "only day first fits %(day_first)d of the dates, only month first %(month_first)d"
)
NO_ORDER = Reason(gettext_noop("no date tells whether the day or the month comes first"))


@dataclass(frozen=True, slots=True)
class ColumnGuess:
    """What a column becomes.

    Parameters
    ----------
    column : str
    first_values : tuple of str
        The first different values; empty where the column says who somebody is.
    becomes : Field, ServersField or None
        None for a column that is left out.
    certainty : Certainty
    reasons : tuple of Reason
    left_out_always : bool
        Whether nobody can ask for this column, because it says who somebody is.
    scale : Scale or None
        Of a column of scores.
    order : DateOrder or None
        Of a column of dates.
    """

    column: str
    first_values: tuple[str, ...]
    becomes: StrEnum | None
    certainty: Certainty
    reasons: tuple[Reason, ...]
    left_out_always: bool = False
    scale: Scale | None = None
    order: DateOrder | None = None


def describe_guess(guess: ColumnGuess, translate: Callable[[str], str] = str) -> str:
    """Say why a column is read as it is; `translate` is a gettext."""
    return "; ".join(translate(reason.message) % reason.numbers for reason in guess.reasons)


def guess_mapping(
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    known: KnownNames | None = None,
    asked: ColumnMap | None = None,
) -> tuple[ColumnGuess, ...]:
    """Guess what every column of a file becomes.

    Parameters
    ----------
    columns : sequence of str
    rows : sequence of rows
        A sample from the whole file, such as `sample_rows` takes.
    known : KnownNames, optional
        Columns of places and touchpoints are read only where some of their names are known.
    asked : ColumnMap, optional
        What a person asked for; the rest is guessed.

    Returns
    -------
    tuple of ColumnGuess
        In the order of the columns.

    >>> rows = [("Warm soup and quick, kind service", "5", "2026-11-03", "a@example.org")]
    >>> guesses = guess_mapping(["review", "stars", "visited", "guest_email"], rows)
    >>> [str(guess.becomes) for guess in guesses]
    ['text', 'score', 'at', 'None']
    """
    known, asked = known or KnownNames(), asked or ColumnMap()
    profiles = [profile_of(name, [row[at] for row in rows]) for at, name in enumerate(columns)]
    chosen = {column: key for key, column in asked.columns.items()}
    for key in ORDER_OF_CHOICE:
        if key in asked.columns or key in asked.left_out or (key is Field.AT and asked.day):
            continue
        free = [one for one in profiles if one.column not in chosen and not one.private]
        best = max(free, key=lambda one: _rank(key, one, known), default=None)
        if best and _rank(key, best, known) > (0,):
            chosen[best.column] = key
    return tuple(_guess(one, chosen.get(one.column), known, asked) for one in profiles)


def _rank(key: Field, profile: Profile, known: KnownNames) -> tuple[float, ...]:
    """Give what makes a column better than another for a field; ``(0,)`` if it cannot be it."""
    name, fit = name_fits(profile.column, key), CONTENT_FITS[key](profile, known)
    if fit == NOT or (name == 0 and fit < TELLS) or is_reply(profile.column):
        return (0,)
    if key is Field.TEXT:
        return (1 + (name >= 2), fit, name, profile.words)
    return (1, fit >= FITS, name, fit, len(profile.given))


def _guess(profile: Profile, key: Field | None, known: KnownNames, asked: ColumnMap) -> ColumnGuess:
    if key is None:
        return ColumnGuess(
            profile.column,
            profile.first_values,
            None,
            Certainty.CERTAIN,
            (_why_left_out(profile),),
            left_out_always=profile.private,
        )
    certainty, reason = _certainty(profile, key, known)
    doubts, evidence = _evidence(profile, key, known)
    if key in asked.columns:
        certainty, reason = Certainty.CERTAIN, ASKED
    scale = asked.scale or (profile.scores.scale if profile.scores else None)
    return ColumnGuess(
        profile.column,
        profile.first_values,
        key,
        max(certainty, doubts, key=list(Certainty).index),
        (reason, *evidence),
        scale=scale if key is Field.SCORE else None,
        order=(asked.order or profile.dates.order) if key is Field.AT else None,
    )


def _why_left_out(profile: Profile) -> Reason:
    if profile.private:
        return IDENTITY
    if is_reply(profile.column):
        return REPLY
    if not profile.given:
        return EMPTY
    names = name_fits(profile.column, Field.PLACE) or name_fits(profile.column, Field.TOUCHPOINT)
    return NONE_KNOWN if names else NOT_NEEDED


def _certainty(profile: Profile, key: Field, known: KnownNames) -> tuple[Certainty, Reason]:
    name, fit = name_fits(profile.column, key), CONTENT_FITS[key](profile, known)
    if fit <= MAY:
        return Certainty.CHECK, BY_NAME
    if name >= 2:
        return Certainty.CERTAIN, AGREE
    return Certainty.LIKELY, AGREE if name else BY_CONTENT


def _evidence(
    profile: Profile, key: Field, known: KnownNames
) -> tuple[Certainty, tuple[Reason, ...]]:
    """Give how far the contents allow to be sure, and what in them says so."""
    if key is Field.SCORE and profile.scores:
        return _scale_evidence(profile.scores)
    if key is Field.AT:
        return _order_evidence(profile.dates)
    if key in (Field.PLACE, Field.TOUCHPOINT):
        book = known.place_book if key is Field.PLACE else known.touchpoint_book
        return _names_evidence(profile, book)
    return Certainty.CERTAIN, ()


def _scale_evidence(scores: ScaleEvidence) -> tuple[Certainty, tuple[Reason, ...]]:
    numbers: dict[str, int | str] = {
        "outside": scores.outside,
        "scale": scores.scale.label,
        "lowest": f"{scores.lowest:g}",
        "highest": f"{scores.highest:g}",
    }
    seen = Reason(gettext_noop("values from %(lowest)s to %(highest)s"), numbers)
    if scores.outside:
        off = Reason(gettext_noop("outside the scale %(scale)s: %(outside)d"), numbers)
        return Certainty.LIKELY, (seen, off)
    sure = scores.told or scores.scale.high in (5.0, 7.0)
    return Certainty.CERTAIN if sure else Certainty.LIKELY, (seen,)


def _order_evidence(dates: DateEvidence) -> tuple[Certainty, tuple[Reason, ...]]:
    day, month = dates.day_first, dates.month_first
    if day and month:
        return Certainty.CHECK, (Reason(BOTH_ORDERS, {"day_first": day, "month_first": month}),)
    if day:
        message = gettext_noop("only day first fits %(dates)d of the dates")
        return Certainty.LIKELY, (Reason(message, {"dates": day}),)
    if month:
        message = gettext_noop("only month first fits %(dates)d of the dates")
        return Certainty.LIKELY, (Reason(message, {"dates": month}),)
    return (Certainty.CHECK, (NO_ORDER,)) if dates.either else (Certainty.CERTAIN, ())


def _names_evidence(profile: Profile, book: NameBook) -> tuple[Certainty, tuple[Reason, ...]]:
    for name in dict.fromkeys(profile.given):
        if not isinstance(book.find(name), str):
            message = gettext_noop("“%(name)s” is unknown")
            return Certainty.CHECK, (Reason(message, {"name": shorten(name)}),)
    return Certainty.CERTAIN, ()


def settle(guesses: Sequence[ColumnGuess], *, day: str = "") -> ColumnMap:
    """Make a map of the guesses, once a person has seen them.

    Parameters
    ----------
    guesses : sequence of ColumnGuess
    day : str
        ISO date for rows without one.

    Raises
    ------
    NothingToRead
        When no column holds the words, or none the date and `day` is not given.
    """
    found = {guess.becomes: guess for guess in guesses if isinstance(guess.becomes, Field)}
    for needed in (Field.TEXT, Field.AT):
        if needed not in found and not (needed is Field.AT and day):
            raise NothingToRead(needed, columns=[guess.column for guess in guesses])
    score, at = found.get(Field.SCORE), found.get(Field.AT)
    return ColumnMap(
        columns={key: guess.column for key, guess in found.items()},
        scale=score.scale if score else None,
        order=at.order if at else None,
        day=day,
    )
