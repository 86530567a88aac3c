"""Both sides of a serves-relationship, without a database: what is asked and what is published."""

from upturn.partners.engine.shapes import (
    CATEGORIES,
    OTHER_SIDE,
    Asked,
    Form,
    Group,
    Instrument,
    Item,
    Published,
    Relation,
    Sheet,
    Side,
    Wide,
)

__all__ = [
    "CATEGORIES",
    "OTHER_SIDE",
    "Asked",
    "Form",
    "Group",
    "Instrument",
    "Item",
    "Published",
    "Relation",
    "Sheet",
    "Side",
    "Wide",
]
