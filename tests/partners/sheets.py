"""Sheets for tests of the answering pages, without a wave behind them."""

from typing import Any

from tests.factories import TODAY
from upturn.partners import engine
from upturn.partners.engine import Asked, Form, Sheet, Side, questions

LINKS = (
    Asked(relation=0, side=Side.SERVED, other="Dish room"),
    Asked(relation=2, side=Side.SERVING, other="Dining room"),
)


def sheet(key: str = "signs", **given: Any) -> Sheet:
    made = given.pop("instrument", None) or engine.instrument(key)
    whole: dict[str, Any] = {
        "wave": f"{key}{len(made.items)}",
        "title": "How we work",
        "asks": "Mill",
        "instrument": made,
        "seat": "kitchen",
        "seat_name": "Kitchen",
        "side": Side.SERVERS,
        "people": 14,
        "k": 5,
        "words_k": 10,
        "asked": LINKS if made.per_relation else (),
        "closes_on": TODAY,
    }
    return Sheet(**{**whole, **given})


def complete(asked: Sheet) -> dict[str, int]:
    """An answer to everything that is counted; the hours stand at 3, 3 and 4."""
    found = {
        each.key: 2 for each in questions(asked) if each.item.form not in {Form.WORDS, Form.SPLIT}
    }
    splits = [each.key for each in questions(asked) if each.item.form is Form.SPLIT]
    return found | dict(zip(splits, (4, 4, 5), strict=False))
