"""A plan taken along: on paper, in a table, as a document."""

import csv
import json
import re
from datetime import date

import pytest
from django.test import Client

from tests import factories as f
from tests.plan import planned
from upturn.people.models import Person, Role
from upturn.plan.engine.exporting import (
    COLUMNS,
    ExportedLine,
    ExportedMoment,
    ExportedPlan,
    ExportedResult,
    ExportedTarget,
    Meeting,
    as_document,
    as_rows,
)
from upturn.plan.engine.on_paper import Told, day_on_paper
from upturn.plan.models import Claim, OtherChange, Outcome, PlanUnit
from upturn.stats import Figure, Withheld

PLAN = ExportedPlan(
    ref="p1",
    name="=cmd()",
    place="Mill",
    customers="Guests",
    serve_first="Plates first",
    day_from=600,
    day_until=1500,
    state="draft",
    opened_on=date(2026, 11, 22),
    moments=(
        ExportedMoment(
            "m1", 1190, "Food", "hot", "Food at the table", "", (Meeting("Floor", direct=True),),
            Figure(6.6, 6.3, 6.9, 655),
        ),
        ExportedMoment("m2", 1500, "Home", "", "", "", (), Withheld("too_few", 5, 3)),
    ),
    lines=(
        ExportedLine(
            ref="l1", moment="m1", party="Floor", column="have", words="Warm plates",
            provider="Dish room", stands="asked", due_on=date(2026, 12, 1),
        ),
    ),
    targets=(
        ExportedTarget(
            ref="t1", pair=1, side="customer", source="score", name="", unit="", better="more",
            baseline=Figure(6.6, 6.3, 6.9, 655), wish=7.2, wish_by=date(2027, 3, 1),
        ),
    ),
    results=(
        ExportedResult(
            "r1", "t1", date(2027, 1, 5), date(2027, 1, 1), "staggered",
            {"change": [0.3, 0.1, 0.5, 12], "says": "better"},
        ),
        ExportedResult(
            "r2", "t1", date(2027, 2, 5), date(2027, 2, 1), "before_after",
            {"change": ["too_few_weeks", 8, 1], "says": "cannot_tell"},
        ),
    ),
)  # fmt: skip


def test_the_document_says_what_it_is_and_survives_json() -> None:
    told = json.loads(json.dumps(as_document(PLAN, synthetic=True)))
    assert (told["format"], told["version"], told["synthetic"]) == ("upturn-plan", 1, True)
    assert told["moments"][0]["score"] == {"value": 6.6, "low": 6.3, "high": 6.9, "n": 655}
    assert told["moments"][1]["score"] == {"withheld": "too_few", "needed": 5, "got": 3}
    assert [each["time"] for each in told["moments"]] == ["19:50", "25:00"]
    assert told["lines"][0]["due_on"] == "2026-12-01"


def test_every_row_has_every_column_and_stands_with_its_moment() -> None:
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in as_rows(PLAN)]
    assert [row["kind"] for row in rows] == [
        "plan", "question", "moment", "meets", "line", "moment", "baseline", "target",
        "result", "result",
    ]  # fmt: skip
    line = rows[4]
    assert (line["moment"], line["time"], line["provider"]) == ("Food", "19:50", "Dish room")
    assert (line["state"], line["until"]) == ("asked", "2026-12-01")
    withheld = rows[5]
    assert (withheld["state"], withheld["value"]) == ("withheld: too_few", None)
    assert (rows[8]["value"], rows[9]["value"]) == (0.3, None)


def test_a_withheld_score_is_an_open_circle_on_paper() -> None:
    from upturn.paper import Circle, Line  # noqa: PLC0415
    from upturn.plan.engine.day_drawing import Moment, draw_day  # noqa: PLC0415

    day = draw_day([Moment(each.ref, each.at, each.score) for each in PLAN.moments])
    told = {each.ref: Told(each.name * 9, "19:50", "6.6") for each in PLAN.moments}
    (drawn,) = day_on_paper(day, told, says=["two"])
    circles = [mark for mark in drawn.marks if isinstance(mark, Circle)]
    assert [circle.full for circle in circles] == [True, False]
    assert any(isinstance(mark, Line) and mark.dotted for mark in drawn.marks)
    for mark in drawn.marks:
        ends = (mark.x1, mark.x2) if isinstance(mark, Line) else (mark.x,)
        assert all(0 <= x <= drawn.width for x in ends)
        heights = (mark.y1, mark.y2) if isinstance(mark, Line) else (mark.y,)
        assert all(0 <= y <= drawn.height for y in heights)


