"""A plan begun with cards: nothing of a card is lost without a word, and nothing is half done."""

import pytest

from tests import factories as f
from tests.plan import planned as p
from upturn.commitments.commands import draw_code
from upturn.people.models import Person
from upturn.plan.commands import from_cards
from upturn.plan.commands.from_cards import Begun, FirstCards, begin_with_cards
from upturn.plan.commands.opening import PlanDraft
from upturn.plan.engine import Incomplete, NotYours
from upturn.plan.models import DayMoment, Plan, PlanLine

pytestmark = pytest.mark.django_db


def begun(
    here: p.Setting,
    *lines: tuple[str, str],
    moments: tuple[str, ...] = (),
    viewer: Person | None = None,
    party: int | None = None,
) -> Begun:
    cards = FirstCards(
        moments=moments, lines=lines, party_id=party or here.floor.pk, said_in="Mill"
    )
    draft = PlanDraft(name="Friday", customers_id=here.guests.pk, code=draw_code())
    return begin_with_cards(viewer or here.leader, draft, cards, today=f.TODAY)


def test_haves_stand_first_so_that_be_and_do_may_follow() -> None:
    begun(p.Setting(), ("be", "awake"), ("do", "ask"), ("have", "a list"))
    assert list(PlanLine.objects.order_by("pk").values_list("column", flat=True)) == [
        "have",
        "do",
        "be",
    ]


def test_a_card_longer_than_a_line_becomes_several() -> None:
    words = " ".join(f"word{n}" for n in range(60))
    begun(p.Setting(), ("have", words))
    stand = PlanLine.objects.order_by("position").values_list("words", flat=True)
    assert " ".join(stand) == words
    assert len(stand) == 2


def test_what_is_too_much_for_a_beginning_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(from_cards, "MOST_LINES", 2)
    monkeypatch.setattr(from_cards, "MOST_MOMENTS", 1)
    made = begun(p.Setting(), *(("have", f"list {n}") for n in range(5)), moments=("A", "B"))
    assert made.over == 4
    assert (PlanLine.objects.count(), DayMoment.objects.count()) == (2, 2)


def test_the_day_is_as_long_as_its_moments() -> None:
    made = begun(p.Setting(), moments=("05:20 Deliveries", "23:40 The last guest"))
    assert (made.plan.day_from, made.plan.day_until) == (300, 1440)


def test_a_long_moment_is_shortened_and_says_so() -> None:
    begun(p.Setting(), moments=("19:30 " + "x" * 200, "y" * 200))
    names = set(DayMoment.objects.values_list("name", flat=True))
    assert f"{'x' * 79}…" in names
    assert any(name.endswith("y… (time to be set)") and len(name) == 80 for name in names)


def test_who_may_not_open_a_plan_begins_none() -> None:
    here = p.Setting()
    with pytest.raises(NotYours):
        begun(here, ("have", "a list"), viewer=f.member(here.floor))
    assert not Plan.objects.exists()


def test_a_beginning_that_is_refused_leaves_nothing_behind() -> None:
    here = p.Setting()
    with pytest.raises(Incomplete):
        begun(here, ("have", "a list"), party=10**9)
    assert not Plan.objects.exists()
