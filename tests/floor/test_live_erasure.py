"""After a shift nothing says who did what: every byte of the installation is searched."""

from pathlib import Path

import pytest

from tests.floor.test_live_schedules import run

WRITTEN = {"name of a need", "words about a need", "key of a tap", "hash of a token"}


@pytest.mark.slow
def test_no_byte_tells_who_did_what_after_a_shift_was_closed(tmp_path: Path) -> None:
    found = run("erasure", "--rounds", "1", data=tmp_path)
    assert found["wrong"] == []
    moments = found["found"]
    lasting = moments.pop("while it lasts")
    assert set(lasting) <= {"upturn.sqlite3", "upturn.sqlite3-wal"}
    assert set.union(*map(set, lasting.values())) >= WRITTEN  # the search sees what there is
    assert moments.keys() == {"closed, the server running", "copied again", "the server ended"}
    assert [files for files in moments.values() if files] == []
