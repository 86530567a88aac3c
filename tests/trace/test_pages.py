"""The pages of alarms and traces: one page for all, careful sentences, and what leads there."""

import re
from datetime import timedelta
from time import time_ns
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests import factories as f
from tests.trace.organisation import FELL, LAST, built, kept, measured, step
from tests.voice.said import heard, midday, theme, weeks_ago
from upturn.commitments import commands as commitments
from upturn.commitments.models import Ask
from upturn.graph.commands import touch
from upturn.graph.models import TouchpointServer
from upturn.people.models import Role
from upturn.record.models import ReadingLog
from upturn.trace import queries
from upturn.trace.engine import Confidence, CounterEvidence, RunnerUp, Wanted
from upturn.trace.models import Closed, Progress, Screening, StoredTrace, TracedAsk
from upturn.voice.models import Feedback, Side, Tally

pytestmark = pytest.mark.django_db
ARTICLE = re.compile(r"<article.*?</article>", re.DOTALL)
TAGS = re.compile(r"<[^>]*>")


def text_of(response) -> str:
    return " ".join(TAGS.sub(" ", response.content.decode()).split())


def opened(viewer, trace: StoredTrace) -> str:
    response = f.signed_in(viewer).get(f"/traces/{trace.ref}/")
    assert response.status_code == 200
    return response.content.decode()


def planted(confidence: Confidence = Confidence.TWO_AGREE):
    """Two houses and a trace over Kitchen down to the Dish room."""
    houses = built()
    path = houses.parties["Kitchen at Mill"], houses.parties["Dish room at Mill"]
    return houses, kept(houses.fell, *path, confidence=confidence)


def test_servers_and_those_who_lead_see_the_same_page() -> None:
    houses, trace = planted()
    viewers = [
        f.member(houses.parties["Floor at Mill"]),
        f.member(houses.parties["Dish room at Mill"]),
        f.member(houses.parties["Kitchen at Mill"], role=Role.LEADER, leads=True),
        f.person(role=Role.EXECUTIVE),
        f.person(role=Role.ADMINISTRATOR),
    ]
    pages = {ARTICLE.search(opened(viewer, trace))[0] for viewer in viewers}
    assert len(pages) == 1


def test_the_page_says_what_fits_since_when_and_that_it_is_no_proof() -> None:
    houses, trace = planted()
    response = f.signed_in(f.member(houses.parties["Floor at Mill"])).get(f"/traces/{trace.ref}/")
    text = text_of(response)
    assert "food at Mill is rated lower" in text
    assert "The pattern fits a change at Dish room at Mill" in text
    assert "This is association along a path, not proof." in text
    assert "two methods agree; it is not proof" in text
    assert "60 % of the fall moves together with Dish room at Mill" in text
    assert "What speaks against it" in text
    assert "None is closed here yet." in text
    for forbidden in ("caused by", "root cause", "because of the", "responsible"):
        assert forbidden not in text.lower()


def test_what_cannot_be_told_says_which_measure_would_help() -> None:
    houses, trace = planted(Confidence.CANNOT_TELL)
    page = opened(f.member(houses.parties["Floor at Mill"]), trace)
    assert "these figures cannot tell" in page
    assert "One weekly measure would help most" in page
    edge = houses.edges["dishes at Mill"].pk
    assert f"/edge/{edge}/ask/?touchpoint={houses.fell.key}" in page
    assert "Check it" not in page
    assert f"/traces/{trace.ref}/ask/" not in page


@pytest.mark.parametrize(
    ("found", "said", "unsaid"),
    [
        ({"runner_up": RunnerUp(1, 0.2)}, "fits next best, with 20 %", "No other party comes near"),
        ({"runner_up": RunnerUp(1, 0.004)}, "No other party comes near", "fits next best"),
        (
            {"runner_up": RunnerUp(1, 0.004), "disagree": (1, 2)},
            "The methods differ",
            "No other party comes",
        ),
        ({"allowed_for": (1,)}, "was taken out of all figures before", "seem to have"),
        (
            {"also_fell": (0,)},
            "The path does not reach these, and they fell too: food",
            "The methods differ",
        ),
    ],
)
def test_what_speaks_against_a_trace_is_said_as_far_as_it_holds(
    found: dict[str, Any], said: str, unsaid: str
) -> None:
    """Of the nodes, 0 is the touchpoint, 1 the kitchen and 2 the dish room."""
    houses = built()
    path = houses.parties["Kitchen at Mill"], houses.parties["Dish room at Mill"]
    keys = [houses.fell.key, *(party.key for party in path)]
    node = {key.partition(":")[2]: at for at, key in enumerate(assembled_keys())}
    real = [node[key] for key in keys]
    given = {
        name: RunnerUp(real[value.node], value.score)
        if isinstance(value, RunnerUp)
        else tuple(real[at] for at in value)
        for name, value in found.items()
    }
    trace = kept(houses.fell, *path, against=CounterEvidence(**given))
    text = text_of(f.signed_in(f.person(role=Role.EXECUTIVE)).get(f"/traces/{trace.ref}/"))
    assert said in text
    assert unsaid not in text


