"""The pages of the lab: floors that are drawn and brought in, runs, films, and practice."""

import json
import re
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from tests import factories as f
from tests.floor.drawn import TODAY, body, done, found, leader, ordered, small, stored
from tests.floor.engine.test_redrawn import sent
from upturn.floor import commands, jobs, queries
from upturn.floor.engine.described.toml_floor import floor_from_toml
from upturn.floor.engine.described.toml_writing import floor_to_toml
from upturn.floor.engine.errors import BadSetting
from upturn.floor.engine.shapes import Durations
from upturn.floor.models import FloorVersion, LabFloor, LabRun, RunState
from upturn.floor.templatetags.floor_words import policy_name, range_in_words, shown
from upturn.record.models import JournalEntry

pytestmark = pytest.mark.django_db


def test_an_empty_lab_teaches_and_the_example_is_one_tap_away(client: Client) -> None:
    page = body(client.get("/lab/"))
    assert "Begin with the example restaurant" in page
    code = re.search(r'name="code" value="(\w+)"', page)
    assert code
    taps = [client.post("/lab/example/", {"code": code[1]}) for _ in range(2)]
    assert taps[0]["Location"] == taps[1]["Location"]
    assert LabFloor.objects.count() == FloorVersion.objects.count() == 1
    shown = body(client.get(taps[0]["Location"]))
    assert "4 sections" in shown
    assert "coffee refill" in shown


def test_every_table_of_the_example_has_one_owner_and_sections_are_of_six_to_eight() -> None:
    """S0.2."""
    floor = queries.example()
    owners = {section.id: section.owner for section in floor.sections}
    tables = [owners[node.section] for node in floor.nodes if node.section]
    assert len(tables) == 28
    assert {tables.count(owner) for owner in owners.values()} == {7}


def test_three_answers_make_a_floor_of_ones_own(client: Client) -> None:
    given = {"name": "Mill", "sections": "3", "tables": "6", "code": "mine"}
    answer = client.post("/lab/new/", given)
    assert answer["Location"].endswith("/draw/")
    floor = queries.drawn(leader(), LabFloor.objects.get().ref).floor
    assert [section.id for section in floor.sections] == ["1", "2", "3"]
    assert len([node for node in floor.nodes if node.section]) == 18
    assert client.get(answer["Location"]).status_code == 200


def test_a_file_that_cannot_be_right_names_the_place_and_nothing_is_lost(client: Client) -> None:
    written = body(client.get(f"/lab/{stored().ref}/floor.toml"))
    wrong = written.replace("per_hour = 6.0", "per_hour = -6.0").replace('owner = "server 2"', "")
    answer = client.post("/lab/bring-in/", {"text": wrong, "code": "a"})
    assert answer.status_code == 400
    page = body(answer)
    assert "coffee" in page
    assert "-6" in page
    assert "per_hour = -6.0" in page  # the text stands in its field
    assert LabFloor.objects.count() == 1
    good = client.post("/lab/bring-in/", {"text": written, "code": "b"})
    assert good.status_code == 302
    assert LabFloor.objects.count() == 2


def test_a_floor_that_cannot_keep_up_says_so_at_the_field(client: Client) -> None:
    coffee = replace(small().need_types[0], per_hour=400.0)
    floor = replace(small(), need_types=(coffee,))
    written = floor_to_toml(floor)
    answer = client.post("/lab/bring-in/", {"text": written, "code": "c"})
    assert answer.status_code == 400
    assert "cannot keep up" in body(answer)


@pytest.mark.parametrize("text", ["", "   ", "[floor", "name = 3", "\x00", "[[table]]\nid = 1"])
def test_text_that_is_no_floor_is_refused_with_a_sentence(client: Client, text: str) -> None:
    answer = client.post("/lab/bring-in/", {"text": text, "code": "d"})
    assert answer.status_code == 400
    assert 'class="bad"' in body(answer)


