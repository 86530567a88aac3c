"""Rungs that can be left again, a chair that goes round, lights without content, what ships."""

from collections import Counter
from dataclasses import replace
from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upturn.exchange.engine import (
    CALL_SCRIPT,
    CONDITIONS,
    NEEDED,
    QUESTIONS,
    READINESS,
    RULES,
    STRENGTHS,
    TEMPLATES,
    WORKSHEET,
    Act,
    Breach,
    CharterText,
    Incomplete,
    MoveRefused,
    NoSuchWord,
    Rung,
    Step,
    allows,
    answered_with,
    as_data,
    charter_digest,
    charter_of,
    condition_health,
    gain_light,
    item,
    missing,
    next_chair,
    offered,
    ready,
    review_on,
    rings,
    rung_now,
    stepped,
    template,
    unsigned,
)
from upturn.stats.figures import Figure, Withheld

DAY = date(2026, 11, 22)
CHARTER = CharterText(
    vision="Customers are served well, whoever answers.",
    mission="Learn from each other how leaders help those who serve.",
    not_mission="Not prices, not contracts, not who is better.",
    scope="Service for the common client, all places.",
    topics=("care", "coach"),
    never=("bids",),
    data_classes=("practice", "band"),
    minutes=45,
    chair_months=3,
)


@pytest.mark.parametrize(("rung", "act"), list(product(Rung, Act)))
def test_each_rung_allows_what_the_ladder_says(rung: Rung, act: Act) -> None:
    table = {
        Rung.LISTEN: {"read", "us_too", "press_brakes", "dissent", "leave"},
        Rung.SHARE_PRACTICE: {"post", "write_card", "try_card", "pair"},
        Rung.SHARE_BAND: {"seal_ballot"},
        Rung.JOINT_PLAN: {"take_part"},
    }
    allowed = set().union(*(acts for from_here, acts in table.items() if from_here <= rung))
    assert allows(rung, act) is (act.value in allowed)
    assert set(NEEDED) == set(Act)


@pytest.mark.parametrize(("at", "to"), list(product(Rung, Rung)))
def test_up_one_at_a_time_and_down_at_any_time(at: Rung, to: Rung) -> None:
    log = tuple(Step(Rung(number), DAY) for number in range(1, at + 1))
    if to == at or to > at + 1:
        with pytest.raises(MoveRefused):
            stepped(log, to, on=DAY)
    else:
        after = stepped(log, to, on=DAY)
        assert rung_now(after) is to
        assert after[:-1] == log


def test_the_next_rung_is_offered_and_not_after_a_step_down() -> None:
    log = stepped(stepped((), Rung.SHARE_PRACTICE, on=DAY), Rung.SHARE_BAND, on=DAY)
    assert offered(()) is Rung.SHARE_PRACTICE
    assert offered(log) is Rung.JOINT_PLAN
    down = stepped(log, Rung.LISTEN, on=DAY)
    assert offered(down) is None
    assert stepped(down, Rung.SHARE_PRACTICE, on=DAY)
    assert offered(stepped(log, Rung.JOINT_PLAN, on=DAY)) is None
    with pytest.raises(MoveRefused):
        stepped(log, Rung.LISTEN, on=date(2026, 1, 1))


@given(st.lists(st.sets(st.sampled_from("abcdef"), min_size=1), max_size=40))
def test_the_chair_goes_round_and_skips_who_is_not_here(present: list[set[str]]) -> None:
    held: list[str] = []
    for here in present:
        chair = next_chair("abcdef", held, here=here)
        assert chair in here
        assert len(here) == 1 or not held or chair != held[-1]
        held.append(chair)


def test_with_all_here_everybody_leads_equally_often() -> None:
    held: list[str] = []
    for _month in range(24):
        held.append(next_chair("abcdef", held, here="abcdef"))
    assert set(Counter(held).values()) == {4}
    assert held[:7] == list("abcdefa")
    assert next_chair("abc", held, here="") == ""


@given(st.dictionaries(st.sampled_from("abcdef"), st.booleans()))
def test_a_light_says_only_whether_all_have_one(statements: dict[str, bool]) -> None:
    found = gain_light(statements)
    assert found is (bool(statements) and False not in statements.values())


def test_readiness_waits_for_every_item_and_a_named_counsel() -> None:
    found = {each.code: "Thought through." for each in READINESS}
    assert ready(found, signed_off_by="R. Okafor").whole
    assert not ready(found, signed_off_by=" ").whole
    assert ready(found, signed_off_by="").counsel == tuple(i.code for i in READINESS if i.counsel)
    for each in READINESS:
        part = ready(found | {each.code: " "}, signed_off_by="R. Okafor")
        assert (part.whole, part.open) == (False, (each.code,))


