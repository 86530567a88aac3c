"""Who serves whom at Four Hearths, and at which moments a guest meets them."""

from typing import Any

from .shapes import Party, Serves, Theme, Touchpoint
from .sources import in_house, words

COUNTER_ONLY = ("counter", "takeaway")


def draw_parties() -> tuple[Party, ...]:
    """Parties of each house, then those that all houses share."""
    plan = words("organisation")
    here = [
        Party(f"{house['key']}-{row['key']}", *_told(row, place=house["name"]))
        for house in plan["house"]
        for row in plan["team"]
        if house["counter"] or row["key"] not in COUNTER_ONLY
    ]
    return (*here, *(Party(row["key"], *_told(row, place="")) for row in plan["shared"]))


def _told(row: dict[str, Any], *, place: str) -> tuple[str, str, str, str]:
    return row["name"], row["kind"], place, row["description"]


def edge_rows() -> list[tuple[Serves, float]]:
    """Every serves-edge with how well it usually serves, 0 to 10; 0 where nobody is asked."""
    plan = words("organisation")
    present = {party.key for party in draw_parties()}
    in_houses = [
        (in_house(row[0], house=house["key"]), in_house(row[1], house=house["key"]), *row[2:])
        for house in plan["house"]
        for row in plan["serves"]["house"]
    ]
    return [
        (Serves(server, served, what, direct), float(level))
        for server, served, what, direct, level in (*in_houses, *plan["serves"]["shared"])
        if server in present and served in present
    ]


def draw_serves() -> tuple[Serves, ...]:
    """Every serves-edge."""
    return tuple(serves for serves, _level in edge_rows())


def draw_touchpoints() -> tuple[Touchpoint, ...]:
    """The guest's day in each house; nobody serves on the way out of the Mill."""
    plan = words("organisation")
    return tuple(
        Touchpoint(
            key=f"{house['key']}-{row['key']}",
            name=row["name"],
            moment=row["moment"],
            customers=in_house(row["customers"], house=house["key"]),
            place=house["name"],
            served_by=_servers(row, house=house["key"]),
            position=position,
        )
        for house in plan["house"]
        for position, row in enumerate(plan["touchpoint"], start=1)
        if house["counter"] or row["customers"] != "@takeaway"
    )


def _servers(row: dict[str, Any], *, house: str) -> tuple[tuple[str, bool], ...]:
    if row.get("nobody_at") == house:
        return ()
    return tuple((in_house(party, house=house), direct) for party, direct in row["served_by"])


def draw_themes() -> tuple[Theme, ...]:
    """Describe everything that guests write about."""
    return tuple(
        Theme(row["key"], row["name"], tuple(row["description"]))
        for row in words("themes")["theme"]
    )
