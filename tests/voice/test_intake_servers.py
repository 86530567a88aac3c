"""A file of what those who serve said becomes words of parties, and never of a person."""

import io
from datetime import UTC, datetime

import pytest

from upturn.graph.engine.tabular import open_table, sample_rows
from upturn.graph.engine.tabular_errors import HeaderRefused
from upturn.graph.engine.tabular_names import Known
from upturn.graph.engine.tabular_problems import Repairs, RowProblem, describe
from upturn.voice.engine.intake import fingerprint
from upturn.voice.engine.intake_guess import describe_guess
from upturn.voice.engine.intake_servers import (
    ServersComment,
    check_servers_rows,
    guess_servers_columns,
    servers_fingerprint,
)

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
PARTIES = (Known("mill-kitchen", "Kitchen", "Mill"), Known("mill-floor", "Floor", "Mill"))
CARD = "4111 1111 1111 1111"


def read(text: str, repairs: Repairs | None = None) -> list[ServersComment | RowProblem]:
    table = open_table(io.BytesIO(text.encode()), name="words.csv")
    guesses = guess_servers_columns(table.columns, sample_rows(table))
    given = {"parties": PARTIES, "zone": UTC, "now": NOW, "repairs": repairs}
    return list(check_servers_rows(table, guesses, **given))  # type: ignore[arg-type]


def said(text: str, repairs: Repairs | None = None) -> list[ServersComment]:
    return [one for one in read(text, repairs) if isinstance(one, ServersComment)]


def wrong(text: str) -> list[tuple[int, str, str, str]]:
    found = [one for one in read(text) if isinstance(one, RowProblem)]
    return [(one.row, one.column, one.value, describe(one)) for one in found]


def test_a_party_is_found_by_its_key_or_by_its_name() -> None:
    found = said(
        "team,words,day\nmill-kitchen,Late again,2026-11-16\nFLOOR,No plates,16 Nov 2026\n"
    )
    assert [(one.row, one.party, one.text) for one in found] == [
        (2, "mill-kitchen", "Late again"),
        (3, "mill-floor", "No plates"),
    ]
    assert {one.at.date().isoformat() for one in found} == {"2026-11-16"}


def test_what_cannot_be_read_says_row_column_value_and_what_helps() -> None:
    text = (
        "party,text,at\nKitchn,Late,2026-11-16\nKitchen,,2026-11-16\nKitchen,Late,31/11/2026\n"
        "Kitchen,Late,2027-01-01\n,Late,2026-11-16\nKitchen,Late,\n"
    )
    assert said(text) == []
    found = {row: rest for row, *rest in wrong(text)}
    unknown = "No party that serves has this name. Perhaps “Kitchen”?"
    assert found[2] == ["party", "Kitchn", unknown]
    assert found[3][0] == "text"
    assert "November has 30 days" in found[4][2]
    assert found[5][2].startswith("This day has not come yet.")
    assert found[6][:2] == ["party", ""]
    assert found[7][:2] == ["at", ""]


def test_a_name_chosen_for_an_unknown_one_holds_for_all_its_rows() -> None:
    text = "party,text,at\nKitchn,Late,2026-11-16\nKitchn,Loud,2026-11-16\nBr,Far,2026-11-16\n"
    chosen = Repairs(names={"party": {"Kitchn": "Kitchen", "Br": None}})
    assert [one.text for one in said(text, chosen)] == ["Late", "Loud"]


def test_numbers_of_cards_are_taken_out_and_named_without_being_shown() -> None:
    text = f"party,text,at\nKitchen,The terminal printed {CARD},2026-11-16\n"
    (one,) = said(text)
    assert (one.text, one.masked) == ("The terminal printed [number removed]", 1)
    ((_, _, shown, sentence),) = wrong(text)
    assert CARD not in shown
    assert "They are never stored." in sentence


@pytest.mark.parametrize(
    ("column", "value"),
    [("employee name", "Ann Smith"), ("Name", "Ann"), ("sender", "ann@example.org")],
)
def test_a_column_that_says_who_is_left_out_with_a_sentence(column: str, value: str) -> None:
    rows = [("Kitchen", "Late again", "2026-11-16", value)]
    *_, last = guess_servers_columns(["party", "text", "at", column], rows)
    assert (last.becomes, last.left_out_always, last.first_values) == (None, True, ())
    assert describe_guess(last) == "no identity is needed, so none is kept"


def test_a_person_cannot_stand_for_the_party() -> None:
    with pytest.raises(HeaderRefused, match="“party”"):
        guess_servers_columns(["employee team", "text", "at"], [("Ann", "Late", "2026-11-16")])
    found = guess_servers_columns(["team name", "text", "at"], [("Kitchen", "Late", "2026-11-16")])
    assert found[0].becomes == "party"


def test_ids_are_read_and_numbers_of_rows_are_not() -> None:
    for ids, kept in ((("x-17", "x-18"), {"x-17", "x-18"}), (("1", "2"), {""})):
        rows = "".join(f"Kitchen,Late,2026-11-{16 + n},{own}\n" for n, own in enumerate(ids))
        assert {one.external_id for one in said(f"party,text,at,id\n{rows}")} == kept


def test_the_same_twice_counts_once_and_an_id_with_other_words_needs_somebody() -> None:
    same = "party,text,at\nKitchen,Late,2026-11-16\nKitchen,Late,2026-11-16\n"
    assert len(said(same)) == 1
    assert wrong(same)[0][3] == "The same as row 2, so it counts once."
    assert len(said("party,text,at\nKitchen,Late,2026-11-16\nFloor,Late,2026-11-16\n")) == 2


def test_words_of_servers_are_never_taken_for_those_of_a_customer() -> None:
    for own in ("", "x-17"):
        ours = servers_fingerprint("Late", at=NOW, party="mill-kitchen", external_id=own)
        assert ours != fingerprint("Late", at=NOW, external_id=own)
        assert ours != fingerprint("Late", at=NOW, where="mill-kitchen", external_id=own)


def test_words_that_are_too_long_are_cut_where_somebody_said_so() -> None:
    text = f"party,text,at\nKitchen,{'late ' * 900},2026-11-16\n"
    assert said(text) == []
    ((row, column, _, _),) = wrong(text)
    assert (row, column) == (2, "text")
    (one,) = said(text, Repairs(shortened=frozenset({2})))
    assert len(one.text) <= 4_000
