"""Whether the ballots of running waves can be counted, and whether only their owner can read them.

Neither the box nor its keys are in a backup: a copy of the box, beside another of the same day,
would tell which card and which sealed ballot came together.
"""

from pathlib import Path
from stat import S_IMODE

from upturn.partners import queries
from upturn.record import ballot_box, ballot_seal

FOR_OTHERS = 0o077


def lost() -> tuple[str, ...]:
    """Running waves of which a key is gone, or of which the box holds nothing."""
    boxed = _boxed()
    return tuple(
        ref
        for ref in queries.running()
        if ref not in boxed or not ballot_seal.has_key(ref, seats=queries.seats_signed_for(ref))
    )


def unknown() -> tuple[str, ...]:
    """Waves with ballots and a key that the database does not know as running."""
    running = set(queries.running())
    return tuple(sorted(ref for ref in _boxed() - running if ballot_seal.has_key(ref)))


def readable_by_others() -> tuple[Path, ...]:
    """The box and keys that somebody beside their owner may open."""
    found = [path for path in (ballot_box.path(), ballot_seal.folder()) if path.exists()]
    found += sorted(ballot_seal.folder().glob("*.key"))
    return tuple(path for path in found if S_IMODE(path.stat().st_mode) & FOR_OTHERS)


def _boxed() -> frozenset[str]:
    return frozenset(ballot_box.states()) if ballot_box.path().exists() else frozenset()
