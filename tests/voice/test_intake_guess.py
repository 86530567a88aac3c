"""Files that nobody prepared for us are understood, and identities never read."""

import io
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.graph.tables import unhurried
from tests.voice.intake_shapes import FILES, SHAPES
from upturn.graph.engine.tabular import open_table, sample_rows
from upturn.graph.engine.tabular_names import Known
from upturn.voice.engine.errors import (
    BadMap,
    IdentityAsked,
    IntakeError,
    NothingToRead,
    UnknownColumn,
)
from upturn.voice.engine.intake_fields import Field, says_who
from upturn.voice.engine.intake_guess import describe_guess, guess_mapping, settle
from upturn.voice.engine.intake_mapping import ColumnMap, map_from, parse_map
from upturn.voice.engine.intake_names import KnownNames, language_code

KNOWN = KnownNames((Known("arrival", "Arrival", "Mill"),), ("Mill", "Harbour"))


def guesses(content, **options):
    opened = open_table(io.BytesIO(content.encode()), name="words.csv")
    return guess_mapping(opened.columns, sample_rows(opened), **{"known": KNOWN} | options)


def becomes(found):
    return {str(one.becomes): one.column for one in found if one.becomes}


@pytest.mark.parametrize(("file", "encoding", "expected", "scale"), SHAPES)
def test_files_of_any_shape_are_understood(file, encoding, expected, scale):
    with (FILES / file).open("rb") as content:
        opened = open_table(content, name=file)
        found = guess_mapping(opened.columns, sample_rows(opened), known=KNOWN)
    assert opened.encoding == encoding
    assert becomes(found) == expected
    assert next((one.scale.label for one in found if one.scale), None) == scale


def test_identities_are_left_out_always_and_their_values_are_not_shown():
    content = (
        "review,author,guest_email,contact,ip_address\n"
        "warm and kind people,Ann,a@b.cd,+44 20 7946 0000,10.0.0.1\n"
        "cold and slow soup here,Bo,,020 7946 0001,10.0.0.2\n"
    )
    text, *private = guesses(content)
    assert text.becomes is Field.TEXT
    for guess in private:
        assert (guess.becomes, guess.left_out_always, guess.first_values) == (None, True, ())
        assert describe_guess(guess) == "no identity is needed, so none is kept"


def test_addresses_of_people_are_known_by_their_look_under_any_name():
    found = guesses("review,field7\nwarm and kind people,a@b.cd\ncold and slow soup,b@c.de\n")
    assert found[1].left_out_always


@pytest.mark.parametrize(
    ("column", "private"),
    [
        ("email", True), ("E-Mail-Adresse", True), ("Guest phone", True), ("user_name", True),
        ("Vorname", True), ("customer_id", True), ("author_country", True), ("name", True),
        ("waiter", True), ("reviewer", True), ("IP", True), ("user location", True),
        ("customer_review", False), ("user rating", False), ("guest comment", False),
        ("lounge_name", False), ("Airline Name", False), ("product name", False),
        ("customer name", True), ("guest_name", True), ("Your name", True), ("first name", True),
        ("Full Name", True), ("staff name", True), ("Nombre completo", True), ("names", True),
        ("branch name", False), ("review date", False), ("touchpoint", False), ("shipping", False),
    ],
)  # fmt: skip
def test_what_says_who_somebody_is(column, private):
    assert says_who(column) is private


def test_dates_as_in_the_picture_of_the_page():
    content = (
        "review,rating,visited,where\n"
        '"Perfect, and the plate was cold.",5,03/11/2026,Mill\n'
        "Drinks before the coats were off.,4,14/11/2026,Old Mill\n"
    )
    review, rating, visited, where = guesses(content)
    assert (review.certainty, rating.certainty) == ("certain", "certain")
    assert describe_guess(rating).endswith("values from 4 to 5")
    assert (visited.order, visited.certainty) == ("day-first", "likely")
    assert "only day first fits 1 of the dates" in describe_guess(visited)
    assert (where.becomes, where.certainty) == ("place", "check")
    assert "“Old Mill” is unknown" in describe_guess(where)


@pytest.mark.parametrize(
    ("dates", "order", "says"),
    [
        (["03/11/2026", "04/11/2026"], "day-first", "no date tells"),
        (["03/14/2026", "04/11/2026"], "month-first", "only month first fits 1"),
        (["03/14/2026", "14/11/2026", "15/11/2026"], "day-first", "only month first 1"),
    ],
)
def test_an_order_that_is_not_sure_is_said(dates, order, says):
    guess = guesses("review,date\n" + "".join(f"warm and kind people,{day}\n" for day in dates))[1]
    assert guess.order == order
    assert says in describe_guess(guess)


