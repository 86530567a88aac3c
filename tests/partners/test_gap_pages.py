"""The pages of a closed wave: one page for all, careful sentences, and what to press next."""

import csv
import io
import json
import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from tests import factories as f
from tests.partners import closed_waves as made
from tests.partners.stored_waves import stored
from tests.partners.test_gaps import with_counts
from upturn.graph.models import Kind
from upturn.partners.engine import Published, Side
from upturn.people import commands as people
from upturn.people.models import Role, Scope

pytestmark = pytest.mark.django_db
TAGS = re.compile(r"<[^>]*>")
TABLE = re.compile(r"<table.*?</table>", re.DOTALL)
PULSE_PAGES = ("", "pairs/", "since/", "importance/", "words/")
SIGN_PAGES = ("signs/", "since/", "importance/", "drivers/", "words/")


@pytest.fixture(autouse=True)
def nothing_is_drawn_from_another_test() -> None:
    cache.clear()


def text_of(response) -> str:
    return " ".join(TAGS.sub(" ", response.content.decode()).split())


def opened(address: str, viewer=None, *, status: int = 200) -> str:
    response = f.signed_in(viewer or f.person(role=Role.EXECUTIVE)).get(address)
    assert response.status_code == status, address
    return text_of(response)


def differing(wave: str = "w-pulse") -> Published:
    """Kitchen and Floor of the Garden differ beyond doubt."""
    whole = with_counts(made.pulse(wave=wave, gaps={}), 0, Side.SERVING, "well", [0, 0, 0, 2, 14])
    return with_counts(whole, 0, Side.SERVED, "well", [14, 6, 2, 0, 0])


def alike() -> Published:
    """Both sides of every edge answer alike."""
    whole = made.pulse(gaps={})
    for at, group in enumerate(whole.groups):
        whole.counts[at, 0, :5] = [1, 1, group.people - 4, 1, 1]
    return whole


def heading(page: str) -> str:
    return re.search(r"<h1>(.*?)</h1>", page, re.DOTALL)[1]


@pytest.mark.parametrize("page", PULSE_PAGES)
def test_every_page_of_a_pulse_opens_within_ten_queries(
    page: str, django_assert_max_num_queries
) -> None:
    stored(made.pulse())
    stored(replace(made.pulse(seed=5, wave="w-before"), closed_on=date(2026, 5, 1)))
    client = f.signed_in(f.person(role=Role.EXECUTIVE))
    assert client.get(f"/gaps/w-pulse/{page}").status_code == 200
    with django_assert_max_num_queries(10):
        assert client.get(f"/gaps/w-pulse/{page}").status_code == 200


@pytest.mark.parametrize("page", SIGN_PAGES)
def test_every_page_of_the_nine_signs_opens_within_ten_queries(
    page: str, django_assert_max_num_queries
) -> None:
    stored(made.signs())
    client = f.signed_in(f.person(role=Role.EXECUTIVE))
    assert client.get(f"/gaps/w-signs/{page}").status_code == 200
    with django_assert_max_num_queries(10):
        assert client.get(f"/gaps/w-signs/{page}").status_code == 200


def test_the_six_keys_have_a_page() -> None:
    stored(made.keys())
    page = opened("/gaps/w-keys/keys/")
    assert "Issues are removed together" in page
    assert re.search(r"So it is with \d of 6 questions", page)


def test_the_heading_names_the_widest_gap_and_how_sure_it_is() -> None:
    stored(differing())
    page = opened("/gaps/w-pulse/")
    assert "Kitchen and Floor see the same work differently." in page
    assert "it is the only one that stands out from chance" in page
    assert "Start with Kitchen and Floor: these two clearly differ." in page
    chance = re.search(r"cannot be told for sure: the probability is (\d+) %", page)
    assert chance is not None
    assert int(chance[1]) > 80


def test_a_heading_claims_nothing_that_chance_would_do() -> None:
    stored(alike())
    page = opened("/gaps/w-pulse/")
    assert "differs by more than chance would" in page
    assert 'class="wait"' not in f.signed_in(f.person()).get("/gaps/w-pulse/").content.decode()


def test_colour_stands_only_where_the_serving_side_clearly_thinks_better() -> None:
    stored(differing())
    page = f.signed_in(f.person()).get("/gaps/w-pulse/").content.decode()
    coloured = [row for row in re.findall(r"<tr>.*?</tr>", page, re.DOTALL) if "wait" in row]
    assert len(coloured) == 1
    assert "Kitchen" in coloured[0]


