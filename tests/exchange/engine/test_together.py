"""What is shared is found, and the rest stays hidden; plans, weeks, calls and pairs."""

from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from upturn.exchange.engine import (
    BadSeal,
    Gap,
    Incomplete,
    JointPlan,
    PlannedPart,
    Service,
    blind,
    broken,
    calls_due,
    digest,
    draw_talks,
    duplicated,
    focus_weeks,
    gaps,
    in_words,
    matches,
    may_compare,
    meeting_cost,
    plain,
    readable,
    service_entry,
    shared,
)
from upturn.stats.draws import generator
from upturn.stats.figures import Withheld

KEY = bytes(range(32))
TODAY = date(2026, 11, 22)
WORDS = ["coaching", "quiet hours", "onboarding", "knowledge", "tools", "complaints"]


@cache
def filling(name: str) -> list[bytes]:
    return [generator(4, name, str(at)).bytes(16) for at in range(32)]


def hidden(entries: set[str], name: str = "a") -> tuple[str, ...]:
    return blind(entries, key=KEY, about="together", filling=filling(name))


@given(st.lists(st.sets(st.sampled_from(WORDS)), min_size=2, max_size=6))
def test_what_all_lists_share_is_found_and_nothing_else(lists: list[set[str]]) -> None:
    found = shared([hidden(entries, str(at)) for at, entries in enumerate(lists)])
    expected = set.intersection(*lists)
    for entries in lists:
        assert set(in_words(found, entries, key=KEY, about="together")) == expected
    assert len(found) == len(expected)


def test_a_list_says_neither_its_words_nor_its_length() -> None:
    none, six = hidden(set()), hidden(set(WORDS))
    assert len(none) == len(six) == 32
    assert not any(word in entry for word in WORDS for entry in six)
    other = blind(set(WORDS), key=KEY[::-1], about="together", filling=filling("b"))
    elsewhere = blind(set(WORDS), key=KEY, about="services", filling=filling("c"))
    assert not shared([six, other])
    assert not shared([six, elsewhere])


def test_who_has_the_key_can_try_words() -> None:
    """What the documentation admits: hidden from the host, not from a party that guesses."""
    assert digest("Coaching", key=KEY, about="together") in hidden({"coaching"})
    assert digest("coaching", key=KEY[::-1], about="together") not in hidden({"coaching"})


def test_the_same_words_are_the_same_entry_however_written() -> None:
    assert plain("  On-the-job   COACHING. ") == plain("on the job coaching")
    assert plain("Straße") == plain("STRASSE")


def test_a_wrong_key_or_filling_is_refused() -> None:
    with pytest.raises(BadSeal):
        blind(["a"], key=b"short", about="together", filling=filling("a"))
    with pytest.raises(Incomplete):
        blind(["a"], key=KEY, about="together", filling=filling("a")[:3])
    with pytest.raises(Incomplete):
        blind(["a"], key=KEY, about="together", filling=[bytes(16)] * 32)
    with pytest.raises(Incomplete, match="33"):
        blind([str(at) for at in range(33)], key=KEY, about="together", filling=filling("a"))


def test_overlap_is_revealed_pair_by_pair_and_only_where_both_consent() -> None:
    meals, shelter = (
        service_entry(Service(what, "older people", "north")) for what in ("Meals", "Shelter")
    )
    lists = {
        name: blind(entries, key=KEY, about="services", filling=filling(name))
        for name, entries in (("a", {meals, shelter}), ("b", {meals}), ("c", {meals, shelter}))
    }
    open_to = {"a": {"b", "c"}, "b": {"a"}, "c": set()}
    found = duplicated(lists, open_to=open_to, party="a")
    assert {
        other: in_words(both, [meals, shelter], key=KEY, about="services")
        for other, both in found.items()
    } == {"b": (meals,)}
    assert duplicated(lists, open_to=open_to, party="c") == {}
    assert duplicated(lists, open_to=open_to, party="stranger") == {}


@given(
    st.dictionaries(st.sampled_from("abc"), st.sets(st.sampled_from("abc"))),
    st.sampled_from("abc"),
    st.sampled_from("abc"),
)
def test_consent_to_compare_takes_both(open_to: dict[str, set[str]], a: str, b: str) -> None:
    expected = a != b and b in open_to.get(a, ()) and a in open_to.get(b, ())
    assert may_compare(a, b, open_to=open_to) is may_compare(b, a, open_to=open_to) is expected


@given(
    st.dictionaries(st.sampled_from("abcd"), st.sets(st.sampled_from(WORDS))),
    st.dictionaries(st.sampled_from("abcd"), st.sets(st.sampled_from(WORDS))),
)
def test_a_match_is_seen_by_both_and_by_nobody_else(
    offers: dict[str, set[str]], asks: dict[str, set[str]]
) -> None:
    found = {party: matches(offers, asks, party=party) for party in "abcd"}
    for a, b in combinations("abcd", 2):
        assert found[a].get(b) == found[b].get(a)
        fits = (offers.get(a, set()) & asks.get(b, set())) | (
            offers.get(b, set()) & asks.get(a, set())
        )
        assert found[a].get(b, frozenset()) == fits


PLAN = JointPlan(
    "Customers are called back in time.",
    {
        "a": PlannedPart("We keep two hours free.", "A call when promised", "Fewer complaints"),
        "b": PlannedPart("We tell our night teams.", "Help at night too", "Quieter nights"),
        "c": PlannedPart(abstains=True),
    },
)


