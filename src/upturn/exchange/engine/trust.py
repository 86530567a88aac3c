"""Trust: a ladder whose rungs can be left again, a chair that goes round, lights and readiness."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum

from upturn.exchange.engine.days import months_later
from upturn.exchange.engine.errors import MoveRefused
from upturn.exchange.engine.lists import CONDITIONS, READINESS
from upturn.exchange.engine.metrics import FEWEST
from upturn.stats.figures import Figure, Withheld
from upturn.stats.intervals import share_interval


class Rung(IntEnum):
    """Each rung allows what is below it too."""

    LISTEN = 1
    SHARE_PRACTICE = 2
    SHARE_BAND = 3
    JOINT_PLAN = 4


class Act(StrEnum):
    """What a party does in an exchange."""

    READ = "read"
    POST = "post"
    US_TOO = "us_too"
    WRITE_CARD = "write_card"
    TRY_CARD = "try_card"
    PAIR = "pair"
    SEAL_BALLOT = "seal_ballot"
    TAKE_PART = "take_part"
    PRESS_BRAKES = "press_brakes"
    DISSENT = "dissent"
    LEAVE = "leave"


NEEDED: Mapping[Act, Rung] = {
    Act.READ: Rung.LISTEN,
    Act.PRESS_BRAKES: Rung.LISTEN,
    Act.DISSENT: Rung.LISTEN,
    Act.LEAVE: Rung.LISTEN,
    Act.US_TOO: Rung.LISTEN,
    Act.POST: Rung.SHARE_PRACTICE,
    Act.WRITE_CARD: Rung.SHARE_PRACTICE,
    Act.TRY_CARD: Rung.SHARE_PRACTICE,
    Act.PAIR: Rung.SHARE_PRACTICE,
    Act.SEAL_BALLOT: Rung.SHARE_BAND,
    Act.TAKE_PART: Rung.JOINT_PLAN,
}
"""From which rung on each act is open. Stopping, dissenting and leaving are open from the first."""


@dataclass(frozen=True, slots=True)
class Step:
    """A line of the consent log: by its own word, a party stands on this rung from this day."""

    rung: Rung
    on: date


def allows(rung: Rung, act: Act) -> bool:
    """Say whether a rung allows an act.

    Examples
    --------
    >>> allows(Rung.LISTEN, Act.PRESS_BRAKES), allows(Rung.SHARE_PRACTICE, Act.SEAL_BALLOT)
    (True, False)
    """
    return rung >= NEEDED[act]


def rung_now(log: Sequence[Step]) -> Rung:
    """Give the rung a party stands on: the last one it chose, else the first there is."""
    return log[-1].rung if log else Rung.LISTEN


def stepped(log: Sequence[Step], to: Rung, *, on: date) -> tuple[Step, ...]:
    """Take a step: up by one, or down by as many as wanted, at any time, without a reason.

    Raises
    ------
    MoveRefused
        With ``skips`` for more than one rung up, ``same`` where nothing changes, ``earlier`` for a
        day before the last step.
    """
    now = rung_now(log)
    why = {
        "same": ("You stand on this rung already.", to == now),
        "skips": ("Take one rung at a time; the next one is open to you.", to > now + 1),
        "earlier": ("The log has a later step already.", bool(log) and on < log[-1].on),
    }
    for code, (sentence, holds) in why.items():
        if holds:
            raise MoveRefused(sentence, code=code)
    return (*log, Step(to, on))


def offered(log: Sequence[Step]) -> Rung | None:
    """Give the next rung, to be offered and never pushed; None at the top, or after a step down.

    Who stepped down is not asked again: the way up stays open and is not advertised.

    Examples
    --------
    >>> offered(()).name
    'SHARE_PRACTICE'
    """
    stepped_down = len(log) > 1 and log[-1].rung < log[-2].rung
    now = rung_now(log)
    return None if stepped_down or now is Rung.JOINT_PLAN else Rung(now + 1)


def next_chair(order: Sequence[str], held: Sequence[str], *, here: Collection[str]) -> str:
    """Say who leads next: who has led least recently among those who are here.

    Parameters
    ----------
    order : sequence of str
        All parties that ever were members, in the order of joining.
    held : sequence of str
        Who led, first to last.
    here : collection of str
        Who has neither left nor rests.

    Returns
    -------
    str
        Empty where nobody is here. The same party leads twice in a row only alone.

    Examples
    --------
    >>> next_chair("ABC", "AB", here="ABC"), next_chair("ABC", "AB", here="AB")
    ('C', 'A')
    """
    last = {party: at for at, party in enumerate(held)}
    ready = [party for party in order if party in here]
    return min(ready, key=lambda party: last.get(party, -1), default="")


def chair_until(since: date, *, months: int) -> date:
    """Give the day on which the chair goes on."""
    return months_later(since, months)


def gain_light(statements: Mapping[str, bool]) -> bool:
    """Say whether every party has a gain statement of its own; never who has, nor what it says.

    Examples
    --------
    >>> gain_light({"Amber": True, "Birch": False}), gain_light({})
    (False, False)
    """
    return bool(statements) and all(statements.values())


@dataclass(frozen=True, slots=True)
class Ready:
    """Whether an exchange may be suggested, and what is still open.

    Parameters
    ----------
    open : tuple of str
        Items nothing was found for yet.
    counsel : tuple of str
        Items that wait for counsel's sign-off on the whole.
    """

    open: tuple[str, ...]
    counsel: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Whether nothing is open."""
        return not self.open and not self.counsel


def ready(found: Mapping[str, str], *, signed_off_by: str) -> Ready:
    """Go through the readiness list.

    Parameters
    ----------
    found : mapping of str to str
        By item, what was found.
    signed_off_by : str
        The named counsel whose sign-off on the whole stands; empty for none.

    Examples
    --------
    >>> ready({item.code: "Done." for item in READINESS}, signed_off_by="R. Okafor").whole
    True
    """
    still = tuple(item.code for item in READINESS if not found.get(item.code, "").strip())
    named = bool(signed_off_by.strip())
    return Ready(still, () if named else tuple(i.code for i in READINESS if i.counsel))


def condition_health(answers: Mapping[str, Sequence[bool]]) -> Mapping[str, Figure | Withheld]:
    """Say by condition which share of those who answered said it held.

    Parameters
    ----------
    answers : mapping of str to sequence of bool
        By condition; nobody's name is on any.

    Returns
    -------
    mapping of str to Figure or Withheld
        In the order of the list, 0..1; ``too_few`` below five answers.

    Examples
    --------
    >>> condition_health({"vision": [True] * 4 + [False]})["vision"].value
    0.8
    """
    return {item.code: _held(answers.get(item.code, ())) for item in CONDITIONS}


def _held(answers: Sequence[bool]) -> Figure | Withheld:
    if len(answers) < FEWEST:
        return Withheld("too_few", needed=FEWEST, got=0)
    return share_interval(sum(answers), len(answers))


def review_on(opened_on: date, *, today: date) -> date:
    """Give the day of the next yearly review, today's included.

    Examples
    --------
    >>> review_on(date(2024, 2, 29), today=date(2026, 11, 22))
    datetime.date(2027, 2, 28)
    """
    years = 1
    while (due := months_later(opened_on, 12 * years)) < today:
        years += 1
    return due