def test_each_save_is_a_version_and_runs_keep_theirs(client: Client) -> None:
    drawn = stored()
    run = ordered(drawn)
    moved = sent(small(), **{"place-0-x_m": "9.5"})
    at = f"/lab/{drawn.ref}/"
    assert client.post(f"{at}draw/", moved)["Location"] == at
    assert drawn.versions.count() == 2
    assert queries.trial_of(run).floor.nodes[0].x_m == 1.0
    assert queries.drawn(leader(), drawn.ref).floor.nodes[0].x_m == 9.5
    assert "9.5" in body(client.get(at))
    assert "9.5" not in body(client.get(f"{at}?version=1"))
    unchanged = sent(queries.drawn(leader(), drawn.ref).floor, read="2")
    client.post(f"{at}draw/", unchanged)
    assert drawn.versions.count() == 2


def test_of_two_who_draw_at_the_same_time_the_second_is_told(client: Client) -> None:
    drawn = stored()
    first = sent(small(), **{"place-0-x_m": "9.5"})
    second = sent(small(), **{"place-1-x_m": "2.5", "name": "Another name"})
    client.post(f"/lab/{drawn.ref}/draw/", first)
    answer = client.post(f"/lab/{drawn.ref}/draw/", second)
    assert answer.status_code == 400
    assert "version 2 was saved since" in body(answer)
    assert "Another name" in body(answer)


def test_a_drawing_with_a_mistake_comes_back_whole(client: Client) -> None:
    drawn = stored()
    given = sent(small(), **{"need-0-per_hour": "often", "place-3-section": "", "name": "Mine"})
    answer = client.post(f"/lab/{drawn.ref}/draw/", given)
    page = body(answer)
    assert answer.status_code == 400
    assert "often" in page
    assert "Every table belongs to one section." in page
    assert 'value="Mine"' in page
    assert drawn.versions.count() == 1


def ordering(**changed: Any) -> dict[str, Any]:
    return {
        "policies": ["scan", "own-the-whole"],
        "busy": "110",
        "loafing": "6.9",
        "detour": "0",
        "hours": "1",
        "reps": "6",
        "code": "order",
    } | changed


def test_a_run_is_ordered_once_however_often_the_button_is_pressed(client: Client) -> None:
    drawn = stored()
    taps = [client.post(f"/lab/{drawn.ref}/run/", ordering())["Location"] for _ in range(3)]
    assert len(set(taps)) == LabRun.objects.count() == 1
    run = LabRun.objects.get()
    assert (run.busy_share, run.detour_s, run.policies) == (1.1, 0.0, "scan own-the-whole")
    page = body(client.get(taps[0]))
    assert "It begins in a moment." in page
    assert 'hx-trigger="every 1s"' in page
    assert JournalEntry.objects.filter(verb="run policies").count() == 1


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"reps": "1000", "hours": "24"}, "shifts would fit"),
        ({"reps": "0"}, "greater than or equal to 5"),
        ({"hours": "nan"}, "Enter a number"),
        ({"policies": []}, "required"),
        ({"policies": ["skills"]}, "not one of the available choices"),
        ({"busy": "500"}, "less than or equal to 130"),
    ],
)
def test_what_cannot_be_run_is_refused_at_its_field(
    client: Client, changed: dict[str, Any], says: str
) -> None:
    answer = client.post(f"/lab/{stored().ref}/run/", ordering(**changed))
    assert answer.status_code == 400
    assert says in body(answer)
    assert not LabRun.objects.exists()


def test_a_busier_evening_than_can_be_served_is_refused_before_it_runs(client: Client) -> None:
    bill = replace(small().need_types[1], per_hour=13.0, service=Durations(80.0))
    drawn = stored(floor=replace(small(), need_types=(bill,)))
    answer = client.post(f"/lab/{drawn.ref}/run/", ordering(busy="130"))
    assert answer.status_code == 400
    assert "cannot keep up" in body(answer)


