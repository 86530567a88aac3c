"""A file of comments becomes comments, and every row that does not says why."""

import ast
import io
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

import upturn.graph.engine
import upturn.voice.engine
from tests.graph.tables import unhurried
from tests.voice.intake_shapes import FILES, SHAPES
from upturn.graph.engine.tabular import (
    Repairs,
    RowProblem,
    describe,
    open_table,
    sample_rows,
)
from upturn.graph.engine.tabular_counts import count_rows
from upturn.graph.engine.tabular_dates import DateOrder
from upturn.graph.engine.tabular_errors import TabularError
from upturn.graph.engine.tabular_names import Known
from upturn.graph.engine.tabular_problems import Problem, repairs_from
from upturn.voice.engine.errors import IntakeError, UnknownColumn
from upturn.voice.engine.intake import Comment, check_rows, fingerprint
from upturn.voice.engine.intake_fields import Field
from upturn.voice.engine.intake_guess import Reason, guess_mapping, settle
from upturn.voice.engine.intake_mapping import ColumnMap, parse_map
from upturn.voice.engine.intake_names import KnownNames
from upturn.voice.engine.intake_scores import Scale

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
KNOWN = KnownNames(
    (
        Known("mill-paying", "Paying", "Mill"),
        Known("harbour-paying", "Paying", "Harbour"),
        Known("mill-arriving", "Arriving", "Mill"),
    ),
    ("Mill", "Harbour"),
)
HEADER = "review,stars,visited,moment,where,channel,id,language\n"
MAP = ColumnMap(
    dict(zip(Field, HEADER.strip().split(","), strict=True)),
    scale=Scale(1, 5),
    order=DateOrder.DAY_FIRST,
)


def opened(content):
    return open_table(io.BytesIO(content.encode()), name="words.csv")


def checked(rows, *, mapping=MAP, header=HEADER, **options):
    given_options = {"zone": BERLIN, "now": NOW, "known": KNOWN} | options
    return list(check_rows(opened(header + rows), mapping, **given_options))


def problems(rows, **options):
    found = checked(rows, **options)
    return [(one.row, one.column, one.code) for one in found if isinstance(one, RowProblem)]


def comments(rows, **options):
    return [one for one in checked(rows, **options) if isinstance(one, Comment)]


def test_a_row_becomes_a_comment():
    row = '" Warm, ""kind""\r\nand quick 😀 ","4,0",03/11/2026,PAYING,Harbour,web,A-7,Deutsch\n'
    assert checked(row) == [
        Comment(
            row=2,
            text='Warm, "kind"\nand quick 😀',
            score=7.5,
            score_raw="4,0",
            scale="1-5",
            at=datetime(2026, 11, 2, 23, tzinfo=UTC),
            touchpoint="harbour-paying",
            place="Harbour",
            channel="web",
            external_id="A-7",
            language="de",
            fingerprint=fingerprint("", at=None, external_id="A-7"),
        )
    ]


