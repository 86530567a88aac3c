"""The house keeps its own rules."""

import ast
import csv
import doctest
import importlib
import pkgutil
import re
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

import upturn

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "upturn"
PYTHON = sorted(p for p in SOURCE.rglob("*.py") if "migrations" not in p.parts)
ENGINES = sorted(
    f"upturn.{path.parent.name}.engine" for path in SOURCE.glob("*/engine") if path.is_dir()
)
CELLAR = ["upturn.stats", "upturn.privacy", "upturn.counts", "upturn.paper"]


def _lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def _functions() -> Iterator[tuple[str, int]]:
    for path in PYTHON:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
                has_docstring = ast.get_docstring(node) is not None
                first = node.body[1 if has_docstring and len(node.body) > 1 else 0]
                yield f"{path.relative_to(SOURCE)}:{node.name}", node.end_lineno - first.lineno + 1


def test_files_stay_small() -> None:
    long = {str(path): _lines(path) for path in PYTHON if _lines(path) > 400}
    assert long == {}
    assert _lines(SOURCE / "house" / "settings.py") <= 250
    filled = [lines for path in PYTHON if (lines := _lines(path)) > 0]
    assert statistics.median(filled) <= 120


def test_functions_stay_short() -> None:
    sizes = [size for _name, size in _functions()]
    assert statistics.median(sizes) <= 9
    assert statistics.quantiles(sizes, n=100)[94] <= 40


def test_templates_stay_short() -> None:
    sizes = {p: _lines(p) for p in SOURCE.rglob("*.html")}
    assert statistics.median(sizes.values()) < 30
    assert {str(p): n for p, n in sizes.items() if n > 150} == {}


def test_views_leave_the_tables_to_queries_and_commands() -> None:
    at = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in PYTHON
        if path.name in {"views.py", "api.py", "forms.py"} or path.parent.name == "house"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if ".objects" in line
    ]
    assert at == []


def test_the_environment_is_read_in_the_settings_alone() -> None:
    allowed = {"environment.py", "settings.py", "cli.py", "asgi.py", "backup.py"}
    readers = [
        path.name
        for path in PYTHON
        if re.search(r"os\.environ\b|getenv", path.read_text(encoding="utf-8"))
    ]
    assert set(readers) <= allowed


@pytest.mark.parametrize("engine", [*ENGINES, *CELLAR])
def test_engines_run_where_django_is_not_installed(engine: str) -> None:
    code = (
        "import sys\n"
        "class Blocked:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.split('.')[0] in {'django', 'sqlite3', 'pysqlite3'}:\n"
        "            raise ImportError(name)\n"
        "sys.meta_path.insert(0, Blocked())\n"
        "import importlib, pkgutil\n"
        f"package = importlib.import_module({engine!r})\n"
        "for module in pkgutil.walk_packages(package.__path__, package.__name__ + '.'):\n"
        "    importlib.import_module(module.name)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("engine", ENGINES)
def test_what_an_engine_offers_is_listed(engine: str) -> None:
    module = importlib.import_module(engine)
    submodules = {found.name for found in pkgutil.iter_modules(module.__path__)}
    public = {name for name in dir(module) if not name.startswith("_")} - submodules
    assert public == set(module.__all__)
    assert [name for name in public if not hasattr(module, name)] == []


def _modules_with_examples() -> list[str]:
    places = [path.parent for path in SOURCE.glob("*/engine/__init__.py")]
    shared = ("stats", "privacy", "counts", "paper", "record", "house", "voice")
    places += [SOURCE / room for room in shared]
    return sorted(
        ".".join(path.relative_to(SOURCE.parent).with_suffix("").parts)
        for place in places
        for path in place.rglob("*.py")
        if ">>> " in path.read_text(encoding="utf-8")
    )


@pytest.mark.parametrize("name", _modules_with_examples())
def test_the_examples_in_docstrings_are_true(name: str) -> None:
    failures, tried = doctest.testmod(importlib.import_module(name))
    assert tried > 0
    assert failures == 0


def test_no_page_brings_script_or_style_inline() -> None:
    inline = re.compile(r"<style|\sstyle=|\son[a-z]+=\"|<script(?![^>]*\bsrc=)", re.IGNORECASE)
    at = [str(p) for p in SOURCE.rglob("*.html") if inline.search(p.read_text(encoding="utf-8"))]
    assert at == []


def test_tips_and_persons_have_no_figure_in_any_table() -> None:
    from django.apps import apps  # noqa: PLC0415 - after the settings

    forbidden = re.compile(
        r"(^|_)(tips?|amount|rank|ranking|last_login|ip_address|user_agent)($|_)"
    )
    fields = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if model.__module__.startswith("upturn.")
    ]
    assert fields
    assert [name for name in fields if forbidden.search(name.rsplit(".", 1)[1])] == []


def _glossary() -> list[tuple[str, str]]:
    page = (ROOT / "docs" / "reference" / "glossary.md").read_text(encoding="utf-8")
    return re.findall(r"^\| \*\*(.+?)\*\* \|.*\| `([\w.]+)` \|$", page, re.MULTILINE)


def test_every_word_of_the_glossary_exists() -> None:
    words = _glossary()
    assert len(words) > 20
    for word, place in words:
        module, name = place.rsplit(".", 1)
        found = importlib.import_module(f"upturn.{module}")
        assert hasattr(found, name), f"{word}: upturn.{place} does not exist"


def _addresses(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    for pattern in patterns:
        address = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _addresses(pattern.url_patterns, address)
        else:
            yield address


def test_every_address_has_a_row_in_the_table_of_sight() -> None:
    with (ROOT / "tests" / "sight.csv").open(encoding="utf-8") as file:
        rows = {row["address"] for row in csv.DictReader(file)}
    addresses = set(_addresses(get_resolver().url_patterns))
    assert addresses - rows == set(), "new addresses without a row in tests/sight.csv"
    assert rows - addresses == set(), "rows of addresses that no longer exist"


def test_every_seed_has_a_test_or_a_reason() -> None:
    with (ROOT / "docs" / "reference" / "seeds.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    counts = (15, 23, 21, 60, 19)
    expected = {f"S{seed}.{n}" for seed, most in enumerate(counts) for n in range(1, most + 1)}
    assert {row["id"] for row in rows} == expected
    for row in rows:
        assert row["test"] or row["reason"], row["id"]
        for reference in row["test"].split():
            _check_test_exists(reference)


def _check_test_exists(reference: str) -> None:
    file, _, name = reference.partition("::")
    text = (ROOT / file).read_text(encoding="utf-8")
    assert f"def {name}(" in text, f"{reference} does not exist"


def test_the_package_is_typed() -> None:
    assert (Path(upturn.__file__).parent / "py.typed").exists()