def test_conditions_are_shares_with_their_range_from_five_answers() -> None:
    found = condition_health({"vision": [True] * 3 + [False] * 3, "gain": [True] * 4})
    assert list(found) == [each.code for each in CONDITIONS]
    assert isinstance(found["vision"], Figure)
    assert (found["vision"].value, found["vision"].n) == (0.5, 6)
    assert found["gain"] == found["mission"] == Withheld("too_few", needed=5, got=0)


def test_the_review_comes_every_year() -> None:
    assert review_on(date(2026, 3, 1), today=DAY) == date(2027, 3, 1)
    assert review_on(date(2020, 11, 22), today=DAY) == DAY
    assert review_on(date(2020, 11, 21), today=DAY) == date(2027, 11, 21)


def test_what_ships_is_whole() -> None:
    assert [each.seed for each in QUESTIONS][:5] == ["S3.10", "S3.11", "S3.12", "S3.13", "S3.14"]
    assert [each.code for each in QUESTIONS if each.about_host] == ["client"]
    assert [each.seed for each in CONDITIONS] == [f"S3.{number}" for number in range(24, 36)]
    lists = (READINESS, CALL_SCRIPT, QUESTIONS, CONDITIONS, STRENGTHS, WORKSHEET)
    for one in lists:
        assert len({each.code for each in one}) == len(one)
    assert TEMPLATES == ("suppliers", "peers", "charities")
    for code in TEMPLATES:
        found = template(code)
        assert {each.code for each in QUESTIONS} >= set(found.topics)
        assert "opening" in found.counsel_before
        assert found.client or "client" not in found.topics
        assert not found.duplication or "duplication" in found.counsel_before
    with pytest.raises(NoSuchWord):
        template("cartel")
    with pytest.raises(NoSuchWord):
        item("nothing", among=QUESTIONS)


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({}, ()),
        ({"vision": ""}, ("vision",)),
        ({"vision": "x" * 141}, ("vision",)),
        ({"vision": "One\nTwo"}, ("vision",)),
        ({"mission": " "}, ("mission",)),
        ({"not_mission": ""}, ("not_mission",)),
        ({"scope": ""}, ("scope",)),
        ({"topics": ()}, ("topics",)),
        ({"never": ("Care ",)}, ("both",)),
        ({"data_classes": ()}, ("data_classes",)),
        ({"data_classes": ("figure",)}, ("data_classes",)),
        ({"minutes": 5}, ("minutes",)),
        ({"chair_months": 0}, ("chair_months",)),
        ({"rules": tuple(RULES)[1:]}, ("rules",)),
    ],
)
def test_a_charter_says_what_it_lacks(changes: dict, codes: tuple[str, ...]) -> None:
    assert missing(replace(CHARTER, **changes)) == codes


def test_a_new_version_is_signed_anew_by_everybody() -> None:
    first, second = (charter_digest(CHARTER, number=number) for number in (1, 2))
    changed = charter_digest(replace(CHARTER, minutes=46), number=2)
    assert len({first, second, changed}) == 3
    assert unsigned(["a", "b"], {"a": first, "b": first}, digest=first) == ()
    assert unsigned(["a", "b"], {"a": first, "b": first}, digest=second) == ("a", "b")
    assert unsigned(["a", "b"], {}, digest=first) == ("a", "b")


def test_a_charter_is_read_by_machines_as_it_was_written() -> None:
    data = as_data(CHARTER)
    assert charter_of(data) == CHARTER
    for name in data:
        with pytest.raises(Incomplete, match=name):
            charter_of({each: value for each, value in data.items() if each != name})
        with pytest.raises(Incomplete, match=name):
            charter_of(data | {name: None})
    with pytest.raises(Incomplete, match="topics"):
        charter_of(data | {"topics": [1]})


def test_the_vision_is_tested_by_layer_and_small_layers_say_nothing() -> None:
    voices = {"front": (31, 60, 3), "half": (30, 60, 3), "few": (4, 4, 3), "two": (60, 60, 2)}
    assert rings(voices) == {"front": True, "half": False, "few": None, "two": None}


@pytest.mark.parametrize(("at", "to"), list(product(Breach, Breach)))
def test_a_breach_is_answered_one_grade_at_a_time(at: Breach, to: Breach) -> None:
    grades = [Breach.REPORTED, Breach.REMINDED, Breach.TALKED, Breach.PAUSED, Breach.PARTED]
    over = at in {Breach.PARTED, Breach.NONE}
    follows = not over and (to is Breach.NONE or to is grades[grades.index(at) + 1])
    if follows:
        assert answered_with(at, to) is to
    else:
        with pytest.raises(MoveRefused) as caught:
            answered_with(at, to)
        assert caught.value.code == ("over" if over else "skips")
