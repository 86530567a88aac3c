"""The line of sight: drawn beside stated, demands, readers and time, without a person."""

from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import factories as f
from tests.factories import TODAY
from tests.partners.waves_scene import answers, draft, leaders
from tests.partners.waves_scene import house as house_of_teams
from upturn.graph.models import Kind
from upturn.partners import commands
from upturn.partners.engine import (
    Difference,
    Form,
    Group,
    Instrument,
    Item,
    Published,
    Side,
    difference_of,
    sight_lines,
    time_by_layer,
)
from upturn.partners.queries.structure import latest_stated, sight
from upturn.people.models import Role
from upturn.record import reading_log
from upturn.stats import Figure, Withheld

K = 5
CHOICES = ("1", "2", "3", "more", "unsure")
ITEMS = (
    Item(
        key="steps-to-customer",
        form=Form.CHOICE,
        sides=(Side.SERVERS,),
        measures="sight",
        choices=CHOICES,
    ),
    *(
        Item(key=key, form=Form.SPLIT, sides=(Side.SERVERS, Side.LEADERS), measures="time")
        for key in ("time-customers", "time-inside", "time-again")
    ),
)
QUESTIONS = Instrument(key="signs", version=1, per_relation=False, items=ITEMS, texts={"en": {}})
Blocks = dict[str, tuple[tuple[int, ...], list[tuple[int, int, int]]]]


def wave(blocks: Blocks, *, side: Side = Side.SERVERS, k: int = K) -> Published:
    """A closed wave: for each block its answers to the choice, and each person's ten hours."""
    counts = np.zeros((len(blocks), len(ITEMS), 11), dtype=np.int64)
    groups = []
    for row, (key, (choice, hours)) in enumerate(blocks.items()):
        counts[row, 0, : len(choice)] = choice
        for split in hours:
            for at, tenths in enumerate(split, start=1):
                counts[row, at, tenths] += 1
        units, people = tuple(key.split("+")), max(sum(choice), len(hours))
        groups.append(
            Group(
                relation=-1,
                side=side,
                block=key,
                name=key,
                parent="",
                units=units,
                people=people,
            )
        )
    missing = np.array([[g.people] for g in groups], dtype=np.int64) - counts.sum(axis=2)
    return Published(
        wave="w1",
        title="Autumn",
        opened_on=date(2026, 10, 1),
        closed_on=date(2026, 10, 20),
        instrument=QUESTIONS,
        k=k,
        words_k=10,
        people=50,
        answered=40,
        relations=(),
        groups=tuple(groups),
        items=tuple(item.key for item in ITEMS),
        counts=counts,
        missing=missing,
    )


def test_a_stated_distance_that_differs_from_the_drawing_is_flagged() -> None:
    found = sight_lines(
        wave(
            {
                "office": ((9, 3, 0, 0, 0), []),
                "floor": ((10, 1, 0, 0, 0), []),
                "kitchen": ((0, 2, 4, 6, 0), []),
                "stores": ((1, 0, 0, 1, 14), []),
                "archive": ((8, 2, 0, 0, 0), []),
                "bar": ((2, 1, 0, 0, 0), []),
                "desk": ((4, 3, 2, 1, 0), []),
            }
        ),
        steps={
            "office": 3, "floor": 1, "kitchen": 2, "stores": 2, "archive": None, "bar": 1, "desk": 2
        },
    )  # fmt: skip
    told = {line.name: line.difference for line in found}
    assert told == {
        "archive": Difference.NO_PATH,
        "office": Difference.NEARER,
        "kitchen": Difference.FURTHER,
        "stores": Difference.NOT_KNOWN,
        "desk": Difference.NONE_SEEN,
        "floor": Difference.NONE_SEEN,
        "bar": Difference.CANNOT_TELL,
    }
    assert [line.name for line in found][:2] == ["archive", "office"], "support staff come first"
    office = next(line for line in found if line.name == "office")
    assert isinstance(office.stated, Figure)
    assert (office.stated.value, office.stated.n) == (1.25, 12)
    assert next(line for line in found if line.name == "bar").stated == Withheld("too_few", K, 3)


