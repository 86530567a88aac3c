"""Words that can be printed."""

from importlib.resources import files

from hypothesis import given
from hypothesis import strategies as st

from upturn.paper.letters import letters, signs_in
from upturn.paper.signs import BOX, MOST_NAMED, Signs, direction, named

LATIN = {ord(sign) for sign in "abc -"}


def printed(words: str, known: set[int] = LATIN) -> tuple[str, list[str]]:
    signs = Signs(known)
    return signs.printable(words)[0], list(signs.missing)


def test_what_has_a_letter_stays_as_it_is() -> None:
    assert printed("a cab") == ("a cab", [])


def test_a_joined_emoji_is_one_box_and_is_named_once() -> None:
    assert printed("a 👩‍🍳 b 👩‍🍳") == (f"a {BOX} b {BOX}", ["👩"])
    assert printed("👍🏽a") == (f"{BOX}a", ["👍"])


def test_two_signs_without_a_letter_are_two_boxes() -> None:
    assert printed("漢字") == (BOX * 2, ["漢", "字"])


def test_what_is_told_apart_in_unicode_alone_becomes_one_letter() -> None:
    assert printed("e\u0301", {ord("é")}) == ("é", [])


def test_control_signs_are_spaces_and_half_signs_are_boxes() -> None:
    assert printed("a\x00b") == ("a b", [])
    assert printed("a\ud800") == (f"a{BOX}", ["\ud800"])


@given(st.text())
def test_nothing_that_has_no_letter_gets_through(words: str) -> None:
    shown, _missing = printed(words)
    invisible = "\u200b\u200c\u200d\u200e\u200f\u2060\u2066\u2067\u2068\u2069\u00ad"
    left = [sign for sign in shown if ord(sign) not in LATIN and sign not in invisible]
    assert all(sign == BOX or sign.isspace() for sign in left)


def test_words_say_which_way_they_run() -> None:
    assert [direction(words) for words in ("cold", "بارد", "7 ק", "1 2 3", "")] == [
        "ltr", "rtl", "rtl", "", "",
    ]  # fmt: skip


def test_not_more_signs_are_named_than_anybody_reads() -> None:
    many = [chr(0x4E00 + n) for n in range(MOST_NAMED + 5)]
    assert named(many).endswith("…")
    assert named(many).count("U+") == MOST_NAMED


def test_the_own_letters_write_these_languages() -> None:
    known = letters().signs
    words = "Grüße, ¿qué?, Łódź, Ελλάδα, Київ, שלום, مرحبا بكم؟, →✓□€₪–“”„’"
    assert [sign for sign in words if ord(sign) not in known and sign != " "] == []
    assert ord("漢") not in known
    assert ord("🍕") not in known


def test_a_file_that_is_no_font_has_no_signs() -> None:
    assert signs_in(b"") == frozenset()
    assert signs_in(b"\x00\x01\x00\x00\xff\xff" + b"not a font" * 9) == frozenset()


def test_signs_of_one_font_are_its_own() -> None:
    folder = files("fontpkg_heebo") / "files"
    (hebrew,) = [signs_in(path.read_bytes()) for path in folder.iterdir() if ".ttf" in path.name]
    assert {ord(sign) for sign in "Aa€אתש₪"} <= hebrew
    assert not hebrew & {ord(sign) for sign in "ЖΩم→✓"}
    assert len(hebrew) == 463  # as fontTools 4.68 counts them
