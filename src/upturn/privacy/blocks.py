"""Who is counted together: units, pre-blocks before a wave, blocks after it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unit:
    """People who belong together on one side of what a wave asks.

    Parameters
    ----------
    key : str
    side : str
        Units of different sides are never pooled.
    parents : tuple of str
        What the unit belongs to, the nearest first, the whole last; units are pooled under the
        nearest parent that reaches k.
    people : int
        On the day of opening.
    """

    key: str
    side: str
    parents: tuple[str, ...]
    people: int


@dataclass(frozen=True, slots=True)
class PreBlock:
    """Units whose answers are kept under one key: the finest thing an answer is tied to.

    Parameters
    ----------
    key, side : str
    units : tuple of str
    parents : tuple of str
        What all of the units belong to, the nearest first.
    people : int
        At least k.
    """

    key: str
    side: str
    units: tuple[str, ...]
    parents: tuple[str, ...]
    people: int


@dataclass(frozen=True, slots=True)
class Block:
    """Pre-blocks that are counted together from the close of a wave on, for ever.

    Parameters
    ----------
    key, side : str
    pre_blocks : tuple of str
    parent : str
        The nearest thing all of it belongs to.
    people : int
        Who answered, at least k.
    parents : tuple of str
        `parent` and what lies above it.
    """

    key: str
    side: str
    pre_blocks: tuple[str, ...]
    parent: str
    people: int
    parents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Frozen:
    """How the answers of a wave are counted.

    Parameters
    ----------
    blocks : tuple of Block
    left_out : tuple of Block
        What reached no k even together: counted nowhere. ``people`` is below k.
    """

    blocks: tuple[Block, ...]
    left_out: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class WideBlock:
    """Blocks of one side whose sums and products are kept together.

    Parameters
    ----------
    key, side : str
    blocks : tuple of str
        Keys of the blocks.
    """

    key: str
    side: str
    blocks: tuple[str, ...]