def test_places_and_touchpoints_are_read_only_where_one_of_their_names_is_known():
    content = "review,category\nwarm and kind people here,card_arrival\n"
    assert becomes(guesses(content)) == {"text": "review"}
    assert describe_guess(guesses(content)[1]) == "none of these names is known"
    assert becomes(guesses(content.replace("card_arrival", "ARRIVAL")))["touchpoint"] == "category"


def test_a_column_that_is_asked_for_is_certain_and_the_rest_is_guessed():
    content = "review,notes,stars\nwarm,the longest words of all are here,5\n"
    asked = parse_map("text=review,score=stars:0-5,at=2026-11-03", ["review", "notes", "stars"])
    found = guesses(content, asked=asked)
    assert becomes(found) == {"text": "review", "score": "stars"}
    assert [one.certainty for one in found] == ["certain"] * 3
    mapping = settle(found, day=asked.day)
    assert (mapping.scale.label, mapping.day) == ("0-5", "2026-11-03")
    out = guesses(content, asked=parse_map("score=", ["review"]))
    assert "score" not in becomes(out)


def test_without_words_or_dates_nothing_can_be_read():
    with pytest.raises(NothingToRead, match="holds customers' words"):
        settle(guesses("stars,date\n5,2026-11-03\n"))
    with pytest.raises(NothingToRead, match="--map at=2026-11-03"):
        settle(guesses("review\nwarm and kind people\n"))


COLUMNS = ["Review", "stars", "date, local", "a:b", "guest_email"]


def test_a_map_in_words_names_columns_scale_and_order():
    asked = parse_map("text=review, score=a:b:1-10,at=date, local:month-first,channel=", COLUMNS)
    assert asked.columns == {"text": "Review", "score": "a:b", "at": "date, local"}
    assert (asked.scale.label, asked.order, asked.left_out) == (
        "1-10", "month-first", {Field.CHANNEL},
    )  # fmt: skip
    assert map_from(asked.as_data()) == asked


@pytest.mark.parametrize(
    ("spec", "error", "says"),
    [
        ("text=reviw", UnknownColumn, "no column “reviw”. Nearest: Review"),
        ("text=zzz", UnknownColumn, "It has Review, stars"),
        ("text=guest_email", IdentityAsked, "no identity is read"),
        ("words=Review", BadMap, "begins with one of text, score"),
        ("text", BadMap, "begins with one of"),
        ("text=Review,text=stars", BadMap, "text stands there twice"),
        ("text=Review,score=review", BadMap, "One column becomes one thing only"),
        ("score=stars:5-1", BadMap, "neither a scale"),
        ("text=Review:1-5", BadMap, "neither a scale"),
    ],
)
def test_a_map_that_cannot_be_read_says_why(spec, error, says):
    with pytest.raises(error, match=says):
        parse_map(spec, COLUMNS)


@given(st.text("text=score,at:1-5 Review", max_size=40))
def test_any_map_is_read_or_refused(spec):
    with suppress(IntakeError):
        assert isinstance(parse_map(spec, COLUMNS), ColumnMap)


CELL = st.text(max_size=12) | st.sampled_from(
    ["5", "4/5", "2026-11-03", "a@b.cd", "n/a", "", "³", "٣", "１２", "½"]
)


NAMES = st.text(max_size=8) | st.sampled_from(["id", "score", "date", "review"])


@unhurried
@given(st.lists(NAMES, min_size=1, max_size=4, unique=True), st.data())
def test_any_table_gives_a_guess_for_every_column(columns, data):
    rows = data.draw(st.lists(st.tuples(*[CELL] * len(columns)), max_size=6))
    found = guess_mapping(columns, rows, known=KNOWN)
    assert [one.column for one in found] == columns
    fields = [one.becomes for one in found if one.becomes]
    assert len(fields) == len(set(fields))
    assert all(describe_guess(one) for one in found)


@pytest.mark.parametrize(
    ("text", "code"),
    [("en", "en"), ("EN-gb", "en"), ("pt_BR", "pt"), ("Deutsch", "de"), ("español", "es"),
     ("", ""), ("soup", ""), ("12", "")],
)  # fmt: skip
def test_languages_go_by_code_or_name(text, code):
    assert language_code(text) == code
