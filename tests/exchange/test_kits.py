"""A kit takes words of one exchange to another, and nothing of who is in the first."""

import json
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from tests.exchange import factories as make
from tests.exchange import planting
from tests.exchange.pages import browser_of, convener_of, text, url
from tests.factories import person, signed_in
from upturn.exchange.commands import charters
from upturn.exchange.engine.kit import BYTES_MOST, kit_from
from upturn.exchange.models import (
    Exchange,
    Expectation,
    Meeting,
    PracticeCard,
    Programme,
    ProgrammeVersion,
    Round,
    Topic,
)
from upturn.exchange.queries.kits import kit_seen
from upturn.house import cli_exchange
from upturn.house.cli_exchange import init_
from upturn.house.cli_kit import kit_

pytestmark = pytest.mark.django_db
QUESTION = "Who among your people did a guest thank, and for what?"
EXPECTED = "A guest asks once and is helped by whoever was asked"
HIDDEN = ("How does Birch welcome guests?", "Do 9182 guests come back?", "What did R. Okafor say?")


@pytest.fixture
def made() -> make.Made:
    """An exchange that asked, met, and has a programme that is live."""
    here = make.opened("Lagoon circle", names=make.NAMES[:5])
    topic = Topic.objects.filter(exchange=here.exchange).order_by("pk")[0]
    now = datetime(2026, 11, 20, 9, tzinfo=UTC)
    for at, question in enumerate((QUESTION, *HIDDEN)):
        Round.objects.create(
            topic=topic, ref=f"asked{at}", question=question, phase="over", until=now,
            asked_on=make.TODAY,
        )  # fmt: skip
    told = {"topic": topic, "phase": "over", "until": now, "asked_on": make.TODAY}
    Round.objects.create(ref="of-host", kind="host", question="Are you fair to us?", **told)
    Meeting.objects.create(
        exchange=here.exchange, ref="met", at=now, minutes_long=30, state="over",
        agenda="1. Welcome\n2. What a guest told us\n3. Numbers of 2026", minutes="Dune was late.",
    )  # fmt: skip
    programme = Programme.objects.create(
        exchange=here.exchange, ref="prog", name="Lagoon welcome", state="live", live_version=1
    )
    ProgrammeVersion.objects.create(programme=programme, number=1)
    Expectation.objects.create(programme=programme, words=EXPECTED, on=make.TODAY)
    return here


@pytest.fixture
def elsewhere() -> Client:
    return signed_in(person(role="facilitator"))


def given_out(made: make.Made) -> HttpResponse:
    seen = kit_seen(made.convener, made.exchange)
    assert seen is not None
    return convener_of(made).post(url(made, "kit"), {"mark": seen.mark})


def begin(client: Client, content: bytes, **changes: str) -> HttpResponse:
    file = SimpleUploadedFile("kit.json", content, content_type="application/json")
    sent = {"from": "kit", "key": "k1", "name": "Harbour circle", "kit": file}
    return client.post("/exchanges/new/", sent | changes)


def test_a_kit_imports_elsewhere_with_nobody_of_the_first_in_it(
    made: make.Made, elsewhere: Client
) -> None:
    file = given_out(made)
    assert file.headers["Content-Disposition"] == 'attachment; filename="exchange-kit.json"'
    for name in [*made.companies, "Lagoon", "Okafor", made.exchange.ref, "2026", *HIDDEN]:
        assert name not in text(file)

    assert begin(elsewhere, file.content).status_code == 302
    new = Exchange.objects.get(name="Harbour circle")
    at = f"/exchanges/{new.ref}"
    assert (new.state, new.template, new.language) == ("preparing", "suppliers", "en")
    for started in ("parties", "charters", "readiness", "sign_offs", "topics", "meetings"):
        assert not getattr(new, started).exists(), started

    draft = elsewhere.get(f"{at}/charter/write/")
    words = make.charter_text()
    for part in (words.vision, words.mission, words.not_mission, *words.topics):
        assert part in text(draft)
    assert words.scope not in text(draft), "it has the name of the party that is called Client"
    assert "This draft comes from a kit." in text(draft)
    brought = text(elsewhere.get(f"{at}/kit/"))
    for line in (QUESTION, EXPECTED, "Welcome", "What a guest told us", "What came with a kit"):
        assert line in brought

    sent = {"vision": words.vision, "mission": "Our own", "not_mission": "No prices",
            "scope": "Here", "topics": "care", "data_classes": "practice", "minutes": "45",
            "chair_months": "3", "after": "0"}  # fmt: skip
    assert elsewhere.post(f"{at}/charter/write/", sent).status_code == 302
    assert "comes from a kit" not in text(elsewhere.get(f"{at}/charter/write/"))


