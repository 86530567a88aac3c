"""Blocks before a wave, at its close, and the wide ones for what needs many answers."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from upturn.privacy.blocks import Block, Frozen, PreBlock, Unit, WideBlock
from upturn.privacy.errors import Missing, TooFewPeople
from upturn.privacy.pooling import Pooled, pool


def pre_blocks(units: Sequence[Unit], *, k: int) -> tuple[PreBlock, ...]:
    """Say with whom each unit's answers will be seen together.

    Parameters
    ----------
    units : sequence of Unit
        One key once a side. Units without people are passed over.
    k : int

    Returns
    -------
    tuple of PreBlock
        Each of at least k people of one side, in the order of the units.

    Raises
    ------
    TooFewPeople
        If units of a side do not reach k even under the last parent they share; says which, and
        how many people would do.

    Examples
    --------
    >>> bar, pass_ = (Unit(key, "servers", ("inn",), 3) for key in ("bar", "pass"))
    >>> pre_blocks([bar, pass_, Unit("floor", "servers", ("inn",), 8)], k=5)[0].units
    ('bar', 'pass')
    """
    found: list[PreBlock] = []
    missing: list[Missing] = []
    for side in dict.fromkeys(unit.side for unit in units):
        members = [unit for unit in units if unit.side == side and unit.people]
        sizes = [unit.people for unit in members]
        pooled = pool(sizes, [unit.parents for unit in members], [1] * len(members), k=k)
        for group in pooled.groups:
            keys = tuple(members[one].key for one in group)
            people = sum(sizes[one] for one in group)
            shared = _shared([members[one].parents for one in group])
            found.append(PreBlock(_key(side, keys), side, keys, shared, people))
        for group in pooled.left_out:
            keys = tuple(members[one].key for one in group)
            missing.append(Missing(side, keys, sum(sizes[one] for one in group), k))
    if missing:
        raise TooFewPeople(tuple(missing))
    return tuple(found)


def freeze_blocks(pre_blocks: Sequence[PreBlock], *, answered: Mapping[str, int], k: int) -> Frozen:
    """Say which pre-blocks are counted together, now that it is known how many answered.

    It depends on how many answered and never on what. Whoever reached k keeps a figure of its own
    wherever the others can reach k without it.

    Parameters
    ----------
    pre_blocks : sequence of PreBlock
    answered : mapping of str to int
        Ballots of each pre-block; one that is not in it has none.
    k : int

    Returns
    -------
    Frozen
        Every block within one side and of at least k answers.

    Examples
    --------
    >>> floor = PreBlock("servers:floor", "servers", ("floor",), ("inn",), 8)
    >>> bar = PreBlock("servers:bar", "servers", ("bar",), ("inn",), 6)
    >>> frozen = freeze_blocks([floor, bar], answered={"servers:floor": 6, "servers:bar": 3}, k=5)
    >>> [(block.key, block.people) for block in frozen.blocks]
    [('servers:floor+1', 9)]
    """
    blocks: list[Block] = []
    left_out: list[Block] = []
    for side in dict.fromkeys(one.side for one in pre_blocks):
        members = [one for one in pre_blocks if one.side == side]
        pooled = _pool_pre_blocks(members, answered, k=k)
        blocks += (_block([members[one] for one in group], answered) for group in pooled.groups)
        left_out += (_block([members[one] for one in group], answered) for group in pooled.left_out)
    return Frozen(tuple(blocks), tuple(left_out))


def _pool_pre_blocks(members: Sequence[PreBlock], answered: Mapping[str, int], *, k: int) -> Pooled:
    """A single unit's own figure is worth twice that of units pooled before."""
    return pool(
        [answered.get(one.key, 0) for one in members],
        [one.parents for one in members],
        [2 if len(one.units) == 1 else 1 for one in members],
        k=k,
    )


def wide_blocks(blocks: Sequence[Block], *, at_least: int = 50) -> tuple[WideBlock, ...]:
    """Put blocks together until they are large enough for sums over several questions.

    Parameters
    ----------
    blocks : sequence of Block
    at_least : int
        Answers a wide block needs.

    Returns
    -------
    tuple of WideBlock
        Unions of blocks of one side, none overlapping. A side with fewer answers has none.

    Examples
    --------
    >>> wide_blocks([Block("servers:floor", "servers", ("servers:floor",), "inn", 49)])
    ()
    """
    found: list[WideBlock] = []
    for side in dict.fromkeys(block.side for block in blocks):
        members = [block for block in blocks if block.side == side]
        near: dict[str, list[Block]] = defaultdict(list)
        for block in members:
            near[block.parent].append(block)
        sizes = [sum(block.people for block in part) for part in near.values()]
        above = [(*part[0].parents, "") for part in near.values()]
        pooled = pool(sizes, above, [1] * len(sizes), k=at_least)
        parts = list(near.values())
        for group in pooled.groups:
            keys = tuple(block.key for part in group for block in parts[part])
            found.append(WideBlock(f"{keys[0]}*{len(keys)}", side, keys))
    return tuple(found)


def may_keep_wide(answered: Sequence[int], *, complete: int, k: int) -> bool:
    """Say whether sums over complete rows, beside the counts of all, point at nobody.

    The counts of a question less the sum over complete rows is the sum over those whose rows have
    gaps but who answered it; that must be nobody or at least k.

    Parameters
    ----------
    answered : sequence of int, (questions,)
        Answers to each question in the wide block, as counted.
    complete : int
        Rows without a gap.
    k : int

    Examples
    --------
    >>> may_keep_wide([60, 58], complete=52, k=5), may_keep_wide([60, 55], complete=52, k=5)
    (True, False)
    """
    return all(n == complete or n >= complete + k for n in answered)


def _block(members: Sequence[PreBlock], answered: Mapping[str, int]) -> Block:
    units = tuple(unit for one in members for unit in one.units)
    parents = _shared([one.parents for one in members])
    return Block(
        _key(members[0].side, units),
        members[0].side,
        tuple(one.key for one in members),
        parents[0] if parents else "",
        sum(answered.get(one.key, 0) for one in members),
        parents,
    )


def _key(side: str, units: tuple[str, ...]) -> str:
    """Name a union after its first unit: no two of one side share it."""
    return f"{side}:{units[0]}" + (f"+{len(units) - 1}" if len(units) > 1 else "")


def _shared(parents: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(one for one in parents[0] if all(one in others for others in parents))
