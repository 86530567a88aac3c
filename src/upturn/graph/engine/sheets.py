"""The two sheets the pyramid is drawn on: a wide one and a phone's."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sheet:
    """Sizes of a drawing, in its own units (pixels where it is not scaled).

    Parameters
    ----------
    width : float
        Of the whole drawing.
    font, customer_font : float
        Sizes of the letters; customers may be larger.
    roomy : float
        Width above which a name is broken into two lines.
    gap, margin : float
        Least space between names of a row, and between a name and the side of the pyramid.
    row_gap, fall : float
        Height between the rows of a band, and between two bands.
    spacing : float
        Distance of lines that start or end at the same name.
    """

    width: float
    font: float
    customer_font: float
    roomy: float
    gap: float
    margin: float
    row_gap: float
    fall: float
    spacing: float


WIDE = Sheet(
    width=1160,
    font=15,
    customer_font=20,
    roomy=150,
    gap=30,
    margin=20,
    row_gap=32,
    fall=78,
    spacing=14,
)
PHONE = Sheet(
    width=360,
    font=12.5,
    customer_font=12.5,
    roomy=76,
    gap=14,
    margin=9,
    row_gap=26,
    fall=62,
    spacing=8,
)
