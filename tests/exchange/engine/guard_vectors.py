"""Writes tests/vectors/guard.json: what both sides of the guard say, found by the Python side.

python -m tests.exchange.engine.guard_vectors
"""

import json
from pathlib import Path
from typing import Any

from upturn.exchange.engine.guard import check_text, stop_for

PLACE = Path(__file__).parents[2] / "vectors" / "guard.json"
LONG = (
    "Thank you all for last week. We tried the walk round the block after a hard call and "
    "people came back laughing. Two of our leads now open the circle with a question. What "
    "discount do you give the client for weekend volumes? We would hate to be the only ones. "
    "Next time I bring the big sheets of paper and the good pens, and somebody else the tea."
)
CASES: list[tuple[str, str, list[str]]] = [
    ("ordinary talk", "We thank each other after every shift, out loud.", []),
    ("a trigger word meant kindly", "The price of not coaching is a grumpy floor.", []),
    ("a public price", "The museum ticket is £12, buy it at the door.", []),
    ("a rate", "We bill them 0,83 € per call since March. And you?", []),
    ("a wage", "New starters get £12.85 an hour with us.", []),
    ("numbers in words", "It goes out at nine euro and seventy cents the call.", []),
    ("letters one by one", "our night rate is s-i-x euros, match it", []),
    ("letters with blanks", "we ask t w o hundred euros a night, you?", []),
    ("an abbreviation inside an amount", "Salary is Rs. 21,500 for voice. Adjust yourselves.", []),
    ("German with umlauts", "Wir verlangen fürs Zimmer künftig 120 Euro, und ihr?", []),
    ("joint action", "Let's all refuse the new contract terms, nobody signs.", []),
    ("joint action, German", "Keiner von uns unterschreibt die neue Klausel, abgemacht?", []),
    ("joint cake", "Let's all agree that the cake was too small.", []),
    ("an address", "Write to anna.berg@firm.example about the chairs.", []),
    ("an address in words", "she is anna dot berg at firm dot example", []),
    ("a telephone", "Ring him on 07700 900418 tonight.", []),
    ("a card that checks", "The card is 4111 1111 1111 1111, thanks.", []),
    ("a card that does not", "The order was 4111 1111 1111 1112 I think.", []),
    ("an account", "Send it to DE89 3704 0044 0532 0130 00 please.", []),
    ("a bid", "We will not hand in an offer for the tender, you can have it.", []),
    ("customers shared out", "Keep the pubs north of the river, we keep the south.", []),
    ("capacity", "We close the second site in June, nobody has been told.", []),
    ("a person", "Helen Marsh who applied to you was off sick for months here.", []),
    ("a word of one's own list", "The Bluebirds start on Monday.", ["bluebird"]),
    ("a phrase of one's own list", "It is called Project Grünes Licht.", ["grunes licht"]),
    ("a short word keeps its length", "Evan starts on Monday.", ["eva"]),
    (
        "one sentence of a long text",
        LONG,
        [],
    ),
    ("nothing", "", []),
    ("marks alone", "...!!! ?", []),
    ("signs outside the plane", "🍺🍺 Our keg price goes up 20 p in May 🍺", []),
]


def told(text: str, private_words: list[str]) -> dict[str, Any]:
    """Say what the Python side finds, in plain values."""
    found = check_text(text, private_words=private_words)
    return {
        "stop": stop_for(found).value,
        "findings": [
            {
                "id": each.rule.id,
                "topic": each.topic.value,
                "hard": each.rule.hard,
                "said": each.said,
                "score": round(each.score, 6),
            }
            for each in found
        ],
    }


def main() -> None:
    """Write the file."""
    rows = [
        {"why": why, "text": text, "private_words": words, **told(text, words)}
        for why, text, words in CASES
    ]
    PLACE.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
