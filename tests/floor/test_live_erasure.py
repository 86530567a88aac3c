"""After a shift nothing says who did what: every byte of the installation is searched."""

import base64
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.floor.live.searching import Search
from tests.floor.test_live_schedules import run

WRITTEN = {"name of a need", "words about a need", "key of a tap", "hash of a token"}

SPELLINGS: list[Callable[[bytes], bytes]] = [
    bytes,
    lambda said: said.hex().encode(),
    lambda said: said.hex().upper().encode(),
    lambda said: said.decode("latin-1").encode("utf-16-le"),
    base64.b64encode,
]


@given(
    st.binary(max_size=40),
    st.text("abcdef0123456789", min_size=12, max_size=40).map(str.encode),
    st.binary(max_size=40),
    st.sampled_from(SPELLINGS),
)
def test_the_search_sees_a_word_wherever_it_stands_and_however_it_is_spelled(
    before: bytes, word: bytes, after: bytes, spell: Callable[[bytes], bytes]
) -> None:
    search = Search({"kind": {word}, "other": {b"never said anywhere"}})
    assert search.count(spell(before + word + after)) == {"kind": 1}


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


@pytest.mark.slow
def test_a_postgresql_server_kept_as_the_guide_says_holds_nothing_of_a_closed_shift(
    tmp_path: Path,
) -> None:
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        return  # its server may not be installed
    found = run("erasure", "--rounds", "1", "--postgresql", "prepared", data=tmp_path)
    assert found["wrong"] == []
    moments = found["found"]
    lasting = moments.pop("while it lasts")
    assert {path.split("/")[1] for path in lasting} == {"base", "pg_wal"}
    assert set.union(*map(set, lasting.values())) >= WRITTEN
    assert [path for files in moments.values() for path in files if "/" in path] == []
