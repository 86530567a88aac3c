"""Thresholds, bins and who must collude, by the number of companies.

References
----------
Seed 003, S3.29; the table in ``docs/reference/ballot.md`` and the exhaustive search in the tests.
"""

from dataclasses import dataclass

from upturn.exchange.engine.errors import BadRoster
from upturn.exchange.engine.metrics import FEWEST, bins_of

MOST = 200


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What a round of so many companies asks for.

    Parameters
    ----------
    secret : int
        Degree of the polynomials, called t: so many shares say nothing, one more opens.
    signatures : int
        Confirmations that one accepted list needs before anybody opens, called q.
    """

    secret: int
    signatures: int

    @property
    def openers(self) -> int:
        """How many sums make the totals."""
        return self.secret + 1


def thresholds(n: int, *, all_confirm: bool = False) -> Thresholds:
    """Thresholds of a round of ``n`` companies.

    One company may be away when the list is confirmed, unless all are to confirm.

    Raises
    ------
    BadRoster
        If there are fewer than five companies, or more than 200.

    Examples
    --------
    >>> thresholds(6)
    Thresholds(secret=4, signatures=5)
    >>> thresholds(50).openers
    34
    """
    _check(n)
    secret = n - 2 if n <= 8 else 2 * n // 3
    return Thresholds(secret, n if all_confirm else n - 1)


def bins_for(n: int) -> int:
    """How many bins a metric has, "not applicable" among them; raise BadRoster as `thresholds`.

    Examples
    --------
    >>> [bins_for(n) for n in (5, 11, 12, 29, 30)]
    [8, 8, 12, 12, 16]
    """
    _check(n)
    return bins_of(n)


def _check(n: int) -> None:
    if not FEWEST <= n <= MOST:
        raise BadRoster(
            f"{n} companies. A sealed benchmark takes from {FEWEST} to {MOST}; "
            "with fewer, exchange practices without numbers."
        )


def colluders(n: int, at: Thresholds, *, ballots: int | None = None) -> int:
    """How many members may work together with a host that cheats, and still read no one ballot.

    Three ways lead to one ballot, and each asks for more than so many: t + 1 shares; two lists that
    both reach q signatures (2q - n); one list with a single ballot of others (ballots - 1).

    Parameters
    ----------
    n : int
        Companies on the roster.
    at : Thresholds
    ballots : int, optional
        On the accepted list; without it, the fewest that q signers can have put in.

    Notes
    -----
    A member that confirms without a ballot of its own counts in the last term: it signs for the
    list, and hides nobody in it.

    Examples
    --------
    >>> colluders(6, thresholds(6)), colluders(6, thresholds(6, all_confirm=True))
    (3, 4)
    >>> colluders(7, thresholds(7), ballots=5)
    3
    """
    listed = at.signatures if ballots is None else ballots
    return min(at.secret, 2 * at.signatures - n - 1, listed - 2)


def ballots_needed(promised: int) -> int:
    """How many ballots an accepted list must hold to keep what the sheet promised.

    Examples
    --------
    >>> ballots_needed(3)
    5
    """
    return max(FEWEST, promised + 2)