@pytest.mark.parametrize(
    ("row", "column", "code", "sentence"),
    [
        ("warm,5,31/11/2026", "visited", "no_such_day", "November has 30 days. Perhaps “30/11"),
        ("warm,45,03/11/2026", "stars", "score_above", "Above the scale of 1 to 5. Perhaps “4.5”?"),
        ("warm,0,03/11/2026", "stars", "score_below", "Below the scale of 1 to 5. Write a number"),
        ("warm,good,03/11/2026", "stars", "score_unreadable", "This cannot be read as a score."),
        ("warm,5,soon", "visited", "date_unreadable", "This cannot be read as a date. Write it as"),
        ("warm,5,", "visited", "missing", "This cell is empty. Write what belongs here"),
        ("warm,5,25/12/2026", "visited", "date_ahead", "This day has not come yet."),
        ("warm,5,03/11/1926", "visited", "date_too_old", "This is before 1990."),
        ("warm,5,03/11/2026,Payin,Mill", "moment", "touchpoint_unknown", "No touchpoint has this"),
        ("warm,5,03/11/2026,Paying", "moment", "name_ambiguous", "More than one has this"),
        ("warm,5,03/11/2026,,Old Mill", "where", "place_unknown", "No place has this name"),
        (
            f"{'x' * 4_001},5,03/11/2026", "review", "text_too_long",
            "4001 characters; somebody’s words end at 4000. Is a quote mark left open in",
        ),
        ("wa\0rm,5,03/11/2026", "review", "nul", "There is a character here that no text has"),
        (f"warm,5,03/11/2026,,,{'x' * 41}", "channel", "too_long", "This has 41"),
        (f"warm,5,03/11/2026,,,,{'x' * 201}", "id", "too_long", "This has 201 characters"),
        ("warm,5,03/11/2026,,,,a\0b", "id", "nul", "There is a character here"),
        (" ,5,03/11/2026", "review", "no_words", "There are no words to read"),
        ("N/A,5,soon", "review", "no_words", "There are no words to read"),
    ],
)  # fmt: skip
def test_what_is_wrong_and_what_helps_is_told(row, column, code, sentence):
    (problem,) = checked(row + "," * (7 - row.count(",")) + "\n")
    assert (problem.row, problem.column, problem.code) == (2, column, code)
    assert describe(problem).startswith(sentence)


def test_everything_wrong_with_a_row_is_told_at_once():
    assert problems("warm,9,soon,Payin,Old Mill,,,\n") == [
        (2, "stars", "score_above"),
        (2, "visited", "date_unreadable"),
        (2, "moment", "touchpoint_unknown"),
        (2, "where", "place_unknown"),
    ]


def test_a_row_of_another_width_is_told():
    assert problems("warm,5\n") == [(2, "", "ragged")]


@pytest.mark.parametrize(
    "text", ["=HYPERLINK(1)", "=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-A1(2)"]
)
def test_words_like_a_formula_stay_words_and_are_remarked_on(text):
    remark, comment = checked(f'"{text}",5,03/11/2026,,,,,\n')
    assert (remark.code, remark.problem.stops, comment.text) == ("formula", False, text)


@pytest.mark.parametrize(
    "text", ["- good food", "+ kind staff", "@mill was warm", "-5 for the soup"]
)
def test_ordinary_words_are_not_taken_for_formulas(text):
    assert problems(f"{text},5,03/11/2026,,,,,\n") == []


@pytest.mark.parametrize("missing", ["", "n/a", "-", "None"])
def test_missing_scores_names_and_channels_are_no_problem(missing):
    (comment,) = comments(f"warm,{missing},03/11/2026,{missing},{missing},{missing},{missing},\n")
    assert (comment.score, comment.score_raw, comment.scale) == (None, "", "")
    assert (comment.touchpoint, comment.place, comment.channel, comment.external_id) == ("",) * 4


def test_a_second_row_that_says_the_same_counts_once():
    row = "warm,5,03/11/2026,Paying,Mill,web,,\n"
    found = checked(row + "cold,5,03/11/2026,Paying,Mill,web,,\n" + row)
    assert [one.row for one in found] == [2, 3, 4]
    assert describe(found[2]) == "The same as row 2, so it counts once."
    for other in (
        "warm ,5,03/11/2026,PAYING,mill,web,,\n",
        "warm,5.0,2026-11-03,Paying,Mill,web,,\n",
    ):
        assert problems(row + other) == [(3, "review", "duplicate")]
    for other in ("warm,4,", "hot,5,"):
        assert not problems(row + other + "03/11/2026,Paying,Mill,web,,\n")
    assert not problems(row + "warm,5,03/11/2026,Paying,Harbour,web,,\n")


def test_two_rows_with_one_id_are_the_same_or_a_question():
    first = "warm,5,03/11/2026,,,,A,\n"
    assert problems(first + "warm,4,04/11/2026,,,,A,\n") == [(3, "id", "duplicate")]
    assert problems(first + "cold,5,03/11/2026,,,,A,\n") == [(3, "id", "same_id")]
    assert not problems(first + "warm,5,03/11/2026,,,,B,\n")


