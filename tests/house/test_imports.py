"""Files come in whole or not at all, after a dry run that says what needs somebody."""

import io
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.factories import member, party, person, signed_in, touchpoint
from upturn.graph.models import Import, Party, Serves
from upturn.house import imports
from upturn.house.cli_import import import_
from upturn.house.dry_run import Given, try_feedback, try_organisation
from upturn.voice.models import Feedback, Measure

pytestmark = pytest.mark.django_db

AIRLINE = (
    "Airline Name,Review_Title,Overall_Rating,Review,Review Date,Verified,guest_email\n"
    'AB,"pretty decent",9,"✅ Moroni to Moheli. Turned out ""decent"".\nOn time 🛫",'
    "11th November 2019,True,a@example.org\n"
    "AB,not good,1,Very bad airline,25th June 2019,True,b@example.org\n"
    "AB,not good,1,Very bad airline,25th June 2019,True,b@example.org\n"
    "AB,hm,,No score given here,25th June 2019,True,c@example.org\n"
    "AB,off,99,Too good to be true,31st June 2019,True,d@example.org\n"
)
PARTIES = "name,kind,place\nGuests,customers,\nFloor,team,Mill\nKitchen,team,Mill\n"
SERVES = "server,served,what\nFloor,Guests,carries plates\nKitchen,Floor,plates\nKitchn,Floor,?\n"


def upload(text: str, name: str = "file.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode())


def handed_in(client, subject: str, *files: SimpleUploadedFile) -> Import:
    answer = client.post("/bring-in/", {"subject": subject, "files": list(files)})
    assert answer.status_code == 302, answer.content.decode()
    return Import.objects.latest("pk")


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path: Path) -> None:
    settings.DATA = tmp_path


@pytest.fixture
def leader():
    return signed_in(person(role="executive"))


def test_a_file_that_nobody_prepared_goes_in(leader) -> None:
    made = handed_in(leader, "feedback", upload(AIRLINE, "airline.csv"))
    page = leader.get(f"/bring-in/{made.ref}/").content.decode()
    assert "3 of 5 rows are ready" in page
    assert "1 row needs you" in page
    assert "Nothing has been stored yet" in page
    assert "a@example.org" not in page
    assert "June has 30 days" in page
    assert not Feedback.objects.exists()
    answer = leader.post(f"/bring-in/{made.ref}/", {"store": "yes"}, follow=True)
    assert "3 rows came in" in answer.content.decode()
    assert Feedback.objects.count() == 3
    assert Feedback.objects.filter(score=None).count() == 1
    assert Feedback.objects.filter(text__contains="🛫").exists()


def test_the_same_file_twice_changes_nothing(leader) -> None:
    for _ in range(2):
        made = handed_in(leader, "feedback", upload(AIRLINE))
        leader.post(f"/bring-in/{made.ref}/", {"store": "yes"})
    assert Feedback.objects.count() == 3


def test_a_double_tap_on_the_button_stores_once(leader) -> None:
    made = handed_in(leader, "feedback", upload(AIRLINE))
    leader.post(f"/bring-in/{made.ref}/", {"store": "yes"})
    leader.post(f"/bring-in/{made.ref}/", {"store": "yes"})
    assert Feedback.objects.count() == 3
    made.refresh_from_db()
    assert made.rows == 3


def test_an_import_can_be_taken_back(leader) -> None:
    made = handed_in(leader, "feedback", upload(AIRLINE))
    leader.post(f"/bring-in/{made.ref}/", {"store": "yes"})
    leader.post(f"/bring-in/{made.ref}/take-back/")
    assert not Feedback.objects.exists()
    made.refresh_from_db()
    assert made.state == "taken_back"


def test_a_mended_row_comes_in_and_a_decision_is_kept(leader) -> None:
    made = handed_in(leader, "feedback", upload(AIRLINE))
    mend = {
        "cell|0|6|Review Date": "30th June 2019",
    }
    leader.post(f"/bring-in/{made.ref}/", mend)
    assert not Feedback.objects.exists()
    leader.post(f"/bring-in/{made.ref}/", {"store": "yes"})
    assert Feedback.objects.filter(text="Too good to be true").exists()


def test_a_column_can_be_left_out_by_hand(leader) -> None:
    made = handed_in(leader, "feedback", upload(AIRLINE))
    asked = {"becomes|Review": "text", "becomes|Review Date": "at", "becomes|Overall_Rating": ""}
    leader.post(f"/bring-in/{made.ref}/", {**asked, "store": "yes"})
    assert not Feedback.objects.exclude(score=None).exists()


def test_parties_and_edges_come_in_together_and_unknown_names_are_named(leader) -> None:
    made = handed_in(leader, "organisation", upload(SERVES, "s.csv"), upload(PARTIES, "p.csv"))
    page = leader.get(f"/bring-in/{made.ref}/").content.decode()
    assert "Kitchn" in page
    assert "Kitchen" in page
    leader.post(f"/bring-in/{made.ref}/", {"store": "yes"})
    assert Party.objects.count() == 3
    assert Serves.objects.count() == 2


def test_measures_of_parties_and_edges_come_in(leader) -> None:
    stored(leader)
    weekly = (
        "party,measure,week,value,n\nMill Kitchen,minutes to the pass,2026-W40,4.1,\n"
        "Mill Kitchen > Mill Floor,served well,2026-W40,6.1,22\n"
    )
    made = handed_in(leader, "measures", upload(weekly))
    leader.post(f"/bring-in/{made.ref}/", {"store": "yes"})
    assert Measure.objects.count() == 2
    assert Measure.objects.filter(edge__isnull=False).count() == 1


