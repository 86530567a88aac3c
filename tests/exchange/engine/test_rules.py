"""The nineteen rules: each is broken alone by one case and refused by exactly its own number."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upturn.exchange.engine import (
    METRICS,
    RULES,
    AskedMeeting,
    AskedMetric,
    AskedPage,
    AskedPost,
    AskedPromise,
    AskedSheet,
    Company,
    Findings,
    Kept,
    Moment,
    Opening,
    Publication,
    RulesBroken,
    Shown,
    SignOff,
    When,
    bins_of,
    check_evidence,
    check_meeting,
    check_opening,
    check_page,
    check_post,
    check_promise,
    check_publication,
    check_roster,
    check_sheet,
    default_edges,
    speaks_of,
    suppress_dominant,
    too_narrow,
)
from upturn.exchange.engine.acting_rules import EVIDENCE, HIDDEN_FROM_CLIENT
from upturn.exchange.engine.ballot import bins_for
from upturn.exchange.engine.metrics import FORBIDDEN
from upturn.exchange.engine.rules import CODED, FOUND, WORDS

SIX = tuple(map(Company, ("Amber", "Birch", "Cedar", "Dune", "Elder", "Fern")))
TWELVE = tuple(Company(f"Company {number}") for number in range(12))
PERIOD = (date(2026, 4, 1), date(2026, 6, 30))


def metric(code: str = "repeat_contact", *, n: int = 6) -> AskedMetric:
    known = METRICS[code]
    return AskedMetric(code, known.name["en"], known.unit, default_edges(code, n=n))


SHEET = AskedSheet(
    ref="autumn",
    companies=SIX,
    metrics=(metric(), metric("coaching")),
    period=PERIOD,
    fixed_on=date(2026, 10, 1),
    opens_on=date(2026, 10, 5),
    closes_on=date(2026, 10, 16),
    last_closed=date(2026, 7, 16),
)
OPENING = Opening(ref="autumn", roster=frozenset(SIX), accepted=frozenset(SIX), period=PERIOD)
EARLIER = replace(OPENING, ref="summer", period=(date(2026, 1, 1), date(2026, 3, 31)))
PAGE = AskedPage(
    figures=(Shown(statistic="band"), Shown(statistic="own_place", on_device=True)),
    words="Half of the companies lie in this band.",
)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
TOTALS = Publication(members=("digest", NOON), client=("digest", NOON))
MEETING = AskedMeeting(
    agenda="Finding time to coach",
    steward=True,
    entered=frozenset({"a", "b"}),
    accepted=frozenset({"a", "b"}),
    topics=frozenset({"coaching"}),
    stopped=frozenset({"scheduling"}),
)
POST = AskedPost(checked_with="3", current="3")
PROMISE = AskedPromise(companies=("Amber",), words="We hold fifteen minutes of coaching a day.")
KEPT = Kept(kind="sheet", of=date(2026, 10, 16), erased_on=date(2031, 10, 16))


def sheet(**changes: object) -> Findings:
    return check_sheet(replace(SHEET, **changes))  # type: ignore[arg-type]


def opening(*previous: Opening, **changes: object) -> Findings:
    return check_opening(replace(OPENING, **changes), previous)  # type: ignore[arg-type]


def asked(**changes: object) -> Findings:
    return sheet(metrics=(replace(metric(), **changes), metric("coaching")))  # type: ignore[arg-type]


def owned(*owners: str) -> tuple[Company, ...]:
    return tuple(Company(f"Company {at}", owner) for at, owner in enumerate(owners))


def of_twelve(count: int) -> Findings:
    part = frozenset({frozenset(company.name for company in TWELVE[:count])})
    return opening(roster=frozenset(TWELVE), accepted=frozenset(TWELVE), planned=part, parts=part)


EIGHT_OF_SIX = owned("x", "x", "x", "", "", "", "", "")
# What breaks a rule, by its number: where, and a code of why.
BROKEN: list[tuple[int, str, Callable[[], Findings]]] = [
    (1, "too_few", lambda: sheet(companies=SIX[:4])),
    (1, "too_few", lambda: check_roster(SIX[:4])),
    (1, "too_few", lambda: check_roster(owned("x", "x", "y", "y", "z", "z", "v", "v"))),
    (1, "too_few", lambda: opening(accepted=frozenset(SIX[:4]))),
    (2, "one_owner", lambda: sheet(companies=EIGHT_OF_SIX)),
    (2, "one_owner", lambda: check_roster(EIGHT_OF_SIX)),
    (2, "twice", lambda: check_roster((*TWELVE, TWELVE[0]))),
    (3, "too_young", lambda: sheet(period=(date(2026, 5, 1), date(2026, 7, 8)))),
    (3, "too_young", lambda: sheet(period=(date(2027, 1, 1), date(2027, 3, 31)))),
    (3, "backwards", lambda: sheet(period=(PERIOD[1], PERIOD[0]))),
    (4, "too_soon", lambda: sheet(last_closed=date(2026, 7, 17))),
    (5, "not_listed", lambda: asked(code="guest_returns", name="Guests who return")),
    (5, "forbidden", lambda: asked(name="Price for a contact")),
    (5, "forbidden", lambda: asked(unit="euros")),
    (5, "unit", lambda: asked(unit="per thousand contacts")),
    (6, "amber", lambda: sheet(metrics=(metric("leaving"),))),
    (7, "fixed_late", lambda: sheet(fixed_on=date(2026, 10, 6))),
    (7, "edges", lambda: sheet(companies=TWELVE)),
    (7, "order", lambda: asked(edges=(5.0, 20.0, 10.0, 15.0, 25.0, 30.0))),
    (7, "statistic", lambda: check_page(AskedPage(figures=(Shown(statistic="lowest"),)))),
    (8, "narrow", lambda: asked(edges=(70.0, 75.0, 80.0, 85.0, 90.0, 95.0))),
    (8, "no_middle", lambda: asked(edges=(-10.0, -5.0, 0.0, 5.0, 10.0, 15.0))),
    (9, "roster", lambda: opening(replace(EARLIER, roster=frozenset(SIX[:5])))),
    (9, "list", lambda: opening(EARLIER, accepted=frozenset(SIX[:5]))),
    (10, "opened", lambda: opening(opened_before=True)),
    (10, "unplanned", lambda: opening(parts=frozenset({frozenset("AB")}))),
    (10, "difference", lambda: sheet(parts=(frozenset(c.name for c in SIX[:5]),))),
    (10, "part", lambda: of_twelve(4)),
    (11, "words", lambda: check_page(replace(PAGE, words="The best of the suppliers"))),
    (11, "words", lambda: check_page(replace(PAGE, words="Die Rangfolge"))),
    (
        11,
        "name",
        lambda: check_page(AskedPage(figures=(Shown(statistic="mean", company="Amber"),))),
    ),
    (11, "count", lambda: check_page(AskedPage(figures=(Shown(statistic="mean", count="6"),)))),
    (12, "own_place", lambda: check_page(AskedPage(figures=(Shown(statistic="own_place"),)))),
    (13, "unequal", lambda: check_publication(replace(TOTALS, client=("other", NOON)))),
    (
        13,
        "unequal",
        lambda: check_publication(replace(TOTALS, client=("digest", NOON - timedelta(hours=1)))),
    ),
    (13, "seen", lambda: check_publication(replace(TOTALS, client_sees=frozenset({"draft"})))),
    (14, "side_channels", lambda: check_meeting(replace(MEETING, side_channels=True))),
    (14, "relayed", lambda: check_meeting(replace(MEETING, relayed=1))),
    (15, "agenda", lambda: check_meeting(replace(MEETING, agenda=" "))),
    (15, "steward", lambda: check_meeting(replace(MEETING, steward=False))),
    (15, "rules", lambda: check_meeting(replace(MEETING, accepted=frozenset({"a"})))),
    (15, "minutes", lambda: check_meeting(replace(MEETING, moment=Moment.OVER))),
    (16, "stopped", lambda: check_meeting(replace(MEETING, topics=frozenset({"scheduling"})))),
    (17, "unchecked", lambda: check_post(replace(POST, checked_with=""))),
    (17, "old_check", lambda: check_post(replace(POST, checked_with="2"))),
    (17, "soft", lambda: check_post(replace(POST, stop="soft"))),
    (17, "hard", lambda: check_post(replace(POST, stop="hard"))),
    (17, "hard", lambda: check_post(replace(POST, stop="odd"))),
    (18, "companies", lambda: check_promise(replace(PROMISE, companies=("Amber", "Birch")))),
    (18, "same", lambda: check_promise(replace(PROMISE, same_for_all=True))),
    (18, "words", lambda: check_promise(replace(PROMISE, words="We agreed not to hire."))),
    (18, "words", lambda: check_promise(replace(PROMISE, words="Keiner von uns wirbt ab."))),
    (19, "erased", lambda: check_evidence(replace(KEPT, erased_on=date(2031, 10, 15)))),
]
KEEP: list[Callable[[], Findings]] = [
    lambda: check_sheet(SHEET),
    lambda: sheet(period=(date(2026, 4, 1), date(2026, 7, 7))),
    lambda: check_roster(SIX),
    lambda: opening(EARLIER),
    lambda: check_page(PAGE),
    lambda: check_publication(TOTALS),
    lambda: check_publication(replace(TOTALS, client=None)),
    lambda: check_meeting(MEETING),
    lambda: check_post(POST),
    lambda: check_post(replace(POST, stop="hard", released=True)),
    lambda: check_promise(PROMISE),
    lambda: check_evidence(KEPT),
]


@pytest.mark.parametrize(("number", "reason", "broken"), BROKEN)
def test_each_rule_broken_alone_is_refused_by_its_own_number(
    number: int, reason: str, broken: Callable[[], Findings]
) -> None:
    findings = broken()
    assert findings.numbers == (number,)
    assert findings.refused[0].offence.reason == reason
    assert number not in findings.passed
    with pytest.raises(RulesBroken, match=f"Rule {number}: "):
        findings.settle()


@pytest.mark.parametrize("kept", KEEP)
def test_what_keeps_the_rules_passes(kept: Callable[[], Findings]) -> None:
    findings = kept()
    assert findings.settle().refused == ()
    assert findings.passed


def test_every_rule_is_broken_somewhere_and_checked_where_it_says() -> None:
    assert {number for number, _reason, _broken in BROKEN} == set(RULES) == set(range(1, 20))
    where = {
        When.SHEET: check_sheet(SHEET),
        When.ROSTER: check_roster(SIX),
        When.OPENING: opening(EARLIER),
        When.PAGE: check_page(PAGE),
        When.PUBLISH: check_publication(TOTALS),
        When.MEETING: check_meeting(MEETING),
        When.POST: check_post(POST),
        When.PROMISE: check_promise(PROMISE),
        When.EVIDENCE: check_evidence(KEPT),
    }
    for when, findings in where.items():
        assert set(findings.passed) == {n for n, rule in RULES.items() if when in rule.when}, when


@pytest.mark.parametrize("language", ["en", "de", "es", "ar"])
def test_a_refusal_says_what_is_wrong_the_value_and_the_way_on(language: str) -> None:
    for number, _reason, broken in BROKEN:
        for refusal in broken().refused:
            said = refusal.said(language)
            assert str(number) in said
            assert RULES[number].rule[language] in said
            assert RULES[number].next[language] in said
            assert refusal.offence.found(language) in said
            assert "{" not in said
            for name, value in refusal.offence.values.items():
                assert name in CODED or str(value) in said
    assert all(rule.source for rule in RULES.values())


def test_a_refusal_is_english_where_there_are_no_other_words() -> None:
    (refused,) = check_roster(SIX[:4]).refused
    assert refused.said("xx") == refused.said("en") == str(refused)
    assert refused.said("es") != str(refused)


def test_each_finding_has_its_words_and_each_word_is_found() -> None:
    assert {reason for _number, reason, _broken in BROKEN} == set(FOUND)
    assert set(WORDS) >= set(FORBIDDEN) | HIDDEN_FROM_CLIENT | EVIDENCE


AMBER = replace(SHEET, metrics=(metric("leaving"),))
SIGNED = SignOff(6, "leaving", "R. Okafor", date(2026, 9, 1))


@pytest.mark.parametrize(
    ("sign_off", "passes"),
    [
        (SIGNED, True),
        (replace(SIGNED, on=date(2026, 10, 6)), False),
        (replace(SIGNED, withdrawn=True), False),
        (replace(SIGNED, counsel=" "), False),
        (replace(SIGNED, about="absence"), False),
        (replace(SIGNED, rule=5), False),
    ],
)
def test_only_a_named_sign_off_for_this_very_matter_relaxes(
    sign_off: SignOff, passes: bool
) -> None:
    findings = check_sheet(AMBER, sign_offs=[sign_off])
    assert (findings.numbers == ()) is passes
    assert bool(findings.relaxed) is passes
    if passes:
        assert findings.relaxed[0][1].counsel == "R. Okafor"
        assert 6 not in findings.passed


@pytest.mark.parametrize(("number", "_reason", "broken"), BROKEN)
def test_counsel_relaxes_three_rules_and_no_other(
    number: int, _reason: str, broken: Callable[[], Findings]
) -> None:
    assert RULES[number].counsel_may_relax is (number in {4, 6, 19})
    soon = replace(SHEET, last_closed=date(2026, 9, 1))
    assert check_sheet(
        soon, sign_offs=[SignOff(4, "autumn", "R. Okafor", date(2026, 9, 2))]
    ).relaxed
    early = replace(KEPT, erased_on=date(2028, 1, 1))
    assert check_evidence(
        early, sign_offs=[SignOff(19, "sheet", "R. Okafor", date(2027, 9, 2))]
    ).relaxed


@given(st.sets(st.sampled_from(TWELVE), min_size=5), st.sets(st.sampled_from(TWELVE), min_size=5))
def test_two_rounds_open_unless_exactly_one_came_or_went(now: set, then: set) -> None:
    other = replace(EARLIER, roster=frozenset(then), accepted=frozenset(then))
    findings = opening(other, roster=frozenset(now), accepted=frozenset(now))
    assert (9 in findings.numbers) is (len(now ^ then) == 1)


def test_an_earlier_round_of_the_same_time_counts_too() -> None:
    first = replace(OPENING, ref="first", roster=frozenset(SIX[:5]), accepted=frozenset(SIX[:5]))
    last = replace(EARLIER, ref="last", roster=frozenset(TWELVE), accepted=frozenset(TWELVE))
    assert opening(first, last).numbers == (9,)
    apart = replace(first, period=(date(2025, 1, 1), date(2025, 3, 31)))
    assert opening(apart, last).numbers == ()


@given(st.lists(st.sets(st.sampled_from([c.name for c in TWELVE])), max_size=2))
def test_no_two_planned_totals_tell_of_fewer_than_five(parts: list[set[str]]) -> None:
    wide = tuple(metric(code, n=12) for code in ("repeat_contact", "coaching"))
    asked_sheet = replace(SHEET, companies=TWELVE, metrics=wide, parts=tuple(map(frozenset, parts)))
    totals = [{c.name for c in TWELVE}, *parts]
    differences = [len(one - other) for one in totals for other in totals]
    small = any(0 < size < 5 for size in differences) or any(len(part) < 5 for part in parts)
    assert (10 in check_sheet(asked_sheet).numbers) is small


@pytest.mark.parametrize("n", [5, 6, 11, 12, 29, 30, 50])
def test_rules_and_ballots_count_bins_alike(n: int) -> None:
    assert bins_of(n) == bins_for(n)
    assert len(default_edges("repeat_contact", n=n)) == bins_for(n) - 2


def test_the_list_of_metrics_keeps_its_own_rules() -> None:
    assert sum(each.light.value == "green" for each in METRICS.values()) >= 20
    assert {"leaving", "absence", "not_occupied", "handling"} <= {
        code for code, each in METRICS.items() if each.light.value == "amber"
    }
    for code, each in METRICS.items():
        assert not any(map(speaks_of, (*each.name.values(), each.unit)))
        for n in (5, 12, 30):
            many = tuple(Company(f"Company {at}") for at in range(n))
            signed = [SignOff(6, code, "R. Okafor", date(2026, 9, 1))]
            one = replace(SHEET, companies=many, metrics=(metric(code, n=n),))
            assert check_sheet(one, sign_offs=signed).refused == ()


@pytest.mark.parametrize(
    "words",
    [
        "Price per call",
        "Stundensatz als Lohn",
        "Gross margin",
        "Seats in use",
        "Call volume",
        "Share of business won",
        "Bids won",
        "Bonus paid to leaders",
        "Forecast of contacts",
        "Kosten je Kontakt",
        "Marktanteil",
        "Angebote im Quartal",
        "Headcount plan",
        "US$ a month",
        "No-poach partners",
    ],
)
def test_forbidden_matters_are_known_by_their_words(words: str) -> None:
    assert speaks_of(words)


@pytest.mark.parametrize(
    ("weights", "reasons"),
    [
        ([1] * 5, ()),
        ([25, 25, 20, 20, 10], ()),
        ([26, 24, 20, 20, 10], ("largest",)),
        ([25, 25, 25, 25], ("too_few",)),
        ([60, 35, 2, 2, 1], ("largest", "two_largest", "p_percent")),
        ([40, 20, 20, 10, 10], ("largest", "two_largest")),
        ([], ("too_few",)),
    ],
)
def test_dominated_sums_are_kept_back(weights: list[float], reasons: tuple[str, ...]) -> None:
    assert suppress_dominant(weights) == reasons
    with pytest.raises(ValueError, match="0 or more"):
        suppress_dominant([*weights, -1])


@given(st.floats(1, 90), st.floats(1.01, 10), st.integers(2, 14))
def test_narrow_bins_are_those_under_a_tenth_of_the_middle(
    low: float, times: float, count: int
) -> None:
    edges = [low + low * (times - 1) * at / (count - 1) for at in range(count)]
    width = (edges[-1] - edges[0]) / (count - 1)
    middle = (edges[0] + edges[-1]) / 2
    if abs(width - middle / 10) > 1e-6:
        assert (too_narrow(edges) is not None) is (width < middle / 10)
