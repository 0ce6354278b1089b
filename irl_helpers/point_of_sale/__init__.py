"""The finished point of sale of a café: `PointOfSale(open_shop())` in a cell, or as a page by `make pos`.

The order and the day each have a module for their data and one for their widgets.
"""

from __future__ import annotations

from .point_of_sale import PointOfSale
from .shop import open_shop

__all__ = ["PointOfSale", "open_shop"]
