"""The letters that are printed with, and which signs they have."""

import struct
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import typst

PACKAGES = ("fontpkg_inter", "fontpkg_heebo", "fontpkg_noto_sans_arabic")
FAMILIES = ("Inter", "Heebo", "Noto Sans Arabic")
"""In this order a sign is looked for; further ones come after these."""
KINDS = {".ttf", ".otf", ".ttc"}
COLLECTION = b"ttcf"
_Table = tuple[int, int]  # where it begins in the file, and how long it is


@dataclass(frozen=True, slots=True)
class Letters:
    """Letters at hand.

    Parameters
    ----------
    fonts : typst.Fonts
        As the typesetter takes them.
    signs : frozenset of int
        Code points that at least one of them has.
    """

    fonts: "typst.Fonts"
    signs: frozenset[int]


@lru_cache(maxsize=4)
def letters(more: str = "") -> Letters:
    """Read which letters there are.

    Parameters
    ----------
    more : str
        A folder with further fonts, for scripts that the own ones do not have.
    """
    import typst  # noqa: PLC0415 - 40 MB that only printing needs

    folders = [str(files(package) / "files") for package in PACKAGES] + ([more] if more else [])
    found = [
        path
        for folder in folders
        for path in sorted(Path(folder).rglob("*"))
        if path.suffix.lower() in KINDS
    ]
    signs = frozenset[int]().union(*(signs_in(path.read_bytes()) for path in found))
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=folders
    )
    return Letters(fonts, signs)


def signs_in(font: bytes) -> frozenset[int]:
    """List the code points that a font has letters for; none where it cannot be read.

    Parameters
    ----------
    font : bytes
        TrueType or OpenType, or a collection of such.

    References
    ----------
    OpenType specification 1.9.1, "cmap": formats 4 and 12.
    """
    try:
        starts = (0,)
        if font[:4] == COLLECTION:
            (many,) = struct.unpack_from(">I", font, 8)
            starts = struct.unpack_from(f">{many}I", font, 12)
        return frozenset().union(*(_signs_of_one(font, start) for start in starts))
    except struct.error:
        return frozenset()


def _signs_of_one(font: bytes, start: int) -> set[int]:
    (many,) = struct.unpack_from(">H", font, start + 4)
    for n in range(many):
        tag, _sum, at, _length = struct.unpack_from(">4sIII", font, start + 12 + 16 * n)
        if tag == b"cmap":
            return _signs_of_map(font, at)
    return set()


def _signs_of_map(font: bytes, at: int) -> set[int]:
    (many,) = struct.unpack_from(">H", font, at + 2)
    found: set[int] = set()
    for n in range(many):
        platform, encoding, offset = struct.unpack_from(">HHI", font, at + 4 + 8 * n)
        if platform == 0 or (platform == 3 and encoding in {1, 10}):
            (form,) = struct.unpack_from(">H", font, at + offset)
            found |= _READERS.get(form, _no_signs)(font, at + offset)
    return found


def _ranges_of_16_bits(font: bytes, at: int) -> set[int]:
    """Read format 4: segments with a shift each, or with a list of glyphs."""
    (many,) = struct.unpack_from(">H", font, at + 6)
    many //= 2
    ends, starts, shifts, offsets = (
        struct.unpack_from(f">{many}H", font, at + 14 + 2 * many * n + (2 if n else 0))
        for n in range(4)
    )
    found: set[int] = set()
    for n, (first, last) in enumerate(zip(starts, ends, strict=True)):
        if first == 0xFFFF:
            continue
        if offsets[n] == 0:
            found.update(code for code in range(first, last + 1) if (code + shifts[n]) & 0xFFFF)
            continue
        listed = at + 16 + 2 * many * 3 + 2 * n + offsets[n]
        glyphs = struct.unpack_from(f">{last - first + 1}H", font, listed)
        found.update(first + step for step, glyph in enumerate(glyphs) if glyph)
    return found


def _ranges_of_32_bits(font: bytes, at: int) -> set[int]:
    """Read format 12: groups of code points that follow each other."""
    (many,) = struct.unpack_from(">I", font, at + 12)
    found: set[int] = set()
    for n in range(many):
        first, last, glyph = struct.unpack_from(">III", font, at + 16 + 12 * n)
        found.update(range(first if glyph else first + 1, min(last, 0x10FFFF) + 1))
    return found


def _no_signs(_font: bytes, _at: int) -> set[int]:
    return set()


_READERS = {4: _ranges_of_16_bits, 12: _ranges_of_32_bits}
