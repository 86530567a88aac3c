"""What the guests of Four Hearths write."""

import re
from datetime import date, timedelta

import numpy as np
import pytest

from examples.restaurant_group import Organisation
from examples.restaurant_group.phrases import Sentence, phrasebook
from examples.restaurant_group.sources import mondays
from examples.restaurant_group.stories import stories
from tests.examples.drawn import TODAY, four_hearths

BRANDS = {
    *("airbnb", "amazon", "booking.com", "campari", "coca", "deliveroo", "facebook", "fanta"),
    *("google", "guinness", "heineken", "heinz", "instagram", "lidl", "mcdonald", "michelin"),
    *("nespresso", "nestlé", "netflix", "opentable", "paypal", "pepsi", "starbucks", "tesco"),
    *("tripadvisor", "uber", "visa", "whatsapp", "yelp", "zomato"),
}


def on_ten(organisation: Organisation, *, touchpoint: str, since: int) -> tuple[np.ndarray, ...]:
    """Scores at a touchpoint, from 0 to 10, before and from the week ``since`` on."""
    turn = mondays(organisation.today)[since]
    told = [
        (10 * (said.score - said.low) / (said.high - said.low), said.at.date() >= turn)
        for said in organisation.feedback
        if said.touchpoint == touchpoint and said.score is not None
    ]
    return tuple(
        np.array([score for score, late in told if late == side]) for side in (False, True)
    )


def standard_errors(before: np.ndarray, after: np.ndarray) -> float:
    """By how many standard errors the mean moved."""
    spread = before.var(ddof=1) / before.size + after.var(ddof=1) / after.size
    return float((after.mean() - before.mean()) / np.sqrt(spread))


def test_twelve_thousand_comments_of_26_weeks_in_the_order_of_time() -> None:
    said = four_hearths().feedback
    assert len(said) == 12_000
    assert [one.at for one in said] == sorted(one.at for one in said)
    assert said[0].at.date() == TODAY - timedelta(weeks=26)
    assert said[-1].at.date() == TODAY - timedelta(days=1)
    assert all(one.at.utcoffset() == timedelta(0) and 8 <= one.at.hour <= 23 for one in said)
    assert len({one.external_id for one in said}) == 12_000


def test_about_seven_in_ten_carry_a_score_and_more_than_eight_a_touchpoint() -> None:
    said = four_hearths().feedback
    assert {(one.low, one.high) for one in said} == {(0, 10), (1, 5)}
    assert all(one.low <= one.score <= one.high for one in said if one.score is not None)
    assert 0.66 < np.mean([one.score is not None for one in said]) < 0.74
    assert 0.83 < np.mean([one.touchpoint is not None for one in said]) < 0.87


def test_a_truth_stands_beside_every_comment_and_never_in_it() -> None:
    organisation = four_hearths()
    themes = {theme.key for theme in organisation.themes}
    for said, truth in zip(organisation.feedback, organisation.truths, strict=True):
        assert said.external_id == truth.external_id
        assert said.touchpoint in (None, truth.touchpoint)
        assert truth.theme in themes
    assert {truth.theme for truth in organisation.truths} == themes
    assert {"theme", "polarity"}.isdisjoint(organisation.feedback[0]._fields)


def test_scores_follow_what_was_said_with_some_noise() -> None:
    organisation = four_hearths()
    scores: dict[int, list[float]] = {-1: [], 0: [], 1: []}
    for said, truth in zip(organisation.feedback, organisation.truths, strict=True):
        if said.score is not None:
            scores[truth.polarity].append((said.score - said.low) / (said.high - said.low))
    means = [np.mean(scores[polarity]) for polarity in (-1, 0, 1)]
    assert means[0] + 0.15 < means[1] < means[2] - 0.15
    assert all(np.std(scores[polarity]) > 0.05 for polarity in scores)