def assembled_keys() -> tuple[str, ...]:
    return queries.assemble(LAST).graph.keys


def test_where_the_scores_do_not_suffice_more_of_them_would_help_most() -> None:
    houses = built()
    kitchen, node = houses.parties["Kitchen at Mill"], assembled_keys()
    fell = node.index(f"touchpoint:{houses.fell.key}")
    asking = CounterEvidence(ask_next=fell, ask_for=Wanted.SCORES)
    trace = kept(houses.fell, kitchen, confidence=Confidence.CANNOT_TELL, against=asking)
    text = text_of(f.signed_in(f.person(role=Role.EXECUTIVE)).get(f"/traces/{trace.ref}/"))
    assert "More scores at food at Mill itself would help most" in text
    assert "Those who serve there can ask for them: Kitchen at Mill" in text


def test_the_picture_has_an_equal_table() -> None:
    _houses, trace = planted()
    lines = queries.lines_of(queries.trace_page(trace))
    pictures = queries.pictures(queries.trace_page(trace))
    assert [picture.kind for picture in pictures] == ["wide", "phone"]
    wide = pictures[0]
    assert len(wide.strokes) == len(lines)
    assert {stroke.line for stroke in wide.strokes} == set(lines)
    assert sum(bool(stroke.casing) for stroke in wide.strokes) == 2
    assert wide.names[0].node.is_point


def test_each_step_shows_its_measures_before_and_after_its_own_onset() -> None:
    """Each of the two steps comes a week before the one above it."""
    houses = built()
    kitchen, dishes = houses.parties["Kitchen at Mill"], houses.parties["Dish room at Mill"]
    measured(houses.edges["dishes at Mill"], "served well", 8 + step(2.0, at=FELL - 2))
    last = queries.trace_page(kept(houses.fell, kitchen, dishes)).steps[-1]
    by_name = {measure.name: measure for measure in last.measures}
    assert set(by_name) == {"plates ready", "served well"}
    assert by_name["served well"].before == pytest.approx(8)
    assert by_name["served well"].after == pytest.approx(6)
    assert by_name["served well"].to == kitchen.key
    assert by_name["plates ready"].clear


def test_the_comparison_is_a_moment_of_the_same_name_that_the_suspect_does_not_reach() -> None:
    houses, trace = planted()
    page = queries.trace_page(trace)
    assert page.comparison.id == houses.points["food at Harbour"].pk
    assert page.comparison_scores


def test_words_of_both_sides_stand_side_by_side_and_reading_is_noted() -> None:
    houses, trace = planted()
    viewer = f.member(houses.parties["Floor at Mill"])
    cold = theme()
    heard(houses.fell, [3.0], week=weeks_ago(2), theme=cold, polarity=-1, text="It was cold again")
    page = opened(viewer, trace)
    assert "It was cold again" in page
    note = ReadingLog.objects.get()
    assert (note.reader_id, note.kind, note.ref) == (viewer.pk, "touchpoint", houses.fell.key)


def test_servers_words_show_from_five_answers_on_and_without_a_week() -> None:
    houses, trace = planted()
    viewer = f.member(houses.parties["Floor at Mill"])
    dishes = houses.parties["Dish room at Mill"]
    words = [f"The dryer stops, says number {number} of us" for number in range(5)]
    said_by(dishes, words[:4])
    assert "4 answers, 5 needed" in opened(viewer, trace)
    assert "no words in these weeks" in opened(viewer, trace)
    said_by(dishes, words[4:])
    page = opened(viewer, trace)
    assert any(each in page for each in words)
    assert "4 answers, 5 needed" not in page