def test_a_withheld_side_says_why_and_keeps_its_row() -> None:
    stored(made.pulse())
    page = opened("/gaps/w-pulse/")
    assert "4 answers, 5 needed" in page
    assert "Nobody can answer from this side." in page
    assert "Edges of which one side, or neither, can be shown" in page


def houses() -> tuple[Published, dict[str, object]]:
    """The wave's first edge exists in the drawing: Kitchen serves Floor."""
    kitchen, floor = f.party("Kitchen", place="Garden"), f.party("Floor", place="Garden")
    edge = f.serves(kitchen, floor)
    whole = differing()
    first = replace(whole.relations[0], server=kitchen.key, served=floor.key)
    stored(replace(whole, relations=(first, *whole.relations[1:])))
    return whole, {"kitchen": kitchen, "floor": floor, "edge": edge}


def test_everybody_sees_the_same_figures() -> None:
    _wave, there = houses()
    viewers = [
        f.member(there["floor"]),
        f.member(there["kitchen"], role=Role.LEADER, leads=True),
        f.person(role=Role.EXECUTIVE),
        f.person(role=Role.ADMINISTRATOR),
        f.person(role=Role.FACILITATOR),
    ]
    seen = []
    for viewer in viewers:
        page = f.signed_in(viewer).get("/gaps/w-pulse/").content.decode()
        seen.append(sorted(re.findall(r'<span class="num">.*?</span>', page)))
    assert seen[0]
    assert all(figures == seen[0] for figures in seen)


def test_what_clearly_differs_comes_first_and_those_served_can_ask() -> None:
    _wave, there = houses()
    page = f.signed_in(f.member(there["floor"])).get("/gaps/w-pulse/")
    assert "Press “Ask” in its row" in text_of(page)
    served = page.content.decode()
    assert served.count("btn go") == 1
    first = re.search(r"<tbody>.*?</tbody>", served, re.DOTALL)[0]
    assert "Where both sides clearly differ" in first
    assert "your own edge" in first
    ask = re.search(r'<a class="btn go" href="([^"]+)"', first)[1]
    assert ask == f"/edge/{there['edge'].pk}/ask/"
    assert f.signed_in(f.member(there["floor"])).get(ask).status_code == 200
    serving = f.signed_in(f.member(there["kitchen"])).get("/gaps/w-pulse/").content.decode()
    first = re.search(r"<tbody>.*?</tbody>", serving, re.DOTALL)[0]
    assert f'href="/edge/{there["edge"].pk}/"' in first


def test_those_whose_answers_were_pooled_with_another_team_find_their_own_edge() -> None:
    kitchen, floor, terrace = (f.party(name) for name in ("Kitchen", "Floor", "Terrace"))
    f.serves(kitchen, floor)
    own = f.serves(kitchen, terrace)
    whole = differing()
    first = replace(whole.relations[0], server=kitchen.key, served=floor.key)
    groups = tuple(
        replace(g, units=(floor.key, terrace.key))
        if (g.relation, g.side) == (0, Side.SERVED)
        else g
        for g in whole.groups
    )
    stored(replace(whole, relations=(first, *whole.relations[1:]), groups=groups))
    page = f.signed_in(f.member(terrace)).get("/gaps/w-pulse/").content.decode()
    assert f'href="/edge/{own.pk}/ask/"' in page
    assert "your own edge" in page


def test_one_s_own_edges_come_before_all_others_where_nothing_differs() -> None:
    kitchen, floor = f.party("Kitchen"), f.party("Floor")
    f.serves(kitchen, floor)
    whole = alike()
    last = replace(whole.relations[-1], server=kitchen.key, served=floor.key)
    stored(replace(whole, relations=(*whole.relations[:-1], last)))
    page = f.signed_in(f.member(floor)).get("/gaps/w-pulse/")
    first = re.search(r"<tbody>.*?</tbody>", page.content.decode(), re.DOTALL)[0]
    assert "Edges on which you serve or are served" in first
    assert "Start with" not in text_of(page)
    assert "btn go" not in page.content.decode()


def test_an_edge_that_is_gone_has_no_button() -> None:
    stored(made.pulse())
    page = opened("/gaps/w-pulse/")
    assert page.count("no longer drawn") == 15