def test_what_came_with_a_kit_stands_where_it_is_needed(made: make.Made, elsewhere: Client) -> None:
    content = json.loads(given_out(made).content)
    made.exchange.kit = content
    made.exchange.save(update_fields=["kit"])
    Meeting.objects.all().delete()
    Expectation.objects.all().delete()
    Programme.objects.update(state="expectations", live_version=None)
    host = convener_of(made)
    asking = text(host.get(url(made, "round_new")))
    assert QUESTION in asking
    assert "From the kit this exchange began with." in asking
    planning = text(host.get(url(made, "meetings")))
    assert "Welcome\nWhat a guest told us</textarea>" in planning
    assert 'max="240" value="30"' in planning
    expecting = text(browser_of(made["Client"]).get(url(made, "programme", "prog")))
    assert EXPECTED in expecting
    assert "What a client elsewhere expected" in expecting


def test_all_see_what_goes_and_what_stays_and_the_host_gives_it_out(made: make.Made) -> None:
    for who in (*map(browser_of, made.companies.values()), convener_of(made)):
        page = text(who.get(url(made, "kit")))
        for said in (QUESTION, EXPECTED, "It names somebody here.", "It has a figure", "The file"):
            assert said in page
        assert "Are you fair to us?" not in page
    seen = kit_seen(made.convener, made.exchange)
    assert seen is not None
    refused = browser_of(made["Amber"]).post(url(made, "kit"), {"mark": seen.mark})
    assert refused.status_code == 403
    assert "Download the kit" not in text(refused)
    assert "Download the kit" in text(convener_of(made).get(url(made, "kit")))


def test_a_kit_that_changed_since_it_was_shown_is_not_given_out(made: make.Made) -> None:
    seen = kit_seen(made.convener, made.exchange)
    assert seen is not None
    Expectation.objects.update(words="Guests find the way by themselves")
    answer = convener_of(made).post(url(made, "kit"), {"mark": seen.mark})
    assert answer.status_code == 409
    assert "Somebody else changed it before you." in text(answer)
    assert given_out(made).status_code == 200


def test_there_is_no_kit_before_all_have_signed(made: make.Made) -> None:
    make.all_sign(made, make.charter_text(mission="Something new"))
    assert kit_seen(made.convener, made.exchange) is not None
    after = made.exchange.charters.count()
    charters.propose_charter(
        made.convener, made.exchange, make.charter_text(), after=after, today=make.TODAY
    )
    assert kit_seen(made.convener, made.exchange) is None
    page = convener_of(made).get(url(made, "kit"))
    assert "There is no kit yet." in text(page)
    assert convener_of(made).post(url(made, "kit"), {"mark": ""}).status_code == 409


BAD: dict[str, tuple[Any, str]] = {
    "a figure": ({"expectations": ["Within 24 hours"]}, "expectations, line 1: “Within 24 hours”"),
    "a price": ({"questions": ["We charge thirteen euros an hour, and you?"]}, "the guard stops"),
    "a card": ({"cards": [{"title": "x"}]}, "“cards” is no part of a kit. Take it out."),
    "another version": ({"version": 7}, "this program reads version 1"),
}