def said_by(party, words) -> None:
    """Words of those who serve, in the newest week of the trace."""
    Feedback.objects.bulk_create(
        Feedback(
            text=text,
            at=midday(LAST),
            week=LAST,
            side=Side.SERVERS,
            party=party,
            fingerprint=text.encode()[-16:],
            unread=False,
        )
        for text in words
    )
    Tally.objects.update(words=time_ns())


def test_guests_and_strangers_to_the_house_find_no_trace() -> None:
    houses, trace = planted()
    guest = f.member(houses.parties["Bar at Mill"], role=Role.GUEST)
    for address in ("/traces/", f"/traces/{trace.ref}/", f"/traces/{trace.ref}/ask/"):
        assert f.signed_in(guest).get(address).status_code == 404
        assert Client().get(address).status_code == 302
    someone = f.signed_in(f.person())
    assert someone.get("/traces/nothing/").status_code == 404


def test_an_ask_is_filled_in_beforehand_and_can_be_sent_at_once() -> None:
    houses, trace = planted()
    client = f.signed_in(f.member(houses.parties["Kitchen at Mill"]))
    form = client.get(f"/traces/{trace.ref}/ask/").context["form"]
    assert "Dish room at Mill" in form.initial["words"]
    assert form.initial["comparison"] == houses.points["food at Harbour"].key
    assert form.initial["predicted"] > 0
    sent = {**form.initial, "raised_as": "team"}
    response = client.post(f"/traces/{trace.ref}/ask/", sent)
    ask = Ask.objects.get()
    assert response["Location"] == f"/asks/{ask.ref}/"
    assert ask.edge == houses.edges["dishes at Mill"]
    assert ask.because.startswith("From the trace of food at Mill")
    assert TracedAsk.objects.get().trace == trace
    page = client.get(f"/asks/{ask.ref}/").content.decode()
    assert f"/traces/{trace.ref}/" in page
    assert "asked on" in opened(f.person(role=Role.EXECUTIVE), trace)


def test_who_is_not_served_there_is_told_who_can_ask() -> None:
    houses, trace = planted()
    client = f.signed_in(f.member(houses.parties["Floor at Mill"]))
    page = client.get(f"/traces/{trace.ref}/ask/").content.decode()
    assert "Only Kitchen at Mill can ask here" in page
    assert "<form class=" not in page


def test_a_form_with_mistakes_keeps_the_words() -> None:
    houses, trace = planted()
    client = f.signed_in(f.member(houses.parties["Kitchen at Mill"]))
    edge = houses.edges["dishes at Mill"].pk
    sent = {"words": "Dry plates", "predicted": "12", "by_week": "2020-01-06", "edge": edge}
    sent |= {"raised_as": "team", "code": commitments.draw_code()}
    response = client.post(f"/traces/{trace.ref}/ask/", sent)
    assert response.status_code == 400
    assert "Dry plates" in response.content.decode()
    assert not Ask.objects.exists()


def test_there_is_no_way_to_dismiss_a_trace() -> None:
    _houses, trace = planted()
    client = f.signed_in(f.person(role=Role.EXECUTIVE))
    page = client.get(f"/traces/{trace.ref}/").content.decode()
    assert "<form" not in ARTICLE.search(page)[0]
    for word in ("dismiss", "close this", "delete", "hide"):
        assert word not in text_of(client.get(f"/traces/{trace.ref}/")).lower()
    for method in ("post", "put", "delete", "patch"):
        assert getattr(client, method)(f"/traces/{trace.ref}/").status_code == 405


def test_the_list_says_how_many_were_looked_at_and_how_far_to_believe_it() -> None:
    houses, trace = planted()
    client = f.signed_in(f.member(houses.parties["Floor at Mill"]))
    text = text_of(client.get("/traces/"))
    assert "1 touchpoint went down" in text
    assert "6 touchpoints were looked at together" in text
    assert "Of ten alarms, about one is nothing" in text
    assert f"/traces/{trace.ref}/" in client.get("/traces/").content.decode()


def test_an_empty_list_teaches_and_a_running_screening_shows_how_far_it_is() -> None:
    client = f.signed_in(f.person())
    assert "Every Monday all touchpoints are looked at" in text_of(client.get("/traces/"))
    Progress.objects.create(week=LAST, done=2, steps=5)
    page = client.get("/traces/").content.decode()
    assert '<progress max="5" value="2">' in page


