"""A plan on its pages: opened, answered, seated, started, put into action, taken back, ended."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests import factories as f
from tests.plan import planned as p
from upturn.people.models import Role
from upturn.plan.commands import editing
from upturn.plan.commands.editing import Edit, LineWords
from upturn.plan.models import Plan, PlanLine, PlanSeat

pytestmark = pytest.mark.django_db


def test_the_question_stands_at_the_head_of_every_new_plan() -> None:
    here = p.Setting()
    client = f.signed_in(here.leader)
    form = {"name": "Friday", "customers_id": here.guests.pk, "begins": "17:00", "ends": "01:30",
            "code": "ABCDE-ABCDE-ABCDE-ABCDE"}  # fmt: skip
    for _ in range(2):
        opened = client.post("/plans/new/", form)
    plan = Plan.objects.get()
    assert (plan.day_from, plan.day_until) == (17 * 60, 25 * 60 + 30)
    assert opened["Location"] == f"/plans/{plan.ref}/question/"
    page = client.get(opened["Location"]).content.decode()
    assert "Whom do we serve first, and how, so that they can serve?" in page
    assert 'value="17:00"' in page
    answer = {"name": "Friday", "begins": "17:00", "ends": "01:30", "turn": 0, "key": "k1",
              "serve_first": "The dish room"}  # fmt: skip
    kept = client.post(f"/plans/{plan.ref}/question/", answer)
    assert kept.status_code == 302
    overview = client.get(kept["Location"]).content.decode()
    assert "The dish room" in overview
    assert "2 things are missing before it can start" in " ".join(overview.split())


def test_two_answers_to_the_question_both_stand_on_the_page() -> None:
    here = p.Setting()
    plan = p.answered(here.leader, p.plan_of(here.leader, here.guests), "The kitchen first")
    sent = {"name": "Friday", "begins": "07:00", "ends": "23:00", "turn": 0, "key": "late",
            "serve_first": "The bar first"}  # fmt: skip
    refused = f.signed_in(here.leader).post(f"/plans/{plan.ref}/question/", sent)
    page = refused.content.decode()
    assert refused.status_code == 409
    assert "The kitchen first" in page
    assert "The bar first" in page
    assert p.fresh(plan).serve_first == "The kitchen first"


def test_a_shorter_day_that_cuts_off_a_moment_is_refused_with_a_remedy() -> None:
    here = p.Setting()
    plan = p.plan_of(here.leader, here.guests)
    p.moment(here.leader, plan, at=22 * 60)
    sent = {"name": "Friday", "begins": "07:00", "ends": "21:00", "turn": 0, "key": "short"}
    refused = f.signed_in(here.leader).post(f"/plans/{plan.ref}/question/", sent)
    assert refused.status_code == 400
    assert "22:00 would lie outside the day. Move it first" in refused.content.decode()


def test_a_seat_is_given_and_taken_with_one_tap() -> None:
    here = p.Setting()
    plan = p.plan_of(here.leader, here.guests)
    cook = f.member(here.kitchen, name="Anna", role=Role.LEADER, leads=True)
    client, at = f.signed_in(here.leader), f"/plans/{plan.ref}/group/"
    assert "Anna" in client.get(at).content.decode()
    client.post(at, {"username": cook.username, "party_id": here.kitchen.pk})
    assert PlanSeat.objects.get().person == cook
    nobody = client.post(at, {"username": "nobody", "party_id": here.kitchen.pk})
    assert nobody.status_code == 409
    client.post(f"{at}leave/", {"seat": PlanSeat.objects.get().pk})
    assert not PlanSeat.objects.exists()


def test_a_server_with_a_seat_cannot_look_up_user_names() -> None:
    here = p.Setting()
    plan = p.plan_of(here.leader, here.guests)
    server, other = f.member(here.floor), f.member(here.kitchen, name="Anna")
    p.opening.seat(here.leader, plan, person=server, party_id=here.floor.pk)
    found = f.signed_in(server).get(f"/plans/{plan.ref}/group/?who={other.username}")
    assert "Anna" not in found.content.decode()


def test_a_plan_goes_from_start_to_end_on_its_pages() -> None:
    here = p.Setting()
    plan, have, do = p.ready(here)
    client, at = f.signed_in(here.leader), f"/plans/{plan.ref}/"
    refused = client.post(f"{at}start/", {"turn": 7})
    assert refused.status_code == 409
    assert client.post(f"{at}start/", {"turn": plan.turn})["Location"] == f"{at}roadmap/"
    act = {
        "turn": do.turn,
        "code": "ABCDE-ABCDE-ABCDE-ABCDE",
        "due_on": timezone.localdate() + timedelta(days=30),
        "first_party": here.floor.pk,
        "first_who": "Mia",
        "second_party": here.floor.pk,
        "second_who": "Jo",
    }
    one_level = client.post(f"{at}lines/{do.ref}/act/", act)
    assert one_level.status_code == 400
    for line in (do, have):
        act |= {"second_party": here.kitchen.pk, "turn": line.turn}
        assert client.post(f"{at}lines/{line.ref}/act/", act).status_code == 302
    page = " ".join(client.get(f"{at}roadmap/").content.decode().split())
    assert "2 lines in action. 1 more fits." in page
    assert "asked, no promise yet" in page
    overview = client.get(at).content.decode()
    assert "to answer 1 ask" in overview
    do.refresh_from_db()
    client.post(f"{at}lines/{do.ref}/settle/", {"turn": do.turn})
    do.refresh_from_db()
    assert do.state == "settled"
    plan.refresh_from_db()
    client.post(f"{at}end/", {"turn": plan.turn})
    assert p.fresh(plan).state == "ended"


def test_undo_on_the_page_brings_a_line_back() -> None:
    here = p.Setting()
    plan, have, _do = p.ready(here)
    editing.drop_line(here.leader, plan, have.ref, edit=Edit(key="out"))
    f.signed_in(here.leader).post(f"/plans/{plan.ref}/undo/", {"key": "out"})
    assert PlanLine.objects.filter(ref=have.ref).exists()


def test_an_answer_that_was_kept_is_taken_back_with_one_press() -> None:
    here = p.Setting()
    plan = p.answered(here.leader, p.plan_of(here.leader, here.guests), "First words")
    client = f.signed_in(here.leader)
    at = f"/plans/{plan.ref}/"
    form = client.get(f"{at}question/").context["form"]
    sent = {name: form[name].value() for name in form.fields} | {"serve_first": "Other words"}
    kept = client.post(f"{at}question/", sent, follow=True)
    assert p.fresh(plan).serve_first == "Other words"
    key = kept.context["kept"]
    assert f'name="key" value="{key}"' in kept.content.decode()
    client.post(f"{at}undo/", {"key": key})
    assert p.fresh(plan).serve_first == "First words"


def test_words_of_a_line_cannot_break_out_of_the_page() -> None:
    here = p.Setting()
    plan, have, _do = p.ready(here)
    words = LineWords(
        words="<script>alert(1)</script>", column="have", party_id=here.floor.pk,
        provider_id=here.kitchen.pk,
    )  # fmt: skip
    editing.save_line(here.leader, plan, words, edit=Edit(key="x"), ref=have.ref)
    client = f.signed_in(here.leader)
    for page in ("", "lines/", "roadmap/", f"lines/{have.ref}/act/"):
        assert "<script>alert" not in client.get(f"/plans/{plan.ref}/{page}").content.decode()


@pytest.mark.parametrize("query", ["?page=0", "?page=x&party=abc", "?column=none", "?page=999"])
def test_a_list_asked_for_in_nonsense_still_answers(query: str) -> None:
    here = p.Setting()
    plan, _have, _do = p.ready(here)
    assert f.signed_in(here.leader).get(f"/plans/{plan.ref}/lines/{query}").status_code == 200
