"""An hour of a run to watch, and ten minutes to practise."""

import json
import re
from collections.abc import Callable

import pytest
from django.apps import apps
from django.test import Client

from tests import factories as f
from tests.floor.drawn import body, done, ordered, stored
from upturn.floor import jobs, queries

pytestmark = pytest.mark.django_db


def test_an_hour_too_full_to_watch_has_no_film(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = done()
    assert f"{run.ref}/film" in body(client.get(f"/lab/runs/{run.ref}/"))
    monkeypatch.setattr("upturn.floor.queries.results.FILMED_MOST", 10)
    assert f"{run.ref}/film" not in body(client.get(f"/lab/runs/{run.ref}/"))
    for name in ("film/", "film.json"):
        assert client.get(f"/lab/runs/{run.ref}/{name}").status_code == 404


def test_the_film_and_its_table_tell_the_same_hour(client: Client) -> None:
    run = done()
    at = f"/lab/runs/{run.ref}/film"
    film = json.loads(body(client.get(f"{at}.json?policy=scan")))
    page = body(client.get(f"{at}/?policy=scan"))
    arises = [need for need in film["needs"] if need["arises_s"] >= film["begins_s"]]
    assert arises
    assert page.count('<td data-l="what happens">arises</td>') == len(arises)
    assert client.get(f"{at}/?policy=skills").status_code == 404
    waits = ordered(stored())
    assert client.get(f"/lab/runs/{waits.ref}/film/").status_code == 404


def _follow(client: Client, at: str, chooses: Callable[[list[str]], str]) -> tuple[str, str]:
    """Choose stops until the ten minutes are over; the last address and its page."""
    for _ in range(200):
        page = body(client.get(at))
        stops = re.findall(r'class="btn(?: plain)? stop" href="([^"]+)"', page)
        if not stops:
            return at, page
        at = at.partition("?")[0] + chooses(stops).replace("&amp;", "&")
    raise AssertionError("The ten minutes never end.")


def test_ten_minutes_are_practised_twice_and_nothing_is_kept() -> None:
    """S0.3: any server, to the end, and a better second try is said to be one."""
    at = f"/lab/{stored(floor=queries.example()).ref}/practise/?seat=1"
    client = f.signed_in(f.person())
    kept = {model: model.objects.count() for model in apps.get_models()}
    _, first = _follow(client, at, lambda stops: stops[-1])  # always back to the station
    assert "Ten minutes are over." in first
    assert "the planner</th>" in first
    again = re.search(r'class="btn go" href="([^"]+)"', first)
    assert again
    _, second = _follow(
        client, at.partition("?")[0] + again[1].replace("&amp;", "&"), lambda stops: stops[0]
    )
    assert "first try" in second
    assert "Guests waited less than at your first try." in second
    assert {model: model.objects.count() for model in apps.get_models()} == kept


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("seat=9", 404),
        ("seat=1&evening=0", 404),
        ("seat=1&choices=x", 404),
        ("seat=1&choices=" + "1." * 700, 404),
        ("seat=1&choices=9999", 302),
        ("seat=1&choices=1&before=99999", 302),
        ("seat=-1", 200),
    ],
)
def test_a_made_up_try_is_no_try(asked: str, status: int) -> None:
    client = f.signed_in(f.person())
    assert client.get(f"/lab/{stored().ref}/practise/?{asked}").status_code == status


def test_the_planner_says_where_to_go_and_why_and_any_seat_can_be_chosen() -> None:
    at = f"/lab/{stored(floor=queries.example()).ref}/practise/"
    client = f.signed_in(f.person())
    page = body(client.get(f"{at}?seat=1"))
    assert "The planner would go to" in page
    assert "at your own table" in page
    assert "extra walking." in page
    assert len(re.findall(r'href="\?seat=\d+&amp;evening=1"', page)) == 3
    later = re.findall(r'class="btn(?: plain)? stop" href="([^"]+)"', page)[0]
    assert "seat=2&amp;evening=1" not in body(client.get(at + later.replace("&amp;", "&")))


def test_practice_waits_until_the_planner_is_made_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    at, client = f"/lab/{stored().ref}/practise/?seat=1", f.signed_in(f.person())
    monkeypatch.setattr(jobs, "is_made_ready", lambda: False)
    page = body(client.get(at))
    assert "The planner is being made ready." in page
    assert f'hx-get="{at}"' in page
    assert "HX-Refresh" not in client.get(at, headers={"HX-Request": "true"})
    monkeypatch.undo()
    assert client.get(at, headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    assert "Where do you go?" in body(client.get(at))
