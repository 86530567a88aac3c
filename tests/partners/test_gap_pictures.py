"""Pictures of the gap pages: every mark is a row of the table, and no word covers another."""

import re
from dataclasses import replace
from datetime import date
from itertools import combinations

import pytest
from django.core.cache import cache
from hypothesis import given
from hypothesis import strategies as st

from tests import factories as f
from tests.partners import closed_waves as made
from tests.partners.stored_waves import stored
from tests.partners.test_gap_pages import differing
from upturn.partners.engine import Difference, Placed, Relation, SightLine, WaveChange
from upturn.partners.queries import ImportancePage
from upturn.partners.templatetags.partners_pictures import change_tails, distance_row
from upturn.partners.templatetags.partners_quadrants import LETTER, LINE, Name, quadrants
from upturn.people.models import Role
from upturn.stats import Figure, Withheld

HELD = Withheld("too_few", 5, 4)
tenths = st.integers(0, 100).map(lambda n: n / 10)


@pytest.fixture(autouse=True)
def nothing_is_drawn_from_another_test() -> None:
    cache.clear()


def placed(at: int, matters: float, well: float, *, chance: float = 0.4) -> Placed:
    relation = Relation(
        id=at,
        server=f"s{at}",
        served=f"t{at}",
        server_name=f"Kitchen {at}",
        served_name=f"Floor {at}",
        place="",
    )
    others = (1 - chance) / 3
    return Placed(
        relation=relation,
        item=None,
        importance=Figure(matters, max(matters - 2, 0), min(matters + 2, 10), 9),
        performance=Figure(well, max(well - 2, 0), min(well + 2, 10), 9),
        quadrants=(chance, others, others, others),
    )


def page(*rows: Placed) -> ImportancePage:
    return ImportancePage(rows, per_relation=True)


def box(name: Name) -> tuple[float, float, float, float]:
    long = LETTER * max(len(words) for _y, words in name.lines)
    left = name.x - long if name.anchor else name.x
    return left, name.lines[0][0] - LINE + 3, left + long, name.lines[-1][0] + 3


@given(st.lists(st.tuples(tenths, tenths), min_size=2, max_size=40))
@pytest.mark.parametrize("size", ["wide", "phone"])
def test_every_point_lies_in_the_frame_and_no_name_covers_another(
    size: str, points: list[tuple[float, float]]
) -> None:
    rows = [placed(at, *point, chance=0.9 - at / 50) for at, point in enumerate(points)]
    picture = quadrants(page(*rows), size)
    assert picture is not None
    assert len(picture.marks) == len(points)
    for mark in picture.marks:
        assert picture.across.start <= mark.low_x <= mark.x <= mark.high_x <= picture.across.end
        assert picture.up.end <= mark.high_y <= mark.y <= mark.low_y <= picture.up.start
    boxes = [box(name) for name in picture.names]
    assert all(picture.across.start <= b[0] and b[2] <= picture.across.end for b in boxes)
    for one, other in combinations(boxes, 2):
        apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
        assert apart


def test_only_what_likely_waits_is_coloured_and_drawn_on_top() -> None:
    rows = [placed(0, 9, 1, chance=0.8), placed(1, 5, 5, chance=0.79), placed(2, 1, 9)]
    picture = quadrants(page(*rows), "wide")
    assert picture is not None
    assert [mark.waits for mark in picture.marks] == [False, False, True]
    assert picture.names[0].waits
    assert picture.names[0].lines[0][1] == "Kitchen 0 → Floor 0"
    assert picture.across.at(9) == picture.marks[-1].x
    assert picture.mean_x == picture.across.at(5)


def test_one_point_is_no_picture() -> None:
    without = Placed(relation=None, item=None, importance=HELD, performance=HELD, quadrants=())
    assert quadrants(page(placed(0, 5, 5), without), "wide") is None


@pytest.mark.django_db
@pytest.mark.parametrize("wave", ["pulse", "signs"])
def test_the_picture_has_a_mark_for_every_row_that_can_be_placed(wave: str) -> None:
    stored(getattr(made, wave)())
    viewer = f.signed_in(f.person(role=Role.EXECUTIVE))
    html = viewer.get(f"/gaps/w-{wave}/importance/").content.decode()
    wide, phone = re.findall(r"<svg class=\"(?:wide|phone)-only\".*?</svg>", html, re.DOTALL)
    table = re.search(r"<table.*?</table>", html, re.DOTALL)[0]
    rows = table.count("<tr>") - 1 - table.count("cannot be placed")
    assert wide.count("<circle") == phone.count("<circle") == rows > 2
    assert wide.count('class="fh"') == table.count('class="wait"')
    for part in ("<title", "<desc", "matters more, done less well"):
        assert part in wide
        assert part in phone


def change(before: float, after: float, *, clear: bool = False) -> WaveChange:
    old, new = (Figure(each, each - 1, each + 1, 9) for each in (before, after))
    return WaveChange(before=old, after=new, by=Figure(after - before, -3, 3, 9), clear=clear)


def test_a_tail_begins_where_it_was_and_is_strong_only_where_more_than_chance() -> None:
    drawn = change_tails(change(2, 4, clear=True), WaveChange(before=HELD, after=HELD, by=HELD))
    assert '<path class="l" stroke-width="3" d="M85 21v10M85 26H162"/>' in drawn
    assert '<circle class="f" cx="162" cy="26" r="6"/>' in drawn
    assert 'class="o"' not in drawn
    assert 'class="l"' not in change_tails(change(2, 4), change(4, 2))


def line(stated: Figure | Withheld, difference: Difference) -> SightLine:
    return SightLine("Dish room", ("dish",), 3, 3, stated, HELD, difference)


def test_a_distance_is_coloured_only_where_drawing_and_people_differ() -> None:
    nearer = distance_row(line(Figure(1.5, 1, 2, 9), Difference.NEARER))
    assert 'class="fh"' in nearer
    assert 'class="lt" stroke-width="9"' in nearer
    alike = distance_row(line(Figure(2.8, 2, 3.6, 9), Difference.NONE_SEEN))
    assert 'class="fh"' not in alike
    assert "<circle" not in distance_row(line(HELD, Difference.CANNOT_TELL))


@pytest.mark.django_db
def test_a_change_is_named_and_strong_only_where_it_is_clear() -> None:
    stored(replace(differing("w-before"), closed_on=date(2026, 5, 1)), asked=range(20))
    stored(made.pulse(gaps={}), asked=range(20))
    html = f.signed_in(f.person(role=Role.EXECUTIVE)).get("/gaps/w-pulse/since/").content.decode()
    rows = re.findall(r"<tr>.*?</tr>", html, re.DOTALL)
    assert "no more than chance" not in html
    strong = [row for row in rows if 'stroke-width="3"' in row]
    assert 0 < len(strong) < len(rows) / 2
    assert all("went up" in row or "went down" in row for row in strong)
