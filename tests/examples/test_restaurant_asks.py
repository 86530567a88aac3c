"""The asks of Four Hearths: every move is one that the spine allows on its day."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from examples.restaurant_group import Ask
from tests.examples.drawn import TODAY, four_hearths
from upturn.commitments.engine import Dates, Move, Side, State, after, day_100, waits_for

MOST = {"what": 400, "who": 80, "sign": 400}
ASKING = {
    Move.REPLY,
    Move.INSIST,
    Move.ACCEPT,
    Move.JUDGE,
    Move.JUDGE_DAY_100,
    Move.ASK_AGAIN,
    Move.WITHDRAW,
}


def standing(ask: Ask) -> tuple[State, Dates]:
    """Walk an ask through the spine's own table; a move that is not open raises."""
    state, dates, latest = State.ASKED, Dates(), ask.raised_on
    for move in ask.moves:
        assert latest <= move.on <= TODAY
        latest = move.on
        if move.verb == "thank":
            assert state in {State.DONE, State.JUDGED, State.SETTLED}
            continue
        verb = Move(move.verb)
        side = Side.ASKING if verb in ASKING else Side.SERVING
        state = after(state, move=verb, sides=[side], dates=dates, today=move.on)
        if verb == Move.PROMISE:
            dates = Dates(due=move.fields["due_on"], day_100=day_100(move.on))
        elif verb == Move.MOVE_DATE:
            dates = Dates(due=move.fields["due_on"], day_100=dates.day_100)
        elif verb == Move.ASK_AGAIN:
            dates = Dates()
    return state, dates


def served_by(party: str) -> Iterator[tuple[Ask, State, Dates]]:
    for ask in four_hearths().asks:
        if ask.edge[0] == party:
            yield ask, *standing(ask)


def test_every_state_of_the_spine_is_there() -> None:
    asks = four_hearths().asks
    assert 30 <= len(asks) <= 40
    assert {standing(ask)[0] for ask in asks} == set(State)
    assert {ask.raised_as for ask in asks} == {"team", "person", "ticket"}


def test_every_outcome_and_both_moments_are_there() -> None:
    outcomes = Counter(
        (move.verb, move.fields["outcome"])
        for ask in four_hearths().asks
        for move in ask.moves
        if "outcome" in move.fields
    )
    assert {outcome for verb, outcome in outcomes if verb == "judge"} == {
        "better",
        "same",
        "worse",
        "other",
    }
    assert {outcome for verb, outcome in outcomes if verb == "judge_day_100"} == {"better", "same"}


def test_asks_hang_on_edges_and_touchpoints_that_are_there() -> None:
    organisation = four_hearths()
    edges = {(edge.server, edge.served) for edge in organisation.serves}
    points = {point.key for point in organisation.touchpoints}
    themes = {theme.key for theme in organisation.themes}
    for ask in organisation.asks:
        assert ask.edge in edges
        assert ask.touchpoint is None or ask.touchpoint in points
        assert ask.theme is None or ask.theme in themes


def test_everybody_moves_on_their_own_side_and_a_ticket_has_no_name() -> None:
    organisation = four_hearths()
    belongs = {
        person.username: {key for key, _leads in person.memberships}
        for person in organisation.people
    }
    for ask in organisation.asks:
        server, served = ask.edge
        assert (ask.raised_by is not None) == (ask.raised_as == "person")
        assert ask.raised_by is None or served in belongs[ask.raised_by]
        for move in ask.moves:
            asking = move.verb == "thank" or Move(move.verb) in ASKING
            if move.actor is None:
                assert ask.raised_as == "ticket"
                assert asking
            else:
                assert (served if asking else server) in belongs[move.actor]


def test_what_is_said_fits_the_tables() -> None:
    for ask in four_hearths().asks:
        for move in ask.moves:
            assert all(len(str(move.fields.get(name, ""))) <= most for name, most in MOST.items())
            assert move.verb != "promise" or set(move.fields) == {"due_on", *MOST}
            assert move.verb not in ("judge", "thank") or move.fields["words"]


def test_nadia_finds_two_that_wait_one_due_this_week_and_one_judged() -> None:
    kitchen = list(served_by("mill-kitchen"))
    waiting = [ask for ask, state, dates in kitchen if state == State.ASKED]
    assert {ask.edge[1] for ask in waiting} == {"mill-floor", "mill-bar"}
    due = [dates.due for _ask, state, dates in kitchen if state == State.PROMISED]
    assert due == [TODAY + timedelta(days=4)]
    judged = [dates for _ask, state, dates in kitchen if state == State.JUDGED]
    assert judged[0].day_100 > TODAY + timedelta(days=50)
    asked = [ask for ask in four_hearths().asks if ask.raised_by == "nadia"]
    mine = [waits_for(standing(ask)[0], dates=standing(ask)[1], today=TODAY) for ask in asked]
    assert frozenset({Side.ASKING}) in mine


def test_maria_has_asks_with_an_outcome_and_one_that_waits_for_her() -> None:
    asked = [ask for ask in four_hearths().asks if ask.raised_by == "maria"]
    states = Counter(standing(ask)[0] for ask in asked)
    assert states[State.SETTLED] == 1
    assert states[State.JUDGED] == 2
    assert states[State.ASKED_BACK] == 1
    assert states[State.PROMISED] == 1


def test_the_drying_element_has_waited_for_six_weeks_without_an_answer() -> None:
    (ask, state, _dates), *_others = [
        row for row in served_by("maintenance") if row[0].edge[1] == "mill-dish"
    ]
    assert state == State.ASKED
    assert (TODAY - ask.raised_on).days == 41
    assert ask.touchpoint == "mill-food"
