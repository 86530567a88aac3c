"""A round is told in a few words: where, what, why, with what, and whose table it stays."""

import re
from typing import Any

import pytest
from django.utils import translation
from django.utils.translation import trans_real

from upturn.floor.engine.live import LiveRound, LiveStop
from upturn.floor.engine.rounds import Why
from upturn.floor.queries.round_words import MOST, Beside, apart, getting_ready, listed, told

SHOWN = {"m": "Maria", "j": "Jonas"}
ISOLATED = "\u2068{}\u2069"


def stop(place: str, why: Why = Why.OWN, extra_s: float = 0.0, **how: Any) -> LiveStop:
    given = {"need": f"n{place}", "kind": "coffee", "walk_s": 6.25, "item": "pot", **how}
    return LiveStop(place=place, why=why, extra_s=extra_s, **given)


def fetch(place: str, **take: int) -> LiveStop:
    return LiveStop("", place, "", Why.FETCH, 0.0, 10.0, take=take)


def say(*stops: LiveStop, take: dict[str, int] | None = None, **beside: Any) -> dict[str, Any]:
    return told(LiveRound(stops, take or {}), Beside(now_s=600.0, shown=SHOWN, **beside))


def test_the_evening_of_the_issue() -> None:
    """S0.6, S0.8, S0.10: 14 then 12, and Maria's table on the way, which stays Maria's."""
    said = say(
        stop("14", count=2),
        stop("9", Why.DETOUR, 6.2, owner="m"),
        stop("12", kind="clear plates", item=""),
        at="pass",
        hands={"pot": 3, "tray": 2},
        asked_s={"n14": 350.0, "n9": 590.0},
    )
    assert said["title"] == "14, then 12"
    assert said["more"] == "and 9 is near your way"
    assert said["carry"] == "you carry the pot"
    assert said["note"] == "Table 9 stays Maria’s, with its cheque and its tip."
    assert [each["what"] for each in said["stops"]] == [
        "Coffee, 2 times",
        "Coffee, Maria’s table",
        "Clear plates",
    ]
    assert [each["aside"] for each in said["stops"]] == ["4 min", "+6 s", "soon"]
    assert [each["code"] for each in said["stops"]] == ["own", "detour", "own"]
    assert said["path"] == ["pass", "14", "9", "12"]
    assert said["steps"] == round(3 * 6.25 * 1.2 / 0.75) == 30
    assert said["taken"] is False


@pytest.mark.parametrize(
    ("why", "extra_s", "says"),
    [
        (Why.OWN_URGENT, 3.0, "yours, and urgent"),
        (Why.OWN, 3.0, "yours"),
        (Why.ANYBODYS, 3.0, "nobody else’s"),
        (Why.ON_THE_WAY, 0.0, "on your way"),
        (Why.DETOUR, 4.2, "4 seconds off your way"),
        (Why.DETOUR, 1.2, "1 second off your way"),
        (Why.DETOUR, 0.2, "on your way"),
    ],
)
def test_each_reason_is_said(why: Why, extra_s: float, says: str) -> None:
    assert say(stop("7", why, extra_s))["stops"][0]["why"] == says


@pytest.mark.parametrize(
    ("helped", "title", "more"),
    [
        ([("9", 0.0)], "9", "on your way"),
        ([("9", 0.0), ("5", 4.0)], "9, then 5", "near your way"),
    ],
)
def test_help_alone_is_a_round_too(helped: list[tuple[str, float]], title: str, more: str) -> None:
    said = say(*(stop(place, Why.DETOUR, extra_s, owner="m") for place, extra_s in helped))
    assert (said["title"], said["more"]) == (title, more)


def test_several_helped_tables_stay_whose_they_are() -> None:
    hers = [stop(place, Why.ON_THE_WAY, owner="m") for place in ("9", "8")]
    said = say(stop("14"), *hers)
    assert said["more"] == "and 9 and 8 are on your way"
    assert said["note"] == "Tables 9 and 8 stay Maria’s, with their cheques and their tips."
    said = say(stop("14"), *hers, stop("5", Why.ON_THE_WAY, owner="j"))
    assert said["more"] == "and 9, 8 and 5 are on your way"
    assert said["note"] == (
        "Tables 9, 8 and 5 stay with those who serve them, with their cheques and their tips."
    )
    assert say(stop("14"), stop("3", Why.ANYBODYS))["note"] == ""


