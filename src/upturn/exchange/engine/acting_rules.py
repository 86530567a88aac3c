"""Ground rules for what is shown, said, promised and kept."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from upturn.exchange.engine.days import months_later
from upturn.exchange.engine.rules import JOINT, RANKING, Check, Findings, Offence, SignOff, run

KEPT_YEARS = 5
SHOWN = frozenset({"band", "mean", "count", "own_place"})
"""Statistics a page may show of a metric."""
COUNT = "5+"
"""How the number of companies behind a figure is shown, whatever it is."""
HIDDEN_FROM_CLIENT = frozenset({"ballot", "draft", "flag"})
EVIDENCE = frozenset({"roster", "sheet", "sign_off", "guard_record"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A figure on a page.

    Parameters
    ----------
    statistic : str
    count : str
        How many companies stand behind it, as it is shown.
    company : str
        Whose name stands beside it; empty for nobody's.
    on_device : bool
        Whether it is worked out on the reader's own device.
    """

    statistic: str
    count: str = COUNT
    company: str = ""
    on_device: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedPage:
    """A page with results: its figures and its words."""

    figures: tuple[Shown, ...]
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """How totals reach people: what each side gets (a digest) and when; what else the client sees.

    Parameters
    ----------
    members, client : (str, datetime) or None
        `client` is None where the exchange has none.
    client_sees : frozenset of str
    """

    members: tuple[str, datetime]
    client: tuple[str, datetime] | None
    client_sees: frozenset[str] = frozenset()


