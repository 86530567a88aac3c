"""Markup and formulas in every text field: they stay text on every page and in every file."""

import csv
import io
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import cycle
from pathlib import Path

import pytest
from django.core.cache import cache
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from tests.attacks.crawling import crawl, read
from tests.attacks.scene import build
from upturn.graph.engine.tabular_export import csv_lines
from upturn.house import export

pytestmark = pytest.mark.django_db

# Each holds "xss", so that wherever it becomes more than text its parts can be told.
PAYLOADS = (
    "<script>xss(1)</script>",
    "</script><script>xss(1)</script>",
    "<img src=xss onerror=xss(1)>",
    "<svg onload=xss(1)>",
    "<svg/onload='xss(1)'>",
    '"><xss>',
    "'><xss>",
    '" onfocus="xss(1)" autofocus="',
    "' onmouseover='xss(1)'",
    "` onclick=`xss(1)`",
    "</title><xss>",
    "</textarea><xss>",
    "</style><xss>",
    "</option></select><xss>",
    "</svg><xss>",
    "<!--xss--><xss>",
    "--><xss>",
    "]]><xss>",
    "<xss style=x:expression(xss)>",
    "<?xss?>",
    "<a href=javascript:xss(1)>",
    "javascript:xss(1)",
    "JaVaScRiPt:xss(1)",
    "java\tscript:xss(1)",
    "data:text/html,<xss>",
    "//xss.example/",
    "<iframe srcdoc='<xss>'>",
    "<base href=//xss.example>",
    "<meta http-equiv=refresh content=0;xss>",
    "<form action=//xss.example>",
    "<math><mtext><xss>",
    "<style>@import'//xss'</style>",
    "<link rel=stylesheet href=//xss>",
    "<object data=xss>",
    "<details open ontoggle=xss(1)>",
    "&lt;xss&gt;<xss>",
    "&#60;xss&#62;",
    "%3Cxss%3E",
    "\\u003cxss\\u003e",
    "{{xss}}{% xss %}",
    "${xss(1)}",
    "hx-get=//xss hx-trigger=load",
    "<div hx-get=//xss hx-trigger=load>",
    "＜xss＞",
)
ROUNDS = ("executive", "administrator", "leader", "server")
LONG = {"ask": 2000, "words": 2000, "what": 400, "sign": 400, "thanks": 400, "because": 200}
FILES = ("csv", ".ics", "json", ".toml")
"""Sent to be kept, never to be read as a page."""
ADDRESSES = {"href", "src", "action", "formaction", "hx-get", "hx-post", "data", "srcdoc", "style"}