def test_at_least_nine_thousand_of_them_are_unlike_any_other() -> None:
    texts = [said.text for said in four_hearths().feedback]
    assert len(set(texts)) >= 9_000
    lengths = np.array([len(text) for text in texts])
    assert lengths.min() >= 3
    assert lengths.max() <= 400
    assert (lengths < 25).mean() > 0.05
    assert (lengths > 150).mean() > 0.05


def sentences() -> list[Sentence]:
    book = phrasebook()
    groups = (book.cores, book.of_story, book.around, book.foreign)
    return [one for group in groups for listed in group.values() for one in listed]


@pytest.mark.parametrize("house", ["mill", "harbour", "station", "orchard"])
def test_every_slot_of_every_sentence_has_words_in_every_house(house: str) -> None:
    slots = {slot for sentence in sentences() for slot in sentence.parts[1::2]}
    assert slots <= set(phrasebook().slots[house]) | {"day", "since", "before"}
    told = [s for listed in phrasebook().of_story.values() for s in listed]
    dated = [s for s in sentences() if {"since", "before"} & set(s.parts[1::2])]
    assert dated
    assert all(sentence in told for sentence in dated)


def test_no_brace_is_left_and_sentences_begin_with_a_capital() -> None:
    for said in four_hearths().feedback:
        assert not re.search(r"[{}]", said.text)
    begun = [said.text[0] for said in four_hearths().feedback]
    assert np.mean([first == first.upper() for first in begun]) > 0.95


def test_no_brand_and_nobody_who_works_here_is_named() -> None:
    organisation = four_hearths()
    staff = {person.display_name.split()[0].lower() for person in organisation.people}
    named = staff | {person.username for person in organisation.people} | BRANDS
    heard = {
        word
        for said in organisation.feedback
        for word in re.findall(r"\w[\w.]*\w", said.text.lower())
    }
    assert not named & heard


@pytest.mark.parametrize("seed", [7, 8])
def test_hot_food_at_the_mill_drops_and_stays_where_it_was_elsewhere(seed: int) -> None:
    organisation = four_hearths(seed=seed)
    week = stories()["mill-food"].week
    before, after = on_ten(organisation, touchpoint="mill-food", since=week)
    assert 7.5 < before.mean() < 8.3
    assert 6.0 < after.mean() < 7.1
    assert standard_errors(before, after) < -3
    for house in ("harbour", "station", "orchard"):
        elsewhere = on_ten(organisation, touchpoint=f"{house}-food", since=week)
        assert abs(standard_errors(*elsewhere)) < 3


def test_the_drop_is_told_as_cold_food_at_dinner_in_the_mill() -> None:
    organisation = four_hearths()
    turn = mondays(organisation.today)[stories()["mill-food"].week]
    shares = {}
    for house in ("mill", "harbour", "station", "orchard"):
        for late in (False, True):
            cold = [
                truth.theme == "cold-food"
                for said, truth in zip(organisation.feedback, organisation.truths, strict=True)
                if truth.touchpoint == f"{house}-food" and (said.at.date() >= turn) == late
            ]
            shares[house, late] = np.mean(cold)
    assert shares["mill", True] > 3 * shares["mill", False]
    assert all(shares[house, True] < 0.15 for house in ("harbour", "station", "orchard"))


@pytest.mark.parametrize("seed", [7, 8])
def test_paying_at_the_harbour_gets_better(seed: int) -> None:
    organisation = four_hearths(seed=seed)
    week = stories()["harbour-pay"].week
    before, after = on_ten(organisation, touchpoint="harbour-pay", since=week)
    assert after.mean() - before.mean() > 0.4


@pytest.mark.parametrize("today", [date(2028, 2, 29), date(2027, 1, 1), date(2026, 11, 21)])
def test_any_day_can_be_today(today: date) -> None:
    organisation = four_hearths(today=today, comments=400)
    days = {said.at.date() for said in organisation.feedback}
    assert min(days) >= today - timedelta(days=182)
    assert max(days) < today
