"""Reading a script from a file or from stored values: everything wrong is named, with its line."""

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from upturn.loop.engine.errors import NoSuchScript, ScriptProblem, ScriptRefused
from upturn.loop.engine.script import PLAN, WORDS_OF_A_CARD, Script, Step, StepKind, Texts

SHIPPED = (
    "solution_focused",
    "huddle",
    "appreciative_pairs",
    "exchange_round",
    "strategy_session",
    "own",
)
BYTES_MOST = 200_000
STEPS_MOST = 40
LETTERS_MOST = 600
WORKSHEET_MOST = 12
MINUTES_MOST = 240
WORDS_MOST = 200
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_HEADER = re.compile(rb"^\s*\[\[\s*step\s*\]\]")
_AT_LINE = re.compile(r"\(at line (\d+)")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
_TEXTS = ("name", "purpose", "objection", "farewell")
_STEP_TEXTS = ("lead", "ask", "then", "hint")
_FLAGS = ("many", "experts_first", "sign", "specific", "task")
_KEYS = frozenset({"language", *_TEXTS, "objection_step", "source", "licence", "step"})
_STEP_KEYS = frozenset({"kind", *_STEP_TEXTS, "worksheet", "minutes", "words", "plan", *_FLAGS})


@cache
def shipped_script(key: str) -> Script:
    """Read a script that ships with the house.

    Raises
    ------
    NoSuchScript

    Examples
    --------
    >>> len(shipped_script("solution_focused").steps)
    10
    """
    if key not in SHIPPED:
        raise NoSuchScript(key, known=SHIPPED)
    return read_script(files(__package__).joinpath("data", f"{key}.toml").read_bytes())


def read_script(content: bytes) -> Script:
    r"""Read a script from a file in TOML, or in JSON as `script_as_table` gives it.

    Parameters
    ----------
    content : bytes
        In UTF-8, `BYTES_MOST` at most.

    Raises
    ------
    ScriptRefused
        With everything that is wrong and the line of each; in JSON the line only of what is no
        JSON.

    Examples
    --------
    >>> file = b'name = "Huddle"\n[[step]]\nkind = "question"\nask = "What went well today?"'
    >>> read_script(file).steps[0].ask
    {'en': 'What went well today?'}
    """
    if len(content) > BYTES_MOST:
        remedy = f"A script has {BYTES_MOST:,} bytes at most."
        raise ScriptRefused([ScriptProblem(0, "file", f"{len(content):,} bytes", remedy)])
    table, lines = _table(content)
    return _script(table, lines)


def script_of(table: Mapping[str, Any]) -> Script:
    """Read a script from stored values, as `script_as_table` gives them.

    Raises
    ------
    ScriptRefused
    """
    return _script(table, [])


def _table(content: bytes) -> tuple[Mapping[str, Any], list[int]]:
    try:
        text = content.decode("utf-8-sig")
        if text.lstrip().startswith("{"):
            return json.loads(text), []
        heads = [at for at, row in enumerate(content.split(b"\n"), 1) if _HEADER.match(row)]
        return tomllib.loads(text.replace("\r\n", "\n")), heads
    except UnicodeDecodeError as wrong:
        line = content.count(b"\n", 0, wrong.start) + 1
        found = ScriptProblem(line, "file", "bytes that are no UTF-8", "Save it as UTF-8.")
    except json.JSONDecodeError as wrong:
        found = ScriptProblem(wrong.lineno, "file", wrong.msg, "Write it as JSON.")
    except tomllib.TOMLDecodeError as wrong:
        at = _AT_LINE.search(str(wrong))
        line = int(at[1]) if at else content.count(b"\n") + 1
        found = ScriptProblem(line, "file", str(wrong).split(" (at")[0], "Write it as TOML.")
    except RecursionError:
        found = ScriptProblem(0, "file", "lists in lists in lists", "A script needs two levels.")
    raise ScriptRefused([found])


def _script(table: Mapping[str, Any], lines: Sequence[int]) -> Script:
    reading = _Reading(lines)
    script = reading.script(table)
    if reading.problems or script is None:
        raise ScriptRefused(sorted(reading.problems, key=lambda each: each.line))
    return script


