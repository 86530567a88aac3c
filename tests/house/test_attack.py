"""``upturn attack``: all gates hold on what is rendered, and what gives somebody away is found."""

import re
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner
from django.http import HttpRequest, HttpResponse

from tests import factories as f
from tests.partners import closed_waves
from tests.partners.conftest import a_box_of_its_own, today  # noqa: F401 - a folder and a day
from tests.partners.waves_scene import House, answers, house, leaders, opened
from upturn.house.attack_said import Known, Row, Said, figures_said, known_of, too_near
from upturn.house.cli_attack import attack_, own_figures
from upturn.partners import commands, urls
from upturn.partners.engine import Group, Side
from upturn.partners.engine.shapes import Wide
from upturn.partners.models import PublishedCount, PublishedGroup
from upturn.people.models import Role, Token
from upturn.record.kept import forget

pytestmark = pytest.mark.django_db

SIZES = {"floor": 14, "kitchen": 11, "bar": 6, "dish": 9, "stores": 8, "office": 9}
FEW = "office"
GIVEN_AWAY = "Something is given away. Do not show these waves to anybody."


def attacked(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(attack_, words, env={"COLUMNS": "120"})
    return done.exit_code, done.output


def found(printed: str, attack: str) -> list[float]:
    """What the table of each wave says was found."""
    return [float(n) for n in re.findall(rf"{re.escape(attack)}\s*│\s*([\d.]+) │", printed)]


def scene() -> House:
    """Sixty people, of whom three of the office answer, so that it is counted with another team."""
    made = house(**SIZES)
    leaders(made)
    for role in (Role.FACILITATOR, Role.ADMINISTRATOR, Role.GUEST):
        f.person(role=role)
    return made


def held(made: House, *, seed: int, **given: str) -> str:
    """A wave that was opened, answered and closed."""
    edges = () if given else [made.edges[pair] for pair in zip(list(SIZES)[1:], SIZES)]  # noqa: B905
    wave = opened(made, *edges, **given)
    rng = np.random.default_rng(seed)
    for seat, cards in wave.cards.items():
        few = made.parties[FEW].key in seat
        for token in cards[: 3 if few else len(cards) - 1]:
            commands.cast(token, answers(token, rng=rng), {})
    commands.close_wave(made.boss, wave.ref, today=f.TODAY)
    return wave.ref


def test_what_the_caution_leaves_is_counted_in_teams() -> None:
    wave = replace(closed_waves.signs(), groups=(), left_out=())
    team = Group(
        relation=-1, side=Side.SERVERS, block="a", name="", parent="", units=("a",), people=6
    )
    merged, few = replace(team, units=("b", "c")), replace(team, units=("d",), people=3)
    leading = replace(team, side=Side.LEADERS, units=("e",))
    assert own_figures(replace(wave, groups=(team, merged, leading), left_out=(few,))) == (1, 4)


def test_every_gate_holds_on_what_is_rendered_and_exported() -> None:
    made = scene()
    first, signs, second = (
        held(made, seed=1),
        held(made, seed=2, instrument="signs", title="Nine signs"),
        held(made, seed=3),
    )
    code, printed = attacked()
    assert code == 0, printed
    assert "broken" not in printed
    assert [printed.index(f"({ref})") for ref in (first, signs, second)] == sorted(
        printed.index(f"({ref})") for ref in (first, signs, second)
    )
    read = re.findall(r"(\d+) figures on (\d+) pages and files, (\d+) rows", printed)
    assert len(read) == 3
    assert all(int(figures) > 300 and int(opened) > 20 for figures, opened, _rows in read)
    assert all(sure > 0.3 for sure in found(printed, "E5 how sure of an answer"))
    assert Token.objects.count() == 0


def test_a_wave_is_attacked_with_those_before_it_and_none_after() -> None:
    made = scene()
    first, second = held(made, seed=1), held(made, seed=3)
    assert f"({second})" not in attacked(first)[1]
    assert attacked("nothing") == (
        1,
        f"Error: There is no closed wave nothing. Closed are: {first}, {second}.\n",
    )


def test_nothing_closed_is_nothing_to_attack() -> None:
    said = "Error: No wave is closed yet, so nothing is shown of any.\n"
    assert attacked() == (1, said)
    house(floor=5)
    assert attacked() == (1, said)
    assert attacked("nothing") == (1, "Error: There is no closed wave nothing. Closed are: none.\n")


def a_page(said: str) -> Callable[..., HttpResponse]:
    def view(_request: HttpRequest, ref: str) -> HttpResponse:
        return HttpResponse(f"<!doctype html><html><body>{ref} <p>{said}</p></body></html>")

    return view


@pytest.mark.parametrize(
    "said",
    [
        "<b>2.5</b> <small>1.0–4.0, n 3</small>",  # the office alone
        "<b>9.9</b> <small>9.5–10.0, n 13</small>",  # as many as answered on the floor, but others
        "<b>62 %</b> <small>40–80, n 997</small>",
    ],
)
def test_a_page_that_filters_by_team_is_found(said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ref = held(scene(), seed=1)
    words = next(one for one in urls.urlpatterns if one.name == "gap_words")
    monkeypatch.setattr(words, "callback", a_page(said))
    code, printed = attacked(ref)
    assert code == 1
    assert GIVEN_AWAY in printed
    assert found(printed, "figures of no union of blocks")[0] >= 1
    assert f"/gaps/{ref}/words/: " in printed
    assert printed.count("broken") == 1


def test_a_file_that_holds_the_mean_of_a_team_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    ref = held(scene(), seed=1)
    table = "figure,value,n\r\n" + '"served side, 0-10",9.87,13\r\n' + '"gap, 0-1",0.5,4\r\n'
    files = next(one for one in urls.urlpatterns if one.name == "gaps_csv")
    whole = files.callback

    def doctored(request: HttpRequest, ref: str, page: str) -> HttpResponse:
        return whole(request, ref, page) if page == "base" else HttpResponse(table)

    monkeypatch.setattr(files, "callback", doctored)
    code, printed = attacked(ref)
    assert code == 1
    assert "map.csv: 9.87, n 13" in printed
    assert "map.csv: n 4" in printed


def test_a_row_of_a_part_of_a_block_gives_its_people_away() -> None:
    made = scene()
    ref = held(made, seed=1, instrument="signs")
    assert found(attacked(ref)[1], "E1 people in groups of fewer than k") == [0]
    _add_row_of_a_part(ref, made.parties[FEW].key)
    forget()
    code, printed = attacked(ref)
    assert code == 1
    assert GIVEN_AWAY in printed
    assert found(printed, "E1 people in groups of fewer than k")[0] >= 3
    assert found(printed, "E2 worlds: answers that are certain")[0] >= 3


def _add_row_of_a_part(ref: str, few: str) -> None:
    """A row of all of a merged block but the three of one team, who answered alike."""
    part = next(
        group
        for group in PublishedGroup.objects.filter(wave__wave__ref=ref, left_out=False)
        if "\t" in group.seats and few in group.units
    )
    counts = list(PublishedCount.objects.filter(group=part))
    at = part.units.split("\t").index(few)
    part.pk, part.number, part.block, part.people = None, 1_000, "part", part.people - 3
    part.units, part.seats = (
        "\t".join(kept for n, kept in enumerate(each.split("\t")) if n != at)
        for each in (part.units, part.seats)
    )
    part.save()
    for row in counts:
        used = np.array([getattr(row, f"c{n}") for n in range(1, 12)])
        if used.max() >= 3:
            most = f"c{used.argmax() + 1}"
            row.pk, row.group = None, part
            setattr(row, most, getattr(row, most) - 3)
            row.save()


def rows(*given: tuple[str, str, str, tuple[int, ...]]) -> list[Row]:
    return [
        Row(0, "a > b", side, place, block, "well", counts) for side, place, block, counts in given
    ]


def test_unions_are_blocks_places_sides_and_the_two_sides_of_a_gap() -> None:
    table = rows(
        ("served", "Mill", "one", (0, 2, 4, 0, 0)),
        ("served", "Mill", "two", (0, 0, 0, 7, 0)),
        ("serving", "Mill", "three", (0, 0, 0, 0, 10)),
    )
    known = known_of(table, (), k=5)
    assert known.numbers == {6, 7, 13, 10, 16, 17, 23}
    assert known.holds(Said(7, 7.5))
    assert known.holds(Said(7, 2.5))  # turned round
    assert not known.holds(Said(7, 7.6))
    assert not known.holds(Said(12))


def test_answers_of_fewer_than_k_are_no_union_even_where_a_block_gave_them() -> None:
    table = rows(
        ("served", "Mill", "one", (0, 2, 2, 0, 0)), ("serving", "Mill", "two", (0, 0, 9, 0, 0))
    )
    assert known_of(table, (), k=5).numbers == {9}


def test_what_two_waves_may_say_is_known_together() -> None:
    both = Known(frozenset({6}), {6: (2.0,)}).also(Known(frozenset({6, 8}), {6: (1.0,), 8: (3.0,)}))
    assert both == Known(frozenset({6, 8}), {6: (1.0, 2.0), 8: (3.0,)})


PAGE = "<td>served <b>6.2</b> <small>5.1–7.3, n\u00a013</small></td><td>+1.2 0.3 to 2.1, n 9</td>"
FILE = 'figure,value,n\n"served side, 0-10",6.25,13\n"gap, 0-1",0.6,22\n"gap, 0-1",,\n'


@pytest.mark.parametrize(
    ("where", "text", "said"),
    [
        ("/gaps/w/", PAGE, [Said(13), Said(9), Said(13, 6.2, 0.0501)]),
        (
            "/gaps/w/",
            f"<table><th>guess less what was said</th>{PAGE}</table>",
            [Said(13), Said(9)],
        ),
        ("/gaps/w/map.csv?place=Mill", FILE, [Said(13, 6.25), Said(22)]),
        ("/gaps/w/pairs/", PAGE, []),
        ("/gaps/w/map.json", '{"figures": [{"figure": "rwg", "value": 1, "n": 4}]}', [Said(4)]),
        ("/api/gaps/w/base", '{"rows": [[1]]}', []),
    ],
)
def test_figures_are_read_off_pages_and_files(where: str, text: str, said: list[Said]) -> None:
    assert figures_said(where, text) == said


@pytest.mark.parametrize(("complete", "told"), [(50, []), (48, ["2 more"]), (45, [])])
def test_sums_over_complete_answers_leave_nobody_or_k_beside_them(
    complete: int, told: list[str]
) -> None:
    table = [Row(-1, "", "servers", "Mill", "one", "sign-1", (10, 10, 10, 10, 10))]
    sums, products = np.array([150]), np.array([[600]])
    wide = Wide(key="one*1", side=Side.SERVERS, items=("sign-1",), n=complete, sums=sums,
                products=products)  # fmt: skip
    near = too_near(table, [wide], k=5)
    assert [one.split("by ")[1] for one in near] == told
