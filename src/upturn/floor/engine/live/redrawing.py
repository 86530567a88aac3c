"""A floor drawn anew while a shift is on: what stays as it was cut, and which tables leave."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from upturn.floor.engine.shapes import Floor


@dataclass(frozen=True, slots=True)
class Redrawn:
    """Sections of tables and owners of sections; `leaving` tables are gone from the drawing."""

    tables: Mapping[str, str]
    owners: Mapping[str, str]
    leaving: tuple[str, ...]


def redrawn_tables(
    old: Floor,
    new: Floor,
    *,
    tables: Mapping[str, str],
    owners: Mapping[str, str],
    waiting: Collection[str],
) -> Redrawn:
    """Take a new drawing over into a shift.

    Parameters
    ----------
    old, new : Floor
        As the shift has it, and as it is drawn now.
    tables : mapping of place to section
        As cut in this shift, with tables that are leaving already.
    owners : mapping of section to seat
    waiting : collection of str
        Places where needs are open or taken.

    Returns
    -------
    Redrawn
        A table is in the section of this shift unless the drawing moved it; a table gone from the
        drawing stays, as leaving, while anything waits there; then it is gone.
    """
    was = {node.id: node.section for node in old.nodes}
    drawn = {node.id: node.section for node in new.nodes if node.section}
    sections = {section.id: section.owner for section in new.sections}
    gone = {*_sections(old)} - {*owners}  # called off in this shift
    leaving = tuple(place for place in tables if place not in drawn and place in waiting)
    cut = {
        place: tables[place]
        if place in tables and was.get(place) == section and tables[place] in sections
        else section
        for place, section in drawn.items()
    }
    seats = {server.id for server in new.servers}
    kept = {section: owners.get(section, owner) for section, owner in sections.items()}
    return Redrawn(
        tables={**cut, **{place: tables[place] for place in leaving}},
        owners={
            section: seat if seat in seats else sections[section]
            for section, seat in kept.items()
            if section not in gone or section in cut.values()
        },
        leaving=leaving,
    )


def with_leaving(new: Floor, old: Floor, *, leaving: Collection[str]) -> Floor:
    """Give a new drawing that still has the places that leave it, so that one can walk there.

    Parameters
    ----------
    new, old : Floor
    leaving : collection of str
        Places of the old floor; what the new one has is as it says.

    Returns
    -------
    Floor
        For planning alone: the places that leave have no section in it.

    Examples
    --------
    >>> from upturn.floor.engine.grid import grid
    >>> both = with_leaving(grid(tables=6), grid(tables=7), leaving=["1-7"])
    >>> len(both.nodes), both.nodes[-1].id, both.nodes[-1].section
    (26, '1-7', '')
    """
    here = {node.id for node in new.nodes}
    stay = tuple(
        replace(node, section="")
        for node in old.nodes
        if node.id in leaving and node.id not in here
    )
    added = {node.id for node in stay}
    known = here | added
    edges = tuple(
        edge for edge in old.edges if {edge.a, edge.b} & added and {edge.a, edge.b} <= known
    )
    return replace(new, nodes=(*new.nodes, *stay), edges=(*new.edges, *edges) if new.edges else ())


def _sections(floor: Floor) -> tuple[str, ...]:
    return tuple(section.id for section in floor.sections)
