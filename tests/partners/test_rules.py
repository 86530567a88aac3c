"""Rules say why, for whom, until when; anybody questions them, whoever keeps them answers."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tests import factories as f
from tests.factories import TODAY
from tests.trace.organisation import WEEKS, measured
from upturn.commitments.commands import draw_code
from upturn.graph.models import Party
from upturn.partners.commands.rules import RuleContent, RuleDraft, move_rule, write_rule
from upturn.partners.engine import (
    RULE_MOVES,
    Incomplete,
    MoveClosed,
    Overtaken,
    RuleMove,
    RuleSide,
    RuleState,
    is_fresh,
    state_on,
)
from upturn.partners.models import Rule
from upturn.partners.queries.rules import register, rule_here
from upturn.partners.queries.watching import watched
from upturn.people.models import Person, Role
from upturn.record.models import JournalEntry, OutboxEvent
from upturn.stats import Figure, Withheld
from upturn.voice.queries import monday

K, Q, A = RuleSide.KEEPER, RuleSide.QUESTIONER, RuleSide.ANYBODY
TRUTH = {
    "in_force": {
        "question": ({A}, "questioned"),
        "keep": ({K}, "in_force"),
        "retire": ({K}, "retired"),
    },
    "questioned": {
        "keep": ({K}, "in_force"),
        "retire": ({K}, "retired"),
        "take_back": ({Q}, "in_force"),
    },
    "expired": {"keep": ({K}, "in_force"), "retire": ({K}, "retired")},
    "retired": {"bring_back": ({K}, "in_force")},
}


@pytest.mark.parametrize("state", RuleState)
@pytest.mark.parametrize("move", RuleMove)
@pytest.mark.parametrize("side", RuleSide)
def test_every_state_move_and_side_of_a_rule(
    state: RuleState, move: RuleMove, side: RuleSide
) -> None:
    sides, after = TRUTH[state].get(move, (set(), ""))
    assert (move in RULE_MOVES.open(state, sides=[side])) == (side in sides)
    if side in sides:
        assert RULE_MOVES.after(state, move=move, sides=[side]) == after
    else:
        with pytest.raises(MoveClosed):
            RULE_MOVES.after(state, move=move, sides=[side])


def test_a_question_cannot_be_dismissed() -> None:
    assert not {"dismiss", "invalid", "close", "decline"} & set(RuleMove)
    ends = {step.after for step in RULE_MOVES.steps if step.before == RuleState.QUESTIONED}
    assert ends == {RuleState.IN_FORCE, RuleState.RETIRED}


def test_the_diagrams_in_the_docs_are_those_of_the_tables() -> None:
    from upturn.partners.engine import CYCLE_MOVES  # noqa: PLC0415 - both tables on one page

    page = Path(__file__).parents[2] / "docs" / "reference" / "rules-and-cycles.md"
    text = page.read_text(encoding="utf-8")
    assert RULE_MOVES.diagram() in text
    assert CYCLE_MOVES.diagram() in text


@given(st.sampled_from(["in_force", "questioned"]), st.integers(-400, 400))
def test_a_rule_expires_on_the_day_after_its_last(stored: str, days: int) -> None:
    state = state_on(RuleState(stored), ends_on=TODAY + timedelta(days=days), today=TODAY)
    assert (state == RuleState.EXPIRED) == (days < 0)
    assert state_on(RuleState.RETIRED, ends_on=date.min, today=TODAY) == RuleState.RETIRED


@given(st.text(max_size=40), st.text(max_size=40))
def test_copied_words_are_no_fresh_why(why: str, other: str) -> None:
    assert not is_fresh(f" {why.upper().lower()} . ", why.upper().lower())
    assert not is_fresh("  ", other)
    assert is_fresh(f"{why} because nobody waits", why)


@pytest.fixture
def scene(db: None) -> tuple[Party, Party, Person, Person]:
    kitchen, floor = f.party("Kitchen"), f.party("Floor")
    f.serves(kitchen, floor)
    return kitchen, floor, f.member(kitchen, name="Cook"), f.member(floor, name="Waiter")


Scene = tuple[Party, Party, Person, Person]


def written(by: Person, keeper: Party, **how: Any) -> Rule:
    whole: dict[str, Any] = {
        "words": "No plate leaves before the whole table is ready.",
        "keeper_id": keeper.pk,
        "code": draw_code(),
        "why": "So that nobody eats alone.",
        "ends_on": TODAY + timedelta(days=90),
    }
    return write_rule(by, RuleDraft(**whole | how), today=TODAY)


def took(by: Person, rule: Rule, move: str, *, today: date = TODAY, **content: Any) -> Rule:
    rule.refresh_from_db()
    given = RuleContent(**{"turn": rule.turn} | content)
    return move_rule(by, rule, move=RuleMove(move), content=given, today=today)


def test_a_rule_needs_its_why_from_those_who_keep_it_and_an_end_within_a_year(
    scene: Scene,
) -> None:
    kitchen, _floor, cook, waiter = scene
    for refused in (
        {"why": " "},
        {"words": ""},
        {"ends_on": None},
        {"ends_on": TODAY},
        {"ends_on": TODAY + timedelta(days=367)},
    ):
        with pytest.raises(Incomplete):
            written(cook, kitchen, **refused)
    unexplained = written(waiter, kitchen, why="", ends_on=None)
    assert unexplained.ends_on == TODAY + timedelta(days=92)
    assert rule_here(cook, unexplained, today=TODAY).waits_for_you
    with pytest.raises(Incomplete):
        written(waiter, f.party("Empty system", kind="system"))


def test_sent_twice_it_is_one_rule(scene: Scene) -> None:
    kitchen, _floor, cook, _waiter = scene
    code = draw_code()
    assert written(cook, kitchen, code=code) == written(cook, kitchen, code=code)
    assert JournalEntry.objects.filter(verb="write rule").count() == 1


def test_rules_expire_and_keeping_one_needs_a_fresh_why(scene: Scene) -> None:
    kitchen, _floor, cook, waiter = scene
    rule = written(cook, kitchen)
    late = rule.ends_on + timedelta(days=1)
    assert [r.ref for r in register(waiter, today=late).expired] == [rule.ref]
    assert register(waiter, today=rule.ends_on).standing == 1
    again = late + timedelta(days=30)
    with pytest.raises(Incomplete, match="why of before"):
        took(cook, rule, "keep", today=late, words="so that nobody eats ALONE", ends_on=again)
    with pytest.raises(MoveClosed):
        took(waiter, rule, "keep", today=late, words="We like it.", ends_on=again)
    kept = took(cook, rule, "keep", today=late, words="Guests asked for it.", ends_on=again)
    assert (kept.why, kept.ends_on, kept.state) == ("Guests asked for it.", again, "in_force")
    assert register(waiter, today=late).expired == ()


def test_anybody_may_question_and_only_the_keeper_answers(scene: Scene) -> None:
    kitchen, _floor, cook, waiter = scene
    rule = written(cook, kitchen)
    with pytest.raises(Incomplete):
        took(waiter, rule, "question")
    took(waiter, rule, "question", words="Children wait for their chips.")
    here = register(cook, today=TODAY).questioned[0]
    assert here.question == "Children wait for their chips."
    assert here.waits_for_you
    assert set(here.moves) == {RuleMove.KEEP, RuleMove.RETIRE}
    with pytest.raises(MoveClosed):
        took(cook, rule, "take_back")
    assert took(waiter, rule, "take_back").state == RuleState.IN_FORCE


def test_a_question_without_a_name_leaves_no_trace_of_who(scene: Scene) -> None:
    kitchen, _floor, cook, waiter = scene
    rule = written(cook, kitchen)
    events = OutboxEvent.objects.count()
    took(waiter, rule, "question", words="It is not needed.", unnamed=True)
    rule.refresh_from_db()
    assert rule.questioned_by is None
    entry = JournalEntry.objects.get(verb="question rule")
    assert (entry.actor_id, entry.at.hour, entry.at.minute) == (None, 0, 0)
    assert OutboxEvent.objects.count() == events, "an event would tell when"
    with pytest.raises(MoveClosed):
        took(waiter, rule, "take_back")


def test_a_rule_let_go_can_be_brought_back_with_a_why(scene: Scene) -> None:
    kitchen, _floor, cook, waiter = scene
    rule = took(cook, written(cook, kitchen), "retire", words="Nobody missed it in June.")
    assert register(waiter, today=TODAY).retired[0].retired_on == TODAY
    with pytest.raises(MoveClosed):
        took(waiter, rule, "bring_back", words="Yes", ends_on=TODAY + timedelta(days=9))
    back = took(
        cook, rule, "bring_back", words="Tables complained.", ends_on=TODAY + timedelta(days=9)
    )
    assert (back.state, back.retired_on) == (RuleState.IN_FORCE, None)


def test_of_two_who_move_a_rule_one_wins(scene: Scene) -> None:
    kitchen, _floor, cook, waiter = scene
    rule = written(cook, kitchen)
    stale = rule.turn
    took(waiter, rule, "question", words="Why?")
    with pytest.raises(Overtaken):
        took(cook, rule, "retire", turn=stale)
    rule.refresh_from_db()
    assert rule.state == RuleState.QUESTIONED


def test_a_refused_move_stores_nothing(scene: Scene) -> None:
    kitchen, _floor, cook, _waiter = scene
    rule = written(cook, kitchen)
    entries = JournalEntry.objects.count()
    with pytest.raises(Incomplete):
        took(cook, rule, "retire", watch=f"party|{kitchen.key}|waits", watch_weeks=3)
    assert JournalEntry.objects.count() == entries
    assert rule.lines.count() == 0


LAST = monday(date.today())  # noqa: DTZ011 - weeks of measures end with last week's Monday


def change(party: Party, values: np.ndarray, *, weeks: int, better: str = "less") -> Any:
    """What a watch of eight weeks says today, of a rule let go so many weeks ago."""
    measured(party, "waits", values.tolist(), better=better)
    since = LAST - timedelta(weeks=weeks)
    key = f"party|{party.key}|waits"
    found = watched(f.person(), key, since=since, weeks=8, today=LAST)
    assert found is not None
    return found


def test_a_watch_says_what_moved_and_cannot_tell_is_a_normal_answer(db: None) -> None:
    noise = np.random.default_rng(4).normal(0, 0.3, WEEKS)
    rose = np.where(np.arange(WEEKS) >= WEEKS - 8, 3.0, 0.0)
    worse = change(f.party(), 5 + noise + rose, weeks=8)
    assert worse.way == "worse"
    assert isinstance(worse.change, Figure)
    assert worse.change.low < 3.0 < worse.change.high
    assert worse.change.n == 20
    better = change(f.party(), 5 + noise + rose, weeks=8, better="more")
    assert better.way == "better"
    assert change(f.party(), 5 + noise, weeks=8).way == "cannot_tell"


def test_a_watch_says_nothing_before_its_weeks_have_passed(db: None) -> None:
    early = change(f.party(), np.full(WEEKS, 5.0), weeks=7)
    assert (early.way, early.change) == ("cannot_tell", Withheld("too_few_weeks", 8, 7))


def test_a_watch_without_enough_weeks_before_is_withheld(db: None) -> None:
    values = np.full(WEEKS, 5.0)
    found = change(f.party(), values, weeks=WEEKS - 2)
    assert found.change == Withheld("too_few_weeks", 4, 2)


def test_the_false_alarm_rate_of_a_watch_where_nothing_happened(db: None) -> None:
    from upturn.partners.queries import watching  # noqa: PLC0415 - its inner part alone

    rng, wrong, runs = np.random.default_rng(11), 0, 400
    begins = LAST - timedelta(weeks=8)
    for _ in range(runs):
        values = {
            begins + timedelta(weeks=int(week)): float(value)
            for week, value in zip(range(-12, 8), rng.normal(0, 1, 20), strict=True)
        }
        found = watching._change(values, begins=begins, weeks=8, today=LAST)
        wrong += watching._way(found, better="more") != "cannot_tell"
    assert wrong / runs < 0.10


def test_the_pages_carry_a_rule_from_the_pen_to_its_end(scene: Scene) -> None:
    _kitchen, _floor, cook, waiter = scene
    client = f.signed_in(cook)
    sent = {
        "words": "Leverage the pass for every plate.",
        "keeper": "Kitchen",
        "why": "Warm plates.",
        "ends_on": "2099-01-01",
        "code": draw_code(),
    }
    assert client.post("/rules/new/", sent).status_code == 200, "jargon is shown before it is kept"
    page = client.post("/rules/new/", sent).content.decode()
    assert "<mark>Leverage</mark>" in page
    refused = client.post("/rules/new/", sent | {"looked_at": "on"})
    assert refused.status_code == 400, "no rule lasts that long"
    ends = (timezone.localdate() + timedelta(days=60)).isoformat()
    client.post("/rules/new/", sent | {"looked_at": "on", "ends_on": ends})
    rule = Rule.objects.get()
    other = f.signed_in(waiter)
    other.post(f"/rules/{rule.ref}/question/", {"turn": 0, "words": "It slows the children."})
    assert "It slows the children." in client.get("/rules/").content.decode()
    client.post(f"/rules/{rule.ref}/retire/", {"turn": 1, "words": "Gone.", "watch": ""})
    rule.refresh_from_db()
    assert rule.state == RuleState.RETIRED
    table = other.get("/rules/rules.csv").getvalue().decode("utf-8-sig")
    assert table.splitlines()[1].startswith("Leverage the pass for every plate.,Warm plates.")
    assert waiter.display_name not in table + client.get(f"/rules/{rule.ref}/").content.decode()


def test_a_closed_step_is_refused_with_a_sentence_and_guests_see_no_rules(scene: Scene) -> None:
    kitchen, _floor, cook, waiter = scene
    rule = written(cook, kitchen)
    refused = f.signed_in(waiter).get(f"/rules/{rule.ref}/retire/")
    assert refused.status_code == 409
    assert "not open to you" in refused.content.decode()
    guest = f.signed_in(f.member(kitchen, role=Role.GUEST))
    for address in ("/rules/", f"/rules/{rule.ref}/", "/rules/rules.csv", "/barriers/", "/cycles/"):
        assert guest.get(address).status_code == 404
    assert f.signed_in(waiter).get(f"/rules/{rule.ref}/dismiss/").status_code == 404
