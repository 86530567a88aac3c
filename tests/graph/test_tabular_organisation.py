"""An organisation and its weekly measures come in from tables of any shape."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.graph.tables import table
from upturn.graph.engine.tabular import Repairs, RowProblem, describe
from upturn.graph.engine.tabular_errors import HeaderRefused
from upturn.graph.engine.tabular_measures import MeasureRow, read_measures, read_number
from upturn.graph.engine.tabular_names import Known
from upturn.graph.engine.tabular_organisation import (
    PartyRow,
    ServesRow,
    TouchpointRow,
    key_of,
    read_parties,
    read_serves,
    read_touchpoints,
)
from upturn.graph.engine.tabular_problems import Fault, list_problems, repairs_from

PARTIES = (
    Known("guests", "Guests"),
    Known("mill-floor", "Floor", "Mill"),
    Known("mill-kitchen", "Kitchen", "Mill"),
    Known("harbour-kitchen", "Kitchen", "Harbour"),
)


def codes(found):
    return [(one.row, one.column, one.code) for one in found if isinstance(one, RowProblem)]


def records(found):
    return [one for one in found if not isinstance(one, RowProblem)]


def serves(content, repairs=None):
    return list(read_serves(table(content), parties=PARTIES, repairs=repairs))


def measures(content, edges=(("mill-kitchen", "mill-floor"),)):
    return list(read_measures(table(content), parties=PARTIES, edges=set(edges)))


def test_parties_come_in_with_keys_made_of_place_and_name():
    content = (
        "Name,Type,Where\nGuests,Our customers,\nDish room,Team,Mill\nTill,Software tool,Mill\n"
    )
    assert list(read_parties(table(content))) == [
        PartyRow(2, "guests", "Guests", "customers"),
        PartyRow(3, "mill-dish-room", "Dish room", "team", "Mill"),
        PartyRow(4, "mill-till", "Till", "system", "Mill"),
    ]


@pytest.mark.parametrize(
    "content",
    [
        "name;art;ort\nKüche;Abteilung;Mill\nLeitung;Führung;\n",
        "nombre,tipo,lugar\nKüche,equipo,Mill\nLeitung,dirección,\n",
        "key,party,category,location\nmill-kuche,Küche,TEAM,Mill\nleitung,Leitung,managers,\n",
    ],
)
def test_columns_and_kinds_are_known_in_many_words(content):
    assert [(row.key, row.kind) for row in read_parties(table(content))] == [
        ("mill-kuche", "team"),
        ("leitung", "leader"),
    ]


def test_every_fault_of_a_party_is_reported():
    content = (
        "name,kind,key,place\n,team,,\nBar,blob,,\nBar,team,a b,\nBar,team,bar,\nBar,team,bar,\n"
        f"Bar,leader,bar,\n{'x' * 81},team,,\nBar,te\0am,,\nBar\n"
    )
    assert codes(read_parties(table(content))) == [
        (2, "name", "missing"),
        (3, "kind", "kind_unknown"),
        (4, "key", "key_unfit"),
        (6, "name", "duplicate"),
        (7, "name", "conflict"),
        (8, "name", "too_long"),
        (9, "kind", "nul"),
        (10, "", "ragged"),
    ]


def test_a_table_without_kinds_is_no_table_of_parties():
    with pytest.raises(HeaderRefused, match="No column says “kind”"):
        list(read_parties(table("name,colour\nBar,red\n")))


@given(st.text(min_size=1, max_size=90), st.text(max_size=90))
def test_keys_are_always_fit_and_always_the_same(name, place):
    key = key_of(name, place)
    assert 0 < len(key) <= 80
    assert all(letter.isascii() and (letter.isalnum() or letter == "-") for letter in key)
    assert key == key_of(f"  {name} ".swapcase().swapcase(), place)


@given(st.lists(st.text(min_size=1, max_size=20), min_size=2, max_size=6, unique=True))
def test_different_names_beyond_ascii_get_different_keys(names):
    cyrillic = ["Кухня " + "".join(chr(0x430 + ord(letter) % 32) for letter in n) for n in names]
    assert len({key_of(name) for name in cyrillic}) == len(set(cyrillic))


def test_names_are_found_by_key_name_and_place_on_either_side():
    content = (
        "from;to;what;direct\nmill-kitchen;Floor;plates;\nMill: Kitchen;mill-floor;plates;yes\n"
        "Kitchen (Harbour);FLOOR;spare plates;indirect\nFloor;guests;meals;no\n"
    )
    found = serves(content)
    assert codes(found) == [(3, "to", "duplicate")]
    assert records(found) == [
        ServesRow(2, "mill-kitchen", "mill-floor", "plates"),
        ServesRow(4, "harbour-kitchen", "mill-floor", "spare plates", direct=False),
        ServesRow(5, "mill-floor", "guests", "meals", direct=False),
    ]


def test_each_unknown_party_is_listed_once_with_its_rows_and_the_nearest_names():
    content = (
        "server,served\nKitchn,Floor\nFlor,Guests\nKitchn,Guests\nKitchen,Floor\nFloor,Floor\n"
    )
    listed = list_problems(one for one in serves(content) if isinstance(one, RowProblem))
    assert listed.total == 5
    assert [(one.first.value, one.count, one.first.row, one.last_row) for one in listed.groups] == [
        ("Kitchn", 2, 2, 4),
        ("Flor", 1, 3, 3),
        ("Kitchen", 1, 5, 5),
        ("Floor", 1, 6, 6),
    ]
    assert listed.groups[0].first.suggestions == ("Mill Kitchen", "Harbour Kitchen")
    assert describe(listed.groups[1].first) == "No party has this name. Perhaps “Floor”?"
    assert listed.groups[2].first.code == "name_ambiguous"
    assert listed.groups[3].first.code == "serves_itself"


def test_one_answer_mends_every_row_with_an_unknown_name():
    content = "server,served\nKitchn,Floor\nFlor,Guests\nKitchn,Guests\nOld,Guests\nBar,Guests\n"
    repairs = repairs_from(
        Repairs(
            names={"server": {"Kitchn": "Mill Kitchen", "Flor": None}},
            cells={5: {"server": "Floor"}},
            left_out=frozenset([6]),
        ).as_data()
    )
    found = serves(content, repairs)
    assert codes(found) == [(3, "server", "left_out"), (6, "", "left_out")]
    assert [(row.server, row.served) for row in records(found)] == [
        ("mill-kitchen", "mill-floor"),
        ("mill-kitchen", "guests"),
        ("mill-floor", "guests"),
    ]


def test_touchpoints_name_who_serves_there_and_who_behind():
    content = (
        'touchpoint,time of day,served by,behind,place\nArriving,19:00:00,"Floor; Floor",,Mill\n'
        "Eating,evening,Floor,Kitchen,Mill\nPaying,,,,\nLeaving,,Flor,,\n"
    )
    found = list(read_touchpoints(table(content), parties=PARTIES, customers=PARTIES[:1]))
    assert codes(found) == [(5, "served by", "party_unknown")]
    assert records(found) == [
        TouchpointRow(
            2, "mill-arriving", "Arriving", "19:00", "guests", ("mill-floor",), (), "Mill"
        ),
        TouchpointRow(
            3,
            "mill-eating",
            "Eating",
            "evening",
            "guests",
            ("mill-floor",),
            ("mill-kitchen",),
            "Mill",
        ),
        TouchpointRow(4, "paying", "Paying", "", "guests", ()),
    ]


def test_whose_day_a_touchpoint_is_must_be_said_when_there_are_several_customers():
    content = "name,customers\nArriving,\nEating,Guests\nPaying,Floor\n"
    several = (PARTIES[0], Known("members", "Members"))
    found = list(read_touchpoints(table(content), parties=PARTIES, customers=several))
    assert codes(found) == [(2, "customers", "missing"), (4, "customers", "party_unknown")]


def test_measures_of_parties_and_edges():
    content = (
        'edge,measure,week,value,n,min,max\nMill Kitchen > Floor,late,2026-W40,"4,5",12,0,10\n'
        "Floor,smiles,30/09/2026,12 %,,,\nFloor,smiles,2026-10-04,12.0,,,\n"
        "Floor,smiles,2026-10-02,13,,,\nFloor,frowns,13/10/2026,2,,,\n"
    )
    found = measures(content)
    assert records(found) == [
        MeasureRow(
            2,
            "",
            ("mill-kitchen", "mill-floor"),
            "late",
            date(2026, 9, 28),
            4.5,
            12,
            0.0,
            10.0,
        ),
        MeasureRow(3, "mill-floor", None, "smiles", date(2026, 9, 28), 12.0),
        MeasureRow(6, "mill-floor", None, "frowns", date(2026, 10, 12), 2.0),
    ]
    assert codes(found) == [(4, "value", "duplicate"), (5, "value", "conflict")]


def test_server_and_served_may_stand_in_two_columns():
    content = "server,served,measure,week,value\nMill kitchen,Floor,late,2026-W40,4\n"
    assert records(measures(content))[0].edge == ("mill-kitchen", "mill-floor")


def test_a_file_may_say_which_is_better_in_any_of_its_languages():
    content = (
        "party,measure,week,value,better\nFloor,late,2026-W40,4,Less\nFloor,smiles,2026-W40,4,mehr\n"
        "Floor,plates,2026-W40,4,\nFloor,trays,2026-W40,4,sideways\n"
    )
    found = measures(content)
    assert [row.better for row in records(found)] == ["less", "more", ""]
    assert codes(found) == [(5, "better", "not_more_or_less")]


def test_every_fault_of_a_measure_is_reported():
    content = (
        "party,measure,week,value,n,low,high\nFloor,,2026-W40,1,,,\nFloor,a,2026-W60,1,,,\n"
        "Floor,a,,,,,\nFloor,a,2026-W41,x,-1,,\n,a,2026-W42,1,,,\nFloor,a,2026-W43,11,,0,10\n"
        'Floor > Guests,a,2026-W44,1,,,\nFloor,a,2026-W45,"1,234",1.5,,\n'
    )
    assert codes(measures(content)) == [
        (2, "measure", "missing"),
        (3, "week", "no_such_week"),
        (4, "week", "missing"),
        (4, "value", "missing"),
        (5, "value", "not_a_number"),
        (5, "n", "not_a_count"),
        (6, "party", "missing"),
        (7, "value", "out_of_range"),
        (8, "party", "edge_unknown"),
        (9, "value", "number_ambiguous"),
        (9, "n", "not_a_count"),
    ]


def test_a_measure_belongs_to_somebody():
    with pytest.raises(HeaderRefused, match="whose measure"):
        measures("measure,week,value\na,2026-W40,1\n")


@given(st.decimals(-999_999, 999_999, places=2))
def test_numbers_are_read_as_english_and_as_continental(number):
    english, value = f"{number:,.2f}", float(number)
    continental = english.translate(str.maketrans(",.", ".,"))
    swiss = english.replace(",", "’")
    for text in (english, continental, swiss, f"{number:f}", f"{number:f} %"):
        assert read_number(text) == value, text


@given(st.text(max_size=12))
def test_any_text_is_a_number_or_a_fault(text):
    assert isinstance(read_number(text), float | Fault)
