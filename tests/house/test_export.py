"""Taking everything out: every table, no secret, nothing that a spreadsheet would run."""

import csv
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.apps import apps

from tests import factories as f
from tests.house.installed import Place, upturn
from upturn.house.export import ROOMS, write_everything
from upturn.people.models import Person, Role
from upturn.voice import commands
from upturn.voice.models import Feedback

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 16, 12, tzinfo=UTC)
SECRET = re.compile(r"pass|secret|hash|token_|key_|fingerprint")


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_every_table_of_every_room_has_a_file_with_every_row(tmp_path: Path) -> None:
    f.serves(f.party(), f.party())
    counted = dict(write_everything(tmp_path))
    ours = [model for room in ROOMS for model in apps.get_app_config(room).get_models()]
    assert set(counted) == {f"{model._meta.label_lower}.csv" for model in ours}
    for model in ours:
        name = f"{model._meta.label_lower}.csv"
        assert counted[name] == model._default_manager.count() == len(read(tmp_path / name))
    assert counted["graph.party.csv"] == 2
    rooms = {config.label for config in apps.get_app_configs() if config.name.startswith("upturn")}
    assert rooms - set(ROOMS) == {"house"}


def test_nothing_that_lets_somebody_in_is_written(tmp_path: Path) -> None:
    person = f.person(role=Role.ADMINISTRATOR)
    person.set_password("correct horse battery")
    person.save()
    for name, _rows in write_everything(tmp_path):
        text = (tmp_path / name).read_text(encoding="utf-8-sig")
        assert [column for column in text.splitlines()[0].split(",") if SECRET.search(column)] == []
        assert Person.objects.get().password not in text


def test_words_come_back_as_they_were_and_never_as_a_formula(tmp_path: Path) -> None:
    words = 'Cold, "as ice";\n\tnaïve 🥶'
    for text in (words, "=cmd()|x!A1", "+49 30", "-", "@all"):
        Feedback.objects.create(
            text=text, score=2.5, at=NOW, week=NOW.date(), fingerprint=text.encode()[:16]
        )
    dict(write_everything(tmp_path))
    rows = read(tmp_path / "voice.feedback.csv")
    assert [row["text"] for row in rows] == [words, "'=cmd()|x!A1", "'+49 30", "'-", "'@all"]
    assert {float(row["score"]) for row in rows} == {2.5}


def test_a_measure_says_which_way_is_better(tmp_path: Path) -> None:
    kitchen = f.party()
    week = commands.MeasureRecord(name="minutes", week=NOW.date(), value=4.0, party=kitchen.key)
    commands.store_measures(None, [week])
    dict(write_everything(tmp_path))
    assert [row["better"] for row in read(tmp_path / "voice.measure.csv")] == ["less"]


def test_the_command_names_each_file_and_refuses_where_it_cannot_write(
    place: Place, tmp_path: Path
) -> None:
    done = upturn(place, "export", tmp_path / "out" / "put")
    assert done.returncode == 0, done.stderr
    assert "people.person.csv: 1 rows" in done.stdout
    (tmp_path / "file").write_text("")
    refused = upturn(place, "export", tmp_path / "file" / "put")
    assert refused.returncode == 1
    assert "cannot be written" in refused.stderr
    assert "Traceback" not in refused.stderr
