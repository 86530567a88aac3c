"""An ask as one viewer sees it today."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import connection

from upturn.commitments.engine import Dates, Move, Side, State, open_moves, waits_for
from upturn.commitments.models import Ask, Line
from upturn.commitments.queries import statements
from upturn.commitments.queries.sides import AskRow, sides_of, visible
from upturn.graph.queries import PartyRow, look_again, snapshot

if TYPE_CHECKING:
    from upturn.people.models import Person


class Given(NamedTuple):
    """What the asking side said of a promise."""

    moment: str
    outcome: str
    given_on: date


class Promised(NamedTuple):
    """A promise with the verdicts on it, at the due date and then on day 100, and the thanks."""

    pk: int
    what: str
    who: str
    sign: str
    made_on: date
    due_on: date
    done_on: date | None
    day_100_on: date
    thanks: str
    verdicts: tuple[Given, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """An ask as one viewer sees it today, with the two parties of its edge."""

    ask: AskRow
    server: PartyRow
    served: PartyRow
    promise: Promised | None
    sides: frozenset[Side]
    waits_for: frozenset[Side]
    today: date

    @property
    def moves(self) -> tuple[Move, ...]:
        """What the viewer may do now."""
        dates, state = dates_of(self.promise), State(self.ask.state)
        return open_moves(state, sides=self.sides, dates=dates, today=self.today)

    @property
    def waits_for_you(self) -> bool:
        """Whether a side on which the viewer stands has something to do."""
        return bool(self.sides & self.waits_for)

    @property
    def verdicts(self) -> tuple[Given, ...]:
        """What was said of the promise in force."""
        return self.promise.verdicts if self.promise else ()

    @property
    def days(self) -> int:
        """Days since it was raised."""
        return (self.today - self.ask.raised_on).days

    @property
    def kept(self) -> bool:
        """The asking side noticed something good."""
        return any(verdict.outcome in {"better", "other"} for verdict in self.verdicts)

    @property
    def thanks(self) -> str:
        """Words of thanks for the promise in force, empty without any."""
        return self.promise.thanks if self.promise else ""

    @property
    def may_thank(self) -> bool:
        """Whether thanks are the viewer's to give and not given yet."""
        return self.kept and Side.ASKING in self.sides and not self.thanks


def ends(edge_id: int) -> tuple[PartyRow, PartyRow]:
    """Who serves and who is served on the edge of an ask."""
    now = snapshot()
    if edge_id not in now.edge:
        look_again()  # drawn since this page began to look
        now = snapshot()
    edge = now.edge[edge_id]
    return now.party[edge.server_id], now.party[edge.served_id]


def rows_of(
    statement: str, given: Mapping[str, int | str] | Sequence[Any]
) -> list[tuple[Any, ...]]:
    """Whatever a statement finds."""
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return list(cursor.fetchall())


def _day(value: str | date | None) -> Any:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _read(pk: int, *row: Any) -> tuple[AskRow, Promised | None]:
    *ask, raised_on, state, turn, point, stays = row[:12]
    ask += [_day(raised_on), state, turn, point or "", bool(stays)]
    found = AskRow._make([pk, *ask])
    if row[12] is None:
        return found, None
    *promise, made_on, due_on, done_on, day_100_on, thanks = row[12:21]
    given = zip(("due", "day_100"), row[21::2], row[22::2], strict=True)
    verdicts = tuple(Given(moment, outcome, _day(on)) for moment, outcome, on in given if outcome)
    dates = map(_day, (made_on, due_on, done_on, day_100_on))
    return found, Promised._make([*promise, *dates, thanks or "", verdicts])


def standings(viewer: "Person | None", asks: Sequence[int], *, today: date) -> list[Standing]:
    """These asks in this order; one query."""
    if not asks:
        return []
    rows = rows_of(statements.ASKS.format(asks=statements.listed(asks)), {})
    found = {row[0]: _read(*row) for row in rows}
    return [_standing(viewer, *found[ask], today=today) for ask in asks if ask in found]


def standings_seen(viewer: "Person", refs: Collection[str], *, today: date) -> list[Standing]:
    """Those asks of these refs that the viewer may see; one query."""
    seen, given = visible(viewer).filter(ref__in=refs).values("pk").query.sql_with_params()
    rows = rows_of(statements.ASKS.format(asks=seen), given)
    return [_standing(viewer, *_read(*row), today=today) for row in rows]


def standing(viewer: "Person | None", ask: Ask, *, today: date, code: str = "") -> Standing:
    """One ask, also for the holder of its ticket."""
    rows = rows_of(statements.ASKS.format(asks=ask.pk), {})
    return _standing(viewer, *_read(*rows[0]), today=today, code=code)


def _standing(
    viewer: "Person | None", ask: AskRow, promise: Promised | None, *, today: date, code: str = ""
) -> Standing:
    return Standing(
        ask,
        *ends(ask.edge_id),
        promise,
        sides_of(viewer, ask, code=code),
        waits_for(State(ask.state), dates=dates_of(promise), today=today),
        today,
    )


def promise_of(ask: Ask) -> Promised | None:
    """The promise in force, which is the last one given."""
    return _read(*rows_of(statements.ASKS.format(asks=ask.pk), {})[0])[1]


def dates_of(promise: Promised | None) -> Dates:
    """The days that open the verdicts of a promise."""
    return Dates() if promise is None else Dates(promise.due_on, promise.day_100_on)


def talk(ask: Ask) -> list[Line]:
    """What both sides said about an ask, in order."""
    return list(ask.lines.order_by("turn"))
