"""What teaches a reader when people have labelled comments of some classes only."""

import re
from collections.abc import Sequence

from upturn.voice.engine.cleaning import words
from upturn.voice.engine.reading import Labelled
from upturn.voice.engine.reading_classes import ReasonClass

_SENTENCES = re.compile(r"(?<=[.!?…])\s+")


def with_sentences(classes: Sequence[ReasonClass], labelled: Labelled) -> Labelled:
    """Put the sentences of every class beside the labelled comments.

    Parameters
    ----------
    classes : sequence of ReasonClass
    labelled : (texts, keys)
        Comments whose class somebody confirmed.

    Returns
    -------
    labelled : (texts, keys)
        Without a label nothing, for then the reader compares with the descriptions alone.

    Notes
    -----
    A model that learned from labels of two classes takes every comment for one of these two: after
    twenty corrections about the car park, cold soup was about the car park. What each class is
    described by stands against that.

    Examples
    --------
    >>> late = ReasonClass("late", "Late", ("We waited. Nobody came.",))
    >>> cold = ReasonClass("cold", "Cold food", ("The soup was cold",))
    >>> with_sentences([late, cold], (("An hour!",), ("late",)))[1]
    ('late', 'late', 'late', 'late', 'cold', 'cold')
    """
    texts, keys = labelled
    if not len(texts):
        return (), ()
    pairs = [
        (sentence, each.key)
        for each in classes
        for line in (each.name, *each.descriptions)
        for sentence in _SENTENCES.split(line)
        if words(sentence)
    ]
    said, owners = (tuple(column) for column in zip(*pairs, strict=True))
    return (*texts, *said), (*keys, *owners)
