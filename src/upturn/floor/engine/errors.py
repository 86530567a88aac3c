"""What can be wrong with a floor, a run or a file of volumes.

FloorError
├── BadFloor            a named place of the floor, the value found there, and the remedy
│   └── BadFloors       all of them at once, so that a floor is mended in one go
├── CannotKeepUp        needs arrive faster than they can be served, and nobody gives up
├── PolicyNeverServes   a policy left every need waiting
├── StoodStill          moves without end, and no time passes
├── PolicyNamedWrongNeed  a custom policy named a need its server may not go for
├── BadSetting          a number given to a function is out of range
├── BadVolumes          a row of a file of volumes, rosters or forecasts
├── BadRows             several of them
├── NotSigned           a message that its secret did not sign
├── SignedAnotherTime   a message whose signature is too old, or from the future
├── TooManyNeeds        more than one message may bring in
└── BadNeeds            everything that is wrong with the needs of a message
    └── NotJson         a body that is no JSON
"""

from collections.abc import Sequence
from datetime import UTC, datetime

ROWS_SHOWN, PLACES_SHOWN = 5, 50
LETTERS_SHOWN = 200


def _shown(value: object) -> str:
    """Give a value as it was found, cut where it is no longer read."""
    try:
        found = repr(value)
    except (ValueError, RecursionError):  # thousands of digits, or of keys in keys
        return "too long to be shown"
    return found if len(found) <= LETTERS_SHOWN else f"{found[:LETTERS_SHOWN]}…"


class FloorError(ValueError):
    """Anything about a floor that a person can put right; the message says how."""


class BadFloor(FloorError):
    """A floor that cannot be walked or served as described."""

    def __init__(self, place: str, value: object, wrong: str, remedy: str) -> None:
        super().__init__(f"{place[:LETTERS_SHOWN]}: {wrong} (found {_shown(value)}); {remedy}.")
        self.place, self.value, self.wrong, self.remedy = place, value, wrong, remedy


class BadFloors(BadFloor):
    """Everything found wrong with a floor; `problems` holds one BadFloor for each."""

    def __init__(self, problems: Sequence[BadFloor]) -> None:
        first = problems[0]
        super().__init__(first.place, first.value, first.wrong, first.remedy)
        self.problems = tuple(problems)
        if len(self.problems) > 1:
            lines = "\n".join(f"- {problem}" for problem in self.problems[:PLACES_SHOWN])
            self.args = (f"{len(self.problems)} things are to be put right:\n{lines}",)


class CannotKeepUp(FloorError):
    """Needs arrive at `load` of what can be served, without anybody giving up."""

    def __init__(self, place: str, load: float, *, growth_per_hour: float, servers: int) -> None:
        super().__init__(
            f"{place} cannot keep up: needs arrive at {load:.2f} of what can be served; add "
            f"{servers} to the people who serve there, give the needs a patience, or expect the "
            f"waiting needs to grow by {growth_per_hour:.0f} an hour."
        )
        self.place, self.load = place, load
        self.growth_per_hour, self.servers = growth_per_hour, servers


class PolicyNeverServes(FloorError):
    """A policy under which needs came and none was ever served."""

    def __init__(self, policy: str, needs: int) -> None:
        super().__init__(
            f"{policy} served none of {needs} needs; let it return the number of a waiting need."
        )
        self.policy, self.needs = policy, needs


class StoodStill(FloorError):
    """Moves follow each other without end at one moment."""

    def __init__(self, policy: str, now_s: float) -> None:
        super().__init__(
            f"Under {policy} moves follow each other without end at second {now_s:.1f}, and no "
            "time passes; give rounds a cadence above 0, or walks and services some seconds."
        )
        self.policy, self.now_s = policy, now_s


class PolicyNamedWrongNeed(FloorError):
    """A custom policy named a need that is not open, or not for this server."""

    def __init__(self, policy: str, need: int) -> None:
        super().__init__(
            f"{policy} named need {need}, which its server may not go for; name an open need "
            "that `may_meet` allows, or -1."
        )
        self.policy, self.need = policy, need


class BadSetting(FloorError):
    """A number out of range."""

    def __init__(self, name: str, value: object, remedy: str) -> None:
        super().__init__(f"{name} is {_shown(value)}; {remedy}.")
        self.name, self.value, self.remedy = name, value, remedy


class BadVolumes(FloorError):
    """A row of a file that cannot be read as it stands."""

    def __init__(self, place: str, value: object, wrong: str, remedy: str) -> None:
        super().__init__(f"{place[:LETTERS_SHOWN]}: {wrong} (found {_shown(value)}); {remedy}.")
        self.place, self.value, self.wrong, self.remedy = place, value, wrong, remedy


class BadRows(FloorError):
    """Everything that is wrong with a file, row by row; `rows` has all, the message some."""

    def __init__(self, rows: tuple[BadVolumes, ...]) -> None:
        more = len(rows) - ROWS_SHOWN
        lines = [str(row) for row in rows[:ROWS_SHOWN]]
        super().__init__("\n".join(lines + [f"… and {more} more."] * (more > 0)))
        self.rows = rows


class NotSigned(FloorError):
    """A message that was not signed with the secret of its address."""

    def __init__(self) -> None:
        super().__init__("The signature does not belong to this message; nothing was stored.")


class SignedAnotherTime(FloorError):
    """A message that was signed too long ago, or ahead of the clock here."""

    def __init__(self, now_s: float) -> None:
        moment = datetime.fromtimestamp(now_s, UTC).isoformat(timespec="seconds")
        super().__init__(
            "The message was signed more than five minutes from now, and nothing was stored. It "
            f"is {moment} here: set the clock, sign it anew, and send it again."
        )


class TooManyNeeds(FloorError):
    """More than one message may bring in."""

    def __init__(self, got: int, *, most: int) -> None:
        super().__init__(
            f"{got:,} needs came at once, and nothing was stored. Send at most {most:,} at a time."
        )


class BadNeeds(FloorError):
    """Everything that is wrong with the needs of a message, so that it is mended in one go."""

    def __init__(self, problems: Sequence[str]) -> None:
        more = len(problems) - ROWS_SHOWN
        lines = [*problems[:ROWS_SHOWN], *[f"… and {more} more."] * (more > 0)]
        super().__init__("\n".join([*lines, "Nothing was stored."]))
        self.problems = tuple(problems)


class NotJson(BadNeeds):
    """A body that is no JSON."""

    def __init__(self) -> None:
        super().__init__(["The body is not JSON."])