def test_the_queue_has_an_end() -> None:
    drawn, viewer = stored(), leader()
    for _ in range(commands.WAITING_MOST):
        ordered(drawn, viewer)
    with pytest.raises(BadSetting, match="as many runs wait already"):
        ordered(drawn, viewer)


def test_who_serves_looks_and_practises_and_draws_nothing() -> None:
    server, guest = f.person(), f.person(role="guest")
    drawn, run = stored(), done()
    for path in ("/lab/", f"/lab/{drawn.ref}/", f"/lab/runs/{run.ref}/"):
        assert f.signed_in(server).get(path).status_code == 200
        assert f.signed_in(guest).get(path).status_code == 404
    with pytest.raises(PermissionDenied):
        commands.redraw_floor(server, drawn, small(), read=1, today=TODAY)
    with pytest.raises(PermissionDenied):
        ordered(drawn, server)


def test_two_runs_wait_for_each_other(client: Client) -> None:
    drawn = stored()
    first, second = ordered(drawn), ordered(drawn)
    assert "1 run comes before this one." in body(client.get(f"/lab/runs/{second.ref}/"))
    assert queries.next_waiting() == first
    assert commands.begin(first)
    assert not commands.begin(first)
    assert queries.next_waiting() == second


def test_a_run_that_was_cut_off_begins_again_and_finds_the_same() -> None:
    """Its process is killed when the house ends; the next start takes it up anew."""
    run = ordered(stored(), policies=("scan", "pooled"))
    assert jobs.work(lambda: True)
    run.refresh_from_db()
    assert run.state == RunState.RUNNING
    assert not jobs.work(lambda: True)
    jobs.begin_again()
    assert jobs.work(lambda: False)
    run.refresh_from_db()
    assert run.state == RunState.DONE
    assert run.done == run.steps == 7
    again = ordered(stored(), policies=("scan", "pooled"))
    LabRun.objects.filter(pk=again.pk).update(seed=run.seed)
    assert jobs.work(lambda: False)
    again.refresh_from_db()
    assert again.found == run.found


def test_a_run_that_fails_says_why(client: Client) -> None:
    run = ordered(stored())
    LabRun.objects.filter(pk=run.pk).update(reps=4)
    assert jobs.work(lambda: False)
    page = body(client.get(f"/lab/runs/{run.ref}/"))
    assert "reps is 4; give 5 to 1000" in page
    assert "every 1s" not in page


def test_an_open_page_asks_for_its_part_and_opens_anew_when_the_run_is_over(
    client: Client,
) -> None:
    run = ordered(stored())
    commands.begin(run)
    commands.note_progress(run, done=2, steps=8)
    part = client.get(f"/lab/runs/{run.ref}/", headers={"HX-Request": "true"})
    assert "2 of 8 parts are played." in body(part)
    assert "<html" not in body(part)
    commands.finish(run, found(run))
    over = client.get(f"/lab/runs/{run.ref}/", headers={"HX-Request": "true"})
    assert over["HX-Refresh"] == "true"


def test_the_result_says_what_follows_and_what_does_not(client: Client) -> None:
    run = done()
    page = body(client.get(f"/lab/runs/{run.ref}/"))
    assert re.search(r"With “[\w ]+” needs wait least.*: <b>95 of 100 begin within", page)
    follows, _, does_not = page.partition("What does not follow")
    assert "What follows" in follows
    assert "Fewer needs waiting is not more sales" in does_not
    assert "Nothing here says how many people should work." in does_not
    assert "Where pooling stops paying" in page
    for name in ("coffee", "bill", "crumbs", "section 2", "server 1"):
        assert f'<th scope="row">{name}</th>' in page
    assert "None" not in page
    assert "nan" not in page


