"""Attack 6 by exhaustive search: every way in which a host can show lists to honest members.

Who holds a share of an honest ballot, or a sum of shares, knows a linear equation between the
coefficients of that ballot's polynomial. A ballot is read if its constant term follows from all
equations that the colluders hold; ranks over a prime field decide that exactly.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations, product

import pytest

from upturn.exchange.engine.ballot import FEWEST, ballots_needed, colluders, thresholds

PRIME = 2**31 - 1
Lists = tuple[frozenset[int], ...]


def shown(honest: int, silent: int, fewest_honest: int) -> Iterator[Lists]:
    """A list for each honest member: the honest ballots on it, its own among them if it has one."""
    voters = range(honest - silent)
    lists = [
        frozenset(chosen)
        for size in range(max(fewest_honest, 0), len(voters) + 1)
        for chosen in combinations(voters, size)
    ]
    ways = [[one for one in lists if at >= len(voters) or at in one] for at in range(honest)]
    return product(*ways)


def readable(n: int, colluding: int, *, posts: dict[int, frozenset[int]], voters: int) -> bool:
    """Whether some honest ballot's constant term follows from shares and posted sums."""
    degree = thresholds(n).secret + 1
    known = [
        row({ballot}, holder, voters, degree)
        for ballot in range(voters)
        for holder in range(n - colluding + 1, n + 1)
    ]
    known += [row(ballots, at + 1, voters, degree) for at, ballots in posts.items()]
    base = rank(known)
    return any(rank([*known, row({ballot}, 0, voters, degree)]) == base for ballot in range(voters))


def row(ballots: frozenset[int] | set[int], point: int, voters: int, degree: int) -> list[int]:
    powers = [pow(point, power, PRIME) for power in range(degree)]
    return [value for at in range(voters) for value in (powers if at in ballots else [0] * degree)]


def rank(rows: Sequence[list[int]]) -> int:
    reduced = [list(one) for one in rows]
    found = 0
    for column in range(len(reduced[0])):
        pivot = next((r for r in range(found, len(reduced)) if reduced[r][column]), None)
        if pivot is None:
            continue
        reduced[found], reduced[pivot] = reduced[pivot], reduced[found]
        scale = pow(reduced[found][column], -1, PRIME)
        for r in range(found + 1, len(reduced)):
            if factor := reduced[r][column] * scale % PRIME:
                pairs = zip(reduced[r], reduced[found], strict=True)
                reduced[r] = [(one - factor * other) % PRIME for one, other in pairs]
        found += 1
    return found


def some_ballot_is_read(
    n: int, colluding: int, *, signatures: int, silent: int = 0, promised: int | None = None
) -> bool:
    """Search all lists; ``signatures`` 0 is a world without the confirmation.

    The colluders sign whatever is asked, and each list has all their ballots. Without ``promised``
    a list is long enough with five ballots.
    """
    honest = n - colluding
    needed = FEWEST if promised is None else ballots_needed(promised)
    for lists in shown(honest, silent, needed - colluding):
        posts = {
            at: one for at, one in enumerate(lists) if lists.count(one) + colluding >= signatures
        }
        if readable(n, colluding, posts=posts, voters=honest - silent):
            return True
    return False


@pytest.mark.parametrize("n", [6, 7, 8])
def test_without_the_confirmation_n_less_2_read_a_ballot_and_n_less_3_do_not(n: int) -> None:
    assert some_ballot_is_read(n, n - 2, signatures=0)
    assert not some_ballot_is_read(n, n - 3, signatures=0)


@pytest.mark.parametrize("n", [6, 7, 8])
def test_with_all_but_one_confirming_n_less_2_read_a_ballot_and_n_less_3_do_not(n: int) -> None:
    assert some_ballot_is_read(n, n - 2, signatures=n - 1)
    assert not some_ballot_is_read(n, n - 3, signatures=n - 1)


@pytest.mark.parametrize("n", [5, 6, 7, 8])
def test_where_all_confirm_n_less_2_read_nothing_and_n_less_1_always_do(n: int) -> None:
    assert not some_ballot_is_read(n, n - 2, signatures=n)
    assert some_ballot_is_read(n, n - 1, signatures=n)


def test_at_five_companies_the_five_ballots_alone_stop_it() -> None:
    assert not some_ballot_is_read(5, 3, signatures=0)


@pytest.mark.parametrize(("signatures", "colluding", "read"), [(6, 4, True), (6, 3, False)])
def test_a_silent_member_weakens_seven_where_only_five_ballots_are_asked(
    signatures: int, colluding: int, read: bool
) -> None:
    assert some_ballot_is_read(7, colluding, signatures=signatures, silent=1) is read


def test_where_all_of_seven_confirm_four_and_a_silent_member_read_nothing() -> None:
    assert not some_ballot_is_read(7, 4, signatures=7, silent=1)


@pytest.mark.parametrize("all_confirm", [False, True])
@pytest.mark.parametrize("silent", [0, 1, 2])
@pytest.mark.parametrize("n", [5, 6, 7, 8])
def test_what_the_sheet_promises_holds_however_many_are_silent(
    n: int, silent: int, all_confirm: bool
) -> None:
    asked = thresholds(n, all_confirm=all_confirm)
    promised = colluders(n, asked)
    assert not some_ballot_is_read(
        n, promised, signatures=asked.signatures, silent=silent, promised=promised
    )


def test_one_ballot_fewer_than_the_promise_asks_for_would_break_it() -> None:
    asked = thresholds(7)
    promised = colluders(7, asked)
    assert some_ballot_is_read(7, promised, signatures=asked.signatures, silent=1, promised=3)