def test_a_block_of_several_units_is_compared_with_all_their_distances() -> None:
    (line,) = sight_lines(wave({"a+b": ((1, 2, 5, 2, 0), [])}), steps={"a": 2, "b": 3})
    assert (line.nearest, line.furthest, line.flagged) == (2, 3, False)


def figures(low: float, high: float) -> st.SearchStrategy[Figure]:
    parts = st.tuples(*(st.floats(low, high) for _ in range(3))).map(sorted)
    return parts.map(lambda each: Figure(each[1], each[0], each[2], 12))


@given(figures(1, 4), figures(0, 1), st.integers(1, 9), st.integers(0, 4))
def test_nothing_is_flagged_when_the_range_holds_the_drawn_distance(
    stated: Figure, unsure: Figure, nearest: int, wide: int
) -> None:
    told = difference_of(stated, unsure, nearest=nearest, furthest=nearest + wide)
    holds = stated.low <= min(nearest + wide, 4) and stated.high >= min(nearest, 4)
    assert (told == Difference.NOT_KNOWN) == (unsure.low > 0.5)
    if unsure.low <= 0.5:
        assert (told == Difference.NONE_SEEN) == holds


splits = st.integers(0, 10).flatmap(
    lambda a: st.integers(0, 10 - a).map(lambda b: (a, b, 10 - a - b))
)


@given(st.lists(splits, min_size=K, max_size=30), st.lists(splits, min_size=K, max_size=30))
def test_the_time_of_a_layer_adds_up_to_one_and_every_part_has_its_range(
    near: list[tuple[int, int, int]], far: list[tuple[int, int, int]]
) -> None:
    found = time_by_layer(
        wave({"floor": ((), near), "stores": ((), far)}), steps={"floor": 1, "stores": 3}
    )
    assert [row.steps for row in found] == [1, 3]
    for row in found:
        parts = (row.customers, row.inside, row.again)
        assert all(isinstance(part, Figure) for part in parts)
        values = [part.value for part in parts if isinstance(part, Figure)]
        assert sum(values) == pytest.approx(1)
        for part in parts:
            assert isinstance(part, Figure)
            assert 0 <= part.low <= part.value + 1e-9
            assert part.value - 1e-9 <= part.high <= 1


def test_a_layer_with_too_few_answers_shows_none_of_the_three() -> None:
    (row,) = time_by_layer(wave({"floor": ((), [(8, 1, 1)] * 4)}), steps={"floor": 1})
    assert {row.customers, row.inside, row.again} == {Withheld("too_few", K, 4)}


def test_parts_are_the_means_of_ten_hours() -> None:
    (row,) = time_by_layer(
        wave({"lead": ((), [(8, 2, 0), (6, 2, 2)] * 4)}, side=Side.LEADERS), steps={}
    )
    assert row.side is Side.LEADERS
    assert isinstance(row.customers, Figure)
    assert (row.customers.value, row.customers.n) == (pytest.approx(0.7), 8)


@pytest.fixture
def house() -> dict[str, Any]:
    guests = f.party("Guests", kind=Kind.CUSTOMERS)
    floor, kitchen, office = f.party("Floor"), f.party("Kitchen"), f.party("Office")
    board = f.party("Board", kind=Kind.LEADER)
    f.serves(floor, guests)
    edge = f.serves(kitchen, floor)
    lost = f.serves(office, board, what="the weekly report")
    people = {p.name: [f.member(p) for _ in range(5)] for p in (floor, kitchen)}
    return {"floor": floor, "board": board, "edge": edge, "lost": lost, "people": people}