class Moment(StrEnum):
    """When a meeting is held against the rules."""

    RUNNING = "running"
    OVER = "over"


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedMeeting:
    """A meeting as it runs or ends.

    Parameters
    ----------
    moment : Moment
    agenda, minutes : str
    steward : bool
        Whether the steward is there.
    entered, accepted : frozenset of str
        Seats that came in, and those that accepted the rules that hold now.
    side_channels : bool
        Whether private notes between members are on.
    relayed : int
        Words of one supplier that the convener passed on to another in private.
    topics, stopped : frozenset of str
        What is being talked about, and where the brakes are on.
    """

    moment: Moment = Moment.RUNNING
    agenda: str
    minutes: str = ""
    steward: bool
    entered: frozenset[str] = frozenset()
    accepted: frozenset[str] = frozenset()
    side_channels: bool = False
    relayed: int = 0
    topics: frozenset[str] = frozenset()
    stopped: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedPost:
    """A text on its way to the others; the text itself is not here.

    Parameters
    ----------
    checked_with, current : str
        Version of the guard that read it, empty for none, and the one that holds.
    stop : {"none", "soft", "hard"}
    released : bool
        Whether the steward let it pass.
    """

    checked_with: str
    current: str
    stop: str = "none"
    released: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedPromise:
    """A promise as it is made: by whom, in which words, and whether all must do the same."""

    companies: tuple[str, ...]
    words: str
    same_for_all: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A piece of evidence: its kind, its day, and the day it was or is to be erased."""

    kind: str
    of: date
    erased_on: date


def _exact(page: AskedPage) -> Iterator[Offence]:
    for figure in page.figures:
        if figure.statistic not in SHOWN:
            yield Offence("statistic", {"statistic": figure.statistic})


def _scored(page: AskedPage) -> Iterator[Offence]:
    if found := RANKING.search(page.words):
        yield Offence("words", {"words": found.group()})
    for figure in page.figures:
        if figure.company:
            yield Offence("name", {"company": figure.company, "statistic": figure.statistic})
        if figure.count != COUNT:
            yield Offence("count", {"count": figure.count})


def _elsewhere(page: AskedPage) -> Iterator[Offence]:
    for figure in page.figures:
        if figure.statistic == "own_place" and not figure.on_device:
            yield Offence("own_place")


def check_page(page: AskedPage) -> Findings:
    """Hold a page with results against rules 7, 11 and 12.

    Examples
    --------
    >>> check_page(AskedPage(figures=(Shown(statistic="band"),), words="Where calls come back"))
    Findings(passed=(7, 11, 12), refused=(), relaxed=())
    >>> check_page(AskedPage(figures=(Shown(statistic="highest"),))).numbers
    (7,)
    """
    return run({7: _exact, 11: _scored, 12: _elsewhere}, page)


def _unequal(publication: Publication) -> Iterator[Offence]:
    if publication.client is not None and publication.client != publication.members:
        sides = {"members": publication.members, "client": publication.client}
        said = {
            side: f"{digest}, {when:%Y-%m-%d %H:%M:%S}" for side, (digest, when) in sides.items()
        }
        yield Offence("unequal", said)
    for seen in sorted(publication.client_sees & HIDDEN_FROM_CLIENT):
        yield Offence("seen", {"seen": seen})


def check_publication(publication: Publication) -> Findings:
    """Hold a publication of totals against rule 13."""
    return run({13: _unequal}, publication)


def _aside(meeting: AskedMeeting) -> Iterator[Offence]:
    if meeting.side_channels:
        yield Offence("side_channels")
    if meeting.relayed:
        yield Offence("relayed", {"count": meeting.relayed})


def _orderly(meeting: AskedMeeting) -> Iterator[Offence]:
    missing = {
        "agenda": not meeting.agenda.strip(),
        "steward": not meeting.steward,
        "rules": bool(meeting.entered - meeting.accepted),
        "minutes": meeting.moment is Moment.OVER and not meeting.minutes.strip(),
    }
    for code, holds in missing.items():
        if holds:
            yield Offence(code)


def _braked(meeting: AskedMeeting) -> Iterator[Offence]:
    for topic in sorted(meeting.topics & meeting.stopped):
        yield Offence("stopped", {"name": topic})


_AT_MEETINGS: Mapping[int, Check[AskedMeeting]] = {14: _aside, 15: _orderly, 16: _braked}


def check_meeting(meeting: AskedMeeting) -> Findings:
    """Hold a meeting against rules 14 to 16.

    Examples
    --------
    >>> check_meeting(AskedMeeting(agenda="Coaching", steward=False)).numbers
    (15,)
    """
    return run(_AT_MEETINGS, meeting)


def _unread(post: AskedPost) -> Iterator[Offence]:
    if not post.checked_with:
        yield Offence("unchecked")
    elif post.checked_with != post.current:
        yield Offence("old_check", {"old": post.checked_with, "current": post.current})
    elif post.stop != "none" and not post.released:
        yield Offence("soft" if post.stop == "soft" else "hard")


def check_post(post: AskedPost) -> Findings:
    """Hold a text that is to be shared against rule 17.

    A text that was stopped goes on only when it was changed (then it is read anew and nothing
    stops it), or when the steward let it pass.
    """
    return run({17: _unread}, post)


def _jointly(promise: AskedPromise) -> Iterator[Offence]:
    if len(promise.companies) != 1:
        yield Offence("companies", {"count": len(promise.companies)})
    if promise.same_for_all:
        yield Offence("same")
    if found := JOINT.search(promise.words):
        yield Offence("words", {"words": found.group()})


def check_promise(promise: AskedPromise) -> Findings:
    """Hold a promise or a part of a plan against rule 18.

    Examples
    --------
    >>> check_promise(AskedPromise(companies=("Amber",), words="We coach on Mondays.")).passed
    (18,)
    >>> print(check_promise(AskedPromise(companies=("Amber",), words="None of us will hire.")
    ... ).refused[0].offence.found())
    “None of us”
    """
    return run({18: _jointly}, promise)


def _erased(kept: Kept) -> Iterator[Offence]:
    if kept.kind in EVIDENCE and kept.erased_on < (due := months_later(kept.of, 12 * KEPT_YEARS)):
        found = {"kind": kept.kind, "day": kept.of, "erased": kept.erased_on, "due": due}
        yield Offence("erased", found, kept.kind)


def check_evidence(kept: Kept, *, sign_offs: Sequence[SignOff] = ()) -> Findings:
    """Hold the erasing of evidence against rule 19."""
    return run({19: _erased}, kept, sign_offs=sign_offs, by=kept.erased_on)