MINUTES = (
    "party,measure,week,value\nMill Kitchen,minutes to the pass,2026-W40,4.1\n"
    "Mill Kitchen,minutes of training,2026-W40,30\n"
)


def test_the_dry_run_of_measures_says_which_way_is_better_and_takes_another_word(leader) -> None:
    stored(leader)
    made = handed_in(leader, "measures", upload(MINUTES))
    page = leader.get(f"/bring-in/{made.ref}/").content.decode()
    assert page.count('<option value="less" selected>') == 2
    assert "guessed from its name" in page
    chosen = {"better|minutes of training": "more", "better|minutes to the pass": "less"}
    leader.post(f"/bring-in/{made.ref}/", chosen | {"better|forged": "sideways"})
    page = leader.get(f"/bring-in/{made.ref}/").content.decode()
    assert page.count('<option value="less" selected>') == 1
    leader.post(f"/bring-in/{made.ref}/", chosen | {"store": "yes"})
    assert dict(Measure.objects.values_list("name", "better")) == {
        "minutes of training": "more",
        "minutes to the pass": "less",
    }
    again = handed_in(leader, "measures", upload(MINUTES))
    assert "as before" in leader.get(f"/bring-in/{again.ref}/").content.decode()


def test_the_command_line_takes_directions_and_names_the_nearest_measure(leader, tmp_path) -> None:
    stored(leader)
    file = tmp_path / "weekly.csv"
    file.write_text(MINUTES)
    for wrong, told in (("minutes of trainin=more", "minutes of training"), ("x", "NAME=less")):
        refused = CliRunner().invoke(import_, ["measures", str(file), "--better", wrong, "--yes"])
        assert (refused.exit_code, told in refused.output) == (2, True)
    assert not Measure.objects.exists()
    said = ["--better", "Minutes of  training=more", "--yes"]
    done = CliRunner().invoke(import_, ["measures", str(file), *said])
    assert (done.exit_code, "you said so" in done.output) == (0, True)
    assert Measure.objects.get(name="minutes of training").better == "more"


def stored(leader) -> None:
    organisation = handed_in(leader, "organisation", upload(PARTIES, "p.csv"), upload(SERVES))
    leader.post(f"/bring-in/{organisation.ref}/", {"store": "yes"})


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("empty.csv", b"", "empty"),
        ("pdf.csv", b"%PDF-1.7 whatever", "PDF"),
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, "xls"),
        ("nothing.csv", b"a,b\n1,2\n", ""),
        ("open.csv", b'review,date\n"never closed,2026-01-01\n' + b"x" * 200_000, "quote"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(
    leader, name: str, content: bytes, sentence: str
) -> None:
    answer = leader.post(
        "/bring-in/", {"subject": "feedback", "files": [SimpleUploadedFile(name, content)]}
    )
    if answer.status_code == 302:
        answer = leader.get(answer.url)
    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    assert not Feedback.objects.exists()


def test_a_zip_bomb_named_xlsx_is_refused_before_it_is_unpacked(leader) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 300_000_000)
    made = handed_in(leader, "feedback", SimpleUploadedFile("b.xlsx", bomb.getvalue()))
    answer = leader.get(f"/bring-in/{made.ref}/")
    assert answer.status_code == 400
    assert "Nothing has been stored" in answer.content.decode()


def test_a_half_done_store_leaves_nothing_behind(leader, monkeypatch) -> None:
    made = handed_in(leader, "feedback", upload(AIRLINE))
    monkeypatch.setattr(imports.graph, "finish_import", _fail)
    with pytest.raises(RuntimeError):
        leader.post(f"/bring-in/{made.ref}/", {"store": "yes"})
    assert not Feedback.objects.exists()
    made.refresh_from_db()
    assert made.state == "tried"


def _fail(*_args: object, **_kwargs: object) -> None:
    raise RuntimeError


@pytest.mark.parametrize("role", ["server", "facilitator", "guest"])
def test_who_does_not_lead_brings_nothing_in(role: str) -> None:
    assert signed_in(member(party(), role=role)).get("/bring-in/").status_code == 404


def test_known_touchpoints_are_found_by_name(tmp_path: Path) -> None:
    point = touchpoint("Check-in", customers=party(kind="customers"))
    file = tmp_path / "c.csv"
    file.write_text("text,date,touchpoint\nSlow,2026-01-01,check in\nOk,2026-01-01,Chck-in\n")
    given = Given(viewer=None, files=(("c.csv", file),))
    (tried,) = try_feedback(given)
    assert (tried.counts.ready, tried.counts.need_you) == (1, 1)
    (group,) = tried.counts.problems.groups
    assert point.name in group.first.suggestions


def test_an_unknown_party_is_listed_once_with_its_rows(tmp_path: Path) -> None:
    parties, serves = tmp_path / "p.csv", tmp_path / "s.csv"
    parties.write_text(PARTIES)
    serves.write_text("server,served\n" + "".join(f"Kitchn,{x}\n" for x in ("Guests", "Floor")))
    given = Given(viewer=None, files=(("p", parties), ("s", serves)))
    (_parties, edges), _found = try_organisation(given)
    (group,) = [g for g in edges.counts.problems.groups if g.first.value == "Kitchn"]
    assert group.count == 2
