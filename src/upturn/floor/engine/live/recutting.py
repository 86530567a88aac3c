"""Sections cut anew when a seat falls out: whose tables go to whom, and nobody else's."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from upturn.floor.engine.errors import BadSetting
from upturn.floor.engine.laid import Floats, Laid
from upturn.floor.engine.shapes import Floor

BALANCE_S = 10.0
"""How much farther a table may be from a section that has one table less."""

USUAL_MOST, CROWDED_S = 8, 20.0
"""Sections have six to eight tables (S0.2); a ninth is worth so much more walking to avoid."""

NO_WAY_S = 1e6


@dataclass(frozen=True, slots=True)
class Cut:
    """Each table's section and each section's seat; `moved` tables got another section."""

    tables: Mapping[str, str]
    owners: Mapping[str, str]
    moved: tuple[str, ...] = ()


def recut(
    floor: Floor,
    laid: Laid,
    *,
    tables: Mapping[str, str],
    owners: Mapping[str, str],
    lost: Collection[str],
) -> Cut:
    """Propose who gets the tables of seats that fall out.

    Parameters
    ----------
    floor : Floor
    laid : Laid
        Of that floor.
    tables : mapping of place to section
    owners : mapping of section to seat
    lost : collection of seats
        Who is not there, or goes.

    Returns
    -------
    Cut
        Sections of the lost seats are gone, each of their tables is in another one. No other
        table moves: those stay with whoever knows their guests.

    Raises
    ------
    BadSetting
        If nobody is left to give the tables to.

    Notes
    -----
    Least sum, over the tables given away, of the mean walk from the section's own tables and a
    price that grows with the size of the section. The price is convex, so the best assignment of
    tables to free slots of sections is the exact optimum (Crouse 2016, `linear_sum_assignment`).

    Examples
    --------
    >>> from collections import Counter
    >>> from upturn.floor.engine.grid import grid
    >>> from upturn.floor.engine.laid import lay_out
    >>> floor = grid()
    >>> tables = {node.id: node.section for node in floor.nodes if node.section}
    >>> owners = {section.id: section.owner for section in floor.sections}
    >>> cut = recut(floor, lay_out(floor), tables=tables, owners=owners, lost=["server 2"])
    >>> sorted(Counter(cut.tables.values()).items())
    [('section 1', 9), ('section 3', 10), ('section 4', 9)]
    """
    left = {section: seat for section, seat in owners.items() if seat not in lost}
    orphans = [place for place, section in tables.items() if owners.get(section, "") in lost]
    if not orphans:
        return Cut(dict(tables), left)
    if not left:
        raise BadSetting("lost", tuple(lost), "keep at least one seat of a section, or close")
    sections = list(left)
    walks_s = _walks_s(floor, laid, tables=tables, owners=left, orphans=orphans)
    chosen = _assigned(walks_s, [Counter(tables.values())[section] for section in sections])
    given = {place: sections[at] for place, at in zip(orphans, chosen, strict=True)}
    return Cut({**tables, **given}, left, tuple(orphans))


def price_s(tables: int) -> float:
    """What a section pays, in seconds of walking, for its last table when it has so many."""
    return BALANCE_S * tables + (CROWDED_S if tables > USUAL_MOST else 0.0)


def _walks_s(
    floor: Floor,
    laid: Laid,
    *,
    tables: Mapping[str, str],
    owners: Mapping[str, str],
    orphans: list[str],
) -> Floats:
    """Mean walk from the tables of each section, or its seat's home, to each orphan."""
    place = {node.id: at for at, node in enumerate(floor.nodes)}
    home = {server.id: int(laid.home[at]) for at, server in enumerate(floor.servers)}
    drawn = np.array([name in place for name in orphans], np.bool_)
    to = [place.get(name, 0) for name in orphans]
    rows = []
    for section, seat in owners.items():
        own = [place[name] for name, of in tables.items() if of == section and name in place]
        rows.append(laid.walk_s[np.ix_(own or [home.get(seat, 0)], to)].mean(axis=0))
    walks_s = np.array(rows).T
    walks_s[~drawn] = 0.0  # a table that is leaving the drawing stands nowhere
    return np.where(np.isfinite(walks_s), walks_s, NO_WAY_S)


def _assigned(walks_s: Floats, sizes: list[int]) -> list[int]:
    """Give each row its column at the least cost, each column's price growing with its size."""
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415 - slow to load

    rows = len(walks_s)
    prices = np.array([[price_s(size + n + 1) for n in range(rows)] for size in sizes])
    costs = (walks_s[:, :, None] + prices[None]).reshape(rows, -1)
    _, slots = linear_sum_assignment(costs)
    return [int(slot) // rows for slot in slots]