@pytest.mark.django_db
def test_demands_without_a_customer_are_counted_by_edges_with_the_asks_on_them(
    house: dict[str, Any],
) -> None:
    chief = f.person(role=Role.EXECUTIVE)
    before = sight(chief, stated=None, today=TODAY).demands
    assert (before.number, before.asked, before.edges) == (1, 0, 3)
    f.raised(f.member(house["board"]), house["lost"], words="A longer report")
    after = sight(chief, stated=None, today=TODAY).demands
    assert (after.number, after.asked) == (1, 1)
    assert after.shown[0].edge.id == house["lost"].pk
    assert after.shown[0].asked


@pytest.mark.django_db
def test_the_drawn_distances_begin_with_those_furthest_away(house: dict[str, Any]) -> None:
    found = sight(f.person(), stated=None, today=TODAY)
    assert [(row.steps, row.number) for row in found.distances] == [(None, 2), (2, 1), (1, 1)]


@pytest.mark.django_db
def test_readers_of_customers_words_are_counts_by_layer(house: dict[str, Any]) -> None:
    for reader in house["people"]["Floor"][:3]:
        reading_log.note_reading(reader.pk, kind="touchpoint", ref="any", day=TODAY)
    viewer = house["people"]["Kitchen"][0]
    found = sight(viewer, stated=None, today=TODAY).coverage
    assert {(layer.steps, layer.people, layer.readers) for layer in found} == {(1, 5, 3), (2, 5, 0)}
    page = f.signed_in(viewer).get("/line-of-sight/").content.decode()
    assert "3 of 5" in page
    assert "<svg" in page
    assert "the weekly report" in page.lower()
    assert not any(reader.display_name in page for reader in house["people"]["Floor"])


@pytest.mark.django_db
def test_the_page_without_anything_says_so_and_guests_get_nothing() -> None:
    page = f.signed_in(f.person()).get("/line-of-sight/").content.decode()
    assert "Nothing is drawn yet" in page
    assert f.signed_in(f.person(role=Role.GUEST)).get("/line-of-sight/").status_code == 404


@pytest.mark.django_db
def test_a_closed_wave_stands_beside_the_drawing_on_the_page() -> None:
    scene = house_of_teams(floor=12, kitchen=12)
    leaders(scene)
    made = commands.open_wave(
        scene.boss, draft=draft(instrument="signs", title="How far we see"), today=TODAY
    )
    rng = np.random.default_rng(3)
    for cards in made.cards.values():
        for token in cards:
            given = answers(token, rng=rng)
            inside, again = (int(each) for each in rng.integers(0, 4, 2))
            hours = {"customers": 10 - inside - again, "inside": inside, "again": again}
            given |= {f"time-{key}": tenths + 1 for key, tenths in hours.items()}
            if "steps-to-customer" in given:
                given["steps-to-customer"] = int(rng.choice([1, 1, 1, 1, 2]))
            commands.cast(token, given, {})
    commands.close_wave(scene.boss, made.ref, today=TODAY)
    stated = latest_stated(scene.boss)
    found = sight(scene.boss, stated=stated, today=TODAY)
    told = {line.units[0]: (line.nearest, line.difference) for line in found.lines}
    kitchen, floor = scene.parties["kitchen"].key, scene.parties["floor"].key
    assert told[kitchen] == (2, Difference.NEARER)
    assert told[floor][0] == 1
    assert [(row.side, row.steps) for row in found.times] == [
        (Side.SERVERS, 1),
        (Side.SERVERS, 2),
        (Side.LEADERS, None),
    ]
    for row in found.times:
        parts = [row.customers, row.inside, row.again]
        if not any(isinstance(part, Withheld) for part in parts):
            assert sum(part.value for part in parts if isinstance(part, Figure)) == pytest.approx(1)
    page = f.signed_in(scene.boss).get("/line-of-sight/").content.decode()
    assert "They see themselves nearer to a customer than the drawing." in page
    assert "How far we see" in page
