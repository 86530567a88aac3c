"""LimeSurvey's files: questions as XML (.lsq, and .lsg and .lss as far as they hold questions),
and the structure of a survey as tab-separated values.
"""  # noqa: D205

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape, unescape

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from upturn.partners.engine.errors import ExchangeRefused
from upturn.partners.engine.limesurvey import LimeQuestion, Texts

BYTES_MOST = 2_000_000
ROWS_MOST = 5_000
_VERSION = "640"
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_COLUMNS = ("id", "related_id", "class", "type/scale", "name", "relevance", "text", "help",
            "language", "validation", "mandatory", "encrypted", "other", "default",
            "same_default", "cssclass", "equals_num_value")  # fmt: skip
_ATTRIBUTES = ("cssclass", "equals_num_value", "em_validation_q")

Row = Mapping[str, str]


def read_xml(data: bytes) -> tuple[LimeQuestion, ...]:
    """Read the questions of an .lsq, .lsg or .lss file.

    Parameters
    ----------
    data : bytes

    Raises
    ------
    ExchangeRefused
        If it is too large, no XML, or XML of something else; entities are never opened.
    """
    if len(data) > BYTES_MOST:
        raise ExchangeRefused("The file is too large", f"{len(data)} bytes", "Give 2 MB at most.")
    try:
        root = fromstring(data, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        remedy = "Export the question from LimeSurvey once more."
        raise ExchangeRefused("The file is no XML that can be read", str(error), remedy) from None
    if root.tag != "document" or not root.findtext("LimeSurveyDocType"):
        remedy = "Give a file that LimeSurvey exported: .lsq, .lsg or .lss."
        raise ExchangeRefused("This is no file of LimeSurvey", f"<{root.tag}>", remedy)
    tables = {
        table.tag: [
            {cell.tag: (cell.text or "").strip() for cell in row}
            for row in table.iterfind("rows/row")
        ]
        for table in root
    }
    return tuple(_from_tables(tables))


def _from_tables(tables: Mapping[str, Sequence[Row]]) -> Iterator[LimeQuestion]:
    rows = tables.get("questions", ())
    for qid in dict.fromkeys(
        row.get("qid", "") for row in rows if row.get("parent_qid") in {"0", None}
    ):
        own = [row for row in rows if row.get("qid", "") == qid]
        first = own[0]
        worded = [row for row in tables.get("question_l10ns", ()) if row.get("qid", "") == qid]
        subs = [row for row in tables.get("subquestions", ()) if row.get("parent_qid") == qid]
        attributes = [row for row in tables.get("question_attributes", ()) if row.get("qid") == qid]
        yield LimeQuestion(
            code=first.get("title", ""),
            kind=first.get("type", ""),
            texts=_texts(worded or own, "question"),
            helps=_texts(worded or own, "help"),
            answers=_answers(tables, qid),
            parts=_grouped(subs, "title", "question"),
            attributes={row.get("attribute", ""): row.get("value", "") for row in attributes},
            must=first.get("mandatory") in {"Y", "S"},
            other=first.get("other") == "Y",
            condition=first.get("relevance", "1"),
        )


def _texts(rows: Iterable[Row], column: str) -> dict[str, str]:
    return {row.get("language") or "en": unescape(row.get(column, "")) for row in rows}


def _grouped(rows: Sequence[Row], code: str, column: str) -> tuple[tuple[str, Texts], ...]:
    codes = dict.fromkeys(row.get(code, "") for row in rows)
    return tuple((each, _texts([row for row in rows if row.get(code, "") == each], column))
                 for each in codes)  # fmt: skip


def _answers(tables: Mapping[str, Sequence[Row]], qid: str) -> tuple[tuple[str, Texts], ...]:
    rows = [row for row in tables.get("answers", ()) if row.get("qid") == qid]
    worded = tables.get("answer_l10ns", ())
    if not worded:
        return _grouped(rows, "code", "answer")
    return tuple(
        (
            row.get("code", ""),
            _texts([t for t in worded if t.get("aid") == row.get("aid")], "answer"),
        )
        for row in rows
    )


def write_lsq(question: LimeQuestion, *, languages: Sequence[str]) -> bytes:
    """Write one question as LimeSurvey imports it (database version 640).

    Parameters
    ----------
    question : LimeQuestion
    languages : sequence of str
        The first is the survey's own.
    """
    common = {"sid": "1", "gid": "1", "other": "N", "mandatory": "N", "relevance": "1",
              "scale_id": "0"}  # fmt: skip
    own = {"qid": "1", "parent_qid": "0", "type": question.kind, "title": question.code, **common}
    subs = [
        {"qid": str(n), "parent_qid": "1", "type": "T", "title": code, **common,
         "question_order": str(n - 1), "question": texts.get(lang, ""), "language": lang}
        for n, (code, texts) in enumerate(question.parts, 2)
        for lang in languages
    ]  # fmt: skip
    worded = [
        {"qid": "1", "question": question.texts.get(lang, ""), "help": "", "language": lang}
        for lang in languages
    ]
    answers = [
        {"aid": str(n), "qid": "1", "code": code, "sortorder": str(n), "scale_id": "0"}
        for n, (code, _texts) in enumerate(question.answers, 1)
    ]
    named = [
        {"aid": str(n), "answer": texts.get(lang, ""), "language": lang}
        for n, (_code, texts) in enumerate(question.answers, 1)
        for lang in languages
    ]
    attributes = [
        {"qid": "1", "attribute": name, "value": value, "language": ""}
        for name, value in question.attributes.items()
    ]
    tables = {"questions": [{**own, "question_order": "1"}], "subquestions": subs,
              "question_l10ns": worded, "answers": answers, "answer_l10ns": named,
              "question_attributes": attributes}  # fmt: skip
    written = "".join(_table(name, rows) for name, rows in tables.items() if rows)
    spoken = "".join(f"<language>{escape(each)}</language>" for each in languages)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<document>'
    kind = f"<LimeSurveyDocType>Question</LimeSurveyDocType><DBVersion>{_VERSION}</DBVersion>"
    return f"{head}{kind}<languages>{spoken}</languages>{written}</document>\n".encode()


def _table(name: str, rows: Sequence[Row]) -> str:
    fields = "".join(f"<fieldname>{each}</fieldname>" for each in rows[0])
    cells = "".join(
        f"<row>{''.join(f'<{key}>{_cell(value)}</{key}>' for key, value in row.items())}</row>"
        for row in rows
    )
    return f"<{name}><fields>{fields}</fields><rows>{cells}</rows></{name}>"


def _cell(value: str) -> str:
    return escape(_UNWRITABLE.sub("", value), quote=False)


def write_tsv(
    questions: Sequence[LimeQuestion], *, titles: Texts, languages: Sequence[str]
) -> bytes:
    """Write the structure of a survey as tab-separated values, in UTF-8 with its mark.

    Parameters
    ----------
    questions : sequence of LimeQuestion
    titles : mapping of language to text
    languages : sequence of str
        The first is the survey's own.
    """
    out = io.StringIO()
    writer = csv.DictWriter(out, _COLUMNS, restval="", dialect="excel-tab", lineterminator="\n")
    writer.writeheader()
    writer.writerow({"class": "S", "name": "language", "text": languages[0]})
    writer.writerow({"class": "S", "name": "additional_languages", "text": " ".join(languages[1:])})
    for lang in languages:
        title = titles.get(lang) or titles[languages[0]]
        writer.writerow({"class": "SL", "name": "surveyls_title", "text": title, "language": lang})
    for lang in languages:
        group = {"id": "1", "class": "G", "type/scale": "1", "name": titles.get(lang, "1")}
        writer.writerow({**group, "relevance": "1", "language": lang})
        for number, question in enumerate(questions, 1):
            writer.writerows(_tsv_rows(question, number, lang))
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _tsv_rows(question: LimeQuestion, number: int, lang: str) -> Iterator[dict[str, str]]:
    held = {name: question.attributes.get(name, "") for name in _ATTRIBUTES[:2]}
    asked = {"id": str(number), "class": "Q", "type/scale": question.kind, "name": question.code}
    words = {"text": _safe(question.texts.get(lang, "")), "language": lang}
    yield {**asked, **words, **held, "relevance": "1", "mandatory": "N", "other": "N"}
    for code, texts in question.parts:
        row = {"id": str(number), "class": "SQ", "type/scale": "0", "name": code}
        yield {**row, "relevance": "1", "text": _safe(texts.get(lang, "")), "language": lang}
    for code, texts in question.answers:
        row = {"id": str(number), "class": "A", "type/scale": "0", "name": code}
        yield {**row, "relevance": "0", "text": _safe(texts.get(lang, "")), "language": lang}


def _safe(text: str) -> str:
    """Keep a spreadsheet from reading words as a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _unsafe(text: str) -> str:
    return text[1:] if text[:1] == "'" and text[1:2] in _FORMULA else text


def read_tsv(data: bytes) -> tuple[tuple[LimeQuestion, ...], Texts]:
    """Read the structure of a survey and its titles.

    Parameters
    ----------
    data : bytes
        UTF-8, with or without its mark.

    Returns
    -------
    tuple of LimeQuestion, and mapping of language to title

    Raises
    ------
    ExchangeRefused
    """
    if len(data) > BYTES_MOST:
        raise ExchangeRefused("The file is too large", f"{len(data)} bytes", "Give 2 MB at most.")
    try:
        text = data.decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text, newline=""), dialect="excel-tab"))
    except (UnicodeError, csv.Error) as error:
        remedy = "Export “Tab Separated Values” from LimeSurvey, in UTF-8."
        raise ExchangeRefused("The file cannot be read", str(error), remedy) from None
    needed = {"class", "name", "text", "language"}
    if not rows or not needed <= set(rows[0]) or len(rows) > ROWS_MOST:
        found = ", ".join(str(each) for each in (rows[0] if rows else ())) or "nothing"
        remedy = "Give the columns class, name, text and language, and 5,000 rows at most."
        raise ExchangeRefused("This is no structure of a survey", found[:200], remedy)
    whole = [{str(key): value or "" for key, value in row.items() if isinstance(value, str | None)}
             for row in rows]  # fmt: skip
    titles = {r["language"]: r["text"] for r in whole if r["name"] == "surveyls_title"}
    return tuple(_from_rows(whole)), {lang: text for lang, text in titles.items() if text}


def _from_rows(rows: Sequence[Row]) -> Iterator[LimeQuestion]:
    tables: dict[str, list[Row]] = {"questions": [], "subquestions": [], "answers": []}
    tables["question_attributes"] = []
    qid = ""
    for row in rows:
        text, lang = _unsafe(row["text"]), row["language"]
        if row["class"] == "Q":
            qid = row["name"]
            tables["questions"].append({
                "qid": qid, "parent_qid": "0", "title": qid, "type": row.get("type/scale", ""),
                "question": text, "help": row.get("help", ""), "language": lang,
                "mandatory": row.get("mandatory", ""), "other": row.get("other", ""),
                "relevance": row.get("relevance", "1"),
            })  # fmt: skip
            tables["question_attributes"] += [
                {"qid": qid, "attribute": name, "value": row[name]}
                for name in _ATTRIBUTES
                if row.get(name)
            ]
        elif row["class"] == "SQ":
            tables["subquestions"].append(
                {"parent_qid": qid, "title": row["name"], "question": text, "language": lang}
            )
        elif row["class"] == "A":
            tables["answers"].append(
                {"qid": qid, "code": row["name"], "answer": text, "language": lang}
            )
    return _from_tables(tables)
