"""What the reader sees of a comment: the stored words themselves are never changed."""

import html
import re
import unicodedata

GOOD_MOOD = "☺"
BAD_MOOD = "☹"
LAYERS_OF_ESCAPING = 4

_GOOD_EMOJI = (
    "😀😁😂😃😄😅😆😇😉😊😋😌😍😎😏😗😘😙😚😛😜😝😸😹😺😻🙂🙃🙌🤗🤣🤤🤩🥰🥳👌👍👏💐💕💖"
    "💗💙💚💛💜💯🎉🎊✨⭐🌟🏆❤♥✅"
)
_BAD_EMOJI = (
    "😐😑😒😓😔😕😖😞😟😠😡😢😣😤😥😦😧😨😩😪😫😬😭😰😱😲😳😾😿🙁🙄🤐🤒🤔🤕🤢🤦🤧🤬🤮🥱"
    "🥴🥵🥶👎💔💢💩⛔❌"
)
_CONTROLS = (*range(0x20), *range(0x7F, 0xA0))
# Joiners, direction marks, variation selectors, skin tones and lone surrogates: they have no look
# of their own and split or glue words.
_UNSEEN = (
    *(0xAD, 0x61C, 0x180E, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F)),
    *(*range(0x2060, 0x2070), *range(0xFE00, 0xFE10), *range(0x1F3FB, 0x1F400)),
    *(*range(0xD800, 0xE000), *range(0xE0000, 0xE0080)),
)
_VISIBLE: dict[int, str | None] = {
    **dict.fromkeys(_UNSEEN),
    **dict.fromkeys(_CONTROLS, " "),
    **dict.fromkeys(map(ord, _GOOD_EMOJI), f" {GOOD_MOOD} "),
    **dict.fromkeys(map(ord, _BAD_EMOJI), f" {BAD_MOOD} "),
    ord("’"): "'",
}
_ACCENT = "\u0300-\u036f\u064b-\u0652\u0670"
_LETTERS = rf"\w[\w{_ACCENT}]*"
WORD = re.compile(rf"{_LETTERS}(?:['’]{_LETTERS})*|[{GOOD_MOOD}{BAD_MOOD}]")
_ACCENTS = re.compile(f"[{_ACCENT}]")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,400}>|<!--[^<>]{0,400}-->")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_GOOD_FACE = re.compile(r"(?<!\w)(?:[:;=]-?[)D\]]|<3)(?!\w)")
_BAD_FACE = re.compile(r"(?<!\w)[:;=]'?-?[(\[](?!\w)")
_DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")
_REPEATED = re.compile(r"([^\w\s])(?:\s*\1)+")


def clean(text: str) -> str:
    """Give the text as the reader sees it; the stored words stay as they came.

    Entities and tags of HTML, web addresses and control characters go, letters are composed (NFC),
    repeated marks shrink to one and drawn-out letters to two ("sooo" becomes "soo"). Emoji and
    emoticons of a clear mood become ``☺`` or ``☹``; other emoji stay.

    Parameters
    ----------
    text : str
        One comment, as stored.

    Returns
    -------
    str
        One line without leading or trailing space.

    Examples
    --------
    >>> clean("Gr&uuml;&szlig;e!!! <br/>The soup was sooo cold 😡😡 https://example.org/x")
    'Grüße! The soup was soo cold ☹'
    """
    text = _ADDRESS.sub(" ", _without_markup(text).translate(_VISIBLE))
    text = _BAD_FACE.sub(f" {BAD_MOOD} ", _GOOD_FACE.sub(f" {GOOD_MOOD} ", text))
    text = _REPEATED.sub(r"\1", _DRAWN_OUT.sub(r"\1\1", text))
    return unicodedata.normalize("NFC", " ".join(text.split()))


def _without_markup(text: str) -> str:
    for _ in range(LAYERS_OF_ESCAPING):
        if "&" not in text and "<" not in text:
            break
        text = _TAG.sub(" ", html.unescape(text))
    return text


def fold(text: str) -> str:
    """Fold case and accents, so that "Küche", "KÜCHE" and "kuche" are one word.

    Examples
    --------
    >>> fold("Straße MAÑANA")
    'strasse manana'
    """
    text = text.casefold().replace("’", "'")
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", text)))


def words(text: str) -> list[str]:
    """Split into words, with inner apostrophes; the two moods of `clean` count as words.

    Examples
    --------
    >>> words("Didn't like it ☹")
    ["Didn't", 'like', 'it', '☹']
    """
    return WORD.findall(text)


def word_spans(text: str) -> list[tuple[int, int]]:
    """Give the places of `words` in a text, as (start, end) positions of characters."""
    return [found.span() for found in WORD.finditer(text)]