class _Reading:
    """One pass over one table, which goes on after each problem to find the others."""

    def __init__(self, lines: Sequence[int]) -> None:
        self.lines = lines
        self.problems: list[ScriptProblem] = []
        self.language = "en"
        self.step: int | None = None

    def script(self, table: Mapping[str, Any]) -> Script | None:
        self.language = self.code(table.get("language", "en"))
        self.unknown(table, _KEYS)
        texts = {key: self.texts(key, table.get(key)) for key in _TEXTS}
        if not texts["name"]:
            self.wrong("name", "nothing", "Give the script a name.")
        steps = self.steps(table.get("step"))
        self.step = None
        asked = self.number("objection_step", table.get("objection_step", 1), most=len(steps) or 1)
        source, licence = (self.plain(key, table.get(key, "")) for key in ("source", "licence"))
        if self.problems:
            return None
        return Script(
            language=self.language,
            name=texts["name"],
            purpose=texts["purpose"],
            objection=texts["objection"],
            objection_step=int(asked) - 1,
            farewell=texts["farewell"],
            source=source,
            licence=licence,
            steps=steps,
        )

    def steps(self, rows: object) -> tuple[Step, ...]:
        if not isinstance(rows, list) or not 1 <= len(rows) <= STEPS_MOST:
            found = f"{len(rows)} steps" if isinstance(rows, list) else "no steps"
            self.wrong("step", found, f"Give one to {STEPS_MOST}, each under [[step]].")
            return ()
        made: list[Step] = []
        for self.step, row in enumerate(rows):
            step = self.one_step(row, made[-1].kind if made else None)
            made += [step] if step else []
        return tuple(made)

    def one_step(self, row: object, before: StepKind | None) -> Step | None:
        if not isinstance(row, dict):
            self.wrong("step", _shown(row), "Write a table.")
            return None
        self.unknown(row, _STEP_KEYS)
        kind = self.kind(row.get("kind"), before)
        texts = {key: self.texts(key, row.get(key)) for key in _STEP_TEXTS}
        if not texts["ask"]:
            self.wrong("ask", "nothing", "Write what the step asks.")
        flags = {key: self.flag(key, row.get(key, False)) for key in _FLAGS}
        words = self.number("words", row.get("words", WORDS_OF_A_CARD), most=WORDS_MOST)
        return Step(
            kind=kind,
            lead=texts["lead"],
            ask=texts["ask"],
            then=texts["then"],
            hint=texts["hint"],
            worksheet=self.worksheet(row.get("worksheet", []), kind),
            minutes=self.minutes(row.get("minutes")),
            many=flags["many"],
            words=int(words),
            experts_first=flags["experts_first"],
            sign=flags["sign"],
            specific=flags["specific"],
            task=flags["task"],
            plan=self.plan(row.get("plan", "")),
        )

    def kind(self, found: object, before: StepKind | None) -> StepKind:
        if found not in [*StepKind]:
            self.wrong("kind", _shown(found), f"Use one of {', '.join(StepKind)}.")
            return StepKind.QUESTION
        kind = StepKind(str(found))
        if kind is StepKind.BUILD and before is not StepKind.BRAINSTORM:
            self.wrong("kind", kind, "Put it straight after a brainstorm, on which it builds.")
        return kind

    def plan(self, found: object) -> str:
        if found not in {"", *PLAN}:
            self.wrong("plan", _shown(found), f"Use one of {', '.join(PLAN)}, or leave it out.")
            return ""
        return str(found)

    def worksheet(self, rows: object, kind: StepKind) -> tuple[Texts, ...]:
        if not isinstance(rows, list) or len(rows) > WORKSHEET_MOST:
            self.wrong("worksheet", _shown(rows), f"Give {WORKSHEET_MOST} questions at most.")
            return ()
        if rows and kind is not StepKind.PAIRS:
            self.wrong("worksheet", _shown(rows), "Only pairs have one.")
        if not rows and kind is StepKind.PAIRS:
            self.wrong("worksheet", "nothing", "Write what the one who seeks asks.")
        return tuple(self.texts("worksheet", row) for row in rows)

    def texts(self, place: str, found: object) -> Texts:
        said = {self.language: found} if isinstance(found, str) else found
        if said is None or said == {self.language: ""}:
            return {}
        if not isinstance(said, dict):
            self.wrong(place, _shown(found), "Write words, or words by language.")
            return {}
        if self.language not in said:
            remedy = f"Write them in “{self.language}” too, the language of the script."
            self.wrong(place, ", ".join(map(str, said)) or "no words", remedy)
        return {self.code(code): self.plain(place, words) for code, words in said.items()}

    def plain(self, place: str, found: object) -> str:
        if not isinstance(found, str) or _CONTROL.search(found):
            self.wrong(place, _shown(found), "Write plain words.")
            return ""
        if len(found) > LETTERS_MOST:
            self.wrong(place, f"{len(found)} letters", f"Keep to {LETTERS_MOST}.")
        return " ".join(found.split())

    def code(self, found: object) -> str:
        if not isinstance(found, str) or not _LANGUAGE.fullmatch(found):
            self.wrong("language", _shown(found), "Write a code such as “en” or “pt-BR”.")
            return "en"
        return found

    def flag(self, place: str, found: object) -> bool:
        if not isinstance(found, bool):
            self.wrong(place, _shown(found), "Write true or false.")
        return found is True

    def minutes(self, found: object) -> float | None:
        return (
            None if found is None else self.number("minutes", found, most=MINUTES_MOST, least=0.5)
        )

    def number(self, place: str, found: object, *, most: float, least: float = 1) -> float:
        whole = least == 1
        good = isinstance(found, int if whole else int | float) and not isinstance(found, bool)
        if not good or not least <= found <= most:  # type: ignore[operator]
            self.wrong(place, _shown(found), f"Write a number from {least:g} to {most:g}.")
            return least
        return found  # type: ignore[return-value]

    def unknown(self, table: Mapping[str, Any], known: frozenset[str]) -> None:
        for key in table.keys() - known:
            self.wrong(str(key), "unknown", f"Known are {', '.join(sorted(known))}.")

    def wrong(self, place: str, found: str, remedy: str) -> None:
        at, line = place, 0
        if self.step is not None:
            at = f"step {self.step + 1}, {place}"
            line = self.lines[self.step] if self.step < len(self.lines) else 0
        self.problems.append(ScriptProblem(line, at, found, remedy))


def _shown(found: object) -> str:
    text = str(found)
    return text if len(text) <= 40 else f"{text[:39]}…"
