"""What ships as data: questions, readiness, calls, conditions, templates; words by language."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from upturn.exchange.engine.errors import NoSuchWord

Texts = Mapping[str, str]
"""Words by language; English is always there."""


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a list.

    Parameters
    ----------
    code : str
        Stays as long as its meaning does.
    words : Texts
    seed : str
        Which seed item it comes from; empty where it is the house's own.
    counsel : bool
        Whether only counsel can say that it is settled.
    about_host : bool
        Whether it is asked about the host, and so answered anonymously by company.
    """

    code: str
    words: Texts
    seed: str = ""
    counsel: bool = False
    about_host: bool = False


@dataclass(frozen=True, slots=True)
class Template:
    """What an exchange begins as.

    Parameters
    ----------
    code : str
    words : Texts
    client : bool
        Whether there is a common client, who alone can say GO.
    benchmark, duplication : bool
        Whether figures are compared in sealed ballots; whether services are compared in pairs.
    counsel_before : frozenset of str
        Steps that wait for counsel's sign-off.
    topics : tuple of str
        Codes of questions to begin with.
    never : mapping of str to tuple of str
        By language: matters beyond the ground rules that are never talked about.
    """

    code: str
    words: Texts
    client: bool
    benchmark: bool
    duplication: bool
    counsel_before: frozenset[str]
    topics: tuple[str, ...]
    never: Mapping[str, tuple[str, ...]]


def worded(texts: Texts, language: str) -> str:
    """Give words in a language, in English where they do not exist in it.

    Examples
    --------
    >>> worded({"en": "care", "de": "Herz"}, "de"), worded({"en": "care"}, "de")
    ('Herz', 'care')
    """
    return texts.get(language, texts["en"])


@cache
def shipped(name: str) -> Mapping[str, Any]:
    """Read a file of data that ships with the room; `name` without its ending."""
    return tomllib.loads(files(__package__).joinpath("data", f"{name}.toml").read_text("utf-8"))


def _items(name: str) -> tuple[Item, ...]:
    return tuple(Item(**row) for row in shipped("lists")[name])


READINESS = _items("readiness")
"""What a host thinks through before suggesting it (S3.5)."""
CALL_SCRIPT = _items("call_script")
"""What is said when each leader is called (S3.6)."""
QUESTIONS = _items("questions")
"""Question cards: the founding five and three more (S3.10 to S3.14, S3.36, S3.48)."""
YOUNG_TEAM = "young_team"
"""The question card to which practices made for young teams belong (S3.12)."""
CONDITIONS = _items("conditions")
"""The twelve conditions of collaborating, as statements to agree with after a meeting."""
CHECK_IN = _items("check_in")
"""Questions for two minutes in which people meet as people (S3.31)."""
WORKSHEET = _items("worksheet")
"""What a pair goes through in half an hour; it stays on paper or on the own device (S3.42)."""
CALL_TOPICS = _items("call_topics")
"""Topics of mutual benefit to pick up the phone for (S3.60)."""
STRENGTHS = _items("strengths")
"""What can be offered and asked for (S3.32)."""


def template(code: str) -> Template:
    """Give a template.

    Raises
    ------
    NoSuchWord

    Examples
    --------
    >>> template("charities").duplication, template("peers").client
    (True, False)
    """
    rows = {row["code"]: row for row in shipped("lists")["templates"]}
    if code not in rows:
        raise NoSuchWord(f"No template is called {code!r}. There are: {', '.join(rows)}.")
    row = dict(rows[code])
    never = {language: tuple(said) for language, said in row.pop("never").items()}
    before = frozenset(row.pop("counsel_before"))
    return Template(**row | {"topics": tuple(row["topics"])}, never=never, counsel_before=before)


TEMPLATES = tuple(row["code"] for row in shipped("lists")["templates"])


def item(code: str, *, among: tuple[Item, ...]) -> Item:
    """Find a line by its code.

    Raises
    ------
    NoSuchWord

    Examples
    --------
    >>> item("coach", among=QUESTIONS).seed
    'S3.11'
    """
    for each in among:
        if each.code == code:
            return each
    known = ", ".join(each.code for each in among)
    raise NoSuchWord(f"{code!r} is not on this list. There are: {known}.")


def shipped_question(words: str) -> str:
    """Give the code of a question card that was asked in these words, in whatever language.

    Examples
    --------
    >>> shipped_question("How do you build better leadership in a young front-line team?")
    'young_team'
    >>> shipped_question("What helps?")
    ''
    """
    return next((each.code for each in QUESTIONS if words in each.words.values()), "")
