"""The day and its moments as pages: with and without script, for one and for several at once."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import factories as f
from tests.voice.said import heard, weeks_ago
from upturn.graph.models import Kind, Party, Touchpoint
from upturn.people.models import Person, Role
from upturn.plan.commands import editing
from upturn.plan.commands.opening import PlanDraft, open_plan
from upturn.plan.models import DayMoment, Plan, PlanLine
from upturn.record.models import OutboxEvent
from upturn.record.writer import writer

pytestmark = pytest.mark.django_db
FRAGMENT = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def ended() -> Iterator[None]:
    yield
    writer.stop()


class Friday:
    """An evening at Mill: its guests, who serves them, and a plan without a moment."""

    def __init__(self, *, role: str = Role.FACILITATOR) -> None:
        self.guests = f.party("Guests", kind=Kind.CUSTOMERS, place="Mill")
        self.floor, self.kitchen, self.dishes = (
            f.party(name, place="Mill") for name in ("Floor", "Kitchen", "Dish room")
        )
        f.serves(self.floor, self.guests)
        f.serves(self.kitchen, self.floor)
        self.viewer: Person = f.person("Imke", role=role)
        self.client: Client = f.signed_in(self.viewer)
        draft = PlanDraft(
            name="Friday", customers_id=self.guests.pk, place="Mill", code="a", day_from=960
        )
        self.plan: Plan = open_plan(self.viewer, draft, today=f.TODAY)
        self.at = f"/plans/{self.plan.ref}/"

    def moment(self, name: str = "Food", at: int = 1190, **words: Any) -> DayMoment:
        key = f"{name}{at}"
        return editing.save_moment(
            self.viewer,
            self.plan,
            editing.MomentWords(name=name, at=at, **words),
            edit=editing.Edit(key=key),
        )

    def point(self, name: str = "Food", **fields: Any) -> Touchpoint:
        servers: tuple[Party, ...] = fields.pop("servers", (self.floor,))
        fields = {"place": "Mill", "moment": "19:50"} | fields
        return f.touchpoint(name, customers=self.guests, servers=servers, **fields)

    def have(self, moment: DayMoment, words: str = "Warm plates", **given: Any) -> PlanLine:
        line = editing.LineWords(
            words=words, column="have", party_id=self.floor.pk, moment=moment.ref, **given
        )
        return editing.save_line(self.viewer, self.plan, line, edit=editing.Edit(key=words))

    def read(self, tail: str = "day/", **how: Any) -> str:
        return self.client.get(self.at + tail, **how).content.decode()

    def send(self, tail: str, **given: Any) -> Any:
        headers = given.pop("headers", {})
        return self.client.post(self.at + tail, {"key": "k1"} | given, headers=headers)


def moments(plan: Plan) -> list[tuple[int, str]]:
    return list(plan.moments.order_by("at").values_list("at", "name"))


def test_an_empty_day_offers_days_to_begin_from_and_its_own_touchpoints() -> None:
    friday = Friday()
    friday.point("Arriving", moment="19:15")
    friday.point("Food", moment="19:50")
    page = friday.read()
    assert "Your own touchpoints" in page
    assert "An evening in a restaurant" in page


@pytest.mark.parametrize(("first", "many"), [("evening", 9), ("stay", 10), ("call", 10)])
def test_a_day_to_begin_from_is_one_press_and_one_press_back(first: str, many: int) -> None:
    friday = Friday()
    sent = friday.send("day/begin/", first=first)
    assert sent.status_code == 302
    friday.send("day/begin/", first=first)  # a second press of the same page
    assert len(moments(friday.plan)) == many
    friday.plan.refresh_from_db()
    assert all(
        friday.plan.day_from <= at <= friday.plan.day_until for at, _ in moments(friday.plan)
    )
    friday.send("day/undo/")
    assert moments(friday.plan) == []
    friday.plan.refresh_from_db()
    assert (friday.plan.day_from, friday.plan.day_until) == (960, 1380)


def test_own_touchpoints_come_with_those_who_serve_there() -> None:
    friday = Friday()
    friday.point("Arriving", moment="19:15")
    friday.point("The way home", moment="21:35", servers=())
    friday.send("day/begin/", first="own")
    assert moments(friday.plan) == [(1155, "Arriving"), (1295, "The way home")]
    arriving, way_home = friday.plan.moments.order_by("at")
    assert list(arriving.parties.values_list("party", "direct")) == [(friday.floor.pk, True)]
    assert not way_home.parties.exists()
    page = friday.read()
    assert page.count("nobody meets the customer here") == 1
    friday.send(f"moments/{way_home.ref}/parties/", **{f"party-{friday.kitchen.pk}": "indirect"})
    assert list(way_home.parties.values_list("party", "direct")) == [(friday.kitchen.pk, False)]
    assert "nobody meets the customer here" not in friday.read()


def test_a_moment_is_two_fields_and_a_known_name_brings_the_touchpoint() -> None:
    friday = Friday()
    point = friday.point("Food at the table", servers=(friday.floor, friday.kitchen))
    assert friday.send("moments/", at="19:50", name="food AT the table").status_code == 302
    made = friday.plan.moments.get()
    assert made.touchpoint_id == point.pk
    assert set(made.parties.values_list("party_id", flat=True)) == {
        friday.floor.pk,
        friday.kitchen.pk,
    }


def test_a_time_after_midnight_belongs_to_a_day_that_goes_on() -> None:
    friday = Friday()
    Plan.objects.filter(pk=friday.plan.pk).update(day_until=1560)
    friday.send("moments/", at="00:30", name="The last drink")
    assert moments(friday.plan) == [(1470, "The last drink")]
    assert "next day" in friday.read()


@pytest.mark.parametrize("at", ["", "25:00", "soon", "19.5", "99999"])
def test_what_is_no_time_is_said_beside_the_field_and_the_name_is_kept(at: str) -> None:
    friday = Friday()
    sent = friday.send("moments/", at=at, name="A drink")
    assert sent.status_code == 400
    assert 'value="A drink"' in sent.content.decode()
    assert moments(friday.plan) == []


@pytest.mark.parametrize(
    ("at", "minutes", "span"), [("07:10", 430, (420, 1380)), ("23:50", 1430, (960, 1440))]
)
def test_a_moment_outside_the_day_is_refused_with_a_remedy_that_works(
    at: str, minutes: int, span: tuple[int, int]
) -> None:
    friday = Friday()
    sent = friday.send("moments/", at=at, name="Breakfast")
    page = sent.content.decode()
    assert sent.status_code == 400
    assert f"{at} lies outside the day, which goes from 16:00 to 23:00" in page
    given = dict(re.findall(r'name="(at|turn|name)" value="([^"]*)"', page.split("lengthen/")[-1]))
    assert friday.send("day/lengthen/", **given).status_code == 302
    assert moments(friday.plan) == [(minutes, "Breakfast")]
    friday.plan.refresh_from_db()
    assert (friday.plan.day_from, friday.plan.day_until) == span
    friday.send("day/undo/")
    assert moments(friday.plan) == []


def test_a_move_on_the_time_line_answers_with_the_day_and_a_way_back() -> None:
    friday = Friday()
    moment = friday.moment()
    sent = friday.send("day/move/", moment=moment.ref, at=1195, turn=0, headers=FRAGMENT)
    page = sent.content.decode()
    assert sent.status_code == 200
    assert "<html" not in page
    assert 'aria-valuetext="19:55"' in page
    assert 'id="did" hx-swap-oob="true"' in page
    friday.send("day/undo/", headers=FRAGMENT)
    assert moments(friday.plan) == [(1190, "Food")]


def test_whoever_moved_second_sees_both_times_and_can_insist() -> None:
    friday = Friday()
    moment = friday.moment()
    friday.send("day/move/", moment=moment.ref, at=1200, turn=0)
    sent = friday.send("day/move/", key="k2", moment=moment.ref, at=1170, turn=0, headers=FRAGMENT)
    page = sent.content.decode()
    assert sent.status_code == 409
    assert "“Food” stands at 20:00; you put it at 19:30." in page
    both = page.split('role="alert"')[1].split("</form>")[0]
    again = dict(re.findall(r'name="(moment|at|turn)" value="([^"]*)"', both))
    friday.send("day/move/", key="k3", **again)
    assert moments(friday.plan) == [(1170, "Food")]


def test_two_who_write_one_moment_lose_nothing() -> None:
    friday = Friday()
    moment = friday.moment()
    words = {"at": "19:50", "name": "Food, hot", "wants": "", "touchpoint": "", "turn": 0}
    friday.send(f"moments/{moment.ref}/", **words)
    sent = friday.send(f"moments/{moment.ref}/", **words | {"key": "k2", "name": "Food together"})
    page = sent.content.decode()
    assert sent.status_code == 409
    assert "Food, hot" in page
    assert "Food together" in page
    both = page.split('class="both"')[1].split("</form>")[0]
    again = dict(re.findall(r'name="(at|name|turn)" value="([^"]*)"', both))
    assert again["turn"] == "1"
    sent = friday.send(f"moments/{moment.ref}/", **words | again | {"key": "k3"})
    assert sent.status_code == 302
    assert moments(friday.plan) == [(1190, "Food together")]


def test_who_meets_the_customer_is_kept_with_in_sight_or_out_of_sight() -> None:
    friday = Friday()
    moment = friday.moment()
    sent = friday.send(
        f"moments/{moment.ref}/parties/",
        **{f"party-{friday.floor.pk}": "direct", f"party-{friday.dishes.pk}": "indirect"},
        turn=0,
    )
    assert sent.status_code == 302
    found = dict(moment.parties.values_list("party_id", "direct"))
    assert found == {friday.floor.pk: True, friday.dishes.pk: False}
    assert "out of sight" in friday.read()


def test_the_first_line_is_a_have_then_be_and_do_open() -> None:
    friday = Friday()
    point = friday.point()
    moment = friday.moment(touchpoint_id=point.pk)
    line = {"party": friday.floor.pk, "turn": 0}
    sent = friday.send(f"moments/{moment.ref}/lines/", column="do", words="Say it", **line)
    assert sent.status_code == 400
    assert "You wrote: “Say it”" in sent.content.decode()
    have = {"column": "have", "words": "Warm plates", "provider": friday.kitchen.pk}
    assert friday.send(f"moments/{moment.ref}/lines/", **line | have).status_code == 302
    again = friday.send(
        f"moments/{moment.ref}/lines/", key="k2", column="do", words="Say it", **line
    )
    assert again.status_code == 302
    page = friday.read(f"moments/{moment.ref}/")
    assert "Kitchen</span><i>serves</i>" in page
    assert "makes no promise to a customer possible yet" in page


def test_what_works_well_enough_asks_why_and_keeps_what_was_written() -> None:
    friday = Friday()
    point = friday.point()
    moment = friday.moment(touchpoint_id=point.pk)
    friday.send(f"moments/{moment.ref}/", well_enough="guests love it", turn=0)
    line = {"party": friday.floor.pk, "turn": 0, "column": "have", "words": "More ice"}
    sent = friday.send(f"moments/{moment.ref}/lines/", key="k2", **line)
    page = sent.content.decode()
    assert sent.status_code == 400
    assert "guests love it" in page
    assert 'value="More ice"' in page
    assert PlanLine.objects.count() == 0
    line["anyway"] = "the machine is new"
    assert friday.send(f"moments/{moment.ref}/lines/", key="k3", **line).status_code == 302


def test_a_line_is_changed_in_place_and_taken_out_with_a_way_back() -> None:
    friday = Friday()
    moment = friday.moment(touchpoint_id=friday.point().pk)
    line = friday.have(moment)
    page = friday.read(f"moments/{moment.ref}/?change={line.ref}")
    assert 'value="Warm plates"' in page
    at = f"moments/{moment.ref}/lines/{line.ref}/"
    friday.send(at, words="Hot plates", column="have", party=friday.floor.pk, turn=0)
    assert PlanLine.objects.get().words == "Hot plates"
    friday.send(f"{at}drop/", key="k2", turn=1)
    assert PlanLine.objects.count() == 0
    friday.send("day/undo/", key="k2")
    assert PlanLine.objects.get().words == "Hot plates"


def test_scores_with_their_range_stand_beside_and_few_are_said_to_be_few() -> None:
    friday = Friday()
    many, few = friday.point("Food"), friday.point("Paying", moment="21:00")
    heard(many, [6, 7, 8, 7, 6, 7], week=weeks_ago(1))
    heard(few, [9], week=weeks_ago(1))
    friday.send("day/begin/", first="own")
    page = friday.read()
    assert re.search(r"<b>6[.]8</b> <small>\d[.]\d–\d[.]\d, n 6</small>", page)
    assert "1 answer, 2 needed" in page
    assert page.count('stroke-dasharray="2 3"') == 1


def test_a_guest_of_the_group_sees_the_day_without_scores_and_words() -> None:
    friday = Friday()
    heard(friday.point("Food"), [6, 7, 8, 7, 6, 7], week=weeks_ago(1))
    friday.point("Paying", moment="21:00")
    friday.send("day/begin/", first="own")
    guest = f.member(friday.floor, role=Role.GUEST)
    friday.plan.seats.create(person=guest, party=friday.floor)
    page = f.signed_in(guest).get(f"{friday.at}day/").content.decode()
    assert "Food" in page
    assert "n 6" not in page


@pytest.mark.parametrize("tail", ["day/", "pyramid/"])
def test_a_plan_out_of_sight_is_a_plan_that_is_not_there(tail: str) -> None:
    friday = Friday()
    assert f.signed_in(f.person()).get(friday.at + tail).status_code == 404


def test_who_may_only_look_changes_nothing_and_sees_no_forms() -> None:
    friday = Friday()
    moment = friday.moment()
    looker = f.signed_in(f.person(role=Role.ADMINISTRATOR))
    page = looker.get(f"{friday.at}day/").content.decode()
    assert "Food" in page
    assert "Add a moment" not in page
    given = {"key": "k", "moment": moment.ref, "at": 1195, "turn": 0}
    assert looker.post(f"{friday.at}day/move/", given).status_code == 403
    assert moments(friday.plan) == [(1190, "Food")]


def test_each_change_is_told_to_the_open_pages_of_the_plan_alone() -> None:
    friday = Friday()
    moment = friday.moment()
    OutboxEvent.objects.all().delete()
    friday.send("day/move/", moment=moment.ref, at=1195, turn=0)
    told = OutboxEvent.objects.get()
    assert (told.topic, told.kind, told.ref) == (f"plan:{friday.plan.ref}", "plan", moment.ref)


def test_the_day_of_another_plan_cannot_be_moved_from_here() -> None:
    one, other = Friday(), Friday()
    moment = other.moment()
    sent = one.send("day/move/", moment=moment.ref, at=1195, turn=0)
    assert sent.status_code == 400
    assert one.client.get(f"{one.at}moments/{moment.ref}/").status_code == 404
    assert moments(other.plan) == [(1190, "Food")]


def test_the_pyramid_shows_gaps_first_in_picture_and_table() -> None:
    friday = Friday()
    moment = friday.moment(touchpoint_id=friday.point().pk)
    friday.have(moment, provider_id=friday.kitchen.pk)
    friday.have(moment, "A second runner")
    page = friday.read("pyramid/")
    table = page.split("<tbody>")[1]
    assert table.index("a gap: nothing comes yet") < table.index("written down, not asked yet")
    assert "nobody yet" in page.split("<table")[0]


@pytest.mark.parametrize("tail", ["day/", "pyramid/", "moments/{moment}/"])
def test_a_long_plan_asks_the_database_no_more_than_twelve_times(tail: str) -> None:
    friday = Friday()
    for n in range(40):
        point = friday.point(f"Moment {n}", moment=f"{16 + n // 8}:{n % 8 * 7:02}")
        heard(point, [6, 7, 8, 7, 6, 7], week=weeks_ago(1))
    edge = f.serves(friday.dishes, friday.floor)
    friday.send("day/begin/", first="own")
    moment = friday.plan.moments.latest("at")
    PlanLine.objects.bulk_create(
        PlanLine(
            plan=friday.plan,
            moment=each,
            ref=f"{each.ref[:9]}{n}",
            party=friday.floor,
            column="have",
            words=f"Line {n}",
            provider=friday.dishes,
            edge=edge,
        )
        for each in friday.plan.moments.all()
        for n in range(10)
    )
    if "moment" in tail:
        friday.read("day/")  # the way to a moment leads over the day
    address = tail.format(moment=moment.ref)
    with CaptureQueriesContext(connection) as asked:
        assert friday.client.get(friday.at + address).status_code == 200
    assert len(asked) <= 12, "\n".join(each["sql"][:150] for each in asked)
