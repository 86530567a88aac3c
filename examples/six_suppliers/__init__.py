"""Six companies with forty centres that answer for one client; nobody works there.

>>> len([centre for supplier in draw(seed=7).suppliers for centre in supplier.centres])
40
"""

from .draw import Centre, Drawn, Supplier, draw

__all__ = ["Centre", "Drawn", "Supplier", "draw"]