class Strict(HTMLParser):
    """Notes whatever a payload became other than text or the plain value of an attribute."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.harm: list[str] = []
        self.texts = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if "xss" in tag:
            self.harm.append(f"<{tag}>")
        for name, value in attrs:
            runs = name.startswith("on") or "xss" in name or name in {"style", "srcdoc"}
            away = not re.match(r"/(?!/)|[#?]|$", value or "") and name in ADDRESSES
            if "xss" in f"{name}{value}" and (runs or away or tag == "meta"):
                self.harm.append(f"<{tag} {name}={value!r}>")

    def handle_data(self, data: str) -> None:
        self.texts += "xss" in data
        if "xss" in data and self.cdata_elem:
            self.harm.append(f"in <{self.cdata_elem}>: {data}")

    def handle_comment(self, data: str) -> None:
        self.harm += ["<!--"] * ("xss" in data)

    def handle_decl(self, decl: str) -> None:
        self.harm += ["<!"] * ("xss" in decl)

    def unknown_decl(self, data: str) -> None:
        self.harm += ["<!["] * ("xss" in data)

    def handle_pi(self, data: str) -> None:
        self.harm += ["<?"] * ("xss" in data)


def harm_in(page: str) -> tuple[list[str], int]:
    parser = Strict()
    parser.feed(page)
    parser.close()
    return parser.harm, parser.texts


@pytest.mark.parametrize("payload", [p for p in PAYLOADS if p.startswith(("<", "</", '"', "'"))])
def test_the_parser_would_notice(payload: str) -> None:
    """Put unescaped where it does harm, a payload that breaks out is seen."""
    contexts = (
        "{}", '<a title="{}">', "<a title='{}'>", "<title>{}</title>", "<textarea>{}</textarea>"
    )  # fmt: skip
    assert any(harm_in(context.format(payload))[0] for context in contexts)


def full(payloads: Iterator[str], *, most: int) -> str:
    """As many payloads as a field takes."""
    text = ""
    for payload in payloads:
        if len(text) + len(payload) > most:
            break
        text += payload
    return text


@pytest.mark.parametrize(("offset", "role"), list(enumerate(ROUNDS)))
def test_markup_in_any_field_stays_text(
    settings: Settings, tmp_path: Path, offset: int, role: str
) -> None:
    settings.DATA = tmp_path
    cache.clear()
    payloads = cycle(PAYLOADS[offset * 11 :] + PAYLOADS[: offset * 11])
    scene = build(lambda slot: full(payloads, most=LONG.get(slot.rsplit(" ", 1)[-1], 80)))
    found, texts = {}, 0
    for address, page in crawl(scene, scene.client(role)):
        if not any(form in address for form in FILES):
            harm, seen = harm_in(page)
            texts += seen
            if harm:
                found[address] = harm[:3]
    assert found == {}
    assert texts > 100


REFLECTING = (
    ("/find/", "q"),
    ("/pyramid/", "place"),
    ("/pyramid/", "page"),
    ("/customers/", "place"),
    ("/people/invite/", "party"),
    ("/pyramid/party/", "place"),
    ("/pyramid/serves/", "server"),
    ("/account/login/", "next"),
)


def test_markup_in_an_address_stays_text(settings: Settings, tmp_path: Path) -> None:
    settings.DATA = tmp_path
    cache.clear()
    scene = build()
    clients = {False: scene.client("executive"), True: scene.client("anonymous")}
    for address, name in REFLECTING:
        for at in range(0, len(PAYLOADS), 4):
            payload = "".join(PAYLOADS[at : at + 4])
            page = clients["account" in address].get(address, {name: payload})
            assert harm_in(read(page))[0] == [], (address, payload)


FORMULAS = ("=cmd()", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "\n=1", "＝1", "a;=1", "a\n=1", '";=1')
RUNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def formulas_in(table: str) -> list[str]:
    """Cells that a spreadsheet would run, whether it parts them at commas or at semicolons."""
    return [
        cell
        for between in (",", ";")
        for row in csv.reader(io.StringIO(table, newline=""), delimiter=between)
        for cell in row
        if cell.lstrip("\t\r\n").startswith(RUNS) and not re.match(r"-[\d.]+(,|$)|.\)", cell)
    ]


@given(st.lists(st.tuples(st.text() | st.sampled_from(FORMULAS), st.text()), max_size=5))
def test_no_text_in_a_file_starts_a_formula(rows: list[tuple[str, str]]) -> None:
    kept = [tuple(cell.encode(errors="replace").decode() for cell in row) for row in rows]
    table = b"".join(csv_lines(kept, columns=("=first", "second"))).decode("utf-8-sig")
    assert formulas_in(table) == []


def test_no_export_starts_a_formula(settings: Settings, tmp_path: Path) -> None:
    settings.DATA = tmp_path
    cache.clear()
    formulas = cycle(FORMULAS)
    scene = build(lambda slot: f"{next(formulas)}{slot}"[:80])
    client = scene.client("executive")
    for address in (
        "/pyramid/edges.csv",
        f"/customers/{scene.point.key}/{scene.theme.key}/?as=csv",
    ):
        table = read(client.get(address)).removeprefix("\ufeff")
        assert table.count("\n") > 3
        assert formulas_in(table) == []
    for name, _rows in export.write_everything(tmp_path):
        assert formulas_in((tmp_path / name).read_bytes().decode("utf-8-sig")) == [], name