def test_one_day_for_the_whole_file():
    mapping = parse_map("text=review,at=2026-11-03", ["review"])
    (comment,) = comments("warm\n", mapping=mapping, header="review\n")
    assert comment.at == datetime(2026, 11, 2, 23, tzinfo=UTC)
    again = parse_map("text=review,at=2026-11-10", ["review"])
    assert (
        comments("warm\n", mapping=again, header="review\n")[0].fingerprint == comment.fingerprint
    )


def test_a_map_of_another_file_is_refused():
    with pytest.raises(UnknownColumn, match="no column “review”"):
        checked("warm\n", header="rview\n")


def test_what_a_person_decided_is_done():
    rows = (
        "warm,5,31/11/2026,,,,,\n"
        "warm,45,03/11/2026,,,,,\n"
        "soup,5,03/11/2026,,Old Mill,,,\n"
        "bread,5,03/11/2026,,Old Mill,,,\n"
        "tea,5,03/11/2026,,Elsewhere,,,\n"
        "milk,5,03/11/2026,,Gone,,,\n"
        f"{'y' * 4_500},5,03/11/2026,,,,,\n"
        "=cmd(),5,03/11/2026,,,,,\n"
    )
    assert len(problems(rows)) == 8
    repairs = Repairs(
        cells={2: {"visited": "30/11/2025"}, 3: {"stars": "4.5"}},
        names={"where": {"Old Mill": "Mill", "Elsewhere": "", "Gone": None}},
        left_out=frozenset([9]),
        shortened=frozenset([8]),
    )
    repairs = repairs_from(repairs.as_data())
    assert problems(rows, repairs=repairs) == [(7, "where", "left_out"), (9, "", "left_out")]
    found = comments(rows, repairs=repairs)
    assert [comment.place for comment in found] == ["", "", "Mill", "Mill", "", ""]
    assert [comment.score_raw for comment in found][:2] == ["5", "4.5"]
    assert found[0].at.date().isoformat() == "2025-11-29"
    assert len(found[-1].text) == 4_000


PARTS = st.fixed_dictionaries(
    {
        "text": st.text(st.characters(exclude_characters="\0"), max_size=8),
        "at": st.none() | st.datetimes(timezones=st.just(UTC)),
        "where": st.sampled_from(["", "mill", "harbour"]),
        "score": st.none() | st.sampled_from([0.0, 7.5, 10.0]),
        "channel": st.sampled_from(["", "web"]),
    }
)


@given(PARTS, PARTS)
def test_fingerprints_differ_exactly_when_something_differs(one, other):
    first, second = fingerprint(**one), fingerprint(**other)
    assert len(first) == 16
    assert (first == second) == (one == other)
    assert fingerprint(**one, external_id="A") == fingerprint(**other, external_id="A")
    assert fingerprint(**one, external_id="A") not in (first, fingerprint(**one, external_id="B"))


@given(PARTS, st.integers(-12, 12))
def test_a_fingerprint_does_not_depend_on_the_zone_a_moment_is_told_in(parts, hours):
    with suppress(OverflowError):
        moved = parts["at"] and parts["at"].astimezone(tz=None if not hours else _zone(hours))
        assert fingerprint(**parts | {"at": moved}) == fingerprint(**parts)


def _zone(hours):
    return ZoneInfo(f"Etc/GMT{hours:+d}")


def test_the_dry_run_adds_up():
    rows = (
        "warm,5,03/11/2026,,,,,\n"  # ready
        "soup,5,03/11/2026,,,,,\n"  # known already
        "warm,5,03/11/2026,,,,,\n"  # twice
        ",5,03/11/2026,,,,,\n"  # no words
        "=cmd(),5,03/11/2026,,,,,\n"  # ready, remarked on
        "tea,45,31/11/2026,,,,,\n"  # two problems, one row
        "tea,5,03/11/2026,,Old Mill,,,\n"
        "milk,5,03/11/2026,,Old Mill,,,\n"
        "bread,5,03/11/2026,,,,,\n"  # left out by a person
    )
    table = opened(HEADER + rows)
    found = check_rows(
        table, MAP, zone=BERLIN, now=NOW, known=KNOWN, repairs=Repairs(left_out=frozenset([10]))
    )
    stored = {comments("soup,5,03/11/2026,,,,,\n")[0].fingerprint}
    run = count_rows(found, take=lambda rows: sum(row.fingerprint in stored for row in rows))
    assert (run.ready, run.same, run.left_out, run.need_you, run.in_file) == (2, 2, 2, 3, 9)
    needing = [group for group in run.problems.groups if group.first.problem.needs_you]
    assert [(group.first.code, group.count) for group in needing] == [
        ("score_above", 1), ("no_such_day", 1), ("place_unknown", 2),
    ]  # fmt: skip
    assert run.problems.kinds["duplicate"] == 1


