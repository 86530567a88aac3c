"""Catalogues of translations beside what pages say: templates and code are read, not listed."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from gettext import GNUTranslations, c2py
from html import unescape
from pathlib import Path
from typing import IO, NamedTuple

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from django.template.loader import get_template
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.test import Client
from django.utils.translation import override, trim_whitespace

from upturn.floor import queries

FLOOR = Path(queries.__file__).parents[1]
HOUSE = FLOOR.parent / "house"
LANGUAGES = ("ar", "de", "es")
OF_THE_LAB = {"floors.py", "runs.py", "practising.py"}
"""Views of pages that are not translated yet."""
CALLS = {"_", "gettext", "gettext_lazy", "gettext_noop", "later", "ngettext"}
CALLS |= {"pgettext", "pgettext_lazy"}
HOLE = re.compile(r"%\(\w+\)[sd]|\{\w+\}|</?b>")


class Message(NamedTuple):
    """What is to be translated."""

    single: str
    plural: str = ""
    context: str = ""


def live_templates() -> list[str]:
    """Every page of the live floor, what it includes, and the frames of phones and guests."""
    texts = {
        path.name: path.read_text(encoding="utf-8")
        for path in (FLOOR / "templates" / "floor").glob("*.html")
    }
    views = [path for path in (FLOOR / "views").glob("*.py") if path.name not in OF_THE_LAB]
    waiting = re.findall(r'"floor/(\w+\.html)"', "\n".join(map(_text, views)))
    reached: list[str] = []
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.append(name)
            waiting += re.findall(r'(?:include|extends) "floor/([\w.]+)"', texts[name])
    return [f"floor/{name}" for name in sorted(reached)]


def live_code() -> Iterator[ast.AST]:
    """What says anything on the live floor; words of the lab have modules of their own."""
    rooms = {
        "commands": None,
        "views": None,
        "queries": None,
        "forms": {"guests.py", "hooks.py", "taps.py"},
        "templatetags": {"floor_board.py", "floor_plans.py", "floor_totals.py"},
    }
    for room, names in rooms.items():
        for path in sorted((FLOOR / room).glob("*.py")):
            if path.name in names if names else path.name not in OF_THE_LAB:
                yield ast.parse(_text(path))
    # Beside these functions stand names of columns, for the lists that the lab brings in.
    whole = ast.parse(_text(FLOOR / "templatetags" / "floor_shifts.py"))
    yield from (node for node in whole.body if isinstance(node, ast.FunctionDef))


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def in_template(name: str) -> Iterator[Message]:
    nodes = get_template(name).template.nodelist
    for node in nodes.get_nodes_by_type(TranslateNode):
        context = str(node.message_context.var) if node.message_context else ""
        yield Message(str(node.filter_expression.var.literal), context=context)
    for node in nodes.get_nodes_by_type(BlockTranslateNode):
        assert node.trimmed, name
        parts = [node.render_token_list(tokens)[0] for tokens in (node.singular, node.plural)]
        yield Message(*map(trim_whitespace, parts))


def in_code(tree: ast.AST) -> Iterator[Message]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
            texts = [a.value for a in node.args if isinstance(a, ast.Constant)]
            said = [str(text) for text in texts if isinstance(text, str)]
            if node.func.id.startswith("pgettext"):
                yield Message(said[1], context=said[0])
            elif said:
                yield Message(*said)


@cache
def messages() -> frozenset[Message]:
    """Everything the live floor says."""
    said = {each for tree in live_code() for each in in_code(tree)}
    return frozenset(said | {each for name in live_templates() for each in in_template(name)})


@cache
def messages_of_the_frame() -> frozenset[Message]:
    """What stands around every page, and pages about what went wrong."""
    names = ("base", "_rooms", "not_found", "bad_request", "refused_form", "failed")
    said = set(in_code(ast.parse(_text(HOUSE / "context.py")))) | set(in_template("403.html"))
    return frozenset(said | {each for n in names for each in in_template(f"house/{n}.html")})


def po(language: str, room: Path = FLOOR) -> Path:
    return room / "locale" / language / "LC_MESSAGES" / "django.po"


@cache
def catalogue(language: str, room: Path = FLOOR) -> Catalog:
    with po(language, room).open("rb") as file:
        return read_po(file, abort_invalid=True)


@cache
def translated(language: str, room: Path = FLOOR) -> dict[Message, tuple[str, ...]]:
    """Every message of a catalogue with its forms; one form where there is nothing to count."""
    found: dict[Message, tuple[str, ...]] = {}
    for each in catalogue(language, room):
        if each.id:
            ids = [each.id] if isinstance(each.id, str) else list(each.id)
            said = Message(ids[0], *ids[1:], context=each.context or "")
            forms = (each.string,) if isinstance(each.string, str) else tuple(each.string)
            found[said] = forms
    return found


def read_by_gettext(file: IO[bytes]) -> dict[object, str]:
    """All messages; not the head, in which Babel notes the time and itself."""
    read: dict[object, str] = GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    return {said: words for said, words in read.items() if said}


def holes(text: str) -> Counter[str]:
    return Counter(HOLE.findall(text))


def classes(language: str) -> list[list[int]]:
    """The numbers below a thousand that each plural form is for."""
    plural = re.search(r"plural=([^;]+);", catalogue(language).plural_forms)
    assert plural
    form_for = c2py(plural[1])
    forms: list[list[int]] = [[] for _ in range(catalogue(language).num_plurals)]
    for n in range(1000):
        forms[form_for(n)].append(n)
    return forms


def in_language(language: str) -> Client:
    return Client(headers={"accept-language": language})


def shown(answer: object) -> tuple[str, str]:
    """A page, and what of it one can read."""
    page = answer.content.decode()  # type: ignore[attr-defined]
    return page, unescape(re.sub(r"<[^>]*>", "\n", re.sub(r"(?s)<style.*?</style>", "", page)))


@cache
def english(language: str) -> tuple[str, ...]:
    """Every piece of two words or more that a page in this language may not show."""
    words = translated(language) | translated(language, HOUSE)
    found = []
    for said in messages() | messages_of_the_frame():
        same = " ".join(words.get(said, ()))
        parts = [*HOLE.split(said.single), *HOLE.split(said.plural)]
        found += [part.strip() for part in parts if len(part.split()) > 1 and part not in same]
    return tuple(found)


def assert_no_english(text: str, language: str) -> None:
    """No message of two words or more stands there in English."""
    for part in english(language):
        if part in text:
            assert not re.search(rf"(?<!\w){re.escape(part)}(?!\w)", text), f"English: {part}"


def page_of(client: Client, at: str, language: str, status: int = 200) -> str:
    with override(None):
        answer = client.get(at)
    assert answer.status_code == status
    page, text = shown(answer)
    assert f'<html lang="{language}"' in page
    assert ('dir="rtl"' in page) == (language == "ar")
    assert_no_english(text, language)
    return page


def says(page: str, language: str, *single: str) -> None:
    for each in single:
        assert translated(language)[Message(each)][0] in unescape(page), each