@pytest.mark.parametrize("case", BAD)
def test_of_a_kit_with_a_fault_nothing_comes_in(
    case: str, made: make.Made, elsewhere: Client
) -> None:
    changes, said = BAD[case]
    content = json.dumps(json.loads(given_out(made).content) | changes).encode()
    before = Exchange.objects.count()
    answer = begin(elsewhere, content)
    assert answer.status_code == 409
    assert said in text(answer)
    assert 'value="Harbour circle"' in text(answer)
    assert Exchange.objects.count() == before


def test_a_file_that_is_too_large_or_none_is_refused(elsewhere: Client) -> None:
    assert "a kit has 300000 at most" in text(begin(elsewhere, b" " * (BYTES_MOST + 9)))
    without = elsewhere.post("/exchanges/new/", {"from": "kit", "key": "k", "name": "Harbour"})
    assert "Choose the file of a kit first." in text(without)
    assert not Exchange.objects.exists()


def test_nothing_that_was_planted_is_in_a_kit_but_words_that_are_meant_for_it(
    made: make.Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Letters alone, so that no word stays only because it has a figure."""

    def letters(here: make.Made, column: str) -> str:
        drawn = sha256(f"{here.exchange.ref} {column}".encode()).hexdigest()[:16]
        return drawn.translate(str.maketrans("0123456789", "ghijklmnop"))

    monkeypatch.setattr(planting, "canary", letters)
    ProgrammeVersion.objects.all().delete()
    planting.plant(made, whose="Amber")
    Topic.objects.update(stopped_on=None)
    Round.objects.update(phase="over")
    Meeting.objects.update(state="over")
    Programme.objects.update(live_version=1)
    assert PracticeCard.objects.filter(exchange=made.exchange).exists()
    seen = kit_seen(made.convener, made.exchange)
    assert seen is not None
    words = planting.canaries(made)
    found = {name for name, word in words.items() if word[:8] in seen.file}
    assert found == {"Charter.content", "Expectation.words", "Meeting.agenda", "Round.question"}
    assert not any(ref in seen.file for ref in planting.refs(made))
    assert not any(str(number) in seen.file for number in planting.NUMBERS)
    assert kit_from(seen.file.encode()) == seen.kit


def test_the_command_line_prints_a_kit_and_sets_a_host_up_with_one(
    made: make.Made, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed = CliRunner().invoke(kit_, [made.exchange.ref])
    assert printed.exit_code == 0, printed.output
    assert printed.stdout.encode() == given_out(made).content
    assert "Stays here (name): How does Birch" in printed.stderr
    none = CliRunner().invoke(kit_, ["nowhere"])
    assert none.exit_code == 1
    assert "/exchanges/REF/" in none.output

    file = tmp_path / "given.json"
    file.write_text(printed.stdout, encoding="utf-8")
    settings.DATA = tmp_path
    monkeypatch.setattr(cli_exchange, "fences_fall", lambda: False)
    monkeypatch.setattr(cli_exchange, "_one_a_file", lambda: None)
    person(role="administrator")
    done = CliRunner().invoke(init_, ["--kit", str(file), "--organisation", "b", "--owner", "c"])
    assert done.exit_code == 0, done.output
    assert "Begin from a kit" in done.output
    client = signed_in(person(role="facilitator"))
    assert "Take the kit that this host was set up with" in text(client.get("/exchanges/new/"))
    sent = {"from": "kit", "key": "k2", "name": "Harbour circle", "laid": "yes"}
    assert client.post("/exchanges/new/", sent).status_code == 302
    assert Exchange.objects.get(name="Harbour circle").kit == json.loads(printed.stdout)

    file.write_text("{}", encoding="utf-8")
    refused = CliRunner().invoke(init_, ["--kit", str(file)])
    assert refused.exit_code == 1
    assert "kit: “None” stands where" in refused.output
