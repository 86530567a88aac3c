"""How functions of the engine are compiled."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from numba import njit


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a function that only compiled functions call."""
    return njit(  # type: ignore[no-any-return]
        function, _nrt=False, error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True
    )


def entry(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a function that Python calls: without the interpreter's lock, kept on disk.

    numba looks at the file of the function alone to see whether what it kept is still right; here
    it looks at every file compiled into it.
    """
    made = njit(function, nogil=True, cache=True, _nrt=False, error_model="numpy")
    engine = Path(__file__).parents[1]
    files = sorted([*Path(__file__).parent.glob("*.py"), engine / "draws.py"])
    stamp = tuple((path.name, path.stat().st_mtime, path.stat().st_size) for path in files)
    made._cache._cache_file._source_stamp = stamp  # noqa: SLF001 - numba offers no other way
    return made  # type: ignore[no-any-return]
