"""Pages of customers' words: what they say, to whom, and at what price."""

import csv
import io
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import factories as f
from tests.voice.said import heard, theme, weeks_ago
from upturn.graph.models import Kind, Party, Touchpoint
from upturn.people.models import Person
from upturn.record.models import ReadingLog
from upturn.voice import commands, queries
from upturn.voice.models import Theme
from upturn.voice.views import words as pages

pytestmark = pytest.mark.django_db
QUERIES_MOST = 12


def text_of(page: str) -> str:
    main = page[page.index("<main") :]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def read(viewer: Person, address: str) -> str:
    response = f.signed_in(viewer).get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def floor_of_mill() -> tuple[Party, Party, Touchpoint]:
    guests, floor = f.party("Guests", kind=Kind.CUSTOMERS), f.party("Floor")
    f.serves(floor, guests)
    return guests, floor, f.touchpoint("Paying", customers=guests, servers=(floor,), place="Mill")


def a_drop(point: Touchpoint, about: Theme | None = None) -> None:
    """Scores about 8 for 13 weeks and about 6 for the next 13."""
    for ago in range(26):
        low = 5.0 if ago < 13 else 7.0
        heard(
            point,
            [low, low + 1, low + 2],
            week=weeks_ago(ago),
            theme=about,
            polarity=-1 if ago < 13 else 1,
            text="The till was cold to the touch",
        )