@unhurried
@given(
    st.lists(st.sampled_from(["warm,5,03/11/2026", ",5,03/11/2026", "a,9,x", "=b(),,03/11/2026"]))
)
def test_every_row_of_a_file_is_counted_once(rows):
    table = opened(HEADER + "".join(f"{row},,,,,\n" for row in rows))
    found = check_rows(table, MAP, zone=BERLIN, now=NOW)
    run = count_rows(found, take=lambda _rows: 0)
    assert run.in_file == len(rows) == run.ready + run.same + run.left_out + run.need_you


def test_the_list_of_problems_is_short_and_its_count_is_not():
    rows = "".join(f"tea {n},5,31/11/2026,,,,,\n" for n in range(300))
    table = opened(HEADER + rows)
    found = check_rows(table, MAP, zone=BERLIN, now=NOW)
    run = count_rows(found, take=lambda _rows: 0)
    assert (len(run.problems.groups), run.problems.total, run.need_you) == (200, 300, 300)


@pytest.mark.parametrize("file", [shape[0] for shape in SHAPES])
def test_files_of_any_shape_come_in_and_a_second_time_change_nothing(file):
    with (FILES / file).open("rb") as content:
        table = open_table(content, name=file)
        mapping = settle(
            guess_mapping(table.columns, sample_rows(table), known=KNOWN), day="2026-11-03"
        )
        first, second = (
            list(check_rows(table, mapping, zone=BERLIN, now=NOW, known=KNOWN)) for _ in range(2)
        )
    assert first == second
    stopping = [one.code for one in first if isinstance(one, RowProblem) and one.code != "no_words"]
    assert not stopping
    assert all(
        NOW - timedelta(days=6_000) < one.at < NOW for one in first if isinstance(one, Comment)
    )


@unhurried
@given(st.binary(max_size=200) | st.text('review,date;5/"\n=-\0é12 ', max_size=200).map(str.encode))
def test_any_bytes_are_comments_or_a_refusal(content):
    with suppress(TabularError, IntakeError):
        table = open_table(io.BytesIO(b"review,date\n" + content), name="x.csv")
        mapping = settle(guess_mapping(table.columns, sample_rows(table)), day="2026-11-03")
        for one in check_rows(table, mapping, zone=BERLIN, now=NOW):
            assert describe(one) if isinstance(one, RowProblem) else one.text


def test_every_sentence_can_be_translated():
    """The extractor of translations finds what stands in a call of `gettext_noop`."""
    modules = [
        import_module(f"{package.__name__}.{found.name}")
        for package in (upturn.graph.engine, upturn.voice.engine)
        for found in iter_modules(package.__path__, "")
        if found.name.startswith(("tabular", "intake"))
    ]
    extracted = {
        call.args[0].value
        for module in modules
        for call in ast.walk(ast.parse(Path(module.__file__).read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "gettext_noop"
    }
    things = [thing for module in modules for thing in vars(module).values()]
    kinds = [thing for thing in things if isinstance(thing, Problem)]
    reasons = [thing for thing in things if isinstance(thing, Reason)]
    assert len(kinds) > 20
    assert {kind.message for kind in kinds} <= extracted
    assert {kind.advice for kind in kinds} <= extracted | {""}
    assert {reason.message for reason in reasons} <= extracted
    codes = {kind.code: kind for kind in kinds}
    assert all(codes[kind.code] is kind for kind in kinds), "two kinds of problems share a code"
