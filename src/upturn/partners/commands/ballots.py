"""Putting an answer into the box."""

import json
import secrets
import zlib
from collections.abc import Iterable, Mapping
from datetime import date

import numpy as np

from upturn.partners.engine import Sheet, check_answers
from upturn.partners.engine.answers import questions
from upturn.partners.engine.ballots import Opened
from upturn.partners.engine.counting import SCALES
from upturn.partners.engine.errors import NotCast
from upturn.partners.models import Wave
from upturn.partners.queries.sheets import Refused, wave_and_sheet
from upturn.privacy import randomise
from upturn.record import ballot_box, ballot_seal
from upturn.record.proofs import hash_of

STEPS = 5


def cast(
    token: str,
    answers: Mapping[str, int],
    words: Mapping[str, str],
    *,
    today: date | None = None,
) -> None:
    """Put the answers into the box, once; there is no journal entry and no line in any log.

    Parameters
    ----------
    token : str
    answers : mapping of question to category
        Categories from 1; keys as in ``engine.questions``.
    words : mapping of question to text
    today : date, optional
        The day it is, unless said otherwise.

    Raises
    ------
    NotCast
        If the card is used, expired, closed, cancelled, forged or foreign; ``"unfit"`` if the
        answers do not belong to its sheet, ``"too_long"`` if the words do not fit into a ballot.
    NotStored
        If the disk did not take it; the same may be sent again.
    """
    if reason := ballot_box.put(_sealed(token, answers, words, today=today)):
        raise NotCast(reason)


Filled = tuple[str, Mapping[str, int], Mapping[str, str]]


def cast_together(ballots: Iterable[Filled], *, today: date) -> int:
    """Put many answers into the box at once, as an import or an example does; return how many.

    Raises
    ------
    NotCast
        If one of them is refused, such as a card that comes twice; the others are put.
    """
    sealed = [_sealed(*ballot, today=today) for ballot in ballots]
    if reason := next(filter(None, ballot_box.put_all(sealed)), ""):
        raise NotCast(reason)
    return len(sealed)


def _sealed(
    token: str, answers: Mapping[str, int], words: Mapping[str, str], *, today: date | None
) -> ballot_box.Ballot:
    found = wave_and_sheet(token, today=today)
    if isinstance(found, Refused):
        raise NotCast(found.reason)
    return ballot_box.Ballot(hash_of(token), seal(*found, answers, words))


def seal(wave: Wave, asked: Sheet, answers: Mapping[str, int], words: Mapping[str, str]) -> bytes:
    """Check the answers against their sheet and seal them to the wave's key.

    Raises
    ------
    NotCast
        ``"unfit"`` or ``"too_long"``.
    """
    if check_answers(asked, answers, words):
        raise NotCast("unfit")
    plain = pack(Opened(answers=_drawn(asked, answers), words=words))
    try:
        return ballot_seal.seal(plain, public=bytes(wave.public_key), size=wave.size)
    except ValueError:
        raise NotCast("too_long") from None


def _drawn(asked: Sheet, answers: Mapping[str, int]) -> Mapping[str, int]:
    """Replace some steps by drawn ones before anything is sealed, where the wave promised that."""
    if not asked.deniable:
        return answers
    steps = [each.key for each in questions(asked) if each.item.form in SCALES]
    steps = [key for key in steps if key in answers]
    given = np.array([answers[key] for key in steps], dtype=np.int8)
    rng = np.random.default_rng(secrets.randbits(128))
    drawn = randomise(given, p=asked.deniable, categories=STEPS, rng=rng)
    return {**answers, **dict(zip(steps, map(int, drawn), strict=True))}


def pack(ballot: Opened) -> bytes:
    """Write an answer as bytes."""
    said = {key: text.strip() for key, text in ballot.words.items() if text.strip()}
    whole = json.dumps({"a": dict(ballot.answers), "w": said}, ensure_ascii=False)
    return zlib.compress(whole.encode("utf-8", "replace"))


def unpack(plain: bytes) -> Opened:
    """Read what ``pack`` wrote."""
    whole = json.loads(zlib.decompress(plain))
    return Opened(answers=whole["a"], words=whole["w"])
