"""The finished point of sale of a café: `PointOfSale(open_shop())` in a cell, or as a page by `make pos`.

The point of sale is the `counter` with what its buttons do, the `order`, and the `day`.
"""

from __future__ import annotations

from .point_of_sale import PointOfSale
from .shop import open_shop

__all__ = ["PointOfSale", "open_shop"]
