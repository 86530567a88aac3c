"""The second look: rounds planned again when a floor has changed, and what its rhythm brings.

What it tells goes to the streams that are open, and is kept nowhere.
"""

import gc
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from upturn.floor import commands
from upturn.floor.commands.returning import give_back
from upturn.floor.engine.grid import grid
from upturn.floor.engine.laid import lay_out
from upturn.floor.engine.live import Board, BoardNeed, BoardSeat, LiveRound, quiet_seats, rounds_of
from upturn.floor.models import memory
from upturn.floor.queries import ready
from upturn.floor.queries.rhythm import cards_for, offer_told, opportunities_of
from upturn.floor.queries.rounds import Told, note_told, planned_on, round_told
from upturn.floor.queries.standing import Standing, open_refs, standing_of
from upturn.floor.queries.topics import topic_of_seat

Say = Callable[[str, Mapping[str, Any]], None]
Listening = Callable[[str], int]

BUDGET_MS = 30.0
"""How long better rounds are looked for beside the pages."""
OPEN_S = 2.0
"""How often it is asked which shifts are open."""
RHYTHM_S = 5.0
SILENT_S = 180.0
"""How long a seat may neither listen nor speak before what it took is anybody's again."""


def _load_planner() -> None:
    """Let the planner be in memory before a tap waits for it."""
    floor = grid(sections=1, tables=2)
    tables = {node.id: node.section for node in floor.nodes if node.section}
    need, seat = BoardNeed("1", next(iter(tables)), "request"), BoardSeat(floor.servers[0].id)
    # The collector would hold every stream for 0.1 s whenever it walks all that is loaded here.
    gc.disable()
    try:
        rounds_of(Board(floor, lay_out(floor), tables, {}, (seat,), (need,)), budget_ms=1.0)
    finally:
        gc.freeze()
        gc.enable()


class Lookouts:
    """The lookouts of all open shifts of this process.

    Parameters
    ----------
    say
        Tells a topic something that is kept nowhere.
    listening
        Says how many streams hear a topic.
    """

    def __init__(self, *, say: Say, listening: Listening) -> None:
        self._say, self._listening = say, listening
        self._of: dict[str, _Lookout] = {}
        self._asked_at: datetime | None = None
        self._is_warm = False

    def look(self, now: datetime) -> None:
        """Look at every open shift that changed since, or whose rhythm is due; quick if none."""
        if not ready.is_made_ready():
            return
        if self._asked_at is None or not 0 <= (now - self._asked_at).total_seconds() < OPEN_S:
            self._find()
            self._asked_at = now
        failed: Exception | None = None
        for ref, lookout in tuple(self._of.items()):
            try:
                if not lookout.look(now):
                    del self._of[ref]
            except Exception as error:  # noqa: BLE001 - one floor is not to hide the others
                failed = error
        if failed:
            raise failed

    def _find(self) -> None:
        before = memory.known()
        refs = open_refs()
        for ref in set(before).difference(refs):  # a late tap may have come back to it
            memory.forget(ref)
        if refs and not self._is_warm:
            _load_planner()
            self._is_warm = True
        for ref in refs:
            self._of.setdefault(ref, _Lookout(ref, self._say, self._listening))