def test_an_empty_cell_blocks_collective() -> None:
    assert gaps(PLAN, members="abc") == ()
    missing = tuple(Gap(code, "d") for code in ("part", "customer", "win"))
    assert gaps(PLAN, members="abcd") == missing
    assert gaps(replace(PLAN, customer_outcome=" "), members="abc") == (Gap("outcome"),)
    for cell, code in (("customer", "customer"), ("win", "win"), ("words", "part")):
        bare = replace(PLAN.parts["a"], **{cell: " "})
        less = replace(PLAN, parts={**PLAN.parts, "a": bare})
        assert gaps(less, members="abc") == (Gap(code, "a"),)
    nobody = replace(PLAN, parts=dict.fromkeys("abc", PlannedPart(abstains=True)))
    assert gaps(nobody, members="abc") == (Gap("nobody"),)


def test_a_part_that_binds_others_breaks_rule_18() -> None:
    assert broken(PLAN) == {}
    joint = replace(PLAN, parts={**PLAN.parts, "b": PlannedPart("None of us will hire.", "x", "x")})
    assert {party: refused[0].number for party, refused in broken(joint).items()} == {"b": 18}


@given(st.integers(6, 40), st.integers(2, 5), st.integers(0, 99))
def test_focus_weeks_are_drawn_in_even_groups(count: int, groups: int, seed: int) -> None:
    units = [str(at) for at in range(count)]
    weeks = focus_weeks(units, first=TODAY, draws=generator(seed, "focus"), groups=groups)
    sizes = np.unique([day.toordinal() for day in weeks.values()], return_counts=True)[1]
    assert len(sizes) == groups
    assert sizes.max() - sizes.min() <= 1
    assert all(day.weekday() == 0 and day >= TODAY for day in weeks.values())
    assert readable(weeks) == (
        None if count >= max(6, groups + 3) else Withheld("too_few_units", groups + 3, count)
    )


def test_a_week_of_all_together_cannot_be_read() -> None:
    weeks = focus_weeks("abcdef", first=TODAY, draws=generator(1, "focus"), together=True)
    assert readable(weeks) == Withheld("all_start_together", needed=2, got=1)
    three = focus_weeks("abc", first=TODAY, draws=generator(1, "focus"))
    assert readable(three) == Withheld("too_few_units", needed=6, got=3)


def test_what_can_be_read_is_read_by_the_roll_out_of_stats() -> None:
    from upturn.stats.rollouts import Rollout, group_time_effects  # noqa: PLC0415 - heavy

    weeks = focus_weeks("abcdefgh", first=TODAY, draws=generator(1, "f"), groups=2, weeks_apart=3)
    starts = [(day - TODAY).days // 7 + 4 for day in weeks.values()]
    noise = generator(2, "weeks").normal(0, 0.01, (8, 12))
    after = np.arange(12) >= np.array(starts)[:, None]
    found = group_time_effects(noise + after, starts, base_weeks=2)
    assert isinstance(found, Rollout)
    assert found.overall.value == pytest.approx(1, abs=0.05)


@pytest.mark.parametrize(
    ("meetings", "pair", "rounds", "within"),
    [([45], 30, 0, False), ([], 30, 20, True), ([45], 0, 10, True), ([60], 0, 0, False)],
)
def test_a_month_costs_a_leader_less_than_an_hour_or_says_so(
    meetings: list[int], pair: int, rounds: int, within: bool
) -> None:
    cost = meeting_cost(meetings=meetings, pair_minutes=pair, round_minutes=rounds)
    assert cost.within_the_hour is within
    assert cost.minutes == sum(meetings) + pair + rounds


def test_who_was_not_called_for_four_weeks_is_on_the_list() -> None:
    last = {"a": TODAY - timedelta(27), "b": TODAY - timedelta(28), "c": None}
    found = calls_due(last, today=TODAY, shared={"b": ["one", "two", "three", "four"]})
    assert [call.partner for call in found] == ["b", "c"]
    assert [len(call.topics) for call in found] == [3, 3]
    assert found[0].topics == ("one", "two", "three")


@given(st.integers(2, 13), st.integers(0, 9))
def test_everybody_is_in_a_pair_and_nobody_with_itself(count: int, seed: int) -> None:
    parties = [str(at) for at in range(count)]
    pairs = draw_talks(parties, draws=generator(seed, "pairs"))
    seats = [seat for pair in pairs for seat in (pair.seeker, pair.giver)]
    assert set(seats) == set(parties)
    assert len(seats) == count + count % 2
    assert all(pair.seeker != pair.giver for pair in pairs)


def test_direct_rivals_and_repetitions_are_avoided_and_the_seeker_asks() -> None:
    rivals = [frozenset("ab"), frozenset("cd"), frozenset("ef")]
    before = [frozenset("ac"), frozenset("bd")]
    for seed in range(20):
        pairs = draw_talks(
            "abcdef", draws=generator(seed, "p"), before=before, rivals=rivals, seekers="a"
        )
        drawn = {frozenset({pair.seeker, pair.giver}) for pair in pairs}
        assert not drawn & {*rivals, *before}
        assert any(pair.seeker == "a" for pair in pairs)
    assert len(draw_talks("ab", draws=generator(1, "p"), rivals=[frozenset("ab")])) == 1
    with pytest.raises(Incomplete):
        draw_talks("a", draws=generator(1, "p"))
