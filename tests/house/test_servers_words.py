"""What those who serve said comes in by page and by command, and can be taken back."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.factories import party, person, signed_in
from upturn.graph.models import Import
from upturn.house.cli_import import import_
from upturn.voice.models import Feedback, Side

pytestmark = pytest.mark.django_db

CARD = "4111 1111 1111 1111"
WORDS = (
    "team,what happened,date,sender e-mail\n"
    "Kitchen,The dish machine stood still,2026-11-16,ann@example.org\n"
    f"Kitchen,A guest dictated {CARD},2026-11-17,ann@example.org\n"
    "Kitchn,Late again,2026-11-17,bo@example.org\n"
    "Guests,We waited,2026-11-17,bo@example.org\n"
)
COMMENTS = "review,date\nWarm and quick,1st June 2019\nCold soup,31st June 2019\n"


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path: Path) -> None:
    settings.DATA = tmp_path


@pytest.fixture
def leader():
    party("Kitchen")
    party("Guests", kind="customers")
    return signed_in(person(role="executive"))


def handed_in(client, text: str = WORDS, subject: str = "servers") -> Import:
    file = SimpleUploadedFile("words.csv", text.encode())
    assert client.post("/bring-in/", {"subject": subject, "files": [file]}).status_code == 302
    return Import.objects.latest("pk")


def test_the_page_tries_names_the_nearest_and_never_shows_who(leader) -> None:
    made = handed_in(leader)
    page = leader.get(f"/bring-in/{made.ref}/").content.decode()
    assert "2 of 4 rows are ready" in page
    assert "2 rows need you" in page
    assert "Perhaps “Kitchen”?" in page
    assert "left out, always" in page
    assert "no identity is needed, so none is kept" in page
    assert "ann@example.org" not in page
    assert not Feedback.objects.exists()


def test_a_decision_is_kept_and_words_stand_on_the_side_of_servers_without_a_day(leader) -> None:
    made = handed_in(leader)
    leader.post(f"/bring-in/{made.ref}/", {"name|0|team|Kitchn": "Kitchen"})
    answer = leader.post(f"/bring-in/{made.ref}/", {"store": "yes"}, follow=True)
    assert "3 rows came in" in answer.content.decode()
    rows = Feedback.objects.all()
    assert {(row.side, row.party.name, row.at.weekday()) for row in rows} == {
        (Side.SERVERS, "Kitchen", 0)
    }
    (masked,) = rows.filter(masked=1)
    assert masked.text == "A guest dictated [number removed]"
    assert not rows.filter(unread=True).exists()


def test_the_same_file_twice_changes_nothing_and_an_import_is_taken_back(leader) -> None:
    first = handed_in(leader)
    leader.post(f"/bring-in/{first.ref}/", {"store": "yes"})
    again = handed_in(leader)
    assert "Same as before" in leader.get(f"/bring-in/{again.ref}/").content.decode()
    leader.post(f"/bring-in/{again.ref}/", {"store": "yes"})
    assert Feedback.objects.count() == 2
    assert f"/bring-in/{first.ref}/take-back/" in leader.get("/bring-in/").content.decode()
    leader.post(f"/bring-in/{first.ref}/take-back/")
    assert not Feedback.objects.exists()


def test_a_file_without_a_party_is_refused_and_says_what_helps(leader) -> None:
    made = handed_in(leader, "employee,text,at\nAnn,Late,2026-11-16\n")
    answer = leader.get(f"/bring-in/{made.ref}/")
    assert answer.status_code == 400
    assert "Name the column “party” in the first row." in answer.content.decode()


def test_the_command_line_takes_the_same_file(leader, tmp_path: Path) -> None:
    file = tmp_path / "words.csv"
    file.write_text(WORDS)
    asked = ["feedback", str(file), "--side", "servers"]
    refused = CliRunner().invoke(import_, [*asked, "--map", "text=what happened"])
    assert (refused.exit_code, "party, text and at" in refused.output) == (2, True)
    looked = CliRunner().invoke(import_, asked, input="n\n")
    assert "row 4, team: 'Kitchn' No party that serves has this name." in looked.output
    assert not Feedback.objects.exists()
    for told in ("2 rows came in.", "Nothing new to store."):
        done = CliRunner().invoke(import_, [*asked, "--yes"])
        assert (done.exit_code, told in done.output) == (0, True), done.output
    assert set(Feedback.objects.values_list("side", "origin__subject")) == {("servers", "servers")}


def test_a_number_typed_in_a_dry_run_is_kept_nowhere(leader) -> None:
    made = handed_in(leader, COMMENTS, "feedback")
    typed = {
        "cell|0|3|review": f"Charged twice on {CARD}",
        "cell|0|3|date": "30th June 2019",
        f"name|0|review|{CARD}": CARD,
    }
    leader.post(f"/bring-in/{made.ref}/", typed)
    made.refresh_from_db()
    assert CARD not in str(made.repairs)
    assert "30th June 2019" in str(made.repairs)
    leader.post(f"/bring-in/{made.ref}/", {"store": "yes"})
    assert Feedback.objects.filter(text="Charged twice on [number removed]").exists()


def test_the_file_goes_as_soon_as_it_is_stored(
    leader, tmp_path: Path, django_capture_on_commit_callbacks
) -> None:
    made = handed_in(leader)
    assert list((tmp_path / "uploads" / made.ref).iterdir())
    with django_capture_on_commit_callbacks(execute=True):
        leader.post(f"/bring-in/{made.ref}/", {"store": "yes"})
    assert not (tmp_path / "uploads" / made.ref).exists()