def test_what_to_fetch_and_to_take_along_is_said() -> None:
    said = say(fetch("the pass", pot=2, tray=1), stop("14"), take={"pot": 2, "tray": 1})
    assert said["stops"][0]["what"] == "Fetch pot (2) and tray (1)"
    assert said["stops"][0]["aside"] == ""
    assert said["title"] == "14"
    assert said["carry"] == "take the pot along"
    assert said["take"] == {"pot": 2, "tray": 1}


def test_a_table_with_several_needs_is_named_once() -> None:
    said = say(stop("14"), stop("14", need="b", kind="bread"), at="14")
    assert (said["title"], said["path"]) == ("14", ["14"])


def test_a_look_has_words_of_its_own() -> None:
    for language, words in (("en", "Look in"), ("ar", "إلقاء نظرة")):
        with translation.override(language):
            assert say(stop("14", kind="", item=""))["stops"][0]["what"] == words


def test_words_of_a_guest_follow_what_it_is() -> None:
    said = say(stop("14"), words={"n14": "two cups"}, asked_s={"n14": 599.0})
    assert said["stops"][0]["what"] == "Coffee, two cups"
    assert said["stops"][0]["aside"] == "just now"


def test_a_long_round_is_told_as_far_as_one_goes_and_all_that_is_taken() -> None:
    many = [stop(str(at)) for at in range(9)]
    assert len(say(*many)["stops"]) == MOST
    taken = [stop(str(at), taken=at < 7) for at in range(9)]
    assert len(say(*taken)["stops"]) == 7
    assert say(*taken)["taken"] is True
    assert say(*many[:4], fetch("bar", pot=1), *many[4:6])["stops"][-1]["need"] == "n4"
    assert say(stop("1"), fetch("bar", pot=1))["stops"][-1]["need"] == "n1"


def test_names_keep_their_place_where_words_run_the_other_way() -> None:
    assert apart("Maria") == "Maria"
    assert apart("مريم") == ISOLATED.format("مريم")
    with translation.override("ar"):
        said = say(stop("14"), stop("9", Why.DETOUR, 6.0, owner="m"), asked_s={"n14": 0.0})
        assert ISOLATED.format("9") in said["more"]
        assert ISOLATED.format("Maria") in said["note"]
        assert said["title"] == ISOLATED.format("14")
        assert said["path"] == ["14", "9"]
        assert listed(["a", "b"]).count(ISOLATED[0]) == 2


def test_every_word_is_translated(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is left in English once each sentence has German words is a name."""
    words: dict[str, str] = {}
    stops = (
        fetch("bar", pot=1),
        stop("1", Why.OWN_URGENT, count=2),
        stop("2", kind=""),
        stop("3", Why.ANYBODYS),
        stop("4", Why.ON_THE_WAY, owner="m"),
        stop("5", Why.DETOUR, 5.0, owner="j"),
    )
    rounds = [
        lambda: say(*stops, take={"pot": 1}, asked_s={"n1": 0.0, "n3": 599.0}),
        lambda: say(*stops[1:5], hands={"pot": 1}),
        lambda: say(stops[4]),
        lambda: say(stops[5]),
        getting_ready,
    ]

    class Shouting(dict[Any, Any]):
        def get(self, key: Any, default: Any = None) -> Any:
            text = key[0] if isinstance(key, tuple) else key
            words[text] = text
            return "".join(part.upper() if at % 2 == 0 else part for at, part in _parts(text))

        __getitem__ = get

        def plural(self, key: str, num: int) -> Any:
            return self.get(key)

    shouting = Shouting()
    monkeypatch.setattr(trans_real.translation("de"), "_catalog", shouting)
    with translation.override("de"):
        for each in rounds:
            said = each()
            texts = [said[name] for name in ("title", "more", "carry", "note")]
            texts += [one[name] for one in said["stops"] for name in ("what", "why", "aside")]
            for text in texts:
                left = re.sub("Maria|Jonas|pot|Coffee", "", text)
                assert left == left.upper(), text
    assert len(words) > 20


def _parts(text: str) -> list[tuple[int, str]]:
    """Cut a text into words and the names of what is put in, which stay."""
    cut = re.split(r"(%\(\w+\)[ds])", text)
    return list(enumerate(cut))