def test_guests_and_strangers_to_the_wave_see_nothing() -> None:
    stored(made.pulse())
    guest = f.member(f.party("Bakery", kind=Kind.PARTNER), role=Role.GUEST)
    for address in ("/gaps/", "/gaps/w-pulse/", "/gaps/w-pulse/map.csv"):
        opened(address, guest, status=404)
    opened("/gaps/none/", status=404)
    opened("/gaps/w-pulse/signs/", status=404)
    opened("/gaps/w-pulse/drivers.csv", status=404)


def test_without_a_closed_wave_the_page_teaches_what_will_stand_there() -> None:
    page = opened("/gaps/")
    assert "No wave is closed yet," in page
    assert "at least five answers" in page


def test_the_newest_map_opens_with_a_list_of_all_closed_waves() -> None:
    stored(replace(made.pulse(wave="w-old"), closed_on=date(2026, 5, 1), title="Spring wave"))
    stored(made.pulse())
    stored(made.signs())
    page = opened("/gaps/")
    assert "Autumn wave, closed 9 November 2026" in page
    assert "Spring wave" in page
    viewer = f.signed_in(f.person())
    assert viewer.get("/gaps/w-signs/")["Location"] == "/gaps/w-signs/signs/"


def test_a_place_shows_its_own_edges_alone() -> None:
    stored(made.pulse())
    page = f.signed_in(f.person()).get("/gaps/w-pulse/?place=Mill").content.decode()
    assert "Garden" not in re.search(TABLE, page)[0]
    whole = f.signed_in(f.person()).get("/gaps/w-pulse/?place=Nowhere").content.decode()
    assert '<b aria-current="page">The whole</b>' in whole


def test_signs_show_both_sides_their_causes_time_morale_and_reliability() -> None:
    stored(made.signs())
    page = opened("/gaps/w-signs/signs/")
    assert "those who lead see it better than those who serve" in page
    for title in (
        "Where problems come from, as both sides say",
        "Towards those who lead, as those who serve say",
        "Where the working time goes",
        "Morale, and part taken in improving",
        "How reliable these questions are",
        "What this cannot tell",
    ):
        assert title in page
    assert re.search(r"alpha 0\.\d\d 0\.\d\d–0\.\d\d, n 120", page)


def test_the_page_of_a_team_says_what_its_few_answers_are_worth() -> None:
    wave = stored(made.signs())
    block = next(g.block for g in wave.groups if g.name == "Kitchen" and g.parent == "Mill")
    page = opened(f"/gaps/w-signs/signs/?at={block}")
    assert "Kitchen, beside those who lead there." in page
    assert re.search(r"; likely \d\.\d \(\d\.\d–\d\.\d\), own weight \d+\s%", page)
    assert "Leaders of Mill" in page


def test_a_wave_with_drawn_answers_says_so() -> None:
    wave = stored(made.pulse(), deniable=0.2)
    assert wave.k == 5
    page = opened("/gaps/w-pulse/")
    assert "In this wave 20 % of the answers were replaced by drawn ones" in page


def test_nobody_can_wave_a_sign_away() -> None:
    stored(made.signs())
    page = f.signed_in(f.person(role=Role.EXECUTIVE)).get("/gaps/w-signs/signs/").content.decode()
    assert "<form" not in re.search(r"<main.*</main>", page, re.DOTALL)[0]
    assert "perception" not in page.lower()


def test_drivers_are_called_shares_and_not_causes() -> None:
    stored(made.signs())
    page = opened("/gaps/w-signs/drivers/")
    assert "Shares of explained variance, not causes." in page
    assert "What causes morale." in page


def test_two_waves_are_compared_where_rosters_allow_it() -> None:
    before = replace(differing("w-before"), closed_on=date(2026, 5, 1))
    stored(before, asked=range(20))
    stored(made.pulse(gaps={}), asked=range(20))
    page = opened("/gaps/w-pulse/since/")
    assert "moved by more than chance would." in page
    assert "; went up" in page
    assert "Whether anything that was done made the difference" in page


def test_two_waves_with_a_changed_roster_are_not_compared() -> None:
    stored(replace(differing("w-before"), closed_on=date(2026, 5, 1)), asked=range(20))
    stored(made.pulse(gaps={}), asked=range(3, 20))
    page = opened("/gaps/w-pulse/since/")
    assert "Cannot tell: 3 people joined or left" in page
    assert "; went up" not in page


