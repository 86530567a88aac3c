"""Which letters the bytes of a text file stand for."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import BinaryIO

from upturn.graph.engine.tabular_errors import NotATable, gettext_noop

CHUNK = 1 << 20
SAMPLE = 1 << 16
# Letters beyond A to Z stand alone or in pairs in Latin script, and cp1252 is the safe reading: on
# short samples a detector takes French for Polish. Where they make up words it is asked for the
# script.
WORD_BEYOND_ASCII = re.compile(rb"[\x80-\xff]{3,}")
OTHER_SCRIPTS = [
    "cp1251", "koi8_r", "cp1253", "cp1255", "cp1256", "shift_jis", "euc_jp", "gb18030", "big5",
    "euc_kr",
]  # fmt: skip
UNDEFINED_IN_CP1252 = bytes((0x81, 0x8D, 0x8F, 0x90, 0x9D))
PUNCTUATION_OF_CP1252 = bytes((0x80, 0x85, 0x91, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x99))
ORDINARY_CONTROLS = "\t\n\r\v\f\x1a"


@dataclass(frozen=True, slots=True)
class Encoding:
    """How the bytes are read.

    Parameters
    ----------
    name : str
        Codec, as Python names it.
    broken : int
        Characters that could not be read and stand as U+FFFD.
    """

    name: str
    broken: int = 0


def decide_encoding(stream: BinaryIO) -> Encoding:
    """Decide once for the whole file; strict UTF-8 first, guesses only when it fails.

    Parameters
    ----------
    stream : BinaryIO
        Seekable; read through once, about 1 s for 1 GB when it is plain UTF-8.

    Raises
    ------
    NotATable
        More control characters than any text has.

    >>> import io
    >>> decide_encoding(io.BytesIO("café".encode("cp1252"))).name
    'cp1252'
    """
    stream.seek(0)
    head = stream.read(SAMPLE)
    encoding = _from_mark_or_zeros(stream, head) or _from_content(stream)
    _refuse_rubbish(head.decode(encoding.name, errors="replace"))
    return encoding


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    stream.seek(0)
    return iter(partial(stream.read, CHUNK), b"")


def _from_mark_or_zeros(stream: BinaryIO, head: bytes) -> Encoding | None:
    if head.startswith(codecs.BOM_UTF8):
        return _read_with(stream, "utf-8-sig")
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _read_with(stream, "utf-16")
    even, odd = head[0::2].count(0), head[1::2].count(0)
    most, least = max(even, odd), min(even, odd)
    if most == 0 or most < len(head) // 8 or least > most // 8:
        return None
    return _read_with(stream, "utf-16-le" if odd > even else "utf-16-be")


def _from_content(stream: BinaryIO) -> Encoding:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for chunk in _chunks(stream):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return _mostly_utf8(stream) or _read_with(stream, _older_codec(stream))
    return Encoding("utf-8")


def _mostly_utf8(stream: BinaryIO) -> Encoding | None:
    """Keep UTF-8 when a few bytes are broken among many that only UTF-8 explains."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    beyond_ascii = broken = 0
    for chunk in chain(_chunks(stream), [b""]):
        text = decoder.decode(chunk, final=not chunk)
        broken += text.count("�")
        beyond_ascii += len(text) - len(text.encode("ascii", "ignore"))
    return Encoding("utf-8", broken) if beyond_ascii > 10 * broken else None


def _read_with(stream: BinaryIO, codec: str) -> Encoding:
    decoder = codecs.getincrementaldecoder(codec)("replace")
    broken = sum(decoder.decode(chunk).count("�") for chunk in _chunks(stream))
    return Encoding(codec, broken + decoder.decode(b"", final=True).count("�"))


def _older_codec(stream: BinaryIO) -> str:
    sample = b""
    undefined = punctuated = False
    for chunk in _chunks(stream):
        undefined |= any(byte in chunk for byte in UNDEFINED_IN_CP1252)
        punctuated |= any(byte in chunk for byte in PUNCTUATION_OF_CP1252)
        if len(sample) < SAMPLE:
            sample += b"\n".join(line for line in chunk.splitlines() if not line.isascii())[:SAMPLE]
    high = sum(byte >= 0x80 for byte in sample)
    in_words = sum(map(len, WORD_BEYOND_ASCII.findall(sample)))
    if 2 * in_words > high >= 10 and (codec := _other_script(sample)):
        return codec
    return "latin-1" if undefined and not punctuated else "cp1252"


def _other_script(sample: bytes) -> str | None:
    from charset_normalizer import from_bytes  # noqa: PLC0415 - 40 ms, for few files

    best = from_bytes(sample, cp_isolation=OTHER_SCRIPTS).best()
    return best.encoding if best else None


def _refuse_rubbish(text: str) -> None:
    controls = sum(
        text.count(chr(code)) for code in range(32) if chr(code) not in ORDINARY_CONTROLS
    )
    if controls > max(8, len(text) // 100):
        raise NotATable(
            gettext_noop("This is not a text file: it holds %(controls)d control characters."),
            remedy=gettext_noop("Save the table as CSV (UTF-8) or as XLSX and bring that in."),
            controls=controls,
        )
