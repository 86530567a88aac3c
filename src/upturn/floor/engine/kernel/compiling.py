"""How functions of the engine are compiled."""

from collections.abc import Callable
from inspect import getfile
from pathlib import Path
from typing import Any

from numba import njit
from numba.core.registry import cpu_target
from numba.np import linalg

_FLAGS: dict[str, Any] = {"_nrt": False, "error_model": "numpy"}
"""Nothing compiled here makes arrays, so none of it counts references."""
_INSIDE: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}


def _wake_numba() -> None:
    """Load what numba loads before it runs anything, but for SciPy's linear algebra.

    numba only looks whether it is there, which takes as long as all the rest; who needs it later
    still gets it.
    """
    look, linalg.ensure_blas = linalg.ensure_blas, lambda: None
    try:
        cpu_target.target_context.refresh()
    finally:
        linalg.ensure_blas = look


_wake_numba()


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a function that only compiled functions call."""
    made: Callable[..., Any] = njit(function, **_FLAGS, **_INSIDE)
    return made


def written_out(function: Callable[..., Any]) -> Callable[..., Any]:
    """Have a function written out where it is called, before anything is compiled.

    Every level of calls costs another pass of the optimiser over all that lies below it.
    """
    made: Callable[..., Any] = njit(function, inline="always", **_FLAGS, **_INSIDE)
    return made


def at_once(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a function that Python calls, for this process alone."""
    made: Callable[..., Any] = njit(function, nogil=True, **_FLAGS)
    return made


def kept(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a function that Python calls, and keep it on disk.

    numba looks at the file of the function alone to see whether what it kept is still right; here
    it looks at every file that may be compiled into it: these, and those beside its own.
    """
    try:
        made: Any = njit(function, nogil=True, cache=True, **_FLAGS)
    except RuntimeError:  # nowhere to write: neither beside the code nor in the user's own folder
        return at_once(function)
    folders = {Path(__file__).parent, Path(getfile(function)).parent}
    files = sorted(path for folder in folders for path in folder.glob("*.py"))
    made._cache._cache_file._source_stamp = tuple(  # noqa: SLF001 - numba has no other way
        (path.name, path.stat().st_mtime, path.stat().st_size) for path in files
    )
    kept: Callable[..., Any] = made
    return kept