def test_pooling_is_no_headline_where_it_frees_what_owners_alone_do(client: Client) -> None:
    """Its waits are shorter there because anybody brings the bill; a manager reads that first."""
    run = done()
    told = queries.told(run)
    waits = {each["code"]: each["figures"]["wait_p95_s|all|"] for each in run.found["policies"]}
    assert told.frees
    assert told.best == min(("scan", "own-the-whole"), key=lambda code: waits[code]["value"])
    page = body(client.get(f"/lab/runs/{run.ref}/"))
    heading = page.partition("<h1>")[2].partition("</h1>")[0]
    assert "as long as every table keeps its owner" in heading
    assert "Pooled" not in heading
    paragraph = page.partition('<p class="follows">')[2].partition("</p>")[0]
    assert "anybody also does what only the owner does otherwise (bill)" in paragraph
    apart = done(policies=("scan", "own-the-whole"))
    assert not queries.told(apart).frees
    assert "keeps its owner" not in body(client.get(f"/lab/runs/{apart.ref}/"))


def test_every_two_policies_are_compared_in_a_table(client: Client) -> None:
    run = done()
    told = queries.told(run)
    assert {frozenset((pair.first, pair.second)) for pair in told.pairs} == {
        frozenset(two) for two in combinations(told.codes, 2)
    }
    page = body(client.get(f"/lab/runs/{run.ref}/"))
    for pair in told.pairs:
        assert len(pair.verdicts) == 3
        assert f"{policy_name(pair.first)} beside {policy_name(pair.second)}" in page


@pytest.mark.parametrize(
    ("low", "high", "says"),
    [
        (60.0, 80.0, "60 to 80 seconds"),
        (114.0, 126.0, "1.9 to 2.1 minutes"),
        (80.0, 120.0, "80 seconds to 2.0 minutes"),
        (100.0, 100.4, "1.7 minutes"),
    ],
)
def test_a_range_says_its_unit_once(low: float, high: float, says: str) -> None:
    assert range_in_words({"low": low, "high": high}) == says


def test_the_picture_of_waits_and_its_table_hold_the_same(client: Client) -> None:
    run = done()
    page = body(client.get(f"/lab/runs/{run.ref}/"))
    drawn = re.findall(r'<text class="q m" x="[\d.]+" y="\d+">([\d.,:]+)</text>', page)
    told = queries.told(run)
    both = [line for line in told.lines if line.of in {"wait_mean_s", "wait_p95_s"}]
    values = [shown(figure["value"], line) for line in both for figure in line.figures if figure]
    assert len(values) == 2 * len(told.codes)
    assert sorted(drawn) == sorted(values * 2)  # a drawing for wide screens, and one for phones
    for value in values:
        assert f"<b>{value}</b>" in page


def test_a_contact_centre_is_run_and_read_without_tables(client: Client) -> None:
    text = (Path(__file__).parents[2] / "examples/floors/contact_centre.toml").read_text("utf-8")
    at = client.post("/lab/bring-in/", {"text": text, "code": "centre"})["Location"]
    assert "queues, " in body(client.get(at))
    assert client.get(f"{at}practise/").status_code == 404
    given = ordering(policies=["skills", "skills:by-preference=no"], loafing="0", reps="5")
    answer = client.post(f"{at}run/", given)
    run = LabRun.objects.get()
    assert commands.begin(run)
    commands.finish(run, found(run))
    page = body(client.get(answer["Location"]))
    assert "needs wait least" in page
    assert "Own tables" not in page
    assert "Watch an hour" not in page


def test_figures_leave_as_csv_and_all_of_it_as_json(client: Client) -> None:
    run = done()
    rows = body(client.get(f"/lab/runs/{run.ref}/figures.csv")).splitlines()
    assert rows[0].lstrip("\ufeff") == "policy,measure,of,name,value,low,high,n"
    assert any(row.startswith("scan,wait_p95_s,kind,coffee,") for row in rows)
    whole = json.loads(body(client.get(f"/lab/runs/{run.ref}/figures.json")))
    assert floor_from_toml(whole["floor"]) == small()
    assert whole["settings"]["seed"] == run.seed
    assert whole["found"] == run.found
