"""A plain floor to begin with: sections in rows, tables side by side, one station."""

from collections.abc import Mapping

from upturn.floor.engine.shapes import (
    Behaviour,
    Durations,
    Floor,
    Kind,
    NeedType,
    Node,
    Section,
    Server,
)


def grid(
    *,
    sections: int = 4,
    tables: int = 7,
    need_types: tuple[NeedType, ...] = (),
    hands: Mapping[str, int] | None = None,
    behaviour: Behaviour | None = None,
) -> Floor:
    """Give floor F: table t of section s at x = 1 + 2t, y = 1 + 3s metres, station at (7, -2).

    Parameters
    ----------
    sections, tables : int
        How many sections, and tables in each (S0.2: six to eight).
    need_types : tuple of NeedType
        Empty: one kind, 7.2 an hour at each table (.002 a second), service exponential, 20 s.
    hands : mapping of item to capacity
        The same for every server.
    behaviour : Behaviour, optional

    Returns
    -------
    Floor
        Each section has its one owner and its neighbours above and below.

    Examples
    --------
    >>> floor = grid(sections=2, tables=6)
    >>> len(floor.nodes), floor.sections[1].owner, floor.sections[1].neighbours
    (13, 'server 2', ('section 1',))
    """
    nodes = [
        Node(f"{s + 1}-{t + 1}", Kind.TABLE, 1.0 + 2 * t, 1.0 + 3 * s, f"section {s + 1}")
        for s in range(sections)
        for t in range(tables)
    ]
    return Floor(
        nodes=(*nodes, Node("station", Kind.STATION, 7.0, -2.0)),
        need_types=need_types or (NeedType("request", 7.2, Durations(20.0)),),
        servers=tuple(
            Server(f"server {s + 1}", f"section {s + 1}", hands=dict(hands or {}))
            for s in range(sections)
        ),
        sections=tuple(
            Section(
                f"section {s + 1}",
                f"server {s + 1}",
                tuple(f"section {n + 1}" for n in (s - 1, s + 1) if 0 <= n < sections),
            )
            for s in range(sections)
        ),
        behaviour=behaviour or Behaviour(),
        name="Floor F" if (sections, tables) == (4, 7) else "",
    )
