"""How the search is compiled, with the types of its functions kept."""

from collections.abc import Callable
from typing import TypeVar, cast

from upturn.floor.engine.kernel.compiling import compiled, kept

Function = TypeVar("Function", bound=Callable[..., object])


def entry(function: Function) -> Function:
    """Compile what Python calls; kept on disk for the next process."""
    return cast("Function", kept(function))


def inner(function: Function) -> Function:
    """Compile what compiled code alone calls: it needs no door to Python."""
    return cast("Function", compiled(function))
