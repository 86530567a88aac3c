"""What phones, nominees and the screen of a workshop say, read from templates and code."""

import ast
from functools import cache
from pathlib import Path

from tests.floor.translated import Message, in_code, in_template
from upturn.loop import views

LOOP = Path(views.__file__).parents[1]
LANGUAGES = ("ar", "de", "es")
PAGES = (
    "_card",
    "_pair",
    "_step",
    "_wall",
    "asked",
    "code",
    "join",
    "left",
    "nominated",
    "nominated_unknown",
    "phone",
    "pocket",
    "practise",
    "refused",
    "screen",
)
CODE = (
    "commands/drafts",
    "commands/handing_in",
    "commands/joining",
    "commands/nominating",
    "commands/own",
    "commands/refusals",
    "views/door",
    "views/joining",
    "views/phone",
    "views/phone_words",
    "views/screen",
)
SURE = tuple(
    Message(word, context="how sure") for word in ("hardly", "a little", "half", "rather", "very")
)


@cache
def messages() -> frozenset[Message]:
    """Everything that is said to somebody without an account."""
    trees = [ast.parse((LOOP / f"{name}.py").read_text(encoding="utf-8")) for name in CODE]
    said = {each for tree in trees for each in in_code(tree)}
    return frozenset(
        said | {each for name in PAGES for each in in_template(f"loop/{name}.html")} | set(SURE)
    )