def test_the_first_wave_has_nothing_to_be_compared_with() -> None:
    stored(made.pulse())
    assert "There is no earlier wave with these questions," in opened("/gaps/w-pulse/since/")


def test_words_stand_by_place_and_never_beside_a_figure() -> None:
    said = [("Mill", "both", f"More plates, said number {n}.") for n in range(10)]
    stored(made.pulse(), words=said)
    page = opened("/gaps/w-pulse/words/")
    assert "Mill, both sides" in page
    assert page.count("More plates") == 10
    stored(made.signs())
    assert "No words can be shown:" in opened("/gaps/w-signs/words/")


def lines_of(address: str) -> list[dict[str, str]]:
    response = f.signed_in(f.person()).get(address)
    assert response.status_code == 200, address
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


def test_the_base_table_can_be_taken_along_as_it_is() -> None:
    wave = stored(made.signs())
    lines = lines_of("/gaps/w-signs/base.csv")
    for line in lines:
        counted = sum(int(line[f"c{n}"] or 0) for n in range(1, 12))
        assert counted == int(line["people"]) - int(line["missing"])
    assert sum(line["item"] == "sign-1" for line in lines) == len(wave.groups)


@pytest.mark.parametrize(
    "address",
    [*(f"w-pulse/{page}" for page in ("map", "pairs", "since", "importance"))]
    + [f"w-signs/{page}" for page in ("signs", "since", "importance", "drivers")]
    + ["w-keys/keys"],
)
def test_every_figure_of_a_page_stands_for_five_answers_or_is_withheld(address: str) -> None:
    for wave in (made.pulse(), made.signs(), made.keys()):
        stored(wave)
        earlier = replace(wave, wave=f"{wave.wave}-old", closed_on=wave.closed_on - timedelta(100))
        stored(earlier)
    lines = lines_of(f"/gaps/{address}.csv")
    assert lines
    for line in lines:
        assert bool(line["value"]) != bool(line["withheld"])
        if line["value"] and not address.endswith("pairs"):
            assert int(line["n"]) >= 5
    figures = f.signed_in(f.person()).get(f"/gaps/{address}.json").json()["figures"]
    assert len(figures) == len(lines)
    values = [f"{row['value']}" for row in figures if row["value"] is not None]
    assert values == [line["value"] for line in lines if line["value"]]


def test_nothing_from_sums_over_complete_rows_is_told_to_the_last_digit() -> None:
    """Else the sums could be computed from it, and those of the few with gaps by subtraction."""
    stored(made.signs())
    found = [
        line
        for page in ("signs", "drivers", "importance")
        for line in lines_of(f"/gaps/w-signs/{page}.csv")
        if page != "signs" or line["figure"].startswith(("alpha", "omega"))
    ]
    told = [line[name] for line in found for name in ("value", "low", "high") if line[name]]
    assert len(told) > 30
    assert max(len(text.partition(".")[2]) for text in told) == 2
    done = [line["value"] for line in found if line["figure"].startswith("performance")]
    assert max(len(text.partition(".")[2]) for text in done if text) == 1


def test_a_program_reads_the_same_figures_within_its_scope() -> None:
    stored(made.pulse())
    admin = f.person(role=Role.ADMINISTRATOR)
    keys = {
        scope: people.make_token(admin, name=scope, scopes=[scope], ends_on=None)[1]
        for scope in (Scope.GAPS_READ, Scope.GRAPH_READ)
    }

    def read(address: str, scope: Scope = Scope.GAPS_READ):
        return Client().get(f"/api/{address}", headers={"Authorization": f"Bearer {keys[scope]}"})

    assert read("gaps", Scope.GRAPH_READ).status_code == 401
    waves = read("gaps").json()["waves"]
    assert [wave["ref"] for wave in waves] == ["w-pulse"]
    assert waves[0]["pages"] == ["map", "pairs", "since", "importance", "words", "base"]
    page = f.signed_in(admin).get("/gaps/w-pulse/map.json").json()
    assert read("gaps/w-pulse/map").json()["figures"] == page["figures"]
    base = read("gaps/w-pulse/base").json()
    assert len(base["rows"]) == len(lines_of("/gaps/w-pulse/base.csv"))
    assert read("gaps/w-pulse/signs").status_code == 404
    assert read("gaps/none/map").status_code == 404
    assert json.loads(read("gaps/none/base").content)["error"] == "not_found"
