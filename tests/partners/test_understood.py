"""Whom do you serve, who serves you: by layer, beside what is drawn (S2.4)."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import factories as f
from tests.factories import TODAY
from tests.partners.waves_scene import House, answers, house, leaders, opened
from upturn.partners import commands, queries
from upturn.partners.engine import (
    LEADERS,
    SEVERAL,
    Group,
    Published,
    Sheet,
    Side,
    agreement_by_layer,
    instrument,
)
from upturn.partners.forms import answering
from upturn.partners.queries.figures import understood_page
from upturn.people.models import Role
from upturn.stats import Figure, Withheld

ASKED = instrument("understood")
KEYS = [item.key for item in ASKED.items]


def group(*units: str, people: int = 8, side: Side = Side.SERVERS) -> Group:
    return Group(
        relation=-1,
        side=side,
        block=f"{side}:{units[0]}",
        name=units[0],
        parent="",
        units=units,
        people=people,
    )


def wave(*rows: tuple[Group, list[int]], deniable: float = 0.0) -> Published:
    """Each group answers every question alike."""
    counts = np.zeros((len(rows), len(KEYS), 11), dtype=np.int64)
    for at, (_group, steps) in enumerate(rows):
        counts[at, :, :5] = steps
    return Published(
        wave="w",
        title="Whom we serve",
        opened_on=TODAY,
        closed_on=TODAY,
        instrument=ASKED,
        k=5,
        words_k=10,
        people=99,
        answered=99,
        relations=(),
        groups=tuple(one for one, _steps in rows),
        items=tuple(KEYS),
        counts=counts,
        missing=np.zeros(counts.shape[:2], dtype=np.int64),
        deniable=deniable,
    )


LEVEL = {"floor": 1, "bar": 1, "kitchen": 2, "payroll": None}


def layers(*rows: tuple[Group, list[int]], **more: Any) -> dict[int | None, Any]:
    _items, found = agreement_by_layer(wave(*rows, **more), level=LEVEL)
    return {each.level: each for each in found}


def test_layers_stand_from_the_customer_down_and_those_who_lead_after_them() -> None:
    steps = [1, 1, 2, 2, 2]
    found = layers(
        (group("payroll"), steps),
        (group("lead", side=Side.LEADERS), steps),
        (group("kitchen", "floor"), steps),
        (group("kitchen"), steps),
        (group("bar"), steps),
        (group("floor"), steps),
    )
    assert list(found) == [1, 2, LEADERS, None, SEVERAL]
    assert found[1].people == 16
    assert found[1].shares[0].value == 0.5
    assert found[1].shares[0].n == 16


STEPS = st.lists(st.integers(0, 9), min_size=5, max_size=5).filter(lambda s: sum(s) >= 5)


@given(STEPS, STEPS)
def test_a_share_is_what_counting_one_by_one_gives(one: list[int], other: list[int]) -> None:
    found = layers((group("floor", people=sum(one)), one), (group("bar", people=sum(other)), other))
    each = [step for steps in (one, other) for step, n in enumerate(steps, 1) for _ in range(n)]
    (share, *_rest) = found[1].shares
    assert share.value == pytest.approx(sum(step >= 4 for step in each) / len(each))
    assert share.low <= share.value + 0.05
    assert share.high >= share.value - 0.05
    assert share.n == len(each)


def test_a_layer_with_fewer_than_five_answers_says_why() -> None:
    found = layers((group("floor", people=8), [0, 0, 0, 0, 0]))
    assert found[1].shares[0] == Withheld("protected", 5, 8)


def test_answers_that_were_drawn_are_taken_out() -> None:
    """Of 100 answers 20 are drawn over five steps: 60 of 80 true ones agree, and 8 of the drawn."""
    found = layers((group("floor", people=100), [32, 0, 0, 0, 68]), deniable=0.2)
    assert found[1].shares[0].value == pytest.approx(0.75)


@pytest.fixture
def scene(db: None) -> House:
    made = house(floor=7, kitchen=8)
    leaders(made, 5)
    return made


def closed(scene: House, *, step: dict[str, int]) -> Published:
    made = opened(scene, instrument="understood")
    for seat, cards in made.cards.items():
        marks = next(mark for name, mark in step.items() if name in seat)
        for number, token in enumerate(cards):
            given_ = answers(token, step=marks)
            commands.cast(token, given_ if number else dict.fromkeys(given_, 3), {})
    commands.close_wave(scene.boss, made.ref, today=TODAY)
    found = queries.published(scene.boss, made.ref)
    assert found is not None
    return found


def test_beside_the_question_stands_what_was_drawn_on_the_opening_day(scene: House) -> None:
    made = opened(scene, instrument="understood")
    floor = scene.parties["floor"]
    seat = next(key for key in made.cards if floor.key in key)
    f.serves(f.party("Bakery"), floor)
    asked = queries.sheet(made.cards[seat][0])
    assert isinstance(asked, Sheet)
    steps = {
        each.name: each.about
        for each in answering.steps(asked, language="en", given=answering.Given())
    }
    assert steps["q.whom"] == steps["q.who"] == ""
    assert steps["q.drawn-up"].strip("\u2068\u2069") == "Floor at Inn → Guests at Inn"
    assert "Kitchen at Inn → Floor at Inn" in steps["q.drawn-down"] or (
        "Kitchen at Inn" in steps["q.drawn-down"]
    )
    assert "Bakery" not in steps["q.drawn-down"]
    lead = queries.sheet(made.cards[next(key for key in made.cards if "leaders" in key)][0])
    assert isinstance(lead, Sheet)
    assert lead.drawn["drawn-up"] == "Direction at Inn → Guests at Inn"


def test_a_layer_that_finds_the_drawing_wrong_is_named(scene: House) -> None:
    found = closed(scene, step={"leaders": 5, scene.parties["floor"].key: 5, "": 1})
    page = understood_page(found)
    assert page.doubtful is not None
    assert page.doubtful.level == 2
    html = f.signed_in(scene.boss).get("/understood/").content.decode()
    assert "2 steps away”: fewer than half find it drawn rightly" in html
    assert "those who lead" in html
    told = f.signed_in(scene.boss).get(f"/gaps/{found.wave}/understood.csv").content.decode()
    assert len(told.splitlines()) == 1 + 3 * len(KEYS)


def test_nothing_is_called_wrong_where_most_agree(scene: House) -> None:
    page = understood_page(closed(scene, step={"": 5}))
    assert page.doubtful is None
    assert all(
        isinstance(share, Figure) and share.value > 0.5
        for layer in page.layers
        for share in layer.shares
    )


def test_before_anybody_was_asked_the_page_says_how(scene: House) -> None:
    assert "instrument=understood" in f.signed_in(scene.boss).get("/understood/").content.decode()
    server = scene.people["floor"][0]
    assert "instrument=understood" not in f.signed_in(server).get("/understood/").content.decode()
    assert f.signed_in(f.person(role=Role.GUEST)).get("/understood/").status_code == 404