ADDRESSES = [
    "/customers/",
    "/customers/{point}/",
    "/customers/{point}/{theme}/",
    "/customers/{point}/{theme}/?as=csv",
    "/customers/{point}/code/",
    "/customers/_unplaced/",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_words_are_for_everybody_who_signs_in_but_guests(address: str) -> None:
    _, floor, point = floor_of_mill()
    cold = theme()
    heard(point, [7.0], week=weeks_ago(1), theme=cold)
    here = address.format(point=point.key, theme=cold.key)
    assert Client().get(here).status_code == 302
    assert f.signed_in(f.member(floor, role="guest")).get(here).status_code == 404
    for role in ("server", "leader", "executive", "facilitator", "administrator"):
        assert f.signed_in(f.person(role=role)).get(here).status_code == 200, role


@pytest.mark.parametrize(
    "address", ["/customers/nosuch/", "/customers/nosuch/code/", "/customers/{point}/nosuch/"]
)
def test_what_does_not_exist_is_said_in_a_sentence(address: str) -> None:
    _, _, point = floor_of_mill()
    answer = f.signed_in(f.person()).get(address.format(point=point.key))
    assert answer.status_code == 404
    assert "no such words" in answer.content.decode()


def test_the_customers_page_tells_the_day_in_its_order() -> None:
    guests, _, paying = floor_of_mill()
    arriving = f.touchpoint("Arriving", customers=guests, place="Mill", position=1, moment="18:30")
    paying.position = 2
    paying.save()
    a_drop(paying)
    heard(None, [4.0, 5.0], week=weeks_ago(1))
    page = text_of(read(f.person(), "/customers/"))
    assert page.index("Arriving") < page.index("Paying") < page.index("Not yet placed")
    assert "39 customers left words at Mill in 13 weeks. One moment went down" in page
    assert "6.0 5.7–6.3, n 39 39 lower −2.0 (−2.5 to −1.5) Floor" in page
    row = page[page.index("Arriving") : page.index("Paying")]
    assert "nothing measured yet" in row
    assert "Nobody serves here" in row
    assert arriving.key in read(f.person(), "/customers/?place=Mill")


def test_a_change_is_said_only_where_the_ranges_allow_it() -> None:
    guests, floor, point = floor_of_mill()
    heard(point, [3.0, 8.0, 9.0], week=weeks_ago(1))
    heard(point, [4.0, 9.0, 10.0], week=weeks_ago(14))
    viewer = f.person()
    assert "cannot tell" in text_of(read(viewer, "/customers/"))
    assert "these scores cannot tell" in text_of(read(viewer, f"/customers/{point.key}/"))
    steady = f.touchpoint("Coffee", customers=guests, servers=(floor,))
    for ago in range(26):
        heard(steady, [7.0, 8.0, 8.0], week=weeks_ago(ago))
    assert "Coffee stays about the same : 7.7" in text_of(read(viewer, f"/customers/{steady.key}/"))


def test_places_are_chosen_by_the_viewers_own_and_can_be_changed() -> None:
    guests, _, mill = floor_of_mill()
    bar = f.party("Bar", place="Harbour")
    f.touchpoint("Last drink", customers=guests, servers=(bar,), place="Harbour")
    heard(mill, [7.0], week=weeks_ago(1))
    assert "Last drink" in read(f.member(bar), "/customers/")
    assert "Paying" in read(f.member(bar), "/customers/?place=Mill")
    assert "Last drink" in read(f.member(bar), "/customers/?place=Nowhere")


def test_empty_pages_teach_the_next_step() -> None:
    assert "Bring in data" in read(f.person(role="administrator"), "/customers/")
    assert "can bring in data" in read(f.person(), "/customers/")
    _, _, point = floor_of_mill()
    assert "No words have come in yet" in text_of(read(f.person(), "/customers/"))
    page = text_of(read(f.person(), f"/customers/{point.key}/"))
    assert "no customer has spoken of it yet" in page
    assert "Print a code for this moment" in page


def test_a_touchpoint_tells_finding_themes_and_words() -> None:
    _, _, point = floor_of_mill()
    cold = theme()
    a_drop(point, cold)
    heard(point, [9.0], week=weeks_ago(2), text="Something else")
    commands.choose_quotes(most=10)
    whole = read(f.person(), f"/customers/{point.key}/")
    page = text_of(whole)
    assert "Paying is rated lower than in the 13 weeks before: 6.1 of 10." in page
    first = weeks_ago(25)
    assert f"39 of 40 comments in 13 weeks; first in the week of {first.day} {first:%B %Y}" in page
    assert "complaints 100 % (91 to 100 %)" in page
    assert "The till was <mark>cold</mark> to the touch" in whole
    assert page.index("Cold food") < page.index("Other words")
    rows = whole[whole.index("The same as a table") :]
    assert rows[: rows.index("</table>")].count('<th scope="row">') == 26


def test_the_path_down_opens_and_asks_only_where_the_viewer_is_served() -> None:
    _, floor, point = floor_of_mill()
    kitchen, dish = f.party("Kitchen"), f.party("Dish room")
    ours, below = f.serves(kitchen, floor, what="every dish"), f.serves(dish, kitchen)
    page = read(f.member(floor), f"/customers/{point.key}/")
    assert "every dish" in page
    assert f"/edge/{ours.pk}/ask/?touchpoint={point.key}" in page
    assert f'href="/edge/{below.pk}/"' in page
    assert f"/edge/{below.pk}/ask/" not in page
    assert f"/edge/{ours.pk}/ask/" not in read(f.member(dish), f"/customers/{point.key}/")


def test_what_a_page_has_no_room_for_is_counted_and_leads_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    guests, floor, point = floor_of_mill()
    for name in ("Kitchen", "Bar", "Till"):
        f.serves(f.party(name), floor)
    heard(point, [7.0, 8.0], week=weeks_ago(1))
    bar = f.touchpoint("Last drink", customers=guests, place="Harbour")
    heard(bar, [7.0, 8.0], week=weeks_ago(1))
    monkeypatch.setattr(pages, "EDGES", 1)
    page = text_of(read(f.person(), f"/customers/{point.key}/"))
    assert "2 more edges further down" in page
    day = "/customers/?place=Mill"
    assert "Harbour" in read(f.person(), day).split("Week by week")[1]
    monkeypatch.setattr(pages, "PICTURES", 1)
    assert "Harbour" not in read(f.person(), day).split("Week by week")[1]


def test_reading_is_noted_once_and_shown_as_counts_of_layers_alone() -> None:
    _, floor, point = floor_of_mill()
    kitchen = f.party("Kitchen")
    f.serves(kitchen, floor)
    crew = [f.member(floor, name=f"Server Nr {n}") for n in range(5)]
    cook = f.member(kitchen, name="Only Cook")
    for _ in range(2):
        read(crew[0], f"/customers/{point.key}/")
    read(crew[1], f"/customers/{point.key}/")
    page = text_of(read(cook, f"/customers/{point.key}/"))
    assert "serve customers 2 of 5" in page
    assert "2 steps from a customer 1 person, 5 needed" in page
    assert "Server Nr" not in page
    assert ReadingLog.objects.filter(ref=point.key).count() == 3


def test_words_come_newest_first_and_each_once_over_all_pages() -> None:
    _, _, point = floor_of_mill()
    cold = theme()
    for ago in range(3):
        heard(point, [5.0] * 40, week=weeks_ago(ago), theme=cold)
    client, seen = f.signed_in(f.person()), list[str]()
    address = f"/customers/{point.key}/{cold.key}/"
    more = address
    while more:
        page = client.get(more).content.decode()
        seen += re.findall(r"Words number (\d+)<", page)
        found = re.search(r'href="([^"]*after=[^"]*)"', page)
        more = address + found[1].replace("&amp;", "&") if found else ""
    assert len(seen) == len(set(seen)) == 120
    whole = queries.words_page(f.person(), point.pk, cold.pk)
    assert [said.week for said in whole.words] == [weeks_ago(0)] * 40 + [weeks_ago(1)] * 10


@pytest.mark.parametrize(
    "after", ["", "x", "2026-13-01.5", "2026-11-16.", "9" * 40, "2026-11-16.1"]
)
def test_any_mark_in_the_address_gives_a_page(after: str) -> None:
    _, _, point = floor_of_mill()
    cold = theme()
    heard(point, [5.0], week=weeks_ago(0), theme=cold)
    page = read(f.person(), f"/customers/{point.key}/{cold.key}/?after={after}&mood=nonsense")
    assert "newest first" in page


def test_words_are_filtered_by_mood() -> None:
    _, _, point = floor_of_mill()
    cold = theme()
    heard(point, [2.0], week=weeks_ago(1), theme=cold, polarity=-1, text="Frozen")
    heard(point, [9.0], week=weeks_ago(1), theme=cold, polarity=1, text="Piping hot")
    address = f"/customers/{point.key}/{cold.key}/"
    bad, good = read(f.person(), f"{address}?mood=bad"), read(f.person(), f"{address}?mood=good")
    assert "Frozen" in bad
    assert "Piping hot" not in bad
    assert "Piping hot" in good
    assert "Frozen" not in good


@pytest.mark.parametrize("cell", ["=1+1", "+49", "-2", "@SUM(A1)", "\t=x", "\r=x"])
def test_the_export_escapes_formulas(cell: str) -> None:
    _, _, point = floor_of_mill()
    cold = theme()
    heard(point, [7.5], week=weeks_ago(1), theme=cold, text=cell)
    answer = f.signed_in(f.person()).get(f"/customers/{point.key}/{cold.key}/?as=csv")
    assert answer["Content-Type"] == "text/csv"
    assert f'filename="{point.key}-{cold.key}.csv"' in answer["Content-Disposition"]
    lines = b"".join(answer.streaming_content).decode("utf-8-sig")
    row = list(csv.reader(io.StringIO(lines, newline="")))[1]
    assert row[0].startswith("'")
    assert row[0].replace("'", "") == cell
    assert row[1:] == ["7.5", f"{weeks_ago(1):%Y-%m-%d}", ""]


def test_words_are_never_run_as_markup() -> None:
    _, _, point = floor_of_mill()
    cold = theme(name="<b>Cold</b>")
    heard(point, [5.0], week=weeks_ago(1), theme=cold, text="<script>alert(1)</script> cold")
    commands.choose_quotes(most=10)
    for address in (f"/customers/{point.key}/", f"/customers/{point.key}/{cold.key}/"):
        page = read(f.person(), address)
        assert "<script>alert" not in page
        assert "&lt;script&gt;" in page
        assert "<b>Cold</b>" not in page


def test_themes_are_written_by_those_who_lead() -> None:
    theme(words="The soup was cold.")
    leader, server = f.signed_in(f.person(role="leader")), f.signed_in(f.person())
    assert "The soup was cold." in leader.get("/themes/").content.decode()
    given = {"name": "Hard chairs", "descriptions": "My back hurt", "examples": ""}
    assert server.get("/themes/").status_code == 403
    assert server.post("/themes/", given).status_code == 403
    assert leader.post("/themes/", given).status_code == 302
    assert leader.post("/themes/hard-chairs/", given | {"name": "Chairs"}).status_code == 302
    assert Theme.objects.get(key="hard-chairs").name == "Chairs"
    assert leader.post("/themes/", {"name": ""}).status_code == 400
    assert leader.get("/themes/nosuch/").status_code == 404


def test_the_printed_code_leads_to_the_form() -> None:
    _, _, point = floor_of_mill()
    page = read(f.person(), f"/customers/{point.key}/code/")
    assert f"http://testserver/say/{point.code}/" in page
    assert '<svg viewBox="0 0 ' in page[page.index("<figure") :]


@pytest.mark.parametrize("address", ADDRESSES[:3] + ADDRESSES[4:])
def test_pages_stay_below_their_price_and_free_of_inline_code(address: str) -> None:
    _, floor, point = floor_of_mill()
    cold = theme()
    a_drop(point, cold)
    heard(None, [5.0], week=weeks_ago(1))
    commands.choose_quotes(most=10)
    client = f.signed_in(f.member(floor))
    here = address.format(point=point.key, theme=cold.key)
    client.get(here)
    with CaptureQueriesContext(connection) as captured:
        page = client.get(here).content.decode()
    assert len(captured) <= QUERIES_MOST
    assert not re.search(r"\sstyle=|<style|\son\w+=|<script(?![^>]*src=)", page)
