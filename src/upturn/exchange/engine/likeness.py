"""Who sits in much the same boat: told by each of itself in coarse bands, hinted at among enough.

A company says as much as it likes. What another reads is in what both are alike, never a band by
its name and never a figure; and nothing at all of a band that fewer than five owners stand in, as
whoever knows the trade would then know who is meant (S3.51).
"""

from collections.abc import Mapping

from upturn.exchange.engine.errors import NoSuchWord
from upturn.exchange.engine.metrics import FEWEST

YOUNG, ANY = "under_a_year", "any"
TENURES = (YOUNG, "one_to_three", "longer")
"""How long most of those who serve have been there."""
TEAMS = (*TENURES, ANY)
"""For which teams a practice was made (S3.12)."""
BANDS: Mapping[str, tuple[str, ...]] = {
    "size": ("small", "middle", "large"),
    "tenure": TENURES,
    "channel": ("phone", "writing", "in_person", "mixed"),
}
"""What a company may say of the teams that serve the common client, each in one of its bands."""


def told_in_bands(given: Mapping[str, str]) -> dict[str, str]:
    """Take what a company says of itself; what it leaves empty stays unsaid.

    Raises
    ------
    NoSuchWord
        For a matter or a band that does not exist: nothing finer than a band is taken.

    Examples
    --------
    >>> told_in_bands({"size": "small", "tenure": ""})
    {'size': 'small'}
    """
    for matter, band in given.items():
        if band and band not in BANDS.get(matter, ()):
            known = ", ".join(BANDS.get(matter, BANDS))
            raise NoSuchWord(f"{matter} {band!r} is no band. There are: {known}.")
    return {matter: given[matter] for matter in BANDS if given.get(matter)}


def same_boat(
    told: Mapping[str, Mapping[str, str]], *, groups: Mapping[str, str], party: str
) -> dict[str, tuple[str, ...]]:
    """Say to one company in what each other is like it.

    Parameters
    ----------
    told : mapping of str to mapping of str to str
        By company its bands by matter.
    groups : mapping of str to str
        By company the owner behind it; companies of one owner count once.
    party : str
        Who asks. It learns nothing in a matter of which it says nothing itself.

    Returns
    -------
    dict of str to tuple of str
        By the other company the matters, in their order; one that shares none is not there.

    Examples
    --------
    >>> told = {party: {"size": "small"} for party in "abcde"} | {"f": {"size": "large"}}
    >>> same_boat(told, groups={party: party for party in told}, party="a")["b"]
    ('size',)
    >>> same_boat(told, groups={party: party for party in told}, party="f")
    {}
    """
    own = told.get(party, {})
    open_to_all = [matter for matter in BANDS if _enough(told, groups, matter, own.get(matter, ""))]
    found = {
        other: tuple(matter for matter in open_to_all if bands.get(matter) == own[matter])
        for other, bands in told.items()
        if other != party
    }
    return {other: matters for other, matters in found.items() if matters}


def _enough(
    told: Mapping[str, Mapping[str, str]], groups: Mapping[str, str], matter: str, band: str
) -> bool:
    there = {groups[each] for each in told if told[each].get(matter) == band}
    return bool(band) and len(there) >= FEWEST