def answer(person: Person, ref: str, name: str, status: int = 200):
    client = Client()
    client.force_login(person)
    response = client.get(f"/plans/{ref}/plan.{name}")
    assert response.status_code == status
    return response


@pytest.fixture
def here(db) -> planned.Setting:
    return planned.Setting()


def full(here: planned.Setting) -> str:
    """A plan that has something of everything."""
    plan, _have, _do = planned.ready(here)
    plan = planned.started(here.leader, plan)
    Outcome.objects.create(plan=plan, ref="o1", pair=1, side="customer", source="score")
    PlanUnit.objects.create(plan=plan, ref="u1", place="Mill", step=1)
    OtherChange.objects.create(plan=plan, ref="c1", on=f.TODAY, words="A new oven")
    Claim.objects.create(plan=plan, ref="k1", words="+1+1 doubled", source="A book")
    return plan.ref


def test_the_table_holds_all_and_nothing_in_it_runs(here) -> None:
    response = answer(here.leader, full(here), "csv")
    text = b"".join(response).decode("utf-8-sig")
    rows = list(csv.DictReader(text.splitlines()))
    assert {row["kind"] for row in rows} == {
        "plan", "question", "moment", "line", "baseline", "unit", "also changed", "claimed",
    }  # fmt: skip
    assert next(row for row in rows if row["kind"] == "claimed")["words"] == "'+1+1 doubled"
    warm = next(row for row in rows if row["words"] == "Warm plates")
    assert (warm["party"], warm["provider"], warm["column"]) == ("Floor", "Kitchen", "have")


def test_the_document_holds_what_was_agreed(here) -> None:
    told = answer(here.leader, full(here), "json").json()
    assert told["state"] == "started"
    assert told["agreed"] is not None
    assert [line["words"] for line in told["lines"]] == ["Warm plates", "Bring food hot"]
    assert told["claims"] == [{"words": "+1+1 doubled", "source": "A book"}]


@pytest.mark.parametrize("size", ["", "?size=a3", "?size=wall"])
def test_the_paper_is_a_file_to_be_looked_at(here, size: str) -> None:
    response = answer(here.leader, full(here), f"pdf{size}")
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("inline")
    assert response.content.startswith(b"%PDF-1.7")
    wide = re.search(rb"MediaBox\[0 0 (\d+)", response.content)
    assert wide is None or wide[1] == (b"1190" if "a3" in size else b"841")


def test_who_does_not_see_the_plan_gets_none_of_its_files(here) -> None:
    plan, _have, _do = planned.ready(here)  # still being made: for its group alone
    outside, executive = f.person(role=Role.SERVER), f.person(role=Role.EXECUTIVE)
    for name in ("pdf", "csv", "json"):
        answer(outside, plan.ref, name, 404)
        answer(executive, plan.ref, name)


def test_those_who_sit_in_the_group_are_counted_and_not_named(here) -> None:
    ref = full(here)
    cook = f.member(here.kitchen, name="Zebedee")
    plan = planned.opening.seat(
        here.leader, planned.Plan.objects.get(ref=ref), person=cook, party_id=here.kitchen.pk
    ).plan
    told = answer(here.leader, plan.ref, "json").content.decode()
    assert "Zebedee" not in told
    assert {"function": "Kitchen", "present": 1} in json.loads(told)["group"]


def test_reasons_given_to_one_party_stay_with_it(here) -> None:
    plan, have, _do = planned.ready(here)
    plan.lines.filter(pk=have.pk).update(override="because of the Kitchen's oven")
    assert "oven" not in answer(here.leader, plan.ref, "json").content.decode()


def test_a_large_plan_costs_few_queries(here, django_assert_max_num_queries) -> None:
    plan, have, _do = planned.ready(here)
    at = have.moment
    for n in range(40):
        planned.line(here.leader, at, here.floor, "do", words=f"Do {n}")
    plan.refresh_from_db()
    answer(here.leader, plan.ref, "json")
    client = Client()
    client.force_login(here.leader)
    with django_assert_max_num_queries(17):  # two of them are the session and its person
        told = client.get(f"/plans/{plan.ref}/plan.json").json()
    assert len(told["lines"]) == 42