def test_alarms_come_to_those_who_serve_there_and_to_executives() -> None:
    houses, trace = planted()
    link = f"/traces/{trace.ref}/"

    def home(viewer) -> str:
        return f.signed_in(viewer).get("/").content.decode()

    for name in ("Kitchen at Mill", "Dish room at Mill"):
        assert link in home(f.member(houses.parties[name])), name
    assert link in home(f.member(houses.parties["Kitchen at Mill"], role=Role.LEADER, leads=True))
    assert link in home(f.person(role=Role.EXECUTIVE))
    assert link not in home(f.member(houses.parties["Floor at Harbour"]))
    assert link not in home(f.member(houses.parties["Kitchen at Mill"], role=Role.GUEST))


def test_home_pages_tell_of_the_newest_screening_alone() -> None:
    _houses, trace = planted()
    viewer = f.person(role=Role.EXECUTIVE)
    assert queries.alarms_at(viewer, None)
    Screening.objects.bulk_create(
        [Screening(week=LAST + timedelta(weeks=1), touchpoints=6, done_on=timezone.localdate())]
    )
    assert queries.alarms_at(viewer, None) == ()
    assert trace.ref in f.signed_in(viewer).get("/traces/").content.decode()


def test_the_touchpoint_leads_to_its_trace_and_to_a_new_one_where_it_fell() -> None:
    houses = built(fall=2.5)
    client = f.signed_in(f.member(houses.parties["Floor at Mill"]))
    address = f"/customers/{houses.fell.key}/"
    page = client.get(address).content.decode()
    assert f'action="/traces/at/{houses.fell.key}/"' in page
    response = client.post(f"/traces/at/{houses.fell.key}/")
    trace = StoredTrace.objects.get()
    assert response["Location"] == f"/traces/{trace.ref}/"
    assert f"/traces/{trace.ref}/" in client.get(address).content.decode()
    steady = houses.points["bill at Harbour"]
    assert "/traces/at/" not in client.get(f"/customers/{steady.key}/").content.decode()


def test_what_cannot_be_traced_is_said_on_the_touchpoint_page() -> None:
    houses = built()
    quiet = f.touchpoint(customers=houses.parties["Guests at Mill"])
    client = f.signed_in(f.member(houses.parties["Floor at Mill"]))
    response = client.post(f"/traces/at/{quiet.key}/", follow=True)
    assert response.redirect_chain == [(f"/customers/{quiet.key}/", 302)]
    assert "A trace needs twelve of them" in text_of(response)


def test_a_confirmed_trace_says_so_and_counts_in_the_track_record() -> None:
    houses, trace = planted()
    client = f.signed_in(f.member(houses.parties["Kitchen at Mill"]))
    form = client.get(f"/traces/{trace.ref}/ask/").context["form"]
    client.post(f"/traces/{trace.ref}/ask/", {**form.initial, "raised_as": "team"})
    ask = Ask.objects.get()
    Closed.objects.create(
        trace=trace,
        ask_ref=ask.ref,
        turn=1,
        moment="due",
        finding="confirmed",
        closed_on=timezone.localdate(),
    )
    text = text_of(client.get(f"/traces/{trace.ref}/"))
    assert "By the verdict of the side that asked: confirmed" in text
    assert "Too few weeks lie on either side of the promise" in text
    assert "The verdict is the word of the side that asked; the scores do not change it." in text
    assert "1 is closed, 1 of it confirmed" in text or "right in 1 of 1 closed trace" in text
    assert "By the verdict: confirmed." in text_of(client.get("/traces/"))
    assert "The trace is confirmed." in text_of(client.get(f"/asks/{ask.ref}/"))


def test_a_team_that_serves_customers_itself_is_asked_through_what_would_help_it() -> None:
    houses = built()
    kitchen = houses.parties["Kitchen at Mill"]
    trace = kept(houses.fell, kitchen)
    edges = queries.trace_page(trace).ask_edges
    assert {edge.served.id for edge in edges} == {kitchen.pk}
    assert houses.edges["dishes at Mill"].pk in {edge.id for edge in edges}
    text = opened(f.person(role=Role.EXECUTIVE), trace)
    assert "serves customers itself, and customers do not ask here" in text


def test_who_serves_there_out_of_sight_is_asked_by_those_it_serves_who_serve_there_too() -> None:
    houses = built()
    dishes = houses.parties["Dish room at Mill"]
    TouchpointServer.objects.create(touchpoint=houses.fell, party=dishes, direct=False)
    touch()
    edges = queries.trace_page(kept(houses.fell, dishes)).ask_edges
    assert [edge.id for edge in edges] == [houses.edges["dishes at Mill"].pk]
    assert edges[0].server.id == dishes.pk