class _Lookout:
    """The lookout of one shift."""

    def __init__(self, ref: str, say: Say, listening: Listening) -> None:
        self._ref, self._say, self._listening = ref, say, listening
        self._topics: dict[str, str] = {}
        self._hearing: set[str] = set()
        self._planned: dict[str, LiveRound] = {}
        self._answers: dict[str, Told | None] = {}
        self._unknown_since_s: dict[str, float] = {}
        self._rhythm_at: datetime | None = None
        self._turn = 0

    def look(self, now: datetime) -> bool:
        """Look if there is a reason to; say whether the shift is still open."""
        known = memory.of(self._ref)
        arrived = self._arrived()
        beat = self._rhythm_at is None or abs((now - self._rhythm_at).total_seconds()) >= RHYTHM_S
        if not (known.changed or arrived or beat):
            return True
        known.changed = False  # what changes from here on is looked at again
        try:
            return self._look(now, arrived, beat=beat)
        except BaseException:
            known.changed = True
            raise

    def _look(self, now: datetime, arrived: set[str], *, beat: bool) -> bool:
        standing = standing_of(self._ref, now=now)
        if standing is None:
            memory.forget(self._ref)
            return False
        self._topics = {
            seat: topic_of_seat(self._ref, number) for seat, number in standing.numbers.items()
        }
        self._arrived()
        self._tell_rounds(standing, arrived, beat=beat)
        if beat:
            self._rhythm_at = now
            self._follow_rhythm(standing, now)
        return True

    def _arrived(self) -> set[str]:
        """Name the seats whose phones have come back: what they were told last may be lost."""
        before = self._hearing
        self._hearing = {seat for seat, topic in self._topics.items() if self._listening(topic)}
        return self._hearing - before

    def _tell_rounds(self, standing: Standing, arrived: set[str], *, beat: bool) -> None:
        """Tell each phone its round if it is another; how long it has waited changes in time."""
        if not self._hearing:
            return
        known, before = memory.of(self._ref), self._planned
        self._planned = planned_on(standing, budget_ms=BUDGET_MS)
        for seat in self._hearing:
            seat_known, planned = known.seat(seat), self._planned[seat]
            seat_known.seen_s = max(seat_known.seen_s, standing.board.now_s)
            answer = seat_known.round
            is_mine = answer is self._answers.get(seat)  # else a tap was answered meanwhile
            if beat or seat in arrived or not is_mine or planned != before.get(seat):
                answer = round_told(standing, seat, planned)
            # An answer and the stream go two ways, and the older may come in last.
            if seat in arrived or answer != seat_known.round or (beat and not is_mine):
                self._tell(seat, "round", answer)
            note_told(standing, seat, answer)
            self._answers[seat] = answer

    def _tell(self, seat: str, kind: str, what: Mapping[str, Any] | None) -> None:
        self._say(self._topics[seat], {"kind": kind, "ref": self._ref, kind: what})

    def _follow_rhythm(self, standing: Standing, now: datetime) -> None:
        if due := opportunities_of(standing):
            commands.raise_opportunities(self._ref, due, now=now)
        if forgotten := self._forgotten(standing):
            give_back(standing.shift.pk, forgotten, now=now)
        self._offer(standing)

    def _forgotten(self, standing: Standing) -> dict[str, str]:
        """Find what was taken by seats that have been silent for long, with the keys it took."""
        now_s, seats = standing.board.now_s, standing.seats
        unknown = {key for key, taker in standing.taken.values() if not taker}
        self._unknown_since_s = {key: self._unknown_since_s.get(key, now_s) for key in unknown}
        forgotten = {}
        for ref, (key, taker) in standing.taken.items():
            if not taker:
                since_s = self._unknown_since_s[key]
            elif taker in self._hearing:
                since_s = now_s
            else:
                since_s = max(seats[taker].seen_s, seats[taker].busy_until_s)
            if now_s - since_s >= SILENT_S:
                forgotten[ref] = key
        return forgotten

    def _offer(self, standing: Standing) -> None:
        """Offer two minutes to who has them, and take the offer back when work comes."""
        known, board = memory.of(self._ref), standing.board
        waits = any(need.asked and not need.taker for need in board.needs)
        takers = {need.taker for need in board.needs}
        offered = {seat for seat in self._topics if known.seat(seat).offer is not None}
        for seat in offered if waits else offered & takers:
            known.seat(seat).offer = None
            self._tell(seat, "offer", None)
        spared = {
            seat
            for seat, each in standing.seats.items()
            if seat not in self._hearing or each.quiet_until_s > board.now_s
        }
        for seat in quiet_seats(board, turn=self._turn, coached=offered, spared=spared):
            cards = cards_for(standing)
            offer = offer_told(standing, seat, cards[self._turn % len(cards)])
            known.seat(seat).offer = offer
            self._tell(seat, "offer", offer)
            self._turn += 1
